"""Start-up profiles: made, saved as one types, and kept to their team."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from incubators.forms.startups import NewStartupForm
from incubators.models import Sector, Startup
from incubators.services.reference import load_reference
from incubators.services.startups import create_startup, update_startup
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from tests.incubators.factories import PersonFactory, country

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder() -> Any:
    return PersonFactory(language="en")


@pytest.fixture
def startup(founder: Any) -> Startup:
    return create_startup(by=founder, name="Ülgi Drip", country=country())


@pytest.fixture
def own(founder: Any, signed_in: Any) -> Client:
    return signed_in(founder)


def typed(**changes: Any) -> dict[str, Any]:
    return {"version": 0, "name": "Ülgi Drip", "country": "KZ", "language": "en", **changes}


def test_creating_makes_the_author_owner_and_is_journaled(startup: Startup, founder: Any) -> None:
    assert [(each.user, each.role) for each in startup.members.all()] == [(founder, "owner")]
    assert (Record.objects.get().verb, Record.objects.get().scope) == ("startup.created", f"person:{founder.uid}")


@pytest.mark.parametrize(("zone", "expected"), [("UTC", "Asia/Tashkent"), ("Europe/Zurich", "Europe/Zurich")])
def test_country_gives_the_zone_of_who_has_none(zone: str, expected: str) -> None:
    person = PersonFactory(time_zone=zone)

    create_startup(by=person, name="Misol Loom", country=country("UZ"))

    person.refresh_from_db()
    assert person.time_zone == expected


def test_saving_steps_the_version(startup: Startup, founder: Any) -> None:
    sectors = Sector.objects.filter(code__in=["agritech", "ai"])

    saved = update_startup(startup=startup, by=founder, version=0, summary="Water", sectors=sectors)

    assert (saved.version, saved.summary, saved.name) == (1, "Water", "Ülgi Drip")
    assert sorted(saved.sectors.values_list("code", flat=True)) == ["agritech", "ai"]


def test_stale_and_foreign_saves_are_refused(startup: Startup, founder: Any) -> None:
    update_startup(startup=startup, by=founder, version=0, summary="First")

    with pytest.raises(StaleWrite) as stale:
        update_startup(startup=startup, by=founder, version=0, summary="Second")
    with pytest.raises(PermissionDenied):
        update_startup(startup=startup, by=PersonFactory(), version=1, summary="Third")

    assert stale.value.theirs["summary"] == "First"
    assert Startup.objects.get().summary == "First"


def test_renaming_is_journaled(startup: Startup, founder: Any) -> None:
    update_startup(startup=startup, by=founder, version=0, name="Ülgi Rain")

    record = Record.objects.latest("number")
    assert (record.verb, record.before["name"], record.after["name"]) == ("startup.renamed", "Ülgi Drip", "Ülgi Rain")


def test_founder_makes_and_fills_a_profile(own: Client) -> None:
    made = own.post("/en/startups/new/", {"name": "Misol Loom", "country": "UZ"})
    data = typed(name="Misol Loom", country="UZ", stage="idea", summary="Waste", sectors=["circular"], sdgs=["12"])

    done = own.post(made.url, {**data, "founded": "2024-03-01", "team_size": "3"})

    startup = Startup.objects.get()
    assert done.url == "/en/startups/"
    assert (startup.country.iso2, startup.stage, startup.founded.year, startup.team_size) == ("UZ", "idea", 2024, 3)
    assert (startup.summary, startup.sectors.get().code) == ("Waste", "circular")


def test_what_competitions_ask_for_is_not_called_optional(own: Client, startup: Startup) -> None:
    page = own.get(f"/en/startups/{startup.uid}/edit/").content.decode()

    for label, is_optional in (("People in the team", False), ("Stage", False), ("Website", True)):
        said = page.partition(f"{label}")[2].partition("</")[0]
        assert ("optional" in said) is is_optional, label
    assert "A competition with a condition on the size of the team asks for it." in page


def test_the_same_name_in_the_same_country_is_asked_about_and_not_refused(own: Client, startup: Startup) -> None:
    asked = own.post("/en/startups/new/", {"name": "ülgi  drip", "country": "KZ"})
    elsewhere = own.post("/en/startups/new/", {"name": "Ülgi Drip", "country": "UZ"})
    sure = own.post("/en/startups/new/", {"name": "ülgi drip", "country": "KZ", "another": "1"})

    assert asked.context["alike"] == [startup]
    assert f"/en/startups/{startup.uid}/edit/" in asked.content.decode()
    assert (elsewhere.status_code, sure.status_code) == (302, 302)
    assert Startup.objects.count() == 3


def test_the_owner_removes_a_start_up_without_entries(own: Client, startup: Startup, founder: Any) -> None:
    address = f"/en/startups/{startup.uid}/remove/"
    listed = own.get("/en/startups/").content.decode()

    asked = own.get(address)
    done = own.post(address, follow=True).content.decode()

    assert (address in listed, asked.status_code) == (True, 200)
    assert "The profile of Ülgi Drip is gone." in done
    assert not Startup.objects.exists()
    record = Record.objects.latest("number")
    assert (record.verb, record.before, record.actor) == ("startup.removed", {"name": "Ülgi Drip"}, founder)


def test_autosave_keeps_what_is_valid_and_what_is_not_yet(own: Client, startup: Startup) -> None:
    response = own.post(
        f"/en/startups/{startup.uid}/save/",
        typed(summary="Water", website="https://", team_size="a few"),
        headers={"X-Autosave": "1", "X-Save-Id": str(uuid.uuid4())},
    )
    html = own.get(f"/en/startups/{startup.uid}/edit/").content.decode()

    startup.refresh_from_db()
    answer = response.json()
    assert (answer["version"], startup.summary, startup.team_size) == (1, "Water", None)
    assert answer["words"] == "Not saved: 2 answers need another look"
    assert set(answer["wrong"]) == {"website", "team_size"}
    assert 'value="a few"' in html
    assert 'data-wrong="Not saved: 2 answers need another look"' in html
    assert 'href="#id_team_size"' in html


def test_autosave_of_what_is_right_names_nothing(own: Client, startup: Startup) -> None:
    answer = own.post(f"/en/startups/{startup.uid}/save/", typed(summary="Water", sectors=["ai"])).json()
    html = own.get(f"/en/startups/{startup.uid}/edit/").content.decode()

    assert (answer["wrong"], answer["words"]) == ({}, "")
    assert "data-wrong" not in html
    assert "note bad summary" not in html


def test_autosave_conflict(own: Client, startup: Startup) -> None:
    own.post(f"/en/startups/{startup.uid}/save/", typed(summary="First"))

    clash = own.post(f"/en/startups/{startup.uid}/save/", typed(summary="Second"))

    assert clash.status_code == 409
    assert clash.json()["theirs"]["summary"] == "First"


def test_without_script_both_texts_are_shown(own: Client, startup: Startup) -> None:
    own.post(f"/en/startups/{startup.uid}/save/", typed(summary="Water", sectors=["agritech"]))

    late = own.post(f"/en/startups/{startup.uid}/edit/", typed(summary="Rain", sectors=["ai"]))
    told = {row.name: "".join(piece.text for piece in row.before) for row in late.context["theirs"]}
    own.post(f"/en/startups/{startup.uid}/edit/", typed(summary="Rain", version=late.context["startup"].version))

    assert (late.status_code, set(told), told["summary"]) == (409, {"summary", "sectors"}, "Water")
    html = late.content.decode()
    assert (">Water<" in html, ">Rain<" in html.replace("\n", "")) == (True, True)
    assert Startup.objects.get().summary == "Rain"


def test_profile_shown_again_with_a_mistake_is_based_on_what_was_just_saved(own: Client, startup: Startup) -> None:
    wrong = own.post(f"/en/startups/{startup.uid}/edit/", typed(summary="Water", team_size="a few"))
    shown = wrong.context["startup"].version

    right = own.post(f"/en/startups/{startup.uid}/edit/", typed(summary="Water", team_size="3", version=shown))

    startup.refresh_from_db()
    assert f'name="version" value="{shown}"' in wrong.content.decode()
    assert (wrong.status_code, right.status_code, startup.team_size) == (422, 302, 3)


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/en/competitions/x/", "/en/competitions/x/"),
        ("https://evil.example/", "/en/startups/"),
        ("//evil.example", "/en/startups/"),
    ],
)
def test_way_back_stays_on_the_site(own: Client, startup: Startup, given: str, leads_to: str) -> None:
    response = own.post(f"/en/startups/{startup.uid}/edit/", typed(next=given))

    assert response.url == leads_to


def test_others_find_nothing(signed_in: Any, startup: Startup) -> None:
    other = signed_in(PersonFactory())

    codes = {
        other.get(f"/en/startups/{startup.uid}/edit/").status_code,
        other.post(f"/en/startups/{startup.uid}/save/", typed()).status_code,
    }

    assert codes == {404}
    assert "Ülgi Drip" not in other.get("/en/startups/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_asks_little(own: Client, founder: Any, number: int, django_assert_max_num_queries: Any) -> None:
    for n in range(number):
        create_startup(by=founder, name=f"Sample {n}", country=country())

    with django_assert_max_num_queries(6):
        page = own.get("/en/startups/")

    assert len(page.context["startups"]) == number


def test_signs_that_no_database_takes_are_dropped_from_what_is_not_valid_yet(own: Client, startup: Startup) -> None:
    own.post(f"/en/startups/{startup.uid}/save/", typed(website="half\x00 an address"))

    assert Startup.objects.get().typed == {"website": "half an address"}


@pytest.mark.parametrize(("language", "first"), [("en", "Afghanistan"), ("ru", "Азербайджан")])
def test_a_choice_of_countries_begins_as_the_readers_alphabet_does(language: str, first: str) -> None:
    load_reference()

    with translation.override(language):
        choices = [str(label) for _value, label in NewStartupForm().fields["country"].choices]

    assert choices[1] == first
    assert choices[1:] == sorted(choices[1:])


PROFILE = {"stage": "idea", "summary": "Water", "sectors": ["circular"], "founded": "2024-03-01", "team_size": "3"}


def keep(client: Client, startup: Startup, **data: Any) -> Any:
    headers = {"X-Autosave": "1", "X-Save-Id": str(uuid.uuid4())}
    return client.post(f"/en/startups/{startup.uid}/save/", typed(**{**PROFILE, **data}), headers=headers)


def shown(client: Client, startup: Startup) -> dict[str, Any]:
    context = client.get(f"/en/startups/{startup.uid}/edit/").context
    return {"version": context["startup"].version, "seen": str(context["seen"])}


def test_two_tabs_that_change_different_fields_do_not_meet(own: Client, startup: Startup) -> None:
    keep(own, startup)
    page = shown(own, startup)
    keep(own, startup, **page, founded="2023-01-05", sectors=["ai"], website="half an address", country="UZ")

    answer = keep(own, startup, **page, summary="Rain", team_size="a few")

    startup.refresh_from_db()
    assert (answer.status_code, set(answer.json()["wrong"])) == (200, {"team_size"})
    theirs = {"founded": "2023-01-05", "sectors": ["ai"], "website": "half an address", "country": "UZ"}
    assert answer.json()["theirs"] == theirs
    assert (startup.summary, startup.founded.year, startup.country.iso2) == ("Rain", 2023, "UZ")
    assert (startup.typed, startup.sectors.get().code) == ({"website": "half an address", "team_size": "a few"}, "ai")


def test_a_plain_form_shows_theirs_and_asks_only_about_a_clash(own: Client, startup: Startup) -> None:
    keep(own, startup)
    page, address = shown(own, startup), f"/en/startups/{startup.uid}/edit/"
    keep(own, startup, **page, city="Taraz", summary="Rain", sectors=["ai"])

    asked = own.post(address, typed(**{**PROFILE, **page, "summary": "Snow"}))
    decided = {"version": asked.context["startup"].version, "seen": str(asked.context["seen"])}
    done = own.post(address, typed(**{**PROFILE, **decided, "summary": "Snow", "city": "Taraz", "sectors": ["ai"]}))

    startup.refresh_from_db()
    assert (asked.status_code, done.status_code) == (409, 302)
    assert [(row.name, row.before[0].text) for row in asked.context["theirs"]] == [("summary", "Rain")]
    assert asked.context["form"]["sectors"].value() == ["ai"]
    assert (startup.summary, startup.city, startup.sectors.get().code) == ("Snow", "Taraz", "ai")


def test_a_profile_with_a_mistake_says_what_is_kept_and_can_be_left(own: Client, startup: Startup) -> None:
    address = f"/en/startups/{startup.uid}/edit/"

    page = own.post(address, typed(summary="Water", team_size="a few", next="/en/competitions/"))
    stale = own.post(address, typed(summary="Wind"))

    startup.refresh_from_db()
    kept = "Everything else is saved. What is marked is kept as you typed it"
    assert (page.status_code, startup.summary) == (422, "Water")
    assert kept in page.content.decode()
    assert '<a class="btn plain" href="/en/competitions/">Leave it for now</a>' in page.content.decode()
    assert (stale.status_code, kept in stale.content.decode()) == (409, False)
