"""Three invented competitions: one open for application, one in judging, one announced. Safe to repeat."""

from typing import TextIO

from django.db import transaction

from competitions.demonstration.announced import load_announced
from competitions.demonstration.judging import load_judging
from competitions.demonstration.open import load_open
from competitions.services.describing import describe_all, read_described
from network_platform.people.demonstration import past_mails


@transaction.atomic
def load(stdout: TextIO) -> None:
    described = describe_all(read_described())
    with past_mails("competitions/"):
        made = [load_open(), load_judging(), load_announced()]
    stdout.write(f"competitions: {len(described)} described, {sum(made)} invented")
