"""What the ground gathers about the journal; see network_platform/desk.py.

Erasing a person touches no record: records name people by their row, which stays without name and address.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from network_platform.desk import Area
from network_platform.journal.guard import is_whole
from network_platform.journal.models import Record
from network_platform.journal.rules import can_read_journal
from network_platform.journal.words import GROUND, Words
from network_platform.people.models import User


def areas_of(user: User) -> list[Area]:
    if not can_read_journal(user):
        return []
    return [Area(_("Journal"), reverse("journal"), _("Who did what, and when"))]


def journal_words() -> Words:
    return GROUND


def personal_data(user: User) -> dict[str, Any]:
    done = Record.objects.filter(actor=user).order_by("number")
    return {"done": list(done.values("number", "at", "verb", "thing_type", "label", "reason"))}


def problems() -> list[str]:
    if is_whole():
        return []
    return ["The journal is not guarded: a migration rebuilt its table without `guard.install`."]
