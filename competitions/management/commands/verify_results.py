"""`manage.py verify_results FILE`: recompute a results bundle and say what does not agree with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from competitions.judging.commands import main


class Command(BaseCommand):
    """Exits as `python -m competitions.judging verify` does: 0 it agrees, 1 it does not, 2 it cannot be read, 3 an
    error that nobody foresaw.
    """

    help = "Recompute a results bundle; say what does not agree. The same without Django: competitions.judging verify"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the bundle, JSON")
        parser.add_argument("--whole", metavar="DIGEST", help="the digest of the whole that was announced")
        parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        asked = ["--json"] if options["json"] else []
        asked += ["--whole", options["whole"]] if options["whole"] is not None else []
        code = main(["verify", *asked, "--", options["file"]])
        if code:
            raise SystemExit(code)
