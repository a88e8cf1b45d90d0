"""What every invitation by mail has in common: it is closed, and its address forgotten, in the outbox too."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from incubators.enums import InvitationStatus
from incubators.models.invitations import ByMail, ByMailQuerySet
from network_platform.background.services import forget_addressees
from network_platform.lifecycle import Lifecycle
from network_platform.people.models import User

LINK_LASTS = timedelta(days=14)
ADDRESSES_KEPT = timedelta(days=30)  # of what nobody answered


class OwnAddressError(ValueError):
    """Nobody invites themselves."""


class TooManyInvitationsError(Exception):
    """As many as may leave of the person, or for the thing, left in the last day."""


def key_of(kind: type[ByMail], uid: UUID) -> str:
    """The key of the mail with the link."""
    return f"{kind.template}:{uid}"


def close(invitation: ByMail, to: InvitationStatus) -> None:
    invitation.status, invitation.answered_at, invitation.email = to, timezone.now(), ""
    invitation.save(update_fields=["status", "answered_at", "email"])
    forget_addressees(keys=[key_of(type(invitation), invitation.uid)])


@transaction.atomic
def forget_old_addresses(kind: type[ByMail]) -> int:
    """Of invitations that expired ADDRESSES_KEPT ago. Returns how many."""
    old = kind.objects.filter(expires_at__lt=timezone.now() - ADDRESSES_KEPT).exclude(email="")
    _forget_mails_of(old)
    return old.update(email="")


@transaction.atomic
def forget_invitations_of(person: User, kind: type[ByMail], states: Lifecycle) -> None:
    """To the person, and those of the person that nobody has answered: they open nothing any more, and their mails do
    not leave.
    """
    open_ones = kind.objects.filter(status=InvitationStatus.OPEN)
    mine = open_ones.filter(Q(invited_by=person) | Q(email=person.email.lower()))
    states.check(InvitationStatus.OPEN, InvitationStatus.WITHDRAWN)
    _forget_mails_of(mine)
    mine.update(status=InvitationStatus.WITHDRAWN, email="", answered_at=timezone.now())


def _forget_mails_of(invitations: ByMailQuerySet) -> None:
    kind = invitations.model
    forget_addressees(keys=[key_of(kind, uid) for uid in invitations.values_list("uid", flat=True)])
