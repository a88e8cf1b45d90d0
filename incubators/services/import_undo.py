"""Taking back a whole import within a day, without taking anything that somebody has done since."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from incubators.enums import ImportStatus
from incubators.models import ImportRun, Organisation
from incubators.models.organisations import OrganisationQuerySet
from incubators.rules import can_undo_import
from incubators.services.import_before import put_back, restore_names, restore_sectors
from incubators.services.import_writes import CHANGED, INDEXED_AT_ONCE, index_organisations
from incubators.services.news import tell_feed_of_import, tell_feed_of_removed
from incubators.services.registry import touch_registry
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.search.services import drop_many

# What hangs on an organisation that people did: with one of these it is not removed.
DONE_SINCE = ("claims", "revisions", "confirmations", "programmes", "yearly_figures", "remarks", "transfers", "mergers")


@dataclass(frozen=True)
class Undone:
    """How many entries the undoing removed, set back, and left because somebody has done something with them."""

    removed: int
    restored: int
    left: int


@transaction.atomic
def undo_import(*, run: ImportRun, by: User) -> Undone:
    """Remove what it brought and set back what it changed. Entries that a later import, an editor or a reviewer has
    touched stay as they are.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not can_undo_import(by, run):
        raise PermissionDenied
    touched = _untouched_since(run)
    new, changed = run.before["new"], run.before["changed"]
    removed, restored = _remove(touched.filter(uid__in=new)), _restore(touched.filter(uid__in=changed), changed)
    undone = Undone(removed, restored, len(new) + len(changed) - removed - restored)
    run.status, run.undone_at = ImportStatus.UNDONE, timezone.now()
    run.save(update_fields=["status", "undone_at"])
    touch_registry()
    after = {"removed": removed, "restored": restored, "left": undone.left}
    record(verb="organisations.import_undone", thing=run, by=by, scope=run.scope, after=after)
    return undone


def _untouched_since(run: ImportRun) -> OrganisationQuerySet:
    """Of what it wrote, what nobody has written since: no later import, merger, transfer or confirmation."""
    return Organisation.objects.kept_by_nobody().filter(import_run=run, updated_at__lte=run.done_at)


def _remove(rows: OrganisationQuerySet) -> int:
    for relation in DONE_SINCE:
        related = Organisation._meta.get_field(relation)
        rows = rows.filter(~Exists(related.related_model.objects.filter(**{related.field.name: OuterRef("pk")})))
    rows = rows.filter(parts=None, predecessors=None, merged_into=None)
    found = list(rows.select_for_update(of=("self",)).select_related("country").order_by("pk"))
    drop_many("organisation", [str(organisation.uid) for organisation in found])
    tell_feed_of_removed(found)
    Organisation.objects.filter(pk__in=[organisation.pk for organisation in found]).delete()
    return len(found)


def _restore(rows: OrganisationQuerySet, before: dict[str, Any]) -> int:
    found = list(rows.select_for_update(of=("self",)).select_related("country").order_by("pk"))
    for organisation in found:
        put_back(organisation, before[str(organisation.uid)])
        organisation.updated_at = timezone.now()
    Organisation.objects.bulk_update(found, CHANGED, batch_size=500)
    restore_names(found, before)
    restore_sectors(found, before)
    ids = [organisation.pk for organisation in found]
    for start in range(0, len(ids), INDEXED_AT_ONCE):
        index_organisations(ids[start : start + INDEXED_AT_ONCE])
    tell_feed_of_import([], found)
    return len(found)
