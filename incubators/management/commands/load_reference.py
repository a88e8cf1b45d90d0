"""Bring countries, cities, languages, sectors and SDGs in step with the file that the product ships."""

from typing import Any

from django.core.management.base import BaseCommand

from incubators.services.reference import load_reference


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference()
        self.stdout.write("The reference data is current.")
