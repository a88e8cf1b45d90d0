"""What changes for readers when the registry changes: the list's cache key and the search text."""

import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from django.utils import translation

from incubators.enums import CallStatus, OrganisationStatus
from incubators.models import Country, OpenCall, Organisation, Programme, RegistryState, Startup
from incubators.models.organisations import OrganisationQuerySet
from network_platform.languages import WORKING_LANGUAGES, in_language
from network_platform.page_cache import touch
from network_platform.search.services import Document, drop, put_many

SPOKEN = WORKING_LANGUAGES
EVERYDAY_WORDS = Path(__file__).resolve().parent.parent / "fixtures" / "everyday_words.yaml"


def touch_registry() -> None:
    """Say that what readers see is another now: the list's index and the kept pages. Call it in the transaction."""
    state = RegistryState(pk=1, token=uuid.uuid4())
    RegistryState.objects.bulk_create([state], update_conflicts=True, unique_fields=["pk"], update_fields=["token"])
    touch("registry")


def reindex_organisation(organisation: Organisation) -> None:
    """Bring the search text and the list in step with the saved organisation, and with it what it offers."""
    drop("organisation", str(organisation.uid))
    put_many(documents_of(organisation))
    for programme in organisation.programmes.prefetch_related("calls", "sectors"):
        programme.organisation = organisation
        reindex_programme(programme)
    touch_registry()


def reindex_programme(programme: Programme) -> None:
    """Bring the search text in step with the saved programme and its calls."""
    drop("programme", str(programme.uid))
    for call in programme.calls.all():
        drop("call", str(call.uid))
    put_many(documents_of_programme(programme))


def reindex_startup(startup: Startup) -> None:
    """Bring the search text and the kept pages in step with the saved start-up, shown or not."""
    drop("startup", str(startup.uid))
    put_many(documents_of_startup(startup))
    touch("startups")


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


def documents_of_programme(programme: Programme) -> Iterator[Document]:
    """The programme while everybody may read it, and its calls until they are closed."""
    if not programme.is_public:
        return
    organisation = programme.organisation
    about = [*organisation.titles.values(), *words_of_country(organisation.country), *_sector_words(programme)]
    yield from _offer(programme, "programme", f"/programmes/{programme.uid}/", about, organisation.country.iso2)
    about += programme.titles.values()
    for call in programme.calls.all():
        if call.status == CallStatus.PUBLISHED and organisation.status != OrganisationStatus.CLOSED:
            yield from _offer(call, "call", f"/calls/{call.uid}/", about, organisation.country.iso2)


def _offer(thing: Programme | OpenCall, kind: str, url: str, about: list[str], iso2: str) -> Iterator[Document]:
    for language in SPOKEN:
        yield Document(
            kind=kind,
            key=str(thing.uid),
            language=language,
            title=in_language(thing.titles, language),
            summary=in_language(thing.descriptions, language),
            body=" ".join([*thing.titles.values(), *thing.descriptions.values(), *about]),
            url=url,
            country=iso2,
        )


def documents_of_startup(startup: Startup) -> Iterator[Document]:
    """What its public page says, while its founders show it."""
    if startup.shown_at is None:
        return
    for language in SPOKEN:
        yield Document(
            kind="startup",
            key=str(startup.uid),
            language=language,
            title=startup.name,
            summary=startup.summary,
            body=" ".join([*words_of_country(startup.country), *_sector_words(startup)]),
            url=f"/startups/{startup.uid}/",
            country=startup.country.iso2,
        )


def every_document() -> Iterator[Document]:
    """All of them, for a new index."""
    for organisation in with_words(Organisation.objects.not_merged()).iterator(chunk_size=500):
        yield from documents_of(organisation)
    programmes = Programme.objects.public().select_related("organisation__country")
    for programme in programmes.prefetch_related("calls", "sectors").iterator(chunk_size=500):
        yield from documents_of_programme(programme)
    startups = Startup.objects.public().select_related("country").prefetch_related("sectors")
    for startup in startups.iterator(chunk_size=500):
        yield from documents_of_startup(startup)


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
    yield from _sector_words(organisation)
    for language in SPOKEN:
        with translation.override(language):
            yield organisation.get_kind_display()


def _sector_words(thing: Organisation | Programme | Startup) -> Iterator[str]:
    for sector in thing.sectors.all():
        yield from (sector.code, *sector.labels.values(), *everyday_words()["sectors"].get(sector.code, ()))


def words_of_country(country: Country) -> Iterator[str]:
    """Its names in all languages, and what else people type for it."""
    yield from country.names.values()
    yield from everyday_words()["countries"].get(country.iso2, ())


@cache
def everyday_words() -> dict[str, dict[str, list[str]]]:
    """Words by the code of a sector, by country, and by country and slug of a city."""
    return yaml.safe_load(EVERYDAY_WORDS.read_text(encoding="utf-8"))
