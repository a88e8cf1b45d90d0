"""Who edits an organisation's entry no longer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import OrganisationStatus
from incubators.models import Membership, Organisation
from incubators.rules import can_end_membership
from incubators.services.invitations import withdraw_invitations_of
from incubators.services.letters import path_in
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User


class LastEditorError(Exception):
    """Nobody else who can sign in edits the entry: it is handed over or closed first."""


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str = "") -> None:
    """Take the entry out of the person's hands; they get a mail unless it is they who leave. Those whom the person
    invited cannot accept any more.

    One that has ended already stays so. The last editor of an entry that is not closed does not leave: raises
    LastEditorError. Who serves the country may take them out.
    """
    organisation = Organisation.objects.locked().get(pk=membership.organisation_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user")
    membership = rows.filter(pk=membership.pk).first()
    if membership is None:
        return
    membership.organisation = organisation
    if not can_end_membership(by, membership):
        raise PermissionDenied
    person, role = membership.user, membership.role
    if person.pk == by.pk and is_last_editor(membership):
        raise LastEditorError
    membership.delete()
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
        send_message(
            template="incubators/editor_ended",
            to=person,
            dedupe_key=f"incubators/editor_ended:{entry.number}",
            context={
                "titles": organisation.titles,
                "path": path_in(person, "incubators:detail", organisation.slug),
                "reason": reason.strip(),
            },
        )


def is_last_editor(membership: Membership) -> bool:
    """Whether nobody else who can sign in edits an entry that is not closed."""
    if membership.organisation.status == OrganisationStatus.CLOSED:
        return False
    others = Membership.objects.filter(organisation=membership.organisation_id, user__is_active=True)
    return not others.exclude(user=membership.user_id).exists()
