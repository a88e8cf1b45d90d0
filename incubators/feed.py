"""The ends of calls as a calendar."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from incubators.models import Country, OpenCall, Organisation
from incubators.models.programmes import OpenCallQuerySet
from network_platform import zones
from network_platform.ical import Event, calendar

MOST = 1000


def calendar_of(calls: OpenCallQuerySet, about: Sequence[Country | Organisation] = ()) -> str:
    """The file, in the language of the address; its name says whose calls it holds."""
    name = ": ".join(filter(None, [_("Calls for start-ups"), ", ".join(map(str, about))]))
    return calendar(name, (_event(call) for call in calls.for_rows()[:MOST]))


def _event(call: OpenCall) -> Event:
    organisation = call.programme.organisation
    zone = call.zone if zones.known(call.zone) else settings.TIME_ZONE
    address = f"{settings.BASE_URL}{call.get_absolute_url()}"
    told = [f"{organisation}, {organisation.country}", zones.in_zone(call.closes_at, zone), call.apply_url or address]
    return Event(
        uid=f"call-{call.uid}@{settings.BASE_URL.partition('//')[2].partition('/')[0]}",
        summary=_("Closes: %(title)s") % {"title": call},
        at=call.closes_at,
        zone=zone,
        changed=call.updated_at,
        sequence=call.version,
        description="\n".join(told),
        url=address,
    )
