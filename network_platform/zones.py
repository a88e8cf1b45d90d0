"""Hours in the reader's zone, with the zone always named."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

NO_BREAK = "\xa0"
CITIES: dict[str, str | Promise] = {
    "Asia/Kabul": _("Kabul"),
    "Asia/Baku": _("Baku"),
    "Asia/Almaty": _("Almaty"),
    "Asia/Aqtau": _("Aktau"),
    "Asia/Aqtobe": _("Aktobe"),
    "Asia/Atyrau": _("Atyrau"),
    "Asia/Oral": _("Oral"),
    "Asia/Qostanay": _("Kostanay"),
    "Asia/Qyzylorda": _("Kyzylorda"),
    "Asia/Bishkek": _("Bishkek"),
    "Asia/Dushanbe": _("Dushanbe"),
    "Asia/Ashgabat": _("Ashgabat"),
    "Asia/Tashkent": _("Tashkent"),
    "Asia/Samarkand": _("Samarkand"),
    "Europe/Zurich": _("Geneva"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Istanbul": _("Istanbul"),
    "Europe/London": _("London"),
    "America/Los_Angeles": _("Los Angeles"),
    "America/New_York": _("New York"),
    "America/Sao_Paulo": _("São Paulo"),
    "Asia/Tbilisi": _("Tbilisi"),
    "Asia/Dubai": _("Dubai"),
    "Asia/Karachi": _("Karachi"),
    "Asia/Kolkata": _("Kolkata"),
    "Asia/Bangkok": _("Bangkok"),
    "Asia/Shanghai": _("Shanghai"),
    "Asia/Tokyo": _("Tokyo"),
    "Australia/Sydney": _("Sydney"),
}
reader_zone: ContextVar[str] = ContextVar("reader_zone", default="")


@cache
def all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def today() -> date:
    """The day in UTC: what is counted in days, as a term of office or a confirmation, ends for everybody at once."""
    return timezone.now().date()


def known(name: str) -> bool:
    return name in all_zones()


def zone_of(request: HttpRequest) -> str:
    """The signed-in reader's zone, or ''. Visitors stay unread, so that pages can be shared; UTC is nobody's choice."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return ""
    return chosen(getattr(request.user, "time_zone", ""))


class ReaderZone:
    """Activate the reader's zone for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = zone_of(request)
        token = reader_zone.set(name)
        try:
            with timezone.override(name or settings.TIME_ZONE):
                return self.get_response(request)
        finally:
            reader_zone.reset(token)


def offset_name(moment: datetime) -> str:
    """`UTC+6`, `UTC+4:30`, `UTC`."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def zone_name(name: str, moment: datetime) -> str:
    """`Bishkek (UTC+6)`, in the reader's language."""
    offset = offset_name(moment.astimezone(ZoneInfo(name)))
    city = str(CITIES.get(name, "" if name == "UTC" else name.rsplit("/", 1)[-1].replace("_", " ")))
    return f"{city} ({offset})" if city else offset


def hour_in(moment: datetime, name: str) -> str:
    """`18:00, Bishkek (UTC+6)`."""
    return f"{date_format(moment.astimezone(ZoneInfo(name)), 'TIME_FORMAT')}, {zone_name(name, moment)}"


def chosen(name: str) -> str:
    """A zone that somebody chose, or ''. UTC is nobody's choice."""
    return name if name != settings.TIME_ZONE and known(name) else ""


def zone_for(organiser: str = "", reader: str | None = None) -> str:
    """In which zone an hour is said: the reader's, else the organiser's, else UTC.

    `reader`: the zone of the person to whom a mail goes; of whoever asks for the page if it is None.
    """
    own = reader_zone.get() if reader is None else chosen(reader)
    return own or (organiser if known(organiser) else settings.TIME_ZONE)


def moment_in(text: str) -> datetime | None:
    """The moment that an ISO text with its zone tells; days and anything else are not one."""
    try:
        found = datetime.fromisoformat(text) if "T" in text[:11] else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def in_words(moment: datetime, organiser: str = "", reader: str | None = None) -> str:
    """Day, hour and zone, in the zone of `zone_for`."""
    return in_zone(moment, zone_for(organiser, reader))


def in_short(moment: datetime, organiser: str = "") -> str:
    """The hour of today, the day of other moments on one line, in the zone of `zone_for`; a reader without one reads
    its name.
    """
    name = zone_for(organiser)
    local, now = moment.astimezone(ZoneInfo(name)), timezone.now().astimezone(ZoneInfo(name))
    if local.date() != now.date():
        return date_format(local, "DATE_FORMAT").replace(" ", NO_BREAK)
    return hour(moment, organiser)


def hour(moment: datetime, organiser: str = "") -> str:
    """The hour in the zone of `zone_for`; a reader without one reads its name."""
    name = zone_for(organiser)
    local = moment.astimezone(ZoneInfo(name))
    return date_format(local, "TIME_FORMAT") if reader_zone.get() else hour_in(moment, name)


def last_day(moment: datetime, organiser: str = "", reader: str | None = None, form: str = "DATE_FORMAT") -> str:
    """The day in which something ends, in the zone of `zone_for`; a reader without one reads whose day it is:
    `14 December 2026 (UTC+6)`.
    """
    local = moment.astimezone(ZoneInfo(zone_for(organiser, reader)))
    day = date_format(local, form)
    return day if (reader_zone.get() if reader is None else chosen(reader)) else f"{day} ({offset_name(local)})"


def in_zone(moment: datetime, name: str) -> str:
    """Day, hour and zone in the zone `name` whoever reads; UTC if there is no such zone."""
    name = name if known(name) else settings.TIME_ZONE
    day = date_format(moment.astimezone(ZoneInfo(name)), "DATE_FORMAT")
    return f"{day}, {hour_in(moment, name)}"


def in_both(moment: datetime, organiser: str, reader: str | None = None) -> str:
    """Day, hour and zone of the reader (as in `zone_for`), then the organiser's hour if it differs."""
    zone = zone_for(organiser, reader)
    if not offsets_differ(moment, zone, organiser):
        return in_zone(moment, zone)
    own, other = moment.astimezone(ZoneInfo(zone)), moment.astimezone(ZoneInfo(organiser))
    theirs = hour_in(moment, organiser) if own.date() == other.date() else in_zone(moment, organiser)
    return f"{in_zone(moment, zone)}; {theirs}"


def time_left(until: datetime, now: datetime | None = None) -> str:
    """`21 days left`, `5 hours left`, `12 minutes left`, `closed`."""
    minutes = int((until - (now or timezone.now())).total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 0:
        return pgettext("deadline", "closed")
    if days >= 2:
        days = round(minutes / 1440)
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if hours >= 2:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}


def deadline(moment: datetime, organiser: str) -> dict[str, object]:
    """What a deadline says: a date, the reader's hour with its zone, the organiser's hour, what is left."""
    reader, zone = reader_zone.get(), zone_for(organiser)
    other = hour_in(moment, organiser) if reader and offsets_differ(moment, reader, organiser) else ""
    return {
        "moment": moment.isoformat(),
        "zone": zone,
        "reader_known": bool(reader),
        "day": date_format(moment.astimezone(ZoneInfo(zone)), "DATE_FORMAT"),
        "hour": hour_in(moment, zone),
        "own_hour": other,
        "left": time_left(moment),
    }


def offsets_differ(moment: datetime, one: str, other: str) -> bool:
    return (
        known(other) and moment.astimezone(ZoneInfo(one)).utcoffset() != moment.astimezone(ZoneInfo(other)).utcoffset()
    )
