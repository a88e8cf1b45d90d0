"""Signing in with a password or a code by mail."""

import base64
import json
import logging
import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from network_platform.background.models import Message
from network_platform.people.models import User
from tests.people.factories import PASSWORD, PersonFactory

LOGIN = "/en/accounts/login/"
CODE = "/en/accounts/login/code/"
CONFIRM = "/en/accounts/login/code/confirm/"

pytestmark = pytest.mark.django_db


def signed_in_as(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_password_opens_the_desk_in_the_language_of_the_page(client):
    person = PersonFactory()

    response = client.post("/ru/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/ru/desk/")
    assert signed_in_as(client) == str(person.pk)


def test_letter_case_and_spaces_of_the_address_do_not_matter(client):
    person = PersonFactory(email="mixed@people.example")

    client.post(LOGIN, {"login": " MIXED@People.Example ", "password": PASSWORD})

    assert signed_in_as(client) == str(person.pk)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_stays_on_the_site(client, settings, target):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    person = PersonFactory()

    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": target})

    assert response["Location"] == "/en/desk/"


@pytest.mark.parametrize(
    ("back", "why"),
    [
        ("/en/incubators/searches/save/?q=hub", "Sign in to save this search"),
        ("/ru/incubators/some-hub/claim/", "Sign in to claim this entry"),
        ("/en/incubators/claims/mailbox/abc/", "Sign in to confirm the address"),
        ("/en/mentors/somebody/ask/", "Sign in to ask this expert"),
        ("/en/competitions/some-call/apply/", "Sign in to apply"),
        ("/en/desk/", None),
        ("/nowhere", None),
        ("//else.example/en/incubators/searches/save/", None),
    ],
)
def test_signing_in_says_what_for(client, back, why):
    pages = [f"/en/accounts/{each}/" for each in ("login", "signup", "login/code")]
    html = [client.get(page, {"next": back}).content.decode() for page in pages]
    html.append(client.post(pages[0], {"next": back, "login": "nobody@x.example", "password": "x"}).content.decode())

    told = [re.findall(r'<p class="soft mt-3">(Sign in to [a-z ]+)', each) for each in html]
    assert told == [[why] if why else []] * 4


def test_next_leads_to_a_page_of_ours(client):
    person = PersonFactory()

    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": "/ru/settings/"})

    assert response["Location"] == "/ru/settings/"


def test_stay_signed_in_is_a_choice(client):
    person = PersonFactory()

    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    short = client.session.get_expire_at_browser_close()
    client.post("/en/accounts/logout/")
    client.post(LOGIN, {"login": person.email, "password": PASSWORD, "remember": "on"})

    assert short
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_code_by_mail_opens_the_account_once(client, code_in):
    person = PersonFactory()

    client.post(CODE, {"email": person.email})
    code = code_in(person.email)
    client.post(CONFIRM, {"code": f" {code} "})
    first = signed_in_as(client)
    client.post("/en/accounts/logout/")
    client.post(CONFIRM, {"code": code})

    assert first == str(person.pk)
    assert signed_in_as(client) == ""


def test_invited_person_needs_one_code_and_nothing_else(client, code_in):
    person = User.objects.create_user("invited@people.example", name="Гость Үлгі")

    client.post(CODE, {"email": person.email})
    response = client.post(CONFIRM, {"code": code_in(person.email)})

    assert response["Location"] == "/en/desk/"
    assert signed_in_as(client) == str(person.pk)
    assert EmailAddress.objects.get().verified


def test_code_works_for_ten_minutes(client, code_in):
    person = PersonFactory()

    with time_machine.travel("2026-11-23 10:00:00Z") as clock:
        client.post(CODE, {"email": person.email})
        code = code_in(person.email)
        clock.shift(601)
        response = client.post(CONFIRM, {"code": code})

    assert response["Location"] == CODE
    assert signed_in_as(client) == ""


def test_three_wrong_codes_end_the_attempt(client, code_in):
    person = PersonFactory()
    client.post(CODE, {"email": person.email})
    code = code_in(person.email)
    wrong = "000000" if code != "000000" else "000001"

    answers = [client.post(CONFIRM, {"code": wrong}) for _ in range(3)]
    client.post(CONFIRM, {"code": code})

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert signed_in_as(client) == ""


def test_code_is_nowhere_in_the_log(client, code_in, caplog):
    person = PersonFactory()

    with caplog.at_level(logging.DEBUG):
        client.post(CODE, {"email": person.email})
        code = code_in(person.email)
        client.post(CONFIRM, {"code": code})

    assert code not in caplog.text


def test_code_is_not_kept_once_it_is_sent(client, code_in):
    person = PersonFactory()

    client.post(CODE, {"email": person.email})
    code = code_in(person.email)

    assert code not in str(Message.objects.get().context)


def test_each_code_is_one_message_in_the_outbox(client):
    person = PersonFactory()

    client.post("/ru/accounts/login/code/", {"email": person.email})

    message = Message.objects.get()
    assert (message.template, message.language, message.address, message.recipient) == (
        "account/login_code",
        "ru",
        person.email,
        None,
    )


def test_wrong_password_keeps_what_was_typed_and_says_what_to_do(client):
    person = PersonFactory()

    response = client.post(LOGIN, {"login": person.email, "password": "wrong words here"})

    page = response.content.decode()
    assert person.email in page
    assert "not correct" in page
    assert "wrong words here" not in page


def test_deactivated_person_does_not_get_in(client):
    person = PersonFactory(is_active=False)

    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    client.post(CODE, {"email": person.email})

    assert signed_in_as(client) == ""
    assert list(Message.objects.values_list("template", flat=True)) == ["account/unknown_account"]


def test_password_limit_counts_all_spellings_of_an_address(client):
    PersonFactory(email="target@people.example")
    spellings = ["target@people.example", "TARGET@people.example", "Target@People.example", "tArget@people.example"]

    for login in (*spellings, spellings[0]):
        client.post(LOGIN, {"login": login, "password": "wrong words here"})
    response = client.post(LOGIN, {"login": "targeT@people.example", "password": PASSWORD})

    assert "Too many failed tries. Wait five minutes" in response.content.decode()
    assert signed_in_as(client) == ""


def test_password_limit_is_not_reset_by_the_attackers_own_success(client):
    target, attacker = PersonFactory(), PersonFactory()

    for _ in range(5):
        client.post(LOGIN, {"login": target.email, "password": "wrong words here"})
        Client().post(LOGIN, {"login": attacker.email, "password": PASSWORD})
    response = client.post(LOGIN, {"login": target.email, "password": PASSWORD})

    assert "Too many failed tries. Wait five minutes" in response.content.decode()


def test_limit_by_address_of_the_network_ignores_a_forged_header(client):
    for number in range(10):
        client.post(
            LOGIN,
            {"login": f"somebody{number}@people.example", "password": "wrong words here"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    response = client.post(
        LOGIN,
        {"login": "another@people.example", "password": "wrong words here"},
        headers={"X-Forwarded-For": "203.0.113.200"},
    )

    assert "Too many failed tries. Wait five minutes" in response.content.decode()


def test_codes_to_one_address_are_limited_in_any_spelling(client):
    person = PersonFactory(email="codes@people.example")

    for email in ("codes@people.example", "CODES@people.example", "Codes@people.example", "cOdes@people.example"):
        Client().post(CODE, {"email": email}, headers={"X-Forwarded-For": f"203.0.113.{len(email)}"})

    assert Message.objects.filter(address__iexact=person.email).count() == 3


@pytest.mark.parametrize("address", ["codes@people.example", "nobody@people.example"])
def test_who_asks_for_codes_too_often_is_told_how_long_to_wait(address):
    PersonFactory(email="codes@people.example")
    with time_machine.travel("2026-11-30T10:00:00Z", tick=False) as clock:
        for _ in range(3):
            Client().post(CODE, {"email": address})
        clock.shift(20)
        minute = Client().post(CODE, {"email": address.upper()}).content.decode()
        for _ in range(3):
            clock.shift(61)
            for _ in range(3):
                Client().post(CODE, {"email": address})
        clock.shift(61)
        hour = Client().post(CODE, {"email": address}).content.decode()

    assert "Codes were asked for too often. Use the newest one that came, or ask again in 1 minute." in minute
    assert "ask again in 56 minutes." in hour
    assert "failed" not in minute + hour


def test_a_code_that_was_mistyped_too_often_is_said_to_work_no_longer(client):
    person = PersonFactory()
    client.post(CODE, {"email": person.email})

    for _ in range(3):
        answer = client.post(CONFIRM, {"code": "000000"}, follow=True)

    assert "Too many wrong codes: this one no longer works. Ask for a new one." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_visitors_are_sent_to_sign_in_in_their_language(client, language):
    response = client.get(f"/{language}/desk/")

    assert response["Location"] == f"/{language}/accounts/login/?next=/{language}/desk/"


def test_sign_in_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("account_login"))

    assert 'name="login"' in response.content.decode()


def test_who_signs_in_after_sending_a_form_comes_back_to_the_page_it_stood_on(client):
    page = "/en/mentors/requests/0197/?part=2"
    sent = "/en/mentors/mine/leave/"

    response = client.post(sent, headers={"Referer": f"http://testserver{page}"})

    assert response["Location"] == f"{LOGIN}?next=/en/mentors/requests/0197/%3Fpart%3D2"


@pytest.mark.parametrize("referer", ["", "https://evil.example/en/desk/", "http://testserver/en/accounts/login/"])
def test_without_a_page_of_ours_the_way_back_is_the_address_itself(client, referer):
    response = client.post("/en/mentors/mine/leave/", headers={"Referer": referer})

    assert response["Location"] == f"{LOGIN}?next=/en/mentors/mine/leave/"


def test_the_way_back_to_a_page_is_the_page_wherever_its_reader_came_from(client):
    response = client.get("/en/desk/", headers={"Referer": "http://testserver/en/mentors/"})

    assert response["Location"] == f"{LOGIN}?next=/en/desk/"


def test_an_address_that_only_takes_forms_says_so_in_our_look_and_leads_to_the_page_above(client):
    client.force_login(PersonFactory())

    response = client.get("/en/mentors/mine/leave/")

    page = response.content.decode()
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "There is nothing to read at this address" in page
    assert 'href="/en/mentors/mine/"' in page


def test_programmes_that_ask_wrongly_get_no_page(client):
    response = client.post("/api/v1/experts/")

    assert response.status_code in {403, 405}
    assert "<html" not in response.content.decode()


def passkey(**response: Any) -> dict[str, str]:
    """What a browser sends for a key, with nothing in it that any account knows."""
    parts = {"clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "AA", "userHandle": None, **response}
    return {"credential": json.dumps({"type": "public-key", "id": "AA", "rawId": "AA", "response": parts})}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (passkey(), "made for the second step"),
        (passkey(userHandle="MQ"), "opens no account here"),
        (passkey(userHandle="enp6enp6enp6enp6enp6enp6"), "opens no account here"),
        (passkey(userHandle="é"), "opens no account here"),
        (passkey(userHandle=5), "opens no account here"),
        ({"credential": "[]"}, "opens no account here"),
        ({"credential": "null"}, "opens no account here"),
        ({"credential": "{"}, "opens no account here"),
        ({}, "opens no account here"),
    ],
)
def test_refused_passkey_says_why_and_leads_on(client, sent, words):
    PersonFactory()
    client.get("/en/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})

    response = client.post("/en/accounts/2fa/webauthn/login/", sent | {"next": "/en/settings/"})

    page = client.get(response["Location"]).content.decode()
    assert response["Location"] == "/en/accounts/login/?next=%2Fen%2Fsettings%2F"
    assert re.findall(r'role="alert"><svg.*?</svg><p>([^<]*)', page, re.DOTALL)[0].count(words) == 1
    assert signed_in_as(client) == ""


def test_refusal_of_a_passkey_does_not_tell_who_has_an_account(client):
    person = PersonFactory()
    handles = [
        base64.urlsafe_b64encode(user_pk_to_url_str(who).encode()).decode().rstrip("=")
        for who in (person, User(pk=9**9))
    ]

    pages = []
    for handle in handles:
        client.get("/en/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
        client.post("/en/accounts/2fa/webauthn/login/", passkey(userHandle=handle))
        pages.append(re.search(r'role="alert">.*?</p>', client.get(LOGIN).content.decode(), re.DOTALL).group())

    assert pages[0] == pages[1]
