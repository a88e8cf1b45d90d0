"""A person's own file, and erasure."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from network_platform import zones
from network_platform.background.models import Message
from network_platform.background.services import send_message
from network_platform.background.tasks import sweep_messages
from network_platform.journal.models import Record
from network_platform.journal.services import broken_records, record
from network_platform.journal.wording import vocabulary
from network_platform.people.consents import give
from network_platform.people.export_words import KEYS, KEYS_IN
from network_platform.people.models import Session, User
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.export import collect, shaped
from tests.people.factories import PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db
CANARY = {"name": "Канарейка Ұлпан", "name_latin": "Kanareika Ulpan", "email": "kanareika.ulpan@people.example"}


def opened(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(response.content))


def test_file_holds_what_the_platform_knows_and_no_secrets(fresh, settings):
    person = PersonFactory(**CANARY, language="ru")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    Authenticator.objects.all().delete()
    give(user=person, purpose="news")
    send_message(template="account/password_changed", to=person, dedupe_key="x")
    client = fresh(person)

    archive = opened(client.post("/ru/settings/data/"))

    held = json.loads(archive.read("data.json"))
    assert held["people"]["account"]["name"] == CANARY["name"]
    assert held["people"]["consents"][0]["purpose"] == "news"
    assert held["background"]["messages"][0]["template"] == "account/password_changed"
    assert held["journal"]["done"][0]["label"] == person.reference
    assert set(held) == {desk.removesuffix(".desk").rpartition(".")[2] for desk in settings.DESKS} - {"search"}
    assert person.password not in archive.read("data.json").decode()
    assert "Мои данные" in archive.read("data.html").decode()
    assert Record.objects.filter(verb="person.exported", actor=person).count() == 1


def test_readable_file_says_keys_verbs_and_yes_in_words():
    found = shaped(
        {"people": {"addresses": [{"verified": True, "primary": False}]}, "journal": [{"verb": "person.exported"}]}
    )

    people, journal = (dict(part.get("pairs", [])) or part for _name, part in found["pairs"])
    address = people["addresses"]["parts"][0]["pairs"]
    assert [name for name, _part in found["pairs"]] == ["account and settings", "journal"]
    assert [(name, part["text"]) for name, part in address] == [("confirmed", "yes"), ("main address", "no")]
    assert journal["parts"][0]["pairs"] == [("what was done", {"text": "person: own data downloaded"})]


def keys_of(held: Any, within: str = "") -> Iterator[tuple[str, str]]:
    for key, part in held.items() if isinstance(held, dict) else ():
        yield within, key
        yield from keys_of(part, key)


def test_every_part_of_the_readable_file_has_a_name() -> None:
    held = set(keys_of(collect(PersonFactory())))

    assert {
        key
        for within, key in held
        if (within, key) not in KEYS_IN and key not in KEYS and key not in vocabulary().fields
    } == set()


def test_texts_by_language_are_named_by_the_language() -> None:
    found = shaped({"profile": {"headline": {"ru": "Наставник", "en": "Mentor"}}})

    [(_profile, profile)] = found["pairs"]
    [(_headline, headline)] = profile["pairs"]
    assert [name for name, _part in headline["pairs"]] == ["Русский", "English"]


@pytest.fixture
def in_bishkek() -> Iterator[None]:
    token = zones.reader_zone.set("Asia/Bishkek")
    yield
    zones.reader_zone.reset(token)


@pytest.mark.usefixtures("in_bishkek")
def test_readable_file_says_codes_and_moments_in_words():
    found = shaped(
        {
            "account": {"name": "Айгуль", "language": "ru", "last_login": "2026-11-02T09:00:00.123Z"},
            "second_factors": [{"type": "totp"}, {"type": "recovery_codes"}],
            "messages": [{"template": "account/password_changed", "state": "sent"}],
            "offices": [{"country": "KG", "from": "2026-01-01"}],
            "roles": [{"role": "tracker", "availability": "closed"}],
        }
    )

    parts = dict(found["pairs"])
    assert [(name, part["text"]) for name, part in parts["account"]["pairs"]] == [
        ("name of the person", "Айгуль"),
        ("language", "Русский"),
        ("last sign-in", "2 November 2026, 15:00, Bishkek (UTC+6)"),
    ]
    told = [
        [part["text"] for _name, part in row["pairs"]]
        for name, list_ in found["pairs"]
        for row in list_.get("parts", [])
    ]
    assert told == [
        ["codes of an app"],
        ["recovery codes"],
        ["Your password was changed", "sent"],
        ["Kyrgyzstan", "2026-01-01"],
        ["tracker", "takes no requests now"],
    ]


def test_file_for_programs_keeps_the_codes(fresh):
    person = PersonFactory(language="ru")
    give(user=person, purpose="news")

    archive = opened(fresh(person).post("/ru/settings/data/"))

    held, page = json.loads(archive.read("data.json")), archive.read("data.html").decode()
    at = held["people"]["consents"][0]["at"]
    assert "T" in at
    assert at not in page


def test_file_shows_users_text_as_text(fresh):
    person = PersonFactory()
    User.objects.update(name_latin="<script>alert(1)</script>")

    page = opened(fresh(person).post("/en/settings/data/")).read("data.html").decode()

    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_file_asks_again_who_it_is(signed_in):
    response = signed_in(PersonFactory()).post("/en/settings/data/")

    assert "/accounts/reauthenticate/" in response["Location"]
    assert not Record.objects.exists()


def test_file_is_never_kept_by_caches(fresh):
    response = fresh(PersonFactory()).post("/en/settings/data/")

    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")


def everything_in_the_database() -> str:
    """All text of all tables, JSON decoded, so that no spelling of a letter hides."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        texts = (models.CharField, models.TextField, models.JSONField)
        fields = [field.attname for field in model._meta.concrete_fields if isinstance(field, texts)]
        if fields and model._meta.managed and model._meta.db_table in connection.introspection.table_names():
            rows = model._default_manager.values_list(*fields)
            found += [json.dumps(list(row), ensure_ascii=False, default=str) for row in rows]
    found += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found)


def test_erasure_leaves_the_person_nowhere_and_the_chain_whole(fresh):
    person = PersonFactory(**CANARY)
    client, elsewhere = fresh(person), fresh(person)
    client.post("/en/settings/", {**CANARY, "language": "ru", "time_zone": "Asia/Almaty"})
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.post("/wagtail/account/", {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"})
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    give(user=person, purpose="news")
    send_message(template="account/password_changed", to=person, dedupe_key="to them")
    other = PersonFactory()
    send_message(template="x", to=other, dedupe_key="about them", context={"who": CANARY["name"]}, about=[person])
    planted = everything_in_the_database()

    client.post("/en/accounts/reauthenticate/", {"password": "x"})
    response = client.post("/ru/settings/erase/", {"confirmation": CANARY["email"].upper()})

    person.refresh_from_db()
    left = everything_in_the_database()
    assert response["Location"] == "/ru/settings/erased/"
    for canary in CANARY.values():
        assert canary in planted
        assert canary not in left
    assert person.email == f"erased-{person.uid}@invalid.example"
    assert not UserProfile.objects.exists()
    assert ModelLogEntry.objects.for_instance(person).get().label == person.reference
    assert (person.is_active, person.has_usable_password(), person.erased_at is None) == (False, False, False)
    assert elsewhere.get("/en/desk/").status_code == 302
    assert not EmailAddress.objects.filter(user=person).exists()
    assert not Authenticator.objects.filter(user=person).exists()
    assert list(broken_records()) == []
    assert Record.objects.latest("number").verb == "person.erased"


def test_erasure_removes_the_portrait_too(settings, tmp_path, django_capture_on_commit_callbacks):
    uploads = {"BACKEND": "network_platform.storage.FolderUploads", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": uploads}
    person = PersonFactory()
    UserProfile.get_for_user(person).avatar.save("portrait.png", ContentFile(b"a face"))
    before = [path for path in tmp_path.rglob("*") if path.is_file()]

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(user=person, by=person)

    assert len(before) == 1
    assert not before[0].exists()


def test_erasure_keeps_figures_and_authors():
    person = PersonFactory(**CANARY)
    give(user=person, purpose="news")
    entry = record(verb="score.given", thing=person, by=person, label="12 points", after={"score": 12})

    erase_person(user=person, by=person)

    assert Record.objects.get(pk=entry.pk).actor == person
    assert person.consents.count() == 1
    assert list(broken_records()) == []


def test_erasure_of_one_leaves_messages_of_others():
    person, other = PersonFactory(**CANARY), PersonFactory()
    send_message(template="x", to=other, dedupe_key="kept", context={"who": "nobody in particular"})
    send_message(template="x", to="KANAREIKA.ULPAN@people.example", dedupe_key="to the address")

    erase_person(user=person, by=person)

    assert list(Message.objects.values_list("dedupe_key", "context")) == [("kept", {"who": "nobody in particular"})]


@pytest.mark.parametrize("name", ["en", "editors", "path"])
def test_a_name_that_is_a_common_word_empties_nobodys_mail(name):
    person, other = PersonFactory(name=name, name_latin=name), PersonFactory()
    said = {"path": "/en/desk/", "added": ["editors"], "language": "en"}
    for key in ("waits", "sent", "failed"):
        send_message(template="people/groups_changed", to=other, dedupe_key=key, context=said)
    Message.objects.filter(dedupe_key="sent").update(state="sent")
    Message.objects.filter(dedupe_key="failed").update(state="failed")

    erase_person(user=person, by=person)

    assert [message.context for message in Message.objects.all()] == [said] * 3


def test_a_mail_that_names_an_erased_person_is_emptied_and_not_sent_any_more():
    person, other = PersonFactory(**CANARY), PersonFactory()
    states = ("queued", "sending", "sent", "failed")
    for state in states:
        named = {"who": CANARY["name"]}
        send_message(template="x", to=other, dedupe_key=state, context=named, about=[person])
        Message.objects.filter(dedupe_key=state).update(state=state, claimed_at=timezone.now())

    erase_person(user=person, by=person)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        sweep_messages()

    assert mail.outbox == []
    assert [message.context for message in Message.objects.all()] == [{}] * 4
    left = dict(Message.objects.values_list("dedupe_key", "state"))
    assert left == {"queued": "late", "sending": "late", "sent": "sent", "failed": "late"}


def test_erasure_twice_is_once():
    person = PersonFactory()

    erase_person(user=person, by=person)
    first = User.objects.get().erased_at
    erase_person(user=person, by=person)

    assert User.objects.get().erased_at == first
    assert Record.objects.filter(verb="person.erased").count() == 1


def test_erased_secretary_has_no_powers_left():
    person = SecretariatFactory(**CANARY)

    erase_person(user=person, by=person)

    again = User.objects.get()
    assert (again.is_secretariat, again.groups.count()) == (False, 0)


@pytest.mark.parametrize("typed", ["", "yes", "somebody@else.example"])
def test_erasure_needs_the_own_address_typed(fresh, typed):
    person = PersonFactory(**CANARY)

    page = fresh(person).post("/en/settings/erase/", {"confirmation": typed}).content.decode()

    assert 'href="#id_confirmation"' in page
    assert User.objects.get().name == CANARY["name"]


def test_erasure_asks_again_who_it_is(signed_in):
    person = PersonFactory(**CANARY)

    response = signed_in(person).post("/en/settings/erase/", {"confirmation": CANARY["email"]})

    assert "/accounts/reauthenticate/" in response["Location"]
    assert User.objects.get().erased_at is None
