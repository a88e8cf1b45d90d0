"""A new code is never sent in silence, and nobody learns from it who has an account."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
PAGES = {
    "code": ("/en/accounts/login/code/", "/en/accounts/login/code/confirm/"),
    "reset": ("/en/accounts/password/reset/", "/en/accounts/password/reset/confirm/"),
}
SAID, LIMIT = "The earlier code no longer works.", "No more new codes can be sent here."


def begun(door: str, email: str) -> Client:
    client = Client()
    client.post(PAGES[door][0], {"email": email})
    return client


def again(client: Client, door: str, email: str) -> str:
    cache.clear()  # the pause between two codes is over
    path, data = (PAGES[door][1], {}) if door == "code" else (PAGES[door][0], {"email": email})
    return client.post(path, {"action": "resend", **data}, follow=True).content.decode()


@pytest.mark.parametrize("door", PAGES)
@pytest.mark.parametrize("known", [True, False])
def test_a_new_code_is_told_with_the_hour(door, known, code_in):
    email = PersonFactory().email if known else "nobody@people.example"
    client = begun(door, email)
    first = client.get(PAGES[door][1]).content.decode()
    before = code_in(email) if known else ""

    page = again(client, door, email)

    assert (SAID in first, SAID in page) == (False, True)
    assert " UTC. The earlier code" in page
    assert "Send a new code" in page
    assert not known or code_in(email) != before


def test_at_the_limit_the_page_says_why():
    email = PersonFactory().email
    client = begun("code", email)

    pages = [again(client, "code", email) for _ in range(2)]

    assert [LIMIT in page for page in pages] == [False, True]
    assert "Send a new code" not in pages[1]


def test_a_new_code_at_sign_up_is_told():
    client = Client()
    data = {"name": "Проба Проба", "email": "new@people.example", "password1": "many sandy words"}
    first = client.post("/en/accounts/signup/", data, follow=True).content.decode()
    cache.clear()

    page = client.post("/en/accounts/confirm-email/", {"action": "resend"}, follow=True).content.decode()

    assert (SAID in first, SAID in page) == (False, True)
