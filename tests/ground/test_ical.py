"""Calendars as RFC 5545 wants them."""

from datetime import UTC, datetime, timedelta

from network_platform.ical import Event, calendar, escaped, folded

MOMENT = datetime(2026, 12, 20, 13, tzinfo=UTC)


def event(**changes: object) -> Event:
    values = {"uid": "1@site", "summary": "Call", "at": MOMENT, "zone": "Asia/Almaty", "changed": MOMENT}
    return Event(**{**values, **changes})


def test_lines_end_as_they_should_and_none_is_too_long() -> None:
    text = calendar("Вызовы", [event(summary="Стартаптарға арналған байқау " * 9, description="é" * 200)])

    assert text.endswith("END:VCALENDAR\r\n")
    assert text.replace("\r\n", "").isprintable()
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_folding_cuts_no_letter_and_can_be_undone() -> None:
    for line in ("x" * 74, "x" * 75, "x" * 76, "ү" * 100, "x" + "😀" * 60, ""):
        assert folded(line).replace("\r\n ", "") == line


def test_marks_are_escaped_and_nothing_begins_a_line_of_its_own() -> None:
    assert escaped("a,b;c\\d") == "a\\,b\\;c\\\\d"
    assert escaped("one\r\ntwo\rthree\n\x00\x1bEND:VEVENT") == "one\\ntwo\\nthree\\nEND:VEVENT"


def test_a_zone_without_summer_time_is_told_once() -> None:
    lines = calendar("x", [event()]).split("\r\n")

    begin = lines.index("BEGIN:VTIMEZONE")
    assert lines[begin + 1 : lines.index("END:VTIMEZONE")] == [
        "TZID:Asia/Almaty",
        "BEGIN:STANDARD",
        "DTSTART:20250101T050000",
        "TZOFFSETFROM:+0500",
        "TZOFFSETTO:+0500",
        "END:STANDARD",
    ]
    assert "DTSTART;TZID=Asia/Almaty:20261220T180000" in lines


def test_a_zone_with_summer_time_tells_each_change_by_the_clock_before_it() -> None:
    text = calendar("x", [event(zone="Europe/Zurich", at=MOMENT - timedelta(days=170))])

    spring = ["BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"]
    autumn = ["BEGIN:STANDARD", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"]
    assert "\r\n".join(spring) in text
    assert "\r\n".join(autumn) in text
    assert "DTSTART;TZID=Europe/Zurich:20260703T150000" in text


def test_universal_time_needs_no_description() -> None:
    text = calendar("x", [event(zone="UTC")])

    assert "VTIMEZONE" not in text
    assert "DTSTART:20261220T130000Z" in text
