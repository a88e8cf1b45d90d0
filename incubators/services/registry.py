"""What changes for readers when an organisation changes: the list's cache key and the search text."""

import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from django.utils import translation

from incubators.models import Country, Organisation, RegistryState
from incubators.models.organisations import OrganisationQuerySet
from network_platform.languages import in_language
from network_platform.page_cache import touch
from network_platform.search.services import Document, drop, put_many

SPOKEN = ("en", "ru")
EVERYDAY_WORDS = Path(__file__).resolve().parent.parent / "fixtures" / "everyday_words.yaml"


def touch_registry() -> None:
    """Say that what readers see is another now: the list's index and the kept pages. Call it in the transaction."""
    state = RegistryState(pk=1, token=uuid.uuid4())
    RegistryState.objects.bulk_create([state], update_conflicts=True, unique_fields=["pk"], update_fields=["token"])
    touch("registry")


def show(organisation: Organisation) -> None:
    """Bring the search text and the list in step with the saved organisation."""
    drop("organisation", str(organisation.uid))
    put_many(documents_of(organisation))
    touch_registry()


def documents_of(organisation: Organisation) -> Iterator[Document]:
    """The public document in each language of the interface; for its own country alone while it is not public."""
    audience = "public" if organisation.is_public else f"country:{organisation.country.iso2}"
    body = " ".join(_words(organisation))
    for language in SPOKEN:
        yield Document(
            kind="organisation",
            key=str(organisation.uid),
            audience=audience,
            language=language,
            title=in_language(organisation.titles, language),
            summary=in_language(organisation.descriptions, language),
            body=body,
            url=f"/incubators/{organisation.slug}/",
            country=organisation.country.iso2,
        )


def every_document() -> Iterator[Document]:
    """All of them, for a new index."""
    for organisation in with_words(Organisation.objects.not_merged()).iterator(chunk_size=500):
        yield from documents_of(organisation)


def with_words(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """With what `documents_of` reads, in few queries."""
    return organisations.select_related("country", "city").prefetch_related("names", "sectors")


def _words(organisation: Organisation) -> Iterator[str]:
    yield from (name.text for name in organisation.names.all())
    yield from organisation.titles.values()
    yield from organisation.descriptions.values()
    yield from words_of_country(organisation.country)
    yield from (organisation.city.names.values() if organisation.city else ())
    if organisation.city:
        yield from everyday_words()["cities"].get(f"{organisation.country.iso2}-{organisation.city.slug}", ())
    for sector in organisation.sectors.all():
        yield from (sector.code, *sector.labels.values(), *everyday_words()["sectors"].get(sector.code, ()))
    for language in SPOKEN:
        with translation.override(language):
            yield organisation.get_kind_display()


def words_of_country(country: Country) -> Iterator[str]:
    """Its names in all languages, and what else people type for it."""
    yield from country.names.values()
    yield from everyday_words()["countries"].get(country.iso2, ())


@cache
def everyday_words() -> dict[str, dict[str, list[str]]]:
    """Words by the code of a sector, by country, and by country and slug of a city."""
    return yaml.safe_load(EVERYDAY_WORDS.read_text(encoding="utf-8"))
