"""Taking back an import of organisations, without taking anything that somebody has done since."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from incubators.models import ImportRun, Organisation
from incubators.services.entry_undo import restore_related, set_columns_back
from incubators.services.imports.kind import Part, TakenBack, Untouched, in_parts
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.organisation_writes import CHANGED, index_organisations
from incubators.services.news import tell_feed_of_import, tell_feed_of_removed
from incubators.services.reindexing import touch_registry
from network_platform.search.services import drop_many

# What hangs on an organisation that people did: with one of these it is not removed.
DONE_SINCE = (
    "claims",
    "revisions",
    "confirmations",
    "programmes",
    "yearly_figures",
    "remarks",
    "transfers",
    "mergers",
    "invitations",
)


def undo_organisations(run: ImportRun, part: Part) -> TakenBack:
    """Remove what it brought and set back what it changed, but for what was touched since."""
    locked_keys(Organisation.objects.filter(import_run=run, uid__in=[*part.new, *part.changed]))
    untouched = untouched_organisations(run)
    removed = _remove(untouched.removable.filter(uid__in=part.new))
    restored = _restore(untouched.restorable.filter(uid__in=part.changed), part.changed)
    touch_registry()
    return TakenBack(removed, restored)


def untouched_organisations(run: ImportRun) -> Untouched:
    """What nobody has written since: no later import, merger, transfer or confirmation."""
    held = Organisation.objects.filter(import_run=run).kept_by_nobody().filter(updated_at__lte=run.done_at)
    held = removable = held.select_related("country").order_by("pk")
    for relation in DONE_SINCE:
        related: Any = Organisation._meta.get_field(relation)
        done = related.related_model.objects.filter(**{related.field.name: OuterRef("pk")})
        removable = removable.filter(~Exists(done))
    return Untouched(removable.filter(parts=None, predecessors=None, merged_into=None), held)


def _remove(rows: QuerySet[Organisation]) -> list[UUID]:
    found = list(rows)
    drop_many("organisation", [str(organisation.uid) for organisation in found])
    tell_feed_of_removed(found)
    Organisation.objects.filter(pk__in=[organisation.pk for organisation in found]).delete()
    return [organisation.uid for organisation in found]


def _restore(rows: QuerySet[Organisation], before: dict[str, Any]) -> list[UUID]:
    found = list(rows)
    for organisation in found:
        set_columns_back(organisation, before[str(organisation.uid)])
        organisation.updated_at = timezone.now()
    Organisation.objects.bulk_update(found, CHANGED, batch_size=500)
    restore_related(found, before)
    for part in in_parts([organisation.pk for organisation in found]):
        index_organisations(part)
    tell_feed_of_import([], found)
    return [organisation.uid for organisation in found]
