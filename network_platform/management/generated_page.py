"""Commands that print a page of docs/ which is made from the code, or write it there."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand


class GeneratedPage(BaseCommand):
    """A command gives `path` and the text; a test compares the two."""

    requires_system_checks: list[str] = []
    path: Path
    text: Callable[..., str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        if write:
            self.path.write_text(self.text())
        else:
            self.stdout.write(self.text())
