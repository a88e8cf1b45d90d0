"""Papers of two pages: a country in numbers, and the seven countries side by side."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from incubators.chart import NOTHING, Chart, Point
from incubators.dashboard import Dashboard
from incubators.side_by_side import SideBySide, Table
from network_platform.numbers import number_in_words
from network_platform.printing import FOLDER, kept_or_made, typeset

TEMPLATES = Path(__file__).parent / "printing"
ACCESSIBLE = "ua-1"  # PDF/UA: title, language, headings and tables are told to screen readers


@dataclass(frozen=True)
class Paper:
    """What a template sets, as JSON, in the language that was active; `name` is that of the file, without its end."""

    name: str
    template: Path
    data: dict[str, Any]

    @property
    def digest(self) -> str:
        """Changes with what the paper says and with its templates."""
        templates = [each.read_text(encoding="utf-8") for each in sorted(TEMPLATES.glob("*.typ"))]
        text = json.dumps([self.data, self.template.name, ACCESSIBLE, templates], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def pdf(self) -> bytes:
        """The stored one if it says this, else a new one."""
        name = f"{FOLDER}/dashboard-{self.name}/{self.digest}.pdf"
        return kept_or_made(name, lambda: typeset(self.template, self.data, standard=ACCESSIBLE))


def paper_of_country(page: Dashboard) -> Paper:
    """What the registry holds; what was reported, and what is missing."""
    country = page.country
    title = _("%(country)s in numbers") % {"country": country}
    data = {
        **_frame(title, page.day, reverse("incubators:dashboard", args=[country.iso2])),
        "numbers": [{"value": _in_words(each.value), "words": each.words} for each in page.numbers],
        "startups": page.startups_in_words,
        "columns": _columns([_chart(chart) for chart in page.charts if not chart.over_years]),
        "years": [str(year) for year in page.years],
        "lines": [{"label": chart.title, "cells": [_cell(point) for point in chart.points]} for chart in page.figures],
        "not_told": _not_told(page.not_told),
        "gaps": [gap.text for gap in page.gaps],
        "sources": [page.source, page.figures_source],
        "says": _labels(),
    }
    return Paper(f"{country.iso2.lower()}-{data['language']}", TEMPLATES / "dashboard.typ", data)


def paper_of_region(page: SideBySide) -> Paper:
    """What the registry holds of each country; what was reported in each."""
    counted = _("Beneath each sum how many of the listed organisations it counts.")
    figures = _("Yearly figures of %(year)s") % {"year": page.year}
    data = {
        **_frame(_("The seven countries side by side"), page.day, reverse("incubators:side-by-side")),
        "about": _("In the order of their names. A dash stands where there is nothing to show, and the words say why."),
        "country": _("Country"),
        "registry": _table(_("In the registry"), page.registry_table, page.source),
        "figures": _table(figures, page.figures_table, f"{page.figures_source} {counted}"),
    }
    return Paper(f"countries-{data['language']}", TEMPLATES / "side_by_side.typ", data)


def _frame(title: str, day: date, path: str) -> dict[str, Any]:
    return {
        "language": get_language() or "en",
        "title": title,
        "network": _("Network of Business Incubators and Accelerators"),
        "date": date_format(day, "DATE_FORMAT"),
        "day": [day.year, day.month, day.day],
        "address": f"{settings.BASE_URL.rstrip('/')}{path}",
    }


def _labels() -> dict[str, str]:
    return {
        "registry": _("In the registry"),
        "figures": _("Yearly figures"),
        "line": pgettext("yearly figures", "Figure"),
        "rounded": _("Sums, rounded; beneath each how many of the listed organisations it counts."),
        "nothing": _("No sum can be shown yet."),
        "gaps": _("What is missing"),
        "no_gaps": _("Nothing that the platform can see."),
        "sources": _("Sources"),
    }


def _not_told(labels: list[str]) -> str:
    words = _("Not shown, because not enough organisations reported it: %(names)s.")
    return words % {"names": "; ".join(labels)} if labels else ""


def _table(title: str, table: Table, source: str) -> dict[str, Any]:
    rows = [
        {"label": str(country), "cells": [_cell(point) for _title, point in cells]} for country, cells in table.rows
    ]
    heads = [chart.title for chart in table.charts]
    return {"title": title, "heads": heads, "rows": rows, "words": table.words, "source": source}


def _chart(chart: Chart) -> dict[str, Any]:
    longest = max((float(point.value or 0) for point in chart.points), default=0) or 1
    bars = [
        {"label": point.label, "value": _in_words(point.value), "share": float(point.value or 0) / longest}
        for point in chart.points
    ]
    return {"title": chart.title, "about": chart.about, "bars": bars}


def _columns(charts: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each chart in the column that is shorter so far."""
    columns: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for chart in charts:
        min(columns, key=lambda column: sum(len(each["bars"]) + 2 for each in column)).append(chart)
    return list(columns)


def _cell(point: Point) -> dict[str, str]:
    return {"value": _in_words(point.value), "note": point.note}


def _in_words(value: Decimal | int | None) -> str:
    return NOTHING if value is None else number_in_words(Decimal(value))
