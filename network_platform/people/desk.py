"""What the ground gathers about people themselves; see network_platform/desk.py."""

from typing import Any, TextIO

from django.urls import reverse
from django.utils.translation import gettext as _

from network_platform.desk import Area, Waiting
from network_platform.people.models import EDITORS, SECRETARIAT, User


def scopes_of(user: User) -> set[str]:
    scopes = {f"person:{user.uid}"}
    if user.is_secretariat:
        scopes.add("secretariat")
    return scopes


def needs_second_factor(user: User) -> bool:
    """The secretariat decides on everything, editors of all pages on what everybody reads."""
    return user.is_active and bool({SECRETARIAT, EDITORS} & user.group_names)


def waiting_for(user: User) -> list[Waiting]:
    if user.name:
        return []
    return [Waiting(title=_("Add your name"), url=reverse("settings"), detail=_("Others see it next to your work."))]


def areas_of(user: User) -> list[Area]:
    own = [Area(_("Settings"), reverse("settings"), _("Name, language, time zone, password, your data"))]
    if not user.is_secretariat:
        return own
    return [
        Area(_("People and roles"), reverse("people"), _("Find a person, give a role, close access")),
        Area(_("Pages and documents"), reverse("wagtailadmin_home"), _("Handbooks, news, country pages")),
        *own,
    ]


def roles_of(user: User) -> list[str]:
    names = {SECRETARIAT: _("secretariat"), EDITORS: _("editor of pages")}
    return [str(names[name]) for name in sorted(user.group_names & set(names))]


def personal_data(user: User) -> dict[str, Any]:
    from network_platform.people.own_data import account_data

    return account_data(user)


def load_demonstration(stdout: TextIO) -> None:
    from network_platform.people.demonstration import PARTS, load_people

    load_people()
    stdout.write(f"people: {len(PARTS)} logins")
