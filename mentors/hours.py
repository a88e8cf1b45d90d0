"""Working days of two people, and how much of them they share."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, ngettext

WORKING_HOURS = 9
"""From nine to six."""


def shared_hours(mine: str, theirs: str, at: datetime | None = None) -> int:
    """Whole hours of my working day that are also in theirs."""
    now = at or timezone.now()
    apart = abs(_offset(mine, now) - _offset(theirs, now))
    apart = min(apart, timedelta(hours=24) - apart)
    return max(0, int((timedelta(hours=WORKING_HOURS) - apart) / timedelta(hours=1)))


def shared_in_words(mine: str, theirs: str) -> str:
    """`5 hours of your working day`."""
    hours = shared_hours(mine, theirs)
    if hours == WORKING_HOURS:
        return gettext("your whole working day")
    if hours == 0:
        return gettext("outside your working day")
    return ngettext("%(n)d hour of your working day", "%(n)d hours of your working day", hours) % {"n": hours}


def answer_in_words(hours: int | None) -> str:
    """`usually answers within 2 days`, or nothing where too few requests were answered."""
    if hours is None:
        return ""
    days = -(-hours // 24)
    if days <= 1:
        return gettext("usually answers within a day")
    return ngettext("usually answers within %(n)d day", "usually answers within %(n)d days", days) % {"n": days}


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
