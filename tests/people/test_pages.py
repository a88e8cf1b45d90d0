"""Every account page: whole in Russian, light, and without anything inline that the content policy would stop."""

import gzip
import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client

from tests.people.factories import PASSWORD, PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db
OPEN = ["accounts/login/", "accounts/signup/", "accounts/login/code/", "accounts/password/reset/", "accounts/inactive/"]
OWN = [
    "desk/",
    "settings/",
    "settings/data/",
    "settings/erase/",
    "accounts/email/",
    "accounts/password/change/",
    "accounts/logout/",
    "accounts/reauthenticate/",
    "accounts/2fa/",
    "accounts/2fa/totp/activate/",
    "accounts/2fa/webauthn/",
    "accounts/2fa/webauthn/add/",
]
PROTECTED = [
    "accounts/2fa/",
    "accounts/2fa/totp/deactivate/",
    "accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/reauthenticate/",
]
NAMES = {
    "English",
    "API",
    "JSON",
    "PIN",
    "JavaScript",
    "Aegis",
    "FreeOTP",
    "Google",
    "Authenticator",
    "UTC",
    "SPECA",
    "QR",
}


def words_of(page: str) -> set[str]:
    """Latin words that a reader sees or hears in the page's own part; the frame has its own tests."""
    main = page[page.index("<title>") : page.index("</title>")] + page[page.index("<main") : page.index("</main>")]
    body = re.sub(r"<(script|svg|code|dd|option|strong)\b.*?</\1>", " ", main, flags=re.DOTALL)
    heard = " ".join(re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', body))
    seen = unescape(re.sub(r"<[^>]+>", " ", body))
    return set(re.findall(r"(?<![\w@./])[A-Za-z]{3,}(?![\w@./])", f"{seen} {heard}")) - NAMES


def foreign_words(page: str, person) -> set[str]:
    return {word for word in words_of(page) if word not in f"{person.email} {person.name_latin}" and word != "Site"}


def whole(response, person) -> str:
    page = response.content.decode()
    assert response.status_code == 200
    assert foreign_words(page, person) == set()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(src=|application/json))", page)
    return page


@pytest.mark.parametrize("path", OPEN)
def test_doors_are_whole_in_russian(client, path):
    whole(client.get(f"/ru/{path}"), PersonFactory.build())


@pytest.mark.parametrize("path", OWN)
def test_own_pages_are_whole_in_russian(fresh, path):
    person = PersonFactory(language="ru")

    whole(fresh(person).get(f"/ru/{path}"), person)


@pytest.mark.parametrize("path", PROTECTED)
def test_pages_of_a_protected_account_are_whole_in_russian(fresh, path):
    person = PersonFactory(language="ru")
    client = fresh(person)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)

    whole(client.get(f"/ru/{path}"), person)


def test_pages_on_the_way_in_are_whole_in_russian(client):
    person = PersonFactory()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    asked = client.post("/ru/accounts/login/", {"login": person.email, "password": PASSWORD})
    reset = Client()
    wanted = reset.post("/ru/accounts/password/reset/", {"email": person.email})
    code = Client()
    sent = code.post("/ru/accounts/login/code/", {"email": person.email})
    new = Client()
    confirm = new.post(
        "/ru/accounts/signup/", {"email": "n@people.example", "name": "Үлгі", "password1": "sandy words x"}
    )

    for reader, response in ((client, asked), (reset, wanted), (code, sent), (new, confirm)):
        whole(reader.get(response["Location"]), person)
        page = whole(reader.post(response["Location"], {"code": "000"}), person)
        assert 'role="alert"' in page


def test_pages_of_the_secretariat_are_whole_in_russian(signed_in):
    secretary, other = SecretariatFactory(), PersonFactory()
    client = signed_in(secretary)

    whole(client.get(f"/ru/people/{other.uid}/"), other)
    assert foreign_words(client.get("/ru/people/?q=nobody").content.decode(), other) == set()


def test_mistakes_are_in_russian_too(client):
    person = PersonFactory()

    whole(client.post("/ru/accounts/login/", {"login": person.email, "password": "wrong words"}), person)
    whole(client.post("/ru/accounts/signup/", {"email": "x", "name": "@", "password1": "abc"}), person)


def test_sign_in_is_light(client):
    static = settings.BASE_DIR / "network_platform" / "static"
    parts = [client.get("/ru/accounts/login/").content]
    parts += [(static / name).read_bytes() for name in ("site.css", "site.js", "people/people.js", "mark.svg")]

    assert sum(len(gzip.compress(part)) for part in parts) <= 20 * 1024


def test_recovery_codes_can_be_fetched_as_text(fresh):
    person = PersonFactory()
    client = fresh(person)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)

    response = client.get("/en/accounts/2fa/recovery-codes/download/")

    unused = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert [line for line in response.content.decode().split() if line.isdigit()] == unused
    assert response["Content-Disposition"].startswith("attachment")
