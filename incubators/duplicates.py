"""Which organisations may be the one that somebody is about to list: by the sound of their names, in any script."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from incubators.enums import NameKind
from incubators.models import Country, Organisation, OrganisationName
from incubators.names import skeleton
from network_platform.people.models import User

ENOUGH = 82
MOST = 5

# Words that many names share: they say what an organisation is, not which.
_COMMON_TEXT = """
the of for and in center centre hub business innovation innovative incubator accelerator technopark park startup start
up technology technologies association agency university llc jsc fund network school
центр хаб бизнес инноваций инновационный инновационных инкубатор акселератор технопарк парк стартап технологий
ассоциация агентство университет оо ао тоо осоо фонд сеть школа и по для при имени
"""
_COMMON = frozenset(map(skeleton, _COMMON_TEXT.split()))


@dataclass(frozen=True)
class Likeness:
    """A candidate with the name that came nearest; `score` is 0 to 100."""

    organisation: Organisation
    name: str
    score: float


def likely_duplicates(name: str, *, country: Country, by: User) -> list[Likeness]:
    """The organisations of the country, among those that `by` may see, whose names sound nearly the same."""
    names = OrganisationName.objects.filter(
        organisation__in=Organisation.objects.visible_to(by).filter(country=country)
    ).exclude(kind=NameKind.ACRONYM)
    rows = list(names.values_list("organisation_id", "text", "skeleton"))
    best: dict[int, tuple[float, str]] = {}
    for pk, text, score in _scored(skeleton(name), rows):
        best[pk] = max(best.get(pk, (0, "")), (score, text))
    order = sorted(best, key=lambda pk: best[pk], reverse=True)[:MOST]
    found = Organisation.objects.select_related("country", "city").in_bulk(order)
    return [Likeness(found[pk], best[pk][1], best[pk][0]) for pk in order]


def _scored(asked: str, rows: Iterable[tuple[int, str, str]]) -> Iterable[tuple[int, str, float]]:
    """(organisation, name, score) of those that are near enough. What is common to many names weighs little."""
    rows = list(rows)
    near = process.extract(
        asked, [sound for _pk, _text, sound in rows], scorer=fuzz.token_set_ratio, score_cutoff=ENOUGH, limit=50
    )
    for sound, score, n in near:
        own = fuzz.token_sort_ratio(_own_words(asked), _own_words(sound))
        if sound == asked or own >= ENOUGH:
            yield rows[n][0], rows[n][1], (score + own) / 2


def _own_words(sound: str) -> str:
    """The skeleton without common words, or all of it if nothing else is left."""
    words = sound.split()
    return " ".join(word for word in words if word not in _COMMON) or sound
