"""Search inside one text: words in any of their forms and scripts, and marking them. The site's search, small."""

import re

from django.utils.safestring import SafeString, mark_safe

from network_platform.search.text import asked_tokens, asked_words, stored_tokens, words

WORD = re.compile(r"[^\W_]+(?:['’ʻʼ][^\W_]+)*")
TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&#?\w+;)")


def matches(text: str, wanted: str) -> bool:
    """Whether the text holds every wanted word."""
    asked = asked_words(wanted)
    held = frozenset[str]().union(*(stored_tokens(word) for word in set(words(text)))) if asked else frozenset()
    return bool(asked) and all(asked_tokens(word) & held for word in asked)


def mark(html: str, wanted: str) -> SafeString:
    """Put <mark> around the wanted words, outside of tags. The HTML must be clean already."""
    tokens = frozenset[str]().union(*(asked_tokens(word) for word in asked_words(wanted)))

    def around(match: re.Match[str]) -> str:
        found = any(stored_tokens(word) & tokens for word in words(match[0]))
        return f"<mark>{match[0]}</mark>" if found else match[0]

    parts = (part if TAG_OR_ENTITY.fullmatch(part) else WORD.sub(around, part) for part in TAG_OR_ENTITY.split(html))
    return mark_safe("".join(parts))  # noqa: S308 - only <mark> is added


def excerpt(text: str, wanted: str, length: int = 220) -> str:
    """The part of a text round the first of the wanted words; dots say what was cut."""
    if len(text) <= length:
        return text
    tokens = frozenset[str]().union(*(asked_tokens(word) for word in asked_words(wanted)))
    hits = (match.start() for match in WORD.finditer(text) if any(stored_tokens(w) & tokens for w in words(match[0])))
    start = text.rfind(" ", 0, max(next(hits, 0) - length // 3, 0)) + 1
    end = text.rfind(" ", 0, start + length) if start + length < len(text) else len(text)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
