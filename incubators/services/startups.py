"""Writing start-up profiles."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incubators.enums import StartupRole
from incubators.models import Country, Startup, StartupMember
from incubators.rules import can_edit_startup, can_remove_startup
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone

PLAIN = ("name", "country", "city", "stage", "summary", "language", "website", "founded", "team_size", "typed")
LISTS = ("sectors", "sdgs")


@transaction.atomic
def create_startup(*, by: User, name: str, country: Country, **values: Any) -> Startup:
    """A new profile, owned by `by`. `values`: any of PLAIN, and `sectors`, `sdgs` as iterables of rows."""
    lists = {key: values.pop(key) for key in LISTS if key in values}
    startup = Startup.objects.create(name=name, country=country, **values)
    StartupMember.objects.create(startup=startup, user=by, role=StartupRole.OWNER)
    _set_lists(startup, lists)
    suppose_zone(user=by, time_zone=country.time_zone)
    record(verb="startup.created", thing=startup, by=by, scope=f"person:{by.uid}", after={"name": startup.name})
    return startup


@transaction.atomic
def update_startup(
    *, startup: Startup, by: User, version: int, save_id: uuid.UUID | None = None, **values: Any
) -> Startup:
    """Save `values` (as in `create_startup`) on top of `version`; raises StaleWrite if somebody saved in between.

    The same `save_id` again changes nothing. Keystrokes are not journaled; changes of what identifies it are.
    """
    row = Startup.objects.select_for_update().get(pk=startup.pk)
    if not can_edit_startup(by, row):
        raise PermissionDenied
    if row.is_repeat(save_id):
        return row
    row.advance(based_on=version, save_id=save_id, theirs=values_of(row))
    before = {"name": row.name, "country": row.country.iso2}
    for key in PLAIN:
        setattr(row, key, values.get(key, getattr(row, key)))
    row.updated_at = timezone.now()
    row.save()
    _set_lists(row, {key: values[key] for key in LISTS if key in values})
    after = {"name": row.name, "country": row.country.iso2}
    if after != before:
        record(verb="startup.renamed", thing=row, by=by, scope=f"person:{by.uid}", before=before, after=after)
    return row


@transaction.atomic
def remove_startup(*, startup: Startup, by: User) -> None:
    """Take away a profile with which nobody has applied."""
    row = Startup.objects.select_for_update().get(pk=startup.pk)
    if not can_remove_startup(by, row):
        raise PermissionDenied
    record(verb="startup.removed", thing=row, by=by, scope=f"person:{by.uid}", before={"name": row.name})
    row.delete()


def values_of(startup: Startup) -> dict[str, Any]:
    """The profile as its form holds it, JSON-ready."""
    plain = {key: getattr(startup, key) for key in PLAIN if key not in ("country", "founded", "typed")}
    return {
        **plain,
        "country": startup.country.iso2,
        "founded": startup.founded.isoformat() if startup.founded else "",
        "sectors": list(startup.sectors.values_list("code", flat=True)),
        "sdgs": list(startup.sdgs.values_list("number", flat=True)),
    }


def _set_lists(startup: Startup, lists: dict[str, Any]) -> None:
    for key, rows in lists.items():
        getattr(startup, key).set(rows)
