"""`manage.py import_report [FILE]`: the working-group report as a document of sections."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand

from cms.services.report import import_report
from cms.services.site import prepare_site

FIXTURES = Path(__file__).parents[2] / "fixtures"


class Command(BaseCommand):
    help = "Read a report in as a document of sections. Safe to repeat: links to paragraphs stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FIXTURES / "report.txt")
        parser.add_argument("--outline", type=Path, default=FIXTURES / "report.yaml", help="Where its sections begin.")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_site()
        outline = yaml.safe_load(options["outline"].read_text(encoding="utf-8"))
        document = import_report(text=options["file"].read_text(encoding="utf-8"), outline=outline)
        self.stdout.write(f"{document.title}: {len(document.leaves)} sections, {document.url}")
