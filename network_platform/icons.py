"""Drawings that pages carry inline: icons, the mark, the star-and-cross motif."""

import math
from functools import cache

from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "go": "M5 12h14M13 6l6 6-6 6",
    "back": "M19 12H5M11 6l-6 6 6 6",
    "check": "M5 13l4 4L19 7",
    "seal": (
        "M12 3l2.5 2.2 3.3-.2.3 3.3 2.4 2.3-1.8 2.8.6 3.3-3.2.9L14.200 20 12 18.600 9.800 20l-1.900-2.400-3.200-.9"
        ".6-3.300L3.500 10.600l2.400-2.300.3-3.300 3.300.2zM8.500 12l2.500 2.500 4.500-5"
    ),
    "clock": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.500 2",
    "circle": "M12 4a8 8 0 100 16 8 8 0 000-16zM8 12h8",
    "warn": "M12 4L2.500 20h19zM12 10v4M12 17v.2",
    "info": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7.500v.2",
    "x": "M6 6l12 12M18 6L6 18",
    "search": "M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM15.500 15.500L20 20",
    "lock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3",
    "person": "M12 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM5.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6",
    "people": (
        "M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6"
        "M16 4.300a3.500 3.500 0 010 6.400M18 14.300c2.200.8 3.500 2.700 3.500 5.700"
    ),
    "cloud": "M7 18a4.500 4.500 0 01-.5-9A6 6 0 0118 8.500a4.800 4.800 0 01-.5 9.500z",
    "off": "M3 3l18 18M7 18a4.500 4.500 0 01-.5-9M10 5a6 6 0 018 3.500 4.800 4.800 0 012.500 7.500",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "mail": "M3 6h18v12H3zM3 7l9 6 9-6",
    "link": "M9 15l6-6M10.500 6.500l2-2a4 4 0 016 6l-2 2M13.500 17.500l-2 2a4 4 0 01-6-6l2-2",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "flag": "M6 21V4h11l-2 4 2 4H6",
    "plus": "M12 5v14M5 12h14",
    "pen": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "down": "M12 4v12M6 11l6 6 6-6M5 20h14",
    "box": "M5 5h14v14H5z",
    "bin": "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
}
TURNS_WITH_THE_SCRIPT = {"go", "back"}


def star(x: float, y: float, outer: float, inner: float | None = None) -> str:
    """The path of an eight-pointed star round (x, y)."""
    inner = inner or outer * 0.7654
    points = []
    for corner in range(16):
        angle, radius = math.radians(corner * 22.5), outer if corner % 2 == 0 else inner
        points.append(f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}")
    return "M" + "L".join(points) + "z"


@cache
def icon(name: str) -> SafeString:
    """One icon as inline SVG; it says nothing to screen readers, so a word stands beside it."""
    way = " way" if name in TURNS_WITH_THE_SCRIPT else ""
    return mark_safe(  # noqa: S308
        f'<svg class="i{way}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{SHAPES[name]}"/></svg>'
    )


@cache
def mark() -> SafeString:
    """The network's sign."""
    return mark_safe(  # noqa: S308
        '<svg viewBox="0 0 80 80" aria-hidden="true" focusable="false">'
        f'<path fill="none" stroke="currentColor" stroke-width="5" d="{star(40, 40, 36)}"/>'
        f'<path fill="currentColor" d="{star(40, 40, 19, 19 * 0.5412)}"/></svg>'
    )


@cache
def motif(identity: str) -> SafeString:
    """Eight-pointed stars that touch tip to tip and leave crosses between them; `identity` is unique on its page."""
    shape = star(40, 40, 40) + star(40, 40, 26, 26 * 0.5412)
    return mark_safe(  # noqa: S308
        '<svg class="girih" aria-hidden="true" focusable="false"><defs>'
        f'<pattern id="{identity}" width="80" height="80" patternUnits="userSpaceOnUse">'
        f'<path d="{shape}" fill="none" stroke="currentColor"/></pattern></defs>'
        f'<rect width="100%" height="100%" fill="url(#{identity})"/></svg>'
    )
