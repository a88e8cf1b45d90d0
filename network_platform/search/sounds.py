"""How a word may sound, so that its spellings in several scripts meet: Кучкоров, Qo'chqorov and Kuchkorov.

Words come normalised by `text.words`. A sound is one letter: `w` is sh, `c` is ch, `j` is zh and dzh, `h` is kh.
"""

import re

from anyascii import anyascii

ARABIC = re.compile(r"[\u0600-\u06ff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
ENOUGH_CONSONANTS = 4

_TURKIC = str.maketrans({"ş": "sh", "ç": "ch", "ž": "zh", "ý": "y", "ə": "a", "ä": "a", "ҷ": "j", "җ": "j"})
_ARABIC_LETTERS = str.maketrans("ثصذضظطح", "سسزززته")
_ARABIC_VOWELS = re.compile("(?<!^)(?:[اویع]|ه$)")
_NOT_ASCII_WORD = re.compile("[^a-z0-9]+")
_VOWELS = re.compile("[aeiouy]+")
_DOUBLED = re.compile(r"(.)\1+")
_DIGRAPHS = [
    (re.compile(letters), sound)
    for letters, sound in [
        ("tsch", "C"),
        ("shch|sch|sh", "W"),
        ("dzh|dj|zh", "J"),
        ("kh", "h"),
        ("gh", "g"),
        ("ff$|w", "v"),
        ("ph", "f"),
        ("th", "t"),
        ("t[sz]", "s"),
        ("ck|q", "k"),
    ]
]
# Chorsu and technology, Xiva and next, Jizzax and Andrej, centre and Ceyhun, capital and Cavid.
_AMBIGUOUS = [
    (re.compile(letters), sounds)
    for letters, sounds in [
        ("ch", ("C", "h")),
        ("x", ("h", "ks")),
        ("j", ("J", "y")),
        ("c(?=[eiy])", ("s", "J")),
        ("c", ("k", "J")),
    ]
]


def in_latin(word: str) -> set[str]:
    """The word in plain a-z and 0-9, Turkic letters both bare and as digraphs; by numbers if nobody spells it so."""
    spelled = {_ascii(word), _ascii(word.translate(_TURKIC))} - {""}
    return spelled or {word.encode(errors="replace").hex()} if word else set()


def skeletons(word: str) -> set[str]:
    """The word's sounds, without vowels if enough consonants are left to tell it from others."""
    return {form for form in map(_skeleton, _sounds(word)) if len(form) > 2}


def bare_consonants(word: str) -> set[str]:
    """What Arabic script writes of a word; too little to compare within one script."""
    return {form for form in map(_consonants, _sounds(word)) if len(form) > 2}


def _ascii(word: str) -> str:
    return _NOT_ASCII_WORD.sub("", anyascii(word).lower())


def _skeleton(sound: str) -> str:
    consonants = _consonants(sound)
    if len(consonants) + (len(sound) > 5) >= ENOUGH_CONSONANTS:
        return consonants
    return _DOUBLED.sub(r"\1", sound.replace("y", "i"))


def _consonants(sound: str) -> str:
    """Without vowels, except that a first one stays, as `a` whichever it is.

    Doubled letters become one, but not two that a vowel parts: association is not Astana.
    """
    first = "a" if _VOWELS.match(sound) else ""
    return first + _VOWELS.sub("", _DOUBLED.sub(r"\1", sound))


def _sounds(word: str) -> set[str]:
    if ARABIC.search(word):
        first = "a" if word[0] in "اع" else ""
        return _readings(first + _ascii(_ARABIC_VOWELS.sub("", word.translate(_ARABIC_LETTERS))), most=1)
    if CYRILLIC.search(word):
        return _readings(_ascii(word), most=1)
    form = _ascii(word.translate(_TURKIC))
    plural = {form.removesuffix("s")} if len(form) > 4 and word.isascii() else set()
    return {sound for each in {form, *plural} for sound in _readings(each)}


def _readings(form: str, *, most: int = 2) -> set[str]:
    """The ways to read a word in plain Latin, with at most so many for each ambiguous letter."""
    for letters, sound in _DIGRAPHS:
        form = letters.sub(sound, form)
    readings = {form}
    for letters, sounds in _AMBIGUOUS:
        readings = {letters.sub(sound, each) for each in readings for sound in sounds[:most]}
    return {each.lower() for each in readings} - {""}
