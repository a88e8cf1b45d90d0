"""Making an account: name, address, password, a code to see that the address is theirs."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import timezone

from network_platform.people.consents import give
from network_platform.people.models import User
from network_platform.people.services.unconfirmed import forget_unconfirmed
from network_platform.people.tasks import forget_stale_accounts
from tests.people.factories import PersonFactory

SIGN_UP = "/ru/accounts/signup/"
CONFIRM = "/ru/accounts/confirm-email/"
DATA = {
    "name": "  Айгүл   Үлгі ",
    "email": "New.One@People.Example",
    "password1": "many sandy words",
    "time_zone": "Asia/Tashkent",
}

pytestmark = pytest.mark.django_db


def test_sign_up_keeps_name_zone_and_language_and_opens_after_the_code(client, code_in):
    response = client.post(SIGN_UP, DATA)
    before = "_auth_user_id" in client.session
    client.post(CONFIRM, {"code": code_in("new.one@people.example")})

    user = User.objects.get()
    assert (response["Location"], before) == (CONFIRM, False)
    assert (user.email, user.name, user.language, user.time_zone) == (
        "new.one@people.example",
        "Айгүл Үлгі",
        "ru",
        "Asia/Tashkent",
    )
    assert EmailAddress.objects.get().verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_code_expires_and_a_new_one_can_be_asked(client, delivered, code_in):
    client.post(SIGN_UP, DATA)
    old = code_in("new.one@people.example")
    cache.clear()  # the pause of ten seconds between two codes is over
    client.post(CONFIRM, {"action": "resend"})
    new = code_in("new.one@people.example")
    client.post(CONFIRM, {"code": old})
    still_closed = "_auth_user_id" not in client.session
    client.post(CONFIRM, {"code": new})

    assert still_closed or old == new
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", 'href="#id_name"'),
        ("name", "Приз www.evil.example", "только буквами"),
        ("email", "nobody", "адрес"),
        ("password1", "short", "10"),
        ("password1", "1234567890", "цифр"),
    ],
)
def test_mistakes_are_explained_and_what_was_typed_is_kept(client, field, value, words):
    response = client.post(SIGN_UP, {**DATA, field: value})

    page = response.content.decode()
    assert words in page
    assert ("Айгүл" in page) is (field != "name")
    assert not User.objects.exists()


def test_unknown_zone_becomes_utc(client):
    client.post(SIGN_UP, {**DATA, "time_zone": "../../etc/passwd"})

    assert User.objects.get().time_zone == "UTC"


def test_address_that_was_never_confirmed_is_free_again_after_a_week(client):
    client.post(SIGN_UP, DATA)
    invited = User.objects.create_user("invited@people.example")
    confirmed = PersonFactory()
    long_ago = timezone.now() - timedelta(days=8)

    forget_stale_accounts()
    after_a_day = User.objects.count()
    User.objects.update(date_joined=long_ago)
    forget_stale_accounts()

    assert after_a_day == 3
    assert set(User.objects.all()) == {invited, confirmed}


def test_unconfirmed_person_to_whom_something_refers_stays(client):
    client.post(SIGN_UP, DATA)
    user = User.objects.get()
    give(user=user, purpose="news")
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))

    assert (forget_unconfirmed(), User.objects.count()) == (0, 1)
