"""Reading what was typed."""

import pytest

from network_platform.typed import whole_number, without_nul


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("0042", 42),
        ("999999999999999999", 999999999999999999),
        ("9" * 19, -1),
        ("9" * 5000, -1),
        ("", -1),
        ("-1", -1),
        ("1.5", -1),
        (" 1", -1),
        ("²", -1),
        ("٣", -1),
    ],
)
def test_whole_number_takes_ascii_digits_alone(text, number):
    assert whole_number(text, -1) == number


def test_whole_number_is_nought_unless_told_otherwise():
    assert whole_number("x") == 0


def test_nul_is_dropped_at_every_depth():
    typed = {"a\x00": ["\x00b", {"c": "d\x00"}, 1, None, True]}

    assert without_nul(typed) == {"a": ["b", {"c": "d"}, 1, None, True]}
    assert without_nul("\x00") == ""
