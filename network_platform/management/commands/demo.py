"""`manage.py demo`: the demonstration data of every app, lowest floor first."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network_platform.desk import gather
from network_platform.people.demonstration import PARTS, PASSWORD


class Command(BaseCommand):
    help = "Load the demonstration data. Safe to repeat; refuses outside development and test."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        if settings.MODE not in {"development", "test"}:
            raise CommandError(
                f"The demonstration has logins with a known password, so it is not loaded in {settings.MODE}. "
                "Set PLATFORM_MODE=development to try the platform."
            )
        gather("load_demonstration", self.stdout)
        if not verbosity:
            return
        self.stdout.write(f"\nDemonstration logins, all with the password {PASSWORD}:")
        for part in PARTS:
            self.stdout.write(f"  {part.email}")
