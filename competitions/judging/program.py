"""The hard rules as a linear program over chosen pairs, solved by SciPy's HiGHS, with pairs added as they pay.

The best of a huge program is found on a small part of it: solve over the pairs that look good, take the prices of the
rules (dual values), add the pairs that these prices make worth having, and stop when there are none. What is found
then is the optimum over all pairs (Dantzig & Wolfe 1960, column generation), so its value is a bound that nobody can
beat.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from .arrays import Booleans, Floats
from .problem import AssignmentProblem

WORST_SHARE = 0.1  # the worst tenth
WORST_WEIGHT = 0.5  # what the mean of the worst tenth counts beside the mean of all
PRICE_TOLERANCE = 1e-7  # a pair that would add no more is left out; HiGHS's own tolerance of prices
EQUAL = 1e-9  # totals and goals that differ by no more are equal, where affinities are at most 1
ALL_PAIRS = 30_000  # up to so many allowed pairs, none is left for later
STRIDE = 2_654_435_761  # Knuth's multiplier: neighbours come far from one another


class Goal(StrEnum):
    """TOTAL: sum of affinities. FAIR: mean of entries' totals + 0.5 x mean of the worst tenth. MINIMUM: total of the
    worst entry. SEATS: as few seats and readings missed as can be."""

    TOTAL = "total"
    FAIR = "fair"
    MINIMUM = "minimum"
    SEATS = "seats"


def worst_count(entries: int) -> int:
    """How many entries the worst tenth is: at least one, rounded up."""
    return max(1, int(np.ceil(WORST_SHARE * entries - EQUAL)))


@dataclass(frozen=True)
class Solution:
    """What a program came to.

    value   of the goal
    seats   float[J, E], whole where the program is a network or was solved whole
    prices  float[J, E], what a pair would add to the goal for each unit of it; None from a whole-number solution
    bound   what the goal cannot exceed
    slack   name of a rule -> float, how far each row of it was missed; of SEATS only, else empty. Names: demand, load,
            sector, outside, floor, where something is asked at the least
    rule_prices   name of a rule -> float, what one more unit of each of its rows would cost; of demands those of
            entries, of loads those of judges; None from a whole-number solution. Names: demand, load, own country,
            sector, outside, floor; of MINIMUM and FAIR the goal's own too
    """

    value: float
    seats: Floats
    prices: Floats | None
    bound: float
    slack: dict[str, Floats]
    rule_prices: dict[str, Floats] | None = None


@dataclass(frozen=True)
class _Row:
    """Rows of one rule. Over pairs: the row of each (-1: none) and its coefficient (None: 1). Over rows: the limits."""

    name: str
    index: np.ndarray
    coefficient: np.ndarray | None
    low: np.ndarray
    high: np.ndarray


class Program:
    """A goal over the hard rules of a problem, on the pairs of `keep` (bool[J, E]); `floor` is the least total that an
    entry which asks for judges may have."""

    def __init__(self, problem: AssignmentProblem, keep: Booleans, goal: Goal, floor: float | None = None) -> None:
        self.problem, self.keep, self.goal, self.floor = problem, keep | problem.held, goal, floor
        self.asking = np.flatnonzero(problem.demand > 0)
        self.place = np.full(problem.entries, -1)
        self.place[self.asking] = np.arange(len(self.asking))

    def solve(self) -> Solution | None:
        """The optimum with parts of seats allowed; None if there is none. Raises ArithmeticError if HiGHS gives up."""
        self._build()
        answer = linprog(
            self.cost,
            A_ub=self.upper,
            b_ub=self.upper_limit,
            A_eq=self.equal,
            b_eq=self.equal_limit,
            bounds=np.column_stack([self.least, self.most]),
            method="highs",
        )
        if answer.status == 2:
            return None
        if answer.status != 0:
            raise ArithmeticError(f"the linear program ended with: {answer.message}")
        prices = self._rule_prices(answer)
        value, seats, slack = -answer.fun, self._seats(answer.x), self._slack(answer.x)
        return Solution(value, seats, self._pair_prices(prices), value, slack, prices)

    def solve_whole(self, *, nodes: int, tolerance: float = 1e-9) -> Solution | None:
        """The best found with whole seats within `nodes` branches; None if none was found.

        `tolerance`: the relative gap at which HiGHS stops.
        """
        self._build()
        whole = np.zeros(len(self.cost))
        whole[: self.pairs] = 1
        if self.goal is Goal.SEATS:
            whole[:] = 1
        limits = LinearConstraint(
            sp.vstack([self.equal, self.upper]),
            np.concatenate([self.equal_limit, np.full(len(self.upper_limit), -np.inf)]),
            np.concatenate([self.equal_limit, self.upper_limit]),
        )
        answer = milp(
            self.cost,
            integrality=whole,
            bounds=Bounds(self.least, self.most),
            constraints=limits,
            options={"node_limit": nodes, "mip_rel_gap": tolerance},
        )
        if answer.x is None:
            return None
        bound = -answer.mip_dual_bound if answer.mip_dual_bound is not None else -answer.fun
        return Solution(-answer.fun, np.round(self._seats(answer.x)), None, bound, self._slack(answer.x))

    def _build(self) -> None:
        problem = self.problem
        entry, judge = np.nonzero(self.keep.T)
        self.judge, self.entry, self.pairs = judge, entry, len(entry)
        affinity = problem.affinity[judge, entry]
        rows = self._rule_rows(affinity)
        extra_cost, extra_least, extra_most, extra_rows = self._extra(rows)
        self.cost = np.concatenate([-self._gain(affinity), extra_cost])
        self.least = np.concatenate([problem.held[judge, entry].astype(float), extra_least])
        self.most = np.concatenate([np.ones(self.pairs), extra_most])
        self._split(rows, extra_rows)

    def _gain(self, affinity: np.ndarray) -> np.ndarray:
        if self.goal is Goal.TOTAL:
            return affinity
        if self.goal is Goal.FAIR:
            return affinity / max(1, len(self.asking))
        return np.zeros(len(affinity))

    def _rule_rows(self, affinity: np.ndarray) -> list[_Row]:
        problem, entry, judge = self.problem, self.entry, self.judge
        demand = problem.demand.astype(float)
        rows = [
            _Row("demand", entry, None, demand, demand),
            _Row("load", judge, None, _asked(problem.load_min), problem.load_max.astype(float)),
        ]
        for rule in problem.seat_rules:
            index = np.where(rule.member[judge, entry], entry, -1)
            most = np.where(rule.most < problem.demand, rule.most, np.inf)
            rows.append(_Row(rule.name, index, None, _asked(rule.least), most))
        infinite = np.full(len(self.asking), np.inf)
        if self.floor is not None:
            rows.append(_Row("floor", self.place[entry], affinity, np.full(len(self.asking), self.floor), infinite))
        if self.goal in (Goal.MINIMUM, Goal.FAIR):
            rows.append(_Row(self.goal, self.place[entry], affinity, np.zeros(len(self.asking)), infinite))
        return rows

    def _extra(self, rows: list[_Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, sp.csr_matrix]]:
        """Columns beside the pairs: cost, limits, and their coefficients in the rows of each name."""
        n = len(self.asking)
        self.extra_of: dict[str, slice] = {}
        if self.goal is Goal.MINIMUM:
            return -np.ones(1), np.full(1, -np.inf), np.full(1, np.inf), {Goal.MINIMUM: sp.csr_matrix(-np.ones((n, 1)))}
        if self.goal is Goal.FAIR:
            # mean of the worst q = max over t of t - sum(max(0, t - total)) / q (Rockafellar & Uryasev 2000)
            cost = np.concatenate([[-WORST_WEIGHT], np.full(n, WORST_WEIGHT / worst_count(n))])
            under = sp.hstack([-np.ones((n, 1)), sp.identity(n)], format="csr")
            least = np.concatenate([[-np.inf], np.zeros(n)])
            return cost, least, np.full(n + 1, np.inf), {Goal.FAIR: under}
        if self.goal is Goal.SEATS:
            return self._elastic(rows)
        # a column that is always 0: HiGHS refuses a program without any
        return np.zeros(1), np.zeros(1), np.zeros(1), {}

    def _elastic(self, rows: list[_Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, sp.csr_matrix]]:
        """A column for each row that may be missed from below: unfilled seats, loads not reached, seats of a kind."""
        blocks, start = {}, 0
        missable = [row for row in rows if (row.low > 0).any()]
        width = sum(len(row.low) for row in missable)
        for row in missable:
            size = len(row.low)
            columns = sp.csr_matrix((np.ones(size), (np.arange(size), start + np.arange(size))), shape=(size, width))
            blocks[row.name] = columns
            self.extra_of[row.name] = slice(start, start + size)
            start += size
        return np.ones(width), np.zeros(width), np.full(width, np.inf), blocks

    def _split(self, rows: list[_Row], extra: dict[str, sp.csr_matrix]) -> None:
        """Rows with two equal limits become equations, the others upper limits; `signs` keeps which is which."""
        width = len(self.cost) - self.pairs
        equal, upper, self.signs = [], [], []
        equal_limit, upper_limit = [], []
        for row in rows:
            used = row.index >= 0
            value = np.ones(int(used.sum())) if row.coefficient is None else row.coefficient[used]
            over = sp.csr_matrix((value, (row.index[used], np.flatnonzero(used))), shape=(len(row.low), self.pairs))
            beside = extra.get(row.name, sp.csr_matrix((len(row.low), width)))
            matrix = sp.hstack([over, beside], format="csr")
            same = row.low == row.high
            for kind, chosen in (
                ("equal", same),
                ("high", ~same & np.isfinite(row.high)),
                ("low", ~same & np.isfinite(row.low)),
            ):
                at = np.flatnonzero(chosen)
                if not len(at):
                    continue
                self.signs.append((row, kind, at))
                if kind == "equal":
                    equal.append(matrix[at])
                    equal_limit.append(row.low[at])
                else:
                    sign = 1 if kind == "high" else -1
                    upper.append(sign * matrix[at])
                    upper_limit.append(sign * (row.high if kind == "high" else row.low)[at])
        total = len(self.cost)
        self.equal = sp.vstack(equal, format="csr") if equal else sp.csr_matrix((0, total))
        self.upper = sp.vstack(upper, format="csr") if upper else sp.csr_matrix((0, total))
        self.equal_limit = np.concatenate(equal_limit) if equal_limit else np.zeros(0)
        self.upper_limit = np.concatenate(upper_limit) if upper_limit else np.zeros(0)

    def _seats(self, x: np.ndarray) -> Floats:
        seats = np.zeros(self.keep.shape)
        seats[self.judge, self.entry] = x[: self.pairs]
        return seats

    def _slack(self, x: np.ndarray) -> dict[str, Floats]:
        return {name: x[self.pairs :][at] for name, at in self.extra_of.items()}

    def _rule_prices(self, answer: OptimizeResult) -> dict[str, Floats]:
        prices: dict[str, Floats] = {"demand": np.zeros(self.problem.entries), "load": np.zeros(self.problem.judges)}
        equal, upper = _parts_of(answer.eqlin.marginals), _parts_of(answer.ineqlin.marginals)
        for row, kind, at in self.signs:
            price = prices.setdefault(row.name, np.zeros(len(row.low)))
            part = equal(len(at)) if kind == "equal" else upper(len(at))
            price[at] += -part if kind == "low" else part
        return prices

    def _pair_prices(self, price: dict[str, Floats]) -> Floats:
        problem, affinity = self.problem, self.problem.affinity
        gain = self._gain(affinity.ravel()).reshape(affinity.shape)
        cost = -gain - price["demand"][None, :] - price["load"][:, None]
        for rule in problem.seat_rules:
            if rule.name in price:
                cost -= rule.member * price[rule.name][None, :]
        for name in ("floor", Goal.MINIMUM, Goal.FAIR):
            if name in price:
                over = np.zeros(problem.entries)
                over[self.asking] = price[name]
                cost -= affinity * over[None, :]
        return -cost


def _asked(least: np.ndarray) -> Floats:
    """A lower limit of 0 is none."""
    return np.where(least > 0, least, -np.inf)


def _parts_of(values: np.ndarray) -> Callable[[int], np.ndarray]:
    """A function that hands out the next `n` of the values."""
    place = 0

    def take(n: int) -> np.ndarray:
        nonlocal place
        place += n
        return values[place - n : place]

    return take


def promising(problem: AssignmentProblem, judges: int = 12) -> Booleans:
    """Pairs to begin with: the best judges of each entry and of every kind that a rule asks for, the best entries of
    each judge, and some that are spread over all."""
    allowed = problem.allowed
    score = np.where(allowed, problem.affinity, -np.inf)
    keep = _best(score, judges, axis=0)
    per_judge = int(1.2 * problem.load_max.max(initial=0)) + 2
    keep |= _best(score, per_judge, axis=1)
    for rule in problem.seat_rules:
        for member in (rule.member, ~rule.member):
            keep |= _best(np.where(member, score, -np.inf), max(3, judges // 3), axis=0)
    keep |= _spread(problem.judges, problem.entries, judges)
    return keep & allowed


def _spread(judges: int, entries: int, count: int) -> Booleans:
    """Some judges for each entry, evenly over all: so that where many want the same, somebody else is at hand."""
    keep = np.zeros((judges, entries), bool)
    entry = np.arange(entries)
    for place in range(count if judges else 0):
        keep[(entry * STRIDE + place * judges // count) % judges, entry] = True
    return keep


def _best(score: Floats, count: int, axis: int) -> Booleans:
    """The `count` highest of each row or column; of equal ones the first."""
    size = score.shape[axis]
    keep = np.zeros(score.shape, bool)
    if not score.size:
        return keep
    count = min(count, size)
    order = np.argsort(-score, axis=axis, kind="stable").take(np.arange(count), axis=axis)
    np.put_along_axis(keep, order, True, axis=axis)
    return keep


def solve_all_pairs(
    problem: AssignmentProblem,
    goal: Goal,
    *,
    floor: float | None = None,
    keep: Booleans | None = None,
    rounds: int = 40,
) -> tuple[Solution | None, Program]:
    """The optimum over all allowed pairs with parts of seats, by adding pairs until none pays, and its program.

    With `rounds` the optimum over the pairs after so many additions. None if the rules cannot all hold, whatever pairs.
    """
    keep = promising(problem) if keep is None else keep
    small = problem.allowed.sum() <= 4 * keep.sum() or problem.allowed.sum() <= ALL_PAIRS
    program = Program(problem, problem.allowed if small else keep, goal, floor)
    solution = program.solve()
    if solution is None and not small:
        elastic, wider = solve_all_pairs(problem, Goal.SEATS, floor=floor)
        if elastic is not None and elastic.value > -EQUAL:
            program = Program(problem, keep | wider.keep, goal, floor)
            solution = program.solve()
    while solution is not None and solution.prices is not None and rounds > 0:
        pays = problem.allowed & ~program.keep & (solution.prices > PRICE_TOLERANCE)
        if not pays.any():
            break
        program = Program(problem, program.keep | _most_paying(solution.prices, pays, 4 * problem.entries), goal, floor)
        solution, rounds = program.solve(), rounds - 1
    return solution, program


def _most_paying(prices: Floats, pays: Booleans, count: int) -> Booleans:
    if pays.sum() <= count:
        return pays
    limit = np.partition(prices[pays], -count)[-count]
    return pays & (prices >= limit)
