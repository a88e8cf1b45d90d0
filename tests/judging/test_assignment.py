"""Hard rules hold on every input; totals are the optimum; a shortage that is named is a real one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from competitions.judging import AssignmentProblem, Infeasible, Labels, Lack, assign, reassign
from competitions.judging.assignment import totals_of, worst_tenth

pytestmark = pytest.mark.once
MANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@st.composite
def problems(draw, *, crossing: bool = True) -> AssignmentProblem:
    """Small problems of every kind: some infeasible, with caps, locks, seats of a kind."""
    judges, entries = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (judges, entries)
    rare = draw(st.sampled_from([0.0, 0.1, 0.4]))
    load_max = random.integers(0, entries + 1, judges)
    more: dict = {}
    if draw(st.booleans()):
        more |= {"own_country": random.random(shape) < 0.4, "own_country_max": draw(st.integers(0, 2))}
    if crossing and draw(st.booleans()):
        more["sector"] = random.random(shape) < 0.7
    if crossing and draw(st.booleans()):
        more["outside"] = random.random(shape) < 0.7
    if draw(st.booleans()):
        more["locked"] = random.random(shape) < 0.05
    return AssignmentProblem(
        affinity=np.round(random.random(shape), draw(st.sampled_from([1, 3]))), forbidden=random.random(shape) < rare,
        demand=random.integers(0, min(3, judges) + 1, entries),
        load_min=np.minimum(random.integers(0, 2, judges) * draw(st.integers(0, 1)), load_max), load_max=load_max, **more,
    )  # fmt: skip


def broken_rules(problem: AssignmentProblem, seats: np.ndarray) -> list[str]:
    """Every hard rule, asked one by one and without our own code."""
    broken = []
    if (seats.sum(0) != problem.demand).any():
        broken.append("demand")
    if (seats.sum(1) < problem.load_min).any() or (seats.sum(1) > problem.load_max).any():
        broken.append("load")
    if (seats & problem.forbidden).any():
        broken.append("forbidden")
    if problem.locked is not None and (problem.locked & ~seats).any():
        broken.append("locked")
    if problem.own_country_max is not None and ((seats & problem.own_country).sum(0) > problem.own_country_max).any():
        broken.append("own country")
    for name in ("sector", "outside"):
        member = getattr(problem, name)
        if member is not None and ((seats & member).sum(0) < np.minimum(problem.demand, 1)).any():
            broken.append(name)
    return broken


def oracle(problem: AssignmentProblem, *, floor: float | None = None, highest: bool = False) -> float | None:
    """The greatest total (or the highest minimum) by one whole-number program over every pair, written anew; None: infeasible."""
    judges, entries = problem.affinity.shape
    pairs = judges * entries
    index = np.arange(pairs).reshape(judges, entries)
    rows, low, high = [], [], []

    def rule(weights: np.ndarray, least: float, most: float, worst: float = 0.0) -> None:
        rows.append(np.concatenate([weights.ravel(), [worst]]))
        low.append(least)
        high.append(most)

    for e in range(entries):
        column = np.zeros((judges, entries))
        column[:, e] = 1
        rule(column, problem.demand[e], problem.demand[e])
        if problem.own_country_max is not None:
            rule(column * problem.own_country, -np.inf, problem.own_country_max[e])
        for member in (problem.sector, problem.outside):
            if member is not None:
                rule(column * member, min(1, problem.demand[e]), np.inf)
        if problem.demand[e] and floor is not None:
            rule(column * problem.affinity, floor - 1e-9, np.inf)
        if problem.demand[e] and highest:
            rule(column * problem.affinity, 0, np.inf, worst=-1.0)
    for j in range(judges):
        row = np.zeros((judges, entries))
        row[j] = 1
        rule(row, problem.load_min[j], problem.load_max[j])
    locked = np.zeros((judges, entries), bool) if problem.locked is None else problem.locked
    most = np.where(problem.forbidden & ~locked, 0.0, 1.0)
    if (problem.forbidden & locked).any():
        return None
    cost = np.concatenate(
        [np.zeros(pairs) if highest else -problem.affinity[index // entries, index % entries].ravel(), [-1.0 * highest]]
    )
    answer = milp(
        cost, integrality=np.concatenate([np.ones(pairs), [0]]),
        bounds=Bounds(np.concatenate([locked.ravel().astype(float), [-100.0 if highest else 0.0]]),
                      np.concatenate([most.ravel(), [100.0 if highest else 0.0]])),
        constraints=LinearConstraint(np.array(rows), low, high),
    )  # fmt: skip
    return None if answer.x is None else float(-answer.fun)


@MANY
@given(problems())
def test_assignment_keeps_every_hard_rule_or_there_is_none(problem: AssignmentProblem) -> None:
    best = oracle(problem)

    try:
        result = assign(problem, objective="total", floor=None)
    except Infeasible as error:
        told = error.shortages
    else:
        told = ()
    assert bool(told) == (best is None)
    if told:
        return

    assert broken_rules(problem, result.seats) == []
    assert result.total == pytest.approx(best, abs=1e-6)
    assert result.total == pytest.approx((result.seats * problem.affinity).sum())


@MANY
@given(problems(), st.sampled_from(["fair", "total"]))
def test_worst_entry_gets_the_most_that_it_can(problem: AssignmentProblem, objective: str) -> None:
    if oracle(problem) is None or not problem.demand.any():
        return
    highest = oracle(problem, highest=True)

    result = assign(problem, objective=objective)

    assert broken_rules(problem, result.seats) == []
    assert result.minimum == pytest.approx(highest, abs=1e-6)
    assert result.bound_minimum >= result.minimum - 1e-9
    if objective == "total":
        assert result.total == pytest.approx(oracle(problem, floor=highest), abs=1e-6)


@MANY
@given(problems())
def test_shortage_named_is_a_real_one(problem: AssignmentProblem) -> None:
    """Without what is named as missing, the rest can be done; and with one seat less taken away, it cannot."""
    try:
        assign(problem)
    except Infeasible as error:
        shortages = error.shortages
    else:
        return
    if any(shortage.lack is Lack.LOCKS for shortage in shortages):
        assert all(shortage.missing > 0 and str(shortage) for shortage in shortages)
        return

    eased = problem
    for shortage in shortages:
        if shortage.lack is Lack.SEATS:
            eased = replace(eased, demand=eased.demand - shortage.unfilled)
        elif shortage.lack is Lack.LOADS:
            eased = replace(eased, load_min=eased.load_min - shortage.unmet)
        else:
            member = getattr(eased, shortage.lack.value).copy()
            member[:, shortage.unfilled > 0] = True
            eased = replace(eased, **{shortage.lack.value: member})

    assert oracle(eased) is not None


def test_shortage_is_told_in_words_and_numbers() -> None:
    labels = Labels(
        entries=["Alpha", "Beta", "Gamma"], judges=["J1", "J2", "J3"], entry_language=["Tajik"] * 3,
        judge_languages=[["Tajik"], ["Tajik"], ["Russian"]], entry_country=["TJ"] * 3, judge_country=["TJ", "TJ", "KZ"],
    )  # fmt: skip
    forbidden = np.array([[False] * 3, [False] * 3, [True] * 3])
    problem = AssignmentProblem(
        affinity=np.ones((3, 3)), forbidden=forbidden, demand=[2, 2, 2], load_min=[0] * 3, load_max=[9] * 3,
        own_country=[[True] * 3, [True] * 3, [False] * 3], own_country_max=1, labels=labels,
    )  # fmt: skip

    with pytest.raises(Infeasible) as caught:
        assign(problem)

    (shortage,) = caught.value.shortages
    assert (shortage.missing, shortage.unfilled.tolist(), shortage.judges.tolist()) == (3, [1, 1, 1], [0, 1])
    assert str(shortage) == (
        "Alpha, Beta, Gamma in Tajik: they ask for 6 seats; 2 judges may read them and can take 18 in all; all of them are of an"
        " entrant's own country (TJ), and at most 1 of those may read an entry. 3 seats are missing."
    )


@MANY
@given(problems(crossing=False), st.integers(0, 2**16))
def test_reassigning_moves_no_more_than_it_must(problem: AssignmentProblem, pick: int) -> None:
    try:
        before = assign(problem)
    except Infeasible:
        return
    judge = pick % problem.judges
    gone = np.arange(problem.judges) == judge
    locked = None if problem.locked is None else problem.locked & ~gone[:, None]
    after = replace(
        problem,
        locked=locked,
        load_min=np.where(gone, 0, problem.load_min),
        load_max=np.where(gone, 0, problem.load_max),
    )
    kept_best = fewest_changes(after, before.seats & ~gone[:, None])

    try:
        result = reassign(after, before.seats)
    except Infeasible:
        assert kept_best is None
        return

    assert broken_rules(after, result.seats) == []
    assert result.lost_seats == before.seats[judge].sum()
    assert (result.seats & before.seats).sum() == kept_best


def fewest_changes(problem: AssignmentProblem, kept: np.ndarray) -> int | None:
    """The most seats of before that any assignment keeps."""
    most = oracle(replace(problem, affinity=kept.astype(float)))
    return None if most is None else round(most)


def test_seats_are_the_same_every_time_and_seeds_settle_ties() -> None:
    random = np.random.default_rng(3)
    problem = AssignmentProblem(
        affinity=random.integers(0, 3, (8, 12)) / 2, forbidden=np.zeros((8, 12), bool), demand=np.full(12, 2),
        load_min=np.zeros(8), load_max=np.full(8, 4),
    )  # fmt: skip

    first, again, other = assign(problem), assign(problem), assign(problem, seed=5)

    assert (first.seats == again.seats).all()
    assert (first.seats != other.seats).any()
    assert first.minimum == other.minimum


def test_worst_tenth_is_at_least_one_entry() -> None:
    assert worst_tenth(np.array([3.0, 1.0, 2.0])) == 1.0
    assert worst_tenth(np.arange(20.0)) == 0.5


def test_nobody_asks() -> None:
    problem = AssignmentProblem(
        affinity=np.zeros((2, 0)), forbidden=np.zeros((2, 0)), demand=[], load_min=[0, 0], load_max=[1, 1]
    )

    result = assign(problem)

    assert (result.seats.shape, result.total, totals_of(problem, result.seats).tolist()) == ((2, 0), 0.0, [])
