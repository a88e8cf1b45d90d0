"""Write what is public in the registry as files, as every night; without a change nothing new is written."""

from typing import Any

from django.core.management.base import BaseCommand

from incubators.services.open_data import write_open_data


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        dump = write_open_data()
        self.stdout.write(f"{dump.folder}: {len(dump.checksums)} files, made at {dump.made_at.isoformat()}.")
