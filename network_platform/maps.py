"""The seven outlines (Natural Earth 1:50m, public domain) as inline SVG. They say nothing about any border."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPOTS = {
    "KZ": (372, 120),
    "UZ": (325, 203),
    "TM": (268, 262),
    "AF": (352, 335),
    "TJ": (425, 270),
    "KG": (470, 214),
    "AZ": (150, 252),
}
STEP = re.compile(r"-?\d+")


@dataclass(frozen=True)
class PlaceOnMap:
    iso2: str
    name: str
    count: int
    url: str
    path: str
    x: int
    y: int


@cache
def outlines() -> dict[str, str]:
    return json.loads((Path(__file__).parent / "outlines.json").read_text())


def read(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


def placed(countries: Iterable[Any]) -> list[PlaceOnMap]:
    """Each country that has an outline, with its path and the spot of its number."""
    found = []
    for country in countries:
        iso2 = read(country, "iso2")
        if iso2 in SPOTS:
            words = (str(read(country, "name")), read(country, "count"), read(country, "url"))
            found.append(PlaceOnMap(iso2, *words, outlines()[iso2], *SPOTS[iso2]))
    return found


def corners(path: str) -> list[tuple[int, int]]:
    """The points of a path made of `M x y l dx dy …z` rings."""
    points = []
    for ring in filter(None, path.split("z")):
        start, _l, steps = ring.lstrip("M").partition("l")
        x, y = (int(number) for number in STEP.findall(start))
        points.append((x, y))
        moves = [int(number) for number in STEP.findall(steps)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
    return points


@cache
def outline(iso2: str) -> dict[str, str]:
    """Path and view box of one country."""
    path = outlines()[iso2]
    xs, ys = zip(*corners(path), strict=True)
    box = (min(xs) - 2, min(ys) - 2, max(xs) - min(xs) + 4, max(ys) - min(ys) + 4)
    return {"path": path, "box": " ".join(map(str, box))}
