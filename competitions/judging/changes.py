"""Assigning again after a change: as few seats move as must."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from competitions.judging.assignment import Assignment, free_bound, greatest_total, measured, total_bound
from competitions.judging.exchange import Exchange
from competitions.judging.problem import AssignmentProblem, Booleans
from competitions.judging.program import Goal
from competitions.judging.shortages import require_possible_locks


@dataclass(frozen=True)
class Reassignment(Assignment):
    """`lost_seats`: seats of before that the problem does not allow any more. `changed_seats`: seats that are new.
    Where the
    demand stayed, changed seats equal lost seats, unless a rule makes others move."""

    changed_seats: int = 0
    lost_seats: int = 0


def reassign(problem: AssignmentProblem, previous_seats: ArrayLike, *, seed: int = 0) -> Reassignment:
    """The assignment that keeps most of the seats of before, and of those the one of greatest total.

    problem          as it is now: a judge who dropped out has load_max 0, a withdrawn entry a demand of 0, a conflict
                     is
                     forbidden
    previous_seats   bool[J, E], from `assign`

    Raises Infeasible as `assign` does, ValueError where the shapes differ.
    """
    previous = np.asarray(previous_seats)
    if previous.shape != problem.affinity.shape:
        raise ValueError(
            f"previous_seats has the shape {previous.shape}; expected {problem.affinity.shape}, judges x entries"
        )
    previous = previous.astype(bool)
    require_possible_locks(problem)
    kept = previous & problem.allowed
    seats = _fewest_changes(problem, kept)
    best = Exchange(problem, seats, Goal.TOTAL, None)
    best.run()
    total = total_bound(problem, best)
    base = measured(problem, seats, "total", seed, bounds=(total, free_bound(problem), total))
    return Reassignment(
        **{name: getattr(base, name) for name in Assignment.__dataclass_fields__},
        changed_seats=int((seats & ~previous).sum()),
        lost_seats=int((previous & ~kept).sum()),
    )


def _fewest_changes(problem: AssignmentProblem, kept: Booleans) -> Booleans:
    """A kept seat is worth more than everything that affinities could give: fewest changes first, then the greatest
    total.
    """
    span = float(np.ptp(problem.affinity)) if problem.affinity.size else 0.0
    # a cycle of changes that gives up one kept seat wins at most `span` for each seat that is new in it
    stay = 1 + span * (2 + 2 * int(problem.demand.sum() - kept.sum()))
    weighed = replace(problem, affinity=problem.affinity + stay * kept)
    seats, _ = greatest_total(weighed)
    return seats
