"""Tables for spreadsheets: CSV, line by line, in which no cell is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Echo:
    """A file that hands each written line back, so that a response can stream it."""

    def write(self, line: str) -> str:
        return line


def safe(cell: Any) -> str:
    """The cell's text; what a spreadsheet would compute, in wide signs as well, gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Lines of CSV with a byte order mark, which spreadsheets need to read Cyrillic."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])
