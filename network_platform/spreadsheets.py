"""Tables for spreadsheets: CSV, some lines at a time, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

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
