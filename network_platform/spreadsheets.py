"""Tables that leave: CSV, XLSX and JSON from the same rows, the first of which names the columns.

None is held in memory as a whole, and in none is a cell taken for a formula.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
LINES_AT_ONCE = 200


def safe(cell: Any) -> str:
    """The cell's text; what a spreadsheet would compute, in wide signs as well, gets an apostrophe in front."""
    text = cell if cell.__class__ is str else "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in FORMULA else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Parts of a CSV that begins with a byte order mark, which spreadsheets need to read Cyrillic.

    The first part is there at once; a part for every line would cost more than making the line.
    """
    rows, held = iter(rows), io.StringIO()
    writer = csv.writer(held)
    yield "\ufeff"
    while some := list(islice(rows, LINES_AT_ONCE)):
        writer.writerows([safe(cell) for cell in row] for row in some)
        yield held.getvalue()
        held.seek(0)
        held.truncate()


def xlsx_file(rows: Iterable[Iterable[Any]]) -> IO[bytes]:
    """A workbook of one sheet, in a temporary file that goes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    for row in rows:
        sheet.append([_in_workbook(cell) for cell in row])
    found = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(found)
    found.seek(0)
    return found


def _in_workbook(cell: Any) -> Any:
    """Numbers stay numbers; all else is text without what a workbook cannot hold."""
    return cell if isinstance(cell, int) else ILLEGAL_CHARACTERS_RE.sub(" ", safe(cell))


def json_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Parts of a JSON list of objects; what a row does not know is null."""
    rows, before = iter(rows), "["
    columns = list(next(rows))
    while some := list(islice(rows, LINES_AT_ONCE)):
        objects = (dict(zip(columns, row, strict=True)) for row in some)
        yield before + ",\n".join(json.dumps(each, ensure_ascii=False, default=str) for each in objects)
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"
