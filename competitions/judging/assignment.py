"""Who reads what: assignments that keep every hard rule, lift the worst-served entry first, and say how good they are.

Steps of `assign`: the best total as a flow (a linear program whose corners are whole seats); the highest floor that
every entry can have; with that floor, exchanges, and on small problems the exact optimum over the pairs that can
still matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from competitions.judging.exchange import Exchange
from competitions.judging.explanation import Explanation, explain
from competitions.judging.problem import AssignmentProblem, Booleans, Floats
from competitions.judging.program import (
    EQUAL,
    WORST_WEIGHT,
    Goal,
    Program,
    Solution,
    solve_all_pairs,
    worst_count,
)
from competitions.judging.reading import connected_components
from competitions.judging.shortages import Infeasible, require_possible_locks, shortages_of

EXACT_PAIRS = 25_000  # up to so many pairs, the objective is solved exactly over those that can still matter
EXACT_FLOOR_PAIRS = 3_000  # the highest floor over all pairs is much harder
NODES = 300  # branches of a whole-number program
WHOLE = 1e-6


@dataclass(frozen=True)
class Assignment:
    """Seats and how good they are. Totals are sums of affinities over an entry's judges, in the affinity's unit.

    seats           bool[J, E]
    total           sum over all entries
    minimum         the worst entry's total (entries without demand aside); 0 where nobody asks
    worst_tenth     mean of the worst tenth of entries' totals
    bound_total     no assignment that keeps the hard rules has a greater total
    bound_minimum   no assignment has a greater minimum
    gap             how far the objective is from the bound of its linear program with this floor, as a share of the
                    bound
    proven_minimum  whether `minimum` equals `bound_minimum`
    moves           exchanges made
    objective, seed what was asked
    components      int: groups of judges and entries that nothing connects (1 where a common ranking is possible)
    """

    problem: AssignmentProblem = field(repr=False)
    seats: Booleans = field(repr=False)
    total: float
    minimum: float
    worst_tenth: float
    bound_total: float
    bound_minimum: float
    gap: float
    proven_minimum: bool
    moves: int
    objective: str
    seed: int
    components: int

    def explain(self) -> Explanation:
        """Reasons for each seat, what limited each entry, the load of each judge."""
        return explain(self.problem, self.seats)


@dataclass(frozen=True)
class _State:
    seats: Booleans
    moves: int


def assign(
    problem: AssignmentProblem,
    *,
    objective: Literal["fair", "total"] = "fair",
    seed: int = 0,
    floor: Literal["highest"] | None = "highest",
    progress: Callable[[str, float], None] | None = None,
) -> Assignment:
    """The best assignment found; the same for the same problem and seed; ties go by index.

    objective   "fair": with the highest floor, mean + 0.5 x mean of the worst tenth of entries' totals;
                "total": with the highest floor, the sum of affinities
    floor       None: do not lift the worst entry first; "total" is then the optimum of the plain flow
    seed        which of several equally good assignments: it turns the order of judges and entries, which decides
                ties; 0 keeps it

    progress    called with what is done now and how much is done, 0 to 1

    Raises Infeasible with shortages where the hard rules cannot all hold, ValueError for an unknown objective.
    """
    if objective not in ("fair", "total"):
        raise ValueError(f'objective is {objective!r}; expected "fair" or "total"')
    if floor not in ("highest", None):
        raise ValueError(f'floor is {floor!r}; expected "highest" or None')
    require_possible_locks(problem)
    if not (problem.demand > 0).any():
        return _without_demand(problem, objective, seed)
    turned, back = _turned(problem, seed)
    goal = Goal(objective)
    tell = progress or (lambda what, share: None)
    tell("the greatest total", 0.0)
    start, bound_total = _best_total(turned)
    if floor is None and goal is Goal.TOTAL:
        return measured(problem, back(start), objective, seed, bounds=(bound_total, free_bound(problem), bound_total))
    state, bound_minimum = _State(start, 0), free_bound(problem)
    reached = None
    tell("the highest floor", 0.3)
    if floor:
        state, reached, bound_minimum = _highest_floor(turned, state)
    tell("exchanges", 0.5)
    state = _exchanged(turned, state, goal, reached)
    tell("the bound", 0.7)
    bound, program = _bound(turned, goal, reached)
    tell("the exact optimum", 0.9)
    state = _exact(turned, state, goal, bound, program)
    tell("done", 1.0)
    bounds = (bound_total, bound_minimum, bound.value)
    return measured(problem, back(state.seats), objective, seed, moves=state.moves, bounds=bounds)


def _turned(problem: AssignmentProblem, seed: int) -> tuple[AssignmentProblem, Callable[[Booleans], Booleans]]:
    """The problem with judges and entries in another order, and the way back. Among equal assignments the order
    decides.
    """
    if seed == 0:
        return problem, lambda seats: seats
    random = np.random.default_rng(seed)
    judges, entries = random.permutation(problem.judges), random.permutation(problem.entries)

    def matrix(value: Booleans | None) -> Booleans | None:
        return None if value is None else value[np.ix_(judges, entries)]

    most = problem.own_country_max
    turned = AssignmentProblem(
        affinity=matrix(problem.affinity),
        forbidden=matrix(problem.forbidden),
        demand=problem.demand[entries],
        load_min=problem.load_min[judges],
        load_max=problem.load_max[judges],
        own_country=matrix(problem.own_country),
        own_country_max=None if most is None else np.asarray(most)[entries],
        locked=matrix(problem.locked),
        sector=matrix(problem.sector),
        outside=matrix(problem.outside),
    )

    def back(seats: Booleans) -> Booleans:
        straight = np.empty_like(seats)
        straight[np.ix_(judges, entries)] = seats
        return straight

    return turned, back


def measured(
    problem: AssignmentProblem,
    seats: Booleans,
    objective: str,
    seed: int,
    *,
    moves: int = 0,
    bounds: tuple[float, float, float] | None = None,
) -> Assignment:
    """An assignment with its figures; `bounds` of total, minimum and objective (worked out if not given)."""
    totals = totals_of(problem, seats)
    if bounds is None:
        total = solve_all_pairs(problem, Goal.TOTAL)[0].value
        bounds = (total, free_bound(problem), total)
    total, least = float(totals.sum()), float(totals.min(initial=np.inf))
    least = least if np.isfinite(least) else 0.0
    bound_total, bound_minimum, bound = max(bounds[0], total), max(bounds[1], least), bounds[2]
    reached = objective_value(problem, seats, Goal(objective))
    gap = max(0.0, (bound - reached) / abs(bound)) if bound else 0.0
    return Assignment(
        problem=problem,
        seats=seats,
        total=total,
        minimum=least,
        worst_tenth=worst_tenth(totals),
        bound_total=bound_total,
        bound_minimum=bound_minimum,
        gap=gap,
        proven_minimum=least >= bound_minimum - EQUAL,
        moves=moves,
        objective=objective,
        seed=seed,
        components=len(connected_components(seats)),
    )


def _without_demand(problem: AssignmentProblem, objective: str, seed: int) -> Assignment:
    if (problem.load_min > 0).any():
        raise Infeasible(shortages_of(problem))
    return measured(problem, np.zeros(problem.affinity.shape, bool), objective, seed, bounds=(0.0, 0.0, 0.0))


def _best_total(problem: AssignmentProblem) -> tuple[Booleans, float]:
    """Whole seats of the greatest total and the bound of the linear program."""
    solution, program = solve_all_pairs(problem, Goal.TOTAL)
    if solution is None:
        raise Infeasible(shortages_of(problem))
    bound = solution.value
    if np.abs(solution.seats - np.round(solution.seats)).max() > WHOLE:
        whole = Program(problem, problem.allowed, Goal.TOTAL).solve_whole(nodes=100_000)
        if whole is None:
            raise Infeasible(shortages_of(problem))
        solution = whole
    seats = np.round(solution.seats).astype(bool)
    return seats, max(bound, float(problem.affinity[seats].sum()))


def free_bound(problem: AssignmentProblem) -> float:
    """No assignment gives every entry more: the total of the best judges that the worst entry may have at all."""
    asking = np.flatnonzero(problem.demand > 0)
    if not len(asking):
        return 0.0
    score = np.where(problem.allowed, problem.affinity, -np.inf)
    rule = next((rule for rule in problem.seat_rules if rule.name == "own country"), None)
    order = np.argsort(-score, axis=0, kind="stable")
    ranked = np.take_along_axis(score, order, 0)
    take = np.ones(ranked.shape, bool)
    if rule is not None:
        own = np.take_along_axis(rule.member, order, 0)
        take = ~own | (own.cumsum(0) <= rule.most[None, :])
    ranked = np.where(take, ranked, -np.inf)
    place = take.cumsum(0) - 1
    chosen = take & (place < problem.demand[None, :])
    totals = np.where(chosen & np.isfinite(ranked), ranked, 0).sum(0)
    return float(totals[asking].min())


def _highest_floor(problem: AssignmentProblem, state: _State) -> tuple[_State, float, float]:
    """Seats whose worst entry has as much as was found possible; that floor; the bound that no assignment exceeds."""
    bound = free_bound(problem)
    state = _exchanged(problem, state, Goal.TOTAL, bound)
    reached = _minimum(problem, state.seats)
    if reached >= bound - EQUAL:
        return state, reached, max(bound, reached)
    solution, program = solve_all_pairs(problem, Goal.MINIMUM)
    bound = min(bound, solution.value)
    if reached < bound - EQUAL:
        state = _exchanged(problem, state, Goal.TOTAL, bound)
        reached = _minimum(problem, state.seats)
    if reached < bound - EQUAL and program.pairs <= EXACT_FLOOR_PAIRS:
        whole = Program(problem, problem.allowed, Goal.MINIMUM).solve_whole(nodes=NODES)
        if whole is not None:
            bound = min(bound, whole.bound)
            seats = whole.seats.astype(bool)
            if _minimum(problem, seats) > reached + EQUAL:
                state, reached = _State(seats, state.moves), _minimum(problem, seats)
    return state, reached, max(bound, reached)


def _exchanged(problem: AssignmentProblem, state: _State, goal: Goal, floor: float | None) -> _State:
    search = Exchange(problem, state.seats, goal, floor)
    search.run()
    return _State(search.seats, state.moves + search.moves)


def _bound(problem: AssignmentProblem, goal: Goal, floor: float | None) -> tuple[Solution, Program]:
    """The optimum with parts of seats: what no assignment with this floor exceeds."""
    least = None if floor is None else floor - EQUAL
    solution, program = solve_all_pairs(problem, goal, floor=least)
    if solution is None:
        raise ArithmeticError("the linear program has no solution where an assignment was found")
    return solution, program


def _exact(problem: AssignmentProblem, state: _State, goal: Goal, bound: Solution, program: Program) -> _State:
    """On small problems the optimum over the pairs whose price does not rule them out of anything better."""
    reached = objective_value(problem, state.seats, goal)
    spare = bound.value - reached
    if spare <= EQUAL or bound.prices is None:
        return state
    keep = problem.allowed & ((bound.prices >= -spare - EQUAL) | state.seats)
    if keep.sum() > EXACT_PAIRS:
        return state
    whole = Program(problem, keep, goal, program.floor).solve_whole(nodes=NODES, tolerance=1e-6)
    if whole is None:
        return state
    seats = whole.seats.astype(bool)
    if objective_value(problem, seats, goal) <= reached + EQUAL:
        return state
    return _State(seats, state.moves)


def totals_of(problem: AssignmentProblem, seats: Booleans) -> Floats:
    """float[asking]: the total of each entry that asks for judges."""
    return np.where(seats, problem.affinity, 0).sum(0)[problem.demand > 0]


def objective_value(problem: AssignmentProblem, seats: Booleans, goal: Goal) -> float:
    totals = totals_of(problem, seats)
    if goal is Goal.TOTAL or not len(totals):
        return float(totals.sum())
    return float(totals.mean()) + WORST_WEIGHT * worst_tenth(totals)


def worst_tenth(totals: Floats) -> float:
    """Mean of the worst tenth, at least of one; 0 of nothing."""
    if not len(totals):
        return 0.0
    return float(np.sort(totals)[: worst_count(len(totals))].mean())


def _minimum(problem: AssignmentProblem, seats: Booleans) -> float:
    return float(totals_of(problem, seats).min())
