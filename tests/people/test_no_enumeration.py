"""Nobody learns here who has an account: known and unknown addresses get the same answers."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network_platform.background.models import Message
from network_platform.people.models import User
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known.one@people.example", "other.one@people.example"

DOORS = {
    "sign up": ("/en/accounts/signup/", {"email": None, "name": "Проба Проба", "password1": "many sandy words"}),
    "code": ("/en/accounts/login/code/", {"email": None}),
    "reset": ("/en/accounts/password/reset/", {"email": None}),
    "password": ("/en/accounts/login/", {"login": None, "password": "wrong words here"}),
}


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed: that is where the time goes."""

    algorithm = "counting"
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


def plain(text: str, email: str) -> str:
    """The page without what is different on every request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"nonce-[\w+/=-]+", "", text).replace(email, "ADDRESS")


def ask(door: str, email: str) -> list[tuple]:
    """Every answer on the way: status, place, body."""
    client = Client()
    path, data = DOORS[door]
    response = client.post(path, {key: email if value is None else value for key, value in data.items()})
    answers = [(response.status_code, response.get("Location", ""), plain(response.content.decode(), email))]
    if response.status_code == 302:
        for method in (client.get, client.post):
            page = method(response["Location"], {"code": "000000"} if method == client.post else {})
            answers.append((page.status_code, page.get("Location", ""), plain(page.content.decode(), email)))
    return answers


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_get_the_same_answers(door):
    PersonFactory(email=KNOWN)

    assert ask(door, KNOWN) == ask(door, UNKNOWN)


@pytest.mark.parametrize("door", ["sign up", "code", "reset"])
def test_only_the_mailbox_tells_the_difference(door, delivered):
    PersonFactory(email=KNOWN)

    ask(door, KNOWN)
    ask(door, UNKNOWN)

    mails = {mail.to[0]: mail.subject for mail in delivered()}
    assert set(mails) == {KNOWN, UNKNOWN}
    assert mails[KNOWN] != mails[UNKNOWN]


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_cost_the_same_hashing(door, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    known = PersonFactory(email=KNOWN, password="")
    known.set_password("many sandy words")
    known.save()
    spent = []

    for email in (KNOWN, UNKNOWN):
        Counting.count = 0
        ask(door, email)
        spent.append(Counting.count)

    assert spent[0] == spent[1]


@pytest.mark.parametrize("door", ["code", "reset"])
def test_known_and_unknown_addresses_cost_about_the_same_queries(door):
    PersonFactory(email=KNOWN)
    spent = []

    for email in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(door, email)
        spent.append(len(queries))

    assert abs(spent[0] - spent[1]) <= 3


def test_sign_up_with_a_known_address_changes_nothing(delivered):
    person = PersonFactory(email=KNOWN)
    before = User.objects.get(pk=person.pk)

    ask("sign up", KNOWN)

    after = User.objects.get()
    assert (after.name, after.password) == (before.name, before.password)
    assert "You have an account already" in delivered()[-1].subject


def test_mails_to_an_address_carry_nothing_that_a_stranger_typed(delivered):
    Client().post(
        "/en/accounts/signup/",
        {"email": UNKNOWN, "name": "Приз ждёт вас", "password1": "many sandy words"},
        headers={"User-Agent": "Visit evil.example"},
    )
    Client().post("/en/accounts/password/reset/", {"email": KNOWN}, headers={"User-Agent": "Visit evil.example"})

    for mail in delivered():
        assert "Приз" not in mail.body
        assert "evil" not in mail.body


def test_links_in_mails_lead_to_our_address_whatever_host_was_asked(client, settings, delivered):
    settings.ALLOWED_HOSTS = ["*"]

    client.post("/en/accounts/password/reset/", {"email": UNKNOWN}, headers={"Host": "evil.example"})

    assert f"{settings.BASE_URL}/en/accounts/signup/" in delivered()[-1].body
    assert "evil.example" not in delivered()[-1].body
    assert Message.objects.count() == 1
