"""The API: public fields of what is public."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from incubators.enums import NameKind, OrganisationStatus
from incubators.models import City, Organisation, Sector
from incubators.services.names import Name
from tests.incubators.factories import OrganisationFactory, draft, editor, focal_point, secretary, verified

pytestmark = pytest.mark.django_db
URL = "/api/v1/organisations/"


def found(client: Client, query: str = "") -> list[str]:
    return [names_of(row)[0] for row in client.get(f"{URL}{query}").json()["results"]]


def names_of(row: dict[str, Any]) -> list[str]:
    return [name["text"] for name in row["names"]]


@pytest.mark.parametrize("role", ["visitor", "editor", "focal", "secretariat"])
def test_only_what_is_public_is_there_whoever_asks(client: Client, signed_in: Any, role: str) -> None:
    OrganisationFactory(name="Listed")
    revision = draft(name_en="Hidden")
    OrganisationFactory(name="Suspended", status=OrganisationStatus.SUSPENDED)
    people = {"editor": lambda: editor(revision), "focal": lambda: focal_point("KZ"), "secretariat": secretary}
    asking = signed_in(people[role]()) if role in people else client

    assert found(asking) == ["Listed"]
    assert asking.get(f"{URL}{revision.organisation.uid}/").status_code == 404


def test_detail_has_public_fields_and_no_others(client: Client) -> None:
    made = verified(name="Hub", source_note="internal note", website="https://hub.example")

    row = client.get(f"{URL}{made.uid}/").json()

    assert set(row) == {
        "uid", "names", "country", "city", "kind", "status", "verified", "verified_until", "website", "founded_year",
        "languages", "sectors", "sdgs", "descriptions", "successor", "source_url", "updated_at", "page",
    }  # fmt: skip
    assert (row["country"], row["verified"], row["website"]) == ("KZ", True, "https://hub.example")
    assert row["page"] == f"http://testserver/en/incubators/{made.slug}/"
    assert "internal note" not in json.dumps(row)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?country=kg", ["In Bishkek"]),
        ("?country=KZ", ["Verified", "With sector"]),
        ("?kind=agency", ["In Bishkek"]),
        ("?kind=agency&kind=hub", ["Verified", "In Bishkek", "With sector"]),
        ("?sector=fintech", ["With sector"]),
        ("?city=bishkek", ["In Bishkek"]),
        ("?verified=true", ["Verified"]),
        ("?verified=false", ["In Bishkek", "With sector"]),
        ("?search=бишкек", ["In Bishkek"]),
        ("?search=nothing", []),
    ],
)
def test_filters(client: Client, query: str, expected: list[str]) -> None:
    verified(name="Verified")
    OrganisationFactory(name="In Bishkek", iso2="KG", kind="agency", city=City.objects.get(slug="bishkek"))
    OrganisationFactory(name="With sector").sectors.set([Sector.objects.get(code="fintech")])

    assert found(client, query) == expected


def test_changed_since(client: Client) -> None:
    OrganisationFactory(name="Old", updated_at=timezone.now() - timedelta(days=3))
    OrganisationFactory(name="New")
    since = (timezone.now() - timedelta(days=1)).isoformat().replace("+", "%2B")

    assert found(client, f"?updated_since={since}") == ["New"]


@pytest.mark.parametrize("query", ["?verified=perhaps", "?updated_since=yesterday", "?kind=unheard", "?search=%00"])
def test_bad_filters_are_told_or_match_nothing(client: Client, query: str) -> None:
    response = client.get(f"{URL}{query}")

    assert response.status_code in (200, 400)
    assert "results" in response.json() or len(response.json()) == 1


def test_pages_by_key_reach_everything_once(client: Client) -> None:
    made = {str(OrganisationFactory().uid) for _ in range(5)}

    seen, url = [], f"{URL}?page_size=2"
    while url:
        page = client.get(url).json()
        seen += [row["uid"] for row in page["results"]]
        url = page["next"]

    assert (len(seen), set(seen)) == (5, made)


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow(client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(number):
        OrganisationFactory(shown=[Name("A", NameKind.DISPLAY, "en"), Name("Б", NameKind.LABEL, "ru")])

    with django_assert_max_num_queries(4):
        rows = client.get(URL).json()["results"]

    assert len(rows) == number


def test_unchanged_answer_is_not_sent_again(client: Client) -> None:
    OrganisationFactory()
    etag = client.get(URL).headers["ETag"]

    again = client.get(URL, headers={"If-None-Match": etag})
    OrganisationFactory()
    changed = client.get(URL, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert len(changed.json()["results"]) == 2


def test_nothing_can_be_written(client: Client, signed_in: Any) -> None:
    made = OrganisationFactory()
    asking = signed_in(secretary())

    answers = {asking.post(URL, {}).status_code, asking.delete(f"{URL}{made.uid}/").status_code}

    assert answers == {405}
    assert Organisation.objects.get() == made


def test_countries(client: Client) -> None:
    rows = client.get("/api/v1/countries/").json()["results"]

    assert [row["iso2"] for row in rows] == ["AF", "AZ", "KZ", "KG", "TJ", "TM", "UZ"]
    assert client.get("/api/v1/countries/kg/").json()["names"]["ru"] == "Кыргызстан"


def test_description_of_the_api_says_everything(capsys: pytest.CaptureFixture[str]) -> None:
    schema = SchemaGenerator(urlconf="incubators.api_urls").get_schema(request=None, public=True)

    names = {each["name"] for each in schema["paths"]["/organisations/"]["get"]["parameters"]}
    assert names >= {"country", "kind", "sector", "city", "verified", "updated_since", "search", "cursor", "page_size"}
    assert capsys.readouterr().err == ""
