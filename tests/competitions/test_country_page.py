"""What competitions and the shared database add to the registry's page of a country."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incubators.services.reference import load_reference
from mentors.enums import Visibility
from tests.competitions.factories import CompetitionFactory
from tests.mentors.factories import ExpertRoleFactory, country

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _countries() -> None:
    load_reference()


def call(iso2: str, **traits: Any) -> Any:
    competition = CompetitionFactory(**traits)
    competition.countries.set([country(iso2)])
    return competition


def test_it_shows_open_competitions_and_public_experts_of_the_country(client: Client) -> None:
    shown, elsewhere, over = call("KZ", open=True), call("KG", open=True), call("KZ", announced=True)
    public = ExpertRoleFactory(expert__country=country("KZ")).expert
    others = [
        ExpertRoleFactory(expert__country=country("KG")).expert,
        ExpertRoleFactory(expert__country=country("KZ"), visibility=Visibility.NETWORK).expert,
        ExpertRoleFactory(expert__country=country("KZ"), visibility=Visibility.HIDDEN).expert,
    ]

    html = client.get("/en/countries/kz/").content.decode()

    assert f"/en/competitions/{shown.slug}/" in html
    assert f"/en/mentors/{public.slug}/" in html
    hidden = [each.slug for each in (elsewhere, over, *others) if f"/{each.slug}/" in html]
    assert hidden == []


def test_it_asks_as_much_for_three_as_for_one(client: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            call("KZ", open=True)
            ExpertRoleFactory(expert__country=country("KZ"))
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/en/countries/kz/?fresh={more}")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 16
