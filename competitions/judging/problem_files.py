"""Assignment problems from a table of pairs or from JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .arrays import Booleans, Floats
from .files import ID, BadFile, number_in_cell, read_json, read_rows, require
from .problem import LARGEST_AFFINITY, MOST, AssignmentProblem, Labels, matrix
from .schema import Schema, clipped

COLUMNS = ("judge", "entry", "affinity", "forbidden", "own_country", "locked")
COUNT = {"type": "integer", "minimum": 0, "maximum": MOST}
TEXTS = {"title": "a list of texts", "type": "array", "items": {"type": "string"}}
PAIRS = {
    "title": "a list, [[judge, entry], …]",
    "type": "array",
    "items": {"title": "[judge, entry]", "type": "array", "items": ID, "minItems": 2, "maxItems": 2},
}


MATRIX = {
    "title": "a list for each judge with a number for each entry",
    "type": "array",
    "items": {"title": "a list with a number for each entry", "type": "array"},
}


def _listed(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Of judges or entries: a list of objects, each with an id."""
    known = {"id": ID, "country": {"type": "string"}, "pool": {"type": "string"}, "sectors": TEXTS, **properties}
    item = {"type": "object", "required": ["id"], "properties": known, "additionalProperties": False}
    return {"title": 'a list, [{"id": …}, …]', "type": "array", "items": item}


PROBLEM = Schema({
    "title": "an object with judges, entries and affinity",
    "type": "object",
    "required": ["judges", "entries", "affinity"],
    "additionalProperties": False,
    "properties": {
        "entries": _listed({"reads": COUNT, "language": {"type": "string"}}),
        "judges": _listed({"load_min": COUNT, "load_max": COUNT, "languages": TEXTS}),
        "affinity": MATRIX,
        "parts": {
            "title": "an object: name of a part, its numbers as affinity has them",
            "type": "object",
            "additionalProperties": MATRIX,
        },
        "reads": COUNT,
        "forbidden": PAIRS,
        "locked": PAIRS,
        "own_country_max": {"anyOf": [COUNT, {"type": "null"}]},
        "sector_seat": {"type": "boolean"},
        "outside_seat": {"type": "boolean"},
    },
})  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a CSV of pairs does not say: reads of an entry, loads of a judge, the own-country cap."""

    reads: int = 3
    load_min: int = 0
    load_max: int | None = None
    own_country_max: int | None = None


def read_problem(path: Path, asked: Asked) -> AssignmentProblem:
    """CSV with judge, entry, affinity and, where wanted, forbidden, own_country, locked (1 or 0); or the JSON of
    `docs/judging-files.md` of the project. A CSV's judges and entries are in the order of their sorted names, JSON's as
    they stand.

    In CSV a pair that has no line is forbidden. What is asked for and cannot be kept, because the file does not say
    what it needs, is refused and never left out; so are columns and keys that mean nothing here. Raises BadFile.
    """
    if path.suffix.lower() == ".json":
        return _problem_of_json(path, read_json(path))
    return _problem_of_csv(path, asked)


def _problem_of_csv(path: Path, asked: Asked) -> AssignmentProblem:
    pairs = _pairs_of_csv(path, asked)
    judges, entries = sorted({judge for judge, _ in pairs}), sorted({entry for _, entry in pairs})
    at_judge, at_entry = _places(judges), _places(entries)
    shape = (len(judges), len(entries))
    affinity, forbidden = np.zeros(shape), np.ones(shape, bool)
    marked = {name: np.zeros(shape, bool) for name in ("own_country", "locked")}
    for (judge, entry), (line, row) in pairs.items():
        at = at_judge[judge], at_entry[entry]
        affinity[at] = number_in_cell(path, line, "affinity", row["affinity"], LARGEST_AFFINITY)
        forbidden[at] = _yes(path, line, row, "forbidden")
        for name, array in marked.items():
            array[at] = _yes(path, line, row, name)
    cap = asked.own_country_max
    return AssignmentProblem(
        affinity=affinity,
        forbidden=forbidden,
        demand=np.full(len(entries), asked.reads),
        load_min=np.full(len(judges), asked.load_min),
        load_max=np.full(len(judges), _most_of_each(path, asked, *shape)),
        own_country=marked["own_country"] if cap is not None else None,
        own_country_max=cap,
        locked=marked["locked"],
        labels=Labels(entries=entries, judges=judges),
    )


def _pairs_of_csv(path: Path, asked: Asked) -> dict[tuple[str, str], tuple[int, dict[str, str]]]:
    """(judge, entry) -> its line and what stands in it."""
    pairs: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for line, row in read_rows(path, COLUMNS, ("judge", "entry", "affinity")):
        if not row["entry"] or not row["judge"]:
            raise BadFile(f"{path}, line {line}: judge or entry is empty. Name both.")
        if asked.own_country_max is not None and "own_country" not in row:
            raise BadFile(
                f"{path}, line 1: there is no column own_country, which --own-country-max needs."
                " Write 1 where judge and entrant are of one country."
            )
        key = (row["judge"], row["entry"])
        if key in pairs:
            raise BadFile(
                f"{path}, line {line}: judge {key[0]} and entry {key[1]} stand in line {pairs[key][0]} too. Keep one."
            )
        pairs[key] = (line, row)
    return pairs


def _most_of_each(path: Path, asked: Asked, judges: int, entries: int) -> int:
    """The load that no judge passes: as asked, or an even share and one more."""
    usual = -(-asked.reads * entries // max(1, judges)) + 1
    most = usual if asked.load_max is None else asked.load_max
    if asked.load_min > most:
        told = "--load-max" if asked.load_max is not None else "what --load-max is by default"
        raise BadFile(f"{path}: --load-min is {asked.load_min}, more than {told}, {most}. Change one of the two.")
    return most


def _yes(path: Path, line: int, row: Mapping[str, str], column: str) -> bool:
    text = row.get(column, "").lower()
    if text not in ("", "0", "1", "no", "yes", "false", "true"):
        raise BadFile(f"{path}, line {line}: {column} is “{clipped(text)}”. Write 1 or 0.")
    return text in ("1", "yes", "true")


def _problem_of_json(path: Path, content: Any) -> AssignmentProblem:
    require(path, content, PROBLEM)
    judges, entries = content["judges"], content["entries"]
    _require_facts(path, content)
    labels = _labels_of(judges, entries)
    cap, asks_sectors = content.get("own_country_max"), content.get("sector_seat", False)
    size = len(judges), len(entries)
    try:
        return AssignmentProblem(
            affinity=_numbers(path, "affinity", content["affinity"], *size),
            forbidden=_marked(path, content, "forbidden", labels) | _unread(labels),
            demand=np.array([entry.get("reads", content.get("reads", 3)) for entry in entries], np.int64),
            load_min=np.array([judge.get("load_min", 0) for judge in judges], np.int64),
            load_max=np.array(_largest_loads(path, judges, len(entries)), np.int64),
            own_country=None if cap is None else _of_one_country(labels),
            own_country_max=cap,
            locked=_marked(path, content, "locked", labels),
            sector=_of_one_sector(judges, entries) if asks_sectors else None,
            outside=_of_other_pools(judges, entries) if content.get("outside_seat") else None,
            parts={
                name: _numbers(path, f"parts.{name}", rows, *size) for name, rows in content.get("parts", {}).items()
            },
            labels=labels,
        )
    except ValueError as error:
        raise BadFile(f"{path}: {error}.") from error


def _require_facts(path: Path, content: Mapping[str, Any]) -> None:
    """Each id once; what a rule needs to know, of everybody."""
    judges, entries = content["judges"], content["entries"]
    for name, rows in (("entries", entries), ("judges", judges)):
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if str(row["id"]) in seen:
                raise BadFile(f"{path}: {name}[{number}].id, {row['id']}, stands there already. Give each its own.")
            seen.add(str(row["id"]))
    if any("language" in entry for entry in entries) or any("languages" in judge for judge in judges):
        _require_all(path, entries, "entries", "language", "a text; “” is read by everybody")
        _require_all(path, judges, "judges", "languages", "a list of texts")
    for rows, name in ((entries, "entries"), (judges, "judges")):
        if content.get("own_country_max") is not None:
            _require_all(path, rows, name, "country", "a text, which own_country_max needs; “” for none")
        if content.get("sector_seat"):
            _require_all(path, rows, name, "sectors", "a list of texts, which sector_seat needs")
        if content.get("outside_seat"):
            _require_all(path, rows, name, "pool", "a text, which outside_seat needs; “” for none")


def _require_all(path: Path, rows: Sequence[Mapping[str, Any]], name: str, key: str, expected: str) -> None:
    number = next((number for number, row in enumerate(rows) if key not in row), None)
    if number is not None:
        raise BadFile(f"{path}: {name}[{number}].{key} is missing. Write {expected}.")


def _labels_of(judges: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]]) -> Labels:
    return Labels(
        entries=[str(entry["id"]) for entry in entries],
        judges=[str(judge["id"]) for judge in judges],
        entry_language=_all(entries, "language", ""),
        entry_country=_all(entries, "country", ""),
        judge_languages=_all(judges, "languages", ()),
        judge_country=_all(judges, "country", ""),
    )


def _all(rows: Sequence[Mapping[str, Any]], key: str, default: Any) -> Sequence[Any]:
    """One value for each row, or nothing where no row has it."""
    return [row.get(key, default) for row in rows] if any(key in row for row in rows) else ()


def _numbers(path: Path, name: str, rows: Sequence[Sequence[Any]], judges: int, entries: int) -> Floats:
    if len(rows) != judges:
        raise BadFile(f"{path}: {name} has {len(rows)} lists. Write {judges}, one for each judge.")
    for number, row in enumerate(rows):
        if len(row) != entries:
            raise BadFile(f"{path}: {name}[{number}] has {len(row)} numbers. Write {entries}, one for each entry.")
    return matrix(name, rows, None, float) if judges and entries else np.zeros((judges, entries))


def _largest_loads(path: Path, judges: Sequence[Mapping[str, Any]], entries: int) -> list[int]:
    most = [judge.get("load_max", max(entries, judge.get("load_min", 0))) for judge in judges]
    for number, judge in enumerate(judges):
        if judge.get("load_min", 0) > most[number]:
            raise BadFile(
                f"{path}: judges[{number}].load_min is {judge['load_min']}, more than its load_max, {most[number]}."
                " Change one of the two."
            )
    return most


def _marked(path: Path, content: Mapping[str, Any], name: str, labels: Labels) -> Booleans:
    judge_at, entry_at = _places(labels.judges), _places(labels.entries)
    marked = np.zeros((len(judge_at), len(entry_at)), bool)
    for number, (judge, entry) in enumerate(content.get(name, [])):
        if str(judge) not in judge_at or str(entry) not in entry_at:
            kind, which = ("judge", judge) if str(judge) not in judge_at else ("entry", entry)
            raise BadFile(
                f"{path}: {name}[{number}] names the {kind} {which}, which is not in this file. Write one of it."
            )
        marked[judge_at[str(judge)], entry_at[str(entry)]] = True
    return marked


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _unread(labels: Labels) -> Booleans:
    """bool[J, E]: the judge does not read the entry's language; nowhere if no languages are told."""
    if not labels.entry_language or not labels.judge_languages:
        return np.zeros((len(labels.judges), len(labels.entries)), bool)
    return np.array(
        [
            [bool(language) and language not in own for language in labels.entry_language]
            for own in labels.judge_languages
        ]
    ).reshape(len(labels.judges), len(labels.entries))


def _of_one_country(labels: Labels) -> Booleans:
    judges, entries = (np.array(names, object) for names in (labels.judge_country, labels.entry_country))
    same = (judges[:, None] == entries[None, :]) & (judges != "")[:, None]
    return same.astype(bool).reshape(len(labels.judges), len(labels.entries))


def _of_other_pools(judges: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]]) -> Booleans:
    """bool[J, E]: the judge is of another pool than the entry, or one of the two is of none."""
    return np.array(
        [[not judge["pool"] or judge["pool"] != entry["pool"] for entry in entries] for judge in judges], bool
    ).reshape(len(judges), len(entries))


def _of_one_sector(judges: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]]) -> Booleans:
    return np.array(
        [[not set(judge["sectors"]).isdisjoint(entry["sectors"]) for entry in entries] for judge in judges], bool
    ).reshape(len(judges), len(entries))
