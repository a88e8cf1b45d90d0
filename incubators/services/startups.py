"""Writing start-up profiles."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incubators.enums import StartupRole
from incubators.models import Country, Startup, StartupMember
from incubators.rules import can_edit_startup, can_remove_startup
from incubators.services.reindexing import reindex_startup
from network_platform.drafts import NOTHING
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone

COLUMNS = ("name", "country", "city", "stage", "summary", "language", "website", "founded", "team_size", "typed")
LISTS = ("sectors", "sdgs")


@transaction.atomic
def create_startup(*, by: User, name: str, country: Country, **values: Any) -> Startup:
    """A new profile, owned by `by`. `values`: any of COLUMNS, and `sectors`, `sdgs` as iterables of rows."""
    lists = {key: values.pop(key) for key in LISTS if key in values}
    startup = Startup.objects.create(name=name, country=country, **values)
    StartupMember.objects.create(startup=startup, user=by, role=StartupRole.OWNER)
    _set_lists(startup, lists)
    suppose_zone(user=by, time_zone=country.time_zone)
    record(verb="startup.created", thing=startup, by=by, scope=f"person:{by.uid}", after={"name": startup.name})
    return startup


@transaction.atomic
def update_startup(
    *,
    startup: Startup,
    by: User,
    version: int,
    save_id: uuid.UUID | None = None,
    seen: Mapping[str, str] = NOTHING,
    **values: Any,
) -> Startup:
    """Save `values` (as in `create_startup`) on top of `version`; raises StaleWrite if somebody saved in between what
    the page, which showed `seen`, changed too.

    The same `save_id` again changes nothing. Keystrokes are not journaled; changes of what identifies it are.
    """
    row = Startup.objects.select_for_update().get(pk=startup.pk)
    if not can_edit_startup(by, row):
        raise PermissionDenied
    if version != row.version:
        row.leave_theirs(save_id=save_id, mine=in_form(values), stands=values_of(row), seen=seen)
    if row.is_repeat(save_id):
        return row
    row.step(save_id)
    before = {"name": row.name, "country": row.country.iso2}
    values = _without_theirs(row, values)
    for key in COLUMNS:
        setattr(row, key, values.get(key, getattr(row, key)))
    row.updated_at = timezone.now()
    row.save()
    _set_lists(row, {key: values[key] for key in LISTS if key in values})
    if row.shown_at is not None:
        reindex_startup(row)
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
    row.shown_at = None
    reindex_startup(row)
    row.delete()


def values_of(startup: Startup) -> dict[str, Any]:
    """The profile as its form holds it, JSON-ready."""
    lists = {key: getattr(startup, key).all() for key in LISTS}
    return in_form({key: getattr(startup, key) for key in COLUMNS} | lists)


def in_form(values: dict[str, Any]) -> dict[str, Any]:
    """Values as in `create_startup` as the form holds them: codes and texts; what is not valid yet, as it was typed."""
    plain = {key: value for key, value in values.items() if key != "typed"}
    shapes = {
        "country": lambda country: country.iso2,
        "founded": lambda day: day.isoformat() if day else "",
        "sectors": lambda rows: [row.code for row in rows],
        "sdgs": lambda rows: [row.number for row in rows],
    }
    return {key: shapes.get(key, _as_it_is)(value) for key, value in plain.items()} | values.get("typed", {})


def _as_it_is(value: Any) -> Any:
    return value


def _without_theirs(row: Startup, values: dict[str, Any]) -> dict[str, Any]:
    """What is to be written: in fields that somebody else changed stays what stands there, valid or not."""
    kept = {key: value for key, value in values.items() if key not in row.theirs}
    if "typed" in values:
        mine = {name: text for name, text in values["typed"].items() if name not in row.theirs}
        kept["typed"] = mine | {name: text for name, text in row.typed.items() if name in row.theirs}
    return kept


def _set_lists(startup: Startup, lists: dict[str, Any]) -> None:
    for key, rows in lists.items():
        getattr(startup, key).set(rows)
