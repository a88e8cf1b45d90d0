"""What the desk shows: waiting things of all apps in order, the person's areas, and how to begin."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network_platform.desk import Area, Waiting, gather
from network_platform.people.models import User
from network_platform.zones import zone_for

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Beginning:
    """For somebody with nothing on the desk: who they are, and the way to their first step."""

    key: str
    who: str
    title: str
    url: str


@dataclass(frozen=True)
class Row:
    """A line of what waits, `due` in the reader's zone or that of the thing. `things` are behind it; `shown_count` is 0
    where the title says their number already.
    """

    title: str
    url: str
    due: datetime | None
    detail: str
    shown_count: int
    things: int
    zone: str


def waiting_for(user: User) -> list[Row]:
    """Soonest due first; what has no date keeps the order of the apps."""
    found: list[Waiting] = [item for items in gather("waiting_for", user) for item in items]
    return [row_of(item) for item in sorted(found, key=lambda item: item.due or LAST)]


def sent_by(user: User) -> list[Waiting]:
    sent: list[Waiting] = [item for items in gather("sent_by", user) for item in items]
    return sent


def lost_with(user: User) -> list[Waiting]:
    lost: list[Waiting] = [item for items in gather("lost_with", user) for item in items]
    return lost


def row_of(item: Waiting) -> Row:
    said = str(item.count) in str(item.title).split()
    shown_count, things = 0 if said else item.count, item.count or 1
    return Row(str(item.title), item.url, item.due, str(item.detail), shown_count, things, zone_for(item.zone))


def areas_for(user: User) -> list[Area]:
    """The own work first, what the ground has for everybody last."""
    areas: list[Any] = [area for areas in reversed(gather("areas_of", user)) for area in areas]
    return areas


def begun_by(user: User) -> set[str]:
    """The keys of the ways that this person has gone already."""
    return {key for keys in gather("begun_by", user) for key in keys}


def beginnings(taken: set[str]) -> list[Beginning]:
    """The first steps besides those taken."""
    base = f"/{get_language()}"
    ways = [
        Beginning(
            "incubators", _("Incubator, accelerator, hub"), _("Find or list your organisation"), f"{base}/incubators/"
        ),
        Beginning("competitions", _("Start-up"), _("See open calls and apply"), f"{base}/competitions/"),
        Beginning("asking", _("Whoever needs advice"), _("Find a mentor"), f"{base}/mentors/"),
        Beginning("mentors", _("Trainer, tracker, mentor"), _("Join the shared database"), f"{base}/mentors/join/"),
        Beginning("handbooks", _("Everybody"), _("Read the handbooks"), f"{base}/handbooks/"),
    ]
    return [way for way in ways if way.key not in taken]
