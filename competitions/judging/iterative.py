"""The same equations for more judges than a dense matrix of them serves: conjugate gradients, and draws for variances.

A draw of the errors is the solution for noise in place of marks, with the priors' noise added (García-Cortés, Moreno,
Varona & Altarriba 1992; Papandreou & Yuille 2010): exact, whatever their covariance. Variances are those of the draws,
of the part that is not known in closed form only; with fifty marks to a judge standard errors so found are right to
0.5 % (root mean square; the worst 3 %), with nine to 2.4 % (13 %), with three to 6.2 % (28 %). The draws are seeded:
the same marks give the same bytes.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from .arrays import Floats, Integers
from .equations import CELLS, Design, Solution, Sums

PROBES = 8  # draws that tell the variances: every judge and every entry adds to what they tell
TOLERANCE = 1e-9  # of what is unsolved, over the right side: scores are right to the digits that are shown
DRAWS_TOLERANCE = 1e-4  # a hundredth of what a thousand draws err by
ROUNDS = 500  # of conjugate gradients; 10 to 40 are usual, a chain of thousands of judges takes hundreds
UNSOLVED = 1000  # tolerances: what is farther from solved after all rounds is no solution
TINY = 1e-300  # a divisor where all is solved
SEED = 20250101  # any: the same for all marks


class IterativeEquations:
    """What `Equations` offers, but for the determinant and the inverse. Work: marks x rounds of conjugate gradients.

    Takes in `start` equations of the same marks at other variances, whose solutions are a good beginning. "Absorbed" is
    the Schur complement of `equations`, with the rows of mu and the judges.

    quality_ratio, severity_ratio   variances of theta and b over the noise variance
    theta_precision     float[E]: what multiplies theta in the row of its entry
    judge_precision     float[J]: what multiplies b in the row of its judge
    rows                int[n]: places of the marks, judge by judge
    judge_by_theta      csr[J, E]: w a of each mark
    absorbed_diagonal   float[J]: of the judges' matrix
    absorbed_by_mu      float[J]: the judges' part of the column of mu
    absorbed_mu         what multiplies mu in its own row
    probe_noise         float32[n, probes]: the draws that tell variances
    """

    def __init__(
        self, design: Design, quality_ratio: float, severity_ratio: float, start: "IterativeEquations | None" = None
    ) -> None:
        self.design, self.marks = design, design.marks
        self.quality_ratio, self.severity_ratio = quality_ratio, severity_ratio
        self.theta_precision = design.theta_information + 1 / quality_ratio
        self.judge_precision = design.judge_information + 1 / severity_ratio
        self.rows: Integers = np.argsort(self.marks.judge, kind="stable") if start is None else start.rows
        product, entry = design.theta_by_judge.data, self.marks.entry
        self.judge_by_theta = self._by_judge(product, entry, self.marks.n_entries)
        squared = self._by_judge(product**2, entry, self.marks.n_entries)
        self.absorbed_diagonal = self.judge_precision - squared @ (1 / self.theta_precision)
        through = self.judge_by_theta @ (design.theta_by_mu / self.theta_precision)
        self.absorbed_by_mu = design.judge_information - through
        self.absorbed_mu = design.weight.sum() - (design.theta_by_mu**2 / self.theta_precision).sum()
        self.probe_noise: NDArray[np.float32] = (
            self._noise(np.random.default_rng(SEED + 1), PROBES) if start is None else start.probe_noise
        )
        self._before = start
        near = None if start is None else start._mu_column_solved
        self._mu_column_solved: Floats = self._judges(self.absorbed_by_mu[:, None], TOLERANCE, near)

    def _by_judge(self, data: Floats, column: Integers, columns: int) -> sparse.csr_matrix:
        """A row for each judge, of what is there for each mark."""
        first = np.concatenate([[0], np.cumsum(self.marks.given)])
        shape = (self.marks.n_judges, columns)
        return sparse.csr_matrix((data[self.rows], column[self.rows], first), shape=shape)

    def _noise(self, random: np.random.Generator, count: int) -> NDArray[np.float32]:
        return random.standard_normal((len(self.marks), count), dtype=np.float32)

    def _times(self, severity: Floats) -> Floats:
        """The judges' matrix, entries absorbed, times columns."""
        up = self.design.theta_by_judge @ severity
        up /= self.theta_precision[:, None]
        return self.judge_precision[:, None] * severity - self.judge_by_theta @ up

    def _judges(self, right: Floats, tolerance: float, start: Floats | None = None) -> Floats:
        """Conjugate gradients on the judges' matrix, all columns at once, the diagonal as preconditioner.

        Raises ArithmeticError if they do not come near a solution.
        """
        preconditioner = 1 / self.absorbed_diagonal[:, None]
        solution = preconditioner * right if start is None else start.copy()
        left = right - self._times(solution)
        size = np.maximum(np.sqrt((right * right).sum(0)), TINY)
        step = preconditioner * left
        towards = step.copy()
        before = (left * step).sum(0)
        for _ in range(ROUNDS):
            if (np.sqrt((left * left).sum(0)) <= tolerance * size).all():
                break
            product = self._times(towards)
            length = before / np.maximum((towards * product).sum(0), TINY)
            solution += length * towards
            left -= length * product
            step = preconditioner * left
            after = (left * step).sum(0)
            towards = step + after / np.maximum(before, TINY) * towards
            before = after
        if (np.sqrt((left * left).sum(0)) > UNSOLVED * tolerance * size).any():
            raise ArithmeticError(
                f"the judges' equations are not solved after {ROUNDS} rounds; expected marks that connect judges better"
            )
        return solution

    def _solve(
        self, theta: Floats, mu: Floats, judges: Floats, tolerance: float, start: Floats | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """mu[m], b[J, m] and theta[E, m] of right sides in columns."""
        absorbed = theta / self.theta_precision[:, None]
        mu = mu - self.design.theta_by_mu @ absorbed
        severity = self._judges(judges - self.judge_by_theta @ absorbed, tolerance, start)
        mean = self._mean(mu, severity)
        severity = severity - self._mu_column_solved * mean
        taken = self.design.theta_by_judge @ severity + np.multiply.outer(self.design.theta_by_mu, mean)
        return mean, severity, absorbed - taken / self.theta_precision[:, None]

    def _mean(self, mu: Floats, severity: Floats) -> Floats:
        """mu[m], from what is left of its row and b as it would be if mu were 0, float[J, m]."""
        return (mu - self.absorbed_by_mu @ severity) / (
            self.absorbed_mu - float(self.absorbed_by_mu @ self._mu_column_solved[:, 0])
        )

    def solve(self, sums: Sums) -> Solution:
        mean, severity, theta = self._solve(
            sums.rhs_theta[:, None], sums.rhs_mu_b[:1], sums.rhs_mu_b[1:, None], TOLERANCE
        )  # fmt: skip
        unknown = np.concatenate([mean, severity[:, 0]])
        residual_squares = float(sums.square - sums.rhs_theta @ theta[:, 0] - sums.rhs_mu_b @ unknown)
        return Solution(float(mean[0]), theta[:, 0], severity[:, 0], residual_squares)

    def unexplained(self, values: list[Floats]) -> list[Floats]:
        """As `Equations` has it, to the tolerance of draws: enough to tell a curvature."""
        design, sums = self.design, [self.design.sums(value) for value in values]
        theta, rhs_mu_b = np.column_stack([s.rhs_theta for s in sums]), np.column_stack([s.rhs_mu_b for s in sums])
        mean, severity, theta = self._solve(theta, rhs_mu_b[0], rhs_mu_b[1:], DRAWS_TOLERANCE)
        solutions = [Solution(float(mean[k]), theta[:, k], severity[:, k], 0.0) for k in range(len(values))]
        return [design.weight * (v - design.fitted(s)) for v, s in zip(values, solutions, strict=True)]

    def _errors(
        self, random: np.random.Generator, noise: NDArray[np.float32], start: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Draws of the errors of mu and b, float[m] and float[J, m], from noise of the marks, float[n, m]."""
        marks, design = self.marks, self.design
        root, each = np.sqrt(design.weight), np.arange(len(marks))
        first, shape = design.theta_by_judge.indptr, (marks.n_entries, len(marks))
        theta = sparse.csr_matrix((root * design.scale, each, first), shape) @ noise
        judges = self._by_judge(root, each, len(marks)) @ noise
        mu = judges.sum(0)
        theta += random.standard_normal(theta.shape) / np.sqrt(self.quality_ratio)
        judges += random.standard_normal(judges.shape) / np.sqrt(self.severity_ratio)
        absorbed = theta / self.theta_precision[:, None]
        mu -= design.theta_by_mu @ absorbed
        judges -= self.judge_by_theta @ absorbed
        severity = self._judges(judges, DRAWS_TOLERANCE, start)
        return self._mean(mu, severity), severity

    @cached_property
    def _probes(self) -> tuple[Floats, Floats, Floats]:
        """Draws of mu and b that tell variances, and b as conjugate gradients left it."""
        before = self._before._probes[2] if self._before is not None else None
        self._before = None
        mean, found = self._errors(np.random.default_rng(SEED), self.probe_noise, before)
        return mean, found - self._mu_column_solved * mean, found

    @cached_property
    def _taken(self) -> Floats:
        """float[E, probes]: what the draws of mu and b take from theta."""
        mean, severity, _ = self._probes
        taken = self.design.theta_by_judge @ severity + np.multiply.outer(self.design.theta_by_mu, mean)
        taken /= self.theta_precision[:, None]
        return taken

    @cached_property
    def theta_variance(self) -> Floats:
        return 1 / self.theta_precision + (self._taken**2).mean(1)

    @cached_property
    def severity_variance(self) -> Floats:
        """A Rao-Blackwellised Monte Carlo estimate with the mean of b as control variate (as Robert & Casella 2004,
        "Monte Carlo Statistical Methods", chapter 4, have the two; their use here is ours).

        By the law of total variance var b_j = 1 / diagonal + var o_j, o_j the conditional mean of b_j given the others.
        The mean of all b is estimated badly by few draws: its covariance with each b_j is one solution of the
        equations, exact, and only the part of o_j that is uncorrelated with it is left to the draws.
        """
        mean, severity, _ = self._probes
        judges = len(self.absorbed_diagonal)
        ones = np.full((judges, 1), 1 / judges)
        with_all = self._solve(np.zeros((len(self.theta_precision), 1)), np.zeros(1), ones, TOLERANCE)[1][:, 0]
        alone = 1 / self.absorbed_diagonal
        others = severity - alone[:, None] * (self._times(severity) + np.multiply.outer(self.absorbed_by_mu, mean))
        together, covariance = with_all.mean(), with_all - alone / judges
        apart = others - np.multiply.outer(covariance / together, severity.mean(0))
        return alone + covariance**2 / together + (apart**2).mean(1)

    @cached_property
    def theta_b_covariance(self) -> Floats:
        severity, taken = self._probes[1], self._taken
        theta_b_covariance = np.empty(len(self.marks))
        for start in range(0, len(theta_b_covariance), CELLS // PROBES):
            at = slice(start, start + CELLS // PROBES)
            product = taken[self.marks.entry[at]] * severity[self.marks.judge[at]]
            theta_b_covariance[at] = -product.mean(1)
        return theta_b_covariance

    def draws(self, random: np.random.Generator, count: int) -> Iterator[tuple[slice, Floats]]:
        """As `Equations` has them: joint, over the root of `level`, some entries at a time."""
        means, severities = [], []
        for start in range(0, count, PROBES):
            mean, severity = self._errors(random, self._noise(random, min(PROBES, count - start)))
            means.append(mean)
            severities.append(severity - self._mu_column_solved * mean)
        mean, severity = np.concatenate(means), np.concatenate(severities, axis=1)
        step = max(1, CELLS // count)
        for start in range(0, len(self.theta_precision), step):
            at = slice(start, start + step)
            part = np.multiply.outer(self.design.theta_by_mu[at], mean) + self.design.theta_by_judge[at] @ severity
            precision = self.theta_precision[at, None]
            yield at, random.standard_normal(part.shape) / np.sqrt(precision) - part / precision
