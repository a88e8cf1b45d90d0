"""What can be said of a name by looking at it: its script, its skeleton, its slug."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from django.utils.text import slugify

from incubators.enums import Script

LONGEST_NAME = 200

_SCRIPT_WORDS = {"LATIN": Script.LATIN, "CYRILLIC": Script.CYRILLIC, "ARABIC": Script.ARABIC}

# Spellings of one sound, so that Қазтех, Qaztech and Kaztekh meet. Longest first.
_SOUNDS = [
    ("tech", "teh"),
    ("shch", "sh"),
    ("tch", "ch"),
    ("kh", "h"),
    ("gh", "g"),
    ("zh", "j"),
    ("dj", "j"),
    ("ts", "c"),
    ("tz", "c"),
    ("ks", "x"),
    ("ph", "f"),
    ("ya", "a"),
    ("yu", "u"),
    ("yo", "e"),
    ("ye", "e"),
    ("ia", "a"),
    ("iu", "u"),
    ("ch", "c"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
]
_READ_IN_CYRILLIC = {"ru", "kk", "ky", "tg"}
_NO_LETTER = re.compile(r"[\W_]+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_TWICE = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=50_000)
def script_of(text: str) -> str:
    """The script of most letters, or '' if there are none that we know."""
    counts: dict[str, int] = {}
    for letter in filter(str.isalpha, text):
        if script := _script_of_letter(letter):
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else ""


@lru_cache(maxsize=2_000)
def _script_of_letter(letter: str) -> str:
    return _SCRIPT_WORDS.get(unicodedata.name(letter, "").split(" ")[0], "")


@lru_cache(maxsize=50_000)
def skeleton(text: str) -> str:
    """The name in ASCII, by sound rather than by spelling; words separated by one space."""
    plain = anyascii(unicodedata.normalize("NFKC", text)).lower().replace("'", "").replace("`", "")
    for spelling, sound in _SOUNDS:
        plain = plain.replace(spelling, sound)
    words = _TWICE.sub(r"\1", _NOT_WORD.sub(" ", plain))
    return words.strip()


def sort_key(text: str) -> str:
    """Names of all scripts in one alphabet."""
    return _NOT_WORD.sub(" ", anyascii(text).lower()).strip()[:200]


def reading_key(text: str, language: str) -> tuple[bool, str]:
    """The order in which readers of a language look for a name.

    Where Cyrillic is read, its names come first and by its own letters, as in a Russian telephone book; all others, and
    all names for readers of Latin, in one alphabet.
    """
    first = next(filter(str.isalpha, text), "")
    if language in _READ_IN_CYRILLIC and script_of(first) == Script.CYRILLIC:
        return False, _NO_LETTER.sub(" ", text.casefold().replace("ё", "е")).strip()
    return True, sort_key(text)


def slug_of(text: str) -> str:
    """An ASCII slug of at most 80 characters; 'organisation' if nothing is left."""
    return slugify(anyascii(text))[:80].strip("-") or "organisation"


_NATIONAL = {"AZ": "az", "KZ": "kk", "KG": "ky", "TJ": "tg", "TM": "tk", "UZ": "uz"}
_LETTERS = {
    "kk": re.compile("[әғқңұүһі]", re.IGNORECASE),
    "ky": re.compile("[ңөү]", re.IGNORECASE),
    "tg": re.compile("[ғӣқӯҳҷ]", re.IGNORECASE),
    "uz": re.compile("[ўқғҳ]", re.IGNORECASE),
}
_QUOTED = re.compile('«[^»]*»|“[^”]*”|"[^"]*"')
_RUSSIAN = re.compile(r"(ый|ая|ое|ого|ой|ий|ие|ых|ости|ция|ние|ции)\b", re.IGNORECASE)


def language_of(text: str, iso2: str) -> str:
    """The language of a local name if its letters or endings tell, else ''."""
    script, national = script_of(text), _NATIONAL.get(iso2, "")
    if script == Script.LATIN:
        return national if national in ("az", "tk", "uz") else ""
    if script != Script.CYRILLIC:
        return ""
    around = _QUOTED.sub(" ", text)  # a Russian name may quote a title in the national language
    if national in _LETTERS and _LETTERS[national].search(around if _RUSSIAN.search(around) else text):
        return national
    return "ru" if _RUSSIAN.search(text) else ""
