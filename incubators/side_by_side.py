"""The seven countries side by side, in the order of their names: no ranks, and a dash where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incubators.benchmark import GROUP
from incubators.chart import Chart, Point
from incubators.dashboard import FIGURES, chart_name, registry_source
from incubators.enums import ProgrammeStatus
from incubators.facets import STALE, VERIFIED
from incubators.gaps import question_of
from incubators.indexing import current_index
from incubators.models import Country, OpenCall, Organisation, Programme, Startup
from incubators.public_figures import PublicFigures, public_figures
from incubators.yearly import Line, last_year
from network_platform.zones import today

Counts = Mapping[str, int]  # by code of the country
CountryRow = tuple[Country, list[tuple[str, Point]]]  # with (title, point) of each number


@dataclass(frozen=True)
class Table:
    """What there is to show: a column of each chart of which any country has something, a row of each country that has
    any of it. `words` say once what is empty everywhere, and whose row would be.
    """

    charts: list[Chart]
    rows: list[CountryRow]
    words: list[str]


def _nowhere() -> dict[str, str]:
    """What to say of a number, by the name of its chart, when no country has any of it."""
    return {
        "organisations": _("No organisation is listed in any country."),
        "verified": _("No organisation has been verified this year in any country."),
        "out-of-date": _("No listed organisation is out of date in any country."),
        "programmes": _("No programme is listed in any country."),
        "open-calls": _("No call is open in any country."),
        "startups": _("In each country, fewer than five start-ups show their profile."),
    }


class SideBySide:
    """A chart a number, with one point a country. A dozen queries, however many organisations there are."""

    def __init__(self) -> None:
        self.index, self.day, self.year = current_index(), today(), last_year()
        self.source = registry_source(self.day)
        self.countries = sorted(Country.objects.all(), key=str)

    @cached_property
    def registry(self) -> list[Chart]:
        """What the registry holds today."""
        return [
            self._chart("organisations", _("Organisations"), self._listed(), _("none listed")),
            self._chart("verified", _("Verified this year"), self._listed(listing=VERIFIED), _("none verified")),
            self._chart("out-of-date", _("Out of date"), self._listed(listing=STALE), _("none out of date")),
            self._chart("programmes", _("Programmes"), self._programmes(), _("none listed")),
            self._chart("open-calls", pgettext("calls", "Open calls"), self._calls(), _("none open")),
            self._chart("startups", _("Start-ups that show their profile"), self._startups(), _("fewer than five")),
        ]

    @cached_property
    def figures(self) -> list[Chart]:
        """Sums of last year. Money is left out: it comes in several currencies, and nothing is converted."""
        return [self._sums_of(line) for line in self._sums.lines if not line.key[1]]

    @property
    def drawn(self) -> list[Chart]:
        """Those of which any country has something."""
        return [chart for chart in self.charts if not chart.is_empty]

    @property
    def charts(self) -> list[Chart]:
        return [*self.registry, *self.figures]

    @property
    def figures_source(self) -> str:
        return self._sums.source

    def chart(self, name: str) -> Chart | None:
        """The figures are read for those of figures alone."""
        made = self.figures if name.startswith(FIGURES) else self.registry
        return next((chart for chart in made if chart.name == name), None)

    @property
    def registry_table(self) -> Table:
        return self._table(self.registry, [_nowhere()[chart.name] for chart in self.registry if chart.is_empty])

    @property
    def figures_table(self) -> Table:
        empty = [chart.title for chart in self.figures if chart.is_empty]
        words = _("Not shown, because not enough organisations reported it: %(names)s.")
        return self._table(self.figures, [words % {"names": "; ".join(empty)}] if empty else [])

    def _table(self, charts: list[Chart], told: list[str]) -> Table:
        shown = [chart for chart in charts if not chart.is_empty]
        rows = [
            (country, [(chart.title, chart.points[n]) for chart in shown]) for n, country in enumerate(self.countries)
        ]
        silent = [str(country) for country, cells in rows if all(point.value is None for _title, point in cells)]
        if shown and silent:
            told = [*told, _("Nothing to show yet for: %(names)s.") % {"names": ", ".join(silent)}]
        return Table(shown, [row for row in rows if str(row[0]) not in silent], told)

    def _chart(self, name: str, title: str, counts: Counts, none: str) -> Chart:
        """`counts` by code of the country; `none` says what nought of it means."""
        points = [self._point(country, counts.get(country.iso2) or None, none) for country in self.countries]
        return Chart(name, title, (_("Country"), title, _("Note")), points, self.source)

    def _point(self, country: Country, value: int | None, none: str) -> Point:
        url = reverse("incubators:dashboard", args=[country.iso2])
        return Point(str(country), value, "" if value else none, url)

    def _listed(self, **chosen: str) -> Counts:
        bits = {each.iso2: self.index.selected(question_of(each, **chosen)) for each in self.countries}
        return {iso2: found.bit_count() for iso2, found in bits.items()}

    def _programmes(self) -> Counts:
        listed = Organisation.objects.in_directory()
        running = Programme.objects.public().filter(status=ProgrammeStatus.PUBLISHED, organisation__in=listed)
        return dict(running.order_by().values_list("organisation__country__iso2").annotate(Count("pk")))

    def _calls(self) -> Counts:
        found = OpenCall.objects.public().open_at(timezone.now()).order_by()
        return dict(found.values_list("programme__organisation__country__iso2").annotate(Count("pk")))

    def _startups(self) -> Counts:
        counts = Startup.objects.public().order_by().values_list("country__iso2").annotate(Count("pk"))
        return {iso2: number for iso2, number in counts if number >= GROUP}

    @cached_property
    def _sums(self) -> PublicFigures:
        return public_figures(self.countries, since=self.year)

    def _sums_of(self, line: Line) -> Chart:
        points = []
        for country in self.countries:
            found = self._sums.of(country, self.year, line)
            words = self._sums.reporters_in_words(country, self.year, line)
            url = reverse("incubators:dashboard", args=[country.iso2])
            points.append(Point(str(country), found.value if found else None, words, url))
        heads = (_("Country"), _("Sum"), _("Organisations counted"))
        return Chart(chart_name(line), line.label, heads, points, self.figures_source)
