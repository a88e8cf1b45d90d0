"""Saved searches: kept, renamed, deleted, mailed once a month, stopped by a link; all of it the reader's own."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client

from incubators.desk import areas_of, personal_data
from incubators.enums import OrganisationStatus
from incubators.models import Organisation, SavedSearch
from incubators.rules import can_change_search
from incubators.services.reindexing import touch_registry
from incubators.services.searches import MOST_SEARCHES, save_search
from incubators.tasks import mail_searches
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.people.models import User
from network_platform.people.services.erasure import erase_person
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft

pytestmark = pytest.mark.django_db
LIST = "/en/incubators/searches/"
NOVEMBER, DECEMBER, JANUARY = (datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=n) for n in (0, 12, 45))


def kept(user: User, query: str = "country=kz", name: str = "Kazakh ones") -> SavedSearch:
    return save_search(by=user, name=name, query=QueryDict(query))


def listed(name: str, at: datetime, **fields: Any) -> Organisation:
    return OrganisationFactory(name=name, listed_at=at, created_at=at, **fields)


def test_list_leads_to_saving_its_filter(signed_in: Any, client: Client) -> None:
    person = PersonFactory()
    page = signed_in(person).get("/en/incubators/?kind=hub&country=KZ&sort=newest&q= Steppe  hub", follow=True)
    path = re.search(r'href="(/en/incubators/searches/save/[^"]*)"', page.content.decode())[1].replace("&amp;", "&")

    form = signed_in(person).get(path)
    done = signed_in(person).post(path, {"name": "Steppe"}, follow=True).content.decode()

    saved = SavedSearch.objects.get()
    assert form.context["form"].initial["name"] == "“Steppe hub”, Kazakhstan, Hub or innovation centre"
    assert (saved.user, saved.name, saved.query) == (person, "Steppe", "q=Steppe+hub&country=kz&kind=hub")
    assert 'href="/en/incubators/?q=Steppe+hub&amp;country=kz&amp;kind=hub"' in done
    assert client.get(path).url.startswith("/en/accounts/login/?next=")


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_wrong_name_is_said_and_kept(signed_in: Any, name: str) -> None:
    answer = signed_in(PersonFactory()).post(f"{LIST}save/?country=kz", {"name": name})

    assert (answer.status_code, answer.context["form"]["name"].value()) == (422, name)
    assert "name" in answer.context["form"].errors
    assert not SavedSearch.objects.exists()


def test_the_same_search_is_kept_once_under_its_new_name() -> None:
    person = PersonFactory()
    kept(person, "country=kz&country=kg&sort=newest&after=x", "First")

    kept(person, "after=y&country=KG&country=kz&country=kg", "Second")

    assert list(SavedSearch.objects.values_list("name", "query")) == [("Second", "country=kg&country=kz")]


def test_nobody_keeps_more_than_twenty(signed_in: Any) -> None:
    person, other = PersonFactory(), PersonFactory()
    for number in range(MOST_SEARCHES):
        kept(person, f"q=word{number}")
    kept(other)

    answer = signed_in(person).post(f"{LIST}save/?country=kz", {"name": "One more"})
    again = signed_in(person).post(f"{LIST}save/?q=word3", {"name": "Renamed"})

    assert (answer.status_code, again.status_code) == (422, 302)
    assert "You have 20 saved searches. Delete one first." in answer.content.decode()
    assert 'value="One more"' in answer.content.decode()
    assert person.saved_searches.count() == MOST_SEARCHES


def test_a_search_too_long_to_be_kept_is_refused(signed_in: Any) -> None:
    query = "&".join(f"city=kz-{number:040}" for number in range(40))

    answer = signed_in(PersonFactory()).post(f"{LIST}save/?{query}", {"name": "All"})

    assert answer.status_code == 422
    assert "too many filters" in answer.content.decode()


def test_rule_and_list_agree_on_whose_it_is() -> None:
    owner, closed = PersonFactory(), PersonFactory(is_active=False)
    search = kept(owner)
    SavedSearch.objects.create(user=closed, name="x", query="")

    for user in (owner, closed, PersonFactory(), AnonymousUser()):
        for each in SavedSearch.objects.all():
            assert can_change_search(user, each) == (each in SavedSearch.objects.visible_to(user))
    assert can_change_search(owner, search)


def test_own_search_is_renamed_silenced_and_deleted(signed_in: Any) -> None:
    person = PersonFactory()
    search, client = kept(person), signed_in(person)

    wrong = client.post(f"{LIST}{search.uid}/", {"name": "", "is_mailed": "on"})
    client.post(f"{LIST}{search.uid}/", {"name": "Quiet"})
    silent = SavedSearch.objects.get()
    page = client.get(LIST).content.decode()
    client.post(f"{LIST}{search.uid}/delete/")

    assert wrong.status_code == 422
    assert (silent.name, silent.is_mailed) == ("Quiet", False)
    assert "Kazakhstan · without mail" in page
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_asks_a_fixed_number_of_queries(
    signed_in: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    person = PersonFactory()
    for n in range(number):
        kept(person, f"q=word{n}&country=kz")
    touch_registry()
    client = signed_in(person)
    client.get(LIST)

    with django_assert_max_num_queries(7 if number == 1 else 9):
        assert client.get(LIST).content.decode().count("word") >= number


def test_once_a_month_a_mail_tells_what_is_new() -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        person = PersonFactory(language="en")
        kept(person)
        kept(person, "kind=hub&country=kg", "Kyrgyz hubs")
        listed("Known before", NOVEMBER - timedelta(days=9))
    listed("New one", NOVEMBER + timedelta(days=2))
    listed("New fund", NOVEMBER + timedelta(days=2), iso2="KG", kind="venture_fund")
    listed("Stale", NOVEMBER + timedelta(days=2), status=OrganisationStatus.STALE)
    draft(name_en="CANARY")
    written = []

    for moment in (NOVEMBER + timedelta(days=3), DECEMBER, DECEMBER + timedelta(days=1), JANUARY):
        with time_machine.travel(moment, tick=False):
            written.append(mail_searches())
    listed("In January", JANUARY + timedelta(days=1))
    with time_machine.travel(JANUARY + timedelta(days=30), tick=False):
        written.append(mail_searches())

    assert written == [0, 1, 0, 0, 1]
    first, second = (message.context["searches"] for message in Message.objects.order_by("pk"))
    assert [(each["name"], each["titles"]) for each in first] == [("Kazakh ones", [{"en": "New one"}])]
    assert [each["titles"] for each in second] == [[{"en": "In January"}]]


def test_mail_that_a_dead_worker_wrote_is_not_written_again() -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        kept(PersonFactory())
    listed("New one", NOVEMBER + timedelta(days=2))
    with time_machine.travel(DECEMBER, tick=False):
        mail_searches()
        SavedSearch.objects.update(told_until=NOVEMBER)
        mail_searches()

    assert Message.objects.count() == 1


@pytest.mark.parametrize(("language", "words"), [("en", "Stop these mails"), ("ru", "/ru/incubators/searches/")])
def test_mail_is_in_the_readers_language_and_can_be_stopped_by_one_press(
    client: Client, language: str, words: str
) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        person = PersonFactory(language=language)
        kept(person, "country=kz", "<b>Mine</b> & {{ x }}")
        kept(person, "kind=hub", "Hubs")
    listed("Hub & <i>Co</i>", NOVEMBER + timedelta(days=2))
    with time_machine.travel(DECEMBER, tick=False):
        mail_searches()
    message = Message.objects.get()

    composed = compose(message)

    assert message.language == language
    assert words in composed.body
    assert "<b>Mine</b> & {{ x }}\n- Hub & <i>Co</i>\n" in composed.body
    header = composed.extra_headers["List-Unsubscribe"]
    assert composed.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(rf"<http://[^/]+(/{language}/incubators/searches/stop/[^/]+/)>", header)[1]
    assert path in composed.body

    strict = Client(enforce_csrf_checks=True)
    asked = strict.get(path)
    before = person.saved_searches.filter(is_mailed=True).count()
    done = strict.post(path, {"List-Unsubscribe": "One-Click"})

    assert (asked.status_code, done.status_code, before) == (200, 200, 2)
    assert not person.saved_searches.filter(is_mailed=True).exists()
    assert person.email not in asked.content.decode() + done.content.decode()
    assert not asked.cookies


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "%00"])
def test_a_broken_link_says_so_and_stops_nothing(client: Client, token: str) -> None:
    kept(PersonFactory())

    answer = client.post(f"{LIST}stop/{token}/")

    assert (answer.status_code, SavedSearch.objects.get().is_mailed) == (404, True)
    assert "This link does not work" in answer.content.decode()


def test_who_wants_mails_again_hears_of_what_is_new_from_then_on(signed_in: Any) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        person = PersonFactory()
        search = kept(person)
    SavedSearch.objects.update(is_mailed=False)
    listed("Meanwhile", NOVEMBER + timedelta(days=2))
    with time_machine.travel(JANUARY, tick=False):
        signed_in(person).post(f"{LIST}{search.uid}/", {"name": "Again", "is_mailed": "on"})
    with time_machine.travel(JANUARY + timedelta(days=30), tick=False):
        written = mail_searches()

    assert (SavedSearch.objects.get().is_mailed, written) == (True, 0)


@pytest.mark.parametrize("number", [1, 3])
def test_mailing_asks_a_fixed_number_of_queries_a_search(number: int, django_assert_max_num_queries: Any) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        person = PersonFactory()
        for kind in ("hub", "agency", "incubator")[:number]:
            kept(person, f"kind={kind}")
    for n in range(number):
        listed(f"New {n}", NOVEMBER + timedelta(days=2))

    with time_machine.travel(DECEMBER, tick=False), django_assert_max_num_queries(25 + 2 * number):
        mail_searches()


def test_searches_are_in_ones_own_data_and_go_with_the_account() -> None:
    person = PersonFactory()
    kept(person, "country=kz&q=secret", "Mine")

    held = personal_data(person)["registry"]["saved_searches"]
    areas = [area.url for area in areas_of(person)]
    erase_person(user=person, by=person)

    assert [(each["name"], each["query"]) for each in held] == [("Mine", "q=secret&country=kz")]
    assert LIST in areas
    assert not SavedSearch.objects.exists()
