"""The second step of signing in: who must have one, how it is set up, asked for and kept."""

import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.models import Group
from django.test import Client

from network_platform.people.models import EDITORS
from network_platform.people.secrets import conceal, reveal
from tests.people.factories import PASSWORD, PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# What a browser registers, with a public key that nobody has the other half of.
KEY = {
    "type": "public-key",
    "id": "a2V5",
    "rawId": "a2V5",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWXciLCJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0IiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ",
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViHAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQFFAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2tleaUBAgMmIAEhWCBl3hX-y37DzftXD6h6txzh8Y6J1ZdrBwV827_1_4W3YCJYIGfYUJi2kDutgr6wyYj3nx8pXpwShcWAsZmDYSDtG79-",
    },
}


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def test_secretariat_sets_it_up_before_anything_else(required, fresh):
    client = fresh(SecretariatFactory())

    desk, api = client.get("/en/desk/"), client.get("/api/v1/countries/")
    setup, settings = client.get("/en/accounts/2fa/"), client.get("/ru/settings/")

    assert (desk.status_code, desk["Location"]) == (302, "/en/accounts/2fa/")
    assert api.status_code == 403
    assert setup.status_code == 200
    assert settings["Location"] == "/ru/accounts/2fa/"


def test_editors_of_all_pages_set_it_up_before_anything_else(required, fresh):
    editor = PersonFactory()
    editor.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    client = fresh(editor)

    assert client.get("/en/desk/")["Location"] == "/en/accounts/2fa/"
    assert client.get("/wagtail/")["Location"] == "/en/accounts/2fa/"


def test_others_and_those_who_have_it_go_on(required, fresh):
    member, secretary = PersonFactory(), SecretariatFactory()
    with_app = fresh(secretary)
    TOTP.activate(secretary, SECRET)

    assert fresh(member).get("/en/desk/").status_code == 200
    assert with_app.get("/en/desk/").status_code == 200


def test_it_is_not_asked_where_it_is_not_required(fresh, settings):
    settings.REQUIRE_SECOND_FACTOR = False

    assert fresh(SecretariatFactory()).get("/en/desk/").status_code == 200


def test_who_is_given_a_role_is_asked_within_minutes(required, fresh, time_machine_clock):
    member = PersonFactory()
    client = fresh(member)
    before = client.get("/en/desk/").status_code
    member.groups.add(SecretariatFactory().groups.get())

    time_machine_clock(301)

    assert before == 200
    assert client.get("/en/desk/")["Location"] == "/en/accounts/2fa/"


def test_setting_up_the_app_gives_recovery_codes_and_a_mail(fresh, delivered, django_capture_on_commit_callbacks):
    person = PersonFactory(language="ru")
    client = fresh(person)

    page = client.get("/ru/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code[^>]*>(\w+)</code>", page).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/ru/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert "<svg" in page
    assert response["Location"] == "/ru/accounts/2fa/recovery-codes/"
    assert client.get(response["Location"]).content.decode().count("<code>") == 10
    assert "Вход в два шага включён" in {mail.subject for mail in delivered()}


def test_a_wrong_code_of_the_app_says_what_to_do(fresh):
    page = fresh(PersonFactory()).post("/en/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()

    assert "Check the digits; the app shows a new code twice a minute." in page


def test_secrets_are_not_readable_in_the_database():
    person = PersonFactory()

    TOTP.activate(person, SECRET)

    stored = str(Authenticator.objects.get().data)
    assert SECRET not in stored
    assert Authenticator.objects.get().wrap().validate_code(code_of(SECRET))


def test_secrets_survive_a_new_key_that_names_the_old_one(settings):
    concealed = conceal("seed")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of more than fifty characters, chosen later by somebody"

    assert reveal(concealed) == "seed"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="SECRET_KEY_FALLBACKS"):
        reveal(concealed)


def test_password_alone_does_not_open_an_account_with_an_app(client):
    person = PersonFactory()
    TOTP.activate(person, SECRET)

    response = client.post("/en/accounts/login/", {"login": person.email, "password": PASSWORD})
    before = "_auth_user_id" in client.session
    client.post("/en/accounts/2fa/authenticate/", {"code": code_of(SECRET)})

    assert (response["Location"], before) == ("/en/accounts/2fa/authenticate/", False)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_code_by_mail_alone_does_not_open_it_either(client, code_in):
    person = PersonFactory()
    TOTP.activate(person, SECRET)

    client.post("/en/accounts/login/code/", {"email": person.email})
    response = client.post("/en/accounts/login/code/confirm/", {"code": code_in(person.email)})

    assert response["Location"] == "/en/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def passkey_of(person):
    """A key as a browser made it without "alone"; its parts are those of no device."""
    return WebAuthn.add(person, "My phone", KEY)


def second_step(client, person) -> str:
    client.post("/en/accounts/login/", {"login": person.email, "password": PASSWORD})
    page = client.get("/en/accounts/2fa/authenticate/").content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize(
    ("app", "codes", "key", "asked"),
    [
        (True, True, False, ["Code from the app", "Six digits; a recovery code works as well."]),
        (True, False, False, ["Code from the app", "Six digits."]),
        (True, True, True, ["Code from the app", "Six digits; a recovery code works as well.", "Use a passkey"]),
        (False, True, True, ["Use a passkey", "Recovery code", "One of those you keep for the day the key is lost."]),
        (False, False, True, ["Use a passkey"]),
    ],
)
def test_second_step_offers_what_the_person_has(client, app, codes, key, asked):
    person = PersonFactory()
    if app:
        TOTP.activate(person, SECRET)
    if codes:
        RecoveryCodes.activate(person)
    if key:
        passkey_of(person)

    page = second_step(client, person)

    every = [
        "Code from the app",
        "Six digits",
        "Recovery code",
        "One of those",
        "Use a passkey",
        "JavaScript",
        "Open the app",
    ]
    told = [words for words in every if words in page]
    wanted = [words for words in every if words in " ".join(asked)]
    assert sorted(asked, key=page.index) == asked
    assert set(told) == {*wanted, *(["JavaScript"] if key else []), *(["Open the app"] if app else [])}
    assert page.count('class="btn full"') == 1  # one way comes first


def test_recovery_codes_that_are_used_up_are_not_offered(client):
    person = PersonFactory()
    passkey_of(person)
    codes = RecoveryCodes.activate(person)
    for code in codes.get_unused_codes():
        codes.validate_code(code)

    assert 'name="code"' not in second_step(client, person)


def test_wrong_recovery_code_is_told_without_an_app(client):
    person = PersonFactory()
    passkey_of(person)
    RecoveryCodes.activate(person)
    second_step(client, person)

    page = client.post("/en/accounts/2fa/authenticate/", {"code": "12345678"}).content.decode()

    assert "The code is not correct, or it was used before." in page
    assert "the app" not in page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("sent", ["[]", "{", '{"type": "public-key"}', ""])
def test_passkey_that_is_refused_at_the_second_step_says_so(client, sent):
    person = PersonFactory()
    passkey_of(person)
    second_step(client, person)

    page = client.post("/en/accounts/2fa/authenticate/", {"credential": sent}).content.decode()

    told = re.findall(r'<div class="note bad"[^>]*role="alert">.*?<p>([^<]*)', page, re.DOTALL)
    assert told == ["This passkey was not accepted. Try again, or choose another way."]
    assert page.count("<html") == 1
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("app", "left", "offered"),
    [
        (True, True, ["Use the app or a recovery code", "Use a passkey"]),
        (True, False, ["Use the app", "Use a passkey"]),
        (False, True, ["Use a recovery code", "Use a passkey"]),
        (False, False, ["Use a passkey"]),
    ],
)
def test_asking_again_offers_what_the_person_has(signed_in, app, left, offered):
    person = PersonFactory()
    passkey_of(person)
    if app:
        TOTP.activate(person, SECRET)
    if left:
        RecoveryCodes.activate(person)

    page = signed_in(person).get("/en/accounts/reauthenticate/").content.decode()

    assert re.findall(r'<a class="btn second full" href="[^"]+">([^<]+)', page)[::-1] == offered


def test_keys_tell_what_they_are_for(signed_in):
    person = PersonFactory()
    alone = {**KEY, "clientExtensionResults": {"credProps": {"rk": True}}}
    second = {**KEY, "clientExtensionResults": {"credProps": {"rk": False}}}
    for name, key in (("Alone", alone), ("Second", second), ("Unknown", KEY)):
        WebAuthn.add(person, name, key)

    page = signed_in(person).get("/en/accounts/2fa/webauthn/").content.decode()

    rows = {name: row for name in ("Alone", "Second", "Unknown") for row in page.split("<li>") if f">{name}<" in row}
    assert [("signs in alone" in row, "for the second step" in row) for row in rows.values()] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_guessing_codes_is_limited(client):
    person = PersonFactory()
    TOTP.activate(person, SECRET)
    client.post("/en/accounts/login/", {"login": person.email, "password": PASSWORD})

    for _ in range(5):
        client.post("/en/accounts/2fa/authenticate/", {"code": "000000"})
    response = client.post("/en/accounts/2fa/authenticate/", {"code": code_of(SECRET)})

    assert "Too many failed tries. Wait five minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "/en/accounts/2fa/totp/deactivate/",
        "/en/accounts/2fa/webauthn/add/",
        "/en/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_changes_ask_again_who_it_is(path):
    person = PersonFactory()
    TOTP.activate(person, SECRET)
    client = Client()
    client.force_login(person)

    response = client.post(path)

    assert "/reauthenticate/" in response["Location"]
    assert Authenticator.objects.count() == 1


def test_asking_again_holds_for_ten_minutes(fresh, time_machine_clock):
    client = fresh(PersonFactory())
    at_once = client.get("/en/settings/erase/").status_code

    time_machine_clock(601)

    assert at_once == 200
    assert "/accounts/reauthenticate/" in client.get("/en/settings/erase/")["Location"]


def test_who_has_no_password_signs_in_afresh_by_mail(client, code_in):
    person = PersonFactory()
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    page = client.get("/en/settings/erase/")
    target = re.search(r'name="next" value="([^"]+)"', page.content.decode()).group(1)
    way = client.post("/en/accounts/logout/", {"next": unescape(target)})
    asked = client.post(way["Location"], {"email": person.email})
    response = client.post(asked["Location"], {"code": code_in(person.email)})

    assert page.status_code == 403
    assert response["Location"] == "/en/settings/erase/"
    assert client.get("/en/settings/erase/").status_code == 200
