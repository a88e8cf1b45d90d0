"""Names inside quotation marks: the marks that a name brings along become the inner ones of the language."""

import re

from django.utils.translation import get_language

# Outer and inner marks; every other language takes those of English.
MARKS = {"ru": ("«»", "„“")}
ENGLISH = ("“”", "‘’")
_STRAIGHT = re.compile(r'"([^"]*)"')


def inside_quotes(name: str) -> str:
    """`Инкубатор «Арча»` as it stands between «…»: `Инкубатор „Арча“`. The name of anything, as its owners write it."""
    outer, inner = MARKS.get((get_language() or "en").partition("-")[0], ENGLISH)
    curled = _STRAIGHT.sub(rf"{inner[0]}\1{inner[1]}", name)
    if outer[0] not in curled:
        return curled
    return curled.translate(str.maketrans(outer, inner))


def inside_sentence(words: object) -> str:
    """A label as it stands inside a sentence: it begins small, unless it begins with an abbreviation."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
