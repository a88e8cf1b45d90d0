"""The seven countries with what the registry holds of each: for the map, its table, and the home page."""

from dataclasses import dataclass

from django.urls import reverse

from incubators.facets import Question
from incubators.indexing import current_index
from incubators.models import Country


@dataclass(frozen=True)
class CountryRow:
    iso2: str
    name: str
    url: str
    count: int
    verified: int


def region_rows() -> list[CountryRow]:
    """Two queries; in the order of the countries' names in this language."""
    index = current_index()
    listed = index.counts("country", Question())
    verified = index.counts("country", Question(chosen={"listing": ("verified",)}))
    rows = [
        CountryRow(
            iso2=country.iso2,
            name=str(country),
            url=reverse("incubators:country", args=[country.iso2.lower()]),
            count=listed.get(country.iso2.lower(), 0),
            verified=verified.get(country.iso2.lower(), 0),
        )
        for country in Country.objects.all()
    ]
    return sorted(rows, key=lambda row: row.name)
