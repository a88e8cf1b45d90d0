"""A person's own names, language and zone."""

import pytest
from django.core.cache import cache

from network_platform.journal.models import Record
from network_platform.people.consents import PURPOSES, give, has_consented, withdraw
from network_platform.people.models import Consent, User
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
DATA = {"name": "Нурбек Үлгі", "name_latin": "Nurbek Ulgi", "language": "ru", "time_zone": "Asia/Kabul"}


def test_changes_are_kept_journaled_and_shown_in_the_new_language(signed_in):
    person = PersonFactory()
    client = signed_in(person)

    response = client.post("/en/settings/", DATA)

    kept = User.objects.get()
    assert response["Location"] == "/ru/settings/"
    assert {field: getattr(kept, field) for field in DATA} == DATA
    assert "Настройки сохранены" in client.get("/ru/settings/").content.decode()
    record = Record.objects.get()
    assert (record.verb, record.actor, record.scope) == ("person.settings", person, f"person:{person.uid}")


def test_journal_does_not_hold_names(signed_in):
    client = signed_in(PersonFactory())

    client.post("/en/settings/", DATA)

    record = Record.objects.get()
    assert record.after == {"fields": ["name", "name_latin", "language", "time_zone"]}
    assert "Нурбек" not in f"{record.label}{record.before}"


def test_saving_the_same_again_writes_nothing(signed_in):
    client = signed_in(PersonFactory(**DATA))

    client.post("/ru/settings/", DATA)

    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Наталья http://evil.example"),
        ("name", "Наталья evil.example"),
        ("name", "<b>Наталья</b>"),
        ("name", "Натал\u202eья"),
        ("name_latin", "Нурбек"),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_mistakes_are_refused_with_what_was_typed_still_there(signed_in, field, value):
    person = PersonFactory()

    page = signed_in(person).post("/en/settings/", {**DATA, field: value}).content.decode()

    assert User.objects.get().name == person.name
    assert f'href="#id_{field}"' in page
    assert field == "name" or "Нурбек Үлгі" in page


@pytest.mark.parametrize(
    "name", ["Қ. Ү. Әділ", "O'ktam Qo‘chqorov", "Ann-Marie St. John", "نمونه مثالی", "J.R. Sample"]
)
def test_names_of_the_region_pass(signed_in, name):
    signed_in(PersonFactory()).post("/en/settings/", {**DATA, "name": name})

    assert User.objects.get().name == name


def test_zone_that_is_not_in_the_list_stays_a_choice(signed_in):
    client = signed_in(PersonFactory(time_zone="Asia/Oral"))

    assert '<option value="Asia/Oral" selected>' in client.get("/en/settings/").content.decode()


def test_own_zone_names_every_hour(signed_in, settings):
    person = PersonFactory(time_zone="Asia/Kabul", language="en")
    person.last_login = None
    client = signed_in(person)

    page = client.get("/en/settings/").content.decode()

    assert "Kabul (UTC+4:30)" in page


def test_settings_page_asks_few_questions(signed_in, django_assert_max_num_queries):
    person = PersonFactory()
    client = signed_in(person)
    for purpose in PURPOSES:
        give(user=person, purpose=purpose)

    with django_assert_max_num_queries(5):
        client.get("/en/settings/")


def test_consent_counts_until_withdrawn_and_the_ledger_keeps_all():
    person = PersonFactory()

    before = has_consented(person, "news")
    give(user=person, purpose="news")
    given = has_consented(person, "news")
    withdraw(user=person, purpose="news")

    assert (before, given, has_consented(person, "news")) == (False, True, False)
    assert list(Consent.objects.order_by("pk").values_list("purpose", "version", "given")) == [
        ("news", "1", True),
        ("news", "1", False),
    ]
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == [
        "consent.given",
        "consent.withdrawn",
    ]


def test_consent_to_an_old_version_does_not_count():
    person = PersonFactory()

    Consent.objects.create(user=person, purpose="news", version="0")

    assert not has_consented(person, "news")


def test_every_version_ever_asked_has_its_text_in_both_languages():
    for purpose in PURPOSES.values():
        assert purpose.version in purpose.texts
        for texts in (purpose.titles, *purpose.texts.values()):
            assert texts["en"] != texts["ru"]


def test_settings_page_gives_and_withdraws(signed_in):
    person = PersonFactory()
    client = signed_in(person)

    client.post("/ru/settings/consents/", {"purpose": "news", "given": "on"})
    given = has_consented(person, "news")
    client.post("/ru/settings/consents/", {"purpose": "news"})
    client.post("/ru/settings/consents/", {"purpose": "made-up", "given": "on"})

    assert given
    assert not has_consented(person, "news")
    assert Consent.objects.count() == 2
    assert "Новости и открытые конкурсы" in client.get("/ru/settings/").content.decode()


def test_a_new_name_is_on_the_kept_pages_at_once(signed_in, django_capture_on_commit_callbacks):
    person = PersonFactory()
    typed = {"name_latin": "", "language": person.language, "time_zone": person.time_zone}
    cache.set("generation:people", "before")

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(person).post("/en/settings/", {**typed, "name": "Жаңа Есім"})

    assert cache.get("generation:people") not in (None, "before")
