"""Texts in two languages, as the product's own files hold them, into pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cms.services.tree import Stream, block_id
from network_platform.languages import WORKING_LANGUAGES

FIXTURES = Path(__file__).parents[1] / "fixtures"


def read_file(name: str) -> Any:
    return yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8"))


def texts(entry: dict[str, Any], *names: str, language: str) -> dict[str, str]:
    """The named fields of an entry in one language."""
    return {name: in_language(entry[name], language) for name in names if name in entry}


def in_language(value: Any, language: str) -> Any:
    """`{"en": …, "ru": …}` anywhere inside becomes the one text."""
    if isinstance(value, dict):
        if set(value) <= set(WORKING_LANGUAGES):
            return value.get(language, value.get("en"))
        return {key: in_language(inner, language) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_language(inner, language) for inner in value]
    return value


def stream(entries: list[dict[str, Any]], *, name: str, language: str) -> Stream:
    """A body. A block has the same id in every language and on every machine."""
    return list(_blocks(entries, name, language))


def _blocks(entries: list[dict[str, Any]], name: str, language: str) -> Iterator[dict[str, Any]]:
    for place, entry in enumerate(entries):
        kind, value = next(iter(entry.items()))
        identity = block_id(name, str(place))
        yield {"type": kind, "value": _value(kind, in_language(value, language), identity), "id": identity}


def _value(kind: str, value: Any, identity: str) -> Any:
    if kind in {"text", "footnote"}:
        return paragraph(value)
    if kind == "callout":
        return {**value, "text": paragraph(value["text"])}
    if kind == "checklist":
        items = [
            {"type": "item", "value": item, "id": block_id(identity, str(place))}
            for place, item in enumerate(value["items"])
        ]
        return {**value, "items": items}
    return value


def paragraph(text: str) -> str:
    return text if text.startswith("<p") or text.startswith(("<ul", "<ol")) else f"<p>{text.strip()}</p>"
