"""Totals of score sheets against exact sums, for rubrics of every shape."""

import uuid
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import timezone

from competitions.enums import CriterionKind, WeightsOf
from competitions.models import Criterion
from competitions.services.definitions import criteria_of
from competitions.services.totals import total
from tests.competitions.factories import CriterionFactory, RubricFactory

KIND = CriterionKind


def criterion(
    pk: int, *, kind: str = KIND.WEIGHT, weight: str | None = None, most: int = 5, parent: Criterion | None = None
):
    weight = D(weight) if weight else None
    return Criterion(pk=pk, code=f"c{pk}", kind=kind, weight=weight, scale_min=0, scale_max=D(most), parent=parent)


AWARD = [criterion(n, weight=w) for n, w in enumerate(["40", "25", "20", "10", "5"], 1)]


def test_full_marks_are_a_hundred() -> None:
    result = total(AWARD, {n: D(5) for n in range(1, 6)})

    assert (result.value, result.coverage, result.assessed) == (D("100"), D("1"), 5)


def test_weights_count_as_declared() -> None:
    result = total(AWARD, {1: D(4), 2: D(3), 3: D(5), 4: D(0), 5: D(2)})

    assert result.value == D(32) + D(15) + D(20) + D(0) + D(2)


def test_what_is_missing_is_never_zero() -> None:
    full = total(AWARD, {1: D(4), 2: D(4), 3: D(4), 4: D(4), 5: D(4)})
    part = total(AWARD, {1: D(4), 2: D(4), 3: None}, coverage=D("0.6"))

    assert full.value == part.value == D(80)
    assert part.coverage == D("0.65")


def test_below_the_coverage_there_is_no_total() -> None:
    result = total(AWARD, {1: D(5), 5: D(5)}, coverage=D("0.6"))

    assert result.value is None
    assert (result.assessed, result.criteria) == (2, 5)


def test_nothing_given_gives_no_total_whatever_the_coverage() -> None:
    assert total(AWARD, {}, coverage=D("0.001")).value is None


def test_points_weigh_by_their_maximum() -> None:
    rubric = [criterion(1, kind=KIND.POINTS, most=30), criterion(2, kind=KIND.POINTS, most=10)]

    assert total(rubric, {1: D(15), 2: D(10)}).value == D("62.5")


def test_unweighted_criteria_count_alike_whatever_their_scale() -> None:
    rubric = [criterion(1, kind=KIND.NONE, most=10), criterion(2, kind=KIND.NONE, most=100)]

    assert total(rubric, {1: D(10), 2: D(50)}).value == D(75)


def test_bonus_points_come_on_top() -> None:
    rubric = [criterion(1, weight="100"), criterion(2, kind=KIND.BONUS, most=3)]

    assert total(rubric, {1: D(4), 2: D(3)}).value == D(83)
    assert total(rubric, {1: D(4)}).value == D(80)


def test_a_condition_is_not_scored() -> None:
    rubric = [criterion(1, weight="100"), criterion(2, kind=KIND.FILTER)]

    assert total(rubric, {1: D(4)}).value == D(80)


def test_nested_weights_are_of_the_criterion_above_when_declared() -> None:
    above = criterion(1, weight="60")
    rubric = [
        above,
        criterion(2, weight="50", parent=above),
        criterion(3, weight="50", parent=above),
        criterion(4, weight="40"),
    ]

    result = total(rubric, {2: D(5), 3: D(0), 4: D(5)}, weights_of=WeightsOf.PARENT)

    assert result.value == D(70)


@pytest.mark.django_db
def test_what_stage_leaves_a_criterion_out_its_part_is_known_and_asked_for_once(
    django_assert_num_queries: Any,
) -> None:
    """Two of three equal parts of 60 %: the third counts as not asked, not as nought; a locked rubric is read once."""
    rubric = RubricFactory(weights_of=WeightsOf.PARENT)
    above = CriterionFactory(rubric=rubric, kind=KIND.WEIGHT, weight=D(60))
    parts = [CriterionFactory(rubric=rubric, kind=KIND.NONE, weight=None, parent=above) for _ in range(3)]
    other = CriterionFactory(rubric=rubric, kind=KIND.WEIGHT, weight=D(40))
    rubric.locked_at, rubric.digest = timezone.now(), uuid.uuid4().hex
    rubric.save()
    asked = [each for each in criteria_of(rubric) if each.pk != parts[2].pk]
    most = {each.pk: each.scale_max for each in asked}
    values = {parts[0].pk: most[parts[0].pk], parts[1].pk: most[parts[1].pk], other.pk: D(0)}

    first = total(asked, values, weights_of=WeightsOf.PARENT)
    with django_assert_num_queries(0):
        again = total(asked, values, weights_of=WeightsOf.PARENT)

    assert first.value == again.value == D(50)


def test_thirds_are_rounded_once_from_the_exact_fraction() -> None:
    rubric = [criterion(n, kind=KIND.NONE, most=3) for n in (1, 2, 3)]

    assert total(rubric, {1: D(1), 2: D(1), 3: D(0)}).value == D("22.2222")


def test_a_criterion_without_a_scale_is_named() -> None:
    rubric = [criterion(1, weight="100", most=0)]

    with pytest.raises(ValueError, match="criterion c1 has no scale"):
        total(rubric, {1: D(1)})
