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
from competitions.services.definitions import tree_of

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
    """The rubric in which only these stored criteria are asked, with what stands above them.

    Where a weight is a share of the criterion above, the shares need all criteria of the rubric.
    """
    whole = {criterion.pk: criterion for criterion in criteria}
    asked = frozenset(criterion.code for criterion in whole.values())
    for criterion in tuple(whole.values()):
        above = criterion.parent
        while above is not None and above.pk not in whole:
            whole[above.pk] = above
            above = above.parent
    if weights_of == WeightsOf.PARENT:
        rubric = next((criterion.rubric for criterion in whole.values() if criterion.rubric_id), None)
        whole = {criterion.pk: criterion for criterion in (tree_of(rubric) if rubric else ())} | whole
    rows = tuple(
        judging.Criterion(
            code=criterion.code,
            kind=judging.Kind(criterion.kind),
            weight=criterion.weight,
            minimum=criterion.scale_min,
            maximum=criterion.scale_max,
            step=criterion.scale_step,
            parent=whole[criterion.parent_id].code if criterion.parent_id in whole else None,
        )
        for criterion in whole.values()
    )
    return judging.Rubric(rows, nested_weights=weights_of == WeightsOf.PARENT, asked=asked)
