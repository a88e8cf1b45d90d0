"""`manage.py reindex`: build the search text again from what every app has to show."""

from typing import Any

from django.core.management.base import BaseCommand

from network_platform.search.services import reindex


class Command(BaseCommand):
    help = "Index everything again and forget what is gone; pages stay searchable meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reindex()} documents")
