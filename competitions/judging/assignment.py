"""Who reads what: assignments that keep every hard rule, lift the worst-served entry first, and say how good they are.

Steps of `assign`: the greatest total, a flow; the highest floor that every entry can have; with that floor, chains of
exchanges towards the objective. A small problem is then solved in whole numbers over the pairs that can still matter,
as far as a limit of branches allows. The bounds are those of linear programs, on larger problems found from prices.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .arrays import Booleans, Floats, Integers, listener, whole
from .bounds import Relaxation
from .connections import connected_components
from .exchange import Exchange
from .explanation import Explanation, explain
from .problem import AssignmentProblem, problem_of
from .program import (
    EQUAL,
    WORST_WEIGHT,
    Goal,
    Program,
    Solution,
    solve_all_pairs,
    worst_count,
)
from .shortages import Infeasible, require_possible_locks, shortages_of

SMALL_PAIRS = 80_000  # up to so many allowed pairs, linear programs over all of them are solved
EXACT_PAIRS = 6_000  # up to so many pairs that can still matter, the objective is solved in whole numbers
EXACT_FLOOR_PAIRS = 3_000  # the highest floor over all pairs is much harder
MANY_NODES = 100_000  # where rules cross, until seats are found at all
NODES = 300  # branches of a whole-number program
HALVINGS = 8  # of the distance between a floor that is reached and one that cannot be exceeded
WHOLE = 1e-6  # how far from a whole number HiGHS's answer may be that is meant as one


@dataclass(frozen=True)
class Assignment:
    """Seats and how good they are. Totals are sums of affinities over an entry's judges, in the affinity's unit.

    seats           bool[J, E]
    total           sum over all entries
    minimum         the worst entry's total (entries without demand aside); 0 where nobody asks
    worst_tenth     mean of the worst tenth of entries' totals
    bound_total     no assignment that keeps the hard rules has a greater total
    bound_minimum   no assignment has a greater minimum
    gap             relative distance of the objective to its bound with the floor that was reached, as a share of the
                    bound; of a bound of 0, 0 if it is reached, infinite if not. The bound is that of the whole-number
                    program where this was solved (up to 6,000 pairs that can matter), and an optimal assignment then
                    has a gap of 0, to a millionth; else that of the linear program, or of prices, and an optimal
                    assignment can have a gap above 0
    proven_minimum  whether `minimum` equals `bound_minimum`
    moves           chains of exchanges made, each at one entry or more
    objective, seed what was asked
    components      int: groups of judges and entries that nothing connects (1 where a common ranking is possible; 0
                    without a seat)
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
class Ceilings:
    """What no assignment exceeds: in total, in the worst entry's total, and in the objective with the floor reached."""

    total: float
    minimum: float
    objective: float

    def times(self, unit: float) -> "Ceilings":
        return Ceilings(self.total * unit, self.minimum * unit, self.objective * unit)


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
    floor       None: do not lift the worst entry first; "total" is then the optimum where the hard rules are a network;
                else see `gap`
    seed        which of several equally good assignments: it permutes judges and entries, whose order decides ties; 0
                keeps it

    progress    called with what is done now and how much is done, 0 to 1

    Raises Infeasible with shortages where the hard rules cannot all hold, ValueError for an unknown objective, floor or
    seed, ArithmeticError if a solver (HiGHS) does not come to an end, or, where rules cross, finds no seats though
    nothing is missing.
    """
    problem = problem_of(problem)
    if objective not in ("fair", "total"):
        raise ValueError(f'objective is {objective!r}; expected "fair" or "total"')
    if floor not in ("highest", None):
        raise ValueError(f'floor is {floor!r}; expected "highest" or None')
    tell = listener(progress)
    as_solved = scaled_and_permuted(problem, seed)
    require_possible_locks(problem)
    if not (problem.demand > 0).any():
        return _without_demand(problem, objective, seed)
    found = _solved(as_solved.problem, Goal(objective), floor, tell)
    if found is None:
        raise infeasible(problem)
    state, ceilings = found
    seats = as_solved.to_asked(state.seats)
    ceilings = ceilings.times(as_solved.unit)
    return measured(problem, seats, objective, seed, moves=state.moves, ceilings=ceilings, unit=as_solved.unit)


def _solved(
    problem: AssignmentProblem, goal: Goal, floor: str | None, tell: Callable[[str, float], None]
) -> tuple[_State, Ceilings] | None:
    """None if no seats that keep the hard rules were found."""
    tell("the greatest total", 0.0)
    greatest = greatest_total(problem)
    if greatest is None:
        return None
    seats, total = greatest
    state, lowest, minimum = _State(seats, 0), None, free_bound(problem)
    if floor is None and goal is Goal.TOTAL:
        return state, Ceilings(total, minimum, total)
    tell("the highest floor", 0.3)
    if floor:
        state, lowest, minimum = _highest_floor(problem, state)
    tell("exchanges", 0.5)
    state = _exchanged(problem, state, goal, lowest)
    tell("the bound", 0.8)
    if _is_small(problem):
        state, bound = _exact(problem, state, goal, lowest)
    else:
        bound = _bound(problem, state.seats, goal, lowest)
    tell("done", 1.0)
    return state, Ceilings(total, minimum, bound)


@dataclass(frozen=True)
class AsSolved:
    """A problem as it is solved: judges and entries in the order of a seed, which decides among equal assignments, and
    affinities at most 1 in size, so that tolerances mean the same in every unit.

    `unit`: what 1 is in the unit of the problem asked; a power of two, so that no digit is lost.
    """

    problem: AssignmentProblem
    judges: Integers
    entries: Integers
    unit: float

    def to_solved(self, seats: Booleans) -> Booleans:
        return seats[np.ix_(self.judges, self.entries)]

    def to_asked(self, seats: Booleans) -> Booleans:
        straight = np.empty_like(seats)
        straight[np.ix_(self.judges, self.entries)] = seats
        return straight


def scaled_and_permuted(problem: AssignmentProblem, seed: int) -> AsSolved:
    seed = whole("seed", seed, 0)
    judges, entries = np.arange(problem.judges), np.arange(problem.entries)
    if seed:
        random = np.random.default_rng(seed)
        judges, entries = random.permutation(problem.judges), random.permutation(problem.entries)
    largest = float(np.abs(problem.affinity).max(initial=0))
    unit = float(2.0 ** np.ceil(np.log2(largest))) if largest > np.finfo(float).tiny else 1.0

    at = np.ix_(judges, entries)

    def permuted(value: Booleans | None) -> Booleans | None:
        return None if value is None else value[at]

    most = problem.own_country_max
    other = AssignmentProblem(
        affinity=problem.affinity[at] / unit,
        forbidden=problem.forbidden[at],
        demand=problem.demand[entries],
        load_min=problem.load_min[judges],
        load_max=problem.load_max[judges],
        own_country=permuted(problem.own_country),
        own_country_max=None if most is None else np.asarray(most)[entries],
        locked=permuted(problem.locked),
        sector=permuted(problem.sector),
        outside=permuted(problem.outside),
    )
    return AsSolved(other, judges, entries, unit)


def measured(
    problem: AssignmentProblem,
    seats: Booleans,
    objective: str,
    seed: int,
    *,
    moves: int = 0,
    ceilings: Ceilings,
    unit: float = 1.0,
) -> Assignment:
    """An assignment with its figures.

    `ceilings` in the unit of `problem`; `unit`: differences up to EQUAL x unit count as none, as when it was solved.
    """
    totals = totals_of(problem, seats)
    total, least = float(totals.sum()), float(totals.min(initial=np.inf))
    least = least if np.isfinite(least) else 0.0
    bound_total, bound_minimum, bound = max(ceilings.total, total), max(ceilings.minimum, least), ceilings.objective
    reached = objective_value(problem, seats, Goal(objective))
    return Assignment(
        problem=problem,
        seats=seats,
        total=total,
        minimum=least,
        worst_tenth=worst_tenth(totals),
        bound_total=bound_total,
        bound_minimum=bound_minimum,
        gap=_gap(bound, reached, unit),
        proven_minimum=least >= bound_minimum - EQUAL * unit,
        moves=moves,
        objective=objective,
        seed=seed,
        components=len(connected_components(seats)),
    )


def _gap(bound: float, reached: float, unit: float) -> float:
    if reached >= bound - EQUAL * max(unit, abs(bound)):
        return 0.0
    return (bound - reached) / abs(bound) if bound else np.inf


def infeasible(problem: AssignmentProblem) -> Infeasible:
    """What is missing where no assignment was found. Raises ArithmeticError if nothing is: the search was given up."""
    shortages = shortages_of(problem)
    if not shortages:
        raise ArithmeticError(f"no assignment was found within {MANY_NODES:,} branches, though nothing is missing")
    return Infeasible(shortages)


def _without_demand(problem: AssignmentProblem, objective: str, seed: int) -> Assignment:
    if (problem.load_min > 0).any():
        raise infeasible(problem)
    return measured(problem, np.zeros(problem.affinity.shape, bool), objective, seed, ceilings=Ceilings(0.0, 0.0, 0.0))


def _is_small(problem: AssignmentProblem) -> bool:
    return int(problem.allowed.sum()) <= SMALL_PAIRS


def greatest_total(problem: AssignmentProblem) -> tuple[Booleans, float] | None:
    """Seats of the greatest total and its bound; None if none were found.

    Where the rules are no network (`is_flow`), seats of the greatest total that was found; the bound may lie above it.

    On a larger problem the program over promising pairs gives seats to begin with. Chains of exchanges bring a flow to
    its optimum, and the prices that they leave prove it; where rules of one entry disturb each other and a gap is left,
    the program over all pairs closes it.
    """
    if _is_small(problem):
        return _greatest_of_program(problem, None)
    solution, program = solve_all_pairs(problem, Goal.TOTAL, rounds=0)
    start = None if solution is None else _whole_seats(solution, program)
    if start is None:
        return None
    search = Exchange(problem, start[0], Goal.TOTAL, None)
    search.run()
    bound = total_bound(problem, search)
    total = float(search.total.sum())
    if not problem.is_flow or bound <= total + EQUAL * max(1, abs(total)):
        return search.seats, bound
    return _greatest_of_program(problem, program.keep | search.seats)


def total_bound(problem: AssignmentProblem, search: Exchange) -> float:
    """No total is greater, by the prices that a search for the greatest total ended with."""
    relaxation = Relaxation(problem, Goal.TOTAL, None)
    prices = relaxation.prices(search.prices(), search.total[search.asking])
    return relaxation.lowest(prices, float(search.total.sum()))


def _greatest_of_program(problem: AssignmentProblem, keep: Booleans | None) -> tuple[Booleans, float] | None:
    solution, program = solve_all_pairs(problem, Goal.TOTAL, keep=keep)
    found = None if solution is None else _whole_seats(solution, program)
    return None if found is None else (found[0], max(found[1], float(problem.affinity[found[0]].sum())))


def _whole_seats(solution: Solution, program: Program) -> tuple[Booleans, float] | None:
    """Seats and their bound. A network's corners are whole; where rules cross, the whole-number program over the same
    pairs, or over all, whose own bound is the lower one.
    """
    if np.abs(solution.seats - np.round(solution.seats)).max(initial=0) <= WHOLE:
        return np.round(solution.seats).astype(bool), solution.value
    problem = program.problem
    for keep in (program.keep, problem.allowed):
        in_whole_numbers = Program(problem, keep, Goal.TOTAL).solve_whole(nodes=MANY_NODES)
        if in_whole_numbers is not None:
            over_all = not (problem.allowed & ~keep).any()
            bound = min(solution.value, in_whole_numbers.bound) if over_all else solution.value
            return in_whole_numbers.seats.astype(bool), bound
    return None


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
    state, reached = _lifted(problem, state, bound)
    if reached >= bound - EQUAL:
        return state, reached, max(bound, reached)
    if _is_small(problem):
        solution, _ = solve_all_pairs(problem, Goal.MINIMUM)
        bound = bound if solution is None else min(bound, solution.value)
    else:
        bound = min(bound, _bound(problem, state.seats, Goal.MINIMUM, None))
    unreached = bound
    state, reached = _lifted(problem, state, bound)
    for _ in range(HALVINGS):
        if reached >= unreached - EQUAL:
            break
        aim = (reached + unreached) / 2
        state, reached = _lifted(problem, state, aim)
        unreached = unreached if reached >= aim - EQUAL else aim
    if reached < bound - EQUAL and problem.allowed.sum() <= EXACT_FLOOR_PAIRS:
        in_whole_numbers = Program(problem, problem.allowed, Goal.MINIMUM).solve_whole(nodes=NODES)
        if in_whole_numbers is not None:
            bound = min(bound, in_whole_numbers.bound)
            seats = in_whole_numbers.seats.astype(bool)
            if _minimum(problem, seats) > reached + EQUAL:
                state, reached = _State(seats, state.moves), _minimum(problem, seats)
    return state, reached, max(bound, reached)


def _lifted(problem: AssignmentProblem, state: _State, floor: float) -> tuple[_State, float]:
    """The state after exchanges towards a floor, or as it was if its worst entry has no more from them; its minimum."""
    before = _minimum(problem, state.seats)
    lifted = _exchanged(problem, state, Goal.TOTAL, floor)
    after = _minimum(problem, lifted.seats)
    return (lifted, after) if after > before + EQUAL or before >= floor - EQUAL else (state, before)


def _exchanged(problem: AssignmentProblem, state: _State, goal: Goal, floor: float | None) -> _State:
    search = Exchange(problem, state.seats, goal, None if floor is None else floor - EQUAL)
    search.run()
    return _State(search.seats, state.moves + search.moves)


def _bound(problem: AssignmentProblem, seats: Booleans, goal: Goal, floor: float | None) -> float:
    """What no assignment with this floor exceeds, from prices that begin with those of a search that ended here."""
    least = None if floor is None else floor - EQUAL
    search = Exchange(problem, seats, goal, least)
    search.weigh_all()
    totals = totals_of(problem, seats)
    relaxation = Relaxation(problem, goal, least)
    many = 1 if goal is Goal.TOTAL else len(totals)
    reached = _minimum(problem, seats) if goal is Goal.MINIMUM else objective_value(problem, seats, goal)
    return relaxation.lowest(relaxation.prices(search.prices(), totals), many * reached) / many


def _exact(problem: AssignmentProblem, state: _State, goal: Goal, floor: float | None) -> tuple[_State, float]:
    """The optimum over the pairs whose price does not rule them out of anything better, where these are few; and what
    no assignment with this floor exceeds: the bound of the program that was solved.
    """
    least = None if floor is None else floor - EQUAL
    bound, _ = solve_all_pairs(problem, goal, floor=least)
    if bound is None or bound.prices is None:
        raise ArithmeticError("the linear program has no solution where an assignment was found")
    reached = objective_value(problem, state.seats, goal)
    spare = bound.value - reached
    keep = problem.allowed & ((bound.prices >= -spare - EQUAL) | state.seats)
    if spare <= EQUAL or keep.sum() > EXACT_PAIRS:
        return state, bound.value
    in_whole_numbers = Program(problem, keep, goal, least).solve_whole(nodes=NODES, tolerance=1e-6)
    if in_whole_numbers is None:
        return state, bound.value
    seats = in_whole_numbers.seats.astype(bool)
    if least is not None and _minimum(problem, seats) < least:  # within the solver's tolerance, not within ours
        return state, bound.value
    ceiling = min(bound.value, max(in_whole_numbers.bound, reached))
    better = objective_value(problem, seats, goal) > reached + EQUAL
    return (_State(seats, state.moves) if better else state), ceiling


def totals_of(problem: AssignmentProblem, seats: Booleans) -> Floats:
    """float[asking]: the total of each entry that asks for judges."""
    return np.where(seats, problem.affinity, 0).sum(0)[problem.demand > 0]


def objective_value(problem: AssignmentProblem, seats: Booleans, goal: Goal) -> float:
    """Of TOTAL the sum of totals, of FAIR their mean + 0.5 x mean of the worst tenth, in the unit of the problem's
    affinities; no other goal has one here.
    """
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
