"""The total of one score sheet: exact, on a scale of 0 to 100, and never counting what is missing as 0.

Leaves of the rubric's tree are scored. A leaf gives `value / maximum` of its share. Shares of criteria that were not
assessed are taken out and the others scaled up to 100, if enough was assessed. Bonus points come on top; conditions
give nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

PLACES = Decimal("0.0001")
Number = int | Decimal | Fraction


class Kind(StrEnum):
    """How a criterion counts. The words are those of stored rubrics."""

    WEIGHT = "weight"  # in per cent
    POINTS = "points"  # by its maximum
    UNWEIGHTED = "none"  # as much as the other unweighted ones
    BONUS = "bonus"  # on top
    CONDITION = "filter"  # to be met, not scored


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric. `weight` in per cent; the scale's `minimum`, `maximum`, `step`; None: not stated.

    `only_stages`: the stages of a start-up to which it applies; empty: all.
    """

    code: str
    kind: Kind = Kind.WEIGHT
    weight: Number | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    step: Number | None = None
    parent: str | None = None
    only_stages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Total:
    """`value`: 0 to 100 (bonus may lift it above), None below the asked coverage. `coverage`: 0 to 1, by shares."""

    value: Decimal | None
    coverage: Decimal
    assessed: int
    criteria: int


@dataclass(frozen=True)
class Rubric:
    """Criteria in a tree.

    nested_weights   True: every criterion has a part of the one above it: its weight, or, beside criteria that count by
                     points or alike, its points over theirs, or one over their number. A criterion above without a
                     weight passes on all that it has. False: weights are of the whole, whatever stands above

    Raises ValueError for a code that stands twice, a criterion above that does not exist, a circle, and, with nested
    weights, for criteria side by side that count in different ways.
    """

    criteria: tuple[Criterion, ...]
    nested_weights: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", tuple(self.criteria))
        codes = [criterion.code for criterion in self.criteria]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"criterion {code} stands {codes.count(code)} times; expected every code once")
        for criterion in self.criteria:
            if criterion.parent is not None and criterion.parent not in codes:
                raise ValueError(f"criterion {criterion.code} stands below {criterion.parent}, which does not exist")
            self._above(criterion)
        if self.nested_weights:
            self._require_one_way_of_counting()

    @cached_property
    def by_code(self) -> Mapping[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """What judges score: criteria with none below, but for conditions."""
        parents = {criterion.parent for criterion in self.criteria}
        return tuple(c for c in self.criteria if c.code not in parents and c.kind is not Kind.CONDITION)

    def for_stage(self, stage: str) -> "Rubric":
        """The rubric of entries in one stage: criteria for other stages taken out, with all below them and with what
        then has nothing below it; the other shares are scaled up.
        """

        def asked(criterion: Criterion) -> bool:
            return not criterion.only_stages or stage in criterion.only_stages

        kept = [c for c in self.criteria if all(asked(part) for part in (c, *self._above(c)))]
        above = {criterion.parent for criterion in self.criteria}
        while True:
            parents = {criterion.parent for criterion in kept}
            filled = [c for c in kept if c.code not in above or c.code in parents]
            if len(filled) == len(kept):
                return Rubric(tuple(kept), self.nested_weights)
            kept = filled

    def shares(self) -> dict[str, Fraction]:
        """Code -> share of the whole, for every scored leaf that is not a bonus; the shares sum to 1.

        Raises ValueError if no leaf has a share, or one that counts by points has no scale.
        """
        raw = {leaf.code: self._raw_share(leaf) for leaf in self.leaves if leaf.kind is not Kind.BONUS}
        whole = sum(raw.values(), Fraction(0))
        if not whole:
            raise ValueError("the rubric has no criterion with a weight")
        return {code: share / whole for code, share in raw.items()}

    def total(self, values: Mapping[str, Number | None], *, coverage: Number = 1) -> Total:
        """The total of a sheet.

        values     code -> value; None or absent: not assessed, which is never 0
        coverage   the least share of the rubric, 0 to 1, that must be assessed for a total

        Raises ValueError for a code that is not a scored leaf and for a value off its scale.
        """
        share = self.shares()
        given = {code: Fraction(value) for code, value in values.items() if value is not None}
        self._check(given)
        assessed = sum((part for code, part in share.items() if code in given), Fraction(0))
        counted = sum(1 for code in share if code in given)
        covered = rounded(assessed, Decimal("0.001"))
        if not assessed or assessed < Fraction(coverage):
            return Total(None, covered, counted, len(share))
        points = sum((share[code] * given[code] / self._maximum(code) for code in share if code in given), Fraction(0))
        bonus = sum(
            (given[leaf.code] for leaf in self.leaves if leaf.kind is Kind.BONUS and leaf.code in given), Fraction(0)
        )
        return Total(rounded(100 * points / assessed + bonus, PLACES), covered, counted, len(share))

    def _above(self, criterion: Criterion) -> Sequence[Criterion]:
        """The criteria above one, the nearest first."""
        found: list[Criterion] = []
        while criterion.parent is not None:
            criterion = self.by_code[criterion.parent]
            if criterion in found:
                raise ValueError(f"criterion {criterion.code} stands below itself")
            found.append(criterion)
        return found

    def _require_one_way_of_counting(self) -> None:
        for above in {criterion.parent for criterion in self.criteria}:
            ways = sorted({criterion.kind for criterion in self._side_by_side(above)})
            if len(ways) > 1:
                where = f"below {above}" if above else "at the top"
                raise ValueError(f"criteria {where} count in different ways ({', '.join(ways)}); expected one of them")

    def _side_by_side(self, above: str | None) -> list[Criterion]:
        """What shares one criterion above, or stands at the top."""
        return [c for c in self.criteria if c.parent == above and c.kind not in (Kind.BONUS, Kind.CONDITION)]

    def _raw_share(self, leaf: Criterion) -> Fraction:
        if self.nested_weights:
            return math.prod((self._part(part) for part in (leaf, *self._above(leaf))), start=Fraction(1))
        if leaf.kind is Kind.POINTS:
            return self._maximum(leaf.code)
        return Fraction(1) if leaf.kind is Kind.UNWEIGHTED else Fraction(leaf.weight or 0)

    def _part(self, criterion: Criterion) -> Fraction:
        """What a criterion has of the one above it."""
        beside = self._side_by_side(criterion.parent)
        if criterion.kind is Kind.POINTS:
            return self._points(criterion) / sum(self._points(other) for other in beside)
        if criterion.kind is Kind.UNWEIGHTED:
            return Fraction(1, len(beside))
        if criterion.weight is None:
            return Fraction(criterion not in self.leaves)
        return Fraction(criterion.weight) / 100

    def _points(self, criterion: Criterion) -> Fraction:
        """The most points: as stated, or those of all that stands below."""
        below = self._side_by_side(criterion.code)
        if criterion.maximum is None and below:
            return sum((self._points(part) for part in below), Fraction(0))
        return self._maximum(criterion.code)

    def _maximum(self, code: str) -> Fraction:
        maximum = self.by_code[code].maximum
        if not maximum:
            raise ValueError(f"criterion {code} has no scale")
        return Fraction(maximum)

    def _check(self, given: Mapping[str, Fraction]) -> None:
        scored = {leaf.code for leaf in self.leaves}
        for code, value in given.items():
            if code not in scored:
                raise ValueError(f"{code} is no criterion that is scored; expected one of {', '.join(sorted(scored))}")
            self._maximum(code)
            criterion = self.by_code[code]
            low, high = criterion.minimum, criterion.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                raise ValueError(f"{code} has the value {value}; expected {low} to {high}")
            if criterion.step and low is not None and (value - Fraction(low)) % Fraction(criterion.step):
                raise ValueError(f"{code} has the value {value}; expected steps of {criterion.step} from {low}")


def rounded(number: Fraction, places: Decimal) -> Decimal:
    """Round half up, from the exact fraction."""
    scale = int(1 / places)
    return Decimal((number * scale + Fraction(1, 2)).__floor__()) / scale
