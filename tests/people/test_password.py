"""Choosing a new password, by a code or in the settings."""

import pytest
from django.test import Client

from network_platform.background.models import Message
from network_platform.people.models import User
from tests.people.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_code_by_mail_leads_to_a_new_password_and_ends_other_sessions(client, code_in, delivered):
    person = PersonFactory(language="ru")
    elsewhere = Client()
    elsewhere.force_login(person)

    client.post("/en/accounts/password/reset/", {"email": person.email})
    client.post("/en/accounts/password/reset/confirm/", {"code": code_in(person.email)})
    new = {"password1": "brand new words", "password2": "brand new words"}
    client.post("/en/accounts/password/reset/complete/", new)

    assert User.objects.get().check_password("brand new words")
    assert elsewhere.get("/en/desk/").status_code == 302
    told = delivered()[-1]
    assert told.subject == "Ваш пароль изменён"
    assert person.name in told.body


def test_invited_person_without_a_password_chooses_one(client, code_in):
    person = User.objects.create_user("invited@people.example", name="Гость Үлгі")

    client.post("/en/accounts/password/reset/", {"email": person.email})
    client.post("/en/accounts/password/reset/confirm/", {"code": code_in(person.email)})
    client.post(
        "/en/accounts/password/reset/complete/", {"password1": "brand new words", "password2": "brand new words"}
    )
    client.post("/en/accounts/login/", {"login": person.email, "password": "brand new words"})

    assert User.objects.get().check_password("brand new words")


def test_wrong_code_does_not_lead_to_a_new_password(client):
    person = PersonFactory()

    client.post("/en/accounts/password/reset/", {"email": person.email})
    client.post("/en/accounts/password/reset/confirm/", {"code": "not it"})
    client.post("/en/accounts/password/reset/complete/", {"password1": "brand new words", "password2": "x"})

    assert User.objects.get().check_password(PASSWORD)


def test_change_in_the_settings_needs_the_old_one_and_is_told(client, fresh):
    person = PersonFactory()
    client = fresh(person)
    new = {"password1": "brand new words", "password2": "brand new words"}

    client.post("/en/accounts/password/change/", {"oldpassword": "wrong", **new})
    unchanged = User.objects.get().check_password(PASSWORD)
    changed = client.post("/en/accounts/password/change/", {"oldpassword": PASSWORD, **new})

    assert unchanged
    assert changed.url == "/en/settings/"
    assert "Your password is changed." in client.get("/en/settings/").content.decode()
    assert User.objects.get().check_password("brand new words")
    assert Message.objects.get().template == "account/password_changed"


def test_change_of_the_address_asks_again_and_tells_the_old_one(client, fresh, code_in, delivered):
    person = PersonFactory()
    client.force_login(person)
    stale = client.post("/en/accounts/email/", {"email": "next@people.example", "action_add": ""})
    client = fresh(person)

    client.post("/en/accounts/email/", {"email": "next@people.example", "action_add": ""})
    waiting = User.objects.get().email
    client.post("/en/accounts/confirm-email/", {"code": code_in("next@people.example")})

    assert "/accounts/reauthenticate/" in stale["Location"]
    assert waiting == person.email
    assert User.objects.get().email == "next@people.example"
    told = next(mail for mail in delivered() if mail.to == [person.email])
    assert "next@people.example" in told.body


def test_wrong_current_password_is_said_to_be_wrong(fresh):
    new = {"password1": "brand new words", "password2": "brand new words"}

    page = fresh(PersonFactory()).post("/en/accounts/password/change/", {"oldpassword": "wrong", **new})

    assert page.context["form"].errors["oldpassword"] == ["This is not your current password."]
