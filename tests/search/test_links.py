"""What the search page leads to opens: every kind of hit, as a visitor, in both languages."""

import re
from collections import defaultdict
from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache

from cms.models import DocumentIndexPage, DocumentPage, SectionPage
from cms.services.tree import put_page
from network_platform.search.models import SearchDocument
from network_platform.search.services import Document, put, reindex
from tests.cms.factories import text
from tests.matrix.engine import whole_world

HIT = re.compile(r'<a class="hit" href="([^"]+)"')


@pytest.fixture
def everything(db):
    """What the apps' own worlds hold, and a document of sections."""
    with whole_world():
        index = DocumentIndexPage.objects.get(locale__language_code="en")
        report = put_page(DocumentPage, parent=index, slug="report", title="Report")
        put_page(SectionPage, parent=report, slug="part", title="A section", body=[text("Words of a section.")])
        reindex()
        yield


def hits_by_kind(client):
    """The addresses that the page gives for the title of each public document, in its language."""
    found = defaultdict(set)
    for document in SearchDocument.objects.filter(audience="public"):
        asked = {"q": document.title, "kind": document.kind}
        html = client.get(f"/{document.language or 'ru'}/search/", asked).content.decode()
        found[document.kind].update(map(unescape, HIT.findall(html)))
    return found


def test_every_hit_of_every_kind_opens(client, everything):
    cache.clear()

    found = hits_by_kind(client)

    kinds = {"organisation", "programme", "call", "startup", "expert", "competition", "handbook", "chapter", "document"}
    kinds |= {"section", "news"}
    assert set(found) - {"page"} == kinds
    broken = {url: status for urls in found.values() for url in urls if (status := client.get(url).status_code) != 200}
    assert broken == {}


def test_an_address_begins_at_the_root_whoever_wrote_it(db):
    put(Document(kind="news", key="1", title="One", url="news/one/"))

    assert SearchDocument.objects.get().url == "/news/one/"


def test_addresses_stored_without_a_slash_are_mended(db):
    put(Document(kind="news", key="1", title="One", url="/news/one/"))
    put(Document(kind="news", key="2", title="Two", url="/news/two/"))
    SearchDocument.objects.filter(key="1").update(url="news/one/")

    import_module("network_platform.search.migrations.0002_addresses_from_the_root").mend(apps, None)

    assert list(SearchDocument.objects.order_by("key").values_list("url", flat=True)) == ["/news/one/", "/news/two/"]
