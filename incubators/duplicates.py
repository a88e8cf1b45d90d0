"""Which organisations may be the one that somebody is about to list: by the sound of their names, in any script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz, process

from incubators.enums import NameKind
from incubators.models import Country, Organisation, OrganisationName
from incubators.names import skeleton
from network_platform.people.models import User

ENOUGH = 82
MOST = 5
# What the same letters or the same own words are worth, beside a likeness of 100 for the same sound.
SAME_LETTERS, SAME_WORDS = 90, 86
ACRONYM = range(3, 9)
ANYWHERE = 4  # an acronym of so many letters may stand for the middle of a name, a shorter one for its beginning only

# Words that many names share: they say what an organisation is, not which.
_COMMON_TEXT = """
the of for and in center centre hub business innovation innovative incubator accelerator technopark park startup start
up technology technologies association agency university llc jsc fund network school public foundation
центр хаб бизнес инноваций инновационный инновационных инкубатор акселератор технопарк парк стартап технологий
ассоциация агентство университет оо оф ао тоо осоо ооо фонд сеть школа и по для при имени им общественный
"""
_COMMON = frozenset(map(skeleton, _COMMON_TEXT.split()))
# Words that give an acronym no letter.
_SILENT_TEXT = "the of for and in at to и по для при имени им в на с к"
_SILENT = frozenset(_SILENT_TEXT.split())
_WORD = re.compile(r"[^\W\d_]+")

Letters = tuple[str, ...]


@dataclass(frozen=True)
class Likeness:
    """A candidate with the name that came nearest; `score` is 0 to 100."""

    organisation: Organisation
    name: str
    score: float


@dataclass(frozen=True)
class Held:
    """A name of an organisation of the registry."""

    pk: int
    text: str
    kind: str
    sound: str


def likely_duplicates(name: str, *, country: Country, by: User) -> list[Likeness]:
    """The organisations of the country, among those that `by` may see, whose names sound or abbreviate the same."""
    names = OrganisationName.objects.filter(
        organisation__in=Organisation.objects.visible_to(by).filter(country=country)
    )
    held = [Held(*row) for row in names.values_list("organisation_id", "text", "kind", "skeleton")]
    best: dict[int, tuple[float, str]] = {}
    for one, score in _likenesses(name, held):
        best[one.pk] = max(best.get(one.pk, (0, "")), (score, one.text))
    order = sorted(best, key=lambda pk: best[pk], reverse=True)[:MOST]
    found = Organisation.objects.select_related("country", "city").in_bulk(order)
    return [Likeness(found[pk], best[pk][1], best[pk][0]) for pk in order]


def _likenesses(name: str, held: list[Held]) -> Iterator[tuple[Held, float]]:
    spoken = [one for one in held if one.kind != NameKind.ACRONYM]
    yield from _same_sound(skeleton(name), spoken)
    yield from _same_words(name, spoken)
    for acronym, rest in _acronyms_in(name):
        yield from ((one, SAME_LETTERS) for one in held if _stands_for(acronym, rest, one))
    initials = _initials(name)
    yield from (
        (one, SAME_LETTERS) for one in held if one.kind == NameKind.ACRONYM and _abbreviates(one.text, initials)
    )


def _same_sound(asked: str, held: list[Held]) -> Iterator[tuple[Held, float]]:
    """Names that are near enough. What is common to many names weighs little."""
    near = process.extract(
        asked, [one.sound for one in held], scorer=fuzz.token_set_ratio, score_cutoff=ENOUGH, limit=50
    )
    for sound, score, n in near:
        own = fuzz.token_sort_ratio(_own_words(asked), _own_words(sound))
        if sound == asked or own >= ENOUGH:
            yield held[n], (score + own) / 2


def _same_words(name: str, held: list[Held]) -> Iterator[tuple[Held, float]]:
    """Names of which the other has all the words that say which organisation it is, two of them at least."""
    asked = _telling(skeleton(name))
    for one in held:
        theirs = _telling(one.sound)
        fewer, more = sorted((asked, theirs), key=len)
        if len(fewer) > 1 and fewer <= more:
            yield one, SAME_WORDS


def _acronyms_in(name: str) -> Iterator[tuple[Letters, frozenset[str]]]:
    """Each abbreviation in the name, letter by letter, with the other words that say which organisation it is."""
    words = _WORD.findall(name)
    for word in words:
        if len(word) in ACRONYM and (word.isupper() or len(words) == 1) and skeleton(word) not in _COMMON:
            rest = " ".join(other for other in words if other != word)
            yield _letters(word), _telling(skeleton(rest))


def _stands_for(acronym: Letters, rest: frozenset[str], one: Held) -> bool:
    """Whether the abbreviation, and the words beside it, are in this name."""
    if one.kind == NameKind.ACRONYM:
        return not rest and acronym == _letters(one.text)
    return _runs_in(acronym, _initials(one.text)) and rest <= set(one.sound.split())


def _abbreviates(text: str, initials: Letters) -> bool:
    return len(text) in ACRONYM and _runs_in(_letters(text), initials)


def _runs_in(acronym: Letters, initials: Letters) -> bool:
    starts = range(len(initials) - len(acronym) + 1 if len(acronym) >= ANYWHERE else 1)
    return any(initials[start : start + len(acronym)] == acronym for start in starts)


@lru_cache(maxsize=50_000)
def _initials(text: str) -> Letters:
    return _letters("".join(word[0] for word in _WORD.findall(text) if word.lower() not in _SILENT))


def _letters(text: str) -> Letters:
    """One by one in ASCII, so that scripts meet: КГТУ is k, g, t, u."""
    return tuple(anyascii(letter).lower() for letter in text)


def _telling(sound: str) -> frozenset[str]:
    return frozenset(word for word in sound.split() if word not in _COMMON)


def _own_words(sound: str) -> str:
    """The skeleton without common words, or all of it if nothing else is left."""
    words = sound.split()
    return " ".join(word for word in words if word not in _COMMON) or sound
