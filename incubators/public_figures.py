"""Sums of yearly figures that everybody may read, by country, year and line; the rule is in `disclosure.py`."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incubators.disclosure import Part, PublicSum, editors_in, public_sum
from incubators.models import Country, Figure, Indicator, Organisation
from incubators.yearly import Key, Line, last_year, line_of

Cell = tuple[int, int, Key]  # country, year, line


@dataclass(frozen=True)
class PublicFigures:
    """Sums of some countries. `lines` are what is asked for last year, but money, and whatever has a sum; `founded` has
    the listed organisations of each country by the year in which they were founded, 0 if that is not known.

    A sum that may not be told is not there.
    """

    lines: list[Line]
    sums: dict[Cell, PublicSum]
    founded: dict[int, Counter[int]]

    def of(self, country: Country, year: int, line: Line) -> PublicSum | None:
        return self.sums.get((country.pk, year, line.key))

    def listed(self, country: Country, year: int) -> int:
        """Organisations listed today that were not founded after that year."""
        by_year = self.founded.get(country.pk, Counter())
        return sum(number for founded, number in by_year.items() if founded <= year)

    def reporters_in_words(self, country: Country, year: int, line: Line) -> str:
        """How many of how many organisations the sum counts; or that there is none."""
        found = self.of(country, year, line)
        if found is None:
            return _("not enough reported")
        listed = max(found.reporters, self.listed(country, year))
        return _("%(n)s of %(m)s") % {"n": found.reporters, "m": listed}

    @property
    def source(self) -> str:
        """Where the sums come from, and when the last figures in them were accepted."""
        words = _("Yearly figures that organisations reported and their country accepted; sums are rounded.")
        if not self.sums:
            return words
        latest = day_in_words(max(each.accepted_at for each in self.sums.values()))
        dated = _("The last in them were accepted on %(date)s.") % {"date": latest}
        return f"{words} {dated}"


def day_in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def public_figures(countries: Collection[Country], *, since: int) -> PublicFigures:
    """Of these countries, from that year on: four queries, however many organisations there are."""
    indicators = Indicator.objects.in_bulk()
    lines = {line.key: line for line in _asked(indicators)}
    parts: dict[Cell, list[Part]] = defaultdict(list)
    for country, year, indicator, kind, currency, *part in _accepted(countries, since):
        line = line_of(indicators[indicator], kind, currency)
        lines.setdefault(line.key, line)
        parts[country, year, line.key].append(Part(*part))
    editors = editors_in(countries)
    found = {cell: public_sum(each, editors) for cell, each in parts.items()}
    sums = {cell: each for cell, each in found.items() if each}
    shown = {key for _country, _year, key in sums} | {key for key in lines if not key[1]}
    in_order = sorted((lines[key] for key in shown), key=lambda line: line.order)
    return PublicFigures(in_order, sums, _founded(countries))


def _asked(indicators: dict[int, Indicator]) -> list[Line]:
    """Numbers that are asked for last year."""
    year = last_year()
    return [
        line_of(each)
        for each in indicators.values()
        if not each.is_money and (each.retired_from is None or each.retired_from > year)
    ]


def _accepted(countries: Collection[Country], since: int) -> QuerySet[Figure, tuple]:
    """(country, year, indicator, kind of money, currency, and what a `Part` has), in the order of acceptance."""
    listed = Organisation.objects.in_directory().filter(country__in=countries)
    figures = Figure.objects.accepted().filter(figures__organisation__country__in=countries, figures__year__gte=since)
    return (
        figures.annotate(
            is_listed=Exists(listed.filter(pk=OuterRef("figures__organisation"))),
            accepted_at=Coalesce("figures__decided_at", "figures__updated_at"),
        )
        .order_by("accepted_at", "figures")
        .values_list(
            "figures__organisation__country",
            "figures__year",
            "definition__indicator",
            "money_kind",
            "currency",
            "figures__organisation",
            "value",
            "figures__is_published",
            "is_listed",
            "accepted_at",
        )
    )


def _founded(countries: Collection[Country]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = defaultdict(Counter)
    listed = Organisation.objects.in_directory().filter(country__in=countries)
    for country, year in listed.values_list("country", "founded_year"):
        found[country][year or 0] += 1
    return found
