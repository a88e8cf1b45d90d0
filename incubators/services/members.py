"""Who edits an organisation's entry no longer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import MemberRole, OrganisationStatus
from incubators.models import Membership, Organisation
from incubators.rules import can_end_membership
from incubators.services.invitations import withdraw_invitations_of
from incubators.services.letters import tell_ended, tell_new_owner
from incubators.services.readers import leave
from network_platform.journal.services import record
from network_platform.people.models import User


class LastEditorError(Exception):
    """Nobody else who can sign in edits the entry: it is handed over or closed first."""


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str = "") -> None:
    """Take the entry out of the person's hands; they get a mail unless it is they who leave. Those whom the person
    invited cannot accept any more; an owner is followed by `heir_of`.

    One that has ended already stays so. The last editor of an entry that is not closed does not leave: raises
    LastEditorError. Who serves the country may take them out.
    """
    organisation = Organisation.objects.locked().get(pk=membership.organisation_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user")
    held = rows.filter(pk=membership.pk).first()
    if held is None:
        return
    held.organisation = organisation
    if not can_end_membership(by, held):
        raise PermissionDenied
    person, role = held.user, held.role
    if person.pk == by.pk and is_last_editor(held):
        raise LastEditorError
    pass_ownership(held, by=by)
    leave(held)
    withdraw_invitations_of(person, organisation=organisation, by=by)
    entry = record(
        verb="organisation.editor_ended",
        thing=organisation,
        by=by,
        scope=organisation.scope,
        before={"editor": str(person.uid), "role": role},
        reason=reason.strip(),
    )
    if person.pk != by.pk and person.is_active:
        tell_ended(organisation, person, step=str(entry.number), reason=reason.strip())


def heir_of(membership: Membership) -> Membership | None:
    """Who becomes the owner when the only one goes: of those who can sign in, who has edited the entry for longest."""
    others = Membership.objects.filter(organisation=membership.organisation_id, user__is_active=True)
    others = others.exclude(user=membership.user_id)
    if membership.role != MemberRole.OWNER or others.filter(role=MemberRole.OWNER).exists():
        return None
    return others.select_related("user").order_by("since", "pk").first()


def pass_ownership(membership: Membership, *, by: User) -> None:
    """To be called in a transaction, with the organisation held, before the membership ends."""
    heir, organisation = heir_of(membership), membership.organisation
    if heir is None:
        return
    heir.role = MemberRole.OWNER
    heir.save(update_fields=["role"])
    entry = record(
        verb="organisation.ownership_passed",
        thing=organisation,
        by=by,
        scope=organisation.scope,
        before={"editor": str(membership.user.uid)},
        after={"editor": str(heir.user.uid)},
    )
    tell_new_owner(organisation, heir.user, step=str(entry.number), inherits=True)


def is_last_editor(membership: Membership) -> bool:
    """Whether nobody else who can sign in edits an entry that is not closed."""
    if membership.organisation.status == OrganisationStatus.CLOSED:
        return False
    others = Membership.objects.filter(organisation=membership.organisation_id, user__is_active=True)
    return not others.exclude(user=membership.user_id).exists()
