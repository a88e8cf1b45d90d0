"""The prefix of an address decides the language; `/` and mails follow the person."""

import pytest
from django.test import Client

from network_platform.people.models import User
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


def start(client: Client, **headers: str) -> str:
    return client.get("/", headers=headers)["Location"]


def test_start_follows_the_browser_then_the_cookie_then_the_person(client, signed_in):
    by_default = start(client)
    by_browser = start(client, **{"Accept-Language": "ru-KZ,ru;q=0.9"})
    client.cookies["django_language"] = "ru"
    by_cookie = start(client, **{"Accept-Language": "en"})
    person = signed_in(PersonFactory(language="en"))
    person.cookies["django_language"] = "ru"

    assert (by_default, by_browser, by_cookie) == ("/en/", "/ru/", "/ru/")
    assert start(person, **{"Accept-Language": "ru"}) == "/en/"


def test_start_varies_with_what_decides_it(client):
    response = client.get("/")

    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}


def test_prefix_decides_whatever_the_person_prefers(signed_in):
    client = signed_in(PersonFactory(language="ru"))

    response = client.get("/en/settings/")

    assert 'lang="en"' in response.content.decode()
    assert User.objects.get().language == "ru"


def test_language_link_of_a_page_keeps_the_new_language(signed_in):
    client = signed_in(PersonFactory(language="en"))

    client.get("/ru/settings/?a=1", headers={"Referer": "http://testserver/en/settings/?a=1"})

    assert User.objects.get().language == "ru"
    assert start(client) == "/ru/"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": "https://evil.example/en/settings/"},
        {"Referer": "http://testserver/en/desk/"},
        {"Referer": "http://testserver/ru/settings/"},
        {"Referer": "http://testserver/en/settings/", "Sec-Purpose": "prefetch"},
    ],
)
def test_nothing_else_changes_what_the_person_prefers(signed_in, headers):
    client = signed_in(PersonFactory(language="en"))

    client.get("/ru/settings/", headers=headers)

    assert User.objects.get().language == "en"


def test_language_link_of_a_visitor_is_kept_in_a_cookie(client):
    response = client.get("/ru/accounts/login/", headers={"Referer": "http://testserver/en/accounts/login/"})

    assert response.cookies["django_language"].value == "ru"
    assert start(client, **{"Accept-Language": "en"}) == "/ru/"


def test_plain_page_sets_no_cookie(client):
    response = client.get("/ru/accounts/password/reset/")

    assert "django_language" not in response.cookies
