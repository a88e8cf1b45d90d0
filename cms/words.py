"""Search inside one text: words in any of their forms and scripts, and marking them. The site's search, small.

Not `by_sound`, words of one script meet only by their spelling: "monitor" is no "mentor" then.
"""

import re

from django.utils.safestring import SafeString, mark_safe

from network_platform.search.text import asked_words, meets, words

WORD = re.compile(r"[^\W_]+(?:['’ʻʼ][^\W_]+)*")
TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&#?\w+;)")


def matches(text: str, wanted: str, *, by_sound: bool = True) -> bool:
    """Whether the text holds every wanted word."""
    asked, held = asked_words(wanted), set(words(text))
    return bool(asked) and all(any(meets(one, word, by_sound=by_sound) for word in held) for one in asked)


def mark(html: str, wanted: str, *, by_sound: bool = True) -> SafeString:
    """Put <mark> around the wanted words, outside of tags. The HTML must be clean already."""
    asked = asked_words(wanted)

    def around(match: re.Match[str]) -> str:
        return f"<mark>{match[0]}</mark>" if is_wanted(match[0], asked, by_sound) else match[0]

    parts = (part if TAG_OR_ENTITY.fullmatch(part) else WORD.sub(around, part) for part in TAG_OR_ENTITY.split(html))
    return mark_safe("".join(parts))  # noqa: S308 - only <mark> is added


def excerpt(text: str, wanted: str, length: int = 220, *, by_sound: bool = True) -> str:
    """The part of a text round the first of the wanted words; dots say what was cut."""
    if len(text) <= length:
        return text
    asked = asked_words(wanted)
    hits = (match.start() for match in WORD.finditer(text) if is_wanted(match[0], asked, by_sound))
    start = text.rfind(" ", 0, max(next(hits, 0) - length // 3, 0)) + 1
    end = text.rfind(" ", 0, start + length) if start + length < len(text) else len(text)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def is_wanted(piece: str, asked: list[str], by_sound: bool) -> bool:
    return any(meets(one, word, by_sound=by_sound) for word in words(piece) for one in asked)
