"""Sums of yearly figures that everybody may read, by country, year and line; the rule is in `disclosure.py`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Func, Max, Min
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incubators.disclosure import HUNDREDTHS, Part, PublicSum, editors_in, public_sum
from incubators.models import Country, Indicator, Organisation, SumPlace, YearlyFigures
from incubators.yearly import Key, Line, last_year, line_of
from network_platform.page_cache import kept

Cell = tuple[int, int, Key]  # country, year, line
Reported = tuple[int, int, int, str, str]  # country, year, indicator, kind of money, currency
ACCEPTED_AT = Coalesce("decided_at", "updated_at")
MINUTE = 60
NOBODY = (0, 0, False)  # country, organisation, is_published
EMPTY = Part(0, 0, 0, is_published=False, is_listed=False)


class Told(NamedTuple):
    """What may be told, in no language: the sums, and what `PublicFigures` has beside them."""

    sums: dict[Reported, PublicSum]
    founded: dict[int, Counter[int]]
    latest: datetime | None


class Hundredths(Func):
    """A number with two places as the whole one that drivers give as it is, with no work for each row."""

    template = f"CAST(ROUND(%(expressions)s * {HUNDREDTHS}) AS BIGINT)"
    output_field = BigIntegerField()

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


@dataclass(frozen=True)
class PublicFigures:
    """Sums of some countries. `lines` are what is asked for last year, but money, and whatever has a sum; `founded` has
    the listed organisations of each country by the year in which they were founded, 0 if that is not known. `latest` is
    when the last figures in the sums were accepted.

    A sum that may not be told is not there.
    """

    lines: list[Line]
    sums: dict[Cell, PublicSum]
    founded: dict[int, Counter[int]]
    latest: datetime | None

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
        if self.latest is None:
            return words
        day = date_format(self.latest.astimezone(UTC), "DATE_FORMAT")  # for everybody the same, as `today()` is
        dated = _("The last in them were accepted on %(date)s.") % {"date": day}
        return f"{words} {dated}"


def public_figures(countries: Collection[Country], *, since: int) -> PublicFigures:
    """Of these countries, from that year on: six queries, however many organisations there are; one while the sums
    are kept. What the registry does not tell, as who edits an organisation, may be a minute old in them.
    """
    name = f"public figures {sorted(country.pk for country in countries)} {since}"
    told = kept(name, "registry", make=lambda: _told(countries, since), lives_for=MINUTE)
    indicators = Indicator.objects.annotate(since=Min("definitions__since")).in_bulk()
    lines = {line.key: line for line in _asked(indicators)}
    sums: dict[Cell, PublicSum] = {}
    for (country, year, indicator, kind, currency), found in told.sums.items():
        line = line_of(indicators[indicator], kind, currency)
        lines.setdefault(line.key, line)
        sums[country, year, line.key] = found
    in_order = sorted(lines.values(), key=lambda line: line.order)
    return PublicFigures(in_order, sums, told.founded, told.latest)


def _told(countries: Collection[Country], since: int) -> Told:
    listed = Organisation.objects.in_directory().filter(country__in=countries)
    founded = {pk: (country, year or 0) for pk, country, year in listed.values_list("pk", "country", "founded_year")}
    parts, editors = places_of(countries, since, founded), editors_in(countries)
    sums = {what: found for what, each in parts.items() if (found := public_sum(each, editors))}
    return Told(sums, _by_year(founded.values()), _latest(sums.values()))


def _asked(indicators: dict[int, Any]) -> list[Line]:
    """Numbers that `Indicator.objects.asked_in` has for last year; `since` is that of their first definition."""
    year = last_year()
    asked = (each for each in indicators.values() if each.since is not None and each.since <= year)
    return [
        line_of(each) for each in asked if not each.is_money and (each.retired_from is None or each.retired_from > year)
    ]


def places_of(countries: Collection[Country], since: int, listed: Container[int]) -> dict[Reported, list[Part]]:
    """All places of each sum, in their order. Two queries of plain values."""
    accepted = YearlyFigures.objects.accepted().filter(organisation__country__in=countries, year__gte=since)
    reports = accepted.values_list("pk", "organisation__country", "organisation", "is_published")
    held: dict[int, Any] = {pk: report for pk, *report in reports}
    places = SumPlace.objects.filter(country__in=countries, year__gte=since).order_by("number")
    found: dict[Reported, list[Part]] = defaultdict(list)
    for country, year, indicator, kind, currency, figures, value in places.values_list(
        "country", "year", "indicator", "money_kind", "currency", "figures", Hundredths("value")
    ):
        now_in, organisation, is_published = held.get(figures, NOBODY)
        part = EMPTY if now_in != country else Part(figures, organisation, value, is_published, organisation in listed)
        found[country, year, indicator, kind, currency].append(part)
    return found


def _latest(sums: Collection[PublicSum]) -> datetime | None:
    """When the last figures that a sum counts were accepted."""
    return YearlyFigures.objects.filter(pk__in={each.last for each in sums}).aggregate(at=Max(ACCEPTED_AT))["at"]


def _by_year(founded: Iterable[tuple[int, int]]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for country, year in founded:
        found[country][year] += 1
    return found
