"""The total of one score sheet: exact, on a scale of 0 to 100, and never counting what is missing as 0.

Leaves of the rubric's tree are scored. A leaf gives `value / scale maximum` of its share. Shares of criteria that
were not assessed are taken out and the others scaled up to 100, if enough was assessed (`coverage`). Bonus points
come on top.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competitions.enums import Aggregation, CriterionKind, WeightsOf
from competitions.models import Criterion

PLACES = Decimal("0.0001")
COMPUTED = frozenset({Aggregation.MEAN})  # how totals of sheets may become a result; see `deciding.compute_means`


@dataclass(frozen=True)
class Total:
    """`value`: 0 to 100 (bonus may lift it above), None below the declared coverage. `coverage`: 0 to 1."""

    value: Decimal | None
    coverage: Decimal
    assessed: int
    criteria: int


def shares(criteria: Iterable[Criterion], *, weights_of: str = WeightsOf.WHOLE) -> dict[int, Fraction]:
    """Criterion pk -> its share of the whole, for every scored leaf that is not a bonus; the shares sum to 1.

    Weights in per cent (of the whole, or of the criterion above), points by their maximum, or equal shares.
    Raises ValueError if no leaf has a share, or a scored leaf has no scale.
    """
    criteria = list(criteria)
    parents = {criterion.parent_id for criterion in criteria if criterion.parent_id}
    leaves = [c for c in criteria if c.pk not in parents and c.kind not in (CriterionKind.FILTER, CriterionKind.BONUS)]
    raw = {leaf.pk: _raw_share(leaf, weights_of) for leaf in leaves}
    whole = sum(raw.values())
    if not whole:
        raise ValueError("the rubric has no criterion with a weight")
    return {pk: share / whole for pk, share in raw.items()}


def _raw_share(leaf: Criterion, weights_of: str) -> Fraction:
    if leaf.kind == CriterionKind.POINTS:
        return Fraction(_maximum(leaf))
    if leaf.kind == CriterionKind.NONE:
        return Fraction(1)
    share = Fraction(leaf.weight or 0)
    above = leaf.parent
    while weights_of == WeightsOf.PARENT and above is not None:
        share *= Fraction(above.weight if above.weight is not None else 100) / 100
        above = above.parent
    return share


def _maximum(criterion: Criterion) -> Decimal:
    if not criterion.scale_max:
        raise ValueError(f"criterion {criterion.code} has no scale")
    return criterion.scale_max


def total(
    criteria: Iterable[Criterion],
    values: Mapping[int, Decimal | None],
    *,
    coverage: Decimal = Decimal(1),
    weights_of: str = WeightsOf.WHOLE,
) -> Total:
    """The total of a sheet. `values`: criterion pk -> value, None or absent where it was not assessed."""
    criteria = list(criteria)
    by_pk = {criterion.pk: criterion for criterion in criteria}
    share = shares(criteria, weights_of=weights_of)
    given = {pk: Fraction(value) for pk, value in values.items() if value is not None}
    assessed = sum((part for pk, part in share.items() if pk in given), Fraction(0))
    counted = sum(1 for pk in share if pk in given)
    covered = _rounded(assessed, Decimal("0.001"))
    if not assessed or assessed < Fraction(coverage):
        return Total(None, covered, counted, len(share))
    points = sum((share[pk] * given[pk] / Fraction(_maximum(by_pk[pk])) for pk in share if pk in given), Fraction(0))
    bonus = sum((given[c.pk] for c in criteria if c.kind == CriterionKind.BONUS and c.pk in given), Fraction(0))
    return Total(_rounded(100 * points / assessed + bonus, PLACES), covered, counted, len(share))


def _rounded(number: Fraction, places: Decimal) -> Decimal:
    """Round half up, from the exact fraction."""
    scale = int(1 / places)
    return Decimal((number * scale + Fraction(1, 2)).__floor__()) / scale
