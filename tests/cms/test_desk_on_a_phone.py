"""Wagtail's desk in Chromium, in Russian and 360 pixels wide."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation, TranslationSource

from cms.models import NewsPage
from network_platform.people.models import User
from tests.cms.factories import country_page, editor_of, make_site, news

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
TITLE = "Казахстан предлагает создать Центр цифровых решений ООН"


@pytest.fixture
def written(transactional_db: None) -> NewsPage:
    make_site()
    return news(country_page("KZ", "ru"), title=TITLE)


@pytest.fixture
def phone(written: NewsPage, live_server: Any, chromium: Any, signed_in: Any) -> Iterator[Any]:
    editor: User = editor_of("KZ")
    UserProfile.objects.create(user=editor, preferred_language="ru")
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url)
    session = signed_in(editor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def width(page: Any, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["width"]


def test_titles_have_the_width_of_the_list(phone: Any, written: NewsPage) -> None:
    phone.goto(reverse("wagtailadmin_explore", args=[written.get_parent().pk]))

    assert width(phone, "td.title .title-wrapper") > 200
    head, first = (phone.locator(f".listing > {part}").bounding_box() for part in ("thead", "tbody"))
    assert head["y"] + head["height"] <= first["y"]
    assert phone.evaluate("document.querySelector('.listing').getBoundingClientRect().right") <= 360


def test_fields_without_a_label_have_the_name_of_their_panel(phone: Any, written: NewsPage) -> None:
    written.body = [("heading", "Центр в Алматы"), ("text", "<p>Он работает.</p>")]
    written.save_revision()
    phone.goto(reverse("wagtailadmin_pages:edit", args=[written.pk]))

    expect(phone.locator("#body-0-value")).to_have_accessible_name(re.compile("^Заголовок"))
    expect(phone.locator(".public-DraftEditor-content")).to_have_accessible_name(re.compile("^Текст"))


def test_button_that_adds_a_picture_is_whole(phone: Any) -> None:
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto(reverse("wagtailimages:index"))

    button = phone.locator(".w-header-button").first
    box, around = button.bounding_box(), button.locator("xpath=../..").bounding_box()
    assert box["x"] + box["width"] <= around["x"] + around["width"]
    assert phone.locator(".w-slim-header").evaluate("head => head.scrollWidth <= head.clientWidth")


def test_history_fits(phone: Any, written: NewsPage) -> None:
    phone.goto(reverse("wagtailadmin_pages:history", args=[written.pk]))

    assert phone.evaluate("document.querySelector('.listing').getBoundingClientRect().right") <= 360


def test_the_translators_page_is_in_russian(phone: Any, written: NewsPage) -> None:
    source, _ = TranslationSource.update_or_create_from_instance(written)
    begun = Translation.objects.create(source=source, target_locale=country_page("KZ", "en").locale)
    begun.save_target()

    phone.goto(reverse("wagtailadmin_pages:edit", args=[begun.get_target_instance().pk]))

    editor = phone.locator(".js-translation-editor")
    expect(editor.locator("h3").first).to_have_text("Перевод: Русский → English")
    expect(editor.get_by_role("link", name="Скачать файл PO").first).to_be_visible()
    expect(editor.get_by_role("button", name="Загрузить файл PO").first).to_be_visible()
    expect(editor.get_by_role("button", name="Опубликовать: English")).to_be_visible()
    expect(editor.get_by_text("More actions")).to_have_count(0)
    expect(editor.get_by_role("button", name=f"Перевести: {TITLE}")).to_have_count(1)


def test_a_page_shown_again_with_mistakes_is_saved_by_itself_once_they_are_mended(phone: Any) -> None:
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto(reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ", "ru").pk]))
    phone.click("button[name=action-publish]")
    expect(phone.locator(".w-autosave-indicator__state--paused")).to_be_visible()

    phone.fill("[name=title]", "Новость с ошибкой в начале")
    expect(phone.locator(".w-autosave-indicator__state--saved")).to_be_visible()
    phone.wait_for_url("**/edit/")
    phone.fill("[name=lead]", "Короткий вводный абзац")

    deadline = timezone.now() + timedelta(seconds=10)
    page = NewsPage.objects.get(title="Новость с ошибкой в начале")
    while page.get_latest_revision_as_object().lead == "" and timezone.now() < deadline:
        phone.wait_for_timeout(200)
        page.refresh_from_db()
    assert page.get_latest_revision_as_object().lead == "Короткий вводный абзац"


def test_what_the_footer_says_of_saving_is_seen_beside_the_preview(phone: Any) -> None:
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto(reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ", "ru").pk]))
    phone.click("button[name=action-publish]")
    phone.click("[data-side-panel-toggle=preview]")

    said, panel = phone.locator(".footer__save-warning p"), phone.locator(".form-side--open")
    expect(said).to_be_visible()
    expect(panel).to_be_visible()
    phone.wait_for_timeout(500)
    box = said.bounding_box()
    assert box["x"] + box["width"] <= panel.bounding_box()["x"]
