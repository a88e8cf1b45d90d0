"""The door through which an expert's roles change state."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.consents import CONTACT
from mentors.enums import Availability, RoleState, Visibility
from mentors.lifecycle import EXPERT, REVIEWER, ROLE
from mentors.models import Expert, ExpertRole
from mentors.rules import can_review_role
from mentors.services import mails, search_text
from mentors.services.locks import lock_expert, lock_experts
from mentors.services.search_text import TOPIC
from network_platform.drafts import StaleWrite
from network_platform.journal.services import record
from network_platform.lifecycle import Move
from network_platform.page_cache import touch
from network_platform.people.models import User


@transaction.atomic
def move_roles(
    *, roles: Iterable[ExpertRole], to: str, by: User | None, reason: str = "", seen: str | None = None
) -> list[ExpertRole]:
    """Move roles of one expert together: one journal record each, one mail for all.

    `by` is None only for the platform's own acts, such as erasing a person. `seen` is the version of the profile that
    a reviewer has read; raises StaleWrite if another one stands.
    """
    roles = list(roles)
    if not roles:
        return []
    expert = lock_expert(roles[0].expert_id)
    if seen is not None and seen != expert.version:
        raise StaleWrite(0, {})
    rows = _of(expert, pk__in=[role.pk for role in roles])
    moves = [_checked(role, to, by, reason) for role in rows]
    for role, move in zip(rows, moves, strict=True):
        _write(role, move, by, reason)
    search_text.refresh(expert)
    if to == RoleState.SUBMITTED:
        mails.roles_sent(expert=expert, roles=rows)
    elif moves[0].who == REVIEWER:
        mails.roles_answered(expert=expert, roles=rows, to=to, reason=reason, by=by)
    return rows


@transaction.atomic
def set_availability(*, role: ExpertRole, availability: str, by: User) -> ExpertRole:
    """The expert's own word on how many requests fit now; without consent to requests, none."""
    expert = lock_expert(role.expert_id)
    if expert.user_id != by.pk:
        raise PermissionDenied
    if availability != Availability.CLOSED and CONTACT not in expert.agreed:
        raise ValidationError(_("You have not agreed to requests from others. Agree in your settings first."))
    row = _of(expert, pk=role.pk)[0]
    _set_availability(row, Availability(availability), by)
    return row


@transaction.atomic
def hide_roles(*, user: User, shown_as: str) -> None:
    """Consent was withdrawn: what was shown on its ground is shown no more, from this moment."""
    for expert in lock_experts(Expert.objects.filter(user=user)):
        for role in _of(expert, visibility=shown_as):
            role.visibility = Visibility.HIDDEN
            role.save(update_fields=["visibility"])
            journal(role=role, verb="expert_role.hidden", by=user, before={"visibility": shown_as})
        search_text.refresh(expert)


@transaction.atomic
def close_roles(*, user: User) -> None:
    """Consent to requests was withdrawn: no role takes any, from this moment."""
    for expert in lock_experts(Expert.objects.filter(user=user)):
        for role in _of(expert):
            _set_availability(role, Availability.CLOSED, user)


@transaction.atomic
def find_anew(*, user: User) -> None:
    """Consent was given, or access closed or opened: put into the search what may be found, and nothing else."""
    for expert in lock_experts(Expert.objects.filter(user=user)):
        search_text.refresh(expert)


def journal(*, role: ExpertRole, verb: str, by: User | None, before: dict[str, str]) -> None:
    """Records are never erased, so they name the role and the country, not the person, and hold nobody's words."""
    record(
        verb=verb,
        thing=role,
        by=by,
        scope=role.expert.scope,
        label=f"{role.role}, {role.expert.country.iso2}",
        before=before,
        after={key: str(getattr(role, key)) for key in before},
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
    """The last reason stays with a role that is sent again, for both sides to read."""
    before, role.state, role.state_at = role.state, RoleState(move.target), timezone.now()
    if move.target != RoleState.SUBMITTED:
        role.state_reason = reason.strip()
    role.save(update_fields=["state", "state_at", "state_reason"])
    journal(role=role, verb=move.verb, by=by, before={"state": before})


def _set_availability(role: ExpertRole, availability: Availability, by: User) -> None:
    if role.availability == availability:
        return
    before, role.availability = role.availability, availability
    role.save(update_fields=["availability"])
    touch(TOPIC)
    journal(role=role, verb="expert_role.availability", by=by, before={"availability": before})


def _of(expert: Expert, **narrow: Any) -> list[ExpertRole]:
    """Roles of a locked expert, who comes with each."""
    rows = list(ExpertRole.objects.filter(expert=expert, **narrow).order_by("pk"))
    for role in rows:
        role.expert = expert
    return rows
