"""Reading JSON and tables, with errors that name file, place and remedy."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .schema import MISSING, UNKNOWN, Schema, clipped, shown

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
ID = {"title": "a text that is not empty, or a whole number", "type": ["string", "integer"], "minLength": 1}
HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class BadFile(Exception):  # noqa: N818 - says what happened
    """`words` name the file, the line where there is one, and what to do."""


def read_json(path: Path) -> Any:
    """What the file holds. A name that stands twice in one object is refused: each reader takes another of the two.

    Raises BadFile.
    """
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


def require(path: Path, value: Any, schema: Schema, root: str = "") -> None:
    """Raise BadFile where a value has not the shape of the schema: where, what stands there, what to write."""
    misfit = next(schema.misfits(value), None)
    if misfit is None:
        return
    place = f"{root}{misfit.place}"
    if misfit.found == UNKNOWN:
        above, _, key = place.rpartition(".")
        where = f", {above}" if above else ""
        raise BadFile(f"{path}{where}: “{clipped(key)}” means nothing here. Take it out, or call it {misfit.expected}.")
    if misfit.found == MISSING:
        raise BadFile(f"{path}: {place} is missing. Write {misfit.expected}.")
    raise BadFile(f"{path}: {place or 'the whole'} is {misfit.found}. Write {misfit.expected}.")


def read_rows(path: Path, known: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table that are not empty, with their numbers: column -> text, of those of the known columns that
    the first line names. Raises BadFile."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _require_columns(path, columns, known, needed)
        found = False
        for row in filter(None, reader):
            found = True
            yield reader.line_num, _cells(path, reader.line_num, columns, row)
        if not found:
            raise BadFile(f"{path}: nothing stands below the first line. Write a line for each entry of a judge.")
    except csv.Error as error:
        raise BadFile(
            f"{path}, line {reader.line_num}: cannot be read as CSV ({error}). Save the table as CSV."
        ) from error


def _require_columns(path: Path, columns: Sequence[str], known: Sequence[str], needed: Sequence[str]) -> None:
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice is not None:
        raise BadFile(f"{path}, line 1: the column {twice} stands there twice. Take one of them out.")
    lacking = [name for name in needed if name not in columns]
    if lacking:
        there = ", ".join(columns) or "nothing"
        raise BadFile(
            f"{path}, line 1: there is no column {' or '.join(lacking)} (found: {there})."
            " Name the columns in the first line."
        )
    strange = next((name for name in columns if name and name not in known), None)
    if strange is not None:
        raise BadFile(
            f"{path}, line 1: the column “{clipped(strange)}” means nothing here."
            f" Take it out, or call it one of {', '.join(known)}."
        )


def _cells(path: Path, line: int, columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) > len(columns):
        raise BadFile(f"{path}, line {line}: more cells than the first line has columns. Take the extra ones out.")
    cells = [cell.strip() for cell in row] + [""] * (len(columns) - len(row))
    nameless = next((cell for name, cell in zip(columns, cells, strict=True) if cell and not name), None)
    if nameless is not None:
        raise BadFile(f"{path}, line {line}: “{clipped(nameless)}” stands in a column without a name. Take it out.")
    return {name: cell for name, cell in zip(columns, cells, strict=True) if name}


def number_in_cell(path: Path, line: int, column: str, text: str, largest: float) -> float:
    """The number of a cell, at most `largest` in size. Raises BadFile."""
    number = parsed(text.replace(",", "."))
    if number is None:
        raise BadFile(f"{path}, line {line}: {column} is “{clipped(text)}”. Write a number.")
    if abs(number) > largest:
        raise BadFile(
            f"{path}, line {line}: {column} is “{clipped(text)}”. Write a number from -{largest:g} to {largest:g}."
        )
    return number


def parsed(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else None
