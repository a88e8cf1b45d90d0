"""What the ground gathers from the site, and the text that the registry's country pages take in."""

import json
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from cms import desk
from cms.models import HomePage
from cms.services.tree import change_page, put_translation
from incubators.models import Country
from network_platform.people.models import User
from tests.cms.factories import block, country_page, editor_of, member_of, news, text


def country_text(iso2: str, language: str = "en") -> str:
    request = RequestFactory().get(f"/{language}/countries/{iso2.lower()}/")
    with translation.override(language):
        context = Context({"country": Country.objects.get(iso2=iso2), "request": request, "LANG": language})
        return Template("{% load cms_tags %}{% country_text country %}").render(context)


def test_country_text_gives_introduction_and_latest_news(site: HomePage) -> None:
    page = change_page(country_page("KZ"), lead="A lead", body=[text("Words"), block("heading", "More")])
    put_translation(page, "ru", lead="Вводка")
    for number in range(5):
        news(page, title=f"Item {number}", date=f"2026-11-0{number + 1}")
    news(country_page("KG"), title="CANARY of others")
    news(page, title="CANARY draft", live=False)

    html = country_text("KZ")

    assert "A lead" in html
    assert "Words" in html
    assert [title in html for title in ("Item 4", "Item 3", "Item 2", "Item 1")] == [True, True, True, False]
    assert "CANARY" not in html
    assert "Вводка" in country_text("KZ", "ru")


def test_country_text_is_nothing_while_unpublished(site: HomePage) -> None:
    for language in ("en", "ru"):
        page = change_page(country_page("KZ", language), lead="CANARY")
        page.unpublish()

    assert country_text("KZ").strip() == ""


@pytest.mark.parametrize("many", [1, 3])
def test_country_text_takes_as_many_queries_for_three_as_for_one(
    site: HomePage, django_assert_num_queries: Any, many: int
) -> None:
    page = country_page("KZ")
    for number in range(many):
        news(page, title=f"Item {number}")
    country_text("KG")
    Country.objects.get(iso2="KZ")

    with django_assert_num_queries(4):
        country_text("KZ")


def test_editors_have_an_area_and_others_none(site: HomePage) -> None:
    assert [area.url for area in desk.areas_of(editor_of("KZ"))] == ["/wagtail/"]
    assert desk.areas_of(User.objects.create_user("a@test.example")) == []


def test_roles_say_what_is_edited(site: HomePage) -> None:
    editor = editor_of("KZ")

    with translation.override("ru"):
        assert desk.roles_of(editor) == ["Редактор: Казахстан"]
    with translation.override("en"):
        assert desk.roles_of(editor) == ["Editor, Kazakhstan"]
        assert desk.roles_of(member_of("editors")) == []


def test_own_data_is_json_and_erasure_takes_the_groups(site: HomePage) -> None:
    editor = editor_of("KZ")
    page = news(country_page("KZ"), title="Written by me", owner=editor)
    page.save_revision(user=editor, log_action=True)

    data = desk.personal_data(editor)
    desk.erase(editor)

    assert json.loads(json.dumps(data))["site"]["pages"][0]["title"] == "Written by me"
    assert data["site"]["revisions"] == 1
    assert list(editor.groups.all()) == []
    page.refresh_from_db()
    assert page.owner == editor
