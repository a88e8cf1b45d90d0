"""Reference data: bringing the rows in step with the file that the product ships."""

from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from incubators.models import City, Country, Definition, Indicator, Language, Sdg, Sector
from incubators.names import slug_of

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "reference.yaml"


@transaction.atomic
def load_reference() -> None:
    """Add what is missing and refresh labels; rows that the file does not name stay. Safe to repeat."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    cities = {row["iso2"]: row.pop("cities") for row in data["countries"]}
    _upsert(Country, "iso2", data["countries"])
    _upsert(Language, "code", _numbered(data["languages"]))
    _upsert(Sector, "code", _numbered(data["sectors"]))
    _upsert(Sdg, "number", data["sdgs"])
    _keep_indicators(data["indicators"])
    countries = {country.iso2: country for country in Country.objects.all()}
    known = [
        City(country=countries[iso2], slug=slug_of(names["en"]), names=names)
        for iso2, rows in cities.items()
        for names in rows
    ]
    City.objects.bulk_create(known, update_conflicts=True, unique_fields=["country", "slug"], update_fields=["names"])


def city_of(country: Country, text: str, *, language: str = "") -> City | None:
    """The country's city of that name in any spelling; a new row if it has none yet."""
    text = " ".join(text.split())[:80]
    if not text:
        return None
    names = {language or "en": text}
    return City.objects.get_or_create(country=country, slug=slug_of(text), defaults={"names": names})[0]


def _keep_indicators(rows: list[dict[str, Any]]) -> None:
    """Names are refreshed; a version of a definition stays as it was first written."""
    versions = {row["code"]: row.pop("definitions") for row in rows}
    _upsert(Indicator, "code", _numbered(rows))
    indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(code__in=versions)}
    definitions = [Definition(indicator=indicators[code], **each) for code, own in versions.items() for each in own]
    Definition.objects.bulk_create(definitions, ignore_conflicts=True)


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "order": order} for order, row in enumerate(rows)]


def _upsert(model: type[models.Model], key: str, rows: list[dict[str, Any]]) -> None:
    things = [model(**row) for row in rows]
    fields = [field for field in rows[0] if field != key]
    model._default_manager.bulk_create(things, update_conflicts=True, unique_fields=[key], update_fields=fields)
