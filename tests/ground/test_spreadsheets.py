"""Tables that leave the platform."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from network_platform.spreadsheets import LINES_AT_ONCE, csv_lines, json_lines, safe, xlsx_file


@pytest.mark.parametrize("sign", list("=+-@\t\r\n") + ["\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_is_a_formula(sign):
    typed = f'{sign}HYPERLINK("https://evil.example")'

    assert safe(typed) == f"'{typed}"
    assert safe(f" {typed}") == f" {typed}"


def test_lines_are_read_back_as_they_were():
    rows = [("name", "year", "note"), ("Хаб, «Ош»", 2019, None), ("=1+1", "", 'a "b"\nc')]

    text = "".join(csv_lines(rows))

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["name", "year", "note"],
        ["Хаб, «Ош»", "2019", ""],
        ["'=1+1", "", 'a "b"\nc'],
    ]


def test_workbook_holds_numbers_and_text_and_no_formula():
    rows = [("name", "year", "note"), ("Хаб", 2019, None), ("=1+1", "", "bad\x01sign"), ("x" * 40_000, 1, "")]

    with xlsx_file(rows) as found:
        sheet = load_workbook(found).active

    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[:3] == [["name", "year", "note"], ["Хаб", 2019, None], ["'=1+1", None, "bad sign"]]
    assert len(cells[3][0]) == 32_767  # as much as a cell holds
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("number", [0, 1, LINES_AT_ONCE, LINES_AT_ONCE + 1])
def test_json_of_any_length_is_a_list_of_objects(number):
    rows = [("name", "year"), *[("Хаб", None)] * number]

    assert json.loads("".join(json_lines(rows))) == [{"name": "Хаб", "year": None}] * number
