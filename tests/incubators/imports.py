"""Importing a file, in tests of all kinds."""

from typing import Any

from incubators.models import ImportRun
from incubators.models.imports import Undone
from incubators.services.importing import check_file, commit_import
from incubators.services.imports.report import told_here
from incubators.services.imports.undo import foretold, start_undo
from incubators.tasks import undo_import
from network_platform.people.models import User
from tests.incubators.factories import focal_point


def checked(kind: str, text: str | bytes, by: User | None = None) -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    return check_file(data=data, file_name="rows.csv", by=by or focal_point("KZ"), kind=kind)


def imported(kind: str, text: str | bytes, by: User | None = None) -> ImportRun:
    run = checked(kind, text, by)
    return commit_import(run=run, by=run.by)


def told(run: ImportRun) -> list[dict[str, Any]]:
    """The rows of its report in the active language."""
    return told_here(run.report["rows"])


def outcomes(run: ImportRun) -> list[tuple[int, str, str | None]]:
    return [(row["row"], row["outcome"], row["column"]) for row in run.report["rows"]]


def changes(run: ImportRun) -> list[tuple[str, str, str]]:
    return [(each["column"], each["before"], each["after"]) for row in told(run) for each in row["changes"]]


def taken_back(run: ImportRun, by: User | None = None) -> Undone:
    """As a person who presses the button and the worker that does it; the question before foretells what is done."""
    run.refresh_from_db()
    expected = foretold(run) if run.can_still_be_undone and not run.undo else None
    done = undone(run, by)
    assert expected in (None, done)
    return done


def undone(run: ImportRun, by: User | None = None) -> Undone:
    """The same without the question: while somebody else writes, nothing can be foretold."""
    run = start_undo(run=run, by=by or run.by)
    undo_import(run.pk)
    run.refresh_from_db()
    return run.taken_back
