"""Who edits an organisation's entry no longer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.models import Membership, Organisation
from incubators.rules import can_end_membership
from incubators.services.letters import path_in
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str = "") -> None:
    """Take the entry out of the person's hands; they get a mail unless it is they who leave.

    One that has ended already stays so.
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
    membership.delete()
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
