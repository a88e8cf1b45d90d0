"""How far qualities, severities and noise spread: restricted maximum likelihood (Patterson & Thompson 1971).

The search is for the logarithms of two ratios, the variances of theta and b over the noise variance; the noise variance
that is likeliest given them is known in closed form. Newton's steps, by average information. What is minimised is -2 x
the logarithm of the restricted likelihood: "deviance" here, constants apart.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from .arrays import Floats
from .equations import Design, Equations, Solution, Sums, crossings_of
from .iterative import IterativeEquations
from .marks import Marks

# Limits of the logarithms of the ratios. Below the first a variance is 0 to all digits that are shown; beyond the
# second, 8,100 times the noise, what rounding and conjugate gradients leave unsolved would count as noise.
RATIOS = (-16.0, 9.0)
# Conjugate gradients solve more than DENSE_JUDGES judges, or more than FEW_JUDGES with more than DENSE_MARKS marks:
# there they need fewer seconds than a Cholesky factor of the judges.
DENSE_JUDGES, FEW_JUDGES, DENSE_MARKS = 1000, 300, 250_000

# The deviance of up to so many marks can have several minima (in 2 of 100 panels of two dozen); it is looked for from
# the best point of a grid. That costs 36 solutions, which would take seconds where there are many marks.
SEVERAL_MINIMA = 1000
GRID = (-16.0, -3.0, -1.5, 0.0, 1.5, 4.0)

STEPS = 50  # 5 to 15 are usual
FARTHEST = 3.0  # of one step, in a logarithm: a factor of 20
HALVINGS = 12  # of a step, to a four-thousandth
NEARBY = 1.0  # steps no longer than this tell the curvature where they end
LEAST_CURVATURE = 0.01  # of what average information says
# Where the next step would lower the deviance by less, the search has arrived. A likelihood ratio test asks for 3.84.
ARRIVED = 1e-9
ARRIVED_BY_DRAWS = 1e-3  # where the gradient is estimated from draws, which miss the minimum by up to 0.01
ROUNDING = 1e-12  # of the deviance, for each mark
HIDDEN = 1e-5  # what a step may promise and rounding hide
LEAST_NOISE = 1e-300  # a divisor where no noise is left


@dataclass(frozen=True)
class Variances:
    """`quality` of entries, `severity` of judges, `noise` averaged over marks: a judge's own is that times the relative
    noise. In squared units of the marks that they belong to: in a `Fit` or a `Ranking` of those that were given, in a
    `State` of those over their range (`severity.Units`).
    """

    quality: float
    severity: float
    noise: float


@dataclass(frozen=True)
class State:
    """The equations solved at some noise and scale of judges and at some ratios.

    level     noise variance of a mark of weight 1, in squared units of the marks that the equations were given (in
              `fit`: over their range, see `severity.Units`)
    settled   False: the search for the ratios ended before it arrived
    """

    equations: Equations | IterativeEquations
    solution: Solution
    level: float
    settled: bool = True

    @property
    def ratios(self) -> Floats:
        """float[2]: logarithms of the variances of theta and b over the noise variance."""
        return np.log([self.equations.quality_ratio, self.equations.severity_ratio])

    @property
    def variances(self) -> Variances:
        quality_ratio, severity_ratio = self.equations.quality_ratio, self.equations.severity_ratio
        return Variances(quality_ratio * self.level, severity_ratio * self.level, self.level)


def deviance(design: Design, sums: Sums, ratios: Floats) -> tuple[float, State]:
    """-2 x log restricted likelihood at the ratios, constants apart, and the state there."""
    quality, severity = np.exp(ratios).tolist()
    equations = Equations(design, quality, severity)
    state = _solved(equations, sums)
    value = (len(design.marks) - 1) * np.log(state.level) - design.log_weights + equations.log_determinant
    return float(value), state


def _solved(equations: Equations | IterativeEquations, sums: Sums) -> State:
    """The likeliest noise variance: residual squares over marks less one (for mu)."""
    solution = equations.solve(sums)
    return State(equations, solution, max(solution.residual_squares / (len(equations.marks) - 1), LEAST_NOISE))


@dataclass(frozen=True)
class Slope:
    """Of the deviance at `ratios`: its `gradient` float[2], and about its `curvature` float[2, 2]."""

    ratios: Floats
    gradient: Floats
    curvature: Floats

    @classmethod
    def at(cls, state: State) -> "Slope":
        """Average information in place of the curvature (Gilmour, Thompson & Cullis 1995).

        Of the logarithms of three variances it is f' P f for the parts f of the marks that theta, b and noise make; the
        noise variance is then put at its best.
        """
        equations, solution = state.equations, state.solution
        design, marks = equations.design, equations.marks
        uncertain = np.array([equations.theta_variance.sum(), equations.severity_variance.sum()])
        squares = np.array([solution.theta @ solution.theta, solution.severity @ solution.severity]) / state.level
        gradient = np.array([marks.n_entries, marks.n_judges]) - (squares + uncertain) / np.exp(state.ratios)
        theta, severity = design.scale * solution.theta[marks.entry], solution.severity[marks.judge]
        left = marks.value - solution.mean - theta - severity
        after = equations.unexplained([theta, severity])
        after.append(design.weight * left - after[0] - after[1])  # together they are P y
        information = np.array([[float(np.dot(f, g)) for g in after] for f in (theta, severity, left)]) / state.level
        beside_noise = information[:2].sum(1)
        curvature = information[:2, :2] - np.outer(beside_noise, beside_noise) / max(information.sum(), LEAST_NOISE)
        curvature += np.diag(np.maximum(1e-9 * np.diag(curvature), 1e-12))
        return cls(state.ratios, gradient, curvature)

    def corrected(self, before: "Slope") -> "Slope":
        """With the curvature that the step from `before` met (Broyden, Fletcher, Goldfarb & Shanno 1970).

        In small panels average information is far from it, and steps would be much too long or too short. Along the
        step it is kept above 0 (Powell 1978).
        """
        step, bent = self.ratios - before.ratios, self.gradient - before.gradient
        by_curvature = self.curvature @ step
        expected, met = float(step @ by_curvature), float(step @ bent)
        if expected <= 0 or np.abs(step).max() > NEARBY:
            return self
        if met < LEAST_CURVATURE * expected:
            share = (1 - LEAST_CURVATURE) * expected / (expected - met)
            bent = share * bent + (1 - share) * by_curvature
        curvature = self.curvature - np.outer(by_curvature, by_curvature) / expected
        curvature += np.outer(bent, bent) / float(step @ bent)
        return replace(self, curvature=curvature)

    def step(self) -> Floats:
        """float[2]: Newton's step, which goes downhill; a ratio that presses against its limit stays.

        Near a variance of 0 the step is far too long in one ratio; cut short there, it may lead uphill, for the other
        ratio's part was meant together with the whole of it. Then each ratio goes its own way, downhill too.
        """
        low, high = RATIOS
        pressed = ((self.ratios <= low + 1e-9) & (self.gradient > 0)) | (
            (self.ratios >= high - 1e-9) & (self.gradient < 0)
        )
        free = np.flatnonzero(~pressed)
        step = np.zeros(2)
        step[free] = -np.linalg.solve(self.curvature[np.ix_(free, free)], self.gradient[free])
        reached = self.ratios + step
        if (np.abs(step) <= FARTHEST).all() and ((reached >= low) & (reached <= high)).all():
            return step
        alone = np.clip(-self.gradient / np.diag(self.curvature), -FARTHEST, FARTHEST)
        return np.where(pressed, 0.0, np.clip(self.ratios + alone, low, high) - self.ratios)

    def gain(self, step: Floats) -> float:
        """By how much a step would lower the deviance if the gradient stayed what it is."""
        return float(-self.gradient @ step)


class Estimate:
    """The variances of some marks, at any noise and scale of judges."""

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
            return self._by_draws(design, sums)
        return self._lowest(design, sums, self._start(design, sums))

    def at(self, relative_noise: Floats, scale: Floats, ratios: Floats, near: State) -> State:
        """At relative noise variances and scales of judges, both float[J].

        Likeliest, from `near` on; where that is iterated, at `ratios`, and `near` is a beginning of its solutions.
        """
        design = Design(self.marks, 1 / relative_noise, scale, self.crossings)
        sums = design.sums(self.marks.value)
        if self.iterative:
            return _solved(self._equations(design, np.clip(ratios, *RATIOS), near), sums)
        return self._lowest(design, sums, near.ratios)

    def next_ratios(self, state: State) -> Floats:
        """float[2]: where a step would lead; a state that has arrived stays."""
        if not self.iterative:
            return state.ratios
        slope = Slope.at(state)
        step = slope.step()
        return state.ratios + step if slope.gain(step) >= ARRIVED_BY_DRAWS else state.ratios

    def likelier(self, relative_noise: Floats, scale: Floats, state: State) -> State | None:
        """Where few marks have a likelier minimum elsewhere than the one that `state` was led to: that one."""
        if self.iterative or len(self.marks) > SEVERAL_MINIMA:
            return None
        design = Design(self.marks, 1 / relative_noise, scale, self.crossings)
        sums = design.sums(self.marks.value)
        other = self._lowest(design, sums, self._start(design, sums))
        here, there = (deviance(design, sums, at.ratios)[0] for at in (state, other))
        return other if there < here - HIDDEN else None

    def _equations(self, design: Design, ratios: Floats, near: State | None) -> Equations | IterativeEquations:
        quality, severity = np.exp(ratios).tolist()
        if not self.iterative:
            return Equations(design, quality, severity)
        start = near.equations if near and isinstance(near.equations, IterativeEquations) else None
        return IterativeEquations(design, quality, severity, start)

    def _start(self, design: Design, sums: Sums) -> Floats:
        if len(self.marks) > SEVERAL_MINIMA:
            return np.zeros(2)
        points = np.array(list(itertools.product(GRID, GRID)))
        return points[np.argmin([deviance(design, sums, point)[0] for point in points])]

    def _lowest(self, design: Design, sums: Sums, ratios: Floats) -> State:
        """Steps from these ratios, halved until the deviance falls, to where none promises more."""
        value, state = deviance(design, sums, ratios)
        slope = Slope.at(state)
        for _ in range(STEPS):
            step = slope.step()
            gain = slope.gain(step)
            if gain < ARRIVED:
                return state
            for _ in range(HALVINGS):
                new, there = deviance(design, sums, state.ratios + step)
                if new <= value + ROUNDING * len(self.marks):
                    break
                step = step / 2
            else:
                return replace(state, settled=gain < HIDDEN)
            value, state = new, there
            slope = Slope.at(state).corrected(slope)
        return replace(state, settled=False)

    def _by_draws(self, design: Design, sums: Sums) -> State:
        """The same where the deviance is not known: a step that goes far beyond the lowest point is shortened.

        It does where the deviance rises at its end more steeply than it falls at its beginning; the end is then put
        where the gradient, linear between these two, would be 0 (regula falsi; its use here is ours).
        """
        state = _solved(self._equations(design, np.zeros(2), None), sums)
        slope = Slope.at(state)
        step = slope.step()
        for _ in range(STEPS):
            gain = slope.gain(step)
            if gain < ARRIVED_BY_DRAWS:
                return state
            there = _solved(self._equations(design, state.ratios + step, state), sums)
            after = Slope.at(there)
            loss = -after.gain(step)
            if loss > gain:
                step = step * max(gain / (gain + loss), 0.1)
            else:
                state, slope, step = there, after, after.step()
        return replace(state, settled=False)
