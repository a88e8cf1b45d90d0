"""`manage.py messages`: collect the texts for translation into the catalogues, and compile them."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

NOT_OURS = [".venv", "var", "tests", "frontend", "node_modules", "benchmarks", "docs"]


class Command(BaseCommand):
    help = "Collect texts from code and templates, then compile. Needs GNU gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("languages", nargs="*", help="Default: those that are switched on.")

    def handle(self, *args: Any, languages: list[str], **options: Any) -> None:
        """English is the source; its catalogue holds only our words for Django's messages."""
        wanted = languages or [code for code, _ in settings.LANGUAGES if code != "en"]
        collect(wanted)
        every = [path.name for path in settings.LOCALE_PATHS[0].iterdir() if path.is_dir()]
        call_command("compilemessages", locale=every, ignore_patterns=NOT_OURS, verbosity=0)
        self.stdout.write(f"Collected: {', '.join(wanted)}. Compiled: {', '.join(sorted(every))}.")


def collect(languages: list[str]) -> None:
    """Without line numbers, which would change with every edit; without entries that nothing uses any more."""
    call_command(
        "makemessages",
        locale=languages,
        ignore_patterns=NOT_OURS,
        no_location=True,
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
    )
