"""The way to a page: addresses in both languages, and nothing that is not published."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.models import HandbookIndexPage, HomePage, NewsIndexPage
from cms.routing import find_page
from cms.rules import can_read_page, readable
from cms.services.tree import put_alias, put_translation
from tests.cms.factories import chapter, country_page, handbook, member_of, news


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_place_of_the_menu_answers_in_both_languages(site: HomePage, client: Client, language: str) -> None:
    for path in ("", "handbooks/", "news/", "documents/"):
        response = client.get(f"/{language}/{path}")

        assert response.status_code == 200, path
        assert f'<html lang="{language}"'.encode() in response.content


def test_page_is_found_in_the_readers_language_first(site: HomePage) -> None:
    page = news(title="English")
    russian = put_translation(page, "ru", title="Русский")

    with translation.override("ru"):
        assert find_page(f"news/{page.slug}/") == russian.page_ptr
    with translation.override("en"):
        assert find_page(f"news/{page.slug}/") == page.page_ptr


def test_twins_at_different_addresses_lead_to_each_other(site: HomePage, client: Client) -> None:
    page = news(country_page("KZ"), title="English words")
    russian = put_translation(page, "ru", title="Русские слова")
    russian.slug = "novost"
    russian.save()

    here = client.get("/ru/countries/kz/novost/").content.decode()
    there = client.get(f"/en/countries/kz/{page.slug}/").content.decode()

    assert f'<a href="/en/countries/kz/{page.slug}/" lang="en"' in here
    assert '<a href="/ru/countries/kz/novost/" lang="ru"' in there
    assert "/en/countries/kz/novost/" not in there


def test_address_of_the_twin_leads_to_the_text_in_the_readers_language(site: HomePage, client: Client) -> None:
    page = news(country_page("KZ"), title="English words")
    russian = put_translation(page, "ru", title="Русские слова")
    russian.slug = "novost"
    russian.save()

    answer = client.get(f"/ru/countries/kz/{page.slug}/?page=1")
    russian.unpublish()
    alone = client.get(f"/ru/countries/kz/{page.slug}/")

    assert (answer.status_code, answer["Location"]) == (302, "/ru/countries/kz/novost/?page=1")
    assert "только на английском" in alone.content.decode()
    assert "novost" not in alone.content.decode()


def test_twin_below_what_is_not_public_is_not_named(site: HomePage, client: Client) -> None:
    page = news(country_page("KZ"), title="English words")
    russian = put_translation(page, "ru", title="Русские слова")
    russian.slug = "canary-novost"
    russian.save()
    PageViewRestriction.objects.create(page=russian, restriction_type="login")

    assert "canary-novost" not in client.get(f"/en/countries/kz/{page.slug}/").content.decode()


def test_untranslated_page_is_shown_in_its_language_and_says_so(site: HomePage, client: Client) -> None:
    page = news(title="Only English")

    html = client.get(f"/ru/news/{page.slug}/").content.decode()

    assert '<article class="read mt-6" lang="en">' in html
    assert "Only English" in html
    assert "только на английском" in html


def test_draft_is_found_by_nobody(site: HomePage, client: Client, signed_in: Any) -> None:
    page = news(title="CANARY draft", live=False)

    for who in (client, signed_in(member_of("secretariat"))):
        response = who.get(f"/en/news/{page.slug}/")

        assert response.status_code == 404
        assert b"CANARY" not in response.content


def test_chapters_below_an_unpublished_handbook_are_gone_with_it(
    site: HomePage, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    guide = handbook(chapters=1)
    (leaf,) = guide.leaves
    assert client.get(leaf.address).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        guide.unpublish()

    assert client.get(leaf.address).status_code == 404
    assert client.get(guide.pdf_address).status_code == 404
    assert leaf.live


def test_restricted_page_asks_to_sign_in_and_is_not_kept(
    site: HomePage, client: Client, signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = news(title="For editors")
    client.get(f"/en/news/{page.slug}/")
    with django_capture_on_commit_callbacks(execute=True):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.get(name="editors"))

    refused = client.get(f"/en/news/{page.slug}/")
    shown = signed_in(member_of("editors")).get(f"/en/news/{page.slug}/")

    assert refused.status_code == 302
    assert "/en/accounts/login/?next=" in refused["Location"]
    assert b"For editors" in shown.content
    assert "no-store" in shown["Cache-Control"]


def test_restriction_holds_for_what_is_below_and_for_aliases(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=1)
    put_alias(guide, "ru")
    put_alias(guide.leaves[0], "ru")
    PageViewRestriction.objects.create(page=guide, restriction_type=PageViewRestriction.LOGIN)

    answers = [client.get(f"/{code}/handbooks/guide/chapter-1/").status_code for code in ("en", "ru")]

    assert answers == [302, 302]
    assert client.get("/en/handbooks/guide.pdf").status_code == 404
    assert b"Guide" not in client.get("/en/handbooks/").content


@pytest.mark.parametrize("state", ["published", "draft", "below a draft", "restricted", "below a restricted one"])
def test_rule_and_queryset_agree(site: HomePage, state: str) -> None:
    guide = handbook(chapters=1)
    leaf = guide.leaves[0]
    if state == "draft":
        leaf.unpublish()
    if state == "below a draft":
        guide.unpublish()
    if state.endswith("restricted"):
        PageViewRestriction.objects.create(page=leaf, restriction_type="login")
    if state == "below a restricted one":
        PageViewRestriction.objects.create(page=guide, restriction_type="login")
    leaf.refresh_from_db()

    one, many = can_read_page(leaf), readable(type(leaf).objects.filter(pk=leaf.pk)).exists()

    assert one is many is (state == "published")


def test_finding_a_page_three_steps_down_takes_three_queries(site: HomePage, django_assert_num_queries: Any) -> None:
    leaf = handbook(chapters=1).leaves[0]
    find_page("handbooks/guide/chapter-1/")

    with django_assert_num_queries(1):
        found = find_page("handbooks/guide/chapter-1/")

    assert found.pk == leaf.pk


def test_only_reading_methods_are_answered(site: HomePage, client: Client) -> None:
    assert client.post("/en/news/", {"a": "b"}).status_code == 405
    assert client.head("/en/news/").status_code == 200


def test_address_of_a_country_is_the_registrys(site: HomePage) -> None:
    page = country_page("KZ")

    assert page.url == "/en/countries/kz/"
    assert country_page("KZ", "ru").url == "/ru/countries/kz/"
    assert news(page).url.startswith("/en/countries/kz/news-")


def test_translations_share_key_and_slug(site: HomePage) -> None:
    for model in (HomePage, HandbookIndexPage, NewsIndexPage):
        english, russian = model.objects.order_by("locale__language_code")

        assert english.translation_key == russian.translation_key
    assert {page.slug for page in HandbookIndexPage.objects.all()} == {"handbooks"}


def test_leaf_stands_in_the_order_of_the_tree(site: HomePage) -> None:
    guide = handbook(chapters=2)
    third = chapter(guide, slug="chapter-0", title="Last although its name is first")

    guide = type(guide).objects.get(pk=guide.pk)

    assert [leaf.number for leaf in guide.leaves] == [1, 2, 3]
    assert guide.leaves[-1].pk == third.pk
