"""Inviting people to work on one entry."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from competitions.models import Entry, TeamMember
from competitions.rules import can_edit_entry, can_remove_member
from competitions.services.letters import team_of
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User

MOST_IN_TEAM = 10
MOST_A_DAY = 10


class TooManyInvited(ValueError):
    """An entry's team is small."""


class OwnAddress(ValueError):
    """Nobody invites themselves."""


class AlreadyInTeam(ValueError):
    """The address of somebody who works on the entry."""


class TooManyToday(ValueError):
    """The platform is not for mailing strangers: letters of one entry, and of one person, are counted by the day."""


@transaction.atomic
def invite_member(*, entry: Entry, email: str, by: User) -> TeamMember:
    """Write to an address; the same address again changes nothing.

    Raises OwnAddress, AlreadyInTeam, TooManyInvited, TooManyToday.
    """
    if email.lower() == by.email.lower():
        raise OwnAddress
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = (
        Entry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("competition", "startup")
        .get(pk=entry.pk)
    )
    if not can_edit_entry(by, row):
        raise PermissionDenied
    known = row.team.current().filter(email=email.lower()).first()
    if known is not None:
        return known
    if email.lower() in {person.email.lower() for person in team_of(row)}:
        raise AlreadyInTeam
    _demand_modest(row, by)
    member = TeamMember.objects.create(entry=row, email=email.lower(), invited_by=by)
    _write_to(member, by)
    record(verb="entry.member_invited", thing=row, by=by, scope=f"person:{by.uid}", label=str(row.competition))
    return member


def _demand_modest(entry: Entry, by: User) -> None:
    if entry.team.current().count() >= MOST_IN_TEAM:
        raise TooManyInvited
    today = TeamMember.objects.filter(invited_at__gt=timezone.now() - timedelta(days=1))
    if today.filter(Q(entry=entry) | Q(invited_by=by)).count() >= MOST_A_DAY:
        raise TooManyToday


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
        about=[by],
    )


@transaction.atomic
def join_team(*, member: TeamMember, by: User) -> TeamMember:
    """The invited person, known by the address the invitation went to, joins."""
    row = _locked(member)
    if not is_invited(by, row):
        raise PermissionDenied
    row.user, row.joined_at = by, timezone.now()
    row.save(update_fields=["user", "joined_at"])
    record(verb="entry.member_joined", thing=row.entry, by=by, scope=f"person:{by.uid}")
    _tell_inviter(row, by)
    return row


def _tell_inviter(member: TeamMember, joined: User) -> None:
    inviter = member.invited_by
    if inviter is None or not inviter.is_active:
        return
    with override(inviter.language):
        path = reverse("competitions:entry-team", args=[member.entry.uid])
    send_message(
        template="competitions/member_joined",
        to=inviter,
        dedupe_key=f"team-joined:{member.uid}",
        context={
            "competition": member.entry.competition.names,
            "startup": member.entry.startup.name,
            "person": joined.get_full_name(),
            "path": path,
        },
        about=[joined],
    )


@transaction.atomic
def remove_member(*, member: TeamMember, by: User) -> None:
    """Take an invitation back, or let somebody go: the row is emptied and stays among the letters of its day."""
    row = _locked(member)
    if not can_remove_member(by, row):
        raise PermissionDenied
    row.email, row.user, row.joined_at = "", None, None
    row.save(update_fields=["email", "user", "joined_at"])
    record(verb="entry.member_removed", thing=row.entry, by=by, scope=f"person:{by.uid}")


def _locked(member: TeamMember) -> TeamMember:
    rows = TeamMember.objects.select_for_update(of=("self",)).select_related(
        "entry__competition", "entry__startup", "invited_by"
    )
    return rows.get(pk=member.pk)


def is_invited(user: User, member: TeamMember) -> bool:
    is_open = member.joined_at is None and member.email != ""
    return is_open and user.is_active and user.email.lower() == member.email.lower()
