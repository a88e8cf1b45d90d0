"""The founder of a start-up that came by import is asked by e-mail to keep its profile from then on."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import InvitationStatus, StartupRole
from incubators.lifecycle import FOUNDER_INVITATION
from incubators.models import FounderInvitation, Startup, StartupMember
from incubators.rules import can_accept_founder_invitation, can_invite_founder, can_withdraw_founder_invitation
from incubators.services.by_mail import close, hold_inviter, new_invitation, refuse_own_address, write_to_address
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone
from network_platform.tokens.services import digest_of

MOST_A_DAY = 50  # of one person; those taken back count
MOST_TO_ONE = 5  # a day, for one start-up, whoever invites


@transaction.atomic
def invite_founder(*, startup: Startup, email: str, language: str, by: User) -> FounderInvitation:
    """Write to an address, whether or not it has an account. What waits for this start-up is taken back."""
    email = email.lower()
    hold_inviter(by)
    startup = _locked(startup.pk)
    if not can_invite_founder(by, startup):
        raise PermissionDenied
    refuse_own_address(email, by)
    for before in startup.invitations.filter(status=InvitationStatus.OPEN).select_for_update(of=("self",)):
        _withdraw(before, startup, by)
    invitation, secret = new_invitation(
        startup.invitations, email=email, language=language, by=by, most_by=MOST_A_DAY, most_to=MOST_TO_ONE
    )
    write_to_address(
        invitation,
        template="incubators/founder_invited",
        place="incubators:founder-invitation",
        secret=secret,
        context={"startup": startup.name},
    )
    record(verb="startup.founder_invited", thing=startup, by=by, scope=_scope_of(startup))
    return invitation


def founder_invitation_behind(token: str) -> FounderInvitation | None:
    """None unless the invitation waits for an answer."""
    found = FounderInvitation.objects.open().filter(token_hash=digest_of(token))
    return found.select_related("startup__country", "invited_by").first()


@transaction.atomic
def accept_founder_invitation(*, invitation: FounderInvitation, by: User) -> StartupMember:
    """Own the profile from now on, as if it had been made by this founder. It is shown to nobody by that."""
    invitation = _held(invitation)
    move = FOUNDER_INVITATION.check(invitation.status, InvitationStatus.ACCEPTED)
    if not can_accept_founder_invitation(by, invitation):
        raise PermissionDenied
    startup = invitation.startup
    member = StartupMember.objects.create(startup=startup, user=by, role=StartupRole.OWNER)
    suppose_zone(user=by, time_zone=startup.country.time_zone)
    close(invitation, InvitationStatus.ACCEPTED)
    record(verb=move.verb, thing=startup, by=by, scope=_scope_of(startup))
    _tell_inviter(invitation, by)
    return member


@transaction.atomic
def withdraw_founder_invitation(*, invitation: FounderInvitation, by: User) -> None:
    """Its link opens nothing from now on. Raises IllegalMove if it was answered or replaced first."""
    invitation = _held(invitation)
    FOUNDER_INVITATION.check(invitation.status, InvitationStatus.WITHDRAWN)
    if not can_withdraw_founder_invitation(by, invitation):
        raise PermissionDenied
    _withdraw(invitation, invitation.startup, by)


def _locked(pk: int) -> Startup:
    return Startup.objects.select_for_update(of=("self",)).select_related("country").get(pk=pk)


def _held(invitation: FounderInvitation) -> FounderInvitation:
    """The start-up first, as an import does; both as they stand after the wait."""
    startup = _locked(invitation.startup_id)
    rows = FounderInvitation.objects.select_for_update(of=("self",)).select_related("invited_by")
    held = rows.get(pk=invitation.pk)
    held.startup = startup
    return held


def _withdraw(invitation: FounderInvitation, startup: Startup, by: User) -> None:
    move = FOUNDER_INVITATION.check(invitation.status, InvitationStatus.WITHDRAWN)
    close(invitation, InvitationStatus.WITHDRAWN)
    record(verb=move.verb, thing=startup, by=by, scope=_scope_of(startup))


def _scope_of(startup: Startup) -> str:
    """Who serves the country reads in the journal that the start-up was handed out, and never to which address."""
    return f"country:{startup.country.iso2}"


def _tell_inviter(invitation: FounderInvitation, founder: User) -> None:
    """Without a link: from now on the founders choose who reads the profile."""
    send_message(
        template="incubators/founder_came",
        to=invitation.invited_by,
        dedupe_key=f"incubators/founder_came:{invitation.uid}",
        context={"startup": invitation.startup.name, "name": founder.get_full_name()},
        about=[founder],
    )
