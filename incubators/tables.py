"""Reading a CSV file that somebody made somewhere: encodings, delimiters, limits; one sentence when it is refused."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t"
MOST_ODD_SIGNS = 20  # a few are mistakes of their rows, more are no text
# Without those by which word processors part lines and words.
_NO_TEXT = re.compile(r"[\x01-\x08\x0e-\x1a\x7f]")
ROWS_SAMPLED, LONGEST_SAMPLE = 50, 60
OVERFLOW = ""  # under which a row that had more cells than columns names the one that took the rest


class RefusedError(Exception):
    """The file as a whole cannot be read; the message is for the person who sent it."""


@dataclass(frozen=True)
class Table:
    """`rows` are (line number in the file, cells by column)."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def check_size(size: int) -> None:
    """Before the file is read into memory; raises RefusedError."""
    if size > LARGEST_FILE:
        raise RefusedError(_("The file is larger than 10 MB. Split it into parts."))


def text_of(data: bytes) -> str:
    """The file's text: UTF-8, UTF-16 or Windows-1251; raises RefusedError."""
    check_size(len(data))
    if data.startswith(OLD_WORKBOOK):
        raise RefusedError(
            _("This is a workbook of the old kind (XLS). Open it, save it as XLSX or CSV, and send that.")
        )
    text = _decoded(data)
    is_pdf = data.startswith(b"%PDF-")  # its first thousands of signs may all be letters
    if is_pdf or "\x00" in text or len(_NO_TEXT.findall(text)) > MOST_ODD_SIGNS:
        raise RefusedError(_("This is not a text file. Save the table as CSV or XLSX and send that."))
    return text


Needed = tuple[str | tuple[str, ...], ...]


def headings_of(text: str) -> dict[str, str]:
    """What the first row names, as it is written, by its small letters; raises RefusedError if there is nothing."""
    headings = [name.strip() for name in next(_reader(text), [])]
    if not any(headings):
        raise RefusedError(_("The file is empty."))
    found: dict[str, str] = {}
    for written in filter(None, headings):
        found.setdefault(written.lower(), written)
    return found


def samples_of(text: str) -> dict[str, str]:
    """Under each heading, by its small letters, the first cell of the first rows that says something."""
    reader = _reader(text)
    found: dict[str, str] = {}
    headings = [name.strip().lower() for name in next(reader, [])]
    with suppress(csv.Error):
        for cells in islice(reader, ROWS_SAMPLED):
            for name, cell in zip(headings, cells, strict=False):
                if words := " ".join(cell.split()):
                    found.setdefault(name, words if len(words) <= LONGEST_SAMPLE else f"{words[:LONGEST_SAMPLE]}…")
    return found


def table_of(text: str, *, needed: Needed, mapping: Mapping[str, str] = MappingProxyType({})) -> Table:
    """Columns and rows; raises RefusedError if a needed column is missing or the limits are passed.

    A tuple among the needed ones: any of these columns will do. `mapping` is our column by heading, "" for one to
    leave out; a heading that it does not name is a column of that name.
    """
    reader = _reader(text)
    try:
        headings = [name.strip().lower() for name in next(reader, [])]
        columns = [mapping.get(name, name) for name in headings]
        _check_columns(columns, needed)
        return Table([name for name in columns if name], list(_rows(reader, columns)))
    except csv.Error:
        raise RefusedError(_("The file breaks off inside a quoted cell.")) from None


def missing_columns(columns: Iterable[str], needed: Needed) -> list[tuple[str, ...]]:
    """The needed choices that no column meets."""
    there = set(columns)
    choices = [(name,) if isinstance(name, str) else name for name in needed]
    return [choice for choice in choices if not set(choice) & there]


def _reader(text: str) -> Any:
    first_line = text.lstrip("\ufeff\r\n").partition("\n")[0]
    csv.field_size_limit(LARGEST_FILE)
    return csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=max(DELIMITERS, key=first_line.count))


def _decoded(data: bytes) -> str:
    """By byte order mark; else UTF-16 if every other byte is empty; else UTF-8; else Windows-1251."""
    marked = next((encoding for bom, encoding in BOMS if data.startswith(bom)), "")
    sample = data[:400]
    wide = "utf-16-le" if sample[1::2].count(0) > 100 else "utf-16-be" if sample[::2].count(0) > 100 else ""
    for encoding in filter(None, (marked, wide, "utf-8", "cp1251")):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError(_("The file's encoding is not known. Save it as UTF-8."))


def _check_columns(columns: list[str], needed: Needed) -> None:
    if not any(columns):
        raise RefusedError(_("The file is empty."))
    if missing := missing_columns(columns, needed):
        names = "; ".join(map(_any_of, missing))
        raise RefusedError(_("The first row does not name these columns: %(names)s.") % {"names": names})
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RefusedError(_("The first row names a column twice: %(names)s.") % {"names": ", ".join(twice)})


def _any_of(choice: tuple[str, ...]) -> str:
    return choice[0] if len(choice) == 1 else _("one of %(names)s") % {"names": ", ".join(choice)}


def _rows(reader: Any, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    number = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if number > MOST_ROWS:
            raise RefusedError(_("The file has more than %(most)s rows. Split it into parts.") % {"most": MOST_ROWS})
        row = {name: _plain(cell.strip()) for name, cell in zip(columns, cells, strict=False) if name}
        if len(cells) > len(columns):
            _keep_overflow(row, columns, cells[len(columns) :])
        yield number + 1, row


def _plain(cell: str) -> str:
    """Without the apostrophe that our own tables put before a sign."""
    return cell[1:] if cell[:2] in ("'+", "'-") else cell


def _keep_overflow(row: dict[str, str], columns: list[str], rest: list[str]) -> None:
    """A comma that nobody quoted: nothing is dropped, the rest goes to the last column, which the row names."""
    words = ", ".join(filter(None, map(str.strip, rest)))
    if words and (last := columns[-1]):
        row[last] = f"{row[last]}, {words}"
        row[OVERFLOW] = last
