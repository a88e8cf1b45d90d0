"""Programmes and calls in the API: public fields of what is public."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from incubators.enums import CallStatus, OrganisationStatus, ProgrammeStatus
from incubators.models import Organisation, Sector
from tests.incubators.factories import editor_of, secretary
from tests.incubators.test_offers import call_of, programme_of

pytestmark = pytest.mark.django_db
PROGRAMMES, CALLS = "/api/v1/programmes/", "/api/v1/calls/"


def found(client: Client, url: str) -> list[str]:
    return sorted(row["titles"]["en"] for row in client.get(url).json()["results"])


def named(title: str, status: str = ProgrammeStatus.PUBLISHED, **fields: Any) -> Any:
    programme = programme_of(status, **fields)
    programme.titles = {"en": title}
    programme.save()
    return programme


@pytest.mark.parametrize("role", ["visitor", "editor", "secretariat"])
def test_only_what_is_public_is_there_whoever_asks(client: Client, signed_in: Any, role: str) -> None:
    shown, draft = named("Shown"), named("Draft", ProgrammeStatus.DRAFT)
    suspended = named("Suspended", status=ProgrammeStatus.PUBLISHED)
    Organisation.objects.filter(pk=suspended.organisation_id).update(status=OrganisationStatus.SUSPENDED)
    call_of(shown, "Open call")
    hidden = [call_of(shown, "Draft call", status=CallStatus.DRAFT), call_of(draft, "Of a draft")]
    hidden += [call_of(shown, "Withdrawn", status=CallStatus.WITHDRAWN), call_of(suspended, "Of a suspended one")]
    people = {"editor": lambda: editor_of(shown.organisation), "secretariat": secretary}
    asking = signed_in(people[role]()) if role in people else client

    assert (found(asking, PROGRAMMES), found(asking, CALLS)) == (["Shown"], ["Open call"])
    assert {asking.get(f"{PROGRAMMES}{each.uid}/").status_code for each in (draft, suspended)} == {404}
    assert {asking.get(f"{CALLS}{each.uid}/").status_code for each in hidden} == {404}


def test_fields_are_these_and_no_others(client: Client) -> None:
    programme = named("School")
    programme.sectors.set([Sector.objects.get(code="fintech")])
    call = call_of(programme, apply_url="https://hub.example/apply")

    row = client.get(f"{PROGRAMMES}{programme.uid}/").json()
    called = client.get(f"{CALLS}{call.uid}/").json()

    assert set(row) == {
        "uid", "organisation", "country", "kind", "status", "titles", "descriptions", "languages", "sectors", "weeks",
        "website", "open", "updated_at", "page",
    }  # fmt: skip
    assert set(called) == {
        "uid", "programme", "organisation", "country", "status", "open", "titles", "descriptions", "opens_at",
        "closes_at", "zone", "apply_url", "updated_at", "page",
    }  # fmt: skip
    assert (row["country"], row["sectors"], row["open"]) == ("KZ", ["fintech"], True)
    assert (called["programme"], called["open"], called["zone"]) == (str(programme.uid), True, "Asia/Almaty")
    assert called["organisation"] == row["organisation"] == str(programme.organisation.uid)
    assert client.get(called["page"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("query", "programmes", "calls"),
    [
        ("", ["Kazakh", "Kyrgyz"], ["Closed", "Coming", "Open", "Over"]),
        ("?country=kg", ["Kyrgyz"], ["Closed"]),
        ("?open=true", ["Kazakh"], ["Open"]),
        ("?open=false", ["Kyrgyz"], ["Closed", "Coming", "Over"]),
        ("?organisation=OWN", ["Kazakh"], ["Coming", "Open", "Over"]),
        ("?organisation=OWN&country=kg", [], []),
        ("?updated_since=2099-01-01T00:00:00Z", [], []),
    ],
)
def test_filters(client: Client, query: str, programmes: list[str], calls: list[str]) -> None:
    kazakh, kyrgyz = named("Kazakh"), named("Kyrgyz", iso2="KG")
    call_of(kazakh, "Open")
    call_of(kazakh, "Over", days=-1)
    call_of(kazakh, "Coming", opens_at=timezone.now() + timedelta(days=1))
    call_of(kyrgyz, "Closed", status=CallStatus.CLOSED)
    query = query.replace("OWN", str(kazakh.organisation.uid))

    assert (found(client, PROGRAMMES + query), found(client, CALLS + query)) == (programmes, calls)


@pytest.mark.parametrize("query", ["?open=perhaps", "?organisation=none", "?updated_since=yesterday", "?country=%00"])
@pytest.mark.parametrize("url", [PROGRAMMES, CALLS])
def test_bad_filters_are_told_or_match_nothing(client: Client, url: str, query: str) -> None:
    response = client.get(url + query)

    assert response.status_code in (200, 400)
    assert "results" in response.json() or len(response.json()) == 1


@pytest.mark.parametrize("url", [PROGRAMMES, CALLS])
def test_pages_by_key_reach_everything_once(client: Client, url: str) -> None:
    for _ in range(5):
        call_of(programme_of())

    seen, at = [], f"{url}?page_size=2"
    while at:
        page = client.get(at).json()
        seen += [row["uid"] for row in page["results"]]
        at = page["next"]

    assert (len(seen), len(set(seen))) == (5, 5)


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow(client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(number):
        call_of(programme_of())

    with django_assert_max_num_queries(2):
        assert len(client.get(PROGRAMMES).json()["results"]) == number
    with django_assert_max_num_queries(1):
        assert len(client.get(CALLS).json()["results"]) == number


@pytest.mark.parametrize("url", [PROGRAMMES, CALLS])
def test_nothing_can_be_written_and_unchanged_answers_are_not_sent_again(client: Client, url: str) -> None:
    call_of(programme_of())
    etag = client.get(url).headers["ETag"]

    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert {client.post(url, {}).status_code, client.delete(url).status_code} == {405}


def test_description_of_the_api_says_everything(capsys: pytest.CaptureFixture[str]) -> None:
    schema = SchemaGenerator(urlconf="incubators.api_urls").get_schema(request=None, public=True)

    for path in ("/programmes/", "/calls/"):
        names = {each["name"] for each in schema["paths"][path]["get"]["parameters"]}
        assert names >= {"organisation", "country", "open", "updated_since", "cursor", "page_size"}
    assert capsys.readouterr().err == ""
