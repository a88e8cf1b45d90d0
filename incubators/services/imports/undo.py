"""Taking back a whole import within a day, without taking anything that somebody has done since.

As writing, it is begun by a person and done by a worker, in parts: each in a transaction that also keeps how far it
came. The state of the run, which every part locks, says whether it is being written or taken back; it is never both.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from incubators.enums import ImportStatus
from incubators.models import ImportRun
from incubators.models.imports import Undone
from incubators.rules import can_undo_import
from incubators.services.imports.jobs import MOST_ATTEMPTS
from incubators.services.imports.kind import Part, TakenBack
from incubators.services.imports.kinds import kind_of
from network_platform.background.services import after_commit
from network_platform.journal.services import record
from network_platform.people.models import User

UNDONE_AT_ONCE = 500
NAMED = 50
KEPT = ("undo", "seen_at")
NOTHING = {"seen": 0, "removed": 0, "restored": 0, "left": 0, "kept": []}


@transaction.atomic
def start_undo(*, run: ImportRun, by: User) -> ImportRun:
    """Leave it to a worker. Pressed twice, it begins once; one that stopped is gone on with."""
    run = ImportRun.objects.select_for_update(of=("self",)).defer("text", "report").get(pk=run.pk)
    if run.status in (ImportStatus.UNDOING, ImportStatus.UNDONE) and run.undone_by_id == by.pk:
        return run
    if not can_undo_import(by, run):
        raise PermissionDenied
    now = timezone.now()
    run.status, run.undone_by, run.undo_begun_at = ImportStatus.UNDOING, by, run.undo_begun_at or now
    run.undo = {**NOTHING, **run.undo, "of": sum(run.written), "problem": ""}
    run.attempts, run.seen_at = 0, now
    run.save(update_fields=[*KEPT, "status", "undone_by", "undo_begun_at", "attempts"])
    after_commit("incubators.tasks.undo_import", run.pk)
    return run


def undo_import(pk: int) -> None:
    """Take back what is not taken back yet; may run twice, and at the same time. Who began it was asked for their right
    then: it is not left half done because they lost it since. What fails again and again is given back.
    """
    waiting = ImportRun.objects.filter(pk=pk, status=ImportStatus.UNDOING)
    run = waiting.defer("text", "report", "before").select_related("undone_by").first()
    if run is None:
        return
    waiting.update(attempts=F("attempts") + 1, seen_at=timezone.now())
    if run.attempts >= MOST_ATTEMPTS:
        _give_up(pk, gettext_noop("The platform could not finish taking this import back. Tell the secretariat."))
    else:
        _Undoing(pk).to_the_end()


class _Undoing:
    """One attempt, part after part. What the import wrote stays as it is meanwhile, and is read once."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.before: dict[str, Any] | None = None

    def to_the_end(self) -> None:
        while not self._step():
            pass

    @transaction.atomic
    def _step(self) -> bool:
        """The next part; with the last one the import is taken back. Returns whether there is nothing more to do."""
        run = self._locked()
        if run.status != ImportStatus.UNDOING:
            return True
        uids = sorted({*run.before.get("new", ()), *run.before.get("changed", ())})
        part = uids[run.undo["seen"] :][:UNDONE_AT_ONCE]
        if part:
            _count(run, part, kind_of(run.kind).undo(run, _part_of(run, part)))
        run.seen_at = timezone.now()
        is_over = run.undo["seen"] >= len(uids)
        if is_over:
            _finish(run)
        run.save(update_fields=[*KEPT, "status", "undone_at"])
        return is_over

    def _locked(self) -> ImportRun:
        """What is large is read once."""
        large = ("text", "report") if self.before is None else ("text", "report", "before")
        runs = ImportRun.objects.select_for_update(of=("self",)).select_related("undone_by")
        run = runs.defer(*large).get(pk=self.pk)
        if self.before is None:
            self.before = run.before
        run.before = self.before
        return run


def _part_of(run: ImportRun, uids: list[str]) -> Part:
    new, changed = frozenset(run.before["new"]), run.before["changed"]
    return Part([uid for uid in uids if uid in new], {uid: changed[uid] for uid in uids if uid not in new})


def _count(run: ImportRun, part: list[str], done: TakenBack) -> None:
    gone = {str(uid) for uid in (*done.removed, *done.restored)}
    left = [uid for uid in part if uid not in gone]
    so_far = run.undo
    run.undo = {
        **so_far,
        "seen": so_far["seen"] + len(part),
        "removed": so_far["removed"] + len(done.removed),
        "restored": so_far["restored"] + len(done.restored),
        "left": so_far["left"] + len(left),
        "kept": [*so_far["kept"], *left][:NAMED],
    }


def _finish(run: ImportRun) -> None:
    run.status, run.undone_at = ImportStatus.UNDONE, timezone.now()
    record(verb=f"{run.kind}.import_undone", thing=run, by=run.undone_by, scope=run.scope, after=vars(run.taken_back))


@transaction.atomic
def _give_up(pk: int, problem: str) -> None:
    """Back to the person, who may go on with it whenever they like."""
    run = ImportRun.objects.select_for_update(of=("self",)).defer("text", "report", "before").get(pk=pk)
    if run.status == ImportStatus.UNDOING:
        run.status, run.undo = ImportStatus.DONE, {**run.undo, "problem": problem}
        run.save(update_fields=["status", "undo"])


def foretold(run: ImportRun) -> Undone:
    """What taking it back would do now, with the rest of what it wrote."""
    untouched = kind_of(run.kind).untouched(run)
    new, changed = set(run.before.get("new", ())), run.before.get("changed", {}).keys()
    removed = new & set(_uids_of(untouched.removable))
    restored = (changed - new) & set(_uids_of(untouched.restorable))
    seen = run.undo.get("seen", 0)
    return Undone(len(removed), len(restored), len(new | changed) - seen - len(removed) - len(restored))


def _uids_of(rows: QuerySet[Any]) -> list[str]:
    return [str(uid) for uid in rows.values_list("uid", flat=True)]


def left_by(run: ImportRun, user: User) -> QuerySet[Any]:
    """The first entries that were left because somebody changed them, as far as the user may read them."""
    kept = run.undo.get("kept", ())
    found = kind_of(run.kind).seen_by(user).filter(uid__in=kept).order_by("pk")
    return found if kept else found.none()
