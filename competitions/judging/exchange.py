"""Improving an assignment by chains of exchanges that keep every hard rule, until none helps.

One step of a chain: entry e gives up judge a for judge b. Demands, conflicts and seat rules concern the entry alone, so
they hold after a step if they hold at that entry; only loads tie the steps together. Judge a then has a reading less
and b one more, so a closed chain a, b, c, ..., a leaves all loads as they were, and an open one is closed through
"slack": it may begin at a judge who can read less and end at one who can read more. With what a step is worth as the
length of the arc a to b, a chain that helps is a cycle of positive length, found by Bellman and Ford's relaxation
(cyclic exchange: Thompson & Psaraftis 1993). Chains at different entries do not disturb each other.

The search stops when no chain helps or after a number of them, never by the clock, so that the same input gives the
same output.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import Booleans, Floats, Integers
from .problem import AssignmentProblem
from .program import EQUAL, WORST_WEIGHT, Goal, worst_count

FLOOR_WEIGHT = 1e6  # what a missed unit of the floor counts beside a unit of total
FLOOR_MISSED = 1e4  # what missing it by anything counts: more than a chain gives where affinities are at most 1
CHAINS_PER_ENTRY = 40  # after which a search ends though chains might still help
NOBODY = -np.inf  # the worth of a step that is not possible


@dataclass(frozen=True)
class Worth:
    """What an entry's total is worth: less the farther it is below the floor, and counting more among the worst."""

    goal: Goal
    entries: int
    floor: float
    worst: float  # the total below which an entry is among the worst tenth

    def of(self, total: Floats) -> Floats:
        worth = total - np.where(total < self.floor, FLOOR_MISSED + FLOOR_WEIGHT * (self.floor - total), 0)
        if self.goal is Goal.FAIR:
            tail = WORST_WEIGHT * self.entries / worst_count(self.entries)
            worth -= tail * np.maximum(0, self.worst - total)
        return worth


@dataclass(frozen=True)
class Step:
    """At an entry one judge leaves and another comes."""

    entry: int
    leaving: int
    coming: int


class Exchange:
    """Seats that are moved chain by chain. `seats` bool[J, E] keeps every hard rule, before and after each chain.

    Affinities are at most 1 in size (see `scaled_and_permuted`), else the floor would not come before everything.
    """

    def __init__(self, problem: AssignmentProblem, seats: Booleans, goal: Goal, floor: float | None) -> None:
        self.problem, self.goal = problem, goal
        self.floor = -np.inf if floor is None else floor
        self.seats = seats.copy()
        self.moves = 0
        self.slack = problem.judges  # the index of the node that stands for nobody
        self.asking = np.flatnonzero(problem.demand > 0)
        self.free = problem.allowed & ~problem.held
        self.total = np.where(seats, problem.affinity, 0).sum(0)
        self.load = seats.sum(1)
        self.counts = [(seats & rule.member).sum(0) for rule in problem.seat_rules]
        self.worth = self._worth()
        # entries x judges, because a step looks at all judges of an entry
        self.affinity = np.ascontiguousarray(problem.affinity.T)
        self.open = np.ascontiguousarray((self.free & ~seats).T)
        self.members = [np.ascontiguousarray(rule.member.T) for rule in problem.seat_rules]
        size = problem.judges + 1
        self.gain = np.full((size, size), NOBODY)  # [a, b]: the most that a step from a to b is worth
        self.through = np.zeros((size, size), np.int64)  # [a, b]: the entry of that step

    def run(self) -> None:
        """Exchange until no chain helps; the worst tenth is marked off anew until that changes nothing either."""
        limit = self.moves + CHAINS_PER_ENTRY * max(1, len(self.asking))
        before = -1
        while before < self.moves < limit:
            before = self.moves
            self.weigh_all()
            while self.moves < limit and self._exchange():
                pass

    def weigh_all(self) -> None:
        """Write down what every step is worth now."""
        self.worth = self._worth()
        self._weigh(np.arange(self.problem.judges))

    def prices(self) -> Floats:
        """float[J]: what one more reading of each judge would be worth, in the unit of `Worth.of`.

        The longest ways through the steps, which no chain makes longer. Below 0 only for a judge who reads no more than
        they must, above 0 only for one who reads all that they may.
        """
        value = np.zeros(self.slack + 1)
        for _ in value:
            longer = (value[:, None] + self.gain).max(0)
            if (longer <= value + EQUAL).all():
                break
            value = np.maximum(value, longer)
        return value[:-1] - value[-1]

    def _worth(self) -> Worth:
        totals = self.total[self.asking]
        q = worst_count(len(totals))
        worst = float(np.partition(totals, q - 1)[q - 1]) if len(totals) else 0.0
        return Worth(self.goal, len(self.asking), self.floor, worst)

    def _weigh(self, judges: Integers) -> None:
        """Write again what every step away from these judges is worth, and whether their loads may change."""
        problem, slack = self.problem, self.slack
        for judge in judges:
            self.gain[judge, :slack] = NOBODY
            entries = np.flatnonzero(self.seats[judge] & self.free[judge])
            if len(entries):
                gain = self._gains(judge, entries)
                best = gain.argmax(0)
                self.gain[judge, :slack] = np.take_along_axis(gain, best[None], 0)[0]
                self.through[judge, :slack] = entries[best]
        self.gain[slack, judges] = np.where(self.load[judges] > problem.load_min[judges], 0, NOBODY)
        self.gain[judges, slack] = np.where(self.load[judges] < problem.load_max[judges], 0, NOBODY)

    def _gains(self, judge: int, entries: Integers) -> Floats:
        """float[entries, J]: the worth of each entry's giving up this judge for each other one."""
        total = self.total[entries]
        after = (total - self.affinity[entries, judge])[:, None] + self.affinity[entries]
        fits = self.open[entries]
        for rule, counts, member in zip(self.problem.seat_rules, self.counts, self.members, strict=True):
            count = (counts[entries] - member[entries, judge])[:, None] + member[entries]
            fits &= (count >= rule.least[entries, None]) & (count <= rule.most[entries, None])
        return np.where(fits, self.worth.of(after) - self.worth.of(total)[:, None], NOBODY)

    def _exchange(self) -> bool:
        """Do the chains found by one search that touch different entries; False if there are none."""
        touched: set[int] = set()
        judges: set[int] = set()
        found = False
        for chain in self._chains():
            found = True
            steps = self._steps(chain)
            entries = {step.entry for step in steps}
            if entries & touched:
                continue
            if self._helps(steps):
                self._do(steps)
                touched |= entries
                judges.update(chain)
            else:  # two steps at one entry: together they break a rule or are worth less
                self.gain[steps[0].leaving, steps[0].coming] = NOBODY
        judges.update(np.flatnonzero(self.seats[:, sorted(touched)].any(1)).tolist())
        self._weigh(np.array(sorted(judges - {self.slack}), int))
        return found

    def _steps(self, chain: list[int]) -> list[Step]:
        """The exchanges of a chain; what goes through the slack is none."""
        arcs = zip(chain, chain[1:] + chain[:1], strict=True)
        return [Step(int(self.through[a, b]), a, b) for a, b in arcs if self.slack not in (a, b)]

    def _chains(self) -> list[list[int]]:
        """Cycles of positive length: each judge's best predecessor is written down until some form a ring."""
        size = self.slack + 1
        value, previous = np.zeros(size), np.full(size, -1)
        nodes = np.arange(size)
        for _ in nodes:
            reach = value[:, None] + self.gain
            best = reach.argmax(0)
            reached = reach[best, nodes]
            better = reached > value + EQUAL
            if not better.any():
                return []
            value[better], previous[better] = reached[better], best[better]
            chains = list(_rings(previous.tolist()))
            if chains:
                return chains
        return []

    def _helps(self, steps: list[Step]) -> bool:
        """Whether the steps, all done, keep the rules of their entries and are worth something."""
        entries = {step.entry for step in steps}
        if len(entries) == len(steps):
            return bool(sum(self.gain[step.leaving, step.coming] for step in steps) > EQUAL)
        gain = 0.0
        for entry in sorted(entries):
            leaving = [step.leaving for step in steps if step.entry == entry]
            coming = [step.coming for step in steps if step.entry == entry]
            if set(leaving) & set(coming) or len(set(coming)) < len(coming):
                return False
            for rule, counts, member in zip(self.problem.seat_rules, self.counts, self.members, strict=True):
                count = counts[entry] - member[entry, leaving].sum() + member[entry, coming].sum()
                if not rule.least[entry] <= count <= rule.most[entry]:
                    return False
            total = self.total[[entry]]
            after = total - self.affinity[entry, leaving].sum() + self.affinity[entry, coming].sum()
            gain += float((self.worth.of(after) - self.worth.of(total))[0])
        return gain > EQUAL

    def _do(self, steps: list[Step]) -> None:
        for entry, leaving, coming in ((step.entry, step.leaving, step.coming) for step in steps):
            self.seats[leaving, entry], self.seats[coming, entry] = False, True
            self.open[entry, leaving], self.open[entry, coming] = True, False
            self.total[entry] += self.affinity[entry, coming] - self.affinity[entry, leaving]
            self.load[leaving] -= 1
            self.load[coming] += 1
            for counts, member in zip(self.counts, self.members, strict=True):
                counts[entry] += int(member[entry, coming]) - int(member[entry, leaving])
        self.moves += 1


def _rings(previous: list[int]) -> Iterator[list[int]]:
    """The rings of a graph in which every node has one predecessor (-1: none), each in the order of its arcs."""
    walk = [-1] * len(previous)
    for start in range(len(previous)):
        node, path = start, []
        while node >= 0 and walk[node] < 0:
            walk[node] = start
            path.append(node)
            node = previous[node]
        if node >= 0 and walk[node] == start and path:
            ring = path[path.index(node) :]
            yield ring[::-1]
