"""`manage.py invent_registry`: a registry of any size for measuring, the same for the same seed."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from incubators.invented import Invented, importer
from incubators.models import Organisation
from incubators.services.reference import load_reference


class Command(BaseCommand):
    help = "Fill an empty registry with invented organisations, start-ups and yearly figures. Not in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisations", type=int, default=10_000)
        parser.add_argument("--startups", type=int, default=30_000)
        parser.add_argument("--figures", type=int, default=50_000, help="Reports of one organisation about one year.")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, organisations: int, startups: int, figures: int, seed: int, **options: Any) -> None:
        if settings.MODE not in {"development", "test"}:
            raise CommandError(f"Nothing is invented in {settings.MODE}: set PLATFORM_MODE=development to measure.")
        load_reference()
        if Organisation.objects.exists():
            raise CommandError("The registry is not empty: take a database of its own (PLATFORM_VAR or DATABASE_URL).")
        try:
            invented = Invented(organisations, startups, figures, seed)
        except ValueError as error:
            raise CommandError(str(error)) from error
        invented.write(importer())
        self.stdout.write(f"{organisations} organisations, {startups} start-ups, {figures} yearly figures.")
