"""Numbers for charts drawn by templates: x in per cent, y in pixels, so that text keeps its size on a phone."""

from collections.abc import Iterable
from itertools import groupby
from textwrap import wrap
from typing import Any

from django.template.loader import render_to_string

HEIGHT, HEADROOM, FOOT = 96, 14, 10


FILE_WIDTH, FILE_MARGIN, LINE_OF_WORDS = 720, 24, 84


def bars(rows: Iterable[tuple[Any, ...]], most: float | None = None) -> list[dict[str, Any]]:
    """Label, value and width of each bar. A value that is None has no bar, and what stands beside it says why."""
    found = list(rows)
    full = most or _most(found) or 1
    return [
        {"label": label, "value": value, "more": more, "width": f"{min(float(value or 0) / full, 1) * 100:.1f}"}
        for label, value, *more in found
    ]


def line(points: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Dots, and the lines' points in a stretched box. What a point has more, its table tells.

    A value that is None has a place and no dot, and parts the line in two.
    """
    found = list(points)
    most, last = _most(found) or 1, max(len(found) - 1, 1)
    dots = [
        {
            "label": label,
            "value": value,
            "more": more,
            "step": step,
            "x": f"{4 + step / last * 92:.2f}",
            "y": HEIGHT if value is None else round(HEIGHT - FOOT - float(value) / most * (HEIGHT - FOOT - HEADROOM)),
        }
        for step, (label, value, *more) in enumerate(found)
    ]
    return {"dots": dots, "steps": last, "paths": [_path(part) for part in _unbroken(dots)], "last": _last(dots)}


def _most(rows: list[tuple[Any, ...]]) -> float:
    return max((float(value) for _label, value, *_more in rows if value is not None), default=0)


def _last(dots: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The latest dot that is known."""
    return next((dot for dot in reversed(dots) if dot["value"] is not None), None)


def _unbroken(dots: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Runs of neighbours that are known."""
    return [list(run) for known, run in groupby(dots, lambda dot: dot["value"] is not None) if known]


def _path(dots: list[dict[str, Any]]) -> str:
    return " ".join(f"{dot['step']},{dot['y']}" for dot in dots)


def svg_file(
    title: str, rows: Iterable[tuple[Any, ...]], *, notes: Iterable[str], language: str, over_years: bool = False
) -> str:
    """A chart as a file of its own: drawn in pixels, with its colours in it, on white paper, the notes beneath.

    `rows` are (label, value or None, more); `notes` say where the numbers come from.
    """
    found = list(rows)
    heading, foot = wrap(title, LINE_OF_WORDS - 14), [part for note in notes for part in wrap(note, LINE_OF_WORDS + 16)]
    top = FILE_MARGIN + 24 * len(heading) + 12
    drawing = _drawn_line(found, top) if over_years else _drawn_bars(found, top)
    foot_at = drawing["bottom"] + 28
    context = {
        "title": title,
        "language": language,
        "width": FILE_WIDTH,
        "height": foot_at + 18 * len(foot) + 6,
        "heading": [(FILE_MARGIN + 18 + 24 * n, words) for n, words in enumerate(heading)],
        "foot": [(foot_at + 18 * n, words) for n, words in enumerate(foot)],
        **drawing,
    }
    return render_to_string("components/chart.svg", context)


def _drawn_bars(rows: list[tuple[Any, ...]], top: int) -> dict[str, Any]:
    """One under another, 42 px each."""
    inner = FILE_WIDTH - 2 * FILE_MARGIN
    drawn = [
        bar | {"y": top + 16 + 42 * n, "bar_y": top + 22 + 42 * n, "length": round(inner * float(bar["width"]) / 100)}
        for n, bar in enumerate(bars(rows))
    ]
    return {"bars": drawn, "bottom": top + 42 * len(drawn)}


def _drawn_line(rows: list[tuple[Any, ...]], top: int) -> dict[str, Any]:
    """Each dot with its number above it and its label under the axis."""
    found, inner, floor = line(rows), FILE_WIDTH - 2 * FILE_MARGIN, top + 20 + 2 * HEIGHT
    dots = [
        dot | {"x": round(FILE_MARGIN + inner * float(dot["x"]) / 100), "y": top + 20 + 2 * dot["y"]}
        for dot in found["dots"]
    ]
    paths = [" ".join(f"{dot['x']},{dot['y']}" for dot in part) for part in _unbroken(dots)]
    return {"dots": dots, "paths": paths, "floor": floor, "labels_at": floor + 22, "bottom": floor + 24}
