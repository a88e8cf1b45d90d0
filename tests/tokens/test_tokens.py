"""Personal tokens: made, shown once, used within their rights, revoked; repeated writes; rates."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from network_platform.journal.models import Record
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.export import collect
from network_platform.tokens.models import KeyedWrite, Token
from network_platform.tokens.services import MOST_USABLE, create_token, forget_writes, revoke_token
from tests.incubators.factories import PersonFactory
from tests.tokens.factories import make_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tokens.api_urls")]
NOTES = "/api/v1/notes/"
SCOPE = "programmes:write"


@pytest.fixture
def person() -> Any:
    return PersonFactory(language="en")


def write(client: Client, header: dict[str, str], key: str = "", text: str = "A line", **more: str) -> Any:
    keys = {"Idempotency-Key": key} if key else {}
    return client.post(f"{NOTES}{more.get('query', '')}", {"text": text}, "application/json", headers=header | keys)


def notes() -> int:
    return Record.objects.filter(verb="note.made").count()


def test_secret_is_kept_nowhere(person: Any) -> None:
    token, secret = create_token(user=person, name="Sample", scope=[SCOPE], days=30)

    row = Token.objects.filter(pk=token.pk).values().get()
    assert secret.startswith("npt_")
    assert len(secret) == 47
    assert secret not in str(row)
    assert row["hint"] == secret[-4:]
    assert secret not in str(list(Record.objects.values()))


def test_token_writes_within_its_rights_and_its_use_is_noted(client: Client, person: Any) -> None:
    token, header = make_token(person, [SCOPE])

    answer = write(client, header)

    token.refresh_from_db()
    assert (answer.status_code, notes(), token.last_used_at is not None) == (201, 1, True)


@pytest.mark.parametrize(
    ("changes", "scopes", "status"),
    [
        ({}, [], 403),
        ({"scopes": ["figures:write"]}, [], 403),
        ({"revoked_at": timezone.now()}, [SCOPE], 401),
        ({"created_at": timezone.now() - timedelta(days=9), "expires_at": timezone.now()}, [SCOPE], 401),
    ],
)
def test_other_tokens_write_nothing(
    client: Client, person: Any, changes: dict[str, Any], scopes: list[str], status: int
) -> None:
    token, header = make_token(person, scopes)
    Token.objects.filter(pk=token.pk).update(**changes)

    answer = write(client, header)

    assert (answer.status_code, notes()) == (status, 0)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("header", ["Bearer npt_unknown", "Bearer", "Bearer ünknown", "bearer  "])
def test_unknown_secrets_are_refused_also_for_reading(client: Client, header: str) -> None:
    assert client.get(NOTES, headers={"Authorization": header.encode().decode("latin-1")}).status_code == 401


def test_a_closed_account_opens_nothing(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])
    person.is_active = False
    person.save()

    assert write(client, header).status_code == 401


def test_a_session_reads_and_does_not_write(signed_in: Any, client: Client, person: Any) -> None:
    assert signed_in(person).get(NOTES).status_code == 200
    assert signed_in(person).post(NOTES, {"text": "x"}).status_code == 403
    assert client.post(NOTES, {"text": "x"}).status_code == 401
    assert notes() == 0


def test_the_same_key_writes_once_and_answers_the_same(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])
    key = str(uuid.uuid4())

    first, second = write(client, header, key), write(client, header, key)

    assert (first.status_code, second.status_code, notes()) == (201, 201, 1)
    assert first.json() == second.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")


def test_a_key_belongs_to_one_request_and_one_token(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])
    _other, others = make_token(PersonFactory(), [SCOPE])
    write(client, header, "k")

    assert write(client, header, "k", text="Another").status_code == 422
    assert write(client, header, "k", query="?a=1").status_code == 422
    assert write(client, others, "k").status_code == 201
    assert write(client, header, "k" * 101).status_code == 400
    assert notes() == 2


def test_what_was_refused_may_come_again_corrected_with_its_key(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])

    refused = write(client, header, "k", text="")
    assert (refused.status_code, notes(), KeyedWrite.objects.count()) == (400, 0, 0)

    assert (write(client, header, "k").status_code, notes()) == (201, 1)


def test_keyed_writes_are_forgotten_after_a_day(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])
    write(client, header, "old")
    KeyedWrite.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    write(client, header, "new")

    assert (forget_writes(), KeyedWrite.objects.get().key) == (1, "new")


def test_number_scope_and_length_are_bounded(person: Any) -> None:
    with pytest.raises(ValidationError, match="no such right"):
        create_token(user=person, name="x", scope=["everything"], days=30)
    for days in (0, 366):
        with pytest.raises(ValidationError):
            create_token(user=person, name="x", scope=[SCOPE], days=days)
    for _n in range(MOST_USABLE):
        make_token(person)
    with pytest.raises(ValidationError, match="Revoke one"):
        make_token(person)


def test_only_its_owner_revokes_a_token(client: Client, person: Any) -> None:
    token, header = make_token(person, [SCOPE])

    with pytest.raises(PermissionDenied):
        revoke_token(token=token, by=PersonFactory())
    revoke_token(token=token, by=person)
    revoke_token(token=token, by=person)

    assert write(client, header).status_code == 401
    assert Record.objects.filter(verb="token.revoked").count() == 1


def test_page_shows_own_tokens_and_revokes(signed_in: Any, person: Any) -> None:
    token, _header = make_token(person, [SCOPE])
    make_token(PersonFactory(), [SCOPE])
    own = signed_in(person)

    html = own.get("/en/settings/tokens/").content.decode()
    done = own.post(f"/en/settings/tokens/{token.uid}/revoke/", follow=True).content.decode()

    assert (html.count("npt_…"), f"npt_…{token.hint}" in html) == (1, True)
    assert "is revoked" in done
    assert own.post(f"/en/settings/tokens/{token.uid}/revoke/").status_code == 404


def test_a_token_is_made_after_asking_again_and_shown_once(client: Client, signed_in: Any, person: Any) -> None:
    person.set_password("a-sample-password")
    person.save()
    asked = signed_in(person).get("/en/settings/tokens/new/")
    assert (asked.status_code, "reauthenticate" in asked.url) == (302, True)

    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/en/accounts/login/", {"login": person.email, "password": "a-sample-password"})
    client.post("/en/accounts/reauthenticate/", {"password": "a-sample-password"})
    wrong = client.post("/en/settings/tokens/new/", {"name": "Site", "days": "90"})
    made = client.post("/en/settings/tokens/new/", {"name": " Our  site", "scope": [SCOPE], "days": "90"})

    token = Token.objects.get()
    secret = made.context["secret"]
    assert (wrong.status_code, made.status_code) == (422, 200)
    assert (token.name, token.scopes, token.user) == ("Our site", [SCOPE], person)
    assert secret in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert write(Client(), {"Authorization": f"Bearer {secret}"}).status_code == 201
    assert secret not in client.get("/en/settings/tokens/").content.decode()


def test_own_data_names_tokens_and_erasure_takes_them(client: Client, person: Any) -> None:
    _token, header = make_token(person, [SCOPE])

    assert "Sample" in str(collect(person))
    erase_person(user=person, by=person)

    assert not Token.objects.exists()
    assert write(client, header).status_code == 401


def test_answers_say_what_may_still_be_asked(client: Client, person: Any) -> None:
    cache.clear()
    _token, header = make_token(person, [SCOPE])

    visitor = client.get("/api/v1/countries/").headers
    writing = [write(client, header).headers for _n in range(2)]

    assert (visitor["RateLimit-Limit"], visitor["RateLimit-Remaining"]) == ("600", "599")
    assert [answer["RateLimit-Remaining"] for answer in writing] == ["119", "118"]
    assert 0 < int(writing[0]["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" not in client.get("/en/").headers


def test_too_many_writes_are_told_when_to_come_again(client: Client, person: Any) -> None:
    cache.clear()
    _token, header = make_token(person, [SCOPE])
    for _n in range(120):
        write(client, header, text="")

    refused = write(client, header)

    assert (refused.status_code, refused.headers["RateLimit-Remaining"], notes()) == (429, "0", 0)
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_little(signed_in: Any, person: Any, number: int, django_assert_max_num_queries: Any) -> None:
    for _n in range(number):
        make_token(person, [SCOPE])
    own = signed_in(person)

    with django_assert_max_num_queries(5):
        own.get("/en/settings/tokens/")
