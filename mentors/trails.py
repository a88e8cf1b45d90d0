"""What the journal knows of an expert's roles, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mentors.enums import Availability, RoleState, Visibility
from mentors.lifecycle import REVIEWER, ROLE
from mentors.models import ExpertRole
from network_platform.journal.models import Record
from network_platform.people.models import User

ANSWERED = {move.target for move in ROLE.moves if move.who == REVIEWER}
WORDS = {"state": RoleState, "availability": Availability, "visibility": Visibility}


@dataclass(frozen=True)
class Event:
    """One line: what became of which role, when, and the reason that was given."""

    role: str
    words: str
    at: datetime
    reason: str


def trail(reader: User, roles: Iterable[ExpertRole]) -> list[Event]:
    """The newest first, as far as this reader may read the journal."""
    known = {str(role.uid): role for role in roles}
    records = Record.objects.visible_to(reader).filter(
        thing_type=ExpertRole._meta.label_lower, thing_uid__in=list(known)
    )
    reasons = {uid: role.state_reason for uid, role in known.items()}
    return [
        Event(role.get_role_display(), _words(record.after), record.at, _reason(record, reasons))
        for record in records
        if (role := known[record.thing_uid])
    ]


def _reason(record: Record, reasons: dict[str, str]) -> str:
    """The last one that was given stands with the role, not in the journal; it belongs to the newest answer."""
    if record.after.get("state") not in ANSWERED:
        return ""
    return reasons.pop(record.thing_uid, "")


def _words(after: dict[str, str]) -> str:
    """The new value of what changed; every record of a role has one."""
    return ", ".join(str(WORDS[key](value).label) for key, value in after.items() if key in WORDS)
