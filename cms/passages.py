"""A body as plain passages with their anchors: for the search, for the search inside, for counting words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from cms.blocks import rows_of
from cms.prose import anchor_of, clean, plain, split
from cms.words import excerpt, mark, matches

NO_WORDS = {"id", "type", "kind", "image"}


@dataclass(frozen=True)
class Hit:
    """A passage that was searched for and found; `leaf` is the chapter or section it stands in."""

    leaf: Any
    anchor: str
    text: SafeString


def passages(body: StreamValue) -> Iterator[tuple[str, str]]:
    """(anchor, plain text) of everything that can be read in the body, in order; no queries."""
    for block in body.raw_data:
        if block["type"] == "text":
            for place, (_tag, inner) in enumerate(split(clean(block["value"] or ""))):
                yield anchor_of(block["id"], place), plain(inner)
        elif block["type"] in {"table", "chart"}:
            yield from ((anchor_of(block["id"]), line) for line in lines_of(block["value"]))
        else:
            yield anchor_of(block["id"]), plain(" ".join(strings(block["value"])))


def lines_of(value: dict[str, Any]) -> Iterator[str]:
    """A table or a chart: its caption, then each row with its cells side by side."""
    rows = rows_of(value.get("rows") or value.get("numbers") or "")
    yield from filter(None, [plain(value.get("caption") or ""), *(" · ".join(filter(None, row)) for row in rows)])


def strings(value: Any) -> Iterator[str]:
    """Every text inside a stored block value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in NO_WORDS:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def search(body: StreamValue, wanted: str, *, by_sound: bool = True) -> list[tuple[str, SafeString]]:
    """Passages that hold every word in any of its forms: their anchors and what stands round the words."""
    found = [(anchor, text) for anchor, text in passages(body) if matches(text, wanted, by_sound=by_sound)]
    return [
        (anchor, mark(escape(excerpt(text, wanted, by_sound=by_sound)), wanted, by_sound=by_sound))
        for anchor, text in found
    ]


def only_by_sound(bodies: Iterable[StreamValue], wanted: str) -> bool:
    """Whether no passage holds the words themselves, so that those that sound alike count."""
    return not any(matches(text, wanted, by_sound=False) for body in bodies for _anchor, text in passages(body))


def count_words(body: StreamValue) -> int:
    return sum(len(text.split()) for _anchor, text in passages(body))
