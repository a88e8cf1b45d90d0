"""Every page below /accounts/: visitors open the doors, all else leads them to one."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.matrix.engine import every_url
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
DOORS = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_reset_password",
    "account_password_reset_completed",
}
LEADS_BACK = (
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/reauthenticate/",
    "/accounts/password/reset/",
    "/accounts/signup/",
)
NAMES = sorted({name for name, _ in every_url() if name.startswith(("account_", "mfa_"))})


def address(name: str) -> str:
    needs_key = name in {"mfa_remove_webauthn", "mfa_edit_webauthn"}
    return reverse(name, args=[1] if needs_key else [])


@pytest.mark.parametrize("name", sorted(DOORS - {"account_logout"}))
def test_doors_open_to_visitors(client, name):
    response = client.get(address(name))

    assert response.status_code == 200
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in DOORS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_all_else_leads_visitors_to_a_door(name, method):
    client = Client()
    response = getattr(client, method)(address(name))

    assert response.status_code == 302
    assert response["Location"].split("?")[0].endswith(LEADS_BACK)


@pytest.mark.parametrize("name", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
def test_keys_of_others_do_not_exist(fresh, name):
    other = Authenticator.objects.create(user=PersonFactory(), type="webauthn", data={"name": "x", "credential": {}})

    response = fresh(PersonFactory()).post(reverse(name, args=[other.pk]), {"name": "mine now"})

    assert response.status_code == 404
    assert Authenticator.objects.get().data["name"] == "x"


def test_signing_out_needs_a_form_of_ours():
    client = Client(enforce_csrf_checks=True)
    client.force_login(PersonFactory())

    response = client.post("/en/accounts/logout/")

    assert response.status_code == 403
    assert "_auth_user_id" in client.session


def test_a_wrong_address_says_as_whom_one_is_signed_in(client, fresh):
    person = PersonFactory(name="Sample Person")

    pages = [who.get("/en/judging/sheets/nothing/").content.decode() for who in (client, fresh(person))]

    assert ["You are signed in as Sample Person." in page for page in pages] == [False, True]
    assert ["/en/accounts/logout/" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("cookies", "heading"), [({}, "The browser sent no cookie"), ({"a": "b"}, "This form was too old to send")]
)
def test_a_form_that_cannot_be_told_to_be_ours_says_why(cookies, heading):
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(cookies)

    page = client.post(reverse("account_login"), {"login": "a@b.example"}).content.decode()

    assert f"<h1>{heading}" in page
