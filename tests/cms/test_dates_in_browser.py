"""What the editors' date picker does with what is typed, in Chromium."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cms.models import NewsIndexPage
from tests.cms.factories import make_site, member_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.mark.parametrize("typed", ["05.11.2026", "2026-11-05", "the fifth"])
def test_the_picker_leaves_what_is_typed(typed: str, live_server: Any, chromium: Any, signed_in: Any) -> None:
    make_site()
    news = NewsIndexPage.objects.get(locale__language_code="en")
    session = signed_in(member_of("editors")).cookies["sessionid"].value
    context = chromium.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()

    page.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["cms", "newspage", news.pk]))
    page.fill("[name=title]", "Новый хаб")
    page.click("[name=date]")
    page.fill("[name=date]", "")
    page.keyboard.type(typed)
    page.keyboard.press("Tab")
    page.click("[name=title]")

    assert page.input_value("[name=date]") == typed
    expect(page.locator("[name=slug]")).to_have_value(re.compile(r"^[a-z0-9-]+$"))  # the address follows a moment later
    context.close()
