"""What changed between two texts, word by word, and between two states of an entry, field by field."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, cast

from django import forms

_PIECE = re.compile(r"\s+|[\w’'ʻ-]+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `mark` is "" (the same in both), "del" or "ins"."""

    mark: str
    text: str


@dataclass(frozen=True)
class FieldDifference:
    name: str
    label: str
    before: list[Piece]
    after: list[Piece]


def word_difference(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The old text with what goes, the new text with what comes."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("" if what == "equal" else "del", "".join(old[a:b])))
        if c < d:
            right.append(Piece("" if what == "equal" else "ins", "".join(new[c:d])))
    return left, right


def field_differences(before: dict[str, Any], after: forms.BaseForm) -> list[FieldDifference]:
    """The fields of a bound form whose words differ from those of other values, in the form's order."""
    found = []
    for name, field in after.fields.items():
        old, new = in_words(field, before.get(name)), in_words(field, after[name].data)
        if old != new:
            found.append(FieldDifference(name, str(field.label), *word_difference(old, new)))
    return found


def in_words(field: forms.Field, value: Any) -> str:
    """The value of a field as people read it."""
    if value in (None, "", []):
        return ""
    if not isinstance(field, forms.ChoiceField):
        return "\n".join(str(value).splitlines())
    labels = {str(code): str(label) for code, label in cast(Any, field.choices)}
    codes: list[Any] = value if isinstance(value, list) else [value]
    return "; ".join(labels.get(str(code), str(code)) for code in codes)
