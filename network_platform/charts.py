"""Numbers for charts drawn by templates: x in per cent, y in pixels, so that text keeps its size on a phone."""

from collections.abc import Iterable
from typing import Any

HEIGHT, HEADROOM, FOOT = 96, 14, 10


def bars(rows: Iterable[tuple[Any, Any]], most: float | None = None) -> list[dict[str, Any]]:
    """Label, value and width of each bar."""
    found = list(rows)
    full = most or max((float(value) for _label, value in found), default=0) or 1
    return [
        {"label": label, "value": value, "width": f"{min(float(value) / full, 1) * 100:.1f}"} for label, value in found
    ]


def line(points: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Dots, the line's points in a stretched box, and the last value. What a point has more, its table tells."""
    found = list(points)
    most = max((float(value) for _label, value, *_more in found), default=0) or 1
    last = max(len(found) - 1, 1)
    dots = [
        {
            "label": label,
            "value": value,
            "more": more,
            "step": step,
            "x": f"{4 + step / last * 92:.2f}",
            "y": round(HEIGHT - FOOT - float(value) / most * (HEIGHT - FOOT - HEADROOM)),
        }
        for step, (label, value, *more) in enumerate(found)
    ]
    return {"dots": dots, "steps": last, "path": " ".join(f"{dot['step']},{dot['y']}" for dot in dots)}
