"""Why a seat is a seat: the parts of its affinity, what an entry could not have, how much each judge reads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from competitions.judging.problem import AssignmentProblem, Booleans


@dataclass(frozen=True)
class SeatReason:
    """`rank`: the judge's place among those allowed to the entry by affinity, 1 the best. `parts`: name -> share of
    affinity.
    """

    judge: int
    entry: int
    affinity: float
    rank: int
    parts: Mapping[str, float]
    locked: bool


@dataclass(frozen=True)
class EntryReason:
    """`total` of its judges, `best` what its own best judges would give; `limits`: judges it would rather have -> why
    not.
    """

    entry: int
    total: float
    best: float
    limits: Mapping[int, str]


@dataclass(frozen=True)
class JudgeReason:
    judge: int
    load: int
    load_min: int
    load_max: int


@dataclass(frozen=True)
class Explanation:
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
        own = [int(judge) for judge in order if seats[judge, entry]]
        for judge in own:
            parts = {name: float(part[judge, entry]) for name, part in problem.parts.items()}
            affinity = float(problem.affinity[judge, entry])
            reasons.append(SeatReason(judge, entry, affinity, place[judge], parts, bool(problem.held[judge, entry])))
        entries.append(_entry_reason(problem, seats, load, entry, order, own))
    judges = tuple(
        JudgeReason(judge, int(load[judge]), int(problem.load_min[judge]), int(problem.load_max[judge]))
        for judge in range(problem.judges)
    )
    return Explanation(tuple(reasons), tuple(entries), judges)


def _entry_reason(
    problem: AssignmentProblem, seats: Booleans, load: np.ndarray, entry: int, order: np.ndarray, own: list[int]
) -> EntryReason:
    demand = int(problem.demand[entry])
    total = float(problem.affinity[own, entry].sum())
    able = [int(judge) for judge in order if problem.allowed[judge, entry]]
    best = float(problem.affinity[able[:demand], entry].sum())
    worst = min((problem.affinity[judge, entry] for judge in own), default=np.inf)
    wanted = [judge for judge in able[:demand] if judge not in own and problem.affinity[judge, entry] > worst]
    return EntryReason(entry, total, best, {judge: _why_not(problem, seats, load, entry, judge) for judge in wanted})


def _why_not(problem: AssignmentProblem, seats: Booleans, load: np.ndarray, entry: int, judge: int) -> str:
    """`full`: the judge reads as much as they may; the name of a seat rule that they would break; `elsewhere`: needed
    more there.
    """
    for rule in problem.seat_rules:
        if (
            rule.member[judge, entry]
            and (seats[:, entry] & rule.member[:, entry]).sum() >= rule.most[entry] < problem.demand[entry]
        ):
            return rule.name
    return "full" if load[judge] >= problem.load_max[judge] else "elsewhere"
