"""Importing organisations: a dry run that reports every row, and the same with effect.

The report is JSON: `{"refused": None | reason, "counts": {outcome: n}, "rows": [{"row", "outcome", "column", "reason",
"matches", "name", "changes": [{"column", "before", "after"}], "mistakes": [{"column", "reason"}]}]}`. Of a row with
mistakes, `column` and `reason` are those of the first one. What the import brings is listed as unverified. It never
changes an entry that was confirmed or that editors keep, nor anything the file has no column for; it never merges, and
a second run of the same file changes nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from incubators.enums import ImportStatus
from incubators.models import Country, ImportRun, Sector
from incubators.rules import can_import_organisations, countries_of
from incubators.services.columns import guess
from incubators.services.import_plan import Plan, Verdict, plan_of, spare_taken_over
from incubators.services.import_rows import NEEDED, Candidate, RowError, candidate_of, title_in
from incubators.services.import_writes import write_plan
from incubators.tables import RefusedError, check_size, headings_of, table_of, text_of
from incubators.workbooks import is_workbook, text_of_workbook
from network_platform.journal.services import record
from network_platform.people.models import User

OUTCOMES = ("new", "changed", "unchanged", "duplicate", "error")


class CrossedError(Exception):
    """Somebody wrote the same into the registry at the same moment; nothing was imported."""


@dataclass
class Outcome:
    """What would have to be written, and the lines about rows with mistakes; `report` tells both."""

    plan: Plan = field(default_factory=Plan)
    mistakes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def report(self) -> dict[str, Any]:
        lines = [_line_of(verdict) for verdict in self.plan.verdicts]
        return _report(sorted(self.mistakes + lines, key=lambda line: line["row"]))


def check_file(*, data: bytes, file_name: str, by: User) -> ImportRun:
    """Keep the file with the report of a dry run; raises RefusedError, and keeps nothing, if it cannot be read."""
    run = keep_file(data=data, file_name=file_name, by=by)
    try:
        return judge(run=run, by=by)
    except RefusedError:
        run.delete()
        raise


def keep_file(*, data: bytes, file_name: str, by: User) -> ImportRun:
    """Keep the file and what its headings seem to mean, without a report; raises RefusedError if it is no table."""
    if not can_import_organisations(by):
        raise PermissionDenied
    check_size(len(data))
    text = text_of_workbook(data) if is_workbook(data) else text_of(data)
    mapping = guess(headings_of(text), by=by)
    return ImportRun.objects.create(
        by=by, file_name=file_name[:120], text=text.replace("\x00", "\ufffd"), mapping=mapping
    )


def judge(*, run: ImportRun, by: User) -> ImportRun:
    """The report of a dry run, with the columns as they are mapped now; raises RefusedError."""
    if run.by_id != by.pk or run.status != ImportStatus.CHECKED:
        raise PermissionDenied
    run.report = dry_run(text=run.text, by=by, mapping=run.mapping).report
    run.save(update_fields=["report"])
    return run


def dry_run(*, text: str, by: User, mapping: Mapping[str, str]) -> Outcome:
    """Look at every row, write nothing; `mapping` is our column by heading. Raises RefusedError."""
    table = table_of(text, needed=NEEDED, mapping=mapping)
    countries = {country.iso2: country for country in Country.objects.all()}
    served = frozenset(countries) if by.is_secretariat else countries_of(by)
    known = frozenset(Sector.objects.values_list("code", flat=True))
    candidates: list[Candidate] = []
    mistakes: list[dict[str, Any]] = []
    for number, cells in table.rows:
        try:
            candidates.append(candidate_of(number, cells, countries=served, sectors=known))
        except RowError as error:
            mistakes.append(_mistaken(number, error, cells))
    return Outcome(plan_of(candidates, {iso2: countries[iso2] for iso2 in served}), mistakes)


def commit_import(*, run: ImportRun, by: User) -> ImportRun:
    """Do what the dry run reported, judged again on what the registry holds now. Running it twice is harmless.

    Raises CrossedError if a name or an address was taken by somebody else while this was being written.
    """
    try:
        return _commit(run=run, by=by)
    except IntegrityError:
        raise CrossedError from None


@transaction.atomic
def _commit(*, run: ImportRun, by: User) -> ImportRun:
    """Imports into one country wait for each other, so that the second one sees what the first one wrote."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("by").get(pk=run.pk)
    if not can_import_organisations(by) or run.by_id != by.pk:
        raise PermissionDenied
    if run.status == ImportStatus.DONE:
        return run
    served_now = Country.objects.all() if by.is_secretariat else Country.objects.filter(iso2__in=countries_of(by))
    list(served_now.select_for_update(no_key=True).order_by("pk"))
    outcome = dry_run(text=run.text, by=by, mapping=run.mapping)
    spare_taken_over(outcome.plan)
    write_plan(outcome.plan, run=run)
    run.status, run.report, run.done_at = ImportStatus.DONE, outcome.report, timezone.now()
    run.save(update_fields=["status", "report", "before", "done_at", "indexed_at"])
    record(verb="organisations.imported", thing=run, by=by, scope=run.scope, after=outcome.report["counts"])
    return run


def refusal(reason: str) -> dict[str, Any]:
    """The report on a file that was refused as a whole."""
    return {"refused": reason, "counts": dict.fromkeys(OUTCOMES, 0), "rows": []}


def _report(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        counts[row["outcome"]] += 1
    return {"refused": None, "counts": counts, "rows": rows}


def _line_of(verdict: Verdict) -> dict[str, Any]:
    told = (verdict.column, verdict.reason, verdict.matches)
    line = _line(verdict.candidate.row, verdict.outcome, *told, name=verdict.candidate.title)
    return line | {"changes": [asdict(change) for change in verdict.different], "page": verdict.page}


def _mistaken(row: int, error: RowError, cells: dict[str, str]) -> dict[str, Any]:
    first = error.mistakes[0]
    line = _line(row, "error", first.column, first.reason, name=title_in(cells))
    return line | {"mistakes": [asdict(mistake) for mistake in error.mistakes]}


def _line(
    row: int,
    outcome: str,
    column: str = "",
    reason: str = "",
    matches: list[dict[str, str]] | None = None,
    *,
    name: str = "",
) -> dict[str, Any]:
    return {
        "row": row,
        "outcome": outcome,
        "column": column or None,
        "reason": reason or None,
        "matches": matches or [],
        "name": name,
        "changes": [],
        "mistakes": [],
        "page": "",
    }
