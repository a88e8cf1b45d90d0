"""How good each entry is when judges differ in severity, noise and scale: crossed random effects.

    mark of judge j on entry i = mu + a_j theta_i + b_j + noise,   noise ~ N(0, s_j^2)
    theta_i ~ N(0, quality variance),   b_j ~ N(0, severity variance)

(Ge, Welling & Ghahramani 2013, "A Bayesian model for calibrating conference review scores"; Lawrence 2014.) The
variances are restricted maximum likelihood (Patterson & Thompson 1971), theta and b the best linear unbiased
predictions given them (Henderson 1975): `equations`, or `iterative` for very many judges. Noise and scale of a judge
are drawn towards everybody's as far as judges do not spread beyond chance (empirical Bayes: `spread`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from competitions.judging.equations import Design, Equations, Floats, Solution, Sums, crossings_of
from competitions.judging.iterative import IterativeEquations
from competitions.judging.marks import SAME, Marks
from competitions.judging.spread import Spread
from competitions.judging.threads import one_thread

RATIOS = (-16.0, 9.0)  # limits of the logarithm of a variance over the noise variance
# Conjugate gradients solve more than DENSE_JUDGES judges, or more than FEW_JUDGES with more than DENSE_MARKS marks.
DENSE_JUDGES, FEW_JUDGES, DENSE_MARKS = 1000, 300, 250_000
STEPS = 25
MOVED = 1e-3  # relative: noise, scale and variances that move less have arrived
ARRIVED = 1e-5  # the same, of the logarithms of variances where Newton's steps find them
FARTHEST, HALVINGS = 3.0, 12  # of a step
LOG_LIMIT = 16.0
LEAST_NOISE = 1e-300


@dataclass(frozen=True)
class Variances:
    """In squared units of a mark. `quality` of entries, `severity` of judges, `noise` of a mark."""

    quality: float
    severity: float
    noise: float


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
    alike       the same if every judge had a severity, and all the same noise and scale: what agreement is told by
    quality     float[E]: mu + theta; mu where an entry has no mark
    error       float[E]: standard error of theta less the mean of all entries that have marks, given the variances: how
                surely an entry stands where it stands beside the others. What moves all alike is left out
    severity    float[J]: b, above 0 generous; the mean over judges with marks is 0
    severity_error float[J]: standard error of b less the mean of all judges who have marks, given the variances. What
                would move all judges alike is left out, as with entries
    noise       float[J]: standard deviation of a judge's noise
    scale       float[J]: a; the mean over marks is 1, to a thousandth, unless one was clipped (0.2 to 5)
    equations   solved, for draws
    settled     whether the variances stood still within the steps that they are given
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
    noise: Floats
    scale: Floats
    equations: Equations | IterativeEquations
    settled: bool
    own_spread: bool | None


@dataclass(frozen=True)
class State:
    """The equations solved at some noise and scale of judges and some variances; `settled`: where these stand still."""

    equations: Equations | IterativeEquations
    solution: Solution
    level: float
    settled: bool = True

    @property
    def ratios(self) -> Floats:
        return np.log([self.equations.quality, self.equations.severity])

    @property
    def variances(self) -> Variances:
        return Variances(self.equations.quality * self.level, self.equations.severity * self.level, self.level)


def restricted_likelihood(design: Design, sums: Sums, ratios: Floats) -> tuple[float, "State"]:
    """-2 x log restricted likelihood (constants apart), and the state there.

    ratios   logarithms of the variances of theta and b over the noise variance, whose best value is known in closed
             form: the squares left, over marks less one (for mu)
    """
    state = _solved(Equations(design, *np.exp(ratios)), sums)
    value = (len(design.marks) - 1) * np.log(state.level) - design.log_weights + state.equations.log_determinant
    return float(value), state


def _solved(equations: Equations | IterativeEquations, sums: Sums) -> State:
    solution = equations.solve(sums)
    return State(equations, solution, max(solution.left / (len(equations.marks) - 1), LEAST_NOISE))


def _uncertain(state: State) -> Floats:
    """Variances of all theta and of all b over the noise variance, summed."""
    return np.array([state.equations.theta_variance.sum(), state.equations.severity_variance.sum()])


def _squares(state: State) -> Floats:
    """Squares of the predictions of theta and of b over the noise variance, summed."""
    theta, severity = state.solution.theta, state.solution.severity
    return np.array([theta @ theta, severity @ severity]) / state.level


def _counts(marks: Marks) -> Floats:
    return np.array([marks.n_entries, marks.n_judges], float)


def _newton_step(state: State) -> Floats:
    """The step of the ratios towards the restricted maximum, by average information (Gilmour, Thompson & Cullis 1995).

    Information of the logarithms of the three variances is half of f' P f for the parts f of the marks that theta, b
    and noise make; the noise variance is then put at its best.
    """
    design, solution = state.equations.design, state.solution
    marks = design.marks
    gradient = _counts(marks) - (_squares(state) + _uncertain(state)) / np.exp(state.ratios)
    theta, severity = design.scale * solution.theta[marks.entry], solution.severity[marks.judge]
    parts = [theta, severity, marks.value - solution.mean - theta - severity]
    after = [design.weight * (part - design.fitted(state.equations.solve(design.sums(part)))) for part in parts]
    information = np.array([[float(np.dot(one, other)) for other in after] for one in parts]) / state.level
    sides = information[:2].sum(1)
    information = information[:2, :2] - np.outer(sides, sides) / max(information.sum(), LEAST_NOISE)
    information += np.diag(np.maximum(1e-9 * np.diag(information), 1e-12))
    step = -np.linalg.solve(information, gradient)
    return np.clip(np.where(np.isfinite(step), step, -np.sign(gradient)), -FARTHEST, FARTHEST)


class Estimate:
    """Restricted maximum likelihood of the variances."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.iterative = marks.n_judges > (DENSE_JUDGES if len(marks) <= DENSE_MARKS else FEW_JUDGES)
        self.crossings = None if self.iterative else crossings_of(marks)

    def alike(self) -> State:
        """Where all judges have the same noise and scale."""
        ones = np.ones(self.marks.n_judges)
        design = Design(self.marks, ones, ones, self.crossings)
        sums = design.sums(self.marks.value)
        if self.iterative:
            return self._fixed_point(design, sums)
        return self._maximum(design, sums)

    def at(self, noise: Floats, scale: Floats, ratios: Floats, start: State | None = None) -> State:
        """The equations solved there. `start`: a state that may be near."""
        design = Design(self.marks, 1 / noise, scale, self.crossings)
        return _solved(self._equations(design, ratios, start), design.sums(self.marks.value))

    def _equations(self, design: Design, ratios: Floats, start: State | None) -> Equations | IterativeEquations:
        if not self.iterative:
            return Equations(design, *np.exp(ratios))
        near = start.equations if start and isinstance(start.equations, IterativeEquations) else None
        return IterativeEquations(design, *np.exp(ratios), near)

    def _maximum(self, design: Design, sums: Sums) -> State:
        """Newton steps, halved until the likelihood rises."""
        value, state = restricted_likelihood(design, sums, np.zeros(2))
        for _ in range(STEPS):
            step = _newton_step(state)
            for _ in range(HALVINGS):
                ratios = np.clip(state.ratios + step, *RATIOS)
                new, there = restricted_likelihood(design, sums, ratios)
                if new <= value + 1e-9 * abs(value):
                    break
                step = step / 2
            else:
                return state
            still = np.abs(ratios - state.ratios).max() < ARRIVED
            value, state = new, there
            if still:
                return state
        return replace(state, settled=False)

    def _fixed_point(self, design: Design, sums: Sums) -> State:
        state = _solved(self._equations(design, np.zeros(2), None), sums)
        for _ in range(STEPS):
            before, state = state, _solved(self._equations(design, self.next_ratios(state), state), sums)
            if _arrived(before, state):
                return state
        return replace(state, settled=False)

    def next_ratios(self, state: State) -> Floats:
        """The variances at which predictions' squares are what they should be (MacKay 1992), where EM goes slowly."""
        ratios = np.exp(state.ratios)
        told = np.maximum(_counts(self.marks) - _uncertain(state) / ratios, 1e-9)
        found = np.log(np.maximum(_squares(state) / told, LEAST_NOISE))
        return np.clip(found, *RATIOS)


def _arrived(before: State, after: State) -> bool:
    """Whether variances moved little, relative to all variance of a mark."""
    one, other = (np.array([v.quality, v.severity, v.noise]) for v in (before.variances, after.variances))
    return bool((np.abs(one - other) <= MOVED * np.maximum(other, other.sum() / 100)).all())


def tells_apart(marks: Marks) -> bool:
    """Whether marks can tell quality from noise: two entries, one of them with two marks, and not all marks equal."""
    entries = (marks.reads > 0).sum()
    return bool(len(marks) >= 3 and entries >= 2 and np.ptp(marks.value) > SAME and (marks.reads >= 2).any())


@one_thread()
def fit(
    marks: Marks,
    *,
    own_spread: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Fit:
    """The model on the marks of one connected group with at least two different values.

    own_spread  give judges their own noise, if its estimated spread is above 0, and their own scale, if they spread
                more than chance explains; False: all have the same
    progress    called with how much is done, 0 to 1
    """
    marks = marks.sorted()
    units = Units(float(marks.value.mean()), float(np.ptp(marks.value)))
    estimate = Estimate(marks.with_values((marks.value - units.middle) / units.size))
    tell = progress or (lambda share: None)
    state = estimate.alike()
    tell(0.3)
    alike = units.of(state.variances)
    ones = np.ones(marks.n_judges)
    if not own_spread:
        return _fitted(state, ones, ones, alike, units, own_spread=False)
    found = _with_spread(estimate, state, tell)
    if found is None:
        return _fitted(state, ones, ones, alike, units, own_spread=None)
    return _fitted(*found, alike, units, own_spread=bool((found[1] != 1).any() or (found[2] != 1).any()))


def _with_spread(
    estimate: Estimate, state: State, tell: Callable[[float], None]
) -> tuple[State, Floats, Floats] | None:
    """Noise, scale and variances that reproduce themselves, by Anderson's mixing of steps (Walker & Ni 2011).

    Begins at `state`, where all judges are alike, and leaves noise, scale or both so where judges do not differ. The
    scales are tested after a first step of the noises, which would pass for scales otherwise. None if the values do not
    come to rest, as in the smallest panels, where too few marks tell them.
    """
    judges = estimate.marks.n_judges
    noise, scale = np.ones(judges), np.ones(judges)
    mixing = Mixing()
    spread = Spread(state.equations, state.solution, state.level, noise, scale)
    noise_differs = spread.prior_degrees() < np.inf
    if noise_differs:
        noise = spread.shrunk_noise()
        state = estimate.at(noise, scale, state.ratios, state)
        spread = Spread(state.equations, state.solution, state.level, noise, scale)
    scale_differs = spread.scales_differ()
    if not (noise_differs or scale_differs):
        return state, noise, scale
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
        at = np.clip(mixing.next(before, after), -LOG_LIMIT, LOG_LIMIT)
        noise, scale = np.exp(at[:judges]), np.exp(at[judges : 2 * judges])
        state = estimate.at(noise, scale, np.clip(at[2 * judges :], *RATIOS), state)
        if np.abs(after - before).max() < MOVED:
            return state, noise, scale
    return None


class Mixing:
    """The next point of an iteration x -> g(x), from its last points, as if what they miss by were linear."""

    LAST = 4

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
    """Degrees of freedom of the noise: marks less what entries and judges used up, at least 3."""
    return float(max(3, len(marks) - (marks.reads > 0).sum() - (marks.given > 0).sum() + 1))


def _fitted(
    state: State, noise: Floats, scale: Floats, alike: Variances, units: Units, *, own_spread: bool | None
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
        error=error * _beside(state.equations.theta_variance, with_field, of_field),
        severity=size * solution.severity,
        severity_error=error * _beside(state.equations.severity_variance, with_jury, of_jury),
        noise=error * np.sqrt(noise),
        scale=scale,
        equations=state.equations,
        settled=state.settled,
        own_spread=own_spread,
    )


def _beside(variance: Floats, with_mean: Floats, of_mean: Floats) -> Floats:
    """Standard error of each less the mean of weights `of_mean`, from its variance and its covariance with that."""
    return np.sqrt(np.maximum(variance - 2 * with_mean + with_mean @ of_mean, 0))
