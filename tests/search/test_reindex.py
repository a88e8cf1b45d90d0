"""Making the search text anew. This module is a desk: `search_documents` is what the rebuild asks it."""

import pytest
from django.core.management import call_command

from network_platform.desk import desks
from network_platform.search.models import SearchDocument
from network_platform.search.services import AT_ONCE, Document, drop, put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_this_desk(settings):
    settings.DESKS = [__name__]
    desks.cache_clear()
    yield
    desks.cache_clear()


def document(key: str, title: str) -> Document:
    return Document(kind="news", key=key, title=title, url=f"/news/{key}/")


def search_documents():
    """While this is read, one thing that was read is saved again, and another is published."""
    for number in range(AT_ONCE):
        yield document(f"read-{number}", "Read")
    drop("news", "read-0")
    put(document("read-0", "Saved again"))
    put(document("new", "Published"))
    yield document("last", "Last")


def test_reindex_forgets_what_is_gone_and_keeps_what_is_written_meanwhile():
    put(document("gone", "Gone"))
    put(document("read-1", "Before"))

    call_command("reindex", verbosity=0)

    found = dict(SearchDocument.objects.values_list("key", "title"))
    assert len(found) == AT_ONCE + 2
    assert "gone" not in found
    told = [found[key] for key in ("read-0", "read-1", "new", "last")]
    assert told == ["Saved again", "Read", "Published", "Last"]
