"""Pages for tests: a site in two languages, and what an editor would put into it."""

from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth.models import Group
from wagtail.models import Page

from cms.models import ChapterPage, CountryPage, HandbookIndexPage, HandbookPage, HomePage, NewsIndexPage, NewsPage
from cms.services.site import country_group_name, prepare_site
from cms.services.tree import put_page
from incubators.services.reference import load_reference
from network_platform.people.models import User


class EditorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"editor{n}@test.example")
    name = "Ed Itor"


def make_site() -> HomePage:
    load_reference()
    return prepare_site()


def editor_of(iso2: str) -> User:
    user = EditorFactory()
    user.groups.add(Group.objects.get(name=country_group_name(iso2)))
    return user


def member_of(group: str) -> User:
    user = EditorFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def country_page(iso2: str, language: str = "en") -> CountryPage:
    return CountryPage.objects.get(iso2=iso2, locale__language_code=language)


def text(words: str, block_id: str = "") -> dict[str, Any]:
    return {"type": "text", "value": f"<p>{words}</p>", "id": block_id or str(uuid4())}


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid4())}


def news(parent: Page | None = None, *, title: str = "A news item", live: bool = True, **values: Any) -> NewsPage:
    parent = parent or NewsIndexPage.objects.get(locale__language_code="en")
    given = {"date": "2026-11-01", "body": [text("Words of the news.")], "slug": f"news-{uuid4().hex[:8]}"}
    page = NewsPage(title=title, live=live, **given | values)
    parent.add_child(instance=page)
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def handbook(slug: str = "guide", chapters: int = 2, **values: Any) -> HandbookPage:
    index = HandbookIndexPage.objects.get(locale__language_code="en")
    page = put_page(HandbookPage, parent=index, slug=slug, title=values.pop("title", "Guide"), year=2026, **values)
    for number in range(1, chapters + 1):
        chapter(page, slug=f"chapter-{number}", title=f"Chapter number {number}")
    return page


def chapter(parent: HandbookPage, *, slug: str, title: str = "A chapter", body: Any = None) -> ChapterPage:
    return put_page(ChapterPage, parent=parent, slug=slug, title=title, body=body or [text(f"Words of {slug}.")])
