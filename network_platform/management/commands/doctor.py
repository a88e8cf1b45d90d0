"""`manage.py doctor`: one line a check; ends with 1 when something must be mended."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from network_platform.doctor import Finding, examine


class Command(BaseCommand):
    help = "Look at this installation and say what to mend."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="For programs.")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        findings = examine()
        if as_json:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
        else:
            self.show(findings)
        if not all(finding.ok for finding in findings):
            sys.exit(1)

    def show(self, findings: list[Finding]) -> None:
        for finding in findings:
            verdict = self.style.SUCCESS("OK  ") if finding.ok else self.style.ERROR("MEND")
            self.stdout.write(f"{verdict}  {finding.name:<13} {finding.text}")
