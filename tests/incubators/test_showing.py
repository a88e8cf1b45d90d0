"""Founders show their start-up's profile to everybody, or take it back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from incubators import consents, desk, tasks
from incubators.consents import STARTUP_PROFILE
from incubators.enums import PlacementStatus, ProgrammeStatus
from incubators.models import Cohort, Placement, Programme, Startup, StartupMember
from incubators.services.showing import ConsentNeededError, hide_startup, show_startup
from incubators.services.startups import create_startup, remove_startup, update_startup
from network_platform.journal.models import Record
from network_platform.people.consents import PURPOSES, Purpose, give, has_consented, withdraw
from network_platform.people.services.erasure import erase_person
from network_platform.search.models import SearchDocument
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, secretary

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder() -> Any:
    return PersonFactory(language="en", name="Canary Founder", email="canary.founder@registry.example")


@pytest.fixture
def startup(founder: Any) -> Startup:
    made = create_startup(by=founder, name="Ülgi Drip", country=country(), stage="growth", summary="Sensors for farms")
    Startup.objects.filter(pk=made.pk).update(website="https://drip.example", city="Canary City", team_size=31977)
    made.refresh_from_db()
    return made


@pytest.fixture
def own(founder: Any, signed_in: Any) -> Client:
    return signed_in(founder)


def page(startup: Startup) -> str:
    return f"/en/startups/{startup.uid}/"


def found_by_search() -> set[str]:
    return set(SearchDocument.objects.filter(kind="startup").values_list("title", flat=True))


def test_showing_asks_for_the_text_of_today(own: Client, client: Client, startup: Startup, founder: Any) -> None:
    address = f"{page(startup)}showing/"
    asked = own.get(address).content.decode()
    refused = own.post(address, {})
    before = client.get(page(startup)).status_code
    done = own.post(address, {"agrees": "on"})

    startup.refresh_from_db()
    assert "Nothing is shown of the people in the team." in asked
    assert (refused.status_code, "Without this the profile stays" in refused.content.decode()) == (422, True)
    assert (before, done.status_code, client.get(page(startup)).status_code) == (404, 302, 200)
    assert (startup.shown_at is not None, has_consented(founder, STARTUP_PROFILE)) == (True, True)
    assert found_by_search() == {"Ülgi Drip"}
    assert Record.objects.filter(verb="startup.shown").get().scope == "secretariat"


def test_who_agreed_already_is_not_asked_again(own: Client, startup: Startup, founder: Any) -> None:
    give(user=founder, purpose=STARTUP_PROFILE)
    address = f"{page(startup)}showing/"

    asked = own.get(address)
    own.post(address, {})

    startup.refresh_from_db()
    assert (list(asked.context["form"].fields), startup.shown_at is not None) == ([], True)


def test_only_founders_show_and_hide(startup: Startup, founder: Any) -> None:
    for other in (PersonFactory(), secretary()):
        with pytest.raises(PermissionDenied):
            show_startup(startup=startup, by=other, agrees=True)
        with pytest.raises(PermissionDenied):
            hide_startup(startup=startup, by=other)
    with pytest.raises(ConsentNeededError):
        show_startup(startup=startup, by=founder)


def test_the_page_says_what_was_agreed_to_and_nothing_else(client: Client, startup: Startup, founder: Any) -> None:
    show_startup(startup=startup, by=founder, agrees=True)

    html = client.get(page(startup)).content.decode()

    for said in ("Ülgi Drip", "Kazakhstan", "Growth", "Sensors for farms", "https://drip.example", "nofollow"):
        assert said in html
    for kept in ("Canary", "canary.founder", "31977", str(founder.uid)):
        assert kept not in html


def test_taking_it_back_works_at_once_everywhere(own: Client, client: Client, startup: Startup, founder: Any) -> None:
    show_startup(startup=startup, by=founder, agrees=True)
    shown = page(startup)[3:] in set(desk.sitemap())

    own.post(f"{page(startup)}showing/", {"hide": "1"})

    assert (shown, page(startup)[3:] in set(desk.sitemap())) == (True, False)
    assert (client.get(page(startup)).status_code, found_by_search()) == (404, set())
    assert Record.objects.filter(verb="startup.hidden").get().actor == founder


def test_a_withdrawn_consent_hides_all_own_start_ups(client: Client, startup: Startup, founder: Any) -> None:
    second = create_startup(by=founder, name="Second", country=country())
    others = create_startup(by=PersonFactory(), name="Other", country=country())
    for each in (startup, second):
        show_startup(startup=each, by=founder, agrees=True)
    show_startup(startup=others, by=others.members.get().user, agrees=True)

    withdraw(user=founder, purpose=STARTUP_PROFILE)

    assert found_by_search() == {"Other"}
    assert [client.get(page(each)).status_code for each in (startup, second, others)] == [404, 404, 200]


def test_an_answer_to_an_older_text_does_not_count(startup: Startup, founder: Any, monkeypatch: Any) -> None:
    show_startup(startup=startup, by=founder, agrees=True)
    purpose = PURPOSES[STARTUP_PROFILE]
    newer = Purpose(purpose.key, "2", purpose.titles, {**purpose.texts, "2": {"en": "Another text"}})
    kept = tasks.hide_startups()
    monkeypatch.setitem(PURPOSES, consents.STARTUP_PROFILE, newer)

    hidden = tasks.hide_startups()

    startup.refresh_from_db()
    assert (kept, hidden, startup.shown_at) == (0, 1, None)
    with pytest.raises(ConsentNeededError):
        show_startup(startup=startup, by=founder)


def test_who_is_erased_leaves_no_profile_that_nobody_agreed_to(startup: Startup, founder: Any) -> None:
    shared = create_startup(by=founder, name="Shared", country=country())
    colleague = PersonFactory()
    StartupMember.objects.create(startup=shared, user=colleague)
    give(user=colleague, purpose=STARTUP_PROFILE)
    for each in (startup, shared):
        show_startup(startup=each, by=founder, agrees=True)

    erase_person(user=founder, by=founder)

    assert set(Startup.objects.public()) == {shared}
    assert found_by_search() == {"Shared"}


def test_what_is_changed_or_removed_is_so_for_readers(startup: Startup, founder: Any) -> None:
    show_startup(startup=startup, by=founder, agrees=True)
    update_startup(startup=startup, by=founder, version=startup.version, name="Ülgi Rain")
    renamed = found_by_search()
    remove_startup(startup=startup, by=founder)

    assert (renamed, found_by_search()) == ({"Ülgi Rain"}, set())


def test_a_start_up_that_is_not_shown_is_nowhere(client: Client, startup: Startup) -> None:
    organisation = OrganisationFactory(slug="hub")
    programme = Programme.objects.create(
        organisation=organisation, titles={"en": "School"}, status=ProgrammeStatus.PUBLISHED
    )
    cohort = Cohort.objects.create(programme=programme, name="1", starts=date(2026, 1, 1))
    Placement.objects.create(startup=startup, cohort=cohort, status=PlacementStatus.CONFIRMED, entered=date(2026, 1, 1))
    pages = [
        "/en/incubators/hub/",
        f"/en/programmes/{programme.uid}/",
        "/en/countries/kz/",
        "/en/search/?q=Drip",
        "/api/v1/organisations/",
        f"/api/v1/programmes/{programme.uid}/",
        "/api/v1/programmes/",
        "/api/v1/calls/",
        "/sitemap.xml",
        "/en/calls/calendar.ics",
    ]

    found = [path for path in pages if "Ülgi Drip" in client.get(path).content.decode()]

    assert found == []
    assert str(startup.uid) not in client.get("/sitemap.xml").content.decode()
    assert not any(each.title == startup.name for each in desk.search_documents())


def test_settings_say_which_start_ups_are_not_shown(startup: Startup, founder: Any) -> None:
    none = desk.consent_notes(founder, set())
    hidden = desk.consent_notes(founder, {STARTUP_PROFILE})
    show_startup(startup=startup, by=founder, agrees=True)

    assert none == {}
    assert hidden[STARTUP_PROFILE].detail == "Not shown now: Ülgi Drip."
    assert desk.consent_notes(founder, {STARTUP_PROFILE}) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_little(
    client: Client, startup: Startup, founder: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    Startup.objects.update(shown_at=timezone.now())
    programme = Programme.objects.create(organisation=OrganisationFactory(), status=ProgrammeStatus.PUBLISHED)
    for n in range(number):
        cohort = Cohort.objects.create(programme=programme, name=f"{n}", starts=date(2026, 1, 1))
        Placement.objects.create(
            startup=startup, cohort=cohort, status=PlacementStatus.CONFIRMED, entered=date(2026, 1, 1)
        )

    with django_assert_max_num_queries(5):
        shown = client.get(page(startup))

    assert len(shown.context["placements"]) == number
