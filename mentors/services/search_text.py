"""What of an expert may be found, by whom, in which words."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mentors.enums import RoleState, Visibility
from mentors.models import Expert, Expertise, ExpertRole
from network_platform.languages import in_language
from network_platform.page_cache import touch
from network_platform.people.audience import PUBLIC, SIGNED_IN
from network_platform.search.models import SearchDocument
from network_platform.search.services import Document, drop, put_many

KIND = "expert"
TOPIC = "mentors"


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
    others = [role for role in roles if role not in found and role.state not in (RoleState.DRAFT, RoleState.WITHDRAWN)]
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
    """In the active language; skills, sectors and what the person wrote in any."""
    yield from (expert.name, expert.name_latin, in_language(expert.country.names))
    yield from {str(role.get_role_display()) for role in roles}
    yield from _labels(skill for role in roles for skill in role.skills.all())
    yield from _labels(sector for role in roles for sector in role.sectors.all())
    yield from (*expert.headline.values(), *expert.bio.values())


def _labels(things: Iterable[Expertise]) -> Iterator[str]:
    yield from {label for thing in things for label in thing.labels.values()}


def _path(expert: Expert, audience: str) -> str:
    """Without the language prefix. Focal points are led to their queue."""
    name, key = ("mentors:detail", expert.slug) if audience in (PUBLIC, SIGNED_IN) else ("mentors:review", expert.uid)
    return "/" + reverse(name, args=[key]).split("/", 2)[2]
