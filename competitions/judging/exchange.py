"""Improving an assignment by exchanges that keep every hard rule, until none helps.

Two kinds of move: entry i gives up judge a for judge b, where the loads allow it; or it takes b from another entry f,
which takes a for it. Each step does the best move of the worst entry that has one. Stops when a whole round finds
nothing or after a number of moves, never by the clock, so that the same input gives the same output.
"""

from dataclasses import dataclass

import numpy as np

from competitions.judging.problem import AssignmentProblem, Booleans, Floats
from competitions.judging.program import EQUAL, WORST_WEIGHT, Goal, worst_count

FLOOR_WEIGHT = 100.0  # what a missed unit of the floor counts beside a unit of total
MOVES_PER_ENTRY = 40


@dataclass(frozen=True)
class Worth:
    """What an entry's total is worth: concave, so that lifting the worst counts most."""

    goal: Goal
    entries: int
    floor: float
    worst: float  # the total below which an entry is among the worst tenth

    def of(self, total: Floats) -> Floats:
        missed = FLOOR_WEIGHT * np.maximum(0, self.floor - EQUAL - total)
        if self.goal is Goal.TOTAL:
            return total - missed
        tail = WORST_WEIGHT * self.entries / worst_count(self.entries)
        return total - tail * np.maximum(0, self.worst - total) - missed


class Exchange:
    """Seats that are moved one by one. `seats` bool[J, E] keeps every hard rule, before and after each move."""

    def __init__(
        self, problem: AssignmentProblem, seats: Booleans, goal: Goal, floor: float | None, candidates: int = 60
    ) -> None:
        self.problem, self.goal = problem, goal
        self.floor = -np.inf if floor is None else floor
        self.affinity = problem.affinity
        self.seats = seats.copy()
        self.moves = 0
        self.asking = np.flatnonzero(problem.demand > 0)
        self.total = np.where(seats, self.affinity, 0).sum(0)
        self.load = seats.sum(1)
        self.free = problem.allowed & ~problem.held
        self.rules = problem.seat_rules
        self.counts = [(seats & rule.member).sum(0) for rule in self.rules]
        score = np.where(self.free, self.affinity, -np.inf)
        count = min(candidates, problem.judges)
        part = np.argpartition(-score, count - 1, axis=0)[:count] if count else np.zeros((0, problem.entries), int)
        order = np.lexsort((part, -np.take_along_axis(score, part, 0)), axis=0)
        self.candidates = np.take_along_axis(part, order, 0)
        width = max(1, int(problem.load_max.max(initial=0)))
        self.reads = np.full((problem.judges, width), -1)
        for judge in range(problem.judges):
            own = np.flatnonzero(seats[judge])
            self.reads[judge, : len(own)] = own

    def run(self) -> None:
        """Exchange until a whole round finds nothing."""
        limit = self.moves + MOVES_PER_ENTRY * max(1, len(self.asking))
        waiting = np.zeros(self.problem.entries, bool)
        waiting[self.asking] = True
        while self.moves < limit:
            worth = self._worth()
            moved = False
            for entry in self.asking[np.argsort(self.total[self.asking], kind="stable")]:
                if waiting[entry]:
                    touched = self._improve(int(entry), worth)
                    waiting[entry] = False
                    if touched:
                        moved = True
                        waiting[list(touched)] = True
            if not moved:
                return
            waiting[self.asking] = True

    def _worth(self) -> Worth:
        totals = self.total[self.asking]
        q = worst_count(len(totals))
        worst = float(np.partition(totals, q - 1)[q - 1]) if len(totals) else 0.0
        return Worth(self.goal, len(self.asking), self.floor, worst)

    def _improve(self, entry: int, worth: Worth) -> tuple[int, ...]:
        """Do the best move of an entry; the entries that it touched."""
        own = np.flatnonzero(self.seats[:, entry] & self.free[:, entry])
        others = self.candidates[:, entry]
        others = others[self.free[others, entry] & ~self.seats[others, entry]]
        if not len(own) or not len(others):
            return ()
        gain = worth.of(
            self.total[entry] - self.affinity[own, entry][:, None] + self.affinity[others, entry][None, :]
        ) - worth.of(self.total[entry : entry + 1])
        fits = self._rules_allow(entry, own[:, None], others[None, :])
        best, move = self._best_change(own, others, gain, fits)
        swap_gain, swap = self._best_swap(entry, own, others, gain, fits, worth)
        if swap is not None and swap_gain > best:
            best, move = swap_gain, swap
        if move is None:
            return ()
        return self._do(entry, *move)

    def _best_change(
        self, own: np.ndarray, others: np.ndarray, gain: Floats, fits: Booleans
    ) -> tuple[float, tuple | None]:
        problem = self.problem
        able = (
            fits
            & (self.load[own] > problem.load_min[own])[:, None]
            & (self.load[others] < problem.load_max[others])[None, :]
        )
        value = np.where(able, gain, -np.inf)
        at = int(value.argmax())
        a, b = divmod(at, len(others))
        if value[a, b] <= EQUAL:
            return EQUAL, None
        return float(value[a, b]), (int(own[a]), int(others[b]), -1)

    def _best_swap(
        self, entry: int, own: np.ndarray, others: np.ndarray, gain: Floats, fits: Booleans, worth: Worth
    ) -> tuple[float, tuple | None]:
        reads = self.reads[others]
        b, slot = np.nonzero(reads >= 0)
        there = reads[b, slot]  # entry that judge others[b] would give up
        judge = others[b]
        keeps = self.free[judge, there]
        b, there, judge = b[keeps], there[keeps], judge[keeps]
        if not len(there):
            return EQUAL, None
        able = self.free[np.ix_(own, there)] & ~self.seats[np.ix_(own, there)] & fits[:, b]
        able &= self._rules_allow(there[None, :], judge[None, :], own[:, None])
        a, at = np.nonzero(able)
        if not len(a):
            return EQUAL, None
        other, given = there[at], judge[at]
        loss = worth.of(self.total[other] - self.affinity[given, other] + self.affinity[own[a], other]) - worth.of(
            self.total[other]
        )
        value = gain[a, b[at]] + loss
        best = int(value.argmax())
        if value[best] <= EQUAL:
            return EQUAL, None
        return float(value[best]), (int(own[a[best]]), int(given[best]), int(other[best]))

    def _rules_allow(self, entry: np.ndarray | int, leaving: np.ndarray, coming: np.ndarray) -> Booleans:
        """Whether an entry's seat rules hold after one judge left it and another came."""
        allow: Booleans | np.bool_ = np.True_
        for rule, counts in zip(self.rules, self.counts, strict=True):
            after = counts[entry] - rule.member[leaving, entry].astype(int) + rule.member[coming, entry]
            allow = allow & (after >= rule.least[entry]) & (after <= rule.most[entry])
        shape = np.broadcast_shapes(np.shape(entry), leaving.shape, coming.shape)
        return np.broadcast_to(allow, shape)

    def _do(self, entry: int, leaving: int, coming: int, other: int) -> tuple[int, ...]:
        self._seat(entry, leaving, coming)
        if other >= 0:
            self._seat(other, coming, leaving)
            self._reread(leaving, entry, other)
            self._reread(coming, other, entry)
            touched = (entry, other)
        else:
            self._reread(leaving, entry, -1)
            self._reread(coming, -1, entry)
            self.load[leaving] -= 1
            self.load[coming] += 1
            touched = (entry,)
        self.moves += 1
        return touched

    def _seat(self, entry: int, leaving: int, coming: int) -> None:
        self.seats[leaving, entry] = False
        self.seats[coming, entry] = True
        self.total[entry] += self.affinity[coming, entry] - self.affinity[leaving, entry]
        for rule, counts in zip(self.rules, self.counts, strict=True):
            counts[entry] += int(rule.member[coming, entry]) - int(rule.member[leaving, entry])

    def _reread(self, judge: int, old: int, new: int) -> None:
        place = int(np.flatnonzero(self.reads[judge] == old)[0])
        self.reads[judge, place] = new
