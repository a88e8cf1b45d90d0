"""What an organisation's editors see of their yearly figures: the years, one year's form, what changed."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from incubators.enums import FiguresStatus
from incubators.forms.figures import FiguresForm
from incubators.models import Figure, Indicator, Organisation, YearlyFigures
from incubators.services.figure_values import values_of
from incubators.services.figures import repeats_what_was_sent
from incubators.yearly import Line, doubts, lines_of, offered_years
from network_platform.drafts import Values


@dataclass(frozen=True)
class Year:
    """A year that can be reported, or was; `figures` is None before anything was saved."""

    year: int
    figures: YearlyFigures | None

    @property
    def is_open(self) -> bool:
        return self.figures is None or self.figures.is_open


def years_of(organisation: Organisation) -> list[Year]:
    """The years that are offered, and all that were reported; one query."""
    there = {each.year: each for each in organisation.yearly_figures.all()}
    return [Year(year, there.get(year)) for year in sorted({*offered_years(), *there}, reverse=True)]


def row_of(organisation: Organisation, year: int) -> YearlyFigures | None:
    """The year's row; of a year that is offered and not begun an unsaved one, of any other none."""
    figures = organisation.yearly_figures.filter(year=year).first()
    if figures is None and year in offered_years():
        figures = YearlyFigures(organisation=organisation, year=year)
    if figures is not None:
        figures.organisation = organisation
    return figures


class Reporting:
    """One year of an organisation, saved already or not."""

    def __init__(self, figures: YearlyFigures) -> None:
        self.figures, self.year, self.organisation = figures, figures.year, figures.organisation

    @cached_property
    def asked(self) -> list[Indicator]:
        return list(Indicator.objects.asked_in(self.year))

    def form(self, values: Values | QueryDict | None = None, *, bound: bool = True) -> FiguresForm:
        """Of `values`, or of what is kept."""
        kept = values_of(self.figures) if values is None else values
        return FiguresForm(kept, figures=self.figures, asked=self.asked, bound=bound)

    @cached_property
    def kept(self) -> FiguresForm:
        form = self.form()
        form.is_valid()
        return form

    @cached_property
    def lines(self) -> list[Line]:
        """What would be sent, beside what was reported for the years before."""
        return lines_of({**values_before(self.organisation, self.year), self.year: self.kept.report()})

    @cached_property
    def columns(self) -> list[int]:
        """This year, then the one before, if it was reported."""
        before = self.year - 1
        return [self.year, before] if any(before in line.values for line in self.lines) else [self.year]

    @cached_property
    def rows(self) -> list[tuple[Line, list[str], bool]]:
        """Each line with its numbers, and whether they differ."""
        shown = [line for line in self.lines if line.values.keys() & {*self.columns}]
        return [(line, cells, cells[0] != cells[-1]) for line in shown for cells in [line.cells(self.columns)]]

    @cached_property
    def doubts(self) -> list[str]:
        return doubts(self.lines, self.year)

    @property
    def can_be_sent(self) -> bool:
        return not self.kept.errors and bool(self.kept.report()) and not self.leaves_unanswered

    @cached_property
    def leaves_unanswered(self) -> bool:
        """The focal point has asked, and it says the same as before."""
        if self.kept.errors or self.figures.status != FiguresStatus.QUERIED:
            return False
        return repeats_what_was_sent(self.figures, self.kept.report(), note=self.kept.cleaned_data["note"])


def values_before(organisation: Organisation, year: int) -> dict[int, list[Figure]]:
    """What the organisation sent for the three years before, by year; three queries."""
    before = organisation.yearly_figures.filter(year__range=(year - 3, year - 1)).with_values()
    return {each.year: list(each.values.all()) for each in before}
