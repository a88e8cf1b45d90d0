"""Making an account: name, address, password, a code to see that the address is theirs."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from network_platform.journal.models import Record
from network_platform.people.consents import give
from network_platform.people.models import User
from network_platform.people.services.unconfirmed import account_of, forget_unconfirmed
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


def test_a_new_account_leads_back_to_where_it_was_needed(client, code_in):
    client.post(SIGN_UP, {**DATA, "next": "/ru/settings/"})
    answer = client.post(CONFIRM, {"code": code_in("new.one@people.example")})

    assert answer["Location"] == "/ru/settings/"


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
        ("name", "А", 'href="#id_name"'),
        ("name", "—", 'href="#id_name"'),
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


# Somebody signs up with the address of another, and waits for that other to prove it.

ADDRESS = "new.one@people.example"


def password_opens(password: str = DATA["password1"]) -> bool:
    client = Client()
    client.post("/en/accounts/login/", {"login": ADDRESS, "password": password})
    return "_auth_user_id" in client.session


def sign_in_by_code(client: Client, code_in) -> None:
    client.post("/en/accounts/login/code/", {"email": ADDRESS})
    client.post("/en/accounts/login/code/confirm/", {"code": code_in(ADDRESS)})


def test_own_password_counts_after_the_code_of_the_own_sign_up(client, code_in):
    client.post(SIGN_UP, DATA)
    client.post(CONFIRM, {"code": code_in(ADDRESS)})

    assert password_opens()


def test_own_password_counts_when_the_code_comes_at_the_first_sign_in(client, code_in):
    Client().post(SIGN_UP, DATA)
    cache.clear()

    client.post("/ru/accounts/login/", {"login": ADDRESS, "password": DATA["password1"]})
    client.post(CONFIRM, {"code": code_in(ADDRESS)})

    assert "_auth_user_id" in client.session
    assert password_opens()


def test_password_of_a_stranger_is_dropped_when_the_owner_signs_in_by_code(client, code_in):
    stranger, owner = Client(), client
    stranger.post(SIGN_UP, DATA)
    cache.clear()

    sign_in_by_code(owner, code_in)
    stranger.get(CONFIRM)

    page = owner.get("/en/desk/")
    assert page.status_code == 200
    assert "no longer counts" in page.content.decode()
    assert "_auth_user_id" not in stranger.session
    assert not password_opens()
    assert Record.objects.get(verb="person.password_dropped").thing_uid == str(User.objects.get().uid)


def test_password_of_a_stranger_is_dropped_as_soon_as_a_reset_code_is_given(client, code_in):
    Client().post(SIGN_UP, DATA)
    cache.clear()

    new = "other windy words"
    client.post("/en/accounts/password/reset/", {"email": ADDRESS})
    client.post("/en/accounts/password/reset/confirm/", {"code": code_in(ADDRESS)})
    before_the_new_one = password_opens()
    answer = client.post("/en/accounts/password/reset/complete/", {"password1": new, "password2": new})

    assert answer.status_code == 302
    assert (before_the_new_one, password_opens(), password_opens(new)) == (False, False, True)


def test_who_was_proven_keeps_the_password(client, code_in):
    client.post(SIGN_UP, DATA)
    client.post(CONFIRM, {"code": code_in(ADDRESS)})
    cache.clear()

    sign_in_by_code(Client(), code_in)

    assert password_opens()
    assert not Record.objects.filter(verb="person.password_dropped").exists()


def test_a_new_address_of_a_proven_person_keeps_the_password(fresh, code_in):
    person = PersonFactory()
    client = fresh(person)

    client.post("/en/accounts/email/", {"email": ADDRESS, "action_add": ""})
    client.post("/en/accounts/confirm-email/", {"code": code_in(ADDRESS)})

    person.refresh_from_db()
    assert (person.email, person.has_usable_password()) == (ADDRESS, True)


def test_who_is_invited_gets_no_password_of_a_stranger(client, code_in):
    stranger = Client()
    stranger.post(SIGN_UP, DATA)
    cache.clear()

    person = account_of(email=ADDRESS.upper(), name="Another", language="en")
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    forget_unconfirmed()
    sign_in_by_code(client, code_in)

    assert User.objects.get() == person
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not password_opens()
    assert EmailAddress.objects.get().verified


def test_who_is_appointed_gets_no_password_of_a_stranger(client):
    Client().post(SIGN_UP, DATA)

    call_command("appoint", ADDRESS)

    user = User.objects.get()
    assert (user.is_secretariat, user.has_usable_password()) == (True, False)


def test_who_has_proven_the_address_is_invited_with_the_own_password(client):
    person = PersonFactory(email=ADDRESS)

    assert account_of(email=ADDRESS, name="Another", language="ru") == person

    person.refresh_from_db()
    assert person.has_usable_password()
    assert person.name != "Another"


def test_who_has_no_account_is_invited_to_a_new_one(db):
    person = account_of(email="Guest@People.Example", name="Гость Үлгі", language="ru")

    assert (person.email, person.name, person.language) == ("guest@people.example", "Гость Үлгі", "ru")
    assert not person.has_usable_password()


@pytest.mark.parametrize("code", ["000000", "12"])
def test_a_wrong_code_says_what_to_do(client, code):
    client.post(SIGN_UP, DATA)

    page = client.post(CONFIRM.replace("/ru/", "/en/"), {"code": code}).content.decode()

    assert "Check the digits, or ask for a new code." in page
    assert "Incorrect code" not in page


def test_sign_up_says_that_one_can_ask_a_mentor(client):
    assert "ask a mentor" in client.get("/en/accounts/signup/").content.decode()


def test_mistakes_of_one_answer_stand_in_one_line_and_count_once(client):
    data = {"email": "new@test.example", "name": "New Person", "password1": "12345"}

    page = client.post("/en/accounts/signup/", data).content.decode()

    summary = page.split('id="summary-title"')[1].split("</ul>")[0]
    assert "One answer needs another look" in summary
    assert summary.count("<li>") == 1
    assert "too short" in summary
    assert "entirely numeric" in summary
