"""How alike two organisations are: by the words of their names in any script, by site, mail domain and city.

A name is taken apart into words. Those of `fixtures/name_words.yaml` (what an organisation is, where it is, what it
deals with) are compared by meaning, so that translations meet; all others by sound. What only one of the names has
speaks against it, the more the more it tells.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

import yaml
from anyascii import anyascii
from rapidfuzz import fuzz

from incubators.names import script_of, skeleton

WORDS = Path(__file__).resolve().parent / "fixtures" / "name_words.yaml"
ENOUGH = 75  # of 100
SAME_SOUND, SAME_WHOLE = 80, 92  # of 100, of two words, of two names without spaces
SAME_LETTERS = 90  # what an abbreviation of the same letters is worth
OWN = "own"
WEIGHTS = {OWN: 3.0, "places": 2.0, "fields": 2.0, "kinds": 1.0, "qualities": 1.0, "countries": 0.25}
# What common words of one name weigh when all that tells is in both: each and at most; less if that is an own word.
LITTLE, LITTLE_BESIDE_OWN, AT_MOST = 0.7, 0.33, 1.0
# A place that one name has beside a shared word of its own, where the other names none: it is left out as often as not.
PLACE_BESIDE_OWN = 1.0
# An incubator here, a fund there: of one university they are two, under one name of their own perhaps one.
OTHER_KIND, OTHER_KIND_OF_OWN = 2.0, 0.3
TELLING = (OWN, "places", "fields")
WHOLES = {"university", "institute", "ministry", "academy"}
ACRONYM = range(2, 9)
ANYWHERE = 4  # letters of an abbreviation that may stand for the middle of a name, a shorter one only for its beginning
# What else counts: beside names that nearly do it, and alone where names say nothing of each other (other scripts).
NEARLY, STRANGE = 60, 30
NAME, ACRONYMS, SITE, MAIL, CITY = "name", "acronym", "website", "mail", "city"
BONUS = {SITE: 10, MAIL: 10, CITY: 3}
ALONE = {SITE: 50, MAIL: 45, CITY: 30}
OTHER_CITY = 10

_JOINER = "\u200c"  # parts a word in Arabic script without a space
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\([^)]*\)")
_VOWELS = re.compile(r"[aeiouv]|h$")
_SAME_BONES = str.maketrans("cxzg", "kksj")
_KH_LETTERS = re.compile("[əğışçʻ]", re.IGNORECASE)  # in whose alphabets x is kh
_BROKEN = [("start up", "startup"), ("texn", "tehn"), ("tekn", "tehn")]

Letters = tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """`meaning` is the code of a known word, else its sound; `bones` its consonants."""

    group: str
    meaning: str
    bones: str = ""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.group] * (0.5 if self.group == OWN and len(self.meaning) < 3 else 1)

    @property
    def tells(self) -> bool:
        """Says which organisation it is, not what it is."""
        return self.group in TELLING


@dataclass(frozen=True)
class Name:
    """A name taken apart."""

    text: str
    sound: str
    script: str
    words: frozenset[Word]
    joined: str
    initials: Letters
    acronyms: tuple[Letters, ...]

    @property
    def is_part(self) -> bool:
        """Of a university or the like, which may have several."""
        return any(word.meaning in WHOLES for word in self.words)

    @property
    def digits(self) -> set[str]:
        return {word.meaning for word in self.words if word.meaning.isdigit()}

    @property
    def places(self) -> set[str]:
        return {word.meaning for word in self.words if word.group == "places"}

    @property
    def kinds(self) -> set[str]:
        return {word.meaning for word in self.words if word.group == "kinds"} - WHOLES


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. `mails` are the domains of its editors' addresses."""

    names: tuple[Name, ...]
    host: str = ""
    mails: frozenset[str] = field(default_factory=frozenset)
    city: str = ""


def side(texts: Iterable[str], *, website_host: str = "", mails: Iterable[str] = (), city: str = "") -> Side:
    names = tuple(dict.fromkeys(name for text in texts for name in _readings(text)))
    telling = frozenset(mails) - _words()["mail_providers"].keys()
    return Side(names, website_host.lower(), telling, city.lower())


def likeness(one: Side, other: Side) -> tuple[int, list[str]]:
    """0 to 100, and the signs that speak for it."""
    best, sign = max((alike(a, b) for a in one.names for b in other.names), default=(0.0, NAME))
    signs = [sign] if best >= NEARLY else []
    there = {
        SITE: bool(one.host) and one.host == other.host,
        MAIL: bool(one.mails & other.mails),
        CITY: bool(one.city) and one.city == other.city,
    }
    if best >= NEARLY:
        best += sum(BONUS[each] for each, is_there in there.items() if is_there)
    elif best < STRANGE and not any(clash(a, b) for a in one.names for b in other.names):
        best = max(best, sum(ALONE[each] for each, is_there in there.items() if is_there))
    if one.city and other.city and not there[CITY]:
        best -= OTHER_CITY
    return max(0, min(100, round(best))), [*signs, *(each for each, is_there in there.items() if is_there)]


def block_keys(one: Side) -> Iterator[tuple[str, ...]]:
    """What two sides have in common if they are alike: a word by its bones, two common words, a site, a mail domain."""
    for name in one.names:
        yield from _keys_of(name)
    if one.host:
        yield SITE, one.host
    for domain in one.mails:
        yield MAIL, domain


@lru_cache(maxsize=50_000)
def _keys_of(name: Name) -> tuple[tuple[str, ...], ...]:
    own = [word for word in name.words if word.group == OWN]
    known = sorted(word.meaning for word in name.words if word.group not in (OWN, "countries"))
    telling = {word.meaning for word in name.words if word.tells}
    keys: list[tuple[str, ...]] = [(NAME, name.sound)]
    for word in own:
        keys += [("starts", word.meaning[:4]), ("bones", word.bones[:3]), ("ends", word.bones[-3:])]
    keys += [("joined", name.joined[:6]), ("joined end", name.joined[-6:])]
    keys += [(NAME, *pair) for pair in combinations(known, 2) if not own and (not telling or telling & set(pair))]
    keys += [(ACRONYMS, *letters) for letters in name.acronyms]
    keys += [(ACRONYMS, *run) for run in _runs(name.initials)]
    return tuple(keys)


def alike(one: Name, other: Name) -> tuple[float, str]:
    """How alike two names are, and whether an abbreviation says so."""
    if one.sound == other.sound:
        return 100.0, NAME
    if _abbreviates(one, other) or _abbreviates(other, one):
        return SAME_LETTERS, ACRONYMS
    return max(_by_words(one, other), _by_letters(one, other)), NAME


def clash(one: Name, other: Name) -> bool:
    """Both say what they are, and it is not the same."""
    return bool(one.kinds and other.kinds and not one.kinds & other.kinds)


def _by_letters(one: Name, other: Name) -> float:
    """For words that are written apart here and together there."""
    if min(len(one.joined), len(other.joined)) < 6 or clash(one, other):
        return 0.0
    if one.digits != other.digits or (one.places and other.places and one.places != other.places):
        return 0.0
    ratio = fuzz.ratio(one.joined, other.joined)
    return ratio if ratio >= SAME_WHOLE else 0.0


def _by_words(one: Name, other: Name) -> float:
    """The weight of what both have, beside that of what only one has."""
    pairs = _matched(one, other)
    rests = one.words - {a for a, _b in pairs}, other.words - {b for _a, b in pairs}
    told = {a.group for a, _b in pairs if a.tells}
    if len(pairs) < 2 and OWN not in told or (not told and any(map(_tells, rests))):
        return 0.0
    shared = sum((a.weight + b.weight) / 2 for a, b in pairs)
    left_out = OWN in told and not (one.places and other.places)
    place = PLACE_BESIDE_OWN if left_out else WEIGHTS["places"]
    against = [_against(rest, told, place=place) for rest in rests]
    apart = sum(against) + (min(against) if all(map(_tells, rests)) else 0)
    if clash(one, other):
        apart += OTHER_KIND_OF_OWN if OWN in told and not one.is_part and not other.is_part else OTHER_KIND
    return 100 * shared / (shared + apart)


def _tells(words: Iterable[Word]) -> bool:
    return any(word.tells for word in words)


def _against(rest: frozenset[Word], told: set[str], *, place: float) -> float:
    weight = sum(place if word.group == "places" else word.weight for word in rest)
    if not told or _tells(rest):
        return weight
    return min(AT_MOST, weight * (LITTLE_BESIDE_OWN if OWN in told else LITTLE))


def _matched(one: Name, other: Name) -> list[tuple[Word, Word]]:
    """Each word with the one that means or sounds the same, the surest first."""
    same = one.words & other.words
    found, rest = [(word, word) for word in same], other.words - same
    across = one.script != other.script
    for word in sorted((each for each in one.words - same if each.group == OWN), key=lambda each: each.meaning):
        sounds = [(_sounds(word, each, across=across), each.meaning, each) for each in rest if each.group == OWN]
        score, _meaning, near = max(sounds, key=lambda each: each[:2], default=(0.0, "", word))
        if score >= SAME_SOUND:
            found.append((word, near))
            rest -= {near}
    return found


def _sounds(one: Word, other: Word, *, across: bool) -> float:
    """How alike two words sound; `across` scripts vowels say little."""
    shorter, longer = sorted((one.meaning, other.meaning), key=len)
    if one.meaning.isdigit() or other.meaning.isdigit():
        return 0.0
    if one.bones == other.bones and (len(one.bones) > 2 or (across and len(one.bones) == 2)):
        return 95.0
    if len(shorter) >= 5 and longer.startswith(shorter):
        return 90.0
    bones = fuzz.ratio(one.bones, other.bones) if across and min(len(one.bones), len(other.bones)) > 4 else 0.0
    return max(bones, fuzz.ratio(shorter, longer) if len(shorter) > 3 else 0.0)


def _abbreviates(short: Name, long: Name) -> bool:
    """Whether an abbreviation in one name stands for words of the other, and nothing else sets the two apart."""
    if clash(short, long):
        return False
    for letters in short.acronyms:
        word = skeleton("".join(letters))
        rest = {each for each in short.words if each.group != "countries" and each.meaning != word}
        if letters in _runs(long.initials) and (len(letters) > 2 or rest) and rest <= long.words:
            return True
    return False


@lru_cache(maxsize=50_000)
def _runs(initials: Letters) -> frozenset[Letters]:
    """The first letters of words that stand together, as an abbreviation takes them."""
    return frozenset(
        initials[start : start + size]
        for size in ACRONYM
        for start in range(len(initials) - size + 1 if size >= ANYWHERE else min(1, len(initials) - size + 1))
    )


def _readings(text: str) -> Iterator[Name]:
    """The name, and the name without what stands in brackets."""
    yield name_of(text)
    if (outside := _ASIDE.sub(" ", text)) != text and outside.strip():
        yield name_of(outside)


@lru_cache(maxsize=50_000)
def name_of(text: str) -> Name:
    text = text.replace(_JOINER, " ")
    sound = skeleton(re.sub("[xX]", "h", text) if _KH_LETTERS.search(text) else text)
    plain = _whole(sound)
    words = frozenset(filter(None, (_word(each) for each in plain.split())))
    words = _technopark(words)
    if not any(word.weight >= 1 for word in words):
        words = frozenset(Word(OWN, each, _bones(each)) for each in sound.split())
    initials = _letters("".join(word[0] for word in _WORD.findall(text) if _known(skeleton(word))[0] != "silent"))
    kept = "".join(each for each in plain.split() if _known(each)[0] not in ("silent", "forms"))
    return Name(text, sound, script_of(text), words, kept, initials, tuple(_acronyms_in(text)))


def _acronyms_in(text: str) -> Iterator[Letters]:
    words = _WORD.findall(text)
    for word in words:
        short = word.isupper() or (len(words) == 1 and len(word) > 2)
        if len(word) in ACRONYM and word.isalpha() and short and not _known(skeleton(word))[0]:
            yield _letters(word)


def _letters(text: str) -> Letters:
    """One by one in ASCII, so that scripts meet: КГТУ is k, g, t, u."""
    return tuple(anyascii(letter).lower() for letter in text)


def _technopark(words: frozenset[Word]) -> frozenset[Word]:
    """A park of technologies is a technopark."""
    parts = {Word("qualities", "technology"), Word("kinds", "park")}
    return (words - parts) | {Word("kinds", "technopark")} if parts <= words else words


def _word(sound: str) -> Word | None:
    group, meaning = _known(sound)
    if group in ("silent", "forms"):
        return None
    return Word(group, meaning) if group else Word(OWN, sound, _bones(sound))


def _bones(sound: str) -> str:
    """The consonants, one of those that languages take for each other."""
    return _VOWELS.sub("", sound.replace("sh", "s")).translate(_SAME_BONES)


def _whole(sound: str) -> str:
    """What is written in several words here and in one there, in one."""
    for broken, whole in (*_BROKEN, *_words()["phrases"].items()):
        sound = sound.replace(broken, whole)
    return sound


@lru_cache(maxsize=50_000)
def _known(sound: str) -> tuple[str, str]:
    """The group and meaning of a known word, or empty ones."""
    words = _words()
    found = words["exact"].get(sound)
    starts = (sound[:length] for length in range(len(sound), 1, -1))
    return found or next((words["stems"][start] for start in starts if start in words["stems"]), ("", ""))


@cache
def _words() -> dict[str, dict]:
    """`exact` and `stems` by sound to (group, meaning), `phrases` to one word, `mail_providers`."""
    read = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    found: dict[str, dict] = {"exact": {}, "stems": {}, "phrases": {}}
    for group in ("silent", "forms"):
        read[group] = {group: read[group]}
    for group in ("silent", "forms", *(each for each in WEIGHTS if each != OWN)):
        for meaning, spellings in read[group].items():
            for spelling in spellings:
                _learn(found, spelling, (group, meaning))
                if group == "places" and spelling.endswith("*"):
                    _learn(found, f"{spelling[:-1]}ск*", (group, meaning))  # Бишкек and Бишкекский: ks is one sound
    return {**found, "mail_providers": dict.fromkeys(read["mail_providers"])}


def _learn(found: dict[str, dict], spelling: str, told: tuple[str, str]) -> None:
    sound = skeleton(spelling)
    for broken, whole in _BROKEN:
        sound = sound.replace(broken, whole)
    if " " in sound:
        found["phrases"][sound] = sound = sound.replace(" ", "")
    found["stems" if spelling.endswith("*") else "exact"].setdefault(sound, told)
