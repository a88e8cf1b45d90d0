"""An import as a job: begun by a person, written by a worker, gone on with after a lost broker or a killed worker.

Taking it back is one too, see `undo`.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from incubators.enums import ImportStatus
from incubators.models import ImportRun
from incubators.rules import can_import
from incubators.services.importing import CrossedError, commit_import
from incubators.services.imports.indexing import index_or_leave
from incubators.services.imports.verdicts import WRITTEN
from incubators.tables import RefusedError
from network_platform.background.services import after_commit, send_task
from network_platform.journal.services import record
from network_platform.people.models import User

STUCK_AFTER = timedelta(minutes=1)
SENT_AGAIN_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 5
TASKS: dict[str, str] = {
    ImportStatus.WAITING: "incubators.tasks.write_import",
    ImportStatus.UNDOING: "incubators.tasks.undo_import",
}


@transaction.atomic
def start_import(*, run: ImportRun, by: User) -> ImportRun:
    """Leave the writing to a worker. Pressed twice, it begins once."""
    run, begins = _begin(run, by)
    if begins:
        after_commit("incubators.tasks.write_import", run.pk)
    return run


def write_here(*, run: ImportRun, by: User) -> ImportRun:
    """Write it in this process; what breaks off is gone on with by a worker. `problem` says why it stopped."""
    run, _begins = _begin(run, by)
    _write(run)
    run.refresh_from_db()
    return run


@transaction.atomic
def _begin(run: ImportRun, by: User) -> tuple[ImportRun, bool]:
    """The run as it waits for its writing, and whether it does so only now."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not can_import(by) or run.by_id != by.pk:
        raise PermissionDenied
    begins = run.status == ImportStatus.CHECKED
    if begins:
        run.status, run.attempts, run.problem, run.seen_at = ImportStatus.WAITING, 0, "", timezone.now()
        run.rows_to_write = run.report["counts"]["new"] + run.report["counts"]["changed"]
        run.save(update_fields=["status", "attempts", "problem", "seen_at", "rows_to_write"])
    return run, begins


def write_import(pk: int) -> None:
    """Write what is not written yet; may run twice, and at the same time. One that never gets to its end stops, and
    tells the person who began it why.
    """
    waiting = ImportRun.objects.filter(pk=pk, status=ImportStatus.WAITING)
    run = waiting.defer("text", "report").select_related("by").first()
    if run is None:
        return
    waiting.update(attempts=F("attempts") + 1, seen_at=timezone.now())
    if run.attempts >= MOST_ATTEMPTS:
        _give_up(run, gettext_noop("The platform could not finish this import. Tell the secretariat."))
    else:
        _write(run)


def _write(run: ImportRun) -> None:
    try:
        with override(run.by.language):
            commit_import(run=run, by=run.by)
    except PermissionDenied:
        _give_up(run, gettext_noop("You do not serve a country any more."))
    except CrossedError:
        _give_up(run, gettext_noop("Somebody wrote into the registry at the same moment. Please import again."))
    except RefusedError as error:
        _give_up(run, str(error))


@transaction.atomic
def _give_up(run: ImportRun, problem: str) -> None:
    """Back to the person, if nothing is written. What is written is an import that can be found and taken back; the
    rest comes by sending the file again. The problem is kept in English; pages tell it in the reader's language.
    """
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("by").defer("text", "report")
    run = runs.get(pk=run.pk)
    if run.status != ImportStatus.WAITING:
        return
    run.problem, run.status = problem[:300], ImportStatus.CHECKED
    if any(run.written):
        run.status, run.done_at = ImportStatus.DONE, timezone.now()
        index_or_leave(run)
    run.save(update_fields=["status", "problem", "done_at", "indexed_at"])
    if run.status == ImportStatus.DONE:
        counts = dict(zip(WRITTEN, run.written, strict=True))
        with override(run.by.language):
            reason = _(run.problem)
        record(verb=f"{run.kind}.imported", thing=run, by=run.by, scope=run.scope, after=counts, reason=reason)


def go_on_with_stuck() -> int:
    """Give to a worker again what none has gone on with for a minute: once, and anew if none takes it for ten. Returns
    how many.
    """
    now = timezone.now()
    stuck = ImportRun.objects.stuck(now - STUCK_AFTER).not_sent_since(now - SENT_AGAIN_AFTER)
    pks = [pk for pk, status in stuck.values_list("pk", "status") if send_task(TASKS[status], pk)]
    ImportRun.objects.filter(pk__in=pks).update(sent_at=now)
    return len(pks)
