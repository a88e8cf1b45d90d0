"""A filtered list in a frame on pages of others: its own policy, no cookies, no script; nothing else may be framed."""

import gzip
import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from incubators.enums import OrganisationStatus
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, many

pytestmark = pytest.mark.django_db
FRAME = "/en/embed/incubators/"


def policy(response: Any) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return {name: sources for name, _space, sources in (part.partition(" ") for part in parts)}


def test_frame_shows_the_filtered_list_and_nothing_hidden(client: Client) -> None:
    OrganisationFactory(name="Here & there", iso2="KZ")
    OrganisationFactory(name="Elsewhere", iso2="KG")
    OrganisationFactory(name="CANARY suspended", status=OrganisationStatus.SUSPENDED)
    draft(name_en="CANARY draft")

    page = client.get(f"{FRAME}?country=kz").content.decode()

    assert "Here &amp; there" in page
    assert "Elsewhere" not in page
    assert "CANARY" not in page
    links = re.findall(r"<a [^>]*>", page)
    assert len(links) == 2
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert 'href="/en/incubators/?country=kz"' in page
    assert re.findall(r"<h1[^>]*>([^<]*)", page) == ["Registry of incubators and accelerators"]


def test_only_the_frame_may_stand_in_pages_of_others(client: Client) -> None:
    made = OrganisationFactory()
    framed = client.get(FRAME)
    others = [
        "/en/", "/en/incubators/", made.get_absolute_url(), "/en/incubators/embed/", "/en/accounts/login/",
        "/en/countries/", "/en/embed/", "/en/embed/nothing/", "/api/v1/organisations/", "/en/incubators/export.json",
    ]  # fmt: skip
    denied = [client.get(path) for path in others]

    assert "X-Frame-Options" not in framed
    assert policy(framed)["frame-ancestors"] == "*"
    for name in ("default-src", "script-src", "connect-src", "form-action", "base-uri"):
        assert policy(framed)[name] == "'none'"
    assert {response["X-Frame-Options"] for response in denied} == {"DENY"}
    assert {policy(response)["frame-ancestors"] for response in denied} == {"'none'"}


def test_frame_knows_nobody_and_is_the_same_for_all(client: Client, signed_in: Any) -> None:
    OrganisationFactory()
    known = signed_in(PersonFactory(name="Known Reader"))
    known.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"

    answers = [asked.get(FRAME) for asked in (client, known)]

    assert answers[0].content == answers[1].content
    for answer in answers:
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["X-Robots-Tag"] == "noindex"
        assert b"<script" not in answer.content
        assert b"<form" not in answer.content


@pytest.mark.parametrize("number", [1, 3, 300])
def test_frame_is_small_and_asks_little(client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    many(number)
    client.get(FRAME)

    with django_assert_max_num_queries(3):
        page = client.get(f"{FRAME}?listing=unverified").content

    assert len(gzip.compress(page, 6)) <= 3_000
    assert (f"All {number} in the registry" in page.decode()) is (number == 300)


def test_lines_to_copy_lead_to_the_frame_with_the_filter(client: Client) -> None:
    OrganisationFactory(name="Here", iso2="KZ")
    listed = client.get("/ru/incubators/?kind=hub&country=kz&sort=newest").content.decode()
    path = html.unescape(re.search(r'href="(/ru/incubators/embed/[^"]*)"', listed)[1])

    page = client.get(path).content.decode()
    lines = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    source = re.search(r'src="([^"]*)"', lines)[1]

    assert source == f"{settings.BASE_URL}/ru/embed/incubators/?country=kz&kind=hub"
    assert "Here" in client.get(source.removeprefix(settings.BASE_URL)).content.decode()


def test_odd_filter_cannot_leave_the_lines(client: Client) -> None:
    page = client.get("/en/incubators/embed/", {"country": '"></textarea><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page
    assert page.count("</textarea>") == 1
