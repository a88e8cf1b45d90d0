"""Keeping the search text current."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from anyascii import anyascii
from django.db import transaction
from django.db.models import Max

from network_platform.desk import gather
from network_platform.search.models import SearchDocument
from network_platform.search.text import stored

IDENTITY = ["kind", "key", "audience", "language"]
CONTENT = ["title", "summary", "url", "country", "place", "title_tokens", "body_tokens"]
LONGEST_BODY = 200_000
AT_ONCE = 500


@dataclass(frozen=True)
class Document:
    """What one audience may find of one thing. `url` is a path without the language prefix: it begins with a slash."""

    kind: str
    key: str
    title: str
    url: str
    body: str = ""
    summary: str = ""
    language: str = ""
    country: str = ""
    audience: str = "public"


def put(document: Document) -> None:
    """Index the document, or change it in place."""
    put_many([document])


@transaction.atomic
def put_many(documents: Iterable[Document]) -> list[int]:
    """Index or change many; of two with the same identity the later one holds. Returns primary keys."""
    latest = {(each.kind, each.key, each.audience, each.language): each for each in documents}
    rows = SearchDocument.objects.bulk_create(
        [_row(document) for document in latest.values()],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=IDENTITY,
        update_fields=CONTENT,
    )
    return [row.pk for row in rows]


def drop(kind: str, key: str, *, audience: str = "") -> None:
    """Forget the thing, for one audience or for all."""
    found = SearchDocument.objects.filter(kind=kind, key=key)
    (found.filter(audience=audience) if audience else found).delete()


def drop_many(kind: str, keys: Iterable[str]) -> None:
    """Forget these things for all audiences."""
    keys = list(keys)
    for start in range(0, len(keys), AT_ONCE):
        SearchDocument.objects.filter(kind=kind, key__in=keys[start : start + AT_ONCE]).delete()


def reindex() -> int:
    """Index again what every app has to show and forget everything else. Returns the number of documents.

    What services write meanwhile stays: only rows that were there before are forgotten.
    """
    last = SearchDocument.objects.aggregate(last=Max("pk"))["last"] or 0
    kept: set[int] = set()
    documents = (document for found in gather("search_documents") for document in found)
    for batch in _batches(documents):
        kept.update(put_many(batch))
    older = SearchDocument.objects.filter(pk__lte=last).values_list("pk", flat=True)
    stale = [pk for pk in older.iterator() if pk not in kept]
    for start in range(0, len(stale), AT_ONCE):
        SearchDocument.objects.filter(pk__in=stale[start : start + AT_ONCE]).delete()
    return len(kept)


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, AT_ONCE)):
        yield batch


def _row(document: Document) -> SearchDocument:
    title, summary = _clean(document.title), _clean(document.summary)
    return SearchDocument(
        kind=document.kind,
        key=document.key,
        audience=document.audience,
        language=document.language,
        title=title[:300],
        summary=summary[:400],
        url="/" + document.url.lstrip("/"),
        country=document.country,
        place=_place(document),
        title_tokens=stored(title),
        body_tokens=stored(f"{summary} {_clean(document.body)[:LONGEST_BODY]}"),
    )


def _clean(text: str) -> str:
    return text.replace("\x00", " ").strip()


def _place(document: Document) -> str:
    """The title in small Latin letters, then what tells equal titles apart."""
    title = anyascii(_clean(document.title)).lower()[:100]
    return f"{title} {document.kind}:{document.key}:{document.language}"[:200]
