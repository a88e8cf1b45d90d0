"""What machines read: robots.txt, sitemap.xml, security.txt."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.cache import cache
from django.templatetags.static import static
from django.test import Client
from django.utils import timezone

from network_platform.desk import gather

XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_robots_keep_away_from_what_is_private(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    desks = [
        f"/{code}/{place}/"
        for code in ("en", "ru")
        for place in [
            "accounts",
            "desk",
            "judging",
            "messages",
            "people",
            "settings",
            "startups/new",
            "mentors/requests",
            "incubators/mine",
        ]
    ]
    for private in ("/wagtail/", "/*/drafts/", *desks):
        assert f"Disallow: {private}\n" in text
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in text
    assert "Disallow: /\n" not in text


def test_security_txt_names_a_contact_and_never_expires_soon(client: Client) -> None:
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)

    assert fields["Contact"] == settings.SECURITY_CONTACT
    assert fields["Preferred-Languages"] == "en, ru"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=100) < expires - timezone.now() < timedelta(days=365)


@pytest.mark.django_db
def test_sitemap_has_every_public_path_in_every_language(client: Client, django_assert_max_num_queries) -> None:
    cache.clear()

    with django_assert_max_num_queries(15):
        root = ElementTree.fromstring(client.get("/sitemap.xml").content)

    found = {one.text for one in root.iterfind("s:url/s:loc", XML)}
    paths = [path.lstrip("/") for paths in gather("sitemap") for path in paths]
    for path in paths:
        assert {f"http://testserver/en/{path}", f"http://testserver/ru/{path}"} <= found
    assert not any(private in address for address in found for private in ("/desk/", "/accounts/", "/wagtail/"))


@pytest.mark.django_db
def test_a_query_of_the_sitemap_is_not_kept(client: Client) -> None:
    cache.clear()
    client.get("/sitemap.xml")
    kept = len(cache._cache)

    answers = [client.get(f"/sitemap.xml?q={number}") for number in range(3)]

    assert {answer["Location"] for answer in answers} == {"/sitemap.xml"}
    assert len(cache._cache) == kept


@pytest.mark.django_db
def test_each_address_names_its_other_languages(client: Client) -> None:
    cache.clear()
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)

    for url in root.iterfind("s:url", XML):
        if not url.find("s:loc", XML).text.startswith("http://testserver/"):
            continue
        codes = {link.get("hreflang") for link in url.iterfind("x:link", XML)}
        assert {"en", "ru"} <= codes


def test_a_browser_finds_the_mark_beside_what_names_none(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, static("mark.svg"))
    assert "public" in answer["Cache-Control"]
