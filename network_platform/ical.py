"""Calendars for other programs (RFC 5545): moments in named zones, each zone described in the file itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST_LINE = 75  # octets, without the line's end
PRODUCT = "-//SPECA network of business incubators//EN"
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Event:
    """A moment. `zone` is the one in which the organiser names it; `sequence` grows with each change."""

    uid: str
    summary: str
    at: datetime
    zone: str
    changed: datetime
    sequence: int = 0
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole file."""
    rows = list(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for zone in sorted({event.zone for event in rows} - {"UTC"}):
        moments = [event.at for event in rows if event.zone == zone]
        lines += _zone(zone, min(moments), max(moments))
    for event in rows:
        lines += _event(event)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    """As a TEXT value. Control characters have no place in one."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPED.get(letter, letter) for letter in plain if letter == "\n" or letter.isprintable())


def folded(line: str) -> str:
    """In pieces of at most 75 octets that cut no letter in two."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def _event(event: Event) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{escaped(event.uid)}", f"DTSTAMP:{_utc(event.changed)}"]
    lines += [f"LAST-MODIFIED:{_utc(event.changed)}", f"SEQUENCE:{event.sequence}", _start(event)]
    lines += [f"SUMMARY:{escaped(event.summary)}", "TRANSP:TRANSPARENT"]
    lines += [f"DESCRIPTION:{escaped(event.description)}"] if event.description else []
    lines += [f"URL:{event.url}"] if event.url else []
    return [*lines, "END:VEVENT"]


def _start(event: Event) -> str:
    if event.zone == "UTC":
        return f"DTSTART:{_utc(event.at)}"
    return f"DTSTART;TZID={event.zone}:{event.at.astimezone(ZoneInfo(event.zone)):%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _zone(name: str, first: datetime, last: datetime) -> list[str]:
    """The clock of the years in which something is: how it stood at the beginning, then every change."""
    zone = ZoneInfo(name)
    begin, end = datetime(first.year - 1, 1, 1, tzinfo=UTC), datetime(last.year + 1, 12, 31, tzinfo=UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    lines += _clock(begin.astimezone(zone), begin.astimezone(zone).utcoffset())
    for change in _changes(zone, begin, end):
        before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        lines += _clock(change.astimezone(zone), before)
    return [*lines, "END:VTIMEZONE"]


def _clock(local: datetime, before: timedelta | None) -> list[str]:
    """From `local` on the clock shows its offset; until then it showed `before`, in which the beginning is told."""
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    begins = local.astimezone(UTC) + (before or timedelta())
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(local.utcoffset())}",
        f"END:{kind}",
    ]


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The moments at which the clock is set, to the minute."""
    day = begin
    while day < end:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _change_between(zone, day, following)
        day = following


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(offset: timedelta | None) -> str:
    minutes = int((offset or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
