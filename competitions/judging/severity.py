"""How good each entry is when judges differ in severity, noise and scale: crossed random effects.

    mark of judge j on entry i = mu + a_j theta_i + b_j + noise,   noise ~ N(0, s_j^2)
    theta_i ~ N(0, quality variance),   b_j ~ N(0, severity variance)

(Ge, Welling & Ghahramani 2013, "A Bayesian model for calibrating conference review scores"; Lawrence 2014.) The
variances are restricted maximum likelihood estimates (`variances`), theta and b the best linear unbiased predictions
given them (Henderson 1975): `equations`, or `iterative` for very many judges. Noise and scale of a judge are shrunk
towards everybody's as far as judges do not spread beyond chance (empirical Bayes: `spread`); scales only after a test.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .arrays import Floats
from .equations import Equations, Sums
from .iterative import IterativeEquations
from .marks import SAME, Marks
from .spread import Spread
from .threads import one_thread
from .variances import Estimate, State, Variances

STEPS = 25  # towards noise and scale that reproduce themselves; 5 to 10 are usual
LEAST_DEGREES = 3  # of Student's t: one with fewer has no variance, and draws from it no width to speak of
MOVED = 1e-3  # relative: noise, scale and variances that move less have arrived
LOG_LIMIT = 16.0  # of the logarithm of a relative noise or a scale, should a mixed step lead astray


@dataclass(frozen=True)
class Units:
    """Marks are fitted less their mean, over their range: squares of large numbers would swallow small differences."""

    middle: float
    size: float

    def of(self, variances: Variances) -> Variances:
        """In squared units of a mark."""
        return Variances(*(part * self.size**2 for part in (variances.quality, variances.severity, variances.noise)))


@dataclass(frozen=True)
class Fit:
    """What the model says, given the variances.

    mean        mu
    variances   restricted maximum likelihood estimates
    alike       REML variances of the model without judges' own noise and scale; used for reliability, so that it does
                not depend on shrinkage
    quality     float[E]: mu + theta; mu where an entry has no mark
    error       float[E]: standard error of theta_e - mean(theta) over all entries with marks, anchors included; the
                prediction error given the variances. What moves all entries alike is not in it
    severity    float[J]: b, above 0 generous; the mean over judges with marks is 0
    severity_error float[J]: standard error of b_j - mean(b) over all judges with marks; the prediction error given the
                variances. What moves all judges alike is not in it
    noise_sd    float[J]: standard deviation of a judge's noise
    scale       float[J]: a; the mean over marks is 1, to a thousandth, unless one was clipped (0.2 to 5)
    equations   solved, for draws; marks over their range, variances over `level`: `variances.noise` in these units, the
                noise variance averaged over marks; a judge's is that times the relative noise
    settled     whether the searches for the variances, these and those of `alike`, arrived
    own_spread  whether judges have their own noise and scale; None: they should, but these did not come to rest, so
                that all have the same
    """

    mean: float
    variances: Variances
    alike: Variances
    quality: Floats
    error: Floats
    severity: Floats
    severity_error: Floats
    noise_sd: Floats
    scale: Floats
    equations: Equations | IterativeEquations
    settled: bool
    own_spread: bool | None


def tells_apart(marks: Marks) -> bool:
    """Whether marks can tell quality from noise: two entries, one of them with two marks, and not all marks equal."""
    entries = (marks.reads > 0).sum()
    return bool(len(marks) >= 3 and entries >= 2 and np.ptp(marks.value) > SAME and (marks.reads >= 2).any())


@one_thread()
def fit(
    marks: Marks,
    *,
    same_spread: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Fit:
    """The model on the marks of one connected group with at least two different values.

    same_spread   True: all judges have the same noise and scale. False: their own noise, if the estimate of its spread
                  is above 0 (no test: see `Spread.prior_degrees`), and their own scale, if a test at 5 % says that
                  they differ
    progress      called with how much is done, 0 to 1
    """
    marks = marks.sorted()
    units = Units(float(marks.value.mean()), float(np.ptp(marks.value)))
    estimate = Estimate(marks.with_values((marks.value - units.middle) / units.size))
    tell = progress or (lambda share: None)
    state = estimate.alike()
    tell(0.3)
    alike = units.of(state.variances)
    ones = np.ones(marks.n_judges)
    if same_spread:
        return _packed(state, ones, ones, alike, units, own_spread=False)
    found = _with_spread(estimate, state, tell)
    if found is None:
        return _packed(state, ones, ones, alike, units, own_spread=None)
    own_spread = bool((found[1] != 1).any() or (found[2] != 1).any())
    fitted = _packed(*found, alike, units, own_spread=own_spread)
    return replace(fitted, settled=fitted.settled and state.settled)


def _with_spread(
    estimate: Estimate, state: State, tell: Callable[[float], None]
) -> tuple[State, Floats, Floats] | None:
    """The state, relative noise and scale of judges, both float[J], that reproduce themselves; by Anderson's mixing of
    steps (Walker & Ni 2011).

    Begins at `state`, where all judges are alike, and leaves noise, scale or both so where judges do not differ. The
    scales are tested after a first step of the noises, which would pass for scales otherwise. The variances are the
    likeliest at every noise and scale on the way; iterated ones take part in the mixing, by one step of Newton's each
    time. None if the values do not come to rest, as in the smallest panels, where too few marks tell them.
    """
    judges = estimate.marks.n_judges
    noise: Floats = np.ones(judges)
    scale: Floats = np.ones(judges)
    spread = Spread(state.equations, state.solution, state.level, noise, scale)
    noise_differs = spread.prior_degrees() < np.inf
    if noise_differs:
        noise = spread.shrunk_noise()
        state = estimate.at(noise, scale, state.ratios, state)
        spread = Spread(state.equations, state.solution, state.level, noise, scale)
    scale_differs = spread.scales_differ()
    if not (noise_differs or scale_differs):
        return state, noise, scale
    mixing = Mixing()
    for step in range(STEPS):
        tell(0.3 + 0.7 * step / STEPS)
        if step:
            spread = Spread(state.equations, state.solution, state.level, noise, scale)
        before = np.concatenate([np.log(noise), np.log(scale), state.ratios])
        after = np.concatenate(
            [
                np.log(spread.shrunk_noise() if noise_differs else noise),
                np.log(spread.shrunk_scale() if scale_differs else scale),
                estimate.next_ratios(state),
            ]
        )
        mixed = np.clip(mixing.next(before, after), -LOG_LIMIT, LOG_LIMIT)
        noise, scale, ratios = np.exp(mixed[:judges]), np.exp(mixed[judges:-2]), mixed[-2:]
        state = estimate.at(noise, scale, ratios, state)
        if np.abs(after - before).max() < MOVED:
            likelier = estimate.likelier(noise, scale, state)
            if likelier is None:
                return state, noise, scale
            state = likelier
    return None


class Mixing:
    """The next point of an iteration x -> g(x), from its last points, as if what they miss by were linear."""

    LAST = 4  # differences of points: as many as there usually are slow directions, and few enough to stay apart

    def __init__(self) -> None:
        self.points: list[Floats] = []
        self.missed: list[Floats] = []

    def next(self, point: Floats, reached: Floats) -> Floats:
        self.points = [*self.points[-self.LAST :], point]
        self.missed = [*self.missed[-self.LAST :], reached - point]
        if len(self.points) < 2:
            return reached
        missed = np.diff(self.missed, axis=0).T
        points = np.diff(self.points, axis=0).T
        share = np.linalg.lstsq(missed, self.missed[-1], rcond=1e-10)[0]
        step = self.missed[-1] - (points + missed) @ share
        return point + np.clip(step, -1, 1)


def degrees_of(marks: Marks) -> float:
    """Degrees of freedom of the noise, as in the fixed-effects two-way layout: n - E - J + 1, entries and judges with
    marks counted; at least 3.
    """
    return float(max(LEAST_DEGREES, len(marks) - (marks.reads > 0).sum() - (marks.given > 0).sum() + 1))


def _packed(
    state: State, relative_noise: Floats, scale: Floats, alike: Variances, units: Units, *, own_spread: bool | None
) -> Fit:
    solution, size, error = state.solution, units.size, np.sqrt(state.level) * units.size
    marks = state.equations.marks
    of_field = (marks.reads > 0) / (marks.reads > 0).sum()
    with_field = state.equations.solve(Sums(of_field, np.zeros(marks.n_judges + 1), 0.0)).theta
    of_jury = (marks.given > 0) / (marks.given > 0).sum()
    with_jury = state.equations.solve(Sums(np.zeros(marks.n_entries), np.append(0.0, of_jury), 0.0)).severity
    return Fit(
        mean=units.middle + size * solution.mean,
        variances=units.of(state.variances),
        alike=alike,
        quality=units.middle + size * (solution.mean + solution.theta),
        error=error * _error_of_difference(state.equations.theta_variance, with_field, of_field),
        severity=size * solution.severity,
        severity_error=error * _error_of_difference(state.equations.severity_variance, with_jury, of_jury),
        noise_sd=error * np.sqrt(relative_noise),
        scale=scale,
        equations=state.equations,
        settled=state.settled,
        own_spread=own_spread,
    )


def _error_of_difference(variance: Floats, with_mean: Floats, of_mean: Floats) -> Floats:
    """Standard error of each less the mean of weights `of_mean`, from its variance and its covariance with that."""
    return np.sqrt(np.maximum(variance - 2 * with_mean + with_mean @ of_mean, 0))
