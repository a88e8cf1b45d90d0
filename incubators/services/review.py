"""The one door through which a revision moves, and what a reviewer may answer."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import FieldGroup, OrganisationStatus, Origin, RevisionStatus
from incubators.lifecycle import ORGANISATION, REVISION
from incubators.models import Confirmation, Organisation, Revision
from incubators.rules import can_edit_revision, can_review_organisation, can_review_revision
from incubators.services.entries import apply_values
from incubators.services.letters import tell_editors, tell_reviewers
from incubators.services.registry import show
from network_platform.journal.services import record
from network_platform.people.models import User

CONFIRMED_FOR = timedelta(days=365)

# What happens to an organisation that was never listed, together with its first revision.
FIRST_REVISION = {
    RevisionStatus.SUBMITTED: OrganisationStatus.SUBMITTED,
    RevisionStatus.CHANGES_REQUESTED: OrganisationStatus.CHANGES_REQUESTED,
    RevisionStatus.APPROVED: OrganisationStatus.LISTED,
    RevisionStatus.DECLINED: OrganisationStatus.DECLINED,
}


def approve_revision(*, revision: Revision, by: User) -> Revision:
    return move_revision(revision=revision, to=RevisionStatus.APPROVED, by=by)


def request_changes(*, revision: Revision, by: User, comments: dict[str, str]) -> Revision:
    """`comments` by field name; "" is the whole entry."""
    said = {field: text.strip() for field, text in comments.items() if text.strip()}
    if not said:
        raise ValidationError(_("Say in at least one comment what should change."))
    return move_revision(revision=revision, to=RevisionStatus.CHANGES_REQUESTED, by=by, comments=said)


def decline_revision(*, revision: Revision, by: User, reason: str) -> Revision:
    return move_revision(revision=revision, to=RevisionStatus.DECLINED, by=by, reason=reason)


@transaction.atomic
def move_revision(
    *, revision: Revision, to: RevisionStatus, by: User, reason: str = "", comments: dict[str, str] | None = None
) -> Revision:
    """Move a revision. In this order: lock, table, rule, write, publish if approved, journal, messages.

    An organisation that was never listed moves with it; a listed one stays as it is unless the answer is yes.
    """
    revision = _locked(revision)
    move = REVISION.check(revision.status, to)
    if not _may_move(by, revision, to):
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    before, is_new = revision.status, revision.organisation.listed_at is None
    _write(revision, to=to, by=by, reason=reason.strip(), comments=comments or {})
    if to == RevisionStatus.APPROVED:
        _publish(revision)
    verb = _move_along(revision.organisation, to) or move.verb
    after = {"status": to, "fields": sorted(comments or {})}
    _keep(revision.organisation, verb, by, before={"status": before}, after=after, reason=reason)
    _tell(revision, to, is_new=is_new)
    return revision


@transaction.atomic
def move_organisation(
    *, organisation: Organisation, to: OrganisationStatus, by: User, reason: str = ""
) -> Organisation:
    """Suspend, close, reinstate: the moves of an organisation that was listed, which need no revision."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    move = ORGANISATION.check(organisation.status, to)
    if organisation.listed_at is None or not can_review_organisation(by, organisation):
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    before, organisation.status = organisation.status, to
    _keep(organisation, move.verb, by, before={"status": before}, after={"status": to}, reason=reason)
    return organisation


def _locked(revision: Revision) -> Revision:
    rows = Revision.objects.select_for_update(of=("self",))
    return rows.select_related("organisation__country", "organisation__city").get(pk=revision.pk)


def _may_move(by: User, revision: Revision, to: RevisionStatus) -> bool:
    may = can_edit_revision if to == RevisionStatus.SUBMITTED else can_review_revision
    return may(by, revision)


def _write(revision: Revision, *, to: RevisionStatus, by: User, reason: str, comments: dict[str, Any]) -> None:
    now = timezone.now()
    if to == RevisionStatus.SUBMITTED:
        revision.submitted_at, revision.submitted_by = now, by
    else:
        revision.decided_at, revision.decided_by = now, by
        revision.reviewed, revision.comments, revision.reason = revision.values, comments, reason
    revision.status = to
    revision.save()


def _publish(revision: Revision) -> None:
    """The organisation says now what the revision said, confirmed by its editor and the reviewer."""
    organisation = revision.organisation
    apply_values(organisation, revision.values)
    organisation.origin = Origin.EDITOR
    organisation.verified_until = timezone.now().date() + CONFIRMED_FOR
    if organisation.status == OrganisationStatus.STALE:
        organisation.status = OrganisationStatus.LISTED
    Confirmation.objects.bulk_create(
        Confirmation(organisation=organisation, group=group, by=revision.submitted_by) for group in FieldGroup
    )


def _move_along(organisation: Organisation, to: RevisionStatus) -> str:
    """Move an organisation that was never listed with its first revision; returns the move's verb, or ''."""
    if organisation.listed_at is not None:
        return ""
    move = ORGANISATION.check(organisation.status, FIRST_REVISION[to])
    organisation.status = FIRST_REVISION[to]
    if organisation.status == OrganisationStatus.LISTED:
        organisation.listed_at = timezone.now()
    return move.verb


def _keep(organisation: Organisation, verb: str, by: User, *, reason: str, **states: dict[str, Any]) -> None:
    """Save, show to readers, journal."""
    organisation.updated_at = timezone.now()
    organisation.save()
    show(organisation)
    record(verb=verb, thing=organisation, by=by, scope=organisation.scope, reason=reason.strip(), **states)


def _tell(revision: Revision, to: RevisionStatus, *, is_new: bool) -> None:
    if to == RevisionStatus.SUBMITTED:
        tell_reviewers(revision, is_new=is_new)
    else:
        tell_editors(revision, f"incubators/revision_{to}", is_new=is_new)
