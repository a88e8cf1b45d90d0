"""Where a listed organisation stands: suspended, closed, reinstated, out of date.

The moves that need no revision; those of an answer are in `review`, of a confirmation in `confirming`, of a merger in
`merging`, of an approval undone in `bulk_approvals`.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incubators.enums import OrganisationStatus
from incubators.lifecycle import ORGANISATION
from incubators.models import Organisation
from incubators.rules import can_move_organisation
from incubators.services.letters import tell_members
from incubators.services.save_and_tell import save_and_tell
from incubators.services.transfers import withdraw_transfer
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User

# Mail to the editors, and the page that it leads to.
LETTERS = {
    "organisation.went_stale": ("incubators/went_stale", "incubators:edit"),
    "organisation.suspended": ("incubators/suspended", "incubators:detail"),
    "organisation.closed": ("incubators/closed", "incubators:detail"),
    "organisation.reinstated": ("incubators/reinstated", "incubators:detail"),
}


@transaction.atomic
def move_organisation(
    *,
    organisation: Organisation,
    to: OrganisationStatus,
    by: User | None,
    reason: str = "",
    successor: Organisation | None = None,
) -> Organisation:
    """The moves that need no revision. `by` is None for what the platform does itself: letting an entry grow old.
    `successor` is where the work of what is closed goes on. No other country is asked any more to take what is closed.
    """
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    move = ORGANISATION.check(organisation.status, to)
    if not _may_move(by, organisation, to):
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    if successor and (to != OrganisationStatus.CLOSED or not _may_succeed(successor, organisation)):
        raise ValidationError(_("Only a listed organisation can go on with the work of another one that closes."))
    before, organisation.status = organisation.status, to
    organisation.successor = successor or organisation.successor
    after = {"status": to, **({"organisation": str(successor.uid)} if successor else {})}
    if by and to == OrganisationStatus.CLOSED:
        for transfer in organisation.transfers.open():
            withdraw_transfer(transfer=transfer, by=by)
    save_and_tell(organisation, move.verb, by, before={"status": before}, after=after, reason=reason)
    if move.verb in LETTERS:
        template, place = LETTERS[move.verb]
        tell_members(organisation, template, place=place, reason=reason.strip())
    return organisation


def age_organisations() -> int:
    """Move to STALE what nobody confirmed in time, each in a transaction of its own. Returns how many."""
    moved = 0
    for organisation in list(Organisation.objects.overdue().order_by("pk").only("pk")):
        try:
            move_organisation(organisation=organisation, to=OrganisationStatus.STALE, by=None)
            moved += 1
        except (IllegalMove, PermissionDenied):
            continue  # confirmed or moved by somebody since the query
    return moved


def _may_succeed(successor: Organisation, organisation: Organisation) -> bool:
    return successor.pk != organisation.pk and Organisation.objects.in_directory().filter(pk=successor.pk).exists()


def _may_move(by: User | None, organisation: Organisation, to: OrganisationStatus) -> bool:
    if by is None or to == OrganisationStatus.STALE:
        return by is None and to == OrganisationStatus.STALE and organisation.is_out_of_date
    if to == OrganisationStatus.SUBMITTED:
        return False  # `bulk_approvals` does this: an approval is undone within minutes, with all that it changed
    if organisation.status == OrganisationStatus.STALE and to == OrganisationStatus.LISTED:
        return False  # `confirming` does this: somebody says that it is true
    return can_move_organisation(by, organisation)
