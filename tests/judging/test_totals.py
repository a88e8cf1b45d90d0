"""Totals of sheets against exact fractions, for rubrics of every shape."""

from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.judging.totals import Criterion, Kind, Rubric

pytestmark = pytest.mark.once


def test_missing_is_never_zero() -> None:
    rubric = Rubric((Criterion("a", weight=60, maximum=10), Criterion("b", weight=40, maximum=5)))

    assert rubric.total({"a": 8, "b": 4}).value == 80
    assert rubric.total({"a": 8, "b": None}, coverage=Decimal("0.5")).value == 80
    assert rubric.total({"a": 8}).value is None
    assert rubric.total({"a": 8}).coverage == Decimal("0.6")


def test_nested_weights_are_shares_of_what_stands_above() -> None:
    rubric = Rubric(
        (
            Criterion("market", weight=60),
            Criterion("size", weight=25, maximum=10, parent="market"),
            Criterion("need", weight=75, maximum=10, parent="market"),
            Criterion("team", weight=40, maximum=10),
        ),
        nested_weights=True,
    )

    assert rubric.shares() == {"size": Fraction(15, 100), "need": Fraction(45, 100), "team": Fraction(40, 100)}
    assert rubric.total({"size": 10, "need": 0, "team": 5}).value == 35


@pytest.mark.parametrize(
    ("kind", "most", "shares"),
    [
        (Kind.UNWEIGHTED, (10, 4), {"size": Fraction(3, 10), "need": Fraction(3, 10), "team": Fraction(4, 10)}),
        (Kind.POINTS, (30, 10), {"size": Fraction(45, 100), "need": Fraction(15, 100), "team": Fraction(40, 100)}),
    ],
)
def test_what_counts_otherwise_below_a_weight_shares_that_weight(
    kind: Kind, most: tuple[int, int], shares: dict[str, Fraction]
) -> None:
    rubric = Rubric(
        (
            Criterion("market", weight=60),
            Criterion("size", kind, maximum=most[0], parent="market"),
            Criterion("need", kind, maximum=most[1], parent="market"),
            Criterion("team", weight=40, maximum=10),
        ),
        nested_weights=True,
    )

    assert rubric.shares() == shares


def test_points_of_a_criterion_above_are_those_below_unless_stated() -> None:
    rows = (
        Criterion("a", Kind.POINTS),
        Criterion("a1", Kind.POINTS, maximum=20, parent="a"),
        Criterion("a2", Kind.POINTS, maximum=10, parent="a"),
        Criterion("b", Kind.POINTS, maximum=10),
    )
    stated = (Criterion("a", Kind.POINTS, maximum=10), *rows[1:])

    assert Rubric(rows, True).shares() == {"a1": Fraction(1, 2), "a2": Fraction(1, 4), "b": Fraction(1, 4)}
    assert Rubric(stated, True).shares() == {"a1": Fraction(1, 3), "a2": Fraction(1, 6), "b": Fraction(1, 2)}


def test_a_heading_without_a_weight_passes_on_all_that_it_has() -> None:
    rubric = Rubric((Criterion("all"), Criterion("a", weight=100, maximum=5, parent="all")), nested_weights=True)

    assert rubric.shares() == {"a": 1}


def test_weights_below_a_criterion_are_parts_of_their_sum() -> None:
    rows = (Criterion("a", weight=50), Criterion("a1", weight=20, parent="a"), Criterion("a2", weight=20, parent="a"))
    rubric = Rubric((*rows, Criterion("b", weight=50)), nested_weights=True)

    assert rubric.shares() == {"a1": Fraction(1, 4), "a2": Fraction(1, 4), "b": Fraction(1, 2)}


def test_ways_of_counting_do_not_stand_side_by_side_where_weights_are_nested() -> None:
    rows = (Criterion("a", weight=50), Criterion("b", parent="a"), Criterion("c", Kind.POINTS, parent="a"))

    with pytest.raises(ValueError, match=r"criteria below a count in different ways \(points, weight\); expected one"):
        Rubric(rows, nested_weights=True)


def test_points_unweighted_bonus_and_conditions() -> None:
    points = Rubric(
        (
            Criterion("a", Kind.POINTS, maximum=30),
            Criterion("b", Kind.POINTS, maximum=10),
            Criterion("x", Kind.BONUS, maximum=5),
        )
    )
    equal = Rubric(
        (
            Criterion("a", Kind.UNWEIGHTED, maximum=4),
            Criterion("b", Kind.UNWEIGHTED, maximum=10),
            Criterion("c", Kind.CONDITION),
        )
    )

    assert points.total({"a": 15, "b": 10, "x": 3}).value == Decimal("65.5")
    assert equal.total({"a": 1, "b": 10}).value == Decimal("62.5")


def test_stages_have_rubrics_of_their_own() -> None:
    rubric = Rubric((
        Criterion("idea", weight=50, maximum=10),
        Criterion("sales", weight=50, maximum=10, only_stages=frozenset({"growth"})),
    ))  # fmt: skip

    assert rubric.for_stage("seed").total({"idea": 7}).value == 70
    assert rubric.for_stage("growth").total({"idea": 7, "sales": 3}).value == 50


def test_what_a_stage_leaves_out_takes_its_branch_along() -> None:
    """A criterion above that keeps nothing is not scored; what stands below one that is left out is not asked."""
    growth = frozenset({"growth"})
    rubric = Rubric((
        Criterion("idea", weight=50, maximum=10),
        Criterion("numbers", weight=30),
        Criterion("money", parent="numbers"),
        Criterion("sales", weight=30, maximum=10, parent="money", only_stages=growth),
        Criterion("reach", weight=20, only_stages=growth),
        Criterion("countries", weight=20, maximum=10, parent="reach"),
    ))  # fmt: skip

    assert rubric.for_stage("seed").shares() == {"idea": 1}
    assert [leaf.code for leaf in rubric.for_stage("seed").leaves] == ["idea"]
    assert rubric.for_stage("growth").shares() == rubric.shares()


@pytest.mark.parametrize("kind", [Kind.WEIGHT, Kind.POINTS, Kind.UNWEIGHTED])
def test_what_is_not_asked_counts_like_what_is_not_assessed(kind: Kind) -> None:
    """Same answers, same total, whether a criterion is for another stage or could not be assessed."""
    weights = (25, 75) if kind is Kind.WEIGHT else (None, None)
    rubric = Rubric(
        (
            Criterion("a", weight=60),
            Criterion("a1", kind, weights[0], maximum=10, parent="a"),
            Criterion("a2", kind, weights[1], maximum=30, parent="a", only_stages=frozenset({"growth"})),
            Criterion("b", weight=40, maximum=10),
        ),
        nested_weights=True,
    )
    values = {"a1": 10, "b": 0}

    assert rubric.for_stage("seed").total(values).value == rubric.total(values, coverage=0).value


@pytest.mark.parametrize(("kind", "value"), [(Kind.BONUS, 90), (Kind.CONDITION, 80)])
def test_what_stands_below_a_bonus_or_a_condition_is_one(kind: Kind, value: int) -> None:
    rubric = Rubric(
        (
            Criterion("a", weight=100, maximum=10),
            Criterion("more", kind),
            Criterion("extra", weight=50, maximum=10, parent="more"),
        ),
        nested_weights=True,
    )
    values = {"a": 8, "extra": 10} if kind is Kind.BONUS else {"a": 8}

    assert rubric.shares() == {"a": 1}
    assert rubric.total(values).value == value


def test_a_coverage_is_a_share() -> None:
    with pytest.raises(ValueError, match="coverage is 80; expected 0 to 1"):
        Rubric((Criterion("a", weight=1, maximum=5),)).total({"a": 1}, coverage=80)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 100), st.integers(1, 20), st.one_of(st.none(), st.integers(0, 20))),
        min_size=1,
        max_size=8,
    )
)
def test_totals_are_exact(rows: list[tuple[int, int, int | None]]) -> None:
    rubric = Rubric(tuple(Criterion(f"c{n}", weight=weight, maximum=most) for n, (weight, most, _) in enumerate(rows)))
    values = {f"c{n}": None if value is None else min(value, most) for n, (_, most, value) in enumerate(rows)}
    given_rows = [(weight, Fraction(min(value, most), most)) for weight, most, value in rows if value is not None]

    total = rubric.total(values, coverage=0)

    if not given_rows:
        assert total.value is None
        return
    exact = 100 * sum(weight * part for weight, part in given_rows) / sum(weight for weight, _ in given_rows)
    assert abs(Fraction(total.value) - exact) <= Fraction(1, 20000)


@pytest.mark.parametrize(
    ("criteria", "values", "words"),
    [
        ((Criterion("a", weight=1, maximum=5, minimum=1),), {"a": 6}, "a has the value 6; expected 1 to 5"),
        (
            (Criterion("a", weight=1, maximum=5, minimum=1, step=2),),
            {"a": 2},
            "a has the value 2; expected steps of 2 from 1",
        ),
        ((Criterion("a", weight=1, maximum=5),), {"b": 2}, "b is no criterion that is scored; expected one of a"),
        ((Criterion("a", weight=1),), {"a": 2}, "criterion a has no scale"),
        ((Criterion("a", Kind.BONUS, maximum=3),), {}, "the rubric has no criterion with a weight"),
    ],
)
def test_bad_sheets_are_refused_in_words(criteria: tuple[Criterion, ...], values: dict, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Rubric(criteria).total(values)

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ((Criterion("a"), Criterion("a")), "criterion a stands 2 times; expected every code once"),
        ((Criterion("a", parent="z"),), "criterion a stands below z, which does not exist"),
        ((Criterion("a", parent="b"), Criterion("b", parent="a")), "stands below itself"),
        ((Criterion("a", weight=-5),), "criterion a has the weight -5; expected 0 or more"),
        ((Criterion("a", maximum=-1),), "criterion a has a scale from 0 to -1; expected it to rise"),
        ((Criterion("a", minimum=5, maximum=5),), "criterion a has a scale from 5 to 5; expected it to rise"),
        ((Criterion("a", maximum=5, step=-1),), "criterion a has steps of -1; expected a number above 0"),
        (
            (Criterion("a", weight=50), Criterion("b", Kind.POINTS, maximum=10)),
            "criteria of a rubric without nested weights count in different ways (points, weight); expected one",
        ),
    ],
)
def test_bad_rubrics_are_refused(criteria: tuple[Criterion, ...], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Rubric(criteria)

    assert words in str(caught.value)


NAN, INFINITE = Decimal("NaN"), Decimal("Infinity")


@pytest.mark.parametrize(
    ("criterion", "value", "coverage", "words"),
    [
        ({}, NAN, 1, "a is Decimal('NaN'); expected a finite number"),
        ({}, INFINITE, 1, "a is Decimal('Infinity'); expected a finite number"),
        ({}, float("nan"), 1, "a is nan; expected a finite number"),
        ({}, "3", 1, "a is '3'; expected a finite number"),
        ({}, True, 1, "a is True; expected a finite number"),
        ({"weight": NAN}, 3, 1, "the weight of criterion a is Decimal('NaN'); expected a finite number"),
        ({"weight": float("inf")}, 3, 1, "the weight of criterion a is inf; expected a finite number"),
        ({"maximum": NAN}, 3, 1, "the maximum of criterion a is Decimal('NaN'); expected a finite number"),
        ({"minimum": -INFINITE}, 3, 1, "the minimum of criterion a is Decimal('-Infinity'); expected a finite number"),
        ({"step": "1"}, 3, 1, "the step of criterion a is '1'; expected a finite number"),
        ({}, 3, NAN, "coverage is Decimal('NaN'); expected a finite number"),
        ({}, 3, float("nan"), "coverage is nan; expected a finite number"),
        ({"step": 0.1}, 0.35, 1, "a has the value 0.35; expected steps of 0.1 from 0"),
    ],
)
def test_what_is_no_number_is_refused_by_its_name(criterion: dict, value: object, coverage: object, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Rubric((Criterion("a", **({"weight": 1, "maximum": 5} | criterion)),)).total({"a": value}, coverage=coverage)

    assert str(caught.value) == words


def test_a_float_is_the_decimal_that_it_is_written_as() -> None:
    tenths = Rubric((Criterion("a", weight=1, maximum=1, step=0.1),))
    halves = Rubric((Criterion("a", weight=55, maximum=5), Criterion("b", weight=45, maximum=5)))

    assert tenths.total({"a": 0.3}).value == 30
    assert halves.total({"a": 5}, coverage=0.55).value == 100


def test_totals_do_not_hang_on_the_precision_set_elsewhere() -> None:
    rubric = Rubric((Criterion("a", weight=1, maximum=7), Criterion("more", Kind.BONUS, maximum=10**30)))
    bonus = 12345678901234567890123456789

    with localcontext(Context(prec=2, traps=[Inexact])):
        coarse = rubric.total({"a": 5, "more": bonus})

    assert str(coarse.value) == "12345678901234567890123456860.4286"
    assert coarse == rubric.total({"a": 5, "more": bonus})
    assert str(rubric.total({"a": 7}).value) == "100"


def test_a_leaf_without_a_weight_changes_no_total() -> None:
    rubric = Rubric((Criterion("a", weight=60, maximum=5), Criterion("b", maximum=5)))

    assert rubric.total({"a": 5, "b": 0}).value == rubric.total({"a": 5}).value == 100


def test_a_maximum_or_a_step_of_0_is_one_not_stated() -> None:
    stated, zero = (
        Rubric(
            (
                Criterion("all", Kind.POINTS, maximum=none),
                Criterion("a", Kind.POINTS, maximum=6, step=none, parent="all"),
                Criterion("b", Kind.POINTS, maximum=2, parent="all"),
            ),
            nested_weights=True,
        )
        for none in (None, 0)
    )

    assert zero.shares() == stated.shares() == {"a": Fraction(3, 4), "b": Fraction(1, 4)}
    assert zero.total({"a": 1.5, "b": 1}) == stated.total({"a": 1.5, "b": 1})


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (Criterion("a", weight=1, maximum=-1), "criterion a has a scale from 0 to -1; expected it to rise to a number above 0, or 0 for none"),
        (Criterion("a", weight=1, maximum=5, step=-1), "criterion a has steps of -1; expected a number above 0, or 0 for none"),
    ],
)  # fmt: skip
def test_what_a_scale_may_be_is_told_with_what_0_means(criterion: Criterion, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Rubric((criterion,))

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "stars"}, "criterion a has the kind 'stars'; expected one of weight, points, none, bonus, filter"),
        ({"only_stages": "growth"}, "criterion a has only_stages 'growth'; expected a set of stages"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused(change: dict, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Criterion("a", **change)

    assert str(caught.value) == words


def test_a_kind_is_known_by_its_word() -> None:
    assert Rubric((Criterion("a", "points", maximum=5),)).shares() == {"a": 1}
