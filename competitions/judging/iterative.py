"""The same equations for more judges than a dense matrix of them serves: conjugate gradients, and draws for variances.

A draw of the errors is the solution for noise in place of marks, with the priors' noise added (García-Cortés, Moreno,
Varona & Altarriba 1992; Papandreou & Yuille 2010): exact, whatever their covariance. Variances are those of the draws,
of the part that is not known in closed form only; standard errors so found are right to one per cent, the worst of
hundreds to six. The draws are seeded: the same marks give the same bytes.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from competitions.judging.equations import CELLS, Design, Floats, Solution, Sums

PROBES = 8  # draws that tell the variances: every judge and every entry adds to what they tell
TOLERANCE = 1e-9
DRAWS_TOLERANCE = 1e-4  # a hundredth of what a thousand draws err by
ROUNDS = 500
UNSOLVED = 1000  # tolerances: what is farther from solved after all rounds is no solution
SEED = 20250101


class IterativeEquations:
    """What `Equations` offers, but for the determinant and the inverse. Work: marks x rounds of conjugate gradients.

    `start`: equations of the same marks at other variances, whose solutions are a good beginning.
    """

    def __init__(
        self, design: Design, quality: float, severity: float, start: "IterativeEquations | None" = None
    ) -> None:
        self.design, self.marks = design, design.marks
        self.quality, self.severity = quality, severity
        self.own = design.own + 1 / quality
        self.places = np.argsort(self.marks.judge, kind="stable") if start is None else start.places
        self.down = self._by_judge(design.across.data, self.marks.entry, self.marks.n_entries)
        self.diagonal = design.judges + 1 / severity
        squared = self._by_judge(design.across.data**2, self.marks.entry, self.marks.n_entries)
        self.reduced = self.diagonal - squared @ (1 / self.own)  # diagonal of the judges' matrix
        self.beside_mu = design.judges - self.down @ (design.across_all / self.own)
        self.of_mu = design.weight.sum() - (design.across_all**2 / self.own).sum()
        self.noise = self._noise(np.random.default_rng(SEED + 1), PROBES) if start is None else start.noise
        self._before = start
        self._through_mu = self._judges(self.beside_mu[:, None], TOLERANCE, start and start._through_mu)

    def _by_judge(self, data: Floats, column: NDArray[np.int64], columns: int) -> sparse.csr_matrix:
        """A row for each judge, of what is there for each mark."""
        first = np.concatenate([[0], np.cumsum(self.marks.given)])
        shape = (self.marks.n_judges, columns)
        return sparse.csr_matrix((data[self.places], column[self.places], first), shape=shape)

    def _noise(self, random: np.random.Generator, count: int) -> NDArray[np.float32]:
        return random.standard_normal((len(self.marks), count), dtype=np.float32)

    def _times(self, severity: Floats) -> Floats:
        """The judges' matrix, entries absorbed, times columns."""
        up = self.design.across @ severity
        up /= self.own[:, None]
        return self.diagonal[:, None] * severity - self.down @ up

    def _judges(self, right: Floats, tolerance: float, start: Floats | None = None) -> Floats:
        """Conjugate gradients on the judges' matrix, all columns at once, the diagonal as preconditioner.

        Raises ArithmeticError if they do not come near a solution.
        """
        preconditioner = 1 / self.reduced[:, None]
        solution = preconditioner * right if start is None else start.copy()
        left = right - self._times(solution)
        size = np.maximum(np.sqrt((right * right).sum(0)), 1e-300)
        step = preconditioner * left
        towards = step.copy()
        before = (left * step).sum(0)
        for _ in range(ROUNDS):
            if (np.sqrt((left * left).sum(0)) <= tolerance * size).all():
                break
            product = self._times(towards)
            length = before / np.maximum((towards * product).sum(0), 1e-300)
            solution += length * towards
            left -= length * product
            step = preconditioner * left
            after = (left * step).sum(0)
            towards = step + after / np.maximum(before, 1e-300) * towards
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
        absorbed = theta / self.own[:, None]
        mu = mu - self.design.across_all @ absorbed
        severity = self._judges(judges - self.down @ absorbed, tolerance, start)
        through = self._through_mu
        mean = (mu - self.beside_mu @ severity) / (self.of_mu - float(self.beside_mu @ through[:, 0]))
        severity = severity - through * mean
        taken = self.design.across @ severity + np.multiply.outer(self.design.across_all, mean)
        return mean, severity, absorbed - taken / self.own[:, None]

    def solve(self, sums: Sums) -> Solution:
        mean, severity, theta = self._solve(
            sums.theta[:, None], sums.beside[:1], sums.beside[1:, None], TOLERANCE
        )  # fmt: skip
        unknown = np.concatenate([mean, severity[:, 0]])
        left = float(sums.square - sums.theta @ theta[:, 0] - sums.beside @ unknown)
        return Solution(float(mean[0]), theta[:, 0], severity[:, 0], left)

    def _errors(
        self, random: np.random.Generator, noise: NDArray[np.float32], start: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Draws of the errors of mu and b, float[m] and float[J, m], from noise of the marks, float[n, m]."""
        marks, design = self.marks, self.design
        root, each = np.sqrt(design.weight), np.arange(len(marks))
        of_entries = sparse.csr_matrix((root * design.scale, each, design.across.indptr), (marks.n_entries, len(marks)))
        theta = of_entries @ noise
        judges = self._by_judge(root, each, len(marks)) @ noise
        mu = judges.sum(0)
        theta += random.standard_normal(theta.shape) / np.sqrt(self.quality)
        judges += random.standard_normal(judges.shape) / np.sqrt(self.severity)
        absorbed = theta / self.own[:, None]
        mu -= design.across_all @ absorbed
        judges -= self.down @ absorbed
        severity = self._judges(judges, DRAWS_TOLERANCE, start)
        mean = (mu - self.beside_mu @ severity) / (self.of_mu - float(self.beside_mu @ self._through_mu[:, 0]))
        return mean, severity

    @cached_property
    def _probes(self) -> tuple[Floats, Floats, Floats]:
        """Draws of mu and b that tell variances, and b as conjugate gradients left it."""
        before = self._before._probes[2] if self._before is not None else None
        self._before = None
        mean, found = self._errors(np.random.default_rng(SEED), self.noise, before)
        return mean, found - self._through_mu * mean, found

    @cached_property
    def _taken(self) -> Floats:
        """float[E, probes]: what the draws of mu and b take from theta."""
        mean, severity, _ = self._probes
        taken = self.design.across @ severity + np.multiply.outer(self.design.across_all, mean)
        taken /= self.own[:, None]
        return taken

    @cached_property
    def theta_variance(self) -> Floats:
        return 1 / self.own + (self._taken**2).mean(1)

    @cached_property
    def severity_variance(self) -> Floats:
        """Of a judge alone, and of what all judges move together, in closed form; the rest by the draws.

        With o_j what the others tell of b_j, var b_j = 1 / diagonal + var o_j. The mean of all b is what few draws tell
        badly: its covariance with each is one solution of the equations, and only the part of o_j that is uncorrelated
        with it is left to them.
        """
        mean, severity, _ = self._probes
        judges = len(self.reduced)
        ones = np.full((judges, 1), 1 / judges)
        with_all = self._solve(np.zeros((len(self.own), 1)), np.zeros(1), ones, TOLERANCE)[1][:, 0]
        alone = 1 / self.reduced
        others = severity - alone[:, None] * (self._times(severity) + np.multiply.outer(self.beside_mu, mean))
        together, covariance = with_all.mean(), with_all - alone / judges
        apart = others - np.multiply.outer(covariance / together, severity.mean(0))
        return alone + covariance**2 / together + (apart**2).mean(1)

    @cached_property
    def between(self) -> Floats:
        severity, taken = self._probes[1], self._taken
        between = np.empty(len(self.marks))
        for start in range(0, len(between), CELLS // PROBES):
            at = slice(start, start + CELLS // PROBES)
            product = taken[self.marks.entry[at]] * severity[self.marks.judge[at]]
            between[at] = -product.mean(1)
        return between

    def draws(self, random: np.random.Generator, count: int) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        means, severities = [], []
        for start in range(0, count, PROBES):
            mean, severity = self._errors(random, self._noise(random, min(PROBES, count - start)))
            means.append(mean)
            severities.append(severity - self._through_mu * mean)
        mean, severity = np.concatenate(means), np.concatenate(severities, axis=1)
        step = max(1, CELLS // count)
        for start in range(0, len(self.own), step):
            at = slice(start, start + step)
            part = np.multiply.outer(self.design.across_all[at], mean) + self.design.across[at] @ severity
            own = self.own[at, None]
            yield at, random.standard_normal(part.shape) / np.sqrt(own) - part / own
