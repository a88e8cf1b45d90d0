"""A row of numbers that lead to the parts of a whole, for instance to the entries of a judge."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TILE = '<li><a{leads}{state}{current} aria-label="{label}">{number}</a></li>'
NOWHERE = SafeString(' role="link" aria-disabled="true"')
CURRENT = SafeString(' aria-current="page"')


def links(tiles: Iterable[Mapping[str, Any]]) -> SafeString:
    """The numbers as list items. A page has some hundred: made here, they take a fifth of the time."""
    parts = (
        {
            "leads": format_html(' href="{}"', tile["url"]) if tile["url"] else NOWHERE,
            "state": format_html(' class="{}"', tile["state"]) if tile["state"] else "",
            "current": CURRENT if tile.get("current") else "",
            "label": tile["label"],
            "number": tile["number"],
        }
        for tile in tiles
    )
    return format_html_join("", TILE, parts)
