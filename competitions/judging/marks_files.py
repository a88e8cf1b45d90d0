"""Marks from a table, from JSON or from a results bundle."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from .aggregation import RankingModel
from .files import ID, BadFile, number_in_cell, parsed, read_json, read_rows, require
from .marks import LARGEST_MARK, Marks
from .ranking import MOST_DRAWS
from .schema import Schema, clipped, shown

COLUMNS = ("entry", "judge", "value")
SAMPLES = Schema({
    "title": 'a list, [{"id": …, "anchor": true or false}, …]',
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {"id": ID, "anchor": {"type": "boolean"}, "stage": {"type": "string"}},
    },
})  # fmt: skip
IDS = Schema({
    "title": 'a list, [{"id": …}, …]',
    "type": "array",
    "items": {"type": "object", "required": ["id"], "additionalProperties": False, "properties": {"id": ID}},
})  # fmt: skip
ASKED = Schema({
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "entries": {},
        "model": {"enum": [model.value for model in RankingModel]},
        "top_k": {"title": "a list of whole numbers, 1 or more", "type": "array",
                  "items": {"type": "integer", "minimum": 1}},
        "draws": {"type": "integer", "minimum": 1, "maximum": MOST_DRAWS},
        "seed": {"type": "integer", "minimum": 0},
    },
})  # fmt: skip


@dataclass(frozen=True)
class NamedMarks:
    """Marks and the names of entries and judges: of a results bundle in its order, so that the draws are its own too;
    else in the order of their names: entries that are named, also without a mark, and judges with one.

    anchors   names of sample entries, from `entries` of JSON or of a bundle
    asked     of a bundle only: the model, top_k, draws and seed of its ranking
    """

    marks: Marks
    entries: Sequence[str]
    judges: Sequence[str]
    anchors: Sequence[str] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)


def read_marks(path: Path) -> NamedMarks:
    """CSV with the columns entry, judge, value; or JSON: `{"marks": [...], "entries": [{"id":, "anchor":}]}`, a mark
    being `{"entry":, "judge":, "value":}`, the list of marks alone, or a results bundle. Raises BadFile.
    """
    if path.suffix.lower() == ".json":
        return _marks_of_json(path, read_json(path))
    rows, unread = [], []
    for line, row in read_rows(path, COLUMNS, COLUMNS):
        if not row["entry"] or not row["judge"]:
            raise BadFile(f"{path}, line {line}: entry or judge is empty. Name both.")
        if row["value"]:
            number = number_in_cell(path, line, "value", row["value"], LARGEST_MARK)
            rows.append((f"line {line}", row["entry"], row["judge"], number))
        else:
            unread.append(row["entry"])
    return _named_marks(path, rows, also=unread)


def _marks_of_json(path: Path, content: Any) -> NamedMarks:
    content = content if isinstance(content, Mapping) else {"marks": content}
    of_bundle = "marks" not in content
    part, key = ("sheets", "total") if of_bundle else ("marks", "value")
    if not isinstance(content.get(part), list):
        raise BadFile(f'{path}: there is no list “marks”. Write marks as [{{"entry": …, "judge": …, "value": …}}, …].')
    unknown = next((name for name in content if name not in ("marks", "entries")), None)
    if unknown is not None and not of_bundle:
        raise BadFile(
            f"{path}: “{clipped(unknown)}” means nothing here. Take it out, or call it one of marks, entries."
        )
    samples, judges = content.get("entries", []), content.get("judges", []) if of_bundle else []
    require(path, samples, SAMPLES, "entries")
    require(path, judges, IDS, "judges")
    rows = list(_json_rows(path, content[part], part, key))
    if not of_bundle and not content[part] and not samples:
        raise BadFile(f"{path}: marks is an empty list. Write an object for each mark.")
    anchors = [str(row["id"]) for row in samples if row.get("anchor")]
    marked = {entry for _, entry, _, _ in rows}
    if not of_bundle and (lost := next((name for name in anchors if name not in marked), None)):
        raise BadFile(f"{path}: entries: no mark is of the sample “{clipped(lost)}”. Name it as the marks do.")
    unread = [str(row["entry"]) for row in content[part] if not of_bundle and row[key] is None]
    ids = _ids(samples)
    named = _named_marks(path, rows, ids if of_bundle else (), _ids(judges), also=(*unread, *ids))
    asked = content.get("ranking", {}) if of_bundle else {}
    require(path, asked, ASKED, "ranking.")
    own = {name: value for name, value in asked.items() if name != "entries"}
    return replace(named, anchors=anchors, asked=own)


def _json_rows(path: Path, rows: Sequence[Any], part: str, key: str) -> Iterator[tuple[str, str, str, float]]:
    names = ("entry", "judge", key)
    known = names if part == "marks" else (*names, "scores")
    for number, row in enumerate(rows):
        place = f"{part}[{number}]"
        if not isinstance(row, Mapping) or not all(_is_name(row.get(name)) for name in ("entry", "judge")):
            raise BadFile(
                f"{path}, {place}: expected an object with entry, judge and {key}. Write entry and judge as texts."
            )
        unknown = next((name for name in row if name not in known), None)
        if unknown is not None:
            raise BadFile(
                f"{path}, {place}: “{clipped(unknown)}” means nothing here."
                f" Take it out, or call it one of {', '.join(known)}."
            )
        if key not in row:
            raise BadFile(f"{path}, {place}: there is no {key}. Write a number, or null for none.")
        if row[key] is not None:
            yield place, str(row["entry"]), str(row["judge"]), _json_number(path, place, key, row[key])


def _json_number(path: Path, place: str, key: str, value: Any) -> float:
    """A number, or one as a text, as bundles have it."""
    text = value if isinstance(value, str) else ""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else parsed(text)
    if number is None or not abs(number) <= LARGEST_MARK:
        within = "" if number is None or number != number else f" from -{LARGEST_MARK:g} to {LARGEST_MARK:g}"
        raise BadFile(f"{path}, {place}: {key} is {shown(value)}. Write a number{within}.")
    return float(number)


def _is_name(value: object) -> bool:
    return (isinstance(value, str) and bool(value)) or (isinstance(value, int) and not isinstance(value, bool))


def _ids(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(row["id"]) for row in rows]


def _named_marks(
    path: Path,
    rows: Sequence[tuple[str, str, str, float]],
    entries: Sequence[str] = (),
    judges: Sequence[str] = (),
    also: Iterable[str] = (),
) -> NamedMarks:
    """Entries and judges in the order given, then by name those of the rows, and `also` entries that have none."""
    entries = list(dict.fromkeys([*entries, *sorted({*also, *(entry for _, entry, _, _ in rows)})]))
    judges = list(dict.fromkeys([*judges, *sorted({judge for _, _, judge, _ in rows})]))
    first: dict[tuple[str, str], str] = {}
    for place, entry, judge, _ in rows:
        if (entry, judge) in first:
            raise BadFile(
                f"{path}, {place}: judge {judge} marks entry {entry} again (first in {first[entry, judge]})."
                " Keep one of the two."
            )
        first[entry, judge] = place
    entry_at, judge_at = ({name: index for index, name in enumerate(names)} for names in (entries, judges))
    marks = Marks(
        np.array([entry_at[entry] for _, entry, _, _ in rows], np.int64),
        np.array([judge_at[judge] for _, _, judge, _ in rows], np.int64),
        np.array([value for *_, value in rows], float),
        len(entries),
        len(judges),
    )
    return NamedMarks(marks, entries, judges)
