"""Assigning again after a change: as few seats move as must."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Booleans
from .assignment import (
    Assignment,
    Ceilings,
    free_bound,
    greatest_total,
    infeasible,
    measured,
    scaled_and_permuted,
    total_bound,
)
from .exchange import Exchange
from .problem import AssignmentProblem, matrix, problem_of
from .program import Goal
from .shortages import require_possible_locks


@dataclass(frozen=True)
class Reassignment(Assignment):
    """`objective` is "total" and `moves` 0. Bounds and `gap` are beside the assignment made freely, without a floor:
    `gap` is what staying costs at the most.

    lost_seats      seats of before that are now forbidden, or whose judge has load_max 0 or entry demand 0; those that
                    only a lower load or demand takes away are not counted
    changed_seats   seats that are new; as many as are lost where the demand stayed, unless a rule makes others move
    """

    changed_seats: int = 0
    lost_seats: int = 0


def reassign(problem: AssignmentProblem, previous_seats: ArrayLike, *, seed: int = 0) -> Reassignment:
    """The assignment that keeps most of the seats of before, and of those the one of greatest total.

    problem          as it is now: a judge who dropped out has load_max 0, a withdrawn entry a demand of 0, a
                     conflict is forbidden
    previous_seats   bool[J, E], from `assign`
    seed             which of several equally good assignments, as in `assign`

    Raises Infeasible and ArithmeticError as `assign` does, ValueError that says what is wrong with `previous_seats` or
    `seed`.
    """
    problem = problem_of(problem)
    previous = matrix("previous_seats", previous_seats, problem.affinity.shape, bool)
    as_solved = scaled_and_permuted(problem, seed)
    require_possible_locks(problem)
    kept = previous & problem.allowed
    seats = _fewest_changes(as_solved.problem, as_solved.to_solved(kept))
    if seats is None:
        raise infeasible(problem)
    best = Exchange(as_solved.problem, seats, Goal.TOTAL, None)
    best.run()
    total = total_bound(as_solved.problem, best)
    ceilings = Ceilings(total, free_bound(as_solved.problem), total).times(as_solved.unit)
    base = measured(problem, as_solved.to_asked(seats), "total", seed, ceilings=ceilings, unit=as_solved.unit)
    return Reassignment(
        **{name: getattr(base, name) for name in Assignment.__dataclass_fields__},
        changed_seats=int((base.seats & ~previous).sum()),
        lost_seats=int((previous & ~kept).sum()),
    )


def _fewest_changes(problem: AssignmentProblem, kept: Booleans) -> Booleans | None:
    """Fewest changes first, then the greatest total: a kept seat is worth more than all that affinities could give."""
    span = float(np.ptp(problem.affinity)) if problem.affinity.size else 0.0
    # a cycle of changes that gives up one kept seat wins at most `span` for each seat that is new in it
    new = int(np.minimum(problem.demand, problem.judges).sum()) - int(kept.sum())
    stay = 1 + span * (2 + 2 * max(0, new))
    weighed = replace(problem, affinity=problem.affinity + stay * kept)
    greatest = greatest_total(weighed)
    return None if greatest is None else greatest[0]
