"""Judges' own noise and scale: how far they spread beyond chance, and their values drawn towards everybody's.

Empirical Bayes: the spread is estimated from all judges together, and a judge's own value counts for as much as that
spread and the number of marks give it. Where judges spread no more than chance explains, the estimate of the spread is
0 and all get everybody's value.
"""

from typing import Protocol

import numpy as np
from scipy.special import chdtrc, polygamma, psi

from .arrays import Floats
from .equations import Design, Solution, Sums
from .marks import Marks

MARKS_TO_TELL = 4  # judges with fewer marks, of which mu, theta and b use up most, tell nothing about the spread
PRIOR = (2.0, 1000.0)  # how many marks everybody's noise may count for in one judge's: never nothing, never all
SCALE_LEVEL = 0.05  # how unlikely, by chance, the spread of scales must be before judges get their own
SCALES = (0.2, 5.0)  # beyond, a judge hardly marks what the others mark, and one more step would lead nowhere
LEAST_SPREAD = 1e-4  # variance of scales, once they are found to differ
EACH_JUDGE = 300  # up to so many judges, the information on each one's scale is computed; beyond, in proportion
PROBES = 4  # random sums of judges: with more than 300 in each they tell the proportion to a few per cent
SEED = 20250102  # any: the same for all marks


class Solved(Protocol):
    """Equations, exact or iterative."""

    marks: Marks
    design: Design
    quality_ratio: float

    @property
    def theta_variance(self) -> Floats: ...
    @property
    def severity_variance(self) -> Floats: ...
    @property
    def theta_b_covariance(self) -> Floats: ...
    def solve(self, sums: Sums) -> Solution: ...


class Spread:
    """What a solution tells about judges.

    level            noise variance of a mark of weight 1
    relative_noise   float[J]: noise variance of a judge over `level`
    scale            float[J]: a
    given            int[J]: marks of a judge

    Sums over a judge's marks, float[J], in squared units of the marks that the equations were given (in `fit`: over
    their range, see `severity.Units`), as `level` is:

    squares    of what mu, theta and b leave of each
    unsure     of the variance of mu + a theta + b: by so much squares are smaller than the noise's, for all three are
               estimated too
    size       of E[theta^2], given the marks
    product    of E[theta (y - mu - b)], given the marks
    """

    def __init__(
        self, equations: Solved, solution: Solution, level: float, relative_noise: Floats, scale: Floats
    ) -> None:
        marks = equations.marks
        self.equations, self.solution = equations, solution
        self.level, self.relative_noise, self.scale = level, relative_noise, scale
        self.given = marks.given
        i, j = marks.entry, marks.judge
        theta, a = solution.theta[i], scale[j]
        over = marks.value - solution.mean - solution.severity[j]
        left = over - a * theta
        with_mean = equations.solve(Sums(np.zeros(marks.n_entries), np.eye(1, marks.n_judges + 1)[0], 0.0))
        covariance = level * equations.theta_b_covariance
        theta_variance = level * equations.theta_variance[i]
        theta_mean = level * with_mean.theta[i]
        of_mean = level * (with_mean.mean + 2 * with_mean.severity[j]) + 2 * a * theta_mean
        unsure = a * a * theta_variance + level * equations.severity_variance[j] + 2 * a * covariance + of_mean
        self.squares = np.bincount(j, left * left, marks.n_judges)
        self.unsure = np.bincount(j, unsure, marks.n_judges)
        self.size = np.maximum(np.bincount(j, theta * theta + theta_variance, marks.n_judges), 1e-300)
        self.product = np.bincount(j, theta * over - covariance - theta_mean, marks.n_judges)

    @property
    def degrees(self) -> Floats:
        """What of a judge's marks is left to tell the noise: marks less what the fit used up, at least a half.

        A trace: right as a divisor of squares, and fewer than the degrees of a chi-square, so that the spread of noise
        is estimated a little too small.
        """
        return np.maximum(self.given - self.unsure / (self.level * self.relative_noise), 0.5)

    def prior_degrees(self) -> float:
        """Prior degrees of freedom, how many marks everybody's noise is worth (Smyth 2004); infinite where noise does
        not spread.

        The logarithms of the judges' variances spread by trigamma(d / 2) by chance; what is beyond is the true spread.
        It is used where it is estimated above 0. That is no test at a customary level: with equal judges it happens in
        about 20 of 100 panels. A test at 5 % was tried and loses more where noises differ than it spares where they do
        not.
        """
        enough = (self.given >= MARKS_TO_TELL) & (self.squares > 0)
        if enough.sum() < 2:
            return np.inf
        degrees = self.degrees[enough]
        logs = np.log(self.squares[enough] / degrees) - psi(degrees / 2) + np.log(degrees / 2)
        spread = np.var(logs, ddof=1) - np.mean(polygamma(1, degrees / 2))
        return 2 * _inverse_trigamma(float(spread)) if spread > 0 else np.inf

    def shrunk_noise(self) -> Floats:
        """Relative noise variance of each judge: a mean of the own and everybody's, weighed by degrees and prior.

        The fixed point is that of an EM step, (squares + uncertainty + prior) / (marks + prior), and is reached sooner.
        """
        prior = float(np.clip(self.prior_degrees(), *PRIOR))
        noise = (self.squares / self.level + prior) / (self.degrees + prior)
        return noise / np.average(noise, weights=self.given + 1e-12)

    def _slopes(self) -> tuple[Floats, Floats]:
        """Each judge's slope of marks on expected quality, and its variance were quality known: an EM step.

        Drawn towards the present scale, so that several steps are needed.
        """
        return self.product / self.size, self.level * self.relative_noise / self.size

    def between_scales(self) -> tuple[float, float]:
        """Mean of the slopes and their variance beyond chance, which may be below 0: moments, as DerSimonian & Laird's.

        Of EM steps, not of independent estimates: drawn towards the present scales, so that the variance is too small,
        the more the less marks tell. Scales are then drawn nearer to everybody's than they need be, never farther.
        """
        slope, variance = self._slopes()
        enough = self.given >= MARKS_TO_TELL
        if enough.sum() < 2:
            return 1.0, 0.0
        weight = 1 / variance[enough]
        middle = float(np.average(slope[enough], weights=weight))
        excess = float((weight * (slope[enough] - middle) ** 2).sum() - (enough.sum() - 1))
        return middle, excess / (weight.sum() - (weight**2).sum() / weight.sum())

    def scales_differ(self) -> bool:
        """Score test (Rao 1948): whether the likelihood would rise, judge by judge, more than chance explains.

        Approximate: of the information, what is each judge's own; variances and noises count as known. At the nominal
        5 % it finds scales to differ in 2 to 6 of 100 panels of 60 entries and 12 judges where they do not, in 11 to 15
        of those of 20 and 5.

        Scales multiply what is sought, so that a wrong one costs more than a wrong noise: where few judges gave few
        marks, their estimated spread is more chance than spread, and a value above 0 is not enough.
        """
        enough = self.given >= MARKS_TO_TELL
        if enough.sum() < 2:
            return False
        score = ((self.product - self.scale * self.size) / (self.level * self.relative_noise))[enough]
        information = self._information()[enough]
        middle = score.sum() / information.sum()
        scatter = ((score - middle * information) ** 2 / information).sum()
        return bool(chdtrc(enough.sum() - 1, scatter) < SCALE_LEVEL)

    def _information(self) -> Floats:
        """float[J]: average information (Gilmour, Thompson & Cullis 1995) on each judge's scale, q' P q / 2.

        q, float[n], is what the marks' covariance changes by with a scale, times P y. For very many judges one
        proportion to the information that known quality would give is estimated from random sums of them.
        """
        equations, solution, judges = self.equations, self.solution, len(self.given)
        marks, design = equations.marks, equations.design
        theta = solution.theta[marks.entry]
        left = design.weight * (marks.value - solution.mean - solution.severity[marks.judge] - design.scale * theta)

        def of(part: Floats) -> float:
            """q' P q / 2 of a sum of judges' scales, each as often as `part`, float[J], says."""
            own = part[marks.judge]
            through = np.bincount(marks.entry, own * left, marks.n_entries)[marks.entry]
            q = own * theta + equations.quality_ratio * design.scale * through
            after = design.weight * (q - design.fitted(equations.solve(design.sums(q))))
            return float(q @ after) / (2 * self.level)

        known = self.size / (self.level * self.relative_noise)
        if judges <= EACH_JUDGE:
            return np.clip([of(part) for part in np.eye(judges)], 1e-6 * known, None)
        random = np.random.default_rng(SEED)
        sums = [of(random.choice([-1.0, 1.0], judges)) for _ in range(PROBES)]
        return known * max(float(np.mean(sums)) / known.sum(), 1e-6)

    def shrunk_scale(self) -> Floats:
        """float[J]: each judge's slope and everybody's, weighed by the inverses of the slope's variance and of the
        variance between judges; the mean over marks made 1, then clipped to SCALES.
        """
        slope, variance = self._slopes()
        middle, between = self.between_scales()
        between = max(between, LEAST_SPREAD)
        scale = (slope / variance + middle / between) / (1 / variance + 1 / between)
        scale = np.where(self.given > 0, scale, middle)
        return np.clip(scale / np.average(scale, weights=self.given + 1e-12), *SCALES)


def _inverse_trigamma(value: float) -> float:
    """x with trigamma(x) = value, by Newton steps (Smyth 2004, appendix)."""
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = polygamma(1, x)
        step = trigamma * (1 - trigamma / value) / polygamma(2, x)
        x += step
        if -step / x < 1e-8:
            break
    return float(x)
