"""Quick hashing, the real outbox delivered into memory, and a client that is signed in with a password just now."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from network_platform.background.delivery import deliver
from network_platform.background.models import Message, MessageState
from network_platform.people.models import User
from tests.people.factories import PASSWORD

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def delivered(db) -> Callable[[], list[mail.EmailMessage]]:
    """Deliver what waits in the outbox; every mail of this test, oldest first."""

    def deliver_all() -> list[mail.EmailMessage]:
        for message in Message.objects.filter(state=MessageState.QUEUED).order_by("pk"):
            deliver(message.pk)
        assert not Message.objects.exclude(state=MessageState.SENT).exists()
        return mail.outbox

    return deliver_all


@pytest.fixture
def code_in(delivered) -> Callable[[str], str]:
    """The newest code that was mailed to an address."""

    def find(address: str) -> str:
        newest = [message for message in delivered() if message.to == [address]][-1]
        return re.search(r"^ {4}(\d{6})$", newest.body, re.MULTILINE).group(1)

    return find


@pytest.fixture
def fresh(db) -> Callable[[User], Client]:
    """A client that has just signed in and just proved again who it is."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
        client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    return sign_in


@pytest.fixture
def time_machine_clock():
    """`clock(seconds)` moves time forward."""
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        yield clock.shift
