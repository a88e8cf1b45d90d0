"""The total of one score sheet: exact, 100 at the most but for bonuses, and never counting what is missing as 0.

Leaves of the rubric's tree are scored. A leaf gives `value / maximum` of its share of the whole. The shares are those
of the whole rubric; what is not assessed, or not asked of an entry's stage, is taken out and the others are scaled up
to 100, if enough was assessed. Bonus points come on top; conditions give nothing; so does all that stands below them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from numbers import Rational, Real
from typing import NamedTuple

PLACES = Decimal("0.0001")
Number = int | Decimal | Fraction | float  # a float is the decimal that it is written as: 0.3 is three tenths


class Kind(StrEnum):
    """How a criterion counts. The words are those of stored rubrics."""

    WEIGHT = "weight"  # in per cent
    POINTS = "points"  # by its maximum
    UNWEIGHTED = "none"  # as much as the other unweighted ones
    BONUS = "bonus"  # on top
    CONDITION = "filter"  # to be met, not scored


SHARING = (Kind.WEIGHT, Kind.POINTS, Kind.UNWEIGHTED)  # the whole


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric. `weight` in per cent; the scale's `minimum`, `maximum`, `step`; None: not stated, and then
    the scale begins at 0 and the weight is 0: what is scored so beside weighted criteria changes no total. A maximum or
    a step of 0 is one not stated.

    `only_stages`: the stages of a start-up to which it applies; empty: all.

    Raises ValueError for a kind that there is not, or stages given as one text.
    """

    code: str
    kind: Kind = Kind.WEIGHT
    weight: Number | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    step: Number | None = None
    parent: str | None = None
    only_stages: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind not in list(Kind):
            raise ValueError(f"criterion {self.code} has the kind {self.kind!r}; expected one of {', '.join(Kind)}")
        if isinstance(self.only_stages, str) or not isinstance(self.only_stages, Iterable):
            raise ValueError(f"criterion {self.code} has only_stages {self.only_stages!r}; expected a set of stages")
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "only_stages", frozenset(self.only_stages))

    @cached_property
    def scale(self) -> "Scale":
        """Raises ValueError for what is no finite number."""
        low, high, step = (
            None if number is None else _exact(f"the {name} of criterion {self.code}", number)
            for name, number in (("minimum", self.minimum), ("maximum", self.maximum), ("step", self.step))
        )
        return Scale(low or Fraction(0), high, step)

    @cached_property
    def share(self) -> Fraction | None:
        """The weight, exact."""
        return None if self.weight is None else _exact(f"the weight of criterion {self.code}", self.weight)


class Scale(NamedTuple):
    """Of one criterion, exact. None: not stated."""

    minimum: Fraction
    maximum: Fraction | None
    step: Fraction | None


@dataclass(frozen=True)
class Total:
    """What a sheet gives.

    value      0 to 100 (a bonus may lift it above, a scale from below 0 lower), rounded half up to four places; None
               below the asked coverage
    coverage   0 to 1, by shares, rounded to three places; the exact share is compared with what is asked
    assessed, criteria   how many scored leaves have a value, of how many
    """

    value: Decimal | None
    coverage: Decimal
    assessed: int
    criteria: int


@dataclass(frozen=True)
class Rubric:
    """Criteria in a tree.

    nested_weights   False: weights, points, or equal parts are of the whole, whatever stands above. True: each
                     criterion has a part of the one above it: its weight, its points, or one, over the sum of those of
                     all criteria beside it. A criterion with others below it and no weight counts as if its weight
                     were 100: beside one of 60 it has 100/160
    asked            codes of the leaves that are asked, for instance of an entry in one stage; None: all

    Raises ValueError for a code that stands twice, a criterion above that does not exist, a circle, a weight or scale
    that cannot be or is no finite number, an asked code that is no criterion, and for criteria that share one whole and
    count in different ways.
    """

    criteria: tuple[Criterion, ...]
    nested_weights: bool = False
    asked: frozenset[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", _criteria(self.criteria))
        if self.asked is not None:
            object.__setattr__(self, "asked", _codes(self.asked))
        codes = [criterion.code for criterion in self.criteria]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"criterion {code} stands {codes.count(code)} times; expected every code once")
        for criterion in self.criteria:
            if criterion.parent is not None and criterion.parent not in codes:
                raise ValueError(f"criterion {criterion.code} stands below {criterion.parent}, which does not exist")
            self._above(criterion)
            _require_possible(criterion)
        for unknown in sorted((self.asked or frozenset()) - set(codes)):
            raise ValueError(f"{unknown} is asked and no criterion; expected codes of criteria")
        if self.nested_weights:
            for above in (None, *codes):
                _require_one_way(self._side_by_side(above), f"below {above}" if above else "at the top")
        else:
            _require_one_way(self._all_leaves, "of a rubric without nested weights")

    @cached_property
    def by_code(self) -> Mapping[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """What judges score: criteria with none below, but for conditions, as far as they are asked."""
        return tuple(
            criterion
            for criterion in self.criteria
            if criterion.code not in self._parents
            and self._kind(criterion) is not Kind.CONDITION
            and (self.asked is None or criterion.code in self.asked)
        )

    def for_stage(self, stage: str) -> "Rubric":
        """The rubric of entries in one stage: asked are the leaves for which, and for all above them, it is meant."""

        def meant(criterion: Criterion) -> bool:
            return not criterion.only_stages or stage in criterion.only_stages

        asked = {leaf.code for leaf in self.leaves if all(meant(part) for part in (leaf, *self._above(leaf)))}
        return replace(self, asked=frozenset(asked))

    def shares(self) -> dict[str, Fraction]:
        """Code -> share of what is asked, for every scored leaf that is not a bonus; the shares sum to 1.

        Raises ValueError if no leaf has a share, or one that counts by points has no scale.
        """
        raw = {leaf.code: self._raw_share(leaf) for leaf in self.leaves if self._kind(leaf) is not Kind.BONUS}
        whole = sum(raw.values(), Fraction(0))
        if not whole:
            raise ValueError("the rubric has no criterion with a weight")
        return {code: share / whole for code, share in raw.items()}

    def total(self, values: Mapping[str, Number | None], *, coverage: Number = 1) -> Total:
        """The total of a sheet.

        values     code -> value; None or absent: not assessed, which is never 0
        coverage   the least share of the rubric, 0 to 1, that must be assessed for a total

        Raises ValueError for a code that is not a scored leaf, a value off its scale, a scored leaf without a scale,
        and a coverage that is none.
        """
        if not isinstance(values, Mapping):
            raise ValueError(f"values is a {type(values).__name__}; expected a mapping, code -> value")
        least = _exact("coverage", coverage)
        if not 0 <= least <= 1:
            raise ValueError(f"coverage is {coverage}; expected 0 to 1")
        share = self.shares()
        given = {code: _exact(code, value) for code, value in values.items() if value is not None}
        self._check(given, values)
        assessed = sum((part for code, part in share.items() if code in given), Fraction(0))
        counted = sum(1 for code in share if code in given)
        covered = rounded(assessed, Decimal("0.001"))
        if not assessed or assessed < least:
            return Total(None, covered, counted, len(share))
        points = sum((share[code] * given[code] / self._maximum(code) for code in share if code in given), Fraction(0))
        bonus = sum(
            (given[leaf.code] for leaf in self.leaves if self._kind(leaf) is Kind.BONUS and leaf.code in given),
            Fraction(0),
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

    @cached_property
    def _parents(self) -> frozenset[str | None]:
        return frozenset(criterion.parent for criterion in self.criteria)

    def _kind(self, criterion: Criterion) -> Kind:
        """How a criterion counts: as a condition or a bonus if one above it does."""
        kinds = [part.kind for part in (criterion, *self._above(criterion))]
        return next((kind for kind in (Kind.CONDITION, Kind.BONUS) if kind in kinds), criterion.kind)

    @cached_property
    def _all_leaves(self) -> list[Criterion]:
        """Criteria with none below that have a share of the whole rubric."""
        return [c for c in self.criteria if c.code not in self._parents and self._kind(c) in SHARING]

    def _side_by_side(self, above: str | None) -> list[Criterion]:
        """What shares one criterion above, or the whole: criteria that are scored or have such below them."""
        scored = {part.code for leaf in self._all_leaves for part in (leaf, *self._above(leaf))}
        return [criterion for criterion in self.criteria if criterion.parent == above and criterion.code in scored]

    def _raw_share(self, leaf: Criterion) -> Fraction:
        if self.nested_weights:
            return math.prod((self._part(part) for part in (leaf, *self._above(leaf))), start=Fraction(1))
        if leaf.kind is Kind.POINTS:
            return self._maximum(leaf.code)
        return Fraction(1) if leaf.kind is Kind.UNWEIGHTED else leaf.share or Fraction(0)

    def _part(self, criterion: Criterion) -> Fraction:
        """What a criterion has of the one above it."""
        whole = sum((self._size(other) for other in self._side_by_side(criterion.parent)), Fraction(0))
        return self._size(criterion) / whole if whole else Fraction(0)

    def _size(self, criterion: Criterion) -> Fraction:
        if criterion.kind is Kind.POINTS:
            return self._points(criterion)
        if criterion.kind is Kind.UNWEIGHTED:
            return Fraction(1)
        if criterion.share is None:
            return Fraction(100 if criterion.code in self._parents else 0)
        return criterion.share

    def _points(self, criterion: Criterion) -> Fraction:
        """The most points: as stated, or those of all that stands below."""
        below = self._side_by_side(criterion.code)
        if not criterion.scale.maximum and below:
            return sum((self._points(part) for part in below), Fraction(0))
        return self._maximum(criterion.code)

    def _maximum(self, code: str) -> Fraction:
        maximum = self.by_code[code].scale.maximum
        if not maximum:
            raise ValueError(f"criterion {code} has no scale")
        return maximum

    def _check(self, given: Mapping[str, Fraction], values: Mapping[str, Number | None]) -> None:
        scored = {leaf.code for leaf in self.leaves}
        for code, value in given.items():
            if code not in scored:
                raise ValueError(f"{code} is no criterion that is scored; expected one of {', '.join(sorted(scored))}")
            self._maximum(code)
            criterion, told = self.by_code[code], values[code]
            low, high, step = criterion.scale
            if not low <= value <= (high or 0):
                raise ValueError(
                    f"{code} has the value {told}; expected {criterion.minimum or 0} to {criterion.maximum}"
                )
            if step and (value - low) % step:
                raise ValueError(
                    f"{code} has the value {told}; expected steps of {criterion.step} from {criterion.minimum or 0}"
                )


def _criteria(criteria: object) -> tuple[Criterion, ...]:
    if isinstance(criteria, str) or not isinstance(criteria, Iterable):
        raise ValueError(f"criteria is a {type(criteria).__name__}; expected several of Criterion")
    found = tuple(criteria)
    for place, criterion in enumerate(found):
        if not isinstance(criterion, Criterion):
            raise ValueError(f"criteria[{place}] is a {type(criterion).__name__}; expected a Criterion")
    return found


def _codes(asked: object) -> frozenset[str]:
    if isinstance(asked, str) or not isinstance(asked, Iterable):
        raise ValueError(f"asked is {asked!r}; expected a set of codes")
    found = list(asked)
    for code in found:
        if not isinstance(code, str):
            raise ValueError(f"asked holds {code!r}; expected codes of criteria")
    return frozenset(found)


def _require_possible(criterion: Criterion) -> None:
    code, share = criterion.code, criterion.share
    low, high, step = criterion.scale
    if share is not None and share < 0:
        raise ValueError(f"criterion {code} has the weight {criterion.weight}; expected 0 or more")
    if high is not None and (high < 0 or 0 < high <= low):
        raise ValueError(
            f"criterion {code} has a scale from {criterion.minimum or 0} to {criterion.maximum}; expected it to rise to"
            " a number above 0, or 0 for none"
        )
    if step is not None and step < 0:
        raise ValueError(f"criterion {code} has steps of {criterion.step}; expected a number above 0, or 0 for none")


def _require_one_way(criteria: Sequence[Criterion], where: str) -> None:
    ways = sorted({criterion.kind for criterion in criteria})
    if len(ways) > 1:
        raise ValueError(f"criteria {where} count in different ways ({', '.join(ways)}); expected one of them")


def _exact(name: str, number: Number) -> Fraction:
    """Raises ValueError that names what is no finite number."""
    if isinstance(number, Rational) and not isinstance(number, bool):
        return Fraction(number)
    if isinstance(number, Decimal) and number.is_finite():
        return Fraction(number)
    if isinstance(number, Real) and not isinstance(number, bool) and math.isfinite(number):
        return Fraction(repr(float(number)))
    raise ValueError(f"{name} is {number!r}; expected a finite number")


def rounded(number: Fraction, places: Decimal) -> Decimal:
    """Round half up to a multiple of `places`, which is 1 over a whole number: from the exact fraction, whatever the
    precision of decimals that is set elsewhere.
    """
    scale = 1 / Fraction(places)
    whole = (number * scale + Fraction(1, 2)).__floor__()
    exact = Context(prec=len(str(whole)) + len(str(scale)))
    return exact.divide(Decimal(whole), Decimal(scale.numerator))
