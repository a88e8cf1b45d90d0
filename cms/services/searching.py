"""Keeping the site's search in step with what is published."""

from collections.abc import Iterable, Iterator

from wagtail.models import Page

from cms.models import ChapterPage, DocumentPage, HandbookPage, InfoPage, NewsPage, SectionPage
from cms.models.base import SitePage
from cms.passages import passages
from cms.rules import readable
from network_platform.search.models import SearchDocument
from network_platform.search.services import Document, put_many

KINDS: dict[type[SitePage], str] = {
    HandbookPage: "handbook",
    ChapterPage: "chapter",
    DocumentPage: "document",
    SectionPage: "section",
    NewsPage: "news",
    InfoPage: "page",
}


def refresh(page: Page) -> None:
    """Index again this page, its translations and everything below them; what nobody may read any more goes."""
    below = Page.objects.filter(path__startswith=page.path)
    refresh_keys({str(key) for key in below.order_by().values_list("translation_key", flat=True)})


def refresh_keys(keys: set[str]) -> None:
    """Forget these things, then index those of them that may be read."""
    SearchDocument.objects.filter(kind__in=KINDS.values(), key__in=keys).delete()
    put_many(list(documents(keys)))


def documents(keys: Iterable[str] | None = None) -> Iterator[Document]:
    """What everybody may find: each page once a language that it was written in."""
    for model, kind in KINDS.items():
        pages = model.objects.filter(alias_of__isnull=True).select_related("locale")
        if keys is not None:
            pages = pages.filter(translation_key__in=keys)
        for page in readable(pages).iterator(chunk_size=200):
            yield document_of(page, kind)


def document_of(page: SitePage, kind: str) -> Document:
    body = body_of(page)
    return Document(
        kind=kind,
        key=str(page.translation_key),
        title=page.title,
        url="/" + page.url_path.split("/", 2)[2],
        summary=getattr(page, "lead", "") or getattr(page, "summary", "") or getattr(page, "subtitle", "") or body,
        body=body,
        language=page.language,
    )


def body_of(page: SitePage) -> str:
    """All words of a page; of a handbook also its symbol and ISBN, by which people look for it."""
    facts = [getattr(page, name, "") for name in ("subtitle", "summary", "symbol", "isbn", "publisher")]
    text = [text for _anchor, text in passages(page.body)] if hasattr(page, "body") else []
    return " ".join(filter(None, [*facts, *text]))
