"""Figures that everybody may read, and how they are kept from everybody else."""

import csv
from typing import Any

import pytest
from django.test import Client

from tests.incubators.factories import OrganisationFactory
from tests.incubators.test_benchmark import YEAR, accepted

pytestmark = pytest.mark.django_db
PAGE, FILE = "/en/incubators/sample-hub/", "/en/incubators/sample-hub/figures.csv"


def test_published_figures_are_a_chart_over_years_a_table_and_a_file(client: Client) -> None:
    organisation = OrganisationFactory(slug="sample-hub")
    accepted(organisation, YEAR - 1, published=True, jobs=1100)
    accepted(organisation, YEAR, published=True, jobs=1200, money="grant 500 KZT")

    html = client.get(PAGE).content.decode()
    answer = client.get(FILE)
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))

    assert '<polyline class="data line"' in html
    assert f'<th scope="row">{YEAR - 1}</th><td class="r">1,100</td>' in html
    assert f"Money raised by supported start-ups: grants and prizes, KZT, {YEAR}</dt>" in html
    assert [(row["code"], row["year"], row["value"], row["kind"], row["currency"]) for row in rows] == [
        ("jobs", str(YEAR - 1), "1100", "", ""),
        ("jobs", str(YEAR), "1200", "", ""),
        ("money_raised", str(YEAR), "500", "grant", "KZT"),
    ]
    assert rows[0]["definition"].startswith("People who worked for the start-ups")


def test_facts_stand_between_the_description_and_the_charts(client: Client) -> None:
    told = {"website": "https://hub.example", "descriptions": {"en": "We help."}, "origin": "editor"}
    organisation = OrganisationFactory(slug="sample-hub", **told)
    accepted(organisation, YEAR - 1, published=True, jobs=1100)
    accepted(organisation, YEAR, published=True, jobs=1200)

    html = client.get(PAGE).content.decode()

    marks = ['<p class="lead"', "<dt>Kind</dt>", ">hub.example</a>", "Do you work here?", 'id="yearly"', "<figure"]
    assert sorted(marks, key=html.index) == marks


@pytest.mark.parametrize("hidden", [{"published": False}, {"status": "submitted"}, {"status": "queried"}])
def test_what_is_not_published_or_not_accepted_is_nowhere(client: Client, hidden: dict[str, Any]) -> None:
    organisation = OrganisationFactory(slug="sample-hub")
    figures = accepted(organisation, published=hidden.get("published", True), jobs=771177)
    figures.status, figures.question = hidden.get("status", "accepted"), "Canary question"
    figures.note = "Canary note"
    figures.save()

    html, table = client.get(PAGE).content.decode(), b"".join(client.get(FILE).streaming_content).decode()
    found = client.get("/en/search/?q=771177").content.decode() + client.get("/api/v1/organisations/").content.decode()

    assert not [text for text in (html, table, found) if "771,177" in text or "Canary" in text or "771177." in text]
    assert ("Yearly figures" in html, "771177" in table) == (False, False)


def test_figures_of_what_is_suspended_are_gone(client: Client) -> None:
    organisation = OrganisationFactory(slug="sample-hub", status="suspended")
    accepted(organisation, published=True, jobs=5)

    assert [client.get(address).status_code for address in (PAGE, FILE)] == [404, 404]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_little(client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    organisation = OrganisationFactory(slug="sample-hub")
    for n in range(number):
        accepted(organisation, YEAR - n, published=True, jobs=n)

    with django_assert_max_num_queries(16):
        client.get(PAGE)
