"""The door through which a revision moves, and what a reviewer may answer.

`bulk_approvals` undoes an approval; nothing else writes a revision's state. What an answer does to the organisation's
own state is in `_move_along`. An organisation's other writers are `organisation_states`, `confirming`, `merging` and
`bulk_approvals`: each locks the row, asks `lifecycle.ORGANISATION` first and journals.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import DeclineReason, OrganisationStatus, Origin, RevisionStatus
from incubators.lifecycle import ORGANISATION, REVISION
from incubators.models import Organisation, Revision
from incubators.rules import can_edit_revision, can_review_revision, can_withdraw_revision
from incubators.services.apply_listing import apply_values, give_slug
from incubators.services.confirming import note_confirmed
from incubators.services.letters import tell_editors, tell_reviewers, tell_sender
from incubators.services.locking import lock_revision
from incubators.services.save_and_tell import save_and_tell
from network_platform.drafts import StaleWrite
from network_platform.people.models import User

# What happens to an organisation that was never listed, together with its first revision.
FIRST_REVISION = {
    RevisionStatus.DRAFT: OrganisationStatus.DRAFT,
    RevisionStatus.SUBMITTED: OrganisationStatus.SUBMITTED,
    RevisionStatus.CHANGES_REQUESTED: OrganisationStatus.CHANGES_REQUESTED,
    RevisionStatus.APPROVED: OrganisationStatus.LISTED,
    RevisionStatus.DECLINED: OrganisationStatus.DECLINED,
}


@dataclass(frozen=True)
class Said:
    """What a reviewer says with an answer: `comments` by field name; `why` it is declined, `reason` in own words, and
    which entry it is the `same_as`.
    """

    comments: dict[str, str] = field(default_factory=dict)
    why: str = ""
    reason: str = ""
    same_as: Organisation | None = None

    @property
    def for_journal(self) -> dict[str, Any]:
        listed = self.why if self.why != DeclineReason.OTHER else ""
        told = {"fields": sorted(self.comments), "why": listed, "organisation": self.same_as and str(self.same_as.uid)}
        return {name: value for name, value in told.items() if value}


def withdraw_revision(*, revision: Revision, by: User) -> Revision:
    """Take back what was sent and not answered; raises IllegalMove if it was answered first."""
    return move_revision(revision=revision, to=RevisionStatus.DRAFT, by=by)


def approve_revision(
    *, revision: Revision, by: User, version: int | None = None, mails_at: datetime | None = None
) -> Revision:
    """The organisation says from now on, to everybody, what the revision says.

    All in one transaction: the answer is written; names, texts, city, sectors, goals and, the first time, the address
    are taken over; every group of fields counts as confirmed, for a year; an entry new or out of date is listed. The
    search texts of the entry, its programmes and calls, the facets and kept pages are renewed; the feed of changes
    and webhooks have news; the journal has a line; its editors' mail waits in the outbox until `mails_at`, or leaves at
    once. Raises what `move_revision` does. Tests: `test_review.py`; several at once and undo: `test_bulk_approvals.py`.
    """
    return move_revision(revision=revision, to=RevisionStatus.APPROVED, by=by, version=version, mails_at=mails_at)


def request_changes(*, revision: Revision, by: User, comments: dict[str, str], version: int | None = None) -> Revision:
    """`comments` by field name; "" is the whole entry."""
    said = {field: text.strip() for field, text in comments.items() if text.strip()}
    if not said:
        raise ValidationError(_("Say in at least one comment what should change."))
    to = RevisionStatus.CHANGES_REQUESTED
    return move_revision(revision=revision, to=to, by=by, version=version, said=Said(comments=said))


def decline_revision(
    *,
    revision: Revision,
    by: User,
    reason: str = "",
    why: DeclineReason = DeclineReason.OTHER,
    same_as: Organisation | None = None,
    version: int | None = None,
) -> Revision:
    """`why` is from the list; OTHER needs the `reason` in own words, LISTED_ALREADY the entry in the list."""
    if why == DeclineReason.OTHER and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    if why == DeclineReason.LISTED_ALREADY and not _is_listed_apart(same_as, revision):
        raise ValidationError(_("Say which listed entry it is."))
    said = Said(why=why, reason=reason.strip(), same_as=same_as if why == DeclineReason.LISTED_ALREADY else None)
    return move_revision(revision=revision, to=RevisionStatus.DECLINED, by=by, version=version, said=said)


@transaction.atomic
def move_revision(
    *,
    revision: Revision,
    to: RevisionStatus,
    by: User,
    version: int | None = None,
    said: Said | None = None,
    mails_at: datetime | None = None,
) -> Revision:
    """Move a revision. In this order: lock, table, version, rule, write, publish if approved, journal, messages.

    `version` is what the reviewer has read; raises StaleWrite if the editors sent another one since. An organisation
    that was never listed moves with the revision; a listed one stays as it is unless the answer is yes.
    """
    revision = lock_revision(revision.pk)
    move = REVISION.check(revision.status, to)
    if version is not None and version != revision.version:
        raise StaleWrite(revision.version, revision.values)
    if not _may_move(by, revision, to):
        raise PermissionDenied
    said = said or Said()
    if move.needs_reason and not (said.why or said.reason):
        raise ValidationError(_("A reason is needed."))
    before, is_new = revision.status, revision.organisation.listed_at is None
    _write(revision, to=to, by=by, said=said)
    if to == RevisionStatus.APPROVED:
        _publish(revision)
    verb = _move_along(revision.organisation, to) or move.verb
    after, words = {"status": to, **said.for_journal}, said.reason or "\n".join(said.comments.values())
    save_and_tell(revision.organisation, verb, by, before={"status": before}, after=after, reason=words)
    _tell(revision, to, is_new=is_new, mails_at=mails_at)
    return revision


def _is_listed_apart(other: Organisation | None, revision: Revision) -> bool:
    """Whether it is another organisation that readers find in the list."""
    listed = Organisation.objects.in_directory().exclude(pk=revision.organisation_id)
    return other is not None and listed.filter(pk=other.pk).exists()


def _may_move(by: User, revision: Revision, to: RevisionStatus) -> bool:
    editors = {RevisionStatus.SUBMITTED: can_edit_revision, RevisionStatus.DRAFT: can_withdraw_revision}
    return editors.get(to, can_review_revision)(by, revision)


def _write(revision: Revision, *, to: RevisionStatus, by: User, said: Said) -> None:
    now = timezone.now()
    if to == RevisionStatus.SUBMITTED:
        revision.submitted_at, revision.submitted_by = now, by
    elif to != RevisionStatus.DRAFT:
        revision.decided_at, revision.decided_by = now, by
        revision.reviewed, revision.comments = revision.values, said.comments
        revision.why, revision.reason, revision.same_as = said.why, said.reason, said.same_as
    revision.status = to
    revision.save()


def _publish(revision: Revision) -> None:
    """The organisation says now what the revision said, confirmed by its editor and the reviewer."""
    organisation = revision.organisation
    give_slug(organisation, revision.values)
    apply_values(organisation, revision.values)
    organisation.origin = Origin.EDITOR
    note_confirmed(organisation, by=revision.submitted_by)


def _move_along(organisation: Organisation, to: RevisionStatus) -> str:
    """What the answer does to the organisation's own state; returns that move's verb, or ''.

    One that was never listed moves with its first revision; one that is out of date is refreshed by an approval.
    """
    if organisation.listed_at is None:
        target = FIRST_REVISION[to]
    elif organisation.status == OrganisationStatus.STALE and to == RevisionStatus.APPROVED:
        target = OrganisationStatus.LISTED
    else:
        return ""
    move = ORGANISATION.check(organisation.status, target)
    organisation.status = target
    if target == OrganisationStatus.LISTED and organisation.listed_at is None:
        organisation.listed_at = timezone.now()
    return move.verb


def _tell(revision: Revision, to: RevisionStatus, *, is_new: bool, mails_at: datetime | None) -> None:
    if to == RevisionStatus.SUBMITTED:
        tell_reviewers(revision, is_new=is_new)
        tell_sender(revision, is_new=is_new)
    elif to != RevisionStatus.DRAFT:
        tell_editors(revision, f"incubators/revision_{to}", is_new=is_new, mails_at=mails_at)
