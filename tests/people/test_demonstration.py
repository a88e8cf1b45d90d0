"""The demonstration's logins and the command that loads all of it."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from network_platform.people.demonstration import PARTS, PASSWORD, load_people, person
from network_platform.people.models import User

pytestmark = pytest.mark.django_db
LOGINS = {
    "secretariat",
    *(f"focal.{iso2}" for iso2 in ("kz", "kg", "tj", "uz", "az")),
    *("editor", "incubator", "founder", "founder2", "manager", "observer", "mentor", "tracker", "trainer"),
    *(f"judge{number}" for number in range(1, 13)),
}


def test_every_promised_login_works(client):
    load_people()

    assert {part.email for part in PARTS} == {f"{login}@demo.example" for login in LOGINS}
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(PARTS)
    client.post("/en/accounts/login/", {"login": "judge1@demo.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person("judge1@demo.example").pk)


def test_loading_twice_is_loading_once_and_keeps_changes():
    load_people()
    User.objects.filter(email="judge1@demo.example").update(name="Changed")
    load_people()

    assert User.objects.count() == len(PARTS)
    assert person("judge1@demo.example").name == "Changed"


def test_roles_languages_and_zones_are_mixed():
    load_people()

    assert person("secretariat@demo.example").is_secretariat
    assert person("editor@demo.example").group_names == {"editors"}
    russian = User.objects.filter(language="ru").count()
    assert 0.4 <= russian / len(PARTS) <= 0.7
    assert User.objects.values("time_zone").distinct().count() >= 8


def test_command_refuses_outside_development(settings):
    settings.MODE = "production"

    with pytest.raises(CommandError, match="not loaded in production"):
        call_command("demo", stdout=io.StringIO())

    assert not User.objects.exists()
