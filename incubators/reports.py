"""Tables out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser

from incubators.enums import OrganisationStatus
from incubators.models import Organisation
from incubators.models.offices import today

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
    """The public list's organisations with these primary keys, in order of name: two queries, no contact data."""
    yield COLUMNS
    sectors = _sector_codes()
    columns = [
        "pk",
        "uid",
        "titles",
        "kind",
        "country__iso2",
        "city__names",
        "website",
        "founded_year",
        "descriptions",
        "status",
        "verified_until",
        "source_url",
        "slug",
    ]
    organisations = Organisation.objects.visible_to(AnonymousUser()).in_directory().order_by("sort_key", "pk")
    for row in organisations.values(*columns).iterator(chunk_size=2000):
        if row["pk"] in ids:
            yield _line(row, sectors.get(row["pk"], []), base_url)


def _sector_codes() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = Organisation.sectors.through.objects.order_by("sector__order")
    for pk, code in pairs.values_list("organisation_id", "sector__code").iterator(chunk_size=5000):
        found[pk].append(code)
    return found


def _listing(row: dict[str, Any]) -> str:
    """As the list's filter calls it."""
    if row["status"] == OrganisationStatus.STALE:
        return "stale"
    if row["verified_until"] is None:
        return "unverified"
    return "verified" if row["verified_until"] >= today() else "stale"


def _line(row: dict[str, Any], sectors: list[str], base_url: str) -> tuple[Any, ...]:
    titles, descriptions = row["titles"], row["descriptions"]
    return (
        row["uid"],
        titles.get("en", ""),
        titles.get("ru", ""),
        "; ".join(f"{code}: {text}" for code, text in titles.items() if code not in ("en", "ru")),
        row["kind"],
        row["country__iso2"],
        (row["city__names"] or {}).get("en", ""),
        row["website"],
        row["founded_year"],
        "; ".join(sectors),
        descriptions.get("en", ""),
        descriptions.get("ru", ""),
        _listing(row),
        row["verified_until"],
        row["source_url"],
        f"{base_url}/incubators/{row['slug']}/",
    )
