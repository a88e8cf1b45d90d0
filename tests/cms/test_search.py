"""What the site's search knows of pages: what everybody may read, and nothing else."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from cms.models import HomePage, NewsIndexPage
from cms.services.searching import documents
from cms.services.tree import change_page, put_alias, put_translation
from network_platform.search.models import SearchDocument
from network_platform.search.results import results_for
from tests.cms.factories import chapter, country_page, handbook, news, text


def found(words: str) -> list[tuple[str, str, str]]:
    return [(hit.kind, hit.title, hit.url) for hit in results_for(words, audiences=["public"]).things]


def test_published_pages_are_found_by_any_form_of_a_word(site: HomePage) -> None:
    guide = handbook(chapters=0, title="Guide", symbol="ECE/CECI/29")
    chapter(guide, slug="people", title="People", body=[text("Наставников находят на платформе")])

    assert found("наставник") == [("chapter", "People", "/handbooks/guide/people/")]
    assert found("ECE/CECI/29") == [("handbook", "Guide", "/handbooks/guide/")]


def test_draft_is_not_found_and_its_new_words_neither(site: HomePage) -> None:
    news(title="Never published canaryone", live=False)
    page = news(title="Published")
    page.title = "Draft title canarytwo"
    page.save_revision()

    assert found("canaryone") == []
    assert found("canarytwo") == []
    assert found("published") == [("news", "Published", page.address.removeprefix("/en"))]


def test_what_is_unpublished_deleted_or_restricted_goes_at_once(site: HomePage) -> None:
    guide = handbook(chapters=1, title="Guide canary")
    leaf = guide.leaves[0]
    item = news(title="News canary")
    assert len(found("canary")) == 2
    assert len(found("chapter number")) == 1

    item.delete()
    assert [kind for kind, *_ in found("canary")] == ["handbook"]

    guide.unpublish()
    assert found("canary") == []
    assert found("chapter number") == []

    guide.save_revision().publish()
    assert len(found("chapter number")) == 1

    restriction = PageViewRestriction.objects.create(page=leaf, restriction_type="login")
    assert found("chapter number") == []

    restriction.delete()
    assert len(found("chapter number")) == 1


def test_moved_page_is_found_at_its_new_address(site: HomePage) -> None:
    page = news(country_page("KZ"), title="Moving canary")

    page.move(NewsIndexPage.objects.get(locale__language_code="en"), pos="last-child")

    assert found("moving") == [("news", "Moving canary", f"/news/{page.slug}/")]


def test_each_language_has_its_own_document_and_an_alias_none_of_its_own(site: HomePage) -> None:
    both = news(title="English words")
    put_translation(both, "ru", title="Русские слова")
    single = news(title="Single words")
    put_alias(single, "ru")
    change_page(single, title="Single words only")

    rows = SearchDocument.objects.filter(kind="news").values_list("key", "language", "title")

    assert sorted(rows) == sorted(
        [
            (str(both.translation_key), "en", "English words"),
            (str(both.translation_key), "ru", "Русские слова"),
            (str(single.translation_key), "en", "Single words only"),
        ]
    )


def test_everything_indexed_again_is_what_was_kept_in_step(site: HomePage) -> None:
    guide = handbook(chapters=2)
    put_translation(guide, "ru", title="Пособие")
    news(title="Draft", live=False)
    guide.leaves[1].unpublish()

    again = {(one.kind, one.key, one.language, one.title) for one in documents()}
    kept = set(SearchDocument.objects.values_list("kind", "key", "language", "title"))

    assert again == kept


@pytest.mark.parametrize("many", [1, 3])
def test_documents_take_as_many_queries_for_three_as_for_one(
    site: HomePage, django_assert_max_num_queries: Any, many: int
) -> None:
    for number in range(many):
        news(title=f"News {number}")

    with django_assert_max_num_queries(14):
        assert len(list(documents())) == many
