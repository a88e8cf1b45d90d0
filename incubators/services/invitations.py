"""An editor asks somebody by e-mail to edit the entry too, or to take it over."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import InvitationStatus, MemberRole
from incubators.lifecycle import INVITATION
from incubators.models import Invitation, Membership, Organisation
from incubators.models.invitations import InvitationQuerySet
from incubators.rules import can_accept_invitation, can_invite_editor, can_withdraw_invitation
from incubators.services.by_mail import close, hold_inviter, new_invitation, refuse_own_address, write_to_address
from incubators.services.letters import members_of, reviewers_of, tell_new_owner, write_to
from incubators.services.readers import leave
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.tokens.services import digest_of

MOST_A_DAY = 10  # of one person, and to one entry; those taken back count


@transaction.atomic
def invite_editor(
    *, organisation: Organisation, email: str, language: str, by: User, hands_over: bool = False
) -> tuple[Invitation, bool]:
    """Write to an address, whether or not it has an account. One that waits is kept as it is, unless whoever sent it
    edits no longer; the second value says whether a mail left.
    """
    email = email.lower()
    hold_inviter(by)
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not can_invite_editor(by, organisation):
        raise PermissionDenied
    refuse_own_address(email, by)
    open_ones = organisation.invitations.open().filter(email=email)
    _withdraw_all(open_ones.exclude(pk__in=open_ones.answerable().values("pk")), by=by)
    waiting = open_ones.filter(hands_over=hands_over).first()
    if waiting is not None:
        return waiting, False
    invitation, secret = new_invitation(
        organisation.invitations,
        email=email,
        language=language,
        by=by,
        most_by=MOST_A_DAY,
        most_to=MOST_A_DAY,
        hands_over=hands_over,
    )
    write_to_address(
        invitation,
        template="incubators/handing_over" if hands_over else "incubators/editor_invited",
        place="incubators:invitation",
        secret=secret,
        context={"titles": organisation.titles},
    )
    _journal(invitation, "organisation.editor_invited", by)
    return invitation, True


def invitation_behind(token: str) -> Invitation | None:
    """None unless the invitation waits for an answer."""
    found = Invitation.objects.open().filter(token_hash=digest_of(token))
    return found.select_related("organisation__country", "invited_by").first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Edit the entry from now on; what else waits at the address for this entry is taken back. Whoever handed it over
    leaves, and gives the own role away.
    """
    invitation = _held(invitation)
    move = INVITATION.check(invitation.status, InvitationStatus.ACCEPTED)
    if not can_accept_invitation(by, invitation):
        raise PermissionDenied
    organisation, inviter = invitation.organisation, invitation.invited_by
    others = [person for person in members_of(organisation) if person.pk != by.pk]
    membership, _created = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": MemberRole.EDITOR}
    )
    _withdraw_all(organisation.invitations.open().filter(email=invitation.email).exclude(pk=invitation.pk), by=by)
    close(invitation, InvitationStatus.ACCEPTED)
    if invitation.hands_over:
        _take_over(membership, inviter, by)
    else:
        after = {"editor": str(by.uid), "role": membership.role}
        record(verb=move.verb, thing=organisation, by=by, scope=organisation.scope, after=after)
    for person in {*others, *reviewers_of(organisation.country, without=[by])}:
        _tell(invitation, person, by)
    return membership


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Its link opens nothing from now on. Raises IllegalMove if it was answered first."""
    invitation = _held(invitation)
    INVITATION.check(invitation.status, InvitationStatus.WITHDRAWN)
    if not can_withdraw_invitation(by, invitation):
        raise PermissionDenied
    _withdraw(invitation, by)
    return invitation


def withdraw_invitations_of(person: User, *, organisation: Organisation, by: User) -> None:
    """To be called with the organisation held, when the person edits it no longer: nobody could accept them."""
    _withdraw_all(organisation.invitations.open().filter(invited_by=person), by=by)


def _held(invitation: Invitation) -> Invitation:
    """The organisation first, as everywhere; both as they stand after the wait."""
    organisation = Organisation.objects.locked().get(pk=invitation.organisation_id)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("invited_by")
    held = rows.get(pk=invitation.pk)
    held.organisation = organisation
    return held


def _withdraw_all(invitations: InvitationQuerySet, *, by: User) -> None:
    """Of one organisation, which is held."""
    for invitation in invitations.select_for_update(of=("self",)).select_related("organisation__country"):
        _withdraw(invitation, by)


def _withdraw(invitation: Invitation, by: User) -> None:
    move = INVITATION.check(invitation.status, InvitationStatus.WITHDRAWN)
    close(invitation, InvitationStatus.WITHDRAWN)
    _journal(invitation, move.verb, by)


def _take_over(membership: Membership, inviter: User, by: User) -> None:
    """The one who hands over leaves; the other gets that role."""
    organisation = membership.organisation
    leaving = Membership.objects.get(user=inviter, organisation=organisation)
    leaving.organisation = organisation
    if leaving.role == MemberRole.OWNER:
        membership.role = MemberRole.OWNER
        membership.save(update_fields=["role"])
    leave(leaving)
    withdraw_invitations_of(inviter, organisation=organisation, by=by)
    entry = record(
        verb="organisation.handed_over",
        thing=organisation,
        by=by,
        scope=organisation.scope,
        before={"editor": str(inviter.uid), "role": leaving.role},
        after={"editor": str(by.uid), "role": membership.role},
    )
    if leaving.role == MemberRole.OWNER:
        tell_new_owner(organisation, by, step=str(entry.number), inherits=False)


def _tell(invitation: Invitation, person: User, editor: User) -> None:
    """Colleagues and who serves the country; also whoever handed over: they have left."""
    organisation, inviter = invitation.organisation, invitation.invited_by
    left = invitation.hands_over and person.pk == inviter.pk
    place = "incubators:detail" if left else "incubators:editors"
    write_to(
        person,
        "incubators/editor_came",
        page=(place, organisation.slug),
        step=str(invitation.uid),
        context={
            "titles": organisation.titles,
            "name": editor.get_full_name(),
            "inviter": inviter.get_full_name(),
            "hands_over": invitation.hands_over,
            "left": left,
        },
        about=[each for each in (editor, inviter) if each.pk != person.pk],
    )


def _journal(invitation: Invitation, verb: str, by: User) -> None:
    """Without the address: records are never erased."""
    record(verb=verb, thing=invitation.organisation, by=by, scope=invitation.organisation.scope)
