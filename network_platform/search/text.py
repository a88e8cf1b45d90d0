"""From what people write to tokens that a database can compare.

A token is an ASCII word with a letter in front: `w` for the word itself and its stem, `k` for its skeleton, `c` for
bare consonants (`a` if the word is in Arabic script). Both databases see these tokens only, so both find the same.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import snowballstemmer

from network_platform.search.sounds import ARABIC, CYRILLIC, ENOUGH_CONSONANTS, bare_consonants, in_latin, skeletons

LONGEST_WORD = 40
# Searched for only when nothing else is.
FILLERS = frozenset(
    """
    a an and at by for from in of on or the to в во для и из или к на о об от по с со у
    """.split()  # noqa: SIM905
)
# Russian stem to English stem, for words of this field that are one word but do not sound alike.
LOANS = {
    "хаб": "hub",
    "фонд": "fund",
    "венчур": "ventur",
    "венчурн": "ventur",
    "инновац": "innov",
    "инновацион": "innov",
    "циркулярн": "circular",
}

_ONE_FORM = str.maketrans(
    dict.fromkeys("ʻʼ‘’`´ʹ′＇ˈ", "'")
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u0640\u0670\u0307", "")
    | {chr(mark): "" for mark in range(0x64B, 0x660)}
    | {"ё": "е", "ı": "i", "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ؤ": "و", "ء": ""}
    | dict.fromkeys("أإآٱ", "ا")
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_of_thread = threading.local()


def words(text: str) -> list[str]:
    """The words of a text: lower-case, one form of every letter and apostrophe, nothing invisible."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_ONE_FORM)
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def asked_words(text: str, *, most: int = 10) -> list[str]:
    """The words of a question that are worth looking for."""
    found = list(dict.fromkeys(words(text[:400])))
    return ([word for word in found if word not in FILLERS] or found)[:most]


def stored(text: str) -> str:
    """All tokens of a text, each once, for the database."""
    return " ".join(sorted({token for word in set(words(text)) for token in stored_tokens(word)}))


@lru_cache(maxsize=50_000)
def stored_tokens(word: str) -> frozenset[str]:
    own = "a" if ARABIC.search(word) else "c"
    return _marked(w=_spellings(word), k=_heard(word, skeletons), **{own: _heard(word, bare_consonants)})


@lru_cache(maxsize=10_000)
def asked_tokens(word: str) -> frozenset[str]:
    """Any of these in a text is a match. Bare consonants meet only across the two scripts."""
    other = "c" if ARABIC.search(word) else "a"
    return _marked(w=_spellings(word), k=_heard(word, skeletons), **{other: _heard(word, bare_consonants)})


def answers(text: str, asked: list[str]) -> bool:
    """Whether every word that was asked for is in this text; the last may be a beginning. Nothing asked: no."""
    if not asked:
        return False
    there = frozenset().union(*(stored_tokens(word) for word in words(text)))
    *complete, last = asked
    begun = tuple(asked_beginnings(last))
    ends = asked_tokens(last) & there or any(token.startswith(begun) for token in there)
    return bool(ends) and all(asked_tokens(word) & there for word in complete)


@lru_cache(maxsize=50_000)
def meets(asked: str, word: str, *, by_sound: bool = True) -> bool:
    """Whether a word of a text is the one asked for. Not `by_sound`: of the same script it must be spelled so."""
    common = asked_tokens(asked) & stored_tokens(word)
    return bool(common) and (by_sound or _script(asked) != _script(word) or any(token[0] == "w" for token in common))


@lru_cache(maxsize=10_000)
def asked_beginnings(word: str) -> frozenset[str]:
    """A token in a text that begins with any of these matches a word still being typed."""
    spelled = {form for form in in_latin(_bare(word)) if len(form) > 2}
    return _marked(w=spelled, k={form for form in _heard(word, skeletons) if len(form) >= ENOUGH_CONSONANTS})


def _script(word: str) -> tuple[bool, bool]:
    return bool(CYRILLIC.search(word)), bool(ARABIC.search(word))


def _marked(**forms: Iterable[str]) -> frozenset[str]:
    return frozenset(mark + form for mark, each in forms.items() for form in each)


def _spellings(word: str) -> set[str]:
    stem = _stem(_bare(word))
    return in_latin(word) | in_latin(stem) | in_latin(LOANS.get(stem, ""))


def _heard(word: str, sounds: Callable[[str], set[str]]) -> set[str]:
    """The sounds of the word; of a Russian one also without its ending, as Latin spelling mostly lacks it."""
    bare = _bare(word)
    return sounds(bare) | (sounds(_stem(bare)) if CYRILLIC.search(bare) else set())


def _bare(word: str) -> str:
    return word.removesuffix("'s").replace("'", "")


def _stem(word: str) -> str:
    """The Russian stem of a word in Cyrillic, the English one of any other."""
    if not hasattr(_of_thread, "russian"):
        _of_thread.russian = snowballstemmer.stemmer("russian")
        _of_thread.english = snowballstemmer.stemmer("english")
    return (_of_thread.russian if CYRILLIC.search(word) else _of_thread.english).stemWord(word)
