"""Tables out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser

from incubators.facets import listing_of
from incubators.models import City, Organisation
from incubators.models.offices import today
from network_platform.languages import in_language

COLUMNS = (
    "uid",
    "name_en",
    "name_ru",
    "names",
    "kind",
    "country_iso2",
    "city",
    "website",
    "founded_year",
    "sectors",
    "description_en",
    "description_ru",
    "listing",
    "verified_until",
    "source_url",
    "page",
)


def directory_table(ids: set[int], base_url: str) -> Iterator[tuple[Any, ...]]:
    """The public list's organisations with these primary keys, in order of name: three queries, no contact data."""
    yield COLUMNS
    sectors, cities = _sector_codes(), _city_names()
    columns = (
        "pk",
        "uid",
        "titles",
        "kind",
        "country__iso2",
        "city",
        "website",
        "founded_year",
        "descriptions",
        "status",
        "verified_until",
        "source_url",
        "slug",
    )
    organisations = Organisation.objects.visible_to(AnonymousUser()).in_directory().order_by("sort_key", "pk")
    day = today()
    for row in organisations.values_list(*columns).iterator(chunk_size=2000):
        pk, uid, titles, kind, iso2, city, website, founded, descriptions, status, verified, source, slug = row
        if pk in ids:
            yield (
                uid,
                titles.get("en", ""),
                titles.get("ru", ""),
                "; ".join([f"{code}: {text}" for code, text in titles.items() if code not in ("en", "ru")]),
                kind,
                iso2,
                cities.get(city, ""),
                website,
                founded,
                sectors.get(pk, ""),
                descriptions.get("en", ""),
                descriptions.get("ru", ""),
                listing_of(status, verified, day),
                verified,
                source,
                f"{base_url}/incubators/{slug}/",
            )


def _city_names() -> dict[int, str]:
    return {pk: in_language(names, "en") for pk, names in City.objects.values_list("pk", "names")}


def _sector_codes() -> dict[int, str]:
    """Of each organisation, in the order of the sectors."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    pairs = Organisation.sectors.through.objects.values_list("organisation_id", "sector__order", "sector__code")
    for organisation, order, code in pairs.iterator(chunk_size=5000):
        found[organisation].append((order, code))
    return {pk: "; ".join([code for _order, code in sorted(ones)]) for pk, ones in found.items()}
