"""A country's dashboard as a PDF of two pages: what the registry holds, and what was reported with what lacks."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incubators.chart import NOTHING, Chart, Point
from incubators.dashboard import Dashboard
from incubators.models import Country
from network_platform.numbers import number_in_words
from network_platform.printing import FOLDER, kept_or_made, typeset

TEMPLATE = Path(__file__).parent / "printing" / "dashboard.typ"


def dashboard_on_paper(page: Dashboard) -> dict[str, Any]:
    """All that the template sets, as JSON, in the active language."""
    country = page.country
    path = reverse("incubators:dashboard", args=[country.iso2])
    return {
        "language": get_language() or "en",
        "title": _("%(country)s in numbers") % {"country": country},
        "network": _("Network of Business Incubators and Accelerators"),
        "date": date_format(page.day, "DATE_FORMAT"),
        "day": [page.day.year, page.day.month, page.day.day],
        "address": f"{settings.BASE_URL.rstrip('/')}{path}",
        "numbers": [{"value": _in_words(each.value), "words": each.words} for each in page.numbers],
        "startups": page.startups_in_words,
        "columns": _columns([_chart(chart) for chart in page.charts if not chart.over_years]),
        "years": [str(year) for year in page.years],
        "lines": [_line(chart) for chart in page.figures],
        "not_told": _not_told(page.not_told),
        "gaps": [gap.text for gap in page.gaps],
        "sources": [page.source, page.figures_source],
        "says": _labels(),
    }


def dashboard_digest(data: dict[str, Any]) -> str:
    """Changes with what the paper says and with its template."""
    text = json.dumps([data, TEMPLATE.read_text(encoding="utf-8")], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def dashboard_pdf(country: Country, data: dict[str, Any]) -> bytes:
    """The stored PDF if it says this, else a new one."""
    folder = f"{FOLDER}/dashboard-{country.iso2.lower()}-{data['language']}"
    return kept_or_made(f"{folder}/{dashboard_digest(data)}.pdf", lambda: typeset(TEMPLATE, data))


def _labels() -> dict[str, str]:
    return {
        "registry": _("In the registry"),
        "figures": _("Yearly figures"),
        "line": _("Figure"),
        "rounded": _("Sums, rounded; beneath each how many of the listed organisations it counts."),
        "nothing": _("No sum can be shown yet."),
        "gaps": _("What is missing"),
        "no_gaps": _("Nothing that the platform can see."),
        "sources": _("Sources"),
    }


def _not_told(labels: list[str]) -> str:
    words = _("Not shown, because not enough organisations reported it: %(names)s.")
    return words % {"names": "; ".join(labels)} if labels else ""


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


def _line(chart: Chart) -> dict[str, Any]:
    return {"label": chart.title, "cells": [_cell(point) for point in chart.points]}


def _cell(point: Point) -> dict[str, str]:
    return {"value": _in_words(point.value), "note": point.note}


def _in_words(value: Any) -> str:
    return NOTHING if value is None else number_in_words(Decimal(value))
