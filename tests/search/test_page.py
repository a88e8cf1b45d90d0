"""The search page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network_platform.search.services import Document, put, put_many
from tests.journal.factories import MemberFactory, SecretaryFactory


def planted(count):
    put_many(Document(kind="news", key=str(n), title=f"Hub number {n}", url=f"/news/{n}/") for n in range(count))


def test_page_groups_marks_and_links(client, db):
    put(
        Document(
            kind="organisation", key="1", title="Hub <b>", url="/incubators/hub/", summary="Хаб & хабы", country="KZ"
        )
    )
    planted(2)

    html = client.get("/en/search/", {"q": "хаб"}).content.decode()

    assert "<mark>Hub</mark> &lt;b&gt;" in html
    assert "<mark>Хаб</mark> &amp; <mark>хабы</mark>" in html
    assert 'href="/en/incubators/hub/"' in html
    assert "?q=%D1%85%D0%B0%D0%B1&amp;kind=news" in html
    assert "3 results" in html


def test_a_thing_is_shown_in_the_readers_language_though_the_words_are_in_another(client, db):
    put(Document(kind="section", key="1", title="Annex", url="/documents/a/", summary="Trainers", language="en"))
    put(Document(kind="section", key="2", title="Work plan", url="/documents/b/", body="trainers", language="en"))
    put(Document(kind="section", key="2", title="План работы", url="/documents/b/", language="ru"))

    html = client.get("/ru/search/", {"q": "trainers"}).content.decode()

    assert 'href="/ru/documents/b/" dir="auto" lang="ru">План работы' in html
    assert "Work plan" not in html
    assert html.count('href="/ru/documents/a/" dir="auto" lang="en">Annex') == 1
    assert "<mark>Trainers</mark>" in html


def test_a_line_says_in_words_what_it_is_and_where(client, db):
    put(Document(kind="organisation", key="1", title="Hub", url="/incubators/hub/", country="KZ", language="en"))

    here, elsewhere = (client.get(f"/{code}/search/?q=hub").content.decode() for code in ("en", "ru"))

    assert "Organisation · Kazakhstan<" in here
    assert "in English" not in here
    assert " · KZ" not in elsewhere


def test_when_nothing_has_all_words_those_with_some_are_shown_and_said_to_be(client, db):
    planted(1)
    put(Document(kind="news", key="x", title="Hub CANARY", url="/x/", audience="secretariat"))

    some = client.get("/en/search/", {"q": "hub valley"}).content.decode()
    every = client.get("/en/search/", {"q": "hub number"}).content.decode()

    words = "Nothing matches all words; these match some."
    assert "<mark>Hub</mark> number 0" in some
    assert "CANARY" not in some
    assert (words in some, words in every) == (True, False)


def test_where_no_organisation_has_all_words_the_registry_is_offered(client, db):
    planted(1)

    without = client.get("/ru/search/", {"q": "hub number"}).content.decode()
    put(Document(kind="organisation", key="1", title="Hub number one", url="/incubators/hub/"))
    found = client.get("/ru/search/", {"q": "hub number"}).content.decode()
    kind = client.get("/ru/search/", {"q": "hub number", "kind": "news"}).content.decode()

    way = 'href="/ru/incubators/?q=hub%20number"'
    assert (way in without, way in found, way in kind) == (True, False, False)


def test_page_is_not_for_other_search_engines(client, db):
    response = client.get("/en/search/?q=hub")

    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_page_says_what_to_do_when_nothing_is_found(client, db):
    html = client.get("/ru/search/?q=qqq").content.decode()

    assert 'value="qqq"' in html
    assert "/ru/incubators/" in html


def test_pages_go_on(client, db):
    planted(45)

    second = client.get("/en/search/?q=hub&page=2").content.decode()
    beyond = client.get("/en/search/?q=hub&page=99").content.decode()

    assert "?q=hub&amp;page=3" in second
    assert 'rel="prev" href="?q=hub"' in second
    assert "Page 3 of 3" in beyond


def test_page_shows_what_the_reader_may_see(client, signed_in, db):
    put(Document(kind="news", key="1", title="Kanareika", url="/news/1/", audience="secretariat"))

    seen = {
        name: "<mark>Kanareika</mark>" in each.get("/en/search/?q=kanareika").content.decode()
        for name, each in {
            "visitor": client,
            "member": signed_in(MemberFactory()),
            "secretariat": signed_in(SecretaryFactory()),
        }.items()
    }

    assert seen == {"visitor": False, "member": False, "secretariat": True}


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_three_queries_whatever_it_finds(client, db, count):
    planted(count)
    client.get("/en/search/?q=hub")

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/en/search/?q=hub")

    assert response.content.decode().count("<mark>Hub</mark>") == count
    assert len(captured) == 3


@pytest.mark.parametrize(
    "query",
    [{"page": "9" * 5000}, {"page": "²"}, {"page": "-1"}, {"kind": "\x00"}, {"q": "\x00hub"}],
    ids=["long number", "superscript", "negative", "NUL in the kind", "NUL in the words"],
)
def test_page_answers_whatever_stands_in_its_address(client, db, query):
    planted(1)

    response = client.get("/en/search/", {"q": "hub", **query})

    assert response.status_code == 200
    assert ("<mark>Hub</mark> number 0" in response.content.decode()) or "kind" in query
