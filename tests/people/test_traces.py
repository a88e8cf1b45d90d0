"""Nothing that a signed-in person was answered stays in a cache."""

import pytest

from tests.people.factories import PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db
PAGES = [
    "/en/",
    "/en/desk/",
    "/en/settings/",
    "/en/messages/",
    "/en/journal/",
    "/en/journal/export.csv",
    "/en/people/",
    "/en/incubators/",
    "/en/incubators/mine/",
    "/en/mentors/requests/",
    "/en/judging/",
    "/en/nothing-here/",
    "/api/v1/countries/",
]


@pytest.mark.parametrize("path", PAGES)
def test_answers_to_signed_in_people_are_private(signed_in, path):
    response = signed_in(SecretariatFactory()).get(path)

    rules = {rule.strip() for rule in response["Cache-Control"].split(",")}
    assert {"private", "no-store"} <= rules
    assert "public" not in rules


def test_signing_in_leaves_no_trace_either(fresh):
    response = fresh(PersonFactory()).get("/en/accounts/password/change/")

    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt"])
def test_public_files_stay_public(signed_in, path):
    response = signed_in(PersonFactory()).get(path)

    assert "public" in response["Cache-Control"]
    assert "no-store" not in response["Cache-Control"]


def test_visitors_pages_may_be_asked_for_again(client):
    response = client.get("/en/incubators/")

    assert "no-store" not in response["Cache-Control"]
    assert response.has_header("ETag")
