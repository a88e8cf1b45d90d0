"""`manage.py appoint EMAIL`: the first person of the secretariat, who then appoints everybody else on the site."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from network_platform.journal.services import record
from network_platform.people.models import SECRETARIAT
from network_platform.people.services.unconfirmed import account_of


class Command(BaseCommand):
    help = (
        "Put a person into the secretariat; the account is made if there is none. They sign in with a code by e-mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="For a new account.")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except Exception as error:
            raise CommandError(f"'{email}' is not an e-mail address.") from error
        made = appoint(email.lower(), name)
        self.stdout.write("Appointed." if made else "Already in the secretariat.")


@transaction.atomic
def appoint(email: str, name: str) -> bool:
    """Whether anything changed. The journal names nobody as the one who did it: it was done on the machine."""
    person = account_of(email=email, name=name, language=settings.LANGUAGE_CODE)
    if person.is_secretariat:
        return False
    person.groups.add(Group.objects.get_or_create(name=SECRETARIAT)[0])
    record(verb="person.groups", thing=person, by=None, label=person.reference, after={"groups": [SECRETARIAT]})
    return True
