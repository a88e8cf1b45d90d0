"""The list of competitions: a few dozen rows, so words and facets are counted in memory, in two queries."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.enums import Phase
from competitions.models import Competition
from network_platform.facets import Facet, facet
from network_platform.people.audience import audiences_of
from network_platform.people.models import User
from network_platform.search import queries

LONGEST_QUESTION = 200
# What the list shows, in this order; a draft comes first for those who prepare it.
SHOWN = (Phase.DRAFT, Phase.OPEN, Phase.COMING, Phase.JUDGING, Phase.ANNOUNCED, Phase.CANCELLED, Phase.DESCRIBED)


@dataclass(frozen=True)
class Group:
    """Competitions in one phase, under one title."""

    phase: Phase
    title: str
    competitions: list[Competition]


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; an empty set asks for all."""

    phases: frozenset[str]
    countries: frozenset[str]
    years: frozenset[str]
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Wanted":
        phases, countries, years = (frozenset(request.GET.getlist(name)) for name in ("phase", "country", "year"))
        return cls(phases, countries, years, words=request.GET.get("q", "").strip()[:LONGEST_QUESTION])

    def matches(self, competition: Competition, besides: str = "") -> bool:
        """Whether the competition is asked for; `besides` leaves one facet out, for its own counts."""
        return (
            (besides == "phase" or not self.phases or competition.now_in in self.phases)
            and (besides == "country" or not self.countries or bool(self.countries & competition.iso2s))
            and (besides == "year" or not self.years or str(competition.year) in self.years)
        )


def find_competitions(user: User | AnonymousUser, words: str = "") -> list[Competition]:
    """Visible competitions, each with `now_in` (its phase now) and `iso2s`."""
    rows = Competition.objects.visible_to(user).prefetch_related("countries")
    if words:
        rows = rows.filter(uid__in=queries.keys(words, kind="competition", audiences=audiences_of(user)))
    found, now = list(rows), timezone.now()
    for row in found:
        row.now_in = row.phase_at(now)
        row.iso2s = {country.iso2 for country in row.countries.all()}
    return found


def grouped(found: Iterable[Competition]) -> list[Group]:
    rows = list(found)
    groups = [Group(phase, title_of(phase), [row for row in rows if row.now_in == phase]) for phase in SHOWN]
    for group in groups:
        if group.phase in (Phase.OPEN, Phase.COMING):
            group.competitions.sort(key=lambda row: cast(datetime, row.closes_at))
    return [group for group in groups if group.competitions]


def title_of(phase: Phase) -> str:
    return {
        Phase.DRAFT: _("Being prepared"),
        Phase.OPEN: _("Open for applications"),
        Phase.COMING: _("Opening soon"),
        Phase.JUDGING: _("Being judged"),
        Phase.ANNOUNCED: _("Winners announced"),
        Phase.CANCELLED: _("Cancelled"),
        Phase.DESCRIBED: _("Run elsewhere in the region and beyond"),
    }[phase]


def facets_of(request: HttpRequest, found: list[Competition], wanted: Wanted) -> list[Facet]:
    """Phase, country, year; each counts what the other two leave."""
    names = {country.iso2: str(country) for row in found for country in row.countries.all()}
    countries = _counts(found, wanted, "country", lambda row: row.iso2s)
    by_name = sorted({*countries, *(wanted.countries & names.keys())}, key=lambda iso2: names[iso2])
    years = _counts(found, wanted, "year", lambda row: {row.year} - {None})
    known_years = sorted({*years, *(row.year for row in found if str(row.year) in wanted.years)}, reverse=True)
    phases = _counts(found, wanted, "phase", lambda row: {row.now_in})
    known_phases = [phase for phase in SHOWN if phase in phases or phase in wanted.phases]
    return [
        facet(
            request,
            "phase",
            _("Stage"),
            [(phase, phase.label.capitalize(), phases[phase]) for phase in known_phases],
            unknown=sorted(wanted.phases - {*known_phases}),
        ),
        facet(
            request,
            "country",
            _("Country"),
            [(iso2, names[iso2], countries[iso2]) for iso2 in by_name],
            unknown=sorted(wanted.countries - names.keys()),
        ),
        facet(
            request,
            "year",
            _("Year"),
            [(year, str(year), years[year]) for year in known_years],
            unknown=sorted(wanted.years - {str(year) for year in known_years}),
        ),
    ]


def _counts(
    found: list[Competition], wanted: Wanted, name: str, values: Callable[[Competition], Iterable[object]]
) -> Counter:
    return Counter(value for row in found if wanted.matches(row, besides=name) for value in values(row))
