"""Reading problems and marks from JSON and CSV files, with errors that name file, line and remedy."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from competitions.judging.marks import LARGEST, Marks
from competitions.judging.problem import AssignmentProblem, Labels
from competitions.judging.schema import clipped, shown

COLUMNS = ("judge", "entry", "affinity", "forbidden", "own_country", "locked")
KEYS = {
    "": ("entries", "judges", "affinity", "reads", "forbidden", "locked", "own_country_max", "sector_seat"),
    "entries": ("id", "reads", "language", "country", "sectors"),
    "judges": ("id", "load_min", "load_max", "languages", "country", "sectors"),
}
HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class BadFile(Exception):  # noqa: N818 - says what happened
    """`words` name the file, the line where there is one, and what to do."""


@dataclass(frozen=True)
class NamedMarks:
    """Marks and the names of entries and judges; `anchors`: sample entries, of a results bundle."""

    marks: Marks
    entries: Sequence[str]
    judges: Sequence[str]
    anchors: Sequence[str] = ()


def read_json(path: Path) -> Any:
    """What the file holds. A name that stands twice in one object is refused: each reader takes another of the two."""
    text = _text(path)
    try:
        content = json.loads(text, object_pairs_hook=lambda pairs: _object(path, pairs))
    except json.JSONDecodeError as error:
        raise BadFile(
            f"{path}, line {error.lineno}: this is not JSON ({error.msg}). Write the file again as JSON."
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadFile(
            f"{path}: a number is too long, or too much stands inside each other. Write it simpler."
        ) from error
    if HALF_A_PAIR.search(text):
        _require_whole_text(path, content)
    return content


def _object(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        values = " and ".join(shown(value) for name, value in pairs if name == twice)
        others = ", ".join(f"{clipped(name)} {shown(value)}" for name, value in pairs if name != twice)
        beside = f" beside {clipped(others)}" if others else ""
        raise BadFile(f"{path}: the name “{clipped(twice)}” stands twice in one object ({values}){beside}. Keep one.")
    return found


def _require_whole_text(path: Path, content: Any) -> None:
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadFile(f"{path}: a text holds half a character (\\ud800 to \\udfff). Write the whole one.") from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror}). Check the name and who may read it.") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error


def _rows(path: Path, needed: Iterable[str]) -> Iterable[tuple[int, dict[str, str]]]:
    text = _text(path)
    first = text.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, restval="")
    try:
        yield from _cells(path, reader, needed)
    except csv.Error as error:
        raise BadFile(
            f"{path}, line {reader.reader.line_num}: cannot be read as CSV ({error}). Save the table as CSV."
        ) from error


def _cells(path: Path, reader: csv.DictReader, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    found = [name.strip().lower() for name in reader.fieldnames or []]
    twice = next((name for name in found if name and found.count(name) > 1), None)
    if twice is not None:
        raise BadFile(f"{path}, line 1: the column {twice} stands there twice. Take one of them out.")
    lacking = [name for name in needed if name not in found]
    if lacking:
        there = ", ".join(found) or "nothing"
        raise BadFile(
            f"{path}, line 1: there is no column {' or '.join(lacking)} (found: {there})."
            " Name the columns in the first line."
        )
    reader.fieldnames = found
    for row in reader:
        if None in row:
            raise BadFile(
                f"{path}, line {reader.line_num}: more cells than the first line has columns. Take the extra ones out."
            )
        yield reader.line_num, {key: value.strip() for key, value in row.items()}


def _number(path: Path, line: int, column: str, text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not abs(number) <= LARGEST:
        raise BadFile(f"{path}, line {line}: {column} is “{clipped(text)}”. Write a number.")
    return number


def read_marks(path: Path) -> NamedMarks:
    """CSV with the columns entry, judge, value; or JSON `{"marks": [{"entry":, "judge":, "value":}, ...]}` or a
    results bundle.
    """
    rows: list[tuple[str, str, str, float]] = []
    anchors: list[str] = []
    if path.suffix.lower() == ".json":
        content = read_json(path)
        rows += _marks_of_json(path, content)
        listed = content.get("entries", []) if isinstance(content, Mapping) else []
        samples = [row for row in listed if isinstance(row, Mapping) and row.get("anchor")]
        anchors = [str(row.get("id")) for row in samples]
    else:
        for line, row in _rows(path, ("entry", "judge", "value")):
            if not row["entry"] or not row["judge"]:
                raise BadFile(f"{path}, line {line}: entry or judge is empty. Name both.")
            if row["value"]:
                rows.append((f"line {line}", row["entry"], row["judge"], _number(path, line, "value", row["value"])))
    named = _named_marks(path, rows)
    return replace(named, anchors=[name for name in anchors if name in named.entries])


def _marks_of_json(path: Path, content: Any) -> Iterable[tuple[str, str, str, float]]:
    listed = content.get("marks", content.get("sheets")) if isinstance(content, Mapping) else content
    if not isinstance(listed, list):
        raise BadFile(f'{path}: there is no list “marks”. Write marks as [{{"entry": …, "judge": …, "value": …}}, …].')
    for number, row in enumerate(listed):
        place = f"marks[{number}]"
        if not isinstance(row, Mapping) or not all(_is_name(row.get(key)) for key in ("entry", "judge")):
            raise BadFile(
                f"{path}, {place}: expected an object with entry, judge and value. Write entry and judge as texts."
            )
        value = row.get("value", row.get("total"))
        if value is None:
            continue
        try:
            number = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        if not abs(number) <= LARGEST:
            raise BadFile(f"{path}, {place}: value is {clipped(repr(value))}. Write a number.")
        yield place, str(row["entry"]), str(row["judge"]), number


def _is_name(value: object) -> bool:
    return (isinstance(value, str) and bool(value)) or (isinstance(value, int) and not isinstance(value, bool))


def _named_marks(path: Path, rows: Sequence[tuple[str, str, str, float]]) -> NamedMarks:
    entries = sorted({entry for _, entry, _, _ in rows})
    judges = sorted({judge for _, _, judge, _ in rows})
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


@dataclass(frozen=True)
class Asked:
    """What a CSV of pairs does not say: reads of an entry, loads of a judge, the own-country cap."""

    reads: int = 3
    load_min: int = 0
    load_max: int | None = None
    own_country_max: int | None = None


def read_problem(path: Path, asked: Asked) -> AssignmentProblem:
    """CSV with judge, entry, affinity and, where wanted, forbidden, own_country, locked (1 or 0); or the JSON of
    `docs/judging-files.md`.

    In CSV a pair that has no line is forbidden. What is asked for and cannot be kept, because the file does not say
    what it needs, is refused and never left out; so are columns and keys that mean nothing here.
    """
    if path.suffix.lower() == ".json":
        try:
            return _problem_of_json(path)
        except (TypeError, AttributeError, OverflowError) as error:
            raise BadFile(
                f"{path}: a value is of another kind than expected ({error}). See docs/judging-files.md."
            ) from error
    pairs: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for line, row in _rows(path, ("judge", "entry", "affinity")):
        if not row["entry"] or not row["judge"]:
            raise BadFile(f"{path}, line {line}: judge or entry is empty. Name both.")
        key = (row["judge"], row["entry"])
        if key in pairs:
            raise BadFile(
                f"{path}, line {line}: judge {key[0]} and entry {key[1]} stand in line {pairs[key][0]} too. Keep one."
            )
        pairs[key] = (line, row)
    _require_columns(path, next(iter(pairs.values()), (0, {}))[1], asked)
    judges, entries = sorted({judge for judge, _ in pairs}), sorted({entry for _, entry in pairs})
    at_judge, at_entry = ({name: index for index, name in enumerate(names)} for names in (judges, entries))
    shape = (len(judges), len(entries))
    affinity, forbidden = np.zeros(shape), np.ones(shape, bool)
    marked = {name: np.zeros(shape, bool) for name in ("own_country", "locked")}
    for (judge, entry), (line, row) in pairs.items():
        at = at_judge[judge], at_entry[entry]
        affinity[at] = _number(path, line, "affinity", row["affinity"])
        forbidden[at] = _yes(path, line, row, "forbidden")
        for name, array in marked.items():
            array[at] = _yes(path, line, row, name)
    most = asked.load_max if asked.load_max is not None else -(-asked.reads * len(entries) // max(1, len(judges))) + 1
    cap = asked.own_country_max
    return AssignmentProblem(
        affinity=affinity,
        forbidden=forbidden,
        demand=np.full(len(entries), asked.reads),
        load_min=np.full(len(judges), asked.load_min),
        load_max=np.full(len(judges), most),
        own_country=marked["own_country"] if cap is not None else None,
        own_country_max=cap,
        locked=marked["locked"],
        labels=Labels(entries=entries, judges=judges),
    )


def _require_columns(path: Path, row: Mapping[str, str], asked: Asked) -> None:
    for name in row:
        if name not in COLUMNS:
            raise BadFile(
                f"{path}, line 1: the column “{clipped(name)}” means nothing here."
                f" Take it out, or call it one of {', '.join(COLUMNS)}."
            )
    if row and asked.own_country_max is not None and "own_country" not in row:
        raise BadFile(
            f"{path}, line 1: there is no column own_country, which --own-country-max needs."
            " Write 1 where judge and entrant are of one country."
        )


def _yes(path: Path, line: int, row: Mapping[str, str], column: str) -> bool:
    text = row.get(column, "").lower()
    if text not in ("", "0", "1", "no", "yes", "false", "true"):
        raise BadFile(f"{path}, line {line}: {column} is “{text}”. Write 1 or 0.")
    return text in ("1", "yes", "true")


def _problem_of_json(path: Path) -> AssignmentProblem:
    content = read_json(path)
    if not isinstance(content, Mapping) or not {"judges", "entries", "affinity"} <= set(content):
        raise BadFile(f"{path}: expected an object with judges, entries and affinity; see docs/judging-files.md.")
    _require_known(path, content, "", "")
    judges, entries = _listed(path, content, "judges"), _listed(path, content, "entries")
    cap = content.get("own_country_max")
    if any("language" in entry for entry in entries) or any("languages" in judge for judge in judges):
        _require_all(path, entries, "entries", "language", "a text; “” is read by everybody")
        _require_all(path, judges, "judges", "languages", "a list of texts")
    if cap is not None:
        for rows, name in ((entries, "entries"), (judges, "judges")):
            _require_all(path, rows, name, "country", "a text, which own_country_max needs; “” for none")
    if content.get("sector_seat"):
        for rows, name in ((entries, "entries"), (judges, "judges")):
            _require_all(path, rows, name, "sectors", "a list of texts, which sector_seat needs")
    labels = Labels(
        entries=[str(entry["id"]) for entry in entries],
        judges=[str(judge["id"]) for judge in judges],
        entry_language=_all(entries, "language", ""),
        entry_country=_all(entries, "country", ""),
        judge_languages=_all(judges, "languages", ()),
        judge_country=_all(judges, "country", ""),
    )
    at = {
        "judge": {name: i for i, name in enumerate(labels.judges)},
        "entry": {name: i for i, name in enumerate(labels.entries)},
    }
    shape = (len(judges), len(entries))
    forbidden, locked = (_pairs(path, content, name, at, shape) for name in ("forbidden", "locked"))
    if labels.entry_language and labels.judge_languages:
        reads = np.array(
            [[not language or language in own for language in labels.entry_language] for own in labels.judge_languages]
        ).reshape(shape)
        forbidden |= ~reads
    own = None
    if labels.entry_country and labels.judge_country:
        countries = np.array(labels.judge_country)[:, None]
        own = (countries == np.array(labels.entry_country)[None, :]) & (countries != "")
    try:
        return AssignmentProblem(
            affinity=content["affinity"],
            forbidden=forbidden,
            demand=[entry.get("reads", content.get("reads", 3)) for entry in entries],
            load_min=[judge.get("load_min", 0) for judge in judges],
            load_max=[judge.get("load_max", len(entries)) for judge in judges],
            own_country=own if cap is not None else None,
            own_country_max=cap if own is not None else None,
            locked=locked,
            sector=_sectors(entries, judges, shape) if content.get("sector_seat") else None,
            labels=labels,
        )
    except ValueError as error:
        raise BadFile(f"{path}: {error}.") from error


def _listed(path: Path, content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = content[name]
    if not isinstance(rows, list):
        raise BadFile(f'{path}: {name} is no list. Write [{{"id": …}}, …].')
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or "id" not in row:
            raise BadFile(f"{path}, {name}[{number}]: there is no id. Give each an id.")
        if str(row["id"]) in seen:
            raise BadFile(f"{path}, {name}[{number}]: the id {row['id']} stands there already. Give each its own.")
        _require_known(path, row, name, f", {name}[{number}]")
        seen.add(str(row["id"]))
    return rows


def _require_known(path: Path, row: Mapping[str, Any], name: str, place: str) -> None:
    for key in row:
        if key not in KEYS[name]:
            raise BadFile(
                f"{path}{place}: “{clipped(key)}” means nothing here."
                f" Take it out, or call it one of {', '.join(KEYS[name])}."
            )


def _require_all(path: Path, rows: Sequence[Mapping[str, Any]], name: str, key: str, expected: str) -> None:
    """Each row has the key, a list of texts where its name is a plural."""
    for number, row in enumerate(rows):
        value = row.get(key)
        texts = value if isinstance(value, list) and key.endswith("s") else [value]
        if (key.endswith("s") and not isinstance(value, list)) or not all(isinstance(text, str) for text in texts):
            raise BadFile(f"{path}, {name}[{number}]: {key} is {clipped(repr(value))}. Write {expected}.")


def _all(rows: Sequence[Mapping[str, Any]], key: str, default: Any) -> Sequence[Any]:
    """One value for each row, or nothing where no row has it."""
    return [row.get(key, default) for row in rows] if any(key in row for row in rows) else ()


def _sectors(
    entries: Sequence[Mapping[str, Any]], judges: Sequence[Mapping[str, Any]], shape: tuple[int, int]
) -> np.ndarray:
    return np.array(
        [
            [bool(set(judge.get("sectors", ())) & set(entry.get("sectors", ()))) for entry in entries]
            for judge in judges
        ],
        bool,
    ).reshape(shape)


def _pairs(
    path: Path, content: Mapping[str, Any], name: str, at: Mapping[str, Mapping[str, int]], shape: tuple[int, int]
) -> np.ndarray:
    marked = np.zeros(shape, bool)
    for number, pair in enumerate(content.get(name, [])):
        pair = [str(name) for name in pair] if isinstance(pair, list) else pair
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] not in at["judge"] or pair[1] not in at["entry"]:
            raise BadFile(f"{path}, {name}[{number}]: {pair!r} is no [judge, entry] of this file.")
        marked[at["judge"][pair[0]], at["entry"][pair[1]]] = True
    return marked
