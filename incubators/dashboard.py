"""A country in numbers, as everybody may read them: the same on its page, in its charts and files, and on paper."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.benchmark import GROUP
from incubators.chart import Chart, Point
from incubators.country_figures import YEARS_SUMMED
from incubators.disclosure import told_apart
from incubators.enums import ProgrammeKind, ProgrammeStatus, StartupStage
from incubators.facets import VERIFIED
from incubators.gaps import Gap, gaps_of, list_url, question_of
from incubators.indexing import current_index
from incubators.models import Country, OpenCall, Organisation, Programme, Startup
from incubators.public_figures import PublicFigures, public_figures
from incubators.yearly import Line, last_year
from network_platform.zones import today

COUNTED = ("kinds", "sectors", "programmes", "startups")  # charts, by their names
FIGURES = "figures"  # with which the names of the others begin


def registry_source(day: date) -> str:
    return _("Registry, as of %(date)s.") % {"date": date_format(day, "DATE_FORMAT")}


@dataclass(frozen=True)
class Number:
    """One large figure. `value` is None where there is nothing, and `words` then say what there is not."""

    value: int | None
    words: str


class Dashboard:
    """Counts of the public list, running programmes, start-ups that their founders show, sums of figures, and gaps.

    What is asked for is counted once; the whole takes a dozen queries, however many organisations there are.
    """

    def __init__(self, country: Country) -> None:
        self.country, self.day, self.year = country, today(), last_year()
        self.index, self.question = current_index(), question_of(country)
        self.source = registry_source(self.day)
        self.years = list(range(self.year - YEARS_SUMMED + 1, self.year + 1))

    @cached_property
    def total(self) -> int:
        """What the public list shows of the country."""
        return self.index.selected(self.question).bit_count()

    @cached_property
    def numbers(self) -> list[Number]:
        verified, programmes, calls = self._listed(VERIFIED), sum(self._programmes.values()), self._calls
        listed = ngettext("organisation listed", "organisations listed", self.total)
        confirmed = ngettext("of them verified this year", "of them verified this year", verified)
        run = ngettext("programme runs", "programmes run", programmes)
        opened = ngettext("call is open", "calls are open", calls)
        return [
            Number(self.total or None, listed if self.total else _("no organisation is listed")),
            Number(verified or None, confirmed if verified else _("none is verified this year")),
            Number(programmes or None, run if programmes else _("no programme is listed")),
            Number(calls or None, opened if calls else _("no call is open")),
        ]

    @cached_property
    def charts(self) -> list[Chart]:
        """Those that have something to show."""
        made = [self.kinds, self.sectors, self.programmes, self.startups, *self.figures]
        return [chart for chart in made if not chart.is_empty]

    def chart(self, name: str) -> Chart | None:
        """Made without the others."""
        made = self.figures if name.startswith(FIGURES) else [getattr(self, each) for each in COUNTED if each == name]
        return next((chart for chart in made if chart.name == name and not chart.is_empty), None)

    @cached_property
    def kinds(self) -> Chart:
        title, heads = _("Organisations by kind"), (_("Kind"), _("Organisations"))
        return Chart("kinds", title, heads, self._counted("kind"), self.source)

    @cached_property
    def sectors(self) -> Chart:
        title, heads = _("Organisations by sector"), (_("Sector"), _("Organisations"))
        about = _("An organisation is counted in each of its sectors.")
        return Chart("sectors", title, heads, self._counted("sector"), self.source, about)

    @cached_property
    def programmes(self) -> Chart:
        title, heads = _("Programmes by kind"), (_("Kind"), _("Programmes"))
        points = [
            Point(str(kind.label), self._programmes[kind]) for kind in ProgrammeKind if self._programmes.get(kind)
        ]
        return Chart("programmes", title, heads, points, self.source)

    @cached_property
    def startups(self) -> Chart:
        """Of those whose founders show them; by stage, none of which is small."""
        shown, rest = told_apart(self._startups)
        labels = {stage.value: str(stage.label) for stage in StartupStage} | {"": _("Stage not given")}
        points = [Point(label, shown[stage]) for stage, label in labels.items() if stage in shown]
        if rest >= GROUP:
            points.append(Point(_("Other stages") if shown else _("All stages"), rest))
        title, heads = _("Start-ups by stage"), (_("Stage"), _("Start-ups"))
        about = _("Only start-ups whose founders show their profile. What is fewer than five is told together.")
        return Chart("startups", title, heads, points, self.source, about)

    @cached_property
    def figures(self) -> list[Chart]:
        """A line over years for all that has a sum."""
        return [self._over_years(line) for line in self._sums.lines if self._has_sum(line)]

    @cached_property
    def not_told(self) -> list[str]:
        """What is asked for, and has no sum that may be told."""
        return [line.label for line in self._sums.lines if not self._has_sum(line)]

    @cached_property
    def figures_source(self) -> str:
        return self._sums.source

    @cached_property
    def gaps(self) -> list[Gap]:
        has_figures = any(self._sums.of(self.country, self.year, line) for line in self._sums.lines)
        return gaps_of(self.country, self.index, year=self.year, has_figures=has_figures)

    @property
    def startups_in_words(self) -> str:
        number = sum(self._startups.values())
        if not number:
            return _("No start-up shows its profile yet.")
        if number < GROUP:
            return _("Fewer than five start-ups show their profile.")
        return ngettext("%(n)s start-up shows its profile.", "%(n)s start-ups show their profile.", number) % {
            "n": number
        }

    def _listed(self, listing: str) -> int:
        return self.index.selected(question_of(self.country, listing=listing)).bit_count()

    def _counted(self, facet: str) -> list[Point]:
        """In the order of the filter, which is nobody's rank; what nobody has is left out."""
        counts = self.index.counts(facet, self.question)
        return [
            Point(self.index.label(facet, value), counts[value], url=list_url(self.country, **{facet: value}))
            for value in self.index.labels[facet]
            if counts.get(value)
        ]

    @cached_property
    def _programmes(self) -> dict[str, int]:
        """Running ones of listed organisations, by kind."""
        listed = Organisation.objects.in_directory().filter(country=self.country)
        running = Programme.objects.public().filter(status=ProgrammeStatus.PUBLISHED, organisation__in=listed)
        return dict(running.order_by().values_list("kind").annotate(Count("pk")))

    @cached_property
    def _calls(self) -> int:
        return OpenCall.objects.public().open_at(timezone.now()).in_country(self.country.iso2).count()

    @cached_property
    def _startups(self) -> dict[str, int]:
        shown = Startup.objects.public().filter(country=self.country)
        return dict(shown.order_by().values_list("stage").annotate(Count("pk")))

    @cached_property
    def _sums(self) -> PublicFigures:
        return public_figures([self.country], since=self.years[0])

    def _has_sum(self, line: Line) -> bool:
        return any(self._sums.of(self.country, year, line) for year in self.years)

    def _over_years(self, line: Line) -> Chart:
        points = []
        for year in self.years:
            found = self._sums.of(self.country, year, line)
            words = self._sums.reporters_in_words(self.country, year, line)
            points.append(Point(str(year), found.value if found else None, words))
        heads = (_("Year"), _("Sum"), _("Organisations counted"))
        known = "; ".join(f"{point.label}: {point.note}" for point in points if point.value is not None)
        about = _("Organisations counted: %(years)s.") % {"years": known}
        return Chart(chart_name(line), line.label, heads, points, self.figures_source, about, over_years=True)


def chart_name(line: Line) -> str:
    """Of a line of yearly figures, as it stands in addresses."""
    return "-".join(part for part in (FIGURES, *line.key) if part).lower().replace("_", "-")
