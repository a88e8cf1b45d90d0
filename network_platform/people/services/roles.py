"""Groups and access, given and taken by the secretariat."""

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction

from network_platform.background.services import send_message
from network_platform.desk import gather
from network_platform.journal.services import record
from network_platform.people.models import EDITORS, SECRETARIAT, User
from network_platform.people.rules import can_change_groups, can_deactivate_person
from network_platform.people.services.sessions import end_sessions

GROUPS = (SECRETARIAT, EDITORS)


@transaction.atomic
def change_groups(*, person: User, groups: set[str], by: User, reason: str = "") -> User:
    """Put the person into exactly these of `GROUPS`; other groups stay. The person is told by mail."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not can_change_groups(by, person) or not groups <= set(GROUPS):
        raise PermissionDenied
    before = person.group_names & set(GROUPS)
    if before == groups:
        return person
    person.groups.remove(*Group.objects.filter(name__in=before - groups))
    person.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in sorted(groups - before)))
    person.__dict__.pop("group_names", None)
    entry = record(
        verb="person.groups",
        thing=person,
        by=by,
        scope=f"person:{person.uid}",
        label=person.reference,
        before={"groups": sorted(before)},
        after={"groups": sorted(groups)},
        reason=reason,
    )
    send_message(
        template="people/groups_changed",
        to=person,
        dedupe_key=f"people.groups:{entry.number}",
        context={"added": sorted(groups - before), "removed": sorted(before - groups)},
    )
    return person


@transaction.atomic
def deactivate_person(*, person: User, by: User, reason: str) -> User:
    """Close the account: no sign-in any more, every session ends now."""
    return _set_active(person=person, by=by, active=False, reason=reason)


@transaction.atomic
def reactivate_person(*, person: User, by: User, reason: str = "") -> User:
    return _set_active(person=person, by=by, active=True, reason=reason)


def _set_active(*, person: User, by: User, active: bool, reason: str) -> User:
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not can_deactivate_person(by, person):
        raise PermissionDenied
    if person.is_active is active:
        return person
    person.is_active = active
    person.save(update_fields=["is_active"])
    end_sessions(user=person)
    gather("access_changed", person)
    record(
        verb="person.reactivated" if active else "person.deactivated",
        thing=person,
        by=by,
        scope=f"person:{person.uid}",
        label=person.reference,
        before={"active": not active},
        after={"active": active},
        reason=reason,
    )
    return person
