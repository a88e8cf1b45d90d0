"""Henderson's mixed model equations of marks, solved exactly: entries absorbed, judges by a Cholesky factor.

    mark = mu + a_j theta_i + b_j + noise,  noise ~ N(0, level / weight),
    theta_i ~ N(0, level x quality),  b_j ~ N(0, level x severity)

(Henderson 1975, "Best linear unbiased estimation and prediction under a selection model".) All variances here are over
`level`, the noise variance of a mark of weight 1. Each entry meets only its own marks, so theta is eliminated
("absorbed") entry by entry. With C the equations' matrix in blocks, theta and (mu, b), what is factored is the Schur
complement C_bb - C_bt C_tt^-1 C_tb, a row for mu and one for each judge. Work: judges^3, and the square of the reads of
each entry.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg as dense
import scipy.sparse as sparse
from numpy.typing import NDArray

from .arrays import Booleans, Floats, Integers
from .marks import Marks

CELLS = 2_000_000  # so many numbers are worked on at a time: 16 megabytes
PAIR_COST = 300  # measured: one pair of marks takes as long as so many multiplications of a matrix product


@dataclass(frozen=True)
class Sums:
    """Right sides of the equations, and the sum of squares.

    rhs_theta   float[E]: sums of w a y over an entry's marks
    rhs_mu_b    float[J + 1]: sums of w y over all marks (for mu), then over each judge's
    square      sum of w y^2 over all
    """

    rhs_theta: Floats
    rhs_mu_b: Floats
    square: float


@dataclass(frozen=True)
class Solution:
    """mu; theta float[E]; b float[J]; residual sum of squares, weighted, with the penalties theta^2 / quality_ratio and
    b^2 / severity_ratio.
    """

    mean: float
    theta: Floats
    severity: Floats
    residual_squares: float


class Blocks:
    """How entries bring judges together, as dense matrices, some rows at a time: where many read the same."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.columns = marks.n_judges + 1
        self.first = np.concatenate([[0], np.cumsum(marks.reads)])

    def _rows(self, design: "Design") -> Iterator[tuple[slice, Floats]]:
        step = max(1, CELLS // self.columns)
        for start in range(0, self.marks.n_entries, step):
            at = slice(start, min(start + step, self.marks.n_entries))
            yield at, np.column_stack([design.theta_by_mu[at], design.theta_by_judge[at].toarray()])

    def absorbed_products(self, design: "Design", precision: Floats) -> Floats:
        """float[J + 1, J + 1]: sums over entries of the products of two columns (mu, judges), over `precision`."""
        whole = np.zeros((self.columns, self.columns))
        for at, part in self._rows(design):
            whole += part.T @ (part / precision[at, None])
        return whole

    def variances(self, design: "Design", precision: Floats, inverse: Floats) -> tuple[Floats, Floats]:
        """What uncertain mu and b add to the variance of theta, float[E], and the covariance of theta and b of each
        mark, float[n].
        """
        added, theta_b_covariance = np.empty(self.marks.n_entries), np.empty(len(self.marks))
        for at, part in self._rows(design):
            share = part / precision[at, None]
            product = share @ inverse
            added[at] = np.einsum("ij,ij->i", product, share)
            here = slice(self.first[at.start], self.first[at.stop])
            theta_b_covariance[here] = -product[self.marks.entry[here] - at.start, self.marks.judge[here] + 1]
        return added, theta_b_covariance


@dataclass(frozen=True)
class Chunk:
    """Some entries' nodes (mu, then their judges) and pairs of nodes, a node with itself too.

    entries, marks   which they are, in the order of entry, then judge
    is_mark          bool[nodes]: False for mu
    entry            of each pair, from the first of the chunk
    one, other       nodes of each pair, one <= other
    cell             of the judges' matrix, flattened
    """

    entries: slice
    marks: slice
    is_mark: Booleans
    entry: NDArray[np.int32]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    cell: Integers


class Pairs:
    """The same over the pairs of marks that an entry has: for many judges who read a few entries each."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.columns = marks.n_judges + 1
        size = marks.reads + 1
        first = np.concatenate([[0], np.cumsum(marks.reads)])
        pairs = np.cumsum(size * (size + 1) // 2)
        cuts = np.unique(np.searchsorted(pairs, np.arange(0, pairs[-1] + CELLS, CELLS)).clip(0, len(size)))
        self.chunks = [
            self._chunk(size[low:high], slice(low, high), slice(first[low], first[high]))
            for low, high in itertools.pairwise(cuts.tolist())
        ]

    def _chunk(self, size: Integers, entries: slice, marks: slice) -> Chunk:
        entry, one, other = _pairs_of(size)
        is_mark = np.ones(size.sum(), bool)
        is_mark[np.cumsum(size) - size] = False
        column = np.zeros(len(is_mark), np.int64)
        column[is_mark] = self.marks.judge[marks] + 1
        return Chunk(entries, marks, is_mark, entry, one, other, column[one] * self.columns + column[other])

    def _values(self, chunk: Chunk, design: "Design") -> Floats:
        value = np.empty(len(chunk.is_mark))
        value[chunk.is_mark] = design.theta_by_judge.data[chunk.marks]
        value[~chunk.is_mark] = design.theta_by_mu[chunk.entries]
        return value

    def absorbed_products(self, design: "Design", precision: Floats) -> Floats:
        whole = np.zeros(self.columns * self.columns)
        for chunk in self.chunks:
            value = self._values(chunk, design)
            product = value[chunk.one]
            product *= value[chunk.other]
            product /= precision[chunk.entries][chunk.entry]
            whole += np.bincount(chunk.cell, product, len(whole))
        square = whole.reshape(self.columns, self.columns)
        return square + np.triu(square, 1).T

    def variances(self, design: "Design", precision: Floats, inverse: Floats) -> tuple[Floats, Floats]:
        added, theta_b_covariance = np.empty(self.marks.n_entries), np.empty(len(self.marks))
        flat = inverse.ravel()
        for chunk in self.chunks:
            value = self._values(chunk, design)
            covariance = flat[chunk.cell]
            forth = value[chunk.other] * covariance
            forth[chunk.one == chunk.other] /= 2  # counted from both sides
            back = value[chunk.one] * covariance
            back[chunk.one == chunk.other] /= 2
            reach = np.bincount(chunk.one, forth, len(value)) + np.bincount(chunk.other, back, len(value))
            part = precision[chunk.entries]
            count = len(part)
            node_entry = np.repeat(np.arange(count), self.marks.reads[chunk.entries] + 1)
            added[chunk.entries] = np.bincount(node_entry, value * reach, count) / part**2
            theta_b_covariance[chunk.marks] = -(reach / part[node_entry])[chunk.is_mark]
        return added, theta_b_covariance


def _pairs_of(size: Integers) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """All pairs of nodes within each entry: entry, first, second."""
    first = np.cumsum(size) - size
    entry_of_node = np.repeat(np.arange(len(size)), size)
    place = np.arange(len(entry_of_node)) - first[entry_of_node]
    rest = size[entry_of_node] - place  # a node meets itself and those after it
    one = np.repeat(np.arange(len(entry_of_node)), rest)
    other = one + np.arange(len(one)) - (np.cumsum(rest) - rest)[one]
    return entry_of_node[one].astype(np.int32), one.astype(np.int32), other.astype(np.int32)


def crossings_of(marks: Marks) -> Blocks | Pairs:
    """How entries bring judges together, in the form that costs less; for every design of the same marks."""
    reads = (marks.reads + 1).astype(float)
    matrix = marks.n_entries * (marks.n_judges + 1) ** 2
    return Blocks(marks) if matrix <= max(PAIR_COST * (reads * reads).sum(), CELLS) else Pairs(marks)


class Design:
    """What of the equations does not depend on the variances of theta and b.

    Takes of each judge, float[J], weight (1 / relative noise variance) and scale a_j.

    marks              in the order of entry, then judge
    weight, scale      float[n]: w and a of the judge of each mark
    crossings          of the same marks; None where equations are iterated
    theta_information  float[E]: sum of w a^2 over an entry's marks
    theta_by_judge     csr[E, J]: w a of each mark
    theta_by_mu        float[E]: its sums over judges
    judge_information  float[J]: sum of w over a judge's marks
    log_weights        sum of the logarithms of w over all marks
    """

    def __init__(self, marks: Marks, weight: Floats, scale: Floats, crossings: Blocks | Pairs | None) -> None:
        self.marks, self.crossings = marks, crossings
        self.weight, self.scale = weight[marks.judge], scale[marks.judge]
        product = self.weight * self.scale
        self.theta_information = np.bincount(marks.entry, product * self.scale, marks.n_entries)
        self.theta_by_judge = sparse.csr_matrix(
            (product, marks.judge, np.concatenate([[0], np.cumsum(marks.reads)])),
            shape=(marks.n_entries, marks.n_judges),
        )
        self.theta_by_mu = np.bincount(marks.entry, product, marks.n_entries)
        self.judge_information = np.bincount(marks.judge, self.weight, marks.n_judges)
        self.log_weights = float(np.log(self.weight).sum())

    def sums(self, value: Floats) -> Sums:
        marks, weighted = self.marks, self.weight * value
        theta = np.asarray(np.bincount(marks.entry, weighted * self.scale, marks.n_entries), float)
        rhs_mu_b = np.concatenate([[weighted.sum()], np.bincount(marks.judge, weighted, marks.n_judges)])
        return Sums(theta, rhs_mu_b, float(np.dot(weighted, value)))

    def fitted(self, solution: Solution) -> Floats:
        """float[n]: what a solution says each mark is."""
        theta, severity = solution.theta[self.marks.entry], solution.severity[self.marks.judge]
        return solution.mean + self.scale * theta + severity


class Equations:
    """The equations at given variances.

    quality_ratio, severity_ratio   variances of theta and b over the noise variance
    theta_precision                 float[E]: what multiplies theta in the row of its entry
    factor                          Cholesky's, of the rows of mu and the judges, entries absorbed
    """

    def __init__(self, design: Design, quality_ratio: float, severity_ratio: float) -> None:
        self.design, self.marks = design, design.marks
        self.crossings = design.crossings or crossings_of(design.marks)
        self.quality_ratio, self.severity_ratio = quality_ratio, severity_ratio
        self.theta_precision = design.theta_information + 1 / quality_ratio
        whole = -self.crossings.absorbed_products(design, self.theta_precision)
        whole[0, 0] += design.weight.sum()
        whole[0, 1:] += design.judge_information
        whole[1:, 0] += design.judge_information
        judge = np.arange(1, len(whole))
        whole[judge, judge] += design.judge_information + 1 / severity_ratio
        by_columns = whole.T  # the same matrix, as the solver stores it
        self.factor = dense.cho_factor(by_columns, lower=True, check_finite=False, overwrite_a=True)

    @property
    def log_determinant(self) -> float:
        """Of the equations' matrix and of the variances of theta and b."""
        equations = np.log(self.theta_precision).sum() + 2 * np.log(np.diag(self.factor[0])).sum()
        entries, judges = len(self.theta_precision), self.marks.n_judges
        return float(equations + entries * np.log(self.quality_ratio) + judges * np.log(self.severity_ratio))

    def solve(self, sums: Sums) -> Solution:
        right = sums.rhs_theta / self.theta_precision
        rhs_mu_b = sums.rhs_mu_b - self._down(right)
        unknown = dense.cho_solve(self.factor, rhs_mu_b, check_finite=False)
        theta = right - self._up(unknown)
        residual_squares = float(sums.square - sums.rhs_theta @ theta - sums.rhs_mu_b @ unknown)
        return Solution(float(unknown[0]), theta, unknown[1:], residual_squares)

    def unexplained(self, values: list[Floats]) -> list[Floats]:
        """P times each value of all marks, float[n]: weighted, what mu, theta and b leave of it."""
        design = self.design
        return [design.weight * (value - design.fitted(self.solve(design.sums(value)))) for value in values]

    def _down(self, theta: Floats) -> Floats:
        return np.concatenate([[self.design.theta_by_mu @ theta], self.design.theta_by_judge.T @ theta])

    def _up(self, unknown: Floats) -> Floats:
        """What mu and b (and draws of them, in columns) take from theta."""
        of_mu = np.multiply.outer(self.design.theta_by_mu, unknown[0])
        return ((of_mu + self.design.theta_by_judge @ unknown[1:]).T / self.theta_precision).T

    @cached_property
    def inverse(self) -> Floats:
        """float[J + 1, J + 1]: covariance of mu and b."""
        half = np.tril(dense.lapack.dpotri(self.factor[0], lower=1)[0])
        return half + np.tril(half, -1).T

    @cached_property
    def _uncertain(self) -> tuple[Floats, Floats]:
        added, theta_b_covariance = self.crossings.variances(self.design, self.theta_precision, self.inverse)
        return 1 / self.theta_precision + added, theta_b_covariance

    @property
    def theta_variance(self) -> Floats:
        """float[E]: variance of theta less its prediction."""
        return self._uncertain[0]

    @property
    def severity_variance(self) -> Floats:
        """float[J]: variance of b less its prediction."""
        return np.diag(self.inverse)[1:]

    @property
    def theta_b_covariance(self) -> Floats:
        """float[n]: covariance of the errors of theta and b of each mark."""
        return self._uncertain[1]

    def draws(self, random: np.random.Generator, count: int) -> Iterator[tuple[slice, Floats]]:
        """Joint draws of theta less its prediction, float[rows, count], over the root of `level`; some entries at a
        time, those of the slice.
        """
        unknown = dense.solve_triangular(
            self.factor[0],
            random.standard_normal((len(self.factor[0]), count)),
            lower=True,
            trans="T",
            check_finite=False,
        )
        step = max(1, CELLS // count)
        for start in range(0, len(self.theta_precision), step):
            at = slice(start, start + step)
            of_mu = np.multiply.outer(self.design.theta_by_mu[at], unknown[0])
            part = of_mu + self.design.theta_by_judge[at] @ unknown[1:]
            precision = self.theta_precision[at, None]
            yield at, random.standard_normal(part.shape) / np.sqrt(precision) - part / precision
