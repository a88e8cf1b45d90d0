"""Why a seat is a seat: the parts of its affinity, what an entry could not have, how much each judge reads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .arrays import Booleans
from .problem import AssignmentProblem, SeatRule

FULL, LEAST_LOAD, LOCKED, ELSEWHERE, POSSIBLE = "full", "least load", "locked", "elsewhere", "possible"


@dataclass(frozen=True)
class SeatReason:
    """`rank`: the judge's place among those allowed to the entry by affinity, 1 the best. `parts`: name -> value of
    each part, in the unit in which it was given. `locked`: the seat was to stay, whatever else.
    """

    judge: int
    entry: int
    affinity: float
    rank: int
    parts: Mapping[str, float]
    locked: bool


@dataclass(frozen=True)
class EntryReason:
    """`total` of its judges; `best`: that of the judges who suit it best among those allowed to it, by affinity alone,
    loads, caps and other rules aside (`bound_minimum` of an assignment takes an own-country cap into account).

    `limits`: judges among those best whom it has not -> what keeps them from taking the place of one of its judges who
    suits it less, everything else as it is:

    full           they read as much as they may
    least load     the other one must not read less
    locked         the seat of the other one is locked
    own country, sector, outside   without the other one, or with them, the rule of this name would be broken
    elsewhere      they could only come by a swap that costs another entry: the other one would take a seat of theirs
                   there, every rule kept, and that entry would lose by it. What is checked is that this entry loses,
                   not that all entries together do
    possible       nothing: the seats are not the best, as after a change that was to move few

    Where nobody's place could be had by lifting one of these alone, all that must be lifted for one are named, with
    commas between.
    """

    entry: int
    total: float
    best: float
    limits: Mapping[int, str]


@dataclass(frozen=True)
class JudgeReason:
    """How much a judge reads, and how little and much they may."""

    judge: int
    load: int
    load_min: int
    load_max: int


@dataclass(frozen=True)
class Explanation:
    """Reasons of an assignment: `seats` entry by entry, each entry's judges in the order of their affinity; `entries`
    and `judges` in their own order, all of them.
    """

    seats: tuple[SeatReason, ...]
    entries: tuple[EntryReason, ...]
    judges: tuple[JudgeReason, ...]


def explain(problem: AssignmentProblem, seats: Booleans) -> Explanation:
    """Reasons of an assignment's seats (bool[J, E]), entry by entry."""
    load = seats.sum(1)
    reasons, entries = [], []
    for entry in range(problem.entries):
        order = np.argsort(-np.where(problem.allowed[:, entry], problem.affinity[:, entry], -np.inf), kind="stable")
        place = {int(judge): rank for rank, judge in enumerate(order, 1)}
        seated = [int(judge) for judge in order if seats[judge, entry]]
        for judge in seated:
            parts = {name: float(part[judge, entry]) for name, part in problem.parts.items()}
            affinity = float(problem.affinity[judge, entry])
            reasons.append(SeatReason(judge, entry, affinity, place[judge], parts, bool(problem.held[judge, entry])))
        entries.append(_entry_reason(problem, seats, load, entry, order, seated))
    judges = tuple(
        JudgeReason(judge, int(load[judge]), int(problem.load_min[judge]), int(problem.load_max[judge]))
        for judge in range(problem.judges)
    )
    return Explanation(tuple(reasons), tuple(entries), judges)


def _entry_reason(
    problem: AssignmentProblem, seats: Booleans, load: np.ndarray, entry: int, order: np.ndarray, seated: list[int]
) -> EntryReason:
    demand, affinity = int(problem.demand[entry]), problem.affinity[:, entry]
    able = [int(judge) for judge in order if problem.allowed[judge, entry]]
    limits = {}
    for judge in able[:demand]:
        lesser = [other for other in reversed(seated) if affinity[other] < affinity[judge]]
        if judge not in seated and lesser:
            limits[judge] = _why_not(problem, seats, load, entry, judge, lesser)
    return EntryReason(entry, float(affinity[seated].sum()), float(affinity[able[:demand]].sum()), limits)


def _why_not(
    problem: AssignmentProblem, seats: Booleans, load: np.ndarray, entry: int, judge: int, lesser: list[int]
) -> str:
    """The fewest things that keep a judge from the seat of a lesser one, the least one first."""
    against = [_against(problem, seats, load, entry, judge, other) for other in lesser]
    fewest = min(against, key=len)
    if fewest not in ([LEAST_LOAD], [FULL, LEAST_LOAD]):
        return ", ".join(fewest) or POSSIBLE
    others = [other for other, things in zip(lesser, against, strict=True) if things == fewest]
    swaps = any(_would_cost_elsewhere(problem, seats, entry, judge, other) for other in others)
    return ELSEWHERE if swaps else ", ".join(fewest)


def _against(
    problem: AssignmentProblem, seats: Booleans, load: np.ndarray, entry: int, judge: int, other: int
) -> list[str]:
    """What is against a judge's taking the seat of another one."""
    found = [LOCKED] if problem.held[other, entry] else []
    found += [rule.name for rule in problem.seat_rules if not _holds(rule, seats, entry, judge, other)]
    found += [FULL] if load[judge] >= problem.load_max[judge] else []
    return found + ([LEAST_LOAD] if load[other] <= problem.load_min[other] else [])


def _holds(rule: SeatRule, seats: Booleans, entry: int, coming: int, leaving: int) -> bool:
    """Whether an entry's rule is kept when one judge takes the seat of another."""
    member = rule.member[:, entry]
    count = int((seats[:, entry] & member).sum()) + int(member[coming]) - int(member[leaving])
    return bool(rule.least[entry] <= count <= rule.most[entry])


def _would_cost_elsewhere(problem: AssignmentProblem, seats: Booleans, entry: int, judge: int, other: int) -> bool:
    """Whether the judge could give the other one a seat in exchange, at an entry that would lose by it."""
    given = seats[judge] & ~problem.held[judge] & problem.allowed[other] & ~seats[other]
    given &= problem.affinity[other] < problem.affinity[judge]
    return any(
        all(_holds(rule, seats, there, other, judge) for rule in problem.seat_rules)
        for there in np.flatnonzero(given).tolist()
        if there != entry
    )
