"""Building the bits of `facets.py`, and keeping them as long as they are true."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.db.models.fields.json import KT
from django.db.models.functions import Length
from django.utils import timezone

from incubators.enums import CallStatus
from incubators.facets import (
    FACETS,
    NO_LANGUAGES,
    NO_SECTORS,
    Index,
    as_bits,
    city_value,
    listing_of,
    no_description,
)
from incubators.listing_values import DESCRIBED_IN
from incubators.models import OpenCall, Organisation, RegistryState
from incubators.names import reading_key
from incubators.services.reindexing import SPOKEN
from network_platform.languages import in_language
from network_platform.zones import today

_held: tuple[Any, Index] | None = None


def current_index() -> Index:
    """The index of the registry as it is now: one query, and a few more after something changed.

    A process keeps the latest one; its key is the registry's token and the day. Which calls are open is asked of the
    clock each time.
    """
    global _held
    now, key = timezone.now(), (RegistryState.objects.values_list("token", flat=True).first(), today())
    if key[0] is None:
        return build_index(key[1]).at(now)
    if _held is None or _held[0] != key:
        _held = (key, build_index(key[1]))
    return _held[1].at(now)


def build_index(day: date) -> Index:
    """Everything that the public list holds, in order of name."""
    rows = list(_rows())
    places: dict[str, dict[str, list[int]]] = {facet.name: defaultdict(list) for facet in FACETS}
    for n, row in enumerate(rows):
        for name, value in _values(row, day):
            places[name][value].append(n)
    place_of = {row["pk"]: n for n, row in enumerate(rows)}
    places["sector"] = _related(Organisation.sectors.through, "sector__code", place_of)
    placed = {n for where in places["sector"].values() for n in where}
    places["lacks"][NO_SECTORS] = [n for n in range(len(rows)) if n not in placed]
    places["sdg"] = _related(Organisation.sdgs.through, "sdg__number", place_of)
    return Index(
        ids=[row["pk"] for row in rows],
        slugs=[row["slug"] for row in rows],
        place={str(row["uid"]): n for n, row in enumerate(rows)},
        newest=sorted(range(len(rows)), key=lambda n: rows[n]["listed_at"] or rows[n]["created_at"], reverse=True),
        by_name={code: _by_name(rows, code) for code in SPOKEN},
        bits={
            name: {value: as_bits(where, len(rows)) for value, where in found.items()} for name, found in places.items()
        },
        labels={facet.name: facet.labels() for facet in FACETS},
        calls=_calls(place_of),
    )


def _rows() -> Iterator[dict[str, Any]]:
    organisations = Organisation.objects.visible_to(AnonymousUser()).in_directory().order_by("sort_key", "pk")
    columns = (
        "pk",
        "uid",
        "slug",
        "country__iso2",
        "city__slug",
        "kind",
        "languages",
        "status",
        "verified_until",
        "listed_at",
        "titles",
    )
    lengths = {f"letters_{code}": Length(KT(f"descriptions__{code}")) for code in DESCRIBED_IN}
    return organisations.values(*columns, "created_at", **lengths).iterator(chunk_size=2000)


def _by_name(rows: list[dict[str, Any]], language: str) -> list[int]:
    keys = [reading_key(in_language(row["titles"], language), language) for row in rows]
    return sorted(range(len(rows)), key=lambda n: (keys[n], n))


def _values(row: dict[str, Any], day: date) -> Iterator[tuple[str, str]]:
    """(facet, value) of the columns of one row."""
    yield "country", row["country__iso2"].lower()
    yield "kind", row["kind"]
    yield "listing", listing_of(row["status"], row["verified_until"], day)
    if row["city__slug"]:
        yield "city", city_value(row["country__iso2"], row["city__slug"])
    for code in set(row["languages"]):
        yield "language", code
    if not row["languages"]:
        yield "lacks", NO_LANGUAGES
    for code in DESCRIBED_IN:
        if not row[f"letters_{code}"]:
            yield "lacks", no_description(code)


def _related(through: type[Model], value: str, place_of: dict[int, int]) -> dict[str, list[int]]:
    """The places behind each value of a many-to-many relation."""
    found: dict[str, list[int]] = defaultdict(list)
    for code, pk in through._default_manager.values_list(value, "organisation_id").iterator(chunk_size=5000):
        if pk in place_of:
            found[str(code)].append(place_of[pk])
    return found


def _calls(place_of: dict[int, int]) -> list[tuple[int, datetime, datetime]]:
    published = OpenCall.objects.public().filter(status=CallStatus.PUBLISHED)
    rows = published.values_list("programme__organisation", "opens_at", "closes_at")
    return [(place_of[pk], opens, closes) for pk, opens, closes in rows if pk in place_of]
