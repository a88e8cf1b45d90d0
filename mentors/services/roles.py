"""The door through which an expert's roles change state."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.enums import Availability, RoleState, Visibility
from mentors.lifecycle import EXPERT, ROLE
from mentors.models import ExpertRole
from mentors.rules import can_review_role
from mentors.services import mails, search_text
from network_platform.journal.services import record
from network_platform.lifecycle import Move
from network_platform.people.models import User


@transaction.atomic
def move_roles(*, roles: Iterable[ExpertRole], to: str, by: User | None, reason: str = "") -> list[ExpertRole]:
    """Move roles of one expert together: one journal record each, one mail for all.

    `by` is None only for the platform's own acts, such as erasing a person.
    """
    pks = [role.pk for role in roles]
    rows = list(ExpertRole.objects.select_for_update(of=("self",)).with_people().filter(pk__in=pks).order_by("pk"))
    moves = [_checked(role, to, by, reason) for role in rows]
    for role, move in zip(rows, moves, strict=True):
        _write(role, move, by, reason)
    if rows:
        search_text.refresh(rows[0].expert)
        mails.roles_moved(expert=rows[0].expert, roles=rows, to=to, reason=reason)
    return rows


@transaction.atomic
def set_availability(*, role: ExpertRole, availability: str, by: User) -> ExpertRole:
    """The expert's own word on how many requests fit now."""
    row = _own(role, by)
    before, row.availability = row.availability, Availability(availability)
    row.save(update_fields=["availability"])
    if before != row.availability:
        journal(role=row, verb="expert_role.availability", by=by, before={"availability": before})
    return row


@transaction.atomic
def hide_roles(*, user: User, shown_as: str) -> None:
    """Consent was withdrawn: what was shown on its ground is shown no more, from this moment."""
    rows = ExpertRole.objects.select_for_update(of=("self",)).with_people()
    shown = list(rows.filter(expert__user=user, visibility=shown_as).order_by("pk"))
    for role in shown:
        role.visibility = Visibility.HIDDEN
        role.save(update_fields=["visibility"])
        journal(role=role, verb="expert_role.hidden", by=user, before={"visibility": shown_as})
    if shown:
        search_text.refresh(shown[0].expert)


def journal(*, role: ExpertRole, verb: str, by: User | None, before: dict[str, str], reason: str = "") -> None:
    """Records are never erased, so they name the role and the country, not the person."""
    record(
        verb=verb,
        thing=role,
        by=by,
        scope=role.expert.scope,
        label=f"{role.role}, {role.expert.country.iso2}",
        before=before,
        after={key: str(getattr(role, key)) for key in before},
        reason=reason,
    )


def _checked(role: ExpertRole, to: str, by: User | None, reason: str) -> Move:
    move = ROLE.check(role.state, to)
    entitled = by is None or (role.expert.user_id == by.pk if move.who == EXPERT else can_review_role(by, role))
    if not entitled:
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("Say why: the expert reads it."))
    return move


def _write(role: ExpertRole, move: Move, by: User | None, reason: str) -> None:
    before = role.state
    role.state, role.state_at, role.state_reason = RoleState(move.target), timezone.now(), reason.strip()
    role.save(update_fields=["state", "state_at", "state_reason"])
    journal(role=role, verb=move.verb, by=by, before={"state": before}, reason=reason.strip())


def _own(role: ExpertRole, by: User) -> ExpertRole:
    row = ExpertRole.objects.select_for_update(of=("self",)).with_people().get(pk=role.pk)
    if row.expert.user_id != by.pk:
        raise PermissionDenied
    return row
