"""One organisation's figures beside the quartiles of comparable ones: never a ranking, and nobody else's number.

The rule, so that what one editor can see, on any pages at any time, does not tell what a single other organisation
reported (the same in plain words: docs/comparing-figures.md):

1. **One fixed partition.** The accepted figures of a year are parted by the organisation's kind and by its size (the
   start-ups supported in that year: `SIZES`). Parts do not overlap, and there is no wider or narrower one to fall back
   on, by country or otherwise: nothing can be taken away from anything. Whose size is not reported is in no part.
2. **Without the asker's.** All organisations that the person edits are left out.
3. **Five at a time.** Organisations that keep their figures to themselves are counted in whole groups of `GROUP`, in
   the order in which they were accepted: two visits differ by none of them or by at least five. What an organisation
   publishes everybody can read and take away: it is counted always, and fills up no group.
4. **From five up**, and only quartiles: no lowest, no highest, no mean, no name, no number of organisations.
5. **Rounded** (`rounded`); not shown if the first quartile and the third are the same, which would tell everybody's.
6. **Like with like.** Within one definition; money within one kind and one currency. Nothing is converted.

What is left: figures that are asked about again leave at once, for they may be wrong, and another's take their place in
the group. Editors of different organisations who put their pages together are not guarded against each other's parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incubators.models import Figure, Organisation, YearlyFigures
from incubators.yearly import Line, line_of
from network_platform.numbers import number_in_words
from network_platform.people.models import User

CountedAs = tuple[int, str, str]  # definition, kind of money, currency
GROUP = 5
SIZE_OF = "startups_supported"
SIZES = (10, 30, 100)  # start-ups supported: under 10, 10 to 29, 30 to 99, 100 and more
WHOLE_UNTIL = 20


@dataclass(frozen=True)
class Reported:
    """One number of somebody else's accepted figures."""

    organisation: int
    value: Decimal
    is_published: bool


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


def counted(others: Iterable[Reported]) -> list[Reported]:
    """Whom a comparison counts, of all others in the order in which they were accepted: all who publish their figures,
    and of the rest whole groups of five.
    """
    others = list(others)
    kept_back = [each for each in others if not each.is_published]
    whole = kept_back[: len(kept_back) // GROUP * GROUP]
    return [each for each in others if each.is_published] + whole


def quartiles_of(others: Iterable[Reported]) -> tuple[Decimal, ...]:
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
        line = line_of(figure.definition.indicator, figure.money_kind, figure.currency)
        found.append(Comparison(line, figure.value, quartiles_of(others.get(counted_as(figure), []))))
    return sorted(found, key=lambda each: each.line.order)


def alike(figures: YearlyFigures, *, by: User) -> dict[CountedAs, list[Reported]] | None:
    """What the others of the same kind and size reported for the year, by what it is, in the order of acceptance; None
    if `figures` are not accepted or have no size. Four queries.
    """
    supported = Figure.objects.accepted().filter(definition__indicator__code=SIZE_OF)
    size = size_of(supported.filter(figures=figures).values_list("value", flat=True).first())
    if size is None:
        return None
    mine = Organisation.objects.filter(memberships__user=by).values("pk")
    peers = YearlyFigures.objects.accepted().filter(year=figures.year, organisation__kind=figures.organisation.kind)
    peers = peers.exclude(organisation__in=mine).exclude(organisation=figures.organisation_id)
    sizes = supported.filter(figures__in=peers).values_list("figures", "value")
    same = [pk for pk, value in sizes if size_of(value) == size]
    found: dict[CountedAs, list[Reported]] = {}
    rows = Figure.objects.filter(figures__in=same).select_related("figures")
    for each in rows.order_by("figures__decided_at", "figures__pk"):
        reported = Reported(each.figures.organisation_id, each.value, each.figures.is_published)
        found.setdefault(counted_as(each), []).append(reported)
    return found


def counted_as(figure: Figure) -> CountedAs:
    return figure.definition_id, figure.money_kind, figure.currency
