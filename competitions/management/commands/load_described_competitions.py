"""`manage.py load_described_competitions`: real competitions run elsewhere, with their sources."""

from typing import Any

from django.core.management.base import BaseCommand

from competitions.services.describing import describe_all, read_described


class Command(BaseCommand):
    help = "Load or renew the descriptions of real competitions. Safe to repeat; needs the reference data."

    def handle(self, *args: Any, **options: Any) -> None:
        described = describe_all(read_described())
        self.stdout.write(f"{len(described)} competitions described")
