"""Import a file into the registry. Dry unless --commit: nothing is written, every row is reported."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from incubators.enums import ImportKind, ImportStatus
from incubators.models import ImportRun
from incubators.reports import mistakes_of, spelled
from incubators.rules import can_import
from incubators.services.importing import check_file
from incubators.services.imports.jobs import write_here
from incubators.services.imports.kinds import kind_of
from incubators.services.imports.report import OUTCOMES, refusal, told_here
from incubators.tables import RefusedError
from network_platform.people.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=ImportKind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="email", required=True, help="E-mail of the person who imports.")
        parser.add_argument("--commit", action="store_true", help="Write; without it nothing changes.")
        parser.add_argument("--report", type=Path, help="File for the JSON report; standard output without it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(**options)
        except RefusedError as error:
            self._write(refusal(str(error)), options["report"])
            self.stderr.write(str(error))
            sys.exit(1)
        self._write(report, options["report"])
        self._tell(report, options["what"])

    def _import(self, *, what: str, file: Path, email: str, commit: bool, **options: Any) -> dict[str, Any]:
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None or not can_import(person):
            raise RefusedError(f"{email} is not the secretariat nor a focal point.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise RefusedError(f"{file} cannot be read: {error.strerror}.") from None
        run = check_file(data=data, file_name=file.name, by=person, kind=what)
        if commit:
            run = self._commit(run, person)
        else:
            run.delete()
        return {**run.report, "rows": told_here(run.report["rows"])}

    def _commit(self, run: ImportRun, person: User) -> ImportRun:
        run = write_here(run=run, by=person)
        if run.problem and any(run.written):
            raise RefusedError(f"{run.problem} {run.rows_done} of {run.rows_to_write} rows are written.")
        if run.problem:
            raise RefusedError(run.problem)
        if run.status != ImportStatus.DONE:
            raise RefusedError("A worker goes on with this import; the page of imports tells how far it is.")
        return run

    def _tell(self, report: dict[str, Any], what: str) -> None:
        """How it went, in words, beside the report: how many rows of each outcome, and every mistake."""
        self.stderr.write(", ".join(f"{report['counts'][outcome]} {outcome}" for outcome in OUTCOMES))
        wrong = [row for row in report["rows"] if row["outcome"] == "error"]
        for row in spelled(wrong, kind_of(what)):
            said = "; ".join(f"{each['column']}: {each['reason']}" for each in mistakes_of(row))
            self.stderr.write(f"Row {row['row']}: {said}")

    def _write(self, report: dict[str, Any], path: Path | None) -> None:
        text = json.dumps(report, ensure_ascii=False, indent=1)
        if path is None or str(path) == "-":
            self.stdout.write(text)
        else:
            path.write_text(text + "\n", encoding="utf-8")
