"""`manage.py prepare_site`: the pages that the menu leads to, the countries' pages, and the editors' groups."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.services.site import prepare_site


class Command(BaseCommand):
    help = "Make the pages and groups that editors need. Safe to repeat; changes no text that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_site()
        self.stdout.write("The site is ready to be written.")
