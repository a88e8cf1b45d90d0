"""Importing: a dry run that reports every row, and the same with effect.

The report is JSON: `{"refused": None | reason, "counts": {outcome: n}, "rows": [{"row", "outcome", "column", "reason",
"matches", "name", "changes": [{"column", "before", "after"}], "mistakes": [{"column", "reason"}]}]}`. Sentences and
names are kept by language, see `imports.sentences`. Of a row with mistakes, `column` and `reason` are those of the
first one. An import never changes an entry that was confirmed or that its editors or founders keep, nor anything the
file has no column for; it never merges, and a second run of the same file changes nothing.

What is large is written in parts, each in a transaction of its own that also keeps how far it came: who begins again
after a killed worker judges the rows anew, and what is written is known by `ImportRun.before`.
"""

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from incubators.enums import ImportKind, ImportStatus
from incubators.models import Country, ImportRun, RegistryState
from incubators.rules import can_import, countries_of
from incubators.services.columns import guess
from incubators.services.imports.indexing import index_or_leave
from incubators.services.imports.kind import Judged, is_written
from incubators.services.imports.kinds import kind_of
from incubators.services.imports.report import report_of
from incubators.services.imports.verdicts import WRITTEN, Change, Verdict
from incubators.tables import OLD_WORKBOOK, RefusedError, check_size, headings_of, table_of, text_of
from incubators.workbooks import is_workbook, text_of_workbook
from network_platform.journal.services import record
from network_platform.people.models import User

WRITTEN_AT_ONCE = 2000
TRIES = 3
KEPT = ("before", "rows_to_write", "rows_done", "seen_at")


class CrossedError(Exception):
    """Somebody wrote the same into the registry at the same moment, again and again. What is written stays."""


def check_file(*, data: bytes, file_name: str, by: User, kind: str = ImportKind.ORGANISATIONS) -> ImportRun:
    """Keep the file with the report of a dry run; raises RefusedError, and keeps nothing, if it cannot be read."""
    run = keep_file(data=data, file_name=file_name, by=by, kind=kind)
    try:
        return judge(run=run, by=by)
    except RefusedError:
        run.delete()
        raise


def keep_file(*, data: bytes, file_name: str, by: User, kind: str = ImportKind.ORGANISATIONS) -> ImportRun:
    """Keep the file and what its headings seem to mean, without a report; raises RefusedError if it is no table."""
    if not can_import(by):
        raise PermissionDenied
    check_size(len(data))
    text = text_of_workbook(data) if is_workbook(data) or _pretends(file_name, data) else text_of(data)
    mapping = guess(headings_of(text), by=by, kind=kind_of(kind))
    return ImportRun.objects.create(by=by, kind=kind, file_name=file_name[:120], text=text, mapping=mapping)


def _pretends(file_name: str, data: bytes) -> bool:
    """Whether it is called a workbook and is neither one nor a text: cut off, or spoilt on its way."""
    if not file_name.lower().endswith(".xlsx") or data.startswith(OLD_WORKBOOK):
        return False
    try:
        text_of(data)
    except RefusedError:
        return True
    return False


def judge(*, run: ImportRun, by: User) -> ImportRun:
    """The report of a dry run, with the columns as they are mapped now; raises RefusedError."""
    if run.by_id != by.pk or run.status != ImportStatus.CHECKED:
        raise PermissionDenied
    run.report = report_of(dry_run(text=run.text, by=by, mapping=run.mapping, kind=run.kind))
    run.save(update_fields=["report"])
    return run


def dry_run(*, text: str, by: User, mapping: Mapping[str, str], kind: str = ImportKind.ORGANISATIONS) -> Judged:
    """Look at every row, write nothing; `mapping` is our column by heading. Raises RefusedError."""
    what = kind_of(kind)
    table = table_of(text, needed=what.needed(), mapping=mapping)
    return what.judge(table.rows, by=by, served={country.iso2: country for country in _served(by)})


def _served(by: User) -> QuerySet[Country]:
    return Country.objects.all() if by.is_secretariat else Country.objects.filter(iso2__in=countries_of(by))


def commit_import(*, run: ImportRun, by: User) -> ImportRun:
    """Do what the dry run reported, judged again on what the registry holds now. Running it twice is harmless, and one
    that broke off is gone on with. A run that comes back unfinished is being written by another worker.

    Raises CrossedError if names or addresses were taken by somebody else while this was being written.
    """
    writing = _Writing(run.pk, by)
    for _attempt in range(TRIES):
        try:
            return writing.to_the_end()
        except IntegrityError:
            writing.judged = None
    raise CrossedError


class _Writing:
    """One attempt to write an import, part after part. `queue` are the verdicts that are still to be written."""

    def __init__(self, pk: int, by: User) -> None:
        self.pk, self.by = pk, by
        self.judged: Judged | None = None
        self.queue: list[Verdict] = []
        self.done = 0
        self.state: Any = None

    def to_the_end(self) -> ImportRun:
        while True:
            run, is_over = self._step()
            if is_over:
                return run

    @transaction.atomic
    def _step(self) -> tuple[ImportRun, bool]:
        """The next part; with the last one the run is done. Imports into one country wait for each other."""
        run = self._locked()
        if run.status not in (ImportStatus.CHECKED, ImportStatus.WAITING) or self._is_overtaken(run):
            return run, True
        self._look(run)
        what, part = kind_of(run.kind), self.queue[:WRITTEN_AT_ONCE]
        what.spare(part)
        if written := [verdict for verdict in part if is_written(verdict)]:
            what.write(cast(Judged, self.judged).plan, written, run=run)
        self.queue = self.queue[WRITTEN_AT_ONCE:]
        run.rows_done = self.done = self.done + len(part)
        run.seen_at = timezone.now()
        if not self.queue:
            self._finish(run)
            return run, True
        run.save(update_fields=KEPT)
        self.state = _state()
        return run, False

    def _locked(self) -> ImportRun:
        """What is large is read once."""
        runs = ImportRun.objects.select_for_update(of=("self",)).select_related("by")
        run = (runs.defer("text", "report") if self.judged else runs).get(pk=self.pk)
        if not can_import(self.by) or run.by_id != self.by.pk:
            raise PermissionDenied
        return run

    def _is_overtaken(self, run: ImportRun) -> bool:
        """Another worker has written a part since ours."""
        return self.judged is not None and run.rows_done != self.done

    def _look(self, run: ImportRun) -> None:
        """Judge all rows, once more if somebody else has written into the registry since."""
        list(_served(self.by).select_for_update(no_key=True).order_by("pk"))
        if self.judged and self.state == _state():
            return
        self.judged = dry_run(text=run.text, by=self.by, mapping=run.mapping, kind=run.kind)
        verdicts = self.judged.plan.verdicts
        run.keep_before(countries={verdict.candidate.iso2 for verdict in verdicts})
        _mark_written(run, verdicts)
        self.queue = [verdict for verdict in verdicts if is_written(verdict)]
        self.done = sum(verdict.is_done for verdict in verdicts)
        run.rows_to_write = self.done + len(self.queue)

    def _finish(self, run: ImportRun) -> None:
        run.status, run.problem, run.done_at = ImportStatus.DONE, "", timezone.now()
        run.report = report_of(cast(Judged, self.judged))
        index_or_leave(run)
        run.save(update_fields=[*KEPT, "status", "problem", "report", "done_at", "indexed_at"])
        record(verb=f"{run.kind}.imported", thing=run, by=self.by, scope=run.scope, after=run.report["counts"])


def _mark_written(run: ImportRun, verdicts: list[Verdict]) -> None:
    """What an earlier attempt has written is told as what it was, and not written again."""
    new, changed = frozenset(run.before["new"]), run.before["changed"]
    told = {line["row"]: line for line in run.report.get("rows", [])} if changed else {}
    for verdict in verdicts:
        if verdict.uid and (verdict.uid in new or verdict.uid in changed):
            verdict.outcome, verdict.is_done = WRITTEN[verdict.uid in changed], True
            verdict.column, verdict.reason, verdict.different = "", "", []
            line = told.get(verdict.candidate.row)
            if line and line["outcome"] == verdict.outcome:
                verdict.column, verdict.reason = line["column"] or "", line["reason"] or ""
                verdict.different = [Change(**change) for change in line["changes"]]


def _state() -> Any:
    """Names what the registry says; every write of others changes it."""
    return RegistryState.objects.filter(pk=1).values_list("token", flat=True).first()
