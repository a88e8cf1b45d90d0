"""The seven countries with what the registry holds of each: for the map, its table, the list and the home page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from incubators.facets import VERIFIED, Index, Question
from incubators.indexing import current_index


@dataclass(frozen=True)
class CountryRow:
    iso2: str
    name: str
    url: str
    count: int
    verified: int


def region_rows() -> list[CountryRow]:
    """Of the whole registry, each with the country's page. One query."""
    return rows_under(current_index(), Question(), lambda iso2: reverse("incubators:country", args=[iso2]))


def rows_under(index: Index, question: Question, address: Callable[[str], str]) -> list[CountryRow]:
    """What each country would give, the other filters held; in the order of the names in this language.

    `address` makes the link from a country's code in small letters.
    """
    others, verified = index.selected(question, but="country"), index.bits["listing"].get(VERIFIED, 0)
    rows = []
    for iso2 in index.labels["country"]:
        found = index.bits["country"].get(iso2, 0) & others
        numbers = (found.bit_count(), (found & verified).bit_count())
        rows.append(CountryRow(iso2.upper(), index.label("country", iso2), address(iso2), *numbers))
    return sorted(rows, key=lambda row: row.name)
