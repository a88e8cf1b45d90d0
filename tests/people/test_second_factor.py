"""The second step of signing in: who must have one, how it is set up, asked for and kept."""

import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Group
from django.test import Client

from network_platform.people.models import EDITORS
from network_platform.people.secrets import conceal, reveal
from tests.people.factories import PASSWORD, PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


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
