"""Autosave in a real browser: nothing typed is lost, nothing is written twice, no clash is silent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ground import autosave_site

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "localStorage.getItem('kept:test:1:anna')"


@pytest.fixture
def server(settings: Any) -> autosave_site.Server:
    settings.ROOT_URLCONF = "tests.ground.autosave_site"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.startswith(("network_platform.people", "allauth", "wagtail"))
    ]
    autosave_site.server.__init__()
    return autosave_site.server


@pytest.fixture
def page(server: autosave_site.Server, live_server: Any, chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.base = live_server.url
    opened.goto(f"{live_server.url}/en/form/")
    yield opened
    context.set_offline(False)
    context.close()
    assert errors == []


def says(page: Any, words: str) -> None:
    page.locator("[data-saved]").get_by_text(re.compile(f"^{words}")).wait_for(timeout=8000)


def becomes(page: Any, expression: str, value: Any) -> None:
    """Poll from outside: the page's own policy forbids what `wait_for_function` does."""
    for _attempt in range(80):
        if page.evaluate(expression) == value:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {page.evaluate(expression)!r}")


def test_typing_is_saved_and_the_version_moves_on(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "Cotton")
    says(page, "Saved")
    page.fill("#id_answer", "Cotton waste\nand more")
    becomes(page, "document.querySelector('[name=version]').value", "3")
    assert server.fields["answer"] == "Cotton waste\nand more"
    assert len({identity for identity, _sent in server.requests}) == len(server.requests) == 2
    assert page.evaluate(KEPT) is None


def test_nothing_is_lost_without_a_network_and_it_is_sent_once(page: Any, server: autosave_site.Server) -> None:
    page.context.set_offline(True)
    page.fill("#id_answer", "written on a train")
    says(page, "Not saved: no connection, kept on this device")
    page.fill("#id_title", "in a tunnel")
    page.wait_for_timeout(1200)
    assert server.requests == []
    assert "tunnel" in page.evaluate(KEPT)
    page.context.set_offline(False)
    says(page, "Saved")
    becomes(page, KEPT, None)
    assert (server.fields["answer"], server.fields["title"]) == ("written on a train", "in a tunnel")
    assert len(server.seen) == len({identity for identity, _sent in server.requests})


def test_closed_without_a_network_it_is_sent_when_opened_again(page: Any, server: autosave_site.Server) -> None:
    page.context.set_offline(True)
    page.fill("#id_answer", "written on a train")
    page.check("input[value='4']", force=True)
    says(page, "Not saved")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"{page.base}/en/form/")
    says(page, "Saved")
    assert page.input_value("#id_answer") == "written on a train"
    assert page.is_checked("input[value='4']")
    assert (server.fields["answer"], server.fields["level"]) == ("written on a train", "4")
    assert page.evaluate(KEPT) is None


def test_lost_answer_is_asked_for_again_with_the_same_id(page: Any, server: autosave_site.Server) -> None:
    server.lose_answers = 1
    page.fill("#id_answer", "once")
    says(page, "Saved")
    identities = [identity for identity, _sent in server.requests]
    assert len(identities) == 2
    assert len(set(identities)) == 1
    assert server.version == 2, "written once"


def test_clash_shows_both_texts_and_keeps_mine(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="what they wrote", level="2")
    page.fill("#id_answer", "what I wrote")
    says(page, "Changed elsewhere")
    box = page.locator(".clash").first
    assert "what they wrote" in box.inner_text()
    assert page.input_value("#id_answer") == "what I wrote"
    assert server.fields["answer"] == "what they wrote", "nothing is overwritten before somebody chooses"
    box.get_by_text("Keep mine").click()
    page.locator(".clash").get_by_text("Take theirs").click()
    says(page, "Saved")
    assert server.fields["answer"] == "what I wrote"
    assert server.fields["level"] == "2"
    assert page.is_checked("input[value='2']")


def test_clash_left_open_and_opened_again_clashes_again(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="what they wrote")
    page.fill("#id_answer", "what I wrote")
    says(page, "Changed elsewhere")
    page.goto(f"{page.base}/en/form/")
    says(page, "Changed elsewhere")
    assert page.input_value("#id_answer") == "what I wrote"
    assert server.fields["answer"] == "what they wrote"
    page.locator(".clash").get_by_text("Take theirs").click()
    becomes(page, KEPT, None)
    assert server.fields["answer"] == page.input_value("#id_answer") == "what they wrote"


def test_clash_with_the_same_text_is_no_clash(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="the same\r\nwords")
    page.fill("#id_answer", "the same\nwords")
    says(page, "Saved")
    assert page.locator(".clash").count() == 0


@pytest.mark.parametrize("status", [403, 404])
def test_closed_form_stops_and_keeps_the_text(page: Any, server: autosave_site.Server, status: int) -> None:
    server.status = status
    page.fill("#id_answer", "too late")
    says(page, "Saving has stopped")
    page.fill("#id_answer", "too late, once more")
    page.wait_for_timeout(1200)
    assert len(server.requests) == 1
    assert "once+more" in page.evaluate(KEPT), "what is typed from now on is kept too"


def test_server_trouble_is_tried_again(page: Any, server: autosave_site.Server) -> None:
    server.status = 500
    page.fill("#id_answer", "patience")
    says(page, "Not saved")
    server.status = 0
    says(page, "Saved")
    assert server.fields["answer"] == "patience"


def test_sending_carries_the_newest_text_and_clears_the_device(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "first")
    says(page, "Saved")
    page.fill("#id_answer", "second")
    page.click("button.btn:text('Send')")
    page.get_by_text("Received").wait_for()
    assert server.final["answer"] == "second"
    assert server.final["version"] == str(server.version)
    assert page.evaluate(KEPT) is None


def test_leaving_the_page_sends_what_was_typed(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "gone in a moment")
    page.goto(f"{page.base}/en/final/")
    page.wait_for_timeout(500)
    assert server.fields["answer"] == "gone in a moment"


def test_level_keys_save_too(page: Any, server: autosave_site.Server) -> None:
    page.focus("input[value='0']")
    page.keyboard.press("3")
    says(page, "Saved")
    assert server.fields["level"] == "3"
