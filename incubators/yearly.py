"""Yearly figures as pages read them: which years are asked for, lines over years, and what does not fit together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from incubators.enums import MoneyKind
from incubators.models import Figure, Indicator, Organisation, YearlyFigures
from network_platform.numbers import number_in_words
from network_platform.quoting import inside_sentence
from network_platform.zones import today

Key = tuple[str, str, str]  # code of the indicator, kind of money, currency
YEARS_OFFERED = 3
JUMP, LEAST_JUMP = 3, 10  # times as many as the year before, or a third of it; and so many more or fewer


def last_year() -> int:
    return today().year - 1


def offered_years() -> list[int]:
    """The years that can be reported, the last one first."""
    return [last_year() - back for back in range(YEARS_OFFERED)]


@dataclass(frozen=True)
class Line:
    """One indicator over years; of money one kind in one currency. A year that was not reported is not there."""

    key: Key
    label: str
    order: tuple[int, str, int, str]
    values: dict[int, Decimal] = field(default_factory=dict)

    @property
    def points(self) -> list[tuple[int, Decimal]]:
        return sorted(self.values.items())

    def cells(self, years: Iterable[int]) -> list[str]:
        """In the reader's form; empty where nothing was reported."""
        return [number_in_words(self.values[year]) if year in self.values else "" for year in years]


def key_of(figure: Figure) -> Key:
    return figure.definition.indicator.code, figure.money_kind, figure.currency


def line_of(indicator: Indicator, kind: str = "", currency: str = "") -> Line:
    """Without values yet."""
    label = f"{indicator}: {inside_sentence(MoneyKind(kind).label)}, {currency}" if kind else str(indicator)
    place = MoneyKind.values.index(kind) if kind else 0
    return Line((indicator.code, kind, currency), label, (indicator.order, indicator.code, place, currency))


def lines_of(figures: Mapping[int, Iterable[Figure]]) -> list[Line]:
    """The lines of figures by year, read with their definitions and indicators, in the order of the indicators."""
    found: dict[Key, Line] = {}
    for year, values in figures.items():
        for figure in values:
            key = key_of(figure)
            if key not in found:
                found[key] = line_of(figure.definition.indicator, figure.money_kind, figure.currency)
            found[key].values[year] = figure.value
    return sorted(found.values(), key=lambda line: line.order)


def published_lines(organisation: Organisation) -> list[Line]:
    """What the organisation shows to everybody; one query if it shows nothing, else four."""
    shown = YearlyFigures.objects.public().filter(organisation=organisation).with_values()
    return lines_of({each.year: list(each.values.all()) for each in shown})


def doubts(lines: Iterable[Line], year: int) -> list[str]:
    """What does not seem to fit together in that year, in words. It is asked about, never refused."""
    lines = list(lines)
    found = {line.key[0]: line.values for line in lines if not line.key[1]}
    now = {code: values[year] for code, values in found.items() if year in values}
    return [*_unlikely(now, found, year), *_jumps(lines, year)]


def _unlikely(now: dict[str, Decimal], found: dict[str, dict[int, Decimal]], year: int) -> list[str]:
    told = []
    women, jobs, survived = now.get("women_founders"), now.get("jobs"), now.get("startups_survived")
    if women is not None and jobs is not None and women > jobs:
        words = _("More women among the founders (%(women)s) than people who work in the start-ups (%(jobs)s).")
        told.append(words % {"women": number_in_words(women), "jobs": number_in_words(jobs)})
    supported = found.get("startups_supported", {}).get(year - 3)
    if survived is not None and supported is not None and survived > supported:
        words = _("%(survived)s start-ups still work, but only %(supported)s were supported in %(year)s.")
        numbers: dict[str, Any] = {"survived": number_in_words(survived), "supported": number_in_words(supported)}
        told.append(words % {**numbers, "year": year - 3})
    if now.get("startups_supported") == 0 and (women or jobs):
        told.append(_("No start-up was supported, and yet there are founders or jobs."))
    return told


def _jumps(lines: list[Line], year: int) -> list[str]:
    words = _("%(label)s: %(now)s, and %(before)s the year before.")
    return [
        words % {"label": line.label, "now": number_in_words(line.values[year]), "before": line.cells([year - 1])[0]}
        for line in lines
        if year in line.values and year - 1 in line.values and _is_jump(line.values[year], line.values[year - 1])
    ]


def _is_jump(now: Decimal, before: Decimal) -> bool:
    less, more = sorted((now, before))
    return more - less >= LEAST_JUMP and more >= less * JUMP
