"""An expert's own page in Chromium: words on buttons are never broken."""

from typing import Any

import pytest

from incubators.services.reference import load_reference
from tests.mentors.factories import ExpertRoleFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
LINES = "button => { const range = document.createRange(); range.selectNodeContents(button); return range.getClientRects().length; }"


@pytest.mark.parametrize(("language", "word"), [("en", "Save"), ("ru", "Сохранить")])
@pytest.mark.parametrize("width", [360, 1280])
def test_save_stands_on_one_line(
    language: str, word: str, width: int, live_server: Any, chromium: Any, signed_in: Any
) -> None:
    load_reference()
    expert = ExpertRoleFactory().expert
    context = chromium.new_context(viewport={"width": width, "height": 740}, base_url=live_server.url)
    session = signed_in(expert.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()

    page.goto(f"/{language}/mentors/mine/")

    assert page.locator("form[action$='/availability/'] button").inner_text() == word
    assert page.locator("form[action$='/availability/'] button").evaluate(LINES) == 1
    context.close()
