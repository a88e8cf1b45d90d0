"""A workbook's first sheet as the text of a CSV file, so that everything after it is read in one way.

Nothing is computed: a formula comes as it was written, and the row's check refuses it. Dates come as `2026-03-01`,
whole numbers without a fraction. A workbook is an archive, so its size is looked at before it is unpacked.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from incubators.tables import LARGEST_FILE, MOST_ROWS, RefusedError

BEGINS = b"PK\x03\x04"
MOST_UNPACKED = 10 * LARGEST_FILE
MOST_PARTS = 1000
MOST_COLUMNS = 200
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z0-9:]{1,20})["']""")


def is_workbook(data: bytes) -> bool:
    return data[:4] == BEGINS


def text_of_workbook(data: bytes) -> str:
    """The first sheet as CSV with commas; raises RefusedError."""
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, ParseError, zipfile.BadZipFile):
        raise RefusedError(_("The workbook is damaged. Open it, save it anew as XLSX or CSV, and send that.")) from None
    try:
        if not book.worksheets:
            raise RefusedError(_("The workbook has no sheet with a table."))
        return _as_csv(book.worksheets[0])
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile):
        raise RefusedError(_("The workbook is damaged. Open it, save it anew as XLSX or CSV, and send that.")) from None
    finally:
        book.close()


def _check_archive(data: bytes) -> None:
    """Before anything is unpacked: whether it is a workbook at all, and not a small file that becomes a huge one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise RefusedError(_("The workbook becomes too large when it is unpacked. Split it into parts."))
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise RefusedError(_("This is no workbook. Save the table as XLSX or CSV and send that."))
            _check_merged(archive, sorted(name for name in names if name.startswith("xl/worksheets/sheet")))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise RefusedError(_("The workbook is damaged. Open it, save it anew as XLSX or CSV, and send that.")) from None


def _check_merged(archive: zipfile.ZipFile, sheets: list[str]) -> None:
    """A merged cell belongs to several rows or columns, and nobody can say to which."""
    if sheets and (found := _MERGED.search(archive.read(sheets[0]))):
        words = _("The cells %(cells)s are merged. Part them, so that each row says everything, and send it again.")
        raise RefusedError(words % {"cells": found[1].decode()})


def _as_csv(sheet: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(_filled(sheet)):
        if number > MOST_ROWS:
            raise RefusedError(_("The file has more than %(most)s rows. Split it into parts.") % {"most": MOST_ROWS})
        writer.writerow(row)
    return out.getvalue()


def _filled(sheet: Any) -> Iterator[list[str]]:
    """The rows that hold something, without empty cells at their end."""
    for cells in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        row = [_as_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            yield row


def _as_text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell)
