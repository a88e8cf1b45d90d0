"""Reminding editors of figures that are late."""

from datetime import date

from incubators.enums import FiguresStatus
from incubators.models import Organisation, YearlyFigures
from incubators.models.figures import figures_due, owing_figures
from incubators.services.letters import members_of, write_to
from incubators.yearly import last_year
from network_platform.zones import today

FIRST_MONTH = 2


def remind_of_figures() -> int:
    """Write to the editors of who owes last year's figures, once a month from 1 February until 1 June. Safe to repeat.

    Returns how many organisations were late.
    """
    day = today()
    if not is_season(day):
        return 0
    late = list(owing_figures(last_year()).order_by("pk"))
    asked = YearlyFigures.objects.filter(year=last_year(), status=FiguresStatus.QUERIED)
    queried = set(asked.values_list("organisation", flat=True))
    for organisation in late:
        _remind(organisation, day, is_queried=organisation.pk in queried)
    return len(late)


def is_season(day: date) -> bool:
    return day.month >= FIRST_MONTH and day <= figures_due(day.year - 1)


def _remind(organisation: Organisation, day: date, *, is_queried: bool) -> None:
    """One mail a person and month."""
    year = day.year - 1
    for person in members_of(organisation):
        write_to(
            person,
            "incubators/figures_due",
            page=("incubators:figures-edit", organisation.slug, year),
            step=f"{organisation.uid}:{day:%Y-%m}",
            context={"titles": organisation.titles, "year": year, "is_queried": is_queried},
        )
