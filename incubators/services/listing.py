"""An organisation lists itself: start, save as one types, submit; and change what is listed."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incubators.enums import (
    OPEN_REVISIONS,
    MemberRole,
    NameKind,
    OrganisationKind,
    OrganisationStatus,
    RevisionStatus,
)
from incubators.listing_values import changes_nothing, values_of
from incubators.models import Country, Membership, Organisation, Revision
from incubators.rules import can_edit_organisation, can_remove_declined
from incubators.services.apply_listing import take_draft_title
from incubators.services.names import Name, set_names
from incubators.services.reindexing import reindex_organisation
from incubators.services.review import move_revision
from network_platform.drafts import NOTHING
from network_platform.journal.models import Record
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone
from network_platform.search.services import drop
from network_platform.typed import clipped

MOST_DRAFTS = 10
MOST_A_WEEK = 10
A_WEEK = timedelta(days=7)
WITHDRAWN = ("organisation.withdrawn", "revision.withdrawn")


class TooManyDraftsError(Exception):
    """The person has MOST_DRAFTS organisations that were never submitted."""


class TooManySentError(Exception):
    """The person has sent MOST_A_WEEK entries and changes in the last seven days, those taken back included."""


class NothingChangedError(Exception):
    """The entry says what is listed and confirmed already."""


@transaction.atomic
def start_listing(*, by: User, name: str, language: str, country: Country) -> Revision:
    """A draft organisation, owned by `by`, with an open revision that holds its name. Its address is its uid."""
    _wait_for_own(by)
    drafts = Organisation.objects.filter(created_by=by, status=OrganisationStatus.DRAFT)
    if drafts.count() >= MOST_DRAFTS:
        raise TooManyDraftsError
    organisation = Organisation(country=country, kind=OrganisationKind.OTHER, created_by=by, titles={language: name})
    organisation.slug = str(organisation.uid)
    organisation.save()
    set_names(organisation, [Name(name, NameKind.DISPLAY, language)])
    organisation.save()
    Membership.objects.create(user=by, organisation=organisation, role=MemberRole.OWNER)
    revision = Revision.objects.create(
        organisation=organisation, created_by=by, values={"display": language, f"name_{language}": name}
    )
    reindex_organisation(organisation)
    suppose_zone(user=by, time_zone=country.time_zone)
    record(
        verb="organisation.started",
        thing=organisation,
        by=by,
        scope=organisation.scope,
        after={"name": name},
    )
    return revision


@transaction.atomic
def open_revision(*, organisation: Organisation, by: User, again: bool = False) -> Revision:
    """The open revision of an organisation; if there is none, one made from what stands, or `again` from what was
    declined last. What was never listed can only be sent again.
    """
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not can_edit_organisation(by, organisation):
        raise PermissionDenied
    latest = organisation.revisions.first()
    if latest and latest.status in OPEN_REVISIONS:
        return latest
    if latest and _is_sent_again(organisation, latest, again=again):
        answered = {name: getattr(latest, name) for name in ("why", "reason", "same_as")}
        return organisation.revisions.create(created_by=by, values=latest.values, reviewed=latest.values, **answered)
    return organisation.revisions.create(created_by=by, values=values_of(organisation))


def values_to_edit(organisation: Organisation) -> dict[str, Any]:
    """What an editor finds in the form: the open revision's values, or those with which one would begin."""
    latest = organisation.revisions.first()
    if latest and (latest.status in OPEN_REVISIONS or _is_sent_again(organisation, latest)):
        return dict(latest.values)
    return values_of(organisation)


def _is_sent_again(organisation: Organisation, latest: Revision, *, again: bool = False) -> bool:
    again = again or organisation.status == OrganisationStatus.DECLINED
    return again and latest.status == RevisionStatus.DECLINED


@transaction.atomic
def save_revision(
    *,
    revision: Revision,
    by: User,
    version: int,
    save_id: uuid.UUID | None,
    values: dict[str, Any],
    seen: Mapping[str, str] = NOTHING,
) -> Revision:
    """Merge `values` as typed, complete or not, on top of `version`; raises StaleWrite if somebody saved in between
    what the page, which showed `seen`, changed too.

    The rule is in the query that locks the row. Keystrokes are not journaled.
    """
    locked = Revision.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=revision.pk).first()
    if locked is None:
        raise PermissionDenied
    mine = {key: clipped(value) for key, value in values.items()}
    is_repeat = locked.is_repeat(save_id)
    locked.values = locked.merge(locked.values, based_on=version, save_id=save_id, mine=mine, seen=seen)
    if is_repeat:
        return locked
    locked.saved_at = timezone.now()
    locked.save(update_fields=["version", "last_save", "values", "saved_at"])
    return locked


@transaction.atomic
def submit_revision(*, revision: Revision, by: User, version: int, values: dict[str, Any]) -> Revision:
    """Send the entry to whoever serves the country, who get a mail: so there is a limit. `values` are complete and
    checked. Locks as `locking` says.
    """
    _wait_for_own(by)
    since = timezone.now() - A_WEEK
    sent = Revision.objects.filter(submitted_by=by, submitted_at__gt=since).exclude(pk=revision.pk)
    withdrawn = Record.objects.filter(actor=by, verb__in=WITHDRAWN, at__gt=since)
    if sent.count() + withdrawn.count() >= MOST_A_WEEK:
        raise TooManySentError
    organisation = Organisation.objects.locked().get(pk=revision.organisation_id)
    revision = save_revision(revision=revision, by=by, version=version, save_id=None, values=values)
    if changes_nothing(organisation, values):
        raise NothingChangedError
    if revision.organisation.listed_at is None:
        take_draft_title(revision.organisation, revision.values)
        revision.organisation.save(update_fields=["titles", "sort_key"])
    return move_revision(revision=revision, to=RevisionStatus.SUBMITTED, by=by)


@transaction.atomic
def discard_draft(*, revision: Revision, by: User) -> None:
    """Drop a revision that was never sent, with its organisation if that was never listed; or one that came back, of an
    organisation whose page stays as it is.
    """
    Organisation.objects.locked().get(pk=revision.organisation_id)
    locked = Revision.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=revision.pk).first()
    if locked is None or not locked.can_be_discarded:
        raise PermissionDenied
    organisation = locked.organisation
    locked.delete()
    record(verb="revision.discarded", thing=organisation, by=by, scope=organisation.scope)
    if organisation.status == OrganisationStatus.DRAFT:
        forget(organisation)


@transaction.atomic
def remove_declined(*, organisation: Organisation, by: User) -> None:
    """Delete what was declined and never listed, with all that was sent of it. The journal keeps that it was."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not can_remove_declined(by, organisation):
        raise PermissionDenied
    record(verb="organisation.removed", thing=organisation, by=by, scope=organisation.scope)
    forget(organisation)


def forget(organisation: Organisation) -> None:
    """Delete an organisation that was never listed, and what the search knows of it."""
    drop("organisation", str(organisation.uid))
    organisation.delete()


def _wait_for_own(person: User) -> None:
    """One act of a person at a time, so that what counts them is right; rows may still point at the person."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
