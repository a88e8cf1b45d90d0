"""An import as a job: begun by a person, written by a worker, gone on with after a lost broker or a killed worker."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from incubators.enums import ImportStatus
from incubators.models import ImportRun
from incubators.rules import can_import
from incubators.services.importing import CrossedError, commit_import
from incubators.tables import RefusedError
from network_platform.background.services import after_commit, send_task
from network_platform.people.models import User

STUCK_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 5


@transaction.atomic
def start_import(*, run: ImportRun, by: User) -> ImportRun:
    """Leave the writing to a worker. Pressed twice, it begins once."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not can_import(by) or run.by_id != by.pk:
        raise PermissionDenied
    if run.status == ImportStatus.CHECKED:
        run.status, run.attempts, run.problem, run.seen_at = ImportStatus.WAITING, 0, "", timezone.now()
        run.rows_to_write = run.report["counts"]["new"] + run.report["counts"]["changed"]
        run.save(update_fields=["status", "attempts", "problem", "seen_at", "rows_to_write"])
        after_commit("incubators.tasks.write_import", run.pk)
    return run


def write_import(pk: int) -> None:
    """Write what is not written yet; may run twice, and at the same time. One that never gets to its end is put back,
    with the reason for the person who began it.
    """
    waiting = ImportRun.objects.filter(pk=pk, status=ImportStatus.WAITING)
    run = waiting.defer("text", "report").select_related("by").first()
    if run is None:
        return
    waiting.update(attempts=F("attempts") + 1, seen_at=timezone.now())
    with override(run.by.language):
        if run.attempts >= MOST_ATTEMPTS:
            _give_up(run, _("The platform could not finish this import. Tell the secretariat."))
            return
        try:
            commit_import(run=run, by=run.by)
        except PermissionDenied:
            _give_up(run, _("You do not serve a country any more."))
        except CrossedError:
            _give_up(run, _("Somebody wrote into the registry at the same moment. Please import again."))
        except RefusedError as error:
            _give_up(run, str(error))


def _give_up(run: ImportRun, problem: str) -> None:
    """Back to the person; what is written stays, and the next attempt goes on from there."""
    ImportRun.objects.filter(pk=run.pk, status=ImportStatus.WAITING).update(
        status=ImportStatus.CHECKED, problem=problem[:300]
    )


def go_on_with_stuck() -> int:
    """Give to a worker again what none has gone on with for a minute. Returns how many."""
    stuck = ImportRun.objects.stuck(timezone.now() - STUCK_AFTER)
    return sum(send_task("incubators.tasks.write_import", pk) for pk in stuck.values_list("pk", flat=True))
