"""Results as lines of a page, with the words that matched marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from network_platform.languages import in_other_language
from network_platform.search.forms import Asked
from network_platform.search.kinds import country_name, kind_label, kind_of_one
from network_platform.search.models import SearchDocument
from network_platform.search.results import Results
from network_platform.search.text import asked_beginnings, asked_tokens, asked_words, stored_tokens, words

_PIECES = re.compile(r"([^\W_]+(?:['’ʻʼ‘`][^\W_]+)*)")


@dataclass(frozen=True)
class Line:
    """`only_in` names the language of a thing that does not exist in the reader's."""

    title: SafeString
    summary: SafeString
    url: str
    label: str | Promise
    country: str | Promise
    language: str
    only_in: str


@dataclass(frozen=True)
class Tab:
    """One kind of result: `chosen` is the one shown now; no kind means all."""

    label: str | Promise
    count: int
    url: str
    chosen: bool


def lines_of(results: Results, question: str) -> list[Line]:
    asked = asked_words(question)
    return [
        Line(
            marked(document.title, asked),
            marked(document.summary, asked),
            local_url(document),
            kind_of_one(document.kind),
            country_name(document.country),
            document.language,
            in_other_language(document.language),
        )
        for document in results.things
    ]


def marked(text: str, asked: list[str]) -> SafeString:
    """The text, escaped, with every word that answers the question in `<mark>`."""
    if not asked:
        return format_html("{}", text)
    tokens = frozenset().union(*(asked_tokens(word) for word in asked))
    beginnings = tuple(asked_beginnings(asked[-1]))
    parts = [(_mark(piece) if _answers(piece, tokens, beginnings) else piece,) for piece in _PIECES.split(text)]
    return format_html_join("", "{}", parts)


def local_url(document: SearchDocument) -> str:
    """In the reader's language: every address answers there, with words of another language if need be."""
    return f"/{get_language()}{document.url}"


def tabs_for(results: Results, asked: Asked) -> list[Tab]:
    """All, then each kind that has results."""
    everything = Tab(pgettext("results", "All"), sum(results.counts.values()), address(asked, kind=""), not asked.kind)
    kinds = [
        Tab(kind_label(kind), count, address(asked, kind=kind), asked.kind == kind)
        for kind, count in sorted(results.counts.items(), key=lambda each: (-each[1], each[0]))
    ]
    return [everything, *kinds] if kinds else []


def address(asked: Asked, **changes: Any) -> str:
    """The search page's address with something changed; any change but of the page begins at the first."""
    wanted = replace(asked, **({"page": 1} | changes))
    query = {"q": wanted.words, "kind": wanted.kind, "page": str(wanted.page) if wanted.page > 1 else ""}
    return "?" + urlencode({name: value for name, value in query.items() if value})


def _answers(piece: str, tokens: frozenset[str], beginnings: Iterable[str]) -> bool:
    own = [token for word in words(piece) for token in stored_tokens(word)]
    return any(token in tokens or token.startswith(tuple(beginnings)) for token in own)


def _mark(piece: str) -> SafeString:
    return format_html("<mark>{}</mark>", piece)
