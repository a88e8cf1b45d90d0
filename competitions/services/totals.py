"""Totals of stored score sheets: rows of the rubric become a `Rubric` of `competitions.judging`, which knows the
rules.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from competitions.enums import Aggregation, WeightsOf
from competitions.judging import totals as judging
from competitions.judging.totals import Total
from competitions.models import Criterion

__all__ = ["COMPUTED", "Total", "shares", "total"]

COMPUTED = frozenset({Aggregation.MEAN})  # how totals of sheets may become a result; see `deciding.compute_means`


def shares(criteria: Iterable[Criterion], *, weights_of: str = WeightsOf.WHOLE) -> dict[int, Fraction]:
    """Criterion pk -> its share of the whole, for every scored leaf that is not a bonus; the shares sum to 1.

    Raises ValueError if no leaf has a share, or a scored leaf has no scale.
    """
    criteria = list(criteria)
    by_code = {criterion.code: criterion.pk for criterion in criteria}
    return {by_code[code]: share for code, share in rubric_of(criteria, weights_of=weights_of).shares().items()}


def total(
    criteria: Iterable[Criterion],
    values: Mapping[int, Decimal | None],
    *,
    coverage: Decimal = Decimal(1),
    weights_of: str = WeightsOf.WHOLE,
) -> Total:
    """The total of a sheet. `values`: criterion pk -> value, None or absent where it was not assessed."""
    criteria = list(criteria)
    given = {criterion.code: values.get(criterion.pk) for criterion in criteria}
    asked = {code: value for code, value in given.items() if value is not None}
    return rubric_of(criteria, weights_of=weights_of).total(asked, coverage=coverage)


def rubric_of(criteria: Iterable[Criterion], *, weights_of: str = WeightsOf.WHOLE) -> judging.Rubric:
    """The rubric of stored criteria, with those above them where a weight is a share of the one above."""
    criteria = list(criteria)
    code_of = {criterion.pk: criterion.code for criterion in criteria}
    if weights_of == WeightsOf.PARENT:
        for criterion in criteria:  # grows while it is walked, until the top
            if criterion.parent_id is not None and criterion.parent_id not in code_of:
                code_of[criterion.parent_id] = criterion.parent.code
                criteria.append(criterion.parent)
    rows = tuple(
        judging.Criterion(
            code=criterion.code,
            kind=judging.Kind(criterion.kind),
            weight=criterion.weight,
            minimum=criterion.scale_min,
            maximum=criterion.scale_max,
            step=criterion.scale_step,
            parent=code_of.get(criterion.parent_id),
        )
        for criterion in criteria
    )
    return judging.Rubric(rows, nested_weights=weights_of == WeightsOf.PARENT)
