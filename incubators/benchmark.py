"""One organisation's figures beside the quartiles of comparable ones: never a ranking, and nobody else's number.

The rule, so that what one editor can see, on any pages at any time, does not tell what a single other organisation
reported (the same in plain words: docs/comparing-figures.md):

1. **One fixed partition.** The accepted figures of a year are parted by the organisation's kind and by its size (the
   start-ups supported in that year: `SIZES`). Parts do not overlap, and there is no wider or narrower one to fall back
   on, by country or otherwise: nothing can be taken away from anything. Whose size is not reported is in no part.
2. **Six at a time, for ever.** On the day of acceptance a number that is kept back takes the next place of its part and
   line, no place is ever another's, and no number has two (`ComparedPlace`). Six places make a six.
3. **A six counts whole or not at all.** It does not if one of its places is empty: asked about again, changed,
   published, removed, of another kind or size now. Those that the person edits are left out of it, and it counts only
   if at least `GROUP` others are left whom she never edited (`known_to`): so what two visits count differs by numbers
   that she knows, and by whole sixes of which she does not know five.
4. **What is published** everybody can read and take away: it is counted always, and fills no six. A number that was
   published once is never kept back again: its place stays empty when it is hidden.
5. **From five up**, and only quartiles: no lowest, no highest, no mean, no name, no number of organisations.
6. **Rounded** (`rounded`); not shown if the first quartile and the third are the same, which would tell everybody's.
7. **Like with like.** Within one definition (a year that was reported is never defined anew); money within one kind and
   one currency. Nothing is converted.

Not guarded against: several of one six who publish later take away from what was read before, as does who comes to edit
a second one; editors of different organisations may put their pages together; who serves the country knows its numbers.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incubators.models import ComparedPlace, Figure, Membership, YearlyFigures
from incubators.yearly import Line, line_of
from network_platform.numbers import number_in_words
from network_platform.people.models import User

CountedAs = tuple[int, str, str]  # indicator, kind of money, currency
GROUP = 5
SIX = GROUP + 1
SIZE_OF = "startups_supported"
SIZES = (10, 30, 100)  # start-ups supported: under 10, 10 to 29, 30 to 99, 100 and more
WHOLE_UNTIL = 20
REPORT = ("figures", "figures__organisation", "value")
PLACE = ("indicator", "money_kind", "currency", "figures", "value")


class Reported(NamedTuple):
    """One number of accepted figures. `is_own`: of an organisation that who asks edits; `is_known`: or edited once."""

    figures: int
    value: Decimal
    is_own: bool = False
    is_known: bool = False


@dataclass(frozen=True)
class Others:
    """One line of a part: its places in their order, None where one is empty; and what is published."""

    places: list[Reported | None] = field(default_factory=list)
    published: list[Reported] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Own value and the three quartiles, rounded; `quartiles` is empty where they are not shown."""

    line: Line
    own: Decimal
    quartiles: tuple[Decimal, ...]

    @property
    def bars(self) -> list[tuple[str, Decimal]]:
        """For a chart: the own value, then the quartiles in words."""
        words = (
            _("A quarter of the others: at most"),
            _("Half of the others: at most"),
            _("Three quarters of the others: at most"),
        )
        return [(pgettext("yearly figures", "You"), self.own), *zip(words, self.quartiles, strict=True)]

    @property
    def own_in_words(self) -> str:
        return number_in_words(self.own)


def size_of(supported: Decimal | None) -> int | None:
    """Which of the classes of size; None if it was not reported."""
    return None if supported is None else sum(supported >= least for least in SIZES)


def counted(others: Others) -> list[Reported]:
    """Whom a comparison counts: all who publish their figures, and of the rest whole sixes, without the asker's own."""
    places = others.places
    sixes = (places[first : first + SIX] for first in range(0, len(places) - SIX + 1, SIX))
    return [each for each in others.published if not each.is_own] + [each for six in sixes for each in left_of(six)]


def left_of(six: Collection[Reported | None]) -> list[Reported]:
    """All but the asker's own; nobody if a place is empty, or if she would not know fewer than five of them."""
    left = [each for each in six if each and not each.is_own]
    return left if None not in six and sum(not each.is_known for each in left) >= GROUP else []


def quartiles_of(others: Others) -> tuple[Decimal, ...]:
    """The three quartiles, rounded; nothing if they would tell too much."""
    values = [each.value for each in counted(others)]
    if len(values) < GROUP:
        return ()
    found = tuple(rounded(Decimal(each)) for each in quantiles(values, n=4))
    return () if found[0] == found[2] else found


def rounded(value: Decimal) -> Decimal:
    """Whole numbers under 20, then steps of 5, 50, 500: 23 is 25, 1,234 is 1,000."""
    if value < WHOLE_UNTIL:
        return value.quantize(Decimal(1))
    step = 5 * Decimal(10) ** (value.adjusted() - 1)
    return (value / step).quantize(Decimal(1)) * step


def comparisons(figures: YearlyFigures, *, by: User) -> list[Comparison]:
    """Each number of accepted figures beside the others of its part; nothing while they are not accepted."""
    own, others = list(figures.values.select_related("definition__indicator")), alike(figures, by=by)
    if others is None:
        return []
    found = []
    for figure in own:
        indicator = figure.definition.indicator
        line = line_of(indicator, figure.money_kind, figure.currency)
        told = others.get((indicator.pk, figure.money_kind, figure.currency), Others())
        found.append(Comparison(line, figure.value, quartiles_of(told)))
    return sorted(found, key=lambda each: each.line.order)


def alike(figures: YearlyFigures, *, by: User) -> dict[CountedAs, Others] | None:
    """All of the same kind and size in the year, by what was reported; None if `figures` are not accepted or have no
    size. Six queries.
    """
    size, part = _part_of(figures)
    if size is None:
        return None
    year, kind = figures.year, figures.organisation.kind
    own = {figures.organisation_id, *Membership.objects.filter(user=by).values_list("organisation", flat=True)}
    known = set(YearlyFigures.objects.filter(known_to=by, year=year).values_list("pk", flat=True))
    public = YearlyFigures.objects.public().filter(year=year, organisation__kind=kind).values_list("pk", flat=True)
    found: dict[CountedAs, Others] = defaultdict(Others)
    kept_back = ComparedPlace.objects.filter(year=year, kind=kind, size=size, was_published=False).order_by("number")
    for *line, pk, value in kept_back.values_list(*PLACE):
        reported = Reported(pk, value, part[pk] in own, pk in known) if pk in part else None
        found[tuple(line)].places.append(reported)
    published = ComparedPlace.objects.filter(figures__in=part.keys() & set(public), was_published=True)
    for *line, pk, value in published.values_list(*PLACE):
        found[tuple(line)].published.append(Reported(pk, value, part[pk] in own))
    return found


def _part_of(figures: YearlyFigures) -> tuple[int | None, dict[int, int]]:
    """Its size, and the organisation of all accepted figures of the same kind, year and size; None if it has none."""
    supported = Figure.objects.accepted().filter(definition__indicator__code=SIZE_OF, figures__year=figures.year)
    reports = list(supported.filter(figures__organisation__kind=figures.organisation.kind).values_list(*REPORT))
    size = next((size_of(value) for pk, _organisation, value in reports if pk == figures.pk), None)
    return size, {pk: organisation for pk, organisation, value in reports if size_of(value) == size}
