"""Hard rules hold on every input; totals are the optimum; a shortage that is named is a real one.

Thousands of small problems, each against a whole-number program over every pair that is written here anew.
"""

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import Bounds, LinearConstraint, milp

from competitions.judging import AssignmentProblem, Infeasible, Labels, Lack, assign, assignment, reassign
from competitions.judging.assignment import objective_value, totals_of, worst_tenth
from competitions.judging.bounds import Prices, Relaxation
from competitions.judging.exchange import Exchange
from competitions.judging.explanation import explain
from competitions.judging.program import Goal, Program, solve_all_pairs, worst_count

pytestmark = pytest.mark.once


def examples(count: int) -> settings:
    return settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


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


@examples(500)
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


@examples(250)
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


@examples(250)
@given(problems())
def test_shortage_named_is_a_real_one(problem: AssignmentProblem) -> None:
    """Without what is named as missing, the rest can be done."""
    shortages = shortages_named(problem)
    if any(shortage.lack is Lack.LOCKS for shortage in shortages):
        assert all(shortage.missing > 0 and str(shortage) for shortage in shortages)
        return

    assert oracle(eased(problem, shortages)) is not None


@examples(100)
@given(problems(crossing=False))
def test_shortage_named_is_the_least(problem: AssignmentProblem) -> None:
    """With one seat or reading more than what can be done, it cannot."""
    shortages = shortages_named(problem)
    assume(shortages and all(shortage.lack in (Lack.SEATS, Lack.LOADS) for shortage in shortages))
    possible = eased(problem, shortages)

    for shortage in shortages:
        assert shortage.missing == shortage.unfilled.sum() + shortage.unmet.sum()
        for entry in np.flatnonzero(shortage.unfilled):
            more = possible.demand + (np.arange(problem.entries) == entry)
            assert oracle(replace(possible, demand=more)) is None
        for judge in np.flatnonzero(shortage.unmet):
            more = possible.load_min + (np.arange(problem.judges) == judge)
            assert oracle(replace(possible, load_min=more)) is None


def shortages_named(problem: AssignmentProblem) -> tuple:
    try:
        assign(problem)
    except Infeasible as error:
        return error.shortages
    return ()


def eased(problem: AssignmentProblem, shortages: tuple) -> AssignmentProblem:
    """The problem without what is named as missing."""
    for shortage in shortages:
        if shortage.lack is Lack.SEATS:
            problem = replace(problem, demand=problem.demand - shortage.unfilled)
        elif shortage.lack is Lack.LOADS:
            problem = replace(problem, load_min=problem.load_min - shortage.unmet)
        else:
            member = getattr(problem, shortage.lack.value).copy()
            member[:, shortage.unfilled > 0] = True
            problem = replace(problem, **{shortage.lack.value: member})
    return problem


@examples(150)
@given(problems(), st.sampled_from([Goal.TOTAL, Goal.FAIR]))
def test_exchanges_keep_every_hard_rule_and_lose_nothing(problem: AssignmentProblem, goal: Goal) -> None:
    worst = worst_seats(problem)
    assume(worst is not None and problem.demand.any())
    floor = float(totals_of(problem, worst).min())

    search = Exchange(problem, worst, goal, floor)
    search.run()

    assert broken_rules(problem, search.seats) == []
    assert search.total == pytest.approx((search.seats * problem.affinity).sum(0))
    assert (search.load == search.seats.sum(1)).all()
    assert totals_of(problem, search.seats).min() >= floor - 1e-9
    assert objective_value(problem, search.seats, goal) >= objective_value(problem, worst, goal) - 1e-9


@examples(150)
@given(problems(crossing=False))
def test_exchanges_alone_reach_the_greatest_total_and_their_prices_prove_it(problem: AssignmentProblem) -> None:
    """From the worst seats there are. An entry's cap may stop a chain that passes the entry twice, so it is left out."""
    problem = replace(problem, own_country=None, own_country_max=None)
    worst = worst_seats(problem)
    assume(worst is not None and problem.demand.any())
    best = oracle(problem)

    search = Exchange(problem, worst, Goal.TOTAL, None)
    search.run()
    relaxation = Relaxation(problem, Goal.TOTAL, None)
    taken = relaxation.at(relaxation.prices(search.prices(), totals_of(problem, search.seats)))

    assert (search.seats * problem.affinity).sum() == pytest.approx(best, abs=1e-6)
    assert taken.bound == pytest.approx(best, abs=1e-6)


def worst_seats(problem: AssignmentProblem) -> np.ndarray | None:
    """Seats of the least total."""
    if problem.locked is not None and (problem.locked & problem.forbidden).any():
        return None
    opposite = replace(problem, affinity=-problem.affinity)
    solution = Program(opposite, opposite.allowed, Goal.TOTAL).solve_whole(nodes=1000)
    return None if solution is None else solution.seats.astype(bool)


@examples(120)
@given(problems(), st.sampled_from([Goal.TOTAL, Goal.FAIR, Goal.MINIMUM]), st.integers(0, 2**32 - 1))
def test_no_assignment_exceeds_a_bound_from_whatever_prices(problem: AssignmentProblem, goal: Goal, seed: int) -> None:
    assume(problem.demand.any() and oracle(problem) is not None)
    random = np.random.default_rng(seed)
    entries = int((problem.demand > 0).sum())
    worst = worst_count(entries) if goal is Goal.FAIR else 1
    tail = np.full(entries, 1 / entries) if worst == entries else random.dirichlet(np.ones(entries))
    prices = Prices(random.normal(0, 0.5, problem.judges), np.clip(tail, 0, 1 / worst), np.zeros(entries))
    prices = replace(prices, tail=prices.tail / prices.tail.sum()) if worst == 1 else prices

    relaxation = Relaxation(problem, goal, None)
    bound, lowest = relaxation.at(prices).bound, relaxation.lowest(prices, -1e9, steps=20)

    best = oracle(problem, highest=True) if goal is Goal.MINIMUM else solve_all_pairs(problem, goal)[0].value
    best = oracle(problem) if goal is Goal.TOTAL else best * entries
    if problem.is_flow and problem.sector is None and problem.outside is None:
        assert min(bound, lowest) >= best - 1e-6
    assert lowest <= bound + 1e-9


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
        "Alpha, Beta, Gamma in Tajik: they ask for 6 seats; 2 judges may read them and can take 6 in all; all of them are of an"
        " entrant's own country (TJ), and at most 1 of those may read an entry, which leaves 3. 3 seats are missing."
    )


def words_of(problem: AssignmentProblem) -> list[str]:
    with pytest.raises(Infeasible) as caught:
        assign(problem)
    return [shortage.words for shortage in caught.value.shortages]


def test_what_is_short_apart_is_told_apart_and_adds_up() -> None:
    """Three entries in Tajik with two judges, two in Uzbek with one, one in Farsi with none, five in Russian."""
    languages = ["tg"] * 3 + ["uz"] * 2 + ["fa"] + ["ru"] * 5
    speaks = ["tg", "tg", "uz"] + ["ru"] * 4
    forbidden = np.array([[speaks[j] != languages[e] for e in range(11)] for j in range(7)])
    names = [f"E{e}" for e in range(11)]
    labels = Labels(entries=names, judges=[f"J{j}" for j in range(7)], entry_language=languages)

    assert words_of(AssignmentProblem(np.ones((7, 11)), forbidden, [2] * 11, [0] * 7, [2] * 7, labels=labels)) == [
        "5 entries in ru: they ask for 10 seats; 4 judges may read them and can take 8 in all. 2 seats are missing.",
        "E0, E1, E2 in tg: they ask for 6 seats; 2 judges may read them and can take 4 in all. 2 seats are missing.",
        "E3, E4 in uz: they ask for 4 seats; 1 judge may read them and can take 2 in all. 2 seats are missing.",
        "E5 in fa: it asks for 2 seats; nobody may read it. 2 seats are missing.",
    ]


def test_one_of_several_judges_of_the_own_country_is_one() -> None:
    labels = Labels(entries=["Alpha"], entry_country=["TJ"], judge_country=["TJ", "UZ", "UZ"])
    problem = AssignmentProblem(
        np.ones((3, 1)), np.zeros((3, 1), bool), [3], [0] * 3, [1] * 3, own_country=[[True], [False], [False]],
        own_country_max=0, labels=labels,
    )  # fmt: skip

    assert words_of(problem) == [
        "Alpha: it asks for 3 seats; 3 judges may read it and can take 3 in all; 1 of them is of an entrant's own country (TJ),"
        " and at most 0 of those may read an entry, which leaves 2. 1 seat is missing."
    ]


def test_loads_that_cannot_be_reached_name_all_who_share_them() -> None:
    """Eight judges who must read three each, and nine seats: who gets some of them is chance, that 15 are missing is not."""
    problem = AssignmentProblem(np.ones((8, 9)), np.zeros((8, 9), bool), [1] * 9, [3] * 8, [9] * 8)

    with pytest.raises(Infeasible) as caught:
        assign(problem)

    (shortage,) = caught.value.shortages
    assert (shortage.judges.tolist(), shortage.missing, int(shortage.unmet.sum())) == (list(range(8)), 15, 15)
    assert shortage.words == (
        "8 judges must read at least 24 in all; the 9 entries open to them have 9 seats for them. 15 readings are missing."
    )


def test_loads_of_judges_apart_are_told_apart() -> None:
    forbidden = np.array([[False, True], [True, False], [True, True]])
    problem = AssignmentProblem(
        np.ones((3, 2)), forbidden, [1, 1], [2, 3, 1], [9] * 3, labels=Labels(judges=["A", "B", "C"])
    )

    assert words_of(problem) == [
        "A must read at least 2; the entry open to them has 1 seat for them. 1 reading is missing.",
        "B must read at least 3; the entry open to them has 1 seat for them. 2 readings are missing.",
        "C must read at least 1; no entry is open to them. 1 reading is missing.",
    ]


def test_a_sector_that_nobody_knows_is_told_of_all_entries_at_once() -> None:
    sector = np.zeros((4, 5), bool)
    problem = AssignmentProblem(np.ones((4, 5)), np.zeros((4, 5), bool), [2] * 5, [0] * 4, [9] * 4, sector=sector)

    assert words_of(problem) == [
        "5 entries: no free judge who knows a sector of theirs; nobody could. 5 seats are missing."
    ]
    assert words_of(replace(problem, sector=None, outside=sector[:, :5])) == [
        "5 entries: no free judge from outside their pools; nobody could. 5 seats are missing."
    ]


@examples(200)
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


@pytest.mark.parametrize(
    ("rules", "reasons"),
    [
        pytest.param({"sector": [[False], [False], [True]]}, {1: "sector"}, id="the other seat is for the sector"),
        pytest.param({"load_min": [0, 0, 1]}, {1: "least load"}, id="the other judge must read"),
        pytest.param({"locked": [[False], [False], [True]]}, {1: "locked"}, id="the seat stays"),
        pytest.param({"load_max": [5, 0, 5]}, {}, id="who reads nothing is not in question"),
        pytest.param(
            {"own_country": [[True], [True], [False]], "own_country_max": 1}, {1: "own country"}, id="a second of one country"
        ),
        pytest.param(
            {"sector": [[False], [False], [True]], "load_min": [0, 0, 1]}, {1: "sector, least load"}, id="two at once"
        ),
    ],
)  # fmt: skip
def test_why_an_entry_has_not_its_best_judges(rules: dict[str, Any], reasons: dict[int, str]) -> None:
    given = {"load_min": [0, 0, 0], "load_max": [5, 5, 5]} | rules
    problem = AssignmentProblem(np.array([[0.9], [0.8], [0.1]]), np.zeros((3, 1)), [2], **given)

    assert assign(problem).explain().entries[0].limits == reasons


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"entries": None}, "labels.entries is a NoneType; expected a sequence"),
        ({"judges": "AB"}, "labels.judges is a str; expected a sequence"),
        ({"judge_languages": ["ru"]}, "labels.judge_languages is a str; expected a sequence"),
    ],
)
def test_labels_that_are_no_sequence_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        Labels(**given)

    assert str(caught.value) == message


@pytest.mark.parametrize("names", [np.array(["A", "B"]), np.array([1, 2]), [1, 2]])
def test_labels_of_any_sequence_are_texts(names: Any) -> None:
    labels = Labels(entries=names, entry_language=names, judges=np.array(["x"]), judge_country=np.array(["TJ"]))
    problem = AssignmentProblem([[1, 1]], [[False, False]], [2, 0], [0], [5], labels=labels)

    with pytest.raises(Infeasible, match=f"{names[0]} in {names[0]}: it asks for 2 seats; 1 judge may read it"):
        assign(problem)
    assert (labels.entries, labels.judge(0)) == (tuple(map(str, names)), "x")


@pytest.mark.parametrize("objective", ["fair", "total"])
def test_a_proven_optimum_has_no_gap(objective: str) -> None:
    """Thirty problems that are small enough to try all seats: what is the best has a gap of 0."""
    for seed in range(30):
        random = np.random.default_rng(seed)
        judges, entries = 4, 3
        affinity = random.random((judges, entries)).round(2)
        forbidden = random.random((judges, entries)) < 0.15
        problem = AssignmentProblem(affinity, forbidden, [2] * entries, [0] * judges, [2] * judges)
        try:
            found = assign(problem, objective=objective)
        except Infeasible:
            continue
        values = []
        for choice in itertools.product([False, True], repeat=judges * entries):
            seats = np.array(choice).reshape(judges, entries)
            kept = (seats.sum(0) == 2).all() and (seats.sum(1) <= 2).all() and not (seats & forbidden).any()
            if kept and (seats * affinity).sum(0).min() >= found.minimum - 1e-9:
                values.append(assignment.objective_value(problem, seats, Goal(objective)))
        best = assignment.objective_value(problem, found.seats, Goal(objective)) >= max(values) - 1e-9
        assert best, seed
        assert found.gap <= 1e-6, seed


def test_a_proven_optimum_of_two_by_two_has_no_gap() -> None:
    problem = AssignmentProblem([[0.9, 0.2], [0.6, 0.5]], np.zeros((2, 2), bool), [1, 1], [0, 0], [1, 1])

    assert [assign(problem, objective=objective).gap for objective in ("fair", "total")] == [0, 0]


def test_judge_wanted_elsewhere_is_needed_there() -> None:
    """The better judge could give their seat to the other one, who must read once, and that entry would lose more."""
    affinity = np.array([[0.6, 0.9], [0.5, 0.1]])
    problem = AssignmentProblem(affinity, np.zeros((2, 2)), [1, 1], [0, 1], [2, 2])

    assert [reason.limits for reason in assign(problem).explain().entries] == [{0: "elsewhere"}, {}]


@st.composite
def tight_problems(draw) -> AssignmentProblem:
    """Judges read about as much as each other, two an entry, and each rule is there or not."""
    judges, entries = draw(st.integers(3, 5)), draw(st.integers(3, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape, share = (judges, entries), 2 * entries // judges
    more: dict = {"own_country": random.random(shape) < 0.4, "own_country_max": 1} if draw(st.booleans()) else {}
    more |= {name: random.random(shape) < 0.5 for name in draw(st.sampled_from([(), ("sector",), ("outside",)]))}
    more |= {"locked": random.random(shape) < 0.1} if draw(st.booleans()) else {}
    return AssignmentProblem(
        affinity=np.round(random.random(shape), 2), forbidden=np.zeros(shape, bool), demand=np.full(entries, 2),
        load_min=np.full(judges, share), load_max=np.full(judges, share + draw(st.integers(1, 2))), **more,
    )  # fmt: skip


@examples(300)
@given(problems() | tight_problems(), st.sampled_from(["assigned", "assigned", "reassigned", "worst"]))
def test_every_reason_told_is_true(problem: AssignmentProblem, of: str) -> None:
    """Each exchange of seats at the entry is tried: what is named is in its way, and but for that it could be done."""
    seats = seats_of(problem, of)
    assume(seats is not None)

    explanation = explain(problem, seats)

    assert {(r.judge, r.entry) for r in explanation.seats} == {(j, e) for j, e in np.argwhere(seats)}
    assert [r.load for r in explanation.judges] == seats.sum(1).tolist()
    for reason in explanation.entries:
        suits = problem.affinity[:, reason.entry]
        own = np.flatnonzero(seats[:, reason.entry])
        able = sorted(np.flatnonzero(problem.allowed[:, reason.entry]), key=lambda j: (-suits[j], j))
        best = able[: problem.demand[reason.entry]]
        assert (reason.total, reason.best) == pytest.approx((suits[own].sum(), suits[best].sum()))
        assert set(reason.limits) == {j for j in best if j not in own and (suits[own] < suits[j]).any()}
        for judge, told in reason.limits.items():
            assert told == true_reason(problem, seats, reason.entry, judge)
            if of == "assigned":
                assert told != "possible"


def seats_of(problem: AssignmentProblem, of: str) -> np.ndarray | None:
    if of == "worst":
        return worst_seats(problem) if oracle(problem) is not None else None
    try:
        before = assign(problem).seats
        return before if of == "assigned" else reassign(problem, np.roll(before, 1, axis=1) & problem.allowed).seats
    except Infeasible:
        return None


def true_reason(problem: AssignmentProblem, seats: np.ndarray, entry: int, judge: int) -> str:
    """Which rules, lifted, let the judge take a lesser one's seat: found by lifting every set of them, the smallest first."""
    suits = problem.affinity[:, entry]
    lesser = [int(j) for j in np.flatnonzero(seats[:, entry] & (suits < suits[judge]))]
    lesser.sort(key=lambda j: (suits[j], -j))
    order = ["locked", "own country", "sector", "outside", "full", "least load"]
    for size in range(len(order) + 1):
        for other in lesser:
            for lifted in itertools.combinations(order, size):
                if not broken_rules(eased_by(problem, lifted), exchanged(seats, entry, judge, other)):
                    swaps = could_swap_at_a_loss(problem, seats, entry, judge, lesser, lifted)
                    return "elsewhere" if swaps else ", ".join(lifted) or "possible"
    return "never"


def could_swap_at_a_loss(
    problem: AssignmentProblem, seats: np.ndarray, entry: int, judge: int, lesser: list[int], lifted: tuple[str, ...]
) -> bool:
    """Whether only loads are in the way, the least one among them, and another entry loses if two judges swap."""
    if "least load" not in lifted or set(lifted) - {"full", "least load"}:
        return False
    others = [j for j in lesser if not broken_rules(eased_by(problem, lifted), exchanged(seats, entry, judge, j))]
    return any(
        not broken_rules(problem, exchanged(exchanged(seats, entry, judge, other), there, other, judge))
        and problem.affinity[other, there] < problem.affinity[judge, there]
        for other in others
        for there in np.flatnonzero(seats[judge] & ~seats[other])
    )


def exchanged(seats: np.ndarray, entry: int, coming: int, leaving: int) -> np.ndarray:
    after = seats.copy()
    after[coming, entry], after[leaving, entry] = True, False
    return after


def eased_by(problem: AssignmentProblem, lifted: tuple[str, ...]) -> AssignmentProblem:
    """The problem without the rules of these names."""
    without: dict[str, dict[str, Any]] = {
        "locked": {"locked": None},
        "own country": {"own_country_max": None},
        "sector": {"sector": None},
        "outside": {"outside": None},
        "full": {"load_max": problem.load_max + 1},
        "least load": {"load_min": problem.load_min * 0},
    }
    return replace(problem, **{key: value for name in lifted for key, value in without[name].items()})


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


def test_what_judges_can_take_counts_no_entry_twice() -> None:
    """Two judges with room for four readings each have one for a single entry."""
    problem = AssignmentProblem(np.ones((2, 1)), np.zeros((2, 1), bool), [3], [0, 0], [4, 4])

    with pytest.raises(Infeasible) as caught:
        assign(problem)

    assert str(caught.value.shortages[0].words).endswith(
        "it asks for 3 seats; 2 judges may read it and can take 2 in all. 1 seat is missing."
    )


@pytest.mark.parametrize(
    ("judges", "demand", "words"),
    [
        (0, 1, "Entry 0: it asks for 1 seat; nobody may read it. 1 seat is missing."),
        (1, 2, "Entry 0: it asks for 2 seats; 1 judge may read it and can take 1 in all. 1 seat is missing."),
    ],
)
def test_shortage_counts_one_as_one(judges: int, demand: int, words: str) -> None:
    problem = AssignmentProblem(np.ones((judges, 1)), np.zeros((judges, 1)), [demand], [0] * judges, [4] * judges)

    with pytest.raises(Infeasible) as caught:
        assign(problem)

    assert str(caught.value) == words


@pytest.mark.parametrize("objective", ["fair", "total"])
def test_no_total_buys_the_least_bit_of_the_floor(objective: str) -> None:
    """The second entry could have 0.1 more for 40 billionths of the first: the worst entry comes first, whatever it costs."""
    affinity = np.array([[0.5, 0.9], [0.5 - 4e-8, 0.8]])

    found = assign(AssignmentProblem(affinity, np.zeros((2, 2), bool), [1, 1], [0, 0], [1, 1]), objective=objective)

    assert (found.minimum, found.proven_minimum) == (0.5, True)


@pytest.mark.parametrize("unit", [1e-10, 1.0, 1e8])
def test_what_is_proven_does_not_hang_on_the_unit(unit: float) -> None:
    """A minimum that is a tenth below its bound is not proven in units in which a tenth is hardly anything."""
    problem = AssignmentProblem(unit * np.array([[0.5], [0.4]]), np.zeros((2, 1), bool), [1], [0, 0], [1, 1])
    of_problem = assignment.scaled_and_permuted(problem, 0).unit
    seats = np.array([[False], [True]])

    ceilings = assignment.Ceilings(0.5 * unit, 0.5 * unit, 0.5 * unit)
    found = assignment.measured(problem, seats, "fair", 0, ceilings=ceilings, unit=of_problem)

    assert not found.proven_minimum
    assert assign(problem).proven_minimum


@pytest.mark.parametrize("unit", [1e-10, 1.0, 1e8])
@pytest.mark.parametrize(
    ("seats", "gap"), [([[True, False], [False, True]], 0.0), ([[False, True], [True, False]], np.inf)]
)
def test_what_misses_a_bound_of_nothing_is_infinitely_far_from_it(unit: float, seats: list, gap: float) -> None:
    """No share of a bound of 0 says how far away it is."""
    affinity = unit * np.array([[0.0, 0.0], [-1.0, 0.0]])
    problem = AssignmentProblem(affinity, np.zeros((2, 2), bool), [1, 1], [0, 0], [1, 1])

    found = reassign(problem, seats)

    assert (found.seats.tolist(), found.bound_total, found.gap) == (seats, 0.0, gap)


def test_a_search_that_was_given_up_is_no_answer(monkeypatch: Any) -> None:
    """An assignment exists. Where branches are used up before one is found, nothing is missing, and nobody says so."""
    problem = AssignmentProblem(
        affinity=[[0.0, 0.4, 0.8, 0.2], [0.7, 0.9, 0.5, 0.9], [1.0, 0.6, 0.6, 0.1], [0.8, 0.8, 0.6, 0.2]],
        forbidden=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]],
        demand=[2] * 4,
        load_min=[0] * 4,
        load_max=[2] * 4,
        own_country=[[0, 0, 0, 0], [1, 1, 0, 1], [0, 0, 0, 1], [1, 1, 1, 0]],
        own_country_max=1,
        sector=[[1, 1, 0, 1], [1, 1, 1, 1], [1, 1, 0, 1], [1, 0, 1, 1]],
        outside=[[0, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 1]],
    )
    seats = assign(problem).seats
    assert broken_rules(problem, seats) == []

    monkeypatch.setattr(assignment, "MANY_NODES", 0)
    told = []
    for again in (lambda: assign(problem), lambda: reassign(problem, np.zeros((4, 4), bool))):
        with pytest.raises(ArithmeticError) as caught:
            again()
        told.append(str(caught.value))

    assert told == ["no assignment was found within 0 branches, though nothing is missing"] * 2


def test_worst_tenth_is_at_least_one_entry() -> None:
    assert worst_tenth(np.array([3.0, 1.0, 2.0])) == 1.0
    assert worst_tenth(np.arange(20.0)) == 0.5


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0), (1, 1)])
@pytest.mark.parametrize("demand", [0, 1])
@pytest.mark.parametrize("least", [0, 1])
def test_nearly_nothing_to_assign_has_an_answer(shape: tuple[int, int], demand: int, least: int) -> None:
    judges, entries = shape
    problem = AssignmentProblem(
        affinity=np.ones(shape), forbidden=np.zeros(shape), demand=[demand] * entries, load_min=[least] * judges,
        load_max=[1] * judges,
    )  # fmt: skip

    try:
        result = assign(problem)
    except Infeasible as error:
        missing = sum(shortage.missing for shortage in error.shortages)
    else:
        missing = 0
    seats, readings = demand * entries, least * judges
    assert missing == (0 if readings <= seats and (judges or not seats) else max(seats, readings))
    if missing:
        return

    assert broken_rules(problem, result.seats) == []
    assert (result.total, len(result.explain().entries)) == (float(demand * entries), entries)
    assert reassign(problem, result.seats).changed_seats == 0


def test_nobody_asks() -> None:
    problem = AssignmentProblem(
        affinity=np.zeros((2, 0)), forbidden=np.zeros((2, 0)), demand=[], load_min=[0, 0], load_max=[1, 1]
    )

    result = assign(problem)

    assert (result.seats.shape, result.total, totals_of(problem, result.seats).tolist()) == ((2, 0), 0.0, [])


WRONG = {
    "affinity has 1 dimension(s); expected two, judges x entries": {"affinity": np.ones(3)},
    "affinity[1, 2] is nan; expected a finite number": {"affinity": [[1, 1, 1], [1, 1, np.nan]]},
    "affinity[0, 0] is inf; expected a finite number": {"affinity": np.full((2, 3), np.inf)},
    "affinity[0, 0] is 10000000000.0; expected a number from -1e+09 to 1e+09": {"affinity": np.full((2, 3), 1e10)},
    "affinity[0, 0] is 'a'; expected a number": {"affinity": [["a"] * 3] * 2},
    "affinity[0, 1] is 'a'; expected a number": {"affinity": [[1, "a", 1]] * 2},
    "affinity[1, 2] is None; expected a number": {"affinity": [[1, 1, 1], [1, 1, None]]},
    "affinity[0, 0] is 1000000000000000000000000000000000000000…; expected a finite number": {
        "affinity": [[10**400] * 3] * 2
    },
    "demand[1] is '2'; expected a number": {"demand": [1, "2", 1]},
    "load_max[1] is None; expected a number": {"load_max": [3, None]},
    "affinity has rows of different lengths; expected judges x entries": {"affinity": [[1], [1, 2]]},
    "forbidden has the shape (3, 2); expected (2, 3), as affinity has it: judges x entries": {
        "forbidden": np.zeros((3, 2))
    },
    "forbidden[0, 1] is 2; expected true or false": {"forbidden": [[0, 2, 0], [0, 0, 0]]},
    "demand[1] is -1; expected a whole number from 0 to 2147483648": {"demand": [1, -1, 1]},
    "demand[2] is 1.5; expected a whole number from 0 to 2147483648": {"demand": [1, 1, 1.5]},
    "demand has the shape (2,); expected (3,), one number for each entry": {"demand": [1, 1]},
    "demand has rows of different lengths; expected one number for each entry": {"demand": [[1], [1, 2], [1]]},
    "load_min[1] is 4, more than load_max[1], 3": {"load_min": [0, 4]},
    "load_max[0] is nan; expected a finite number": {"load_max": [np.nan, 1]},
    "own_country_max needs own_country: bool[J, E], which judge is of which entrant's country": {"own_country_max": 1},
    "own_country_max[2] is -1; expected a whole number from 0 to 2147483648": {
        "own_country": np.ones((2, 3)),
        "own_country_max": [1, 1, -1],
    },
    "locked has 0 dimension(s); expected two, judges x entries": {"locked": 1},
    "parts['expertise'][0, 0] is nan; expected a finite number": {"parts": {"expertise": np.full((2, 3), np.nan)}},
    "parts is a list; expected a mapping, name -> float[J, E]": {"parts": []},
    "labels.entries has 1 items; expected 3 or none": {"labels": Labels(entries=["Alpha"])},
    "labels is a dict; expected Labels": {"labels": {}},
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_input_is_told_by_array_index_and_what_was_expected(message: str) -> None:
    with pytest.raises(ValueError) as caught:
        AssignmentProblem(**plain() | WRONG[message])

    assert str(caught.value) == message


def plain() -> dict[str, Any]:
    """Two judges, three entries, no rule that is hard to keep."""
    return {
        "affinity": np.ones((2, 3)), "forbidden": np.zeros((2, 3)), "demand": [1, 1, 1], "load_min": [0, 0],
        "load_max": [3, 3],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "best"}, 'objective is \'best\'; expected "fair" or "total"'),
        ({"seed": -1}, "seed is -1; expected a whole number, 0 or more"),
        ({"seed": "a"}, "seed is 'a'; expected a whole number, 0 or more"),
        ({"floor": 2}, 'floor is 2; expected "highest" or None'),
    ],
)
def test_wrong_option_is_told(options: dict, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        assign(AssignmentProblem(**plain()), **options)

    assert str(caught.value) == message


def test_seats_of_before_have_the_shape_of_the_problem() -> None:
    with pytest.raises(ValueError) as caught:
        reassign(AssignmentProblem(**plain()), np.zeros((3, 2)))

    assert str(caught.value).startswith("previous_seats has the shape (3, 2); expected (2, 3)")


NUMBERS = st.sampled_from([0, 1, 2, 3, 0.5, -1, 1e-300, 1e9, 1e300, np.nan, np.inf, -np.inf, 2**40])
ARRAYS = st.one_of(
    arrays.arrays(st.sampled_from([float, object]), arrays.array_shapes(min_dims=0, min_side=0, max_side=3), elements=NUMBERS),
    arrays.arrays(bool, arrays.array_shapes(min_dims=0, min_side=0, max_side=3)),
    st.sampled_from([None, "text", [[1], [1, 2]], 1, -1, [], {}]),
)  # fmt: skip


@st.composite
def anything(draw) -> dict[str, Any]:
    """Arrays that would fit, of whatever values, and one or two in whose place is something else."""
    judges, entries = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    pairs, usual = (judges, entries), st.sampled_from([0.0, 0.5, 1.0, 2.0])
    given = {
        "affinity": draw(arrays.arrays(float, pairs, elements=st.one_of(usual, st.floats(-1e9, 1e9)))),
        "forbidden": draw(arrays.arrays(bool, pairs)),
        "demand": draw(arrays.arrays(int, entries, elements=st.integers(0, 4))),
        "load_min": draw(arrays.arrays(int, judges, elements=st.integers(0, 1))),
        "load_max": draw(arrays.arrays(int, judges, elements=st.sampled_from([1, 2, 3, 2**31]))),
        "own_country": draw(arrays.arrays(bool, pairs)),
        "own_country_max": draw(st.sampled_from([None, 0, 1, 2, 2**31])),
        "sector": draw(st.one_of(st.none(), arrays.arrays(bool, pairs))),
        "locked": draw(st.one_of(st.none(), arrays.arrays(bool, pairs))),
    }
    for name in draw(st.lists(st.sampled_from(sorted(given)), max_size=2)):
        given[name] = draw(ARRAYS)
    return given


@examples(300)
@given(anything())
def test_whatever_is_given_is_refused_by_name_or_answered(given: dict[str, Any]) -> None:
    refused, shortages = "", ()
    try:
        problem = AssignmentProblem(**given)
        result = assign(problem)
    except Infeasible as error:
        shortages = error.shortages
    except ValueError as error:
        refused = str(error)

    assert all(shortage.missing > 0 and shortage.words for shortage in shortages)
    if refused:
        assert refused.split("[")[0].split(" ")[0] in given
    if refused or shortages:
        return
    assert broken_rules(problem, result.seats) == []
    assert np.isfinite([result.total, result.minimum, result.bound_total, result.gap]).all()


@examples(100)
@given(problems())
def test_ways_of_larger_problems_find_the_same_on_small_ones(problem: AssignmentProblem) -> None:
    best = oracle(problem)
    assume(best is not None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "SMALL_PAIRS", -1)
        result = assign(problem, objective="total", floor=None)

    assert broken_rules(problem, result.seats) == []
    assert result.bound_total >= best - 1e-6
    if problem.is_flow:
        assert result.total == pytest.approx(best, abs=1e-6)


def competition(judges: int, entries: int, seed: int) -> AssignmentProblem:
    """Three readings each, one at most by a judge of the own country; a tenth of pairs are conflicts."""
    random = np.random.default_rng(seed)
    shape = (judges, entries)
    load = 3 * entries / judges
    return AssignmentProblem(
        affinity=random.beta(2, 3, shape), forbidden=random.random(shape) < 0.1, demand=np.full(entries, 3),
        load_min=np.full(judges, int(load * 0.6)), load_max=np.full(judges, int(load * 1.3) + 1),
        own_country=random.integers(0, 7, judges)[:, None] == random.integers(0, 7, entries)[None, :], own_country_max=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def larger() -> AssignmentProblem:
    """More pairs than are put into one linear program."""
    return competition(160, 560, seed=11)


def test_larger_competition_keeps_every_hard_rule_near_its_bounds(larger: AssignmentProblem) -> None:
    result = assign(larger)

    assert broken_rules(larger, result.seats) == []
    assert result.minimum == result.bound_minimum
    assert 0 <= result.gap < 0.01


def test_larger_competition_has_the_greatest_total_and_it_is_proven(larger: AssignmentProblem) -> None:
    result = assign(larger, objective="total", floor=None)

    assert broken_rules(larger, result.seats) == []
    assert result.total == pytest.approx(result.bound_total, abs=1e-6)
    assert result.total == pytest.approx(solve_all_pairs(larger, Goal.TOTAL)[0].value, abs=1e-6)


def test_larger_competition_has_the_total_that_another_solver_finds(larger: AssignmentProblem) -> None:
    """Minimum-cost flow of OR-Tools in whole numbers: judges, an entry's own-country pool, entries."""
    flows = pytest.importorskip("ortools.graph.python.min_cost_flow")
    judges, entries = larger.affinity.shape
    judge, entry = np.nonzero(larger.allowed)
    cost = -np.round(larger.affinity[judge, entry] * 1e9).astype(np.int64)
    own = larger.own_country[judge, entry]
    ends, source = judges + np.arange(entries), judges + 2 * entries
    flow = flows.SimpleMinCostFlow()
    seats = flow.add_arcs_with_capacity_and_unit_cost(judge, judges + entry + own * entries, np.ones_like(cost), cost)
    flow.add_arcs_with_capacity_and_unit_cost(ends + entries, ends, larger.own_country_max, np.zeros(entries, np.int64))
    spare = larger.load_max - larger.load_min
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(judges, source), np.arange(judges), spare, np.zeros(judges, np.int64)
    )
    supply = np.zeros(source + 1, np.int64)
    supply[:judges], supply[ends] = larger.load_min, -larger.demand
    supply[source] = larger.demand.sum() - larger.load_min.sum()
    flow.set_nodes_supplies(np.arange(source + 1), supply)

    status = flow.solve()

    assert status == flow.OPTIMAL
    used = flow.flows(seats) > 0
    best = larger.affinity[judge[used], entry[used]].sum()
    assert assign(larger, objective="total", floor=None).total == pytest.approx(best, abs=1e-5)


def test_judge_who_drops_out_of_a_larger_competition_moves_nobody_else(larger: AssignmentProblem) -> None:
    before = assign(larger, objective="total")
    gone = np.arange(larger.judges) == 5

    result = reassign(
        replace(larger, load_min=np.where(gone, 0, larger.load_min), load_max=np.where(gone, 0, larger.load_max)),
        before.seats,
    )

    assert result.changed_seats == result.lost_seats == before.seats[5].sum()


PRINT_DIGEST = """
import hashlib
from competitions.judging import assign
from tests.judging.test_assignment import competition
print(hashlib.sha256(assign(competition(160, 560, seed=3)).seats.tobytes()).hexdigest())
"""


def test_seats_are_the_same_bytes_with_one_thread_and_with_two() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST], env=os.environ | {"OPENBLAS_NUM_THREADS": threads}, check=True,
            capture_output=True, text=True,
        ).stdout
        for threads in ("1", "2")
    }  # fmt: skip

    assert len(digests) == 1
