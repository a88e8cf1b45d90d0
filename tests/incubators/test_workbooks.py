"""XLSX files: read like CSV; formulas, bombs, merged cells and damage are told in a sentence."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from incubators.models import Organisation
from incubators.services.importing import check_file, commit_import
from incubators.tables import MOST_ROWS, RefusedError
from incubators.workbooks import text_of_workbook
from tests.incubators.factories import secretary

pytestmark = pytest.mark.django_db
HEAD = ["name_en", "type", "country_iso2", "city", "founded_year"]
ROW = ["Steppe Hub", "hub", "KZ", "Алматы", 2018]


def workbook(*rows: list[Any], merged: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_workbook_is_imported_like_a_csv() -> None:
    run = check_file(data=workbook(HEAD, ROW), file_name="rows.xlsx", by=secretary())
    commit_import(run=run, by=run.by)

    made = Organisation.objects.get()
    assert (str(made), made.city.slug, made.founded_year) == ("Steppe Hub", "almaty", 2018)


def test_cells_become_the_text_that_people_see() -> None:
    day = datetime.datetime(2026, 3, 1)
    text = text_of_workbook(workbook(["a", "b", "c", "d", "e"], [1.0, 2.5, day, True, "x,y"], [None, None, None]))

    assert text.splitlines() == ["a,b,c,d,e", '1,2.5,2026-03-01,yes,"x,y"']


def test_formula_is_a_mistake_of_its_row() -> None:
    run = check_file(data=workbook(HEAD, ['=HYPERLINK("x")', *ROW[1:]], ROW), file_name="x.xlsx", by=secretary())

    assert [(row["outcome"], row["column"]) for row in run.report["rows"]] == [("error", "name_en"), ("new", None)]


def test_merged_cells_are_named() -> None:
    with pytest.raises(RefusedError, match="B2:B3 are merged"):
        text_of_workbook(workbook(HEAD, ROW, ROW, merged="B2:B3"))


def test_too_many_rows_are_refused_without_reading_them_all() -> None:
    with pytest.raises(RefusedError, match="rows"):
        text_of_workbook(workbook(HEAD, *([ROW] * (MOST_ROWS + 1))))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and nothing more", "damaged"),
        (archive(**{"readme.txt": b"words"}), "no workbook"),
        (archive(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.xml": b"<broken"}), "damaged"),
        (archive(**{"[Content_Types].xml": b"", "xl__a.xml": b"0" * (101 * 1024 * 1024)}), "too large"),
        (workbook(HEAD, ROW)[:900], "damaged"),
    ],
)
def test_what_is_no_sound_workbook_is_told_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        text_of_workbook(data)


def test_entities_do_not_grow() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    sheet = bomb + b"]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>"
    sound = io.BytesIO(workbook(HEAD, ROW))
    out = io.BytesIO()
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part, sheet if part.filename == "xl/worksheets/sheet1.xml" else old.read(part))

    with pytest.raises(RefusedError):
        text_of_workbook(out.getvalue())
