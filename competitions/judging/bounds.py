"""What no assignment can exceed, found from prices: quick where a linear program over all pairs would be long.

Put a price on each reading of a judge and a weight on each entry's total. Every entry then takes its best judges at
these prices, whatever the others do. The sum of what they take, with the prices paid for the loads that judges may or
must have, is a bound of the goal for whatever prices and weights (Lagrangian relaxation: Held & Karp 1971); the lowest
such bound is that of the linear program. Steps against the subgradient come near it: they raise the price of a judge
whom more entries take than the load allows, and the weight of an entry that gets little.
"""

from dataclasses import dataclass

import numpy as np

from .arrays import Booleans, Floats, Integers
from .problem import AssignmentProblem
from .program import EQUAL, WORST_WEIGHT, Goal, worst_count

BLOCK = 512  # entries at a time, so that memory does not grow with pairs
LOCKED_WORTH = 1e9  # puts locked seats before all others, where affinities are at most 1
STEPS = 200  # at most; most searches end before
PATIENCE = 8  # steps without a lower bound, after which they are made half as long
MEMORY = 0.8  # of the way so far, in each step's direction
WEIGHT_PACE = 3000.0  # steps of weights beside those of prices: totals differ by parts of 1, loads by whole readings


@dataclass(frozen=True)
class Prices:
    """What stands in place of the rules that are left out.

    judge   float[J]: what a reading costs
    tail    float[asking], each at most one over the number of the worst, adding up to 1: the part of each entry in the
            worst tenth's mean. That mean is the least that any such parts of the totals come to (the dual of the mean
            in a tail: Rockafellar, Uryasev & Zabarankin 2006), so parts that are not the right ones only raise a bound
    floor   float[asking] >= 0: what it is worth that the entry's total must not be below the floor
    """

    judge: Floats
    tail: Floats
    floor: Floats


@dataclass(frozen=True)
class Taken:
    """What entries take at some prices: the `bound` that follows, `total` float[asking], `load` float[J]."""

    bound: float
    total: Floats
    load: Floats

    def blended(self, new: "Taken") -> "Taken":
        """Mostly what was taken before: entries with two choices of equal worth jump from one to the other."""
        return Taken(
            new.bound, MEMORY * self.total + (1 - MEMORY) * new.total, MEMORY * self.load + (1 - MEMORY) * new.load
        )


class Relaxation:
    """A goal without the rule that loads stay within their ranges.

    In place of a mean over the entries that ask for judges stands their sum: the goal times their number. The floor and
    the cap of the own country are kept; seats of a kind (sector, outside) are not asked for, which leaves the bound
    valid.
    """

    def __init__(self, problem: AssignmentProblem, goal: Goal, floor: float | None) -> None:
        self.problem, self.floor = problem, floor
        self.asking = np.flatnonzero(problem.demand > 0)
        self.demand = problem.demand[self.asking]
        self.cap = next((rule for rule in problem.seat_rules if rule.name == "own country"), None)
        entries = len(self.asking)
        # the goal is plain x sum + tail x mean of the worst
        self.plain = 0.0 if goal is Goal.MINIMUM else 1.0
        self.tail = {Goal.FAIR: WORST_WEIGHT * entries, Goal.MINIMUM: float(entries)}.get(goal, 0.0)
        self.worst = worst_count(entries) if goal is Goal.FAIR else 1

    def prices(self, judge: Floats, total: Floats) -> Prices:
        """Prices to begin with: of judges as given, of entries by their totals (float[asking]) in an assignment."""
        tail = np.zeros(len(total))
        tail[np.argsort(total, kind="stable")[: self.worst]] = 1 / self.worst
        return Prices(judge, tail, np.zeros(len(total)))

    def lowest(self, prices: Prices, reached: float, steps: int = STEPS) -> float:
        """The lowest bound found from these prices on; `reached` is the goal of an assignment that is there."""
        best, lowest, way, length, since = np.inf, prices, None, 1.0, 0
        for _ in range(steps):
            taken = self.at(prices)
            if taken.bound < best:
                best, lowest, since = taken.bound, prices, -1
            if best <= reached + EQUAL * max(1, abs(reached)):
                return reached
            since += 1
            if since == PATIENCE:
                prices, length, since = lowest, length / 2, 0
            way = taken if way is None else way.blended(taken)
            prices = self._step(prices, way, length * (taken.bound - reached))
        return best

    def at(self, prices: Prices) -> Taken:
        """What entries take at these prices."""
        weight = self.plain + self.tail * prices.tail + prices.floor
        total, load = np.zeros(len(self.asking)), np.zeros(self.problem.judges, np.int64)
        for start in range(0, len(self.asking), BLOCK):
            part = slice(start, start + BLOCK)
            judges, used = self._best(part, weight[part], prices.judge)
            total[part] = np.where(used, self.problem.affinity[judges, self.asking[part, None]], 0).sum(1)
            load += np.bincount(judges[used], minlength=len(load))
        # what entries take, less what they pay (price x load), and what judges are paid for their limits
        bound = float((weight * total).sum() + (prices.judge * (self._limit(prices) - load)).sum())
        if self.floor is not None:
            bound -= self.floor * float(prices.floor.sum())
        return Taken(bound, total, load.astype(float))

    def _limit(self, prices: Prices) -> Integers:
        """The load that a price is paid for: a reading that costs is limited from above, one that pays from below."""
        return np.where(prices.judge > 0, self.problem.load_max, self.problem.load_min)

    def _best(self, part: slice, weight: Floats, price: Floats) -> tuple[Integers, Booleans]:
        """int[entries, n]: the best judges of each entry, the best first; bool: which of them it takes."""
        problem, entries = self.problem, self.asking[part]
        worth = (
            weight[:, None] * problem.affinity[:, entries].T
            - price[None, :]
            + LOCKED_WORTH * problem.held[:, entries].T
        )
        worth[~problem.allowed[:, entries].T] = -np.inf
        count = int(self.demand.max())
        if self.cap is None:
            judges = _highest(worth, count)
        else:
            own = self.cap.member[:, entries].T
            home = np.where(own, worth, -np.inf)
            best = _highest(home, count)
            allowed = np.zeros(own.shape, bool)
            np.put_along_axis(allowed, best, np.arange(best.shape[1])[None, :] < self.cap.most[entries, None], 1)
            judges = _highest(np.where(own & ~allowed, -np.inf, worth), count)
        return judges, np.arange(judges.shape[1])[None, :] < self.demand[part, None]

    def _step(self, prices: Prices, taken: Taken, distance: float) -> Prices:
        """Polyak's step: as long as it would be to a bound lower by `distance` if the bound were linear."""
        within = (taken.load >= self.problem.load_min) & (taken.load <= self.problem.load_max)
        judge = np.where(within & (prices.judge == 0), 0, self._limit(prices) - taken.load)
        tail = (taken.total - taken.total.mean()) if self.tail else np.zeros(len(taken.total))
        floor = np.zeros(len(taken.total)) if self.floor is None else taken.total - self.floor
        floor[(prices.floor == 0) & (floor > 0)] = 0
        steepness = (judge**2).sum() + WEIGHT_PACE * ((tail**2).sum() + (floor**2).sum())
        step = distance / max(float(steepness), EQUAL)
        return Prices(
            prices.judge - step * judge,
            _shares(prices.tail - WEIGHT_PACE * step * tail / self.tail, 1 / self.worst) if self.tail else prices.tail,
            np.maximum(0, prices.floor - WEIGHT_PACE * step * floor),
        )


def _highest(worth: Floats, count: int) -> Integers:
    """Of each row the places of the `count` highest, the highest first."""
    count = min(count, worth.shape[1])
    places = np.argpartition(-worth, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(worth, places, 1), axis=1, kind="stable")
    return np.take_along_axis(places, order, 1)


def _shares(values: Floats, most: float) -> Floats:
    """The nearest numbers from 0 to `most` that add up to 1."""
    low, high = values.min() - 1, values.max()
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(values - middle, 0, most).sum() > 1 else (low, middle)
    shares = np.clip(values - low, 0, most)
    return shares / shares.sum()
