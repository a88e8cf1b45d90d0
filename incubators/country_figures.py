"""What who serves a country sees of its figures: one organisation's year beside the years before; sums; who is late."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incubators.enums import FiguresStatus
from incubators.forms.review import ACCEPT, FiguresAnswerForm
from incubators.models import Country, Figure, Indicator, Organisation, YearlyFigures
from incubators.models.figures import owing_figures
from incubators.rules import can_review_figures
from incubators.services.figures import accept_figures, query_figures
from incubators.yearly import Key, Line, doubts, last_year, line_of, lines_of
from network_platform.journal.models import Record
from network_platform.people.models import User
from network_platform.quoting import inside_quotes

YEARS_BESIDE, YEARS_SUMMED = 3, 5


class FiguresReview:
    """One organisation's year with the form that answers it."""

    def __init__(self, figures: YearlyFigures, *, by: User, data: Any = None) -> None:
        self.figures, self.organisation, self.by = figures, figures.organisation, by
        self.may_answer = can_review_figures(by, figures)
        self.form = FiguresAnswerForm(data, accepted=figures.status == FiguresStatus.ACCEPTED)

    @cached_property
    def lines(self) -> list[Line]:
        """This year's and the three before, as far as they were sent."""
        year = self.figures.year
        sent = self.organisation.yearly_figures.exclude(status=FiguresStatus.DRAFT)
        shown = sent.filter(year__range=(year - YEARS_BESIDE, year)).with_values()
        return lines_of({each.year: list(each.values.all()) for each in shown})

    @cached_property
    def columns(self) -> list[int]:
        """This year, which is decided upon, then those before that were reported."""
        return sorted({self.figures.year, *(year for line in self.lines for year in line.values)}, reverse=True)

    @property
    def rows(self) -> list[tuple[Line, list[str], bool]]:
        return [(line, line.cells(self.columns), True) for line in self.lines]

    @cached_property
    def doubts(self) -> list[str]:
        return doubts(self.lines, self.figures.year)

    @cached_property
    def history(self) -> list[Record]:
        return list(Record.objects.visible_to(self.by).about(self.figures).select_related("actor")[:20])

    def answer(self, version: int) -> str:
        """Do what the form says about this version; returns what to tell the reviewer. Raises StaleWrite."""
        said = self.form.cleaned_data
        name = {"title": inside_quotes(str(self.organisation)), "year": self.figures.year}
        if said["answer"] == ACCEPT:
            accept_figures(figures=self.figures, by=self.by, version=version)
            return _("The figures of “%(title)s” for %(year)s are accepted. Its editors get a mail.") % name
        query_figures(figures=self.figures, by=self.by, question=said["question"], version=version)
        return _("Your question about “%(title)s” was sent to its editors.") % name


@dataclass(frozen=True)
class Total:
    """The sum of a line over accepted figures, and how many organisations reported it, by year."""

    line: Line
    reporters: dict[int, int]

    @property
    def points(self) -> list[tuple[int, Decimal, int]]:
        """(year, sum, organisations) for a chart and its table."""
        return [(year, value, self.reporters[year]) for year, value in self.line.points]


def country_totals(country: Country, *, since: int | None = None) -> list[Total]:
    """Sums over the country's accepted figures, in the order of the indicators; two queries.

    For those who serve the country: the sum of few organisations tells what each of them reported.
    """
    accepted = Figure.objects.accepted().filter(figures__organisation__country=country)
    found: dict[Key, Total] = {}
    indicators = Indicator.objects.in_bulk()
    for row in accepted.filter(figures__year__gte=since or last_year() - YEARS_SUMMED + 1).totals():
        line = line_of(indicators[row["definition__indicator"]], row["money_kind"], row["currency"])
        total = found.setdefault(line.key, Total(line, {}))
        total.line.values[row["figures__year"]] = row["total"]
        total.reporters[row["figures__year"]] = row["reporters"]
    return sorted(found.values(), key=lambda total: total.line.order)


class CountryFigures:
    """The page of one country's figures."""

    def __init__(self, country: Country) -> None:
        self.country, self.year = country, last_year()

    @cached_property
    def totals(self) -> list[Total]:
        return country_totals(self.country)

    @cached_property
    def late(self) -> list[Organisation]:
        """Who owes last year's figures; that a draft is begun is its editors' own."""
        late = list(owing_figures(self.year).filter(country=self.country))
        queried = set(self._of_the_year(FiguresStatus.QUERIED).values_list("organisation", flat=True))
        for organisation in late:
            organisation.is_asked = organisation.pk in queried
        return late

    @cached_property
    def accepted(self) -> list[YearlyFigures]:
        """In the order of the organisations' names, with nothing but what leads to them."""
        found = self._of_the_year(FiguresStatus.ACCEPTED).select_related("organisation")
        return list(
            found.only("uid", "organisation__titles", "organisation__slug").order_by("organisation__sort_key", "pk")
        )

    def _of_the_year(self, status: FiguresStatus) -> QuerySet[YearlyFigures]:
        return YearlyFigures.objects.filter(organisation__country=self.country, year=self.year, status=status)
