"""`manage.py verify_journal`: is every record as it was written, and is none missing?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network_platform.journal.models import Head
from network_platform.journal.services import broken_records


class Command(BaseCommand):
    help = "Walk the journal's chain of hashes. Ends with 1 and names the first broken record if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        for number, wrong in broken_records():
            raise CommandError(f"Record {number} {wrong}.")
        head = Head.objects.filter(pk=1).first() or Head()
        self.stdout.write(f"{head.number} records, unbroken; the last hash is {head.hash}.")
