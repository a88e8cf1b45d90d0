"""Taking back a whole import within a day, without taking anything that somebody has done since."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incubators.enums import ImportStatus
from incubators.models import ImportRun
from incubators.rules import can_undo_import
from incubators.services.imports.kind import Undone
from incubators.services.imports.kinds import kind_of
from network_platform.journal.services import record
from network_platform.people.models import User


@transaction.atomic
def undo_import(*, run: ImportRun, by: User) -> Undone:
    """Remove what it brought and set back what it changed. Entries that a later import, an editor, a founder or a
    reviewer has touched stay as they are.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not can_undo_import(by, run):
        raise PermissionDenied
    undone = kind_of(run.kind).undo(run)
    run.status, run.undone_at = ImportStatus.UNDONE, timezone.now()
    run.save(update_fields=["status", "undone_at"])
    record(verb=f"{run.kind}.import_undone", thing=run, by=by, scope=run.scope, after=vars(undone))
    return undone
