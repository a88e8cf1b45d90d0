"""What every invitation by mail has in common: it is counted, sent and closed, and its address forgotten, in the outbox
too.
"""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from incubators.enums import InvitationStatus
from incubators.models.invitations import ByMail
from incubators.services.letters import path_in_language
from network_platform.background.services import forget_addressees, send_message
from network_platform.lifecycle import Lifecycle
from network_platform.people.models import User
from network_platform.tokens.services import digest_of

A_DAY = timedelta(days=1)
LINK_LASTS = timedelta(days=14)
ADDRESSES_KEPT = timedelta(days=30)  # of what nobody answered


class OwnAddressError(ValueError):
    """Nobody invites themselves."""


class TooManyInvitationsError(Exception):
    """As many as may leave of the person, or for the thing, left in the last day."""


def key_of(kind: type[ByMail], uid: UUID) -> str:
    """The key of the mail with the link."""
    return f"{kind.template}:{uid}"


def hold_inviter(by: User) -> None:
    """One act of a person at a time, so that what they sent can be counted. Before the thing is locked."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def refuse_own_address(email: str, by: User) -> None:
    if email == by.email.lower():
        raise OwnAddressError


def new_invitation(
    invitations: models.Manager, *, email: str, language: str, by: User, most_by: int, most_to: int, **more: Any
) -> tuple[Any, str]:
    """One of a thing's `invitations`, and the secret of its link. Raises TooManyInvitationsError once the person sent
    `most_by` in a day, or the thing was given `most_to`; those taken back count.
    """
    since = timezone.now() - A_DAY
    sent = invitations.model.objects.filter(invited_by=by, invited_at__gt=since).count()
    if sent >= most_by or invitations.filter(invited_at__gt=since).count() >= most_to:
        raise TooManyInvitationsError
    secret = secrets.token_urlsafe(32)
    invitation = invitations.create(
        email=email,
        language=language,
        token_hash=digest_of(secret),
        invited_by=by,
        expires_at=timezone.now() + LINK_LASTS,
        **more,
    )
    return invitation, secret


def write_to_address(invitation: ByMail, *, template: str, place: str, secret: str, context: dict[str, Any]) -> None:
    """In the chosen language; never to an account, so that nothing tells whether there is one."""
    inviter = invitation.invited_by
    send_message(
        template=template,
        to=invitation.email,
        language=invitation.language,
        dedupe_key=key_of(type(invitation), invitation.uid),
        context={
            **context,
            "inviter": inviter.get_full_name(),
            "until": invitation.expires_at.isoformat(),
            "link": path_in_language(invitation.language, place, secret),
        },
        about=[inviter],
        last_moment=invitation.expires_at,
    )


def close(invitation: ByMail, to: InvitationStatus) -> None:
    invitation.status, invitation.answered_at, invitation.email = to, timezone.now(), ""
    invitation.save(update_fields=["status", "answered_at", "email"])
    forget_addressees(keys=[key_of(type(invitation), invitation.uid)])


@transaction.atomic
def forget_old_addresses(kind: type[ByMail]) -> int:
    """Of invitations that expired ADDRESSES_KEPT ago. Returns how many."""
    old = kind._default_manager.filter(expires_at__lt=timezone.now() - ADDRESSES_KEPT).exclude(email="")
    _forget_mails_of(old)
    return old.update(email="")


@transaction.atomic
def forget_invitations_of(person: User, kind: type[ByMail], states: Lifecycle) -> None:
    """To the person, and those of the person that nobody has answered: they open nothing any more, and their mails do
    not leave.
    """
    open_ones = kind._default_manager.filter(status=InvitationStatus.OPEN)
    mine = open_ones.filter(Q(invited_by=person) | Q(email=person.email.lower()))
    states.check(InvitationStatus.OPEN, InvitationStatus.WITHDRAWN)
    _forget_mails_of(mine)
    mine.update(status=InvitationStatus.WITHDRAWN, email="", answered_at=timezone.now())


def _forget_mails_of(invitations: QuerySet[Any]) -> None:
    kind = invitations.model
    forget_addressees(keys=[key_of(kind, uid) for uid in invitations.values_list("uid", flat=True)])
