"""Tables that leave the platform."""

import csv
import io

import pytest

from network_platform.spreadsheets import csv_lines, safe


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
