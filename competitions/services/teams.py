"""Inviting people to work on one entry."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from competitions.models import Entry, TeamMember
from competitions.rules import can_edit_entry
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User

MOST_INVITED = 10


class TooManyInvited(ValueError):
    """An entry's team is small; the platform is not for mailing strangers."""


@transaction.atomic
def invite_member(*, entry: Entry, email: str, by: User) -> TeamMember:
    """Write to an address; the same address again changes nothing."""
    if not can_edit_entry(by, entry):
        raise PermissionDenied
    if entry.team.count() >= MOST_INVITED:
        raise TooManyInvited
    member, created = TeamMember.objects.get_or_create(entry=entry, email=email.lower(), defaults={"invited_by": by})
    if created:
        _write_to(member, by)
        record(verb="entry.member_invited", thing=entry, by=by, scope=f"person:{by.uid}", label=str(entry.competition))
    return member


def _write_to(member: TeamMember, by: User) -> None:
    known = User.objects.filter(email__iexact=member.email, is_active=True).first()
    context = {
        "competition": member.entry.competition.names,
        "startup": member.entry.startup.name,
        "inviter": by.get_full_name(),
        "path": f"/{known.language if known else by.language}/competitions/invitations/{member.uid}/",
    }
    send_message(
        template="competitions/invitation",
        to=known or member.email,
        dedupe_key=f"team:{member.uid}",
        context=context,
        language="" if known else by.language,
    )


@transaction.atomic
def join_team(*, member: TeamMember, by: User) -> TeamMember:
    """The invited person, known by the address the invitation went to, joins."""
    if not is_invited(by, member):
        raise PermissionDenied
    member.user, member.joined_at = by, timezone.now()
    member.save(update_fields=["user", "joined_at"])
    record(verb="entry.member_joined", thing=member.entry, by=by, scope=f"person:{by.uid}")
    return member


@transaction.atomic
def remove_member(*, member: TeamMember, by: User) -> None:
    if not can_edit_entry(by, member.entry):
        raise PermissionDenied
    record(verb="entry.member_removed", thing=member.entry, by=by, scope=f"person:{by.uid}")
    member.delete()


def is_invited(user: User, member: TeamMember) -> bool:
    return user.is_active and member.joined_at is None and user.email.lower() == member.email.lower()
