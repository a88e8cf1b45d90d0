"""What everybody reads of programmes and calls: pages, the list, search, the calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from incubators import desk, tasks
from incubators.enums import CallStatus, OrganisationStatus, PlacementStatus, ProgrammeStatus
from incubators.models import Cohort, OpenCall, Placement, Programme, Startup
from incubators.services.organisation_states import move_organisation
from incubators.services.programmes import close_calls, move_call, move_programme
from network_platform.search.models import SearchDocument
from tests.incubators.factories import OrganisationFactory, country, editor_of, focal_point

pytestmark = pytest.mark.django_db


def programme_of(status: str = ProgrammeStatus.PUBLISHED, **fields: Any) -> Programme:
    organisation = OrganisationFactory(**fields)
    return Programme.objects.create(organisation=organisation, status=status, titles={"en": "Spring school"}, weeks=10)


def call_of(programme: Programme, title: str = "Call for teams", *, days: float = 7, **fields: Any) -> OpenCall:
    now = timezone.now()
    values = {"opens_at": now - timedelta(days=30), "closes_at": now + timedelta(days=days), "zone": "Asia/Almaty"}
    values |= {"titles": {"en": title}, "status": CallStatus.PUBLISHED}
    return OpenCall.objects.create(programme=programme, **{**values, **fields})


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def titles(client: Client, query: str = "") -> list[str]:
    return [str(call) for call in client.get(f"/en/calls/{query}").context["list"].calls]


def test_an_organisation_page_shows_what_runs_and_not_what_is_a_draft(client: Client) -> None:
    programme = programme_of(slug="hub")
    call_of(programme)
    call_of(programme, "Secret call", status=CallStatus.DRAFT)
    Programme.objects.create(organisation=programme.organisation, titles={"en": "Secret school"})

    html = text_of(client, "/en/incubators/hub/")

    assert ("Spring school" in html, "10 weeks" in html, "Call for teams" in html) == (True, True, True)
    assert "Secret" not in html


def test_editors_find_the_way_to_their_programmes(client: Client, signed_in: Any) -> None:
    programme = programme_of(slug="hub")
    own = signed_in(editor_of(programme.organisation))
    link = "/en/incubators/hub/programmes/"

    pages = [text_of(own, path) for path in ("/en/incubators/hub/", "/en/incubators/mine/", "/en/desk/")]

    assert [link in html for html in pages] == [True, True, True]
    assert link not in text_of(client, "/en/incubators/hub/")


def test_programme_page_shows_cohorts_with_those_who_agreed_alone(client: Client) -> None:
    programme = programme_of()
    cohort = Cohort.objects.create(programme=programme, name="First", starts=date(2026, 1, 1))
    for name, shown, status in [
        ("Seen", True, PlacementStatus.CONFIRMED),
        ("Hidden", False, PlacementStatus.CONFIRMED),
        ("Asked", True, PlacementStatus.PROPOSED),
        ("Gone", True, PlacementStatus.REFUSED),
    ]:
        startup = Startup.objects.create(name=name, country=country(), shown_at=timezone.now() if shown else None)
        Placement.objects.create(startup=startup, cohort=cohort, status=status, entered=date(2026, 1, 1))

    pages = [
        text_of(client, path) for path in (programme.get_absolute_url(), programme.organisation.get_absolute_url())
    ]

    for html in pages:
        assert "Seen" in html
        assert [name for name in ("Hidden", "Asked", "Gone") if name in html] == []


@pytest.mark.parametrize(
    ("status", "phase", "words"),
    [
        (CallStatus.PUBLISHED, "open", "Apply on their site"),
        (CallStatus.PUBLISHED, "over", "Closed"),
        (CallStatus.CLOSED, "closed", "Closed"),
    ],
)
def test_a_call_says_in_its_zone_until_when_it_is_open(client: Client, status: str, phase: str, words: str) -> None:
    end = datetime(2030, 1, 1, 12, tzinfo=UTC) if phase == "open" else datetime(2026, 1, 1, 12, tzinfo=UTC)
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    call = call_of(programme_of(), opens_at=begin, closes_at=end, status=status, apply_url="https://hub.example/apply")

    html = text_of(client, call.get_absolute_url())

    assert words in html
    assert ("hub.example/apply" in html) is (phase == "open")
    assert "17:00, Almaty (UTC+5)" in html or "18:00, Almaty (UTC+6)" in html


def test_a_call_closed_early_says_when_and_no_end_that_lies_ahead(client: Client) -> None:
    call = call_of(programme_of(), days=20)
    at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    OpenCall.objects.update(opens_at=at - timedelta(days=9), closes_at=at + timedelta(days=20))
    with time_machine.travel(at, tick=False):
        move_call(call=call, to=CallStatus.CLOSED, by=editor_of(call.programme.organisation))
    pages = []
    for days in (1, 30):
        with time_machine.travel(at + timedelta(days=days), tick=False):
            paths = (call.get_absolute_url(), call.programme.get_absolute_url(), "/en/calls/?state=closed")
            pages += [text_of(client, path) for path in paths]

    assert all("losed early" in page and "30 November 2026" in page for page in pages)
    assert not any("20 December 2026" in page for page in pages)


def test_a_call_that_is_opened_again_has_its_end_again(client: Client) -> None:
    call = call_of(programme_of(), days=20)
    person = editor_of(call.programme.organisation)

    move_call(call=call, to=CallStatus.CLOSED, by=person)
    move_call(call=call, to=CallStatus.PUBLISHED, by=person)

    call.refresh_from_db()
    assert (call.closed_at, call.was_closed_early) == (None, False)


def test_a_list_without_a_call_of_the_countries_chosen_says_so(client: Client) -> None:
    call_of(programme_of())
    call_of(programme_of(), status=CallStatus.CLOSED)

    chosen = [text_of(client, f"/en/calls/?country=af{more}") for more in ("", "&state=closed")]
    OpenCall.objects.all().delete()
    empty = text_of(client, "/en/calls/")

    assert "No call is open in the countries chosen now" in chosen[0]
    assert "No call has closed in the countries chosen" in chosen[1]
    assert all("Calls in other countries: 1." in page for page in chosen)
    assert "No call is open here now" in empty
    assert ["Those that close first stand first" in page for page in chosen] == [True, False]


def test_with_an_organisation_its_calls_close(client: Client) -> None:
    programme = programme_of()
    call = call_of(programme, apply_url="https://hub.example/apply")
    organisation, focal = programme.organisation, focal_point("KZ")
    move_organisation(organisation=organisation, to=OrganisationStatus.CLOSED, by=focal, reason="Bankrupt")

    assert (titles(client), titles(client, "?state=closed")) == ([], ["Call for teams"])
    assert "hub.example/apply" not in text_of(client, call.get_absolute_url())
    assert "<span>until " not in text_of(client, "/en/calls/?state=closed")
    assert not client.get(f"/api/v1/calls/{call.uid}/").json()["open"]
    assert client.get("/api/v1/calls/?open=true").json()["results"] == []
    assert not SearchDocument.objects.filter(kind="call").exists()


@pytest.mark.parametrize("hidden", ["draft call", "withdrawn call", "draft programme", "suspended organisation"])
def test_what_is_not_public_is_found_by_its_editors_alone(client: Client, signed_in: Any, hidden: str) -> None:
    programme = programme_of(ProgrammeStatus.DRAFT if hidden == "draft programme" else ProgrammeStatus.PUBLISHED)
    states = {"draft call": CallStatus.DRAFT, "withdrawn call": CallStatus.WITHDRAWN}
    call = call_of(programme, "Canary", status=states.get(hidden, CallStatus.PUBLISHED))
    if hidden == "suspended organisation":
        programme.organisation.status = OrganisationStatus.SUSPENDED
        programme.organisation.save()
    member = signed_in(editor_of(programme.organisation))

    everywhere = ["/en/calls/", "/en/calls/?state=closed", "/en/countries/kz/", "/en/calls/calendar.ics"]
    found = [path for path in everywhere if "Canary" in text_of(client, path)]

    assert found == []
    assert (client.get(call.get_absolute_url()).status_code, member.get(call.get_absolute_url()).status_code) == (
        404,
        200,
    )
    assert not any(str(call.uid) in path for path in desk.sitemap())
    assert not any(document.key == str(call.uid) for document in desk.search_documents())


def test_the_list_has_the_soonest_end_first_by_country(client: Client) -> None:
    kazakh, kyrgyz = programme_of(), programme_of(iso2="KG")
    call_of(kazakh, "Late", days=9)
    call_of(kyrgyz, "Soon", days=1)
    call_of(kazakh, "Coming", days=5, opens_at=timezone.now() + timedelta(days=2))
    call_of(kazakh, "Over", days=-1)
    call_of(kazakh, "Closed", days=3, status=CallStatus.CLOSED)

    assert titles(client) == ["Soon", "Coming", "Late"]
    assert titles(client, "?country=kz") == ["Coming", "Late"]
    assert titles(client, "?country=kz&country=kg") == ["Soon", "Coming", "Late"]
    assert titles(client, "?country=zz") == []
    assert titles(client, "?state=closed") == ["Closed", "Over"]
    counts = {option.value: option.count for option in client.get("/en/calls/").context["list"].facets[0].options}
    assert (counts["kz"], counts["kg"], counts["uz"]) == (2, 1, 0)


@pytest.mark.parametrize("query", ["?", "?state=closed&"])
def test_pages_by_key_reach_every_call_once_and_lead_back(client: Client, query: str) -> None:
    programme, end = programme_of(), timezone.now() + timedelta(days=3)
    status = CallStatus.CLOSED if "closed" in query else CallStatus.PUBLISHED
    for n in range(45):
        call_of(programme, f"Call {n}", closes_at=end + timedelta(hours=n // 2), status=status)

    seen, back, path = [], [], f"/en/calls/{query}"
    while path:
        page = client.get(path).context["list"]
        seen += [str(call) for call in page.calls]
        back.append(page.previous_url)
        path = page.next_url
    before = client.get(back[2]).context["list"]

    assert (len(seen), len(set(seen))) == (45, 45)
    assert [str(call) for call in before.calls] == seen[20:40]
    assert client.get(before.previous_url).context["list"].calls[0].titles == {"en": seen[0]}
    assert back[0] == ""


@pytest.mark.parametrize("query", ["?after=nonsense", "?after=%00", "?state=%00", "?country=%00"])
def test_odd_addresses_are_answered(client: Client, query: str) -> None:
    call_of(programme_of())

    assert client.get(f"/en/calls/{query}").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("page", ["list", "organisation", "programme", "country", "calendar"])
def test_queries_do_not_grow(client: Client, page: str, number: int, django_assert_max_num_queries: Any) -> None:
    programme = programme_of()
    for n in range(number):
        call_of(programme, f"Call {n}")
        cohort = Cohort.objects.create(programme=programme, name=f"{n}", starts=date(2026, 1, 1))
        startup = Startup.objects.create(name=f"Shown {n}", country=country(), shown_at=timezone.now())
        Placement.objects.create(
            startup=startup, cohort=cohort, status=PlacementStatus.CONFIRMED, entered=date(2026, 1, 1)
        )
    path, most = {
        "list": ("/en/calls/", 5),
        "organisation": (programme.organisation.get_absolute_url(), 12),
        "programme": (programme.get_absolute_url(), 10),
        "country": ("/en/countries/kz/", 24),
        "calendar": ("/en/calls/calendar.ics", 1),
    }[page]

    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_search_finds_what_runs_until_it_is_closed_or_suspended() -> None:
    programme = programme_of(ProgrammeStatus.DRAFT)
    editor = editor_of(programme.organisation)
    call = call_of(programme, status=CallStatus.DRAFT)

    def found() -> set[str]:
        rows = SearchDocument.objects.filter(kind__in=["programme", "call"], audience="public")
        return set(rows.values_list("kind", flat=True))

    steps = [found()]
    move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=editor)
    steps.append(found())
    move_call(call=call, to=CallStatus.PUBLISHED, by=editor)
    steps.append(found())
    OpenCall.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    close_calls()
    steps.append(found())
    suspended = OrganisationStatus.SUSPENDED
    move_organisation(organisation=programme.organisation, to=suspended, by=focal_point("KZ"), reason="x")

    assert [*steps, found()] == [set(), {"programme"}, {"programme", "call"}, {"programme"}, set()]


def test_a_call_that_nobody_closed_is_a_problem() -> None:
    call_of(programme_of(), days=-1)
    before = desk.problems()
    tasks.close_calls()

    assert ("Calls are over and were not closed: is beat running?" in before, desk.problems()) == (True, [])


def calendar_lines(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/en/calls/calendar.ics{query}")
    assert response.status_code == 200
    return response.content.decode().replace("\r\n ", "").split("\r\n")


def test_calendar_holds_each_end_in_its_zone(client: Client) -> None:
    organisation = {"slug": "hub", "name": "Hub, with; marks"}
    call = call_of(programme_of(**organisation), "Call\\ one", closes_at=datetime(2030, 1, 31, 13, tzinfo=UTC))

    response = client.get("/en/calls/calendar.ics")
    lines = calendar_lines(client)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert not response.cookies
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "TZID:Asia/Almaty" in lines
    assert "DTSTART;TZID=Asia/Almaty:20300131T180000" in lines
    assert "SUMMARY:Closes: Call\\\\ one" in lines
    assert any(line.startswith("DESCRIPTION:Hub\\, with\\; marks\\, Kazakhstan\\n31 January 2030") for line in lines)
    assert any(re.fullmatch(rf"UID:call-{call.uid}@\S+", line) for line in lines)


def test_calendar_of_a_country_and_of_an_organisation(client: Client) -> None:
    call_of(programme_of(slug="hub", name="Hub"), "One")
    call_of(programme_of(iso2="KG"), "Two")

    def closes(query: str) -> list[str]:
        return [line[16:] for line in calendar_lines(client, query) if line.startswith("SUMMARY")]

    def name(query: str) -> str:
        return next(line for line in calendar_lines(client, query) if line.startswith("NAME:"))

    assert [name(query) for query in ("", "?country=kz", "?organisation=hub")] == [
        "NAME:Calls for start-ups",
        "NAME:Calls for start-ups: Kazakhstan",
        "NAME:Calls for start-ups: Hub",
    ]
    assert sorted(closes("")) == ["One", "Two"]
    assert closes("?country=kz") == ["One"]
    assert closes("?organisation=hub") == ["One"]
    assert closes("?organisation=hub&country=KG") == []
    for wrong in ("?country=zz", "?country=%00", "?organisation=none"):
        assert client.get(f"/en/calls/calendar.ics{wrong}").status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(client: Client) -> None:
    call_of(programme_of())
    etag = client.get("/en/calls/calendar.ics").headers["ETag"]

    assert client.get("/en/calls/calendar.ics", headers={"If-None-Match": etag}).status_code == 304
