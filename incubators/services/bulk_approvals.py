"""Several entries approved by one press, each in its own transaction; and that undone until the mails leave."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.lifecycle import ORGANISATION, REVISION
from incubators.listing_values import title_here
from incubators.models import BulkApproval, Confirmation, Organisation, Revision
from incubators.rules import can_move_organisation, can_undo_approval
from incubators.services.entry_undo import restore_related, set_columns_back, snapshot
from incubators.services.letters import mails_of
from incubators.services.locking import lock_revision, lock_revisions
from incubators.services.review import approve_revision
from incubators.services.save_and_tell import save_and_tell
from network_platform.background.services import withdraw_messages
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User

MOST_AT_ONCE = 50
FORGOTTEN_AFTER = timedelta(days=1)
ANSWER = ("reviewed", "comments", "why", "reason", "same_as_id", "decided_by_id")
# What hangs on an entry that people did since it was listed: with one of these it stays listed.
DONE_SINCE = ("claims", "remarks", "transfers", "mergers", "yearly_figures")


class TooLateError(Exception):
    """The mails have left, or it was undone already."""


@dataclass
class Outcome:
    """`done` are the names of what was approved, or put back; `left` each name with the reason why it was not."""

    approval: BulkApproval
    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def approve_several(*, chosen: Mapping[uuid.UUID, int], by: User) -> Outcome:
    """Approve revisions by uid in the version that was read, at most MOST_AT_ONCE. Their editors' mails wait."""
    outcome = Outcome(BulkApproval.objects.create(by=by))
    found = Revision.objects.visible_to(by).filter(uid__in=list(chosen)[:MOST_AT_ONCE]).order_by("submitted_at", "pk")
    for revision in found.select_related("organisation__country"):
        title = title_here(revision.values)
        try:
            _approve(outcome.approval, revision, version=chosen[revision.uid], by=by)
            outcome.done.append(title)
        except IllegalMove:
            outcome.left.append((title, _("it was answered or taken back in the meantime")))
        except StaleWrite:
            outcome.left.append((title, _("its editors sent it again since you looked")))
        except PermissionDenied:
            outcome.left.append((title, _("it is not yours to answer")))
    if not outcome.done:
        outcome.approval.delete()
    return outcome


@transaction.atomic
def undo_approvals(*, approval: BulkApproval, by: User) -> Outcome:
    """Put every entry back to where it was before, with its mails withdrawn. What somebody has changed since is left.

    Raises TooLateError once the mails leave, and for what was undone before.
    """
    approval = BulkApproval.objects.visible_to(by).select_for_update(of=("self",)).get(pk=approval.pk)
    if not can_undo_approval(by, approval):
        raise TooLateError
    outcome = Outcome(approval)
    for revision in lock_revisions(list(approval.before)):
        before = approval.before[str(revision.uid)]
        title = title_here(revision.values)
        if why := _kept_because(revision, before, by) or _mails_left(revision):
            outcome.left.append((title, why))
        else:
            _put_back(revision, before, by=by)
            outcome.done.append(title)
    approval.undone_at = timezone.now()
    approval.save(update_fields=["undone_at"])
    return outcome


def forget_approvals() -> int:
    """What stood before is needed for undoing alone. Returns how many rows are gone."""
    return BulkApproval.objects.filter(undo_until__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


@transaction.atomic
def _approve(approval: BulkApproval, revision: Revision, *, version: int, by: User) -> None:
    locked = lock_revision(revision.pk)
    before = _before(locked, locked.organisation)
    done = approve_revision(revision=locked, by=by, version=version, mails_at=approval.undo_until)
    before["approved_at"] = done.organisation.updated_at.isoformat()
    approval.before[str(revision.uid)] = before
    approval.save(update_fields=["before"])


def _before(revision: Revision, organisation: Organisation) -> dict[str, Any]:
    """What an undo needs, JSON-ready."""
    latest = organisation.confirmations.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "answer": {name: getattr(revision, name) for name in ANSWER},
        "decided_at": _text(revision.decided_at),
        "entry": snapshot([organisation])[str(organisation.uid)],
        "slug": organisation.slug,
        "status": organisation.status,
        "origin": organisation.origin,
        "verified_until": _text(organisation.verified_until),
        "listed_at": _text(organisation.listed_at),
        "last_confirmation": latest or 0,
    }


def _text(moment: date | None) -> str:
    return moment.isoformat() if moment else ""


def _kept_because(revision: Revision, before: dict[str, Any], by: User) -> str:
    """Why an approval stays; '' if it can be undone."""
    if _is_changed_since(revision, before):
        return _("somebody has changed it since")
    return "" if can_move_organisation(by, revision.organisation) else _("it is not yours to answer any more")


def _mails_left(revision: Revision) -> str:
    """Withdraw the mails about the approval; why it stays if one of them is under way."""
    gone = withdraw_messages(keys_begin=mails_of(revision, f"incubators/revision_{RevisionStatus.APPROVED}"))
    return "" if gone else _("its mail has left already")


def _is_changed_since(revision: Revision, before: dict[str, Any]) -> bool:
    organisation = revision.organisation
    stands = revision.status == RevisionStatus.APPROVED and organisation.status == OrganisationStatus.LISTED
    if not stands or organisation.updated_at != datetime.fromisoformat(before["approved_at"]):
        return True
    if organisation.revisions.filter(pk__gt=revision.pk).exists():
        return True
    return not before["listed_at"] and any(getattr(organisation, name).exists() for name in DONE_SINCE)


def _put_back(revision: Revision, before: dict[str, Any], *, by: User) -> None:
    """Revision and entry as they were; what the approval confirmed is not confirmed."""
    organisation, was = revision.organisation, revision.status
    verb = REVISION.check(revision.status, RevisionStatus.SUBMITTED).verb
    if organisation.status != before["status"]:
        move = ORGANISATION.check(organisation.status, before["status"])
        verb = verb if before["listed_at"] else move.verb
        organisation.status = before["status"]
    revision.status = RevisionStatus.SUBMITTED
    for name, value in before["answer"].items():
        setattr(revision, name, value)
    revision.decided_at = datetime.fromisoformat(before["decided_at"]) if before["decided_at"] else None
    revision.save()
    _restore(organisation, before)
    save_and_tell(organisation, verb, by, before={"status": was}, after={"status": revision.status}, reason="")


def _restore(organisation: Organisation, before: dict[str, Any]) -> None:
    """Names, sectors, goals and confirmations at once; the columns unsaved."""
    set_columns_back(organisation, before["entry"])
    for name in ("slug", "origin"):
        setattr(organisation, name, before[name])
    until, listed = before["verified_until"], before["listed_at"]
    organisation.verified_until = date.fromisoformat(until) if until else None
    organisation.listed_at = datetime.fromisoformat(listed) if listed else None
    restore_related([organisation], {str(organisation.uid): before["entry"]})
    Confirmation.objects.filter(organisation=organisation, pk__gt=before["last_confirmation"]).delete()
