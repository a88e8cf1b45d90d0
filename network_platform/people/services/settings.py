"""A person's own names, language and time zone."""

from django.db import transaction

from network_platform.desk import gather
from network_platform.journal.services import record
from network_platform.page_cache import touch
from network_platform.people.models import User
from network_platform.zones import known

NOT_CHOSEN = "UTC"
FIELDS = ("name", "name_latin", "language", "time_zone")
NAMES = {"name", "name_latin"}


def suppose_zone(*, user: User, time_zone: str) -> None:
    """Read hours in this zone, if the person has never chosen one: UTC is nobody's choice. The settings change it."""
    if known(time_zone) and User.objects.filter(pk=user.pk, time_zone=NOT_CHOSEN).update(time_zone=time_zone):
        user.time_zone = time_zone


@transaction.atomic
def update_settings(*, user: User, name: str, name_latin: str, language: str, time_zone: str) -> User:
    """Keep what changed. The journal says which fields, never the names themselves: it cannot forget."""
    values = {"name": name, "name_latin": name_latin, "language": language, "time_zone": time_zone}
    changed = [field for field in FIELDS if getattr(user, field) != values[field]]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, values[field])
    user.save(update_fields=changed)
    if NAMES.intersection(changed):
        touch("people")
    gather("person_changed", user, changed)
    record(
        verb="person.settings",
        thing=user,
        by=user,
        scope=f"person:{user.uid}",
        label=user.reference,
        after={"fields": changed},
    )
    return user
