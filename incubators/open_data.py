"""What is public in the registry as files: the rows that the API gives, and a description of them (a data package)."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers

from incubators.api import CallViewSet, CountryViewSet, OrganisationViewSet, ProgrammeViewSet
from incubators.models import Sector
from network_platform.spreadsheets import csv_lines

DESCRIPTION, ARCHIVE = "datapackage.json", "open-data.zip"
TYPES = {"csv": "text/csv", "json": "application/json", "zip": "application/zip"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same content is the same bytes
UID = ("string", "uuid")
ADDRESS = ("string", "uri")
TEXTS = ("object", "default", "by code of the language")

# Type and format of a field as Table Schema names them, and what it says.
FIELDS: dict[str, dict[str, tuple[str, str, str]]] = {
    "organisations": {
        "uid": (*UID, "Stays the same as long as the organisation is in the registry."),
        "names": ("array", "default", "All names: text, kind, language, script, and the last day of a former one."),
        "country": ("string", "default", "ISO 3166 alpha-2."),
        "city": (*TEXTS[:2], f"Names of the city, {TEXTS[2]}."),
        "kind": ("string", "default", "Incubator, accelerator, technopark and so on, as a code."),
        "status": ("string", "default", "`listed`, or `stale` where nobody confirmed the entry in time."),
        "verified": ("boolean", "default", "Whether the entry was confirmed in the last twelve months."),
        "verified_until": ("date", "default", "The last day on which the confirmation holds."),
        "website": (*ADDRESS, "Its own site."),
        "founded_year": ("integer", "default", "Year of foundation."),
        "languages": ("array", "default", "Codes of the working languages."),
        "sectors": ("array", "default", "Codes of sectors; see `sectors`."),
        "sdgs": ("array", "default", "Numbers of Sustainable Development Goals."),
        "descriptions": (*TEXTS[:2], f"What it does, {TEXTS[2]}."),
        "successor": (*UID, "The organisation that carries its work on."),
        "source_url": (*ADDRESS, "Where an imported entry was taken from."),
        "updated_at": ("datetime", "any", "When the entry last changed."),
        "page": (*ADDRESS, "Its page in the registry."),
    },
    "programmes": {
        "uid": (*UID, "Stays the same as long as the programme is there."),
        "organisation": (*UID, "The organisation that offers it."),
        "country": ("string", "default", "ISO 3166 alpha-2, of the organisation."),
        "kind": ("string", "default", "Acceleration, training and so on, as a code."),
        "status": ("string", "default", "`published` or `ended`."),
        "titles": (*TEXTS[:2], f"What it is called, {TEXTS[2]}."),
        "descriptions": (*TEXTS[:2], f"What it offers, {TEXTS[2]}."),
        "languages": ("array", "default", "Codes of the languages in which it is held."),
        "sectors": ("array", "default", "Codes of sectors; see `sectors`."),
        "weeks": ("integer", "default", "How long a start-up stays, if that is fixed."),
        "website": (*ADDRESS, "Its own page."),
        "open": ("boolean", "default", "Whether one of its calls took applications when the files were made."),
        "updated_at": ("datetime", "any", "When it last changed."),
        "page": (*ADDRESS, "Its page in the registry."),
    },
    "calls": {
        "uid": (*UID, "Stays the same as long as the call is there."),
        "programme": (*UID, "The programme that looks for start-ups."),
        "organisation": (*UID, "The organisation that offers it."),
        "country": ("string", "default", "ISO 3166 alpha-2, of the organisation."),
        "status": ("string", "default", "`published` or `closed`."),
        "open": ("boolean", "default", "Whether it took applications when the files were made."),
        "titles": (*TEXTS[:2], f"What it is called, {TEXTS[2]}."),
        "descriptions": (*TEXTS[:2], f"Who may apply and how, {TEXTS[2]}."),
        "opens_at": ("datetime", "any", "From when it takes applications, in UTC."),
        "closes_at": ("datetime", "any", "Until when it takes applications, in UTC."),
        "zone": ("string", "default", "The time zone in which the organiser names these moments."),
        "apply_url": (*ADDRESS, "Where to apply."),
        "updated_at": ("datetime", "any", "When it last changed."),
        "page": (*ADDRESS, "Its page in the registry."),
    },
    "countries": {
        "iso2": ("string", "default", "ISO 3166 alpha-2."),
        "names": (*TEXTS[:2], f"What it is called, {TEXTS[2]}."),
        "own_name": ("string", "default", "What it is called in its own language."),
        "time_zone": ("string", "default", "IANA name of its time zone."),
        "currency": ("string", "default", "ISO 4217."),
        "languages": ("array", "default", "Codes of the official languages, the national one first."),
    },
    "sectors": {
        "code": ("string", "default", "As organisations and programmes name it."),
        "labels": (*TEXTS[:2], f"What it is called, {TEXTS[2]}."),
    },
}
TITLES = {
    "organisations": "Organisations of the registry",
    "programmes": "Programmes for start-ups",
    "calls": "Calls for start-ups",
    "countries": "The seven countries",
    "sectors": "Sectors",
}
FROM_API = {
    "organisations": OrganisationViewSet,
    "programmes": ProgrammeViewSet,
    "calls": CallViewSet,
    "countries": CountryViewSet,
}


class SectorSerializer(serializers.ModelSerializer):
    labels = serializers.JSONField()

    class Meta:
        model = Sector
        fields = ["code", "labels"]


def rows_of(table: str) -> list[dict[str, Any]]:
    """What the API gives to everybody, the oldest first."""
    if table == "sectors":
        return [dict(row) for row in SectorSerializer(Sector.objects.all(), many=True).data]
    view: Any = FROM_API[table](detail=False)
    rows = view.get_queryset().order_by("pk")
    with timezone.override(UTC):
        return [dict(row) for row in view.serializer_class(rows, many=True).data]


def tables() -> dict[str, bytes]:
    """Every table as CSV and as JSON, by file name; the same rows are the same bytes."""
    files = {}
    for table, fields in FIELDS.items():
        rows = rows_of(table)
        lines = [list(fields), *([_cell(row[name]) for name in fields] for row in rows)]
        files[f"{table}.csv"] = "".join(csv_lines(lines)).encode()
        files[f"{table}.json"] = _json(rows)
    return files


def description_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The data package of these tables, without the moment at which it was made."""
    return {
        "profile": "data-package",
        "name": "speca-incubator-network-registry",
        "title": "Registry of incubators and accelerators",
        "description": "What is public in the registry: organisations, their programmes and calls. A cell of a CSV "
        "that a spreadsheet would take for a formula begins with an apostrophe; JSON has the plain text.",
        "homepage": f"{settings.BASE_URL}/en/incubators/",
        "licenses": [_licence()],
        "sources": [{"title": "SPECA network: the registry", "path": f"{settings.BASE_URL}/en/incubators/"}],
        "resources": [_resource(name, content) for name, content in files.items()],
    }


def digest_of(description: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json(description)).hexdigest()


def with_description(files: Mapping[str, bytes], *, made_at: datetime) -> dict[str, bytes]:
    """The tables, the description that names the moment, and an archive of all of them."""
    description = _json(description_of(files) | {"created": made_at.isoformat()})
    whole = {DESCRIPTION: description, **files}
    return {**whole, ARCHIVE: _archive(whole.items())}


def _licence() -> dict[str, str]:
    name = settings.OPEN_DATA_LICENCE
    return {"name": name, "path": f"https://spdx.org/licenses/{name}.html"}


def _resource(file: str, content: bytes) -> dict[str, Any]:
    table, _, form = file.partition(".")
    fields = [
        {"name": name, "type": kind, "format": shape, "description": words}
        for name, (kind, shape, words) in FIELDS[table].items()
    ]
    return {
        "profile": "tabular-data-resource",
        "name": f"{table}-{form}",
        "title": TITLES[table],
        "path": file,
        "format": form,
        "mediatype": TYPES[form],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "primaryKey": next(iter(FIELDS[table]))},
    }


def _cell(value: Any) -> Any:
    """As Table Schema writes it: lists and objects as JSON, and no `True`."""
    if isinstance(value, dict | list | bool):
        return json.dumps(value, ensure_ascii=False)
    return value


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
