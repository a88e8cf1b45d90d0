"""What of an expert may be found, by whom, in which words."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from incubators.models import Sector
from incubators.services.reindexing import words_of_country
from mentors.enums import OWN_AFFAIR, SpokenLanguage, Visibility
from mentors.models import Expert, ExpertRole
from mentors.models.reference import Expertise
from network_platform.languages import in_language
from network_platform.page_cache import touch
from network_platform.people.audience import PUBLIC, SIGNED_IN
from network_platform.search.models import SearchDocument
from network_platform.search.services import Document, drop, put_many

KIND = "expert"
TOPIC = "mentors"
EVERYDAY_WORDS = Path(__file__).resolve().parent.parent / "fixtures" / "everyday_words.yaml"


def refresh(expert: Expert) -> None:
    """Index the expert anew: old documents go first, so that nothing outlives a narrower visibility."""
    drop(KIND, str(expert.uid))
    put_many(documents_of(expert))
    touch(TOPIC)


def keys_shown() -> set[str]:
    """Uids of the experts whom the search shows to more than their focal point."""
    shown = SearchDocument.objects.filter(kind=KIND, audience__in=(PUBLIC, SIGNED_IN))
    return set(shown.values_list("key", flat=True))


def documents_of(expert: Expert) -> Iterator[Document]:
    """Public roles for all, network roles for the signed-in, the rest for the country's focal point."""
    roles = list(expert.roles.prefetch_related("skills", "sectors"))
    found = [role for role in roles if role.is_findable]
    public = [role for role in found if role.visibility == Visibility.PUBLIC]
    if public:
        yield from _described(expert, public, audience=PUBLIC)
    elif found:
        yield from _described(expert, found, audience=SIGNED_IN)
    others = [role for role in roles if role not in found and role.state not in OWN_AFFAIR]
    if others:
        yield from _described(expert, others, audience=expert.scope)


def _described(expert: Expert, roles: list[ExpertRole], *, audience: str) -> Iterator[Document]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield Document(
                kind=KIND,
                key=str(expert.uid),
                title=expert.name_latin if language == "en" and expert.name_latin else expert.name,
                url=_path(expert, audience),
                summary=in_language(expert.headline)[:400],
                body="\n".join(_words(expert, roles)),
                language=language,
                country=expert.country.iso2,
                audience=audience,
            )


def _words(expert: Expert, roles: list[ExpertRole]) -> Iterator[str]:
    """In every language of the platform, and what the person wrote in any.

    A reader types "на таджикском" or "Tajik" whichever language the page is in.
    """
    yield from (expert.name, expert.name_latin, *expert.headline.values(), *expert.bio.values())
    skills = {skill.code: skill for role in roles for skill in role.skills.all()}
    sectors = {sector.code: sector for role in roles for sector in role.sectors.all()}
    things: list[Expertise | Sector] = [*skills.values(), *sectors.values()]
    for thing in things:
        yield from thing.labels.values()
    for code in skills:
        yield from everyday_words().get(code, ())
    yield from words_of_country(expert.country)
    spoken = [SpokenLanguage(each.language) for each in expert.languages.all()]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from (str(each.label) for each in spoken)
            yield from (str(role.get_role_display()) for role in roles)
            yield expert.zone_here


@cache
def everyday_words() -> dict[str, list[str]]:
    """By the code of an area of expertise."""
    return yaml.safe_load(EVERYDAY_WORDS.read_text(encoding="utf-8"))


def _path(expert: Expert, audience: str) -> str:
    """Without the language prefix. Focal points are led to their queue."""
    name, key = ("mentors:detail", expert.slug) if audience in (PUBLIC, SIGNED_IN) else ("mentors:review", expert.uid)
    return "/" + reverse(name, args=[key]).split("/", 2)[2]
