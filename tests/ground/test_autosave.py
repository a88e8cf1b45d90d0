"""Autosave in a real browser: nothing typed is lost, nothing is written twice, no clash is silent."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.html import strip_tags

from network_platform import zones
from tests.ground import autosave_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('kept:')).map(key => localStorage.getItem(key)).join() || null"
VERSION = "document.querySelector('[name=version]').value"
MISSED = "Not sent: no connection. Press “Send” again when it is back."
REACHED = "The connection is back. Not sent yet: press “Send” again."
ROTATED = "abcdefghijklmnopqrstuvwxyzABCDEF"


@pytest.fixture
def server(settings: Any) -> autosave_site.Server:
    settings.ROOT_URLCONF = "tests.ground.autosave_site"
    return autosave_site.start()


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
    becomes(page, VERSION, "3")
    assert server.fields["answer"] == "Cotton waste\nand more"
    assert len({identity for identity, _sent in server.requests}) == len(server.requests) == 2
    assert page.evaluate(KEPT) is None


def test_what_the_server_could_not_take_is_said_at_the_line_and_at_the_field(
    page: Any, server: autosave_site.Server
) -> None:
    server.wrong = {"title": "Write a whole number."}
    page.fill("#id_title", "a few")
    says(page, "Not saved: one answer")
    assert page.locator("#title-live").inner_text() == "Write a whole number."
    assert page.locator("#id_title").get_attribute("aria-invalid") == "true"
    assert page.locator("#id_title").get_attribute("aria-describedby") == "title-live"
    page.fill("#id_title", "few")
    becomes(page, "document.querySelectorAll('.err').length", 1)

    server.wrong = {}
    page.fill("#id_title", "3")
    says(page, "Saved")
    assert page.locator("#title-live").count() == 0
    assert page.locator("#id_title").get_attribute("aria-invalid") is None


def test_a_mistake_that_the_page_came_with_goes_once_its_field_is_answered(
    page: Any, server: autosave_site.Server
) -> None:
    server.missing = True
    page.reload()
    page.fill("#id_answer", "Cotton")
    says(page, "Saved")
    assert page.locator(".err").count() == 2, "others stay"

    page.check("input[value='4']", force=True)
    page.fill("#id_title", "Panels")

    assert page.locator(".err").count() == 0
    server.wrong = {"level": "Choose another level."}
    page.check("input[value='5']", force=True)
    says(page, "Not saved: one answer")
    assert page.locator("fieldset.crit").get_attribute("aria-describedby") == "level-live"
    server.wrong = {}
    page.check("input[value='4']", force=True)
    says(page, "Saved")
    assert page.locator("fieldset.crit").get_attribute("aria-describedby") is None
    assert page.locator("#id_title").get_attribute("aria-invalid") is None
    assert page.locator("#id_title").get_attribute("aria-describedby") == "id_title_helptext"


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
    becomes(page, KEPT, None)
    assert page.input_value("#id_answer") == "written on a train"
    assert page.is_checked("input[value='4']")
    assert (server.fields["answer"], server.fields["level"]) == ("written on a train", "4")


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
    page.locator(".clash").get_by_text("Take the other").click()
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
    page.locator(".clash").get_by_text("Take the other").click()
    becomes(page, KEPT, None)
    assert server.fields["answer"] == page.input_value("#id_answer") == "what they wrote"


def test_clash_with_the_same_text_is_no_clash(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="the same\r\nwords")
    page.fill("#id_answer", "the same\nwords")
    says(page, "Saved")
    assert page.locator(".clash").count() == 0


# ---- a page that says what it showed ----
@pytest.fixture
def merging(page: Any, server: autosave_site.Server) -> Any:
    server.merges = True
    server.fields = {"answer": "was", "title": "was", "level": ""}
    page.reload()
    return page


def test_what_only_others_changed_is_taken_and_shown(merging: Any, server: autosave_site.Server) -> None:
    server.write(answer="theirs", level="2")
    merging.fill("#id_title", "mine")
    says(merging, "Saved")

    assert (merging.input_value("#id_answer"), merging.is_checked("input[value='2']")) == ("theirs", True)
    assert server.fields == {"answer": "theirs", "title": "mine", "level": "2"}
    assert (merging.locator(".clash").count(), merging.evaluate(KEPT), len(server.requests)) == (0, None, 1)

    server.write(title="theirs again")
    merging.fill("#id_answer", "mine on top")
    becomes(merging, "document.querySelector('#id_title').value", "theirs again")
    assert server.fields["answer"] == "mine on top"


def test_nothing_is_changed_under_the_hands_of_who_stands_in_a_field(
    merging: Any, server: autosave_site.Server
) -> None:
    server.write(answer="theirs")
    merging.fill("#id_title", "mine")
    merging.focus("#id_answer")
    says(merging, "Saved")
    here = merging.input_value("#id_answer")
    merging.focus("#id_title")
    becomes(merging, "document.querySelector('#id_answer').value", "theirs")

    merging.fill("#id_title", "mine again")
    becomes(merging, VERSION, str(server.version + 1))
    assert (here, server.fields["answer"], server.fields["title"]) == ("was", "theirs", "mine again")


def test_what_is_typed_into_a_field_that_others_changed_is_asked_about(
    merging: Any, server: autosave_site.Server
) -> None:
    server.write(answer="theirs")
    merging.fill("#id_title", "mine")
    merging.focus("#id_answer")
    says(merging, "Saved")
    merging.keyboard.type(" and more")
    says(merging, "Changed elsewhere")

    assert merging.locator(".clash .theirs").inner_text() == "theirs"
    assert merging.locator("[data-saved] path").get_attribute("d").startswith("M12 4L")
    assert server.fields["answer"] == "theirs"
    merging.locator(".clash").get_by_text("Keep mine").click()
    says(merging, "Saved")
    assert server.fields["answer"] == merging.input_value("#id_answer") != "theirs"


def test_a_clash_brings_what_only_others_changed_once_it_is_settled(merging: Any, server: autosave_site.Server) -> None:
    server.write(answer="theirs", title="theirs")
    merging.fill("#id_answer", "mine")
    says(merging, "Changed elsewhere")
    assert merging.locator(".clash").count() == 1
    merging.reload()
    says(merging, "Changed elsewhere")
    merging.locator(".clash").get_by_text("Keep mine").click()
    says(merging, "Saved")

    assert server.fields == {"answer": "mine", "title": "theirs", "level": ""}
    merging.locator("button.btn").focus()
    becomes(merging, "document.querySelector('#id_title').value", "theirs")


def test_what_was_kept_without_a_network_leaves_alone_what_others_wrote(
    merging: Any, server: autosave_site.Server
) -> None:
    merging.context.set_offline(True)
    merging.fill("#id_answer", "written on a train")
    says(merging, "Not saved")
    merging.goto("about:blank")
    server.write(title="theirs")
    merging.context.set_offline(False)
    merging.goto(f"{merging.base}/en/form/")
    becomes(merging, KEPT, None)

    becomes(merging, "document.querySelector('#id_title').value", "theirs")
    assert server.fields == {"answer": "written on a train", "title": "theirs", "level": ""}
    assert merging.locator(".clash").count() == 0


def test_a_save_whose_answer_was_lost_brings_it_too(merging: Any, server: autosave_site.Server) -> None:
    server.write(title="theirs")
    server.lose_answers = 1
    merging.fill("#id_answer", "once")
    becomes(merging, "document.querySelector('#id_title').value", "theirs")
    assert (server.fields["answer"], server.fields["title"], len(server.seen)) == ("once", "theirs", 1)


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


def test_a_network_that_leads_nowhere_is_noticed_and_tried_again(page: Any, server: autosave_site.Server) -> None:
    page.clock.install()
    page.reload()
    page.route("**/en/save/", lambda route: None)
    page.fill("#id_answer", "into the void")
    says(page, "Saving")
    page.clock.fast_forward(9_000)
    says(page, "Not saved yet: kept on this device and sent again soon")
    page.clock.fast_forward(30_000)
    says(page, "Not saved: no connection")
    assert "void" in page.evaluate(KEPT)

    page.unroute("**/en/save/")
    page.clock.fast_forward(5_000)
    says(page, "Saved")
    assert server.fields["answer"] == "into the void"
    page.clock.fast_forward(60_000)
    says(page, "Saved")


def test_sending_carries_the_newest_text_and_clears_the_device(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "first")
    says(page, "Saved")
    page.fill("#id_answer", "second")
    page.click("button.btn:text('Send')")
    page.get_by_text("Received").wait_for()
    (final,) = server.finals
    assert (final["answer"], final["version"], final["act"]) == ("second", str(server.version), "next")
    assert page.evaluate(KEPT) is None


def test_leaving_the_page_sends_what_was_typed(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "gone in a moment")
    page.goto(f"{page.base}/en/final/")
    for _attempt in range(80):  # it travels on after the page is gone
        if server.requests and server.version == 2:
            break
        page.wait_for_timeout(100)
    assert server.fields["answer"] == "gone in a moment"


def test_level_keys_save_too(page: Any, server: autosave_site.Server) -> None:
    page.focus("input[value='0']")
    page.keyboard.press("3")
    says(page, "Saved")
    assert server.fields["level"] == "3"


def test_every_letter_is_on_the_device_at_once(page: Any) -> None:
    page.context.set_offline(True)
    page.focus("#id_answer")
    page.keyboard.type("gone")
    assert "gone" in page.evaluate(KEPT)


def test_saved_says_the_hour_with_its_zone(page: Any) -> None:
    page.fill("#id_answer", "x")
    says(page, r"Saved \d\d:\d\d [A-Z]")


# ---- sending for good ----
def press_send(page: Any) -> None:
    page.locator("button.btn:text('Send')").dispatch_event("click")


def test_sending_waits_for_a_save_under_way(page: Any, server: autosave_site.Server) -> None:
    server.delay = 1.5
    page.fill("#id_answer", "slow")
    says(page, "Saving")
    press_send(page)
    page.get_by_text("Received").wait_for()
    assert server.finals[0]["version"] == str(server.version) == "2"


def test_sending_after_a_lost_answer_tells_what_was_sent_before(merging: Any, server: autosave_site.Server) -> None:
    server.lose_answers = 2
    merging.fill("#id_answer", "Alm")
    says(merging, "Not saved yet")
    merging.fill("#id_answer", "Almaty")
    press_send(merging)
    merging.get_by_text("Received").wait_for()

    assert [(final["answer"], final["version"]) for final in server.finals] == [("Almaty", "1")]
    assert (server.unheard, server.version) == ([["Alm"]], 2)


def test_nobody_clashes_with_the_own_words_after_lost_answers(merging: Any, server: autosave_site.Server) -> None:
    answers: list[int] = []

    def lose(route: Any) -> None:
        server.write(answer="Almaty")
        route.abort()

    merging.on("response", lambda response: answers.append(response.status))
    merging.route("**/en/final/", lose)
    server.lose_answers = 2
    merging.fill("#id_answer", "Alm")
    says(merging, "Not saved yet")
    merging.fill("#id_answer", "Almaty")
    with merging.expect_event("requestfailed"):
        press_send(merging)
    merging.wait_for_timeout(500)  # the browser's own page comes
    merging.goto(f"{merging.base}/en/form/")
    becomes(merging, KEPT, None)

    assert server.fields["answer"] == merging.input_value("#id_answer") == "Almaty"
    assert 409 not in answers


def test_sending_does_not_wait_for_ever(page: Any, server: autosave_site.Server) -> None:
    page.clock.install()
    page.reload()
    server.delay = 6
    page.fill("#id_answer", "very slow")
    says(page, "Saving")
    press_send(page)
    page.fill("#id_answer", "very slow, and more")
    page.clock.fast_forward(11_000)
    page.get_by_text("Received").wait_for()
    assert [final["answer"] for final in server.finals] == ["very slow, and more"]


def test_sending_stops_at_an_open_clash(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="what they wrote")
    page.fill("#id_answer", "what I wrote")
    says(page, "Changed elsewhere")
    assert page.evaluate("document.activeElement.id") == "id_answer", "who types goes on typing"
    press_send(page)
    page.locator(".clash button:focus").wait_for()
    assert server.finals == []
    page.locator(".clash").get_by_text("Keep mine").click()
    says(page, "Saved")
    press_send(page)
    page.get_by_text("Received").wait_for()
    assert (server.fields["answer"], server.finals[0]["answer"]) == ("what I wrote", "what I wrote")


def test_sending_meets_a_clash_before_it_overwrites(page: Any, server: autosave_site.Server) -> None:
    server.write(answer="what they wrote")
    page.fill("#id_answer", "what I wrote")
    press_send(page)
    page.locator(".clash button:focus").wait_for()
    assert server.finals == []


def test_double_click_sends_once(page: Any, server: autosave_site.Server) -> None:
    server.delay = 0.5
    page.fill("#id_answer", "once")
    page.dblclick("button.btn:text('Send')", no_wait_after=True)
    page.get_by_text("Received").wait_for()
    assert len(server.finals) == 1


def test_double_click_sends_once_when_all_is_saved(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "once")
    says(page, "Saved")
    server.delay = 1
    page.dblclick("button.btn:text('Send')", no_wait_after=True)
    page.get_by_text("Received").wait_for()
    assert len(server.finals) == 1


def test_sending_without_a_network_stays_on_the_page(page: Any, server: autosave_site.Server) -> None:
    page.context.set_offline(True)
    page.fill("#id_answer", "in a tunnel")
    press_send(page)
    says(page, "Not saved: no connection, kept on this device")
    assert page.input_value("#id_answer") == "in a tunnel"
    page.wait_for_timeout(1000)  # until sending has been given up; had the network come back before, it would go on
    missed = page.get_by_text(MISSED)
    missed.wait_for()
    page.context.set_offline(False)
    says(page, "Saved")
    page.get_by_text(REACHED).wait_for()  # saved is not sent
    assert missed.count() == 0
    press_send(page)
    page.get_by_text("Received").wait_for()
    assert [final["answer"] for final in server.finals] == ["in a tunnel"]


def test_when_nothing_waits_to_be_saved_the_notice_goes_with_the_network(
    page: Any, server: autosave_site.Server
) -> None:
    page.fill("#id_answer", "all is saved")
    says(page, "Saved")
    page.context.set_offline(True)
    press_send(page)
    page.get_by_text(MISSED).wait_for()
    page.context.set_offline(False)
    page.get_by_text(REACHED).wait_for()
    assert page.get_by_text(MISSED).count() == 0
    assert server.finals == []


def test_whoever_goes_on_writing_is_not_told_for_ever_to_press_again(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "all is saved")
    says(page, "Saved")
    page.context.set_offline(True)
    press_send(page)
    page.get_by_text(MISSED).wait_for()
    page.context.set_offline(False)
    page.get_by_text(REACHED).wait_for()

    page.fill("#id_answer", "and more")

    page.get_by_text(REACHED).wait_for(state="detached", timeout=8000)
    assert page.get_by_text(MISSED).count() == 0
    assert (server.fields["answer"], server.finals) == ("and more", [])


@pytest.mark.parametrize("docked", [False, True])
def test_the_notice_of_a_lost_network_stands_apart_from_every_button(
    page: Any, server: autosave_site.Server, docked: bool
) -> None:
    """On a phone, in a bar at the foot of the window too: all of it is in sight, under no button and touching none."""
    if docked:
        page.goto(f"{page.base}/en/docked/")
    page.fill("#id_answer", "all is saved")
    says(page, "Saved")
    page.context.set_offline(True)
    press_send(page)
    page.get_by_text(MISSED).wait_for()

    stands_apart(page, MISSED)
    page.context.set_offline(False)
    page.get_by_text(REACHED).wait_for()
    stands_apart(page, REACHED)


def stands_apart(page: Any, words: str) -> None:
    notice = page.locator("p", has_text=words).bounding_box()
    boxes = [button.bounding_box() for button in page.locator("main button:visible, .dock button:visible").all()]
    above, below = notice["y"] - 4, notice["y"] + notice["height"] + 4
    assert [box for box in boxes if box["y"] < below and box["y"] + box["height"] > above] == []
    assert 0 <= notice["y"] < notice["y"] + notice["height"] <= page.viewport_size["height"]
    assert notice["width"] > 300


def test_buttons_keep_their_words_when_a_copy_is_restored(page: Any, server: autosave_site.Server) -> None:
    server.status = 403
    page.fill("#id_answer", "while it was closed")
    says(page, "Saving has stopped")
    server.status = 0
    page.reload()
    says(page, "Saved")
    press_send(page)
    page.get_by_text("Received").wait_for()
    assert [(final["answer"], final["act"]) for final in server.finals] == [("while it was closed", "next")]


def test_going_back_shows_what_the_server_has(page: Any, server: autosave_site.Server) -> None:
    page.fill("#id_answer", "first")
    press_send(page)
    page.get_by_text("Received").wait_for()
    server.write(answer="changed on another device")
    page.go_back()
    becomes(page, VERSION, str(server.version))
    assert page.input_value("#id_answer") == "changed on another device"


# ---- signing in again ----
def test_signing_in_elsewhere_does_not_stop_saving(page: Any, server: autosave_site.Server) -> None:
    page.context.add_cookies([{"name": "csrftoken", "value": ROTATED, "url": page.base}])
    page.fill("#id_answer", "after signing in again")
    says(page, "Saved")
    press_send(page)
    page.get_by_text("Received").wait_for()
    assert server.finals[0]["answer"] == "after signing in again"


def test_lost_cookies_are_no_closed_form(page: Any, server: autosave_site.Server) -> None:
    page.context.clear_cookies()
    page.fill("#id_answer", "patience")
    says(page, "Not saved: you are signed out")
    assert page.locator("[data-saved] a").get_attribute("href") == "/en/accounts/login/?next=%2Fen%2Fform%2F"
    assert server.requests == []
    page.context.add_cookies([{"name": "csrftoken", "value": ROTATED, "url": page.base}])
    says(page, "Saved")
    assert server.fields["answer"] == "patience"


def test_the_way_back_from_signing_in_brings_what_was_typed(page: Any, server: autosave_site.Server) -> None:
    server.status = 401
    page.fill("#id_answer", "typed before the door")
    says(page, "Not saved: you are signed out")
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    assert server.fields["answer"] == ""

    server.status = 0
    page.goto(page.base + page.evaluate("new URLSearchParams(location.search).get('next')"))

    says(page, "Saved")
    assert page.input_value("#id_answer") == server.fields["answer"] == "typed before the door"
    becomes(page, KEPT, None)


def test_a_device_that_keeps_nothing_is_not_led_away_from_the_text(page: Any) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    page.reload()
    page.context.clear_cookies()
    page.fill("#id_answer", "nowhere")
    says(page, "Not saved, and this device cannot keep your text")
    assert page.locator("[data-saved] a").count() == 0


# ---- the copy on the device ----
def test_two_tabs_keep_two_copies(page: Any, server: autosave_site.Server) -> None:
    other = page.context.new_page()
    other.goto(f"{page.base}/en/form/")
    server.status = 403
    for tab, words in ((page, "from the first"), (other, "from the second")):
        tab.fill("#id_answer", words)
        says(tab, "Saving has stopped")
    other.close()
    server.status = 0
    page.reload()
    says(page, "Saved")
    first = page.input_value("#id_answer")
    page.reload()
    says(page, "Changed elsewhere")
    assert {first, page.input_value("#id_answer")} == {"from the first", "from the second"}
    assert page.locator(".clash .theirs").inner_text() == first == server.fields["answer"]


def test_device_that_keeps_nothing_says_so(page: Any) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    page.reload()
    page.context.set_offline(True)
    page.fill("#id_answer", "nowhere")
    says(page, "Not saved, and this device cannot keep your text")
    press_send(page)
    page.wait_for_timeout(500)
    assert page.input_value("#id_answer") == "nowhere"
    page.context.set_offline(False)
    says(page, "Saved")


def test_review_points_at_what_is_only_on_the_device(page: Any, server: autosave_site.Server) -> None:
    server.status = 500
    page.fill("#id_answer", "not there yet")
    says(page, "Not saved yet")
    page.goto(f"{page.base}/en/review/")
    page.get_by_text("Not sent yet").wait_for()
    assert not page.get_by_text("Nor this").is_visible()


def test_receipt_clears_the_copies_of_what_it_confirms(page: Any, server: autosave_site.Server) -> None:
    server.status = 500
    page.fill("#id_answer", "sent by the button")
    says(page, "Not saved yet")
    page.evaluate("localStorage.setItem('kept:test:2:anna#x', 'of another form')")
    press_send(page)
    page.get_by_text("Received").wait_for()
    becomes(page, KEPT, "of another form")


def test_form_without_a_draft_on_the_server_is_kept_here_until_it_is_taken(
    page: Any, server: autosave_site.Server
) -> None:
    page.goto(f"{page.base}/en/alone/")
    page.fill("#id_answer", "Help")
    page.goto("about:blank")
    page.goto(f"{page.base}/en/alone/")
    restored = page.input_value("#id_answer")
    page.click("button[name=act]")  # too short: the form comes back
    page.wait_for_load_state()
    page.goto("about:blank")
    page.goto(f"{page.base}/en/alone/")
    again = page.input_value("#id_answer")
    page.fill("#id_answer", "Help with export")
    page.click("button[name=act]")
    page.get_by_role("heading", name="Received").wait_for()

    becomes(page, KEPT, None)
    assert (restored, again) == ("Help", "Help")
    assert [final["answer"] for final in server.finals] == ["Help with export"]
    assert server.requests == []


@pytest.mark.parametrize("way", ["Discard it", "Keep these instead"])
def test_what_the_device_kept_can_be_thrown_away(page: Any, server: autosave_site.Server, way: str) -> None:
    page.goto(f"{page.base}/en/alone/")
    server.write(answer="of another form")
    page.evaluate("localStorage.setItem('kept:test:2:anna#x', 'of another form')")
    page.fill("#id_answer", "Help")
    unknown = page.get_by_text("What you wrote earlier").is_visible()
    page.goto("about:blank")
    page.goto(f"{page.base}/en/alone/")
    page.get_by_text("What you wrote earlier").wait_for()
    restored = page.input_value("#id_answer")

    with page.expect_navigation():
        page.get_by_text(way, exact=True).click()

    becomes(page, KEPT, "of another form")
    assert (unknown, restored, page.input_value("#id_answer")) == (False, "Help", "")
    assert page.get_by_text("What you wrote earlier").is_visible() is False


def test_what_the_device_kept_in_a_fold_is_in_sight(page: Any, server: autosave_site.Server) -> None:
    """Or it would be sent along unread."""
    page.goto(f"{page.base}/en/alone/")
    page.fill("#id_answer", "Help")
    folded = page.get_by_label("Comment").is_visible()
    page.get_by_text("Outer").click()
    page.get_by_text("Fold").click()
    page.fill("#id_comment", "written in the fold")
    page.goto("about:blank")
    page.goto(f"{page.base}/en/alone/")

    page.get_by_label("Comment").wait_for()
    assert (folded, page.input_value("#id_comment")) == (False, "written in the fold")
    assert page.locator("details[open]:has(#id_empty)").count() == 0


def test_what_the_device_kept_stays_based_on_the_version_it_was_written_for(
    page: Any, server: autosave_site.Server
) -> None:
    """Or it would pass over what somebody else has saved since, unasked."""
    page.goto(f"{page.base}/en/alone/")
    page.fill("#id_answer", "written at home")
    page.goto("about:blank")
    before = server.version
    server.write(answer="another's")
    page.goto(f"{page.base}/en/alone/")
    page.click("button[name=act]")
    page.get_by_role("heading", name="Received").wait_for()

    assert [(final["answer"], int(final["version"])) for final in server.finals] == [("written at home", before)]
    assert server.version > before


@pytest.mark.parametrize(
    ("reader", "words", "clock"),
    [
        ("", "Saved 14 December 2026, 18:00, Bishkek (UTC+6)", ""),
        ("Asia/Tashkent", "Saved 14 December 2026, 17:00, Tashkent (UTC+5)", ' data-zone="Asia/Tashkent"'),
    ],
)
def test_last_save_is_said_with_its_day_and_zone(reader: str, words: str, clock: str) -> None:
    text = '{% include "components/saved.html" with at=at zone="Asia/Bishkek" %}'
    at = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)
    token = zones.reader_zone.set(reader)
    with timezone.override(reader or "UTC"):
        line = Template(text).render(Context({"at": at}))
    zones.reader_zone.reset(token)
    assert words in strip_tags(line)
    assert f"data-saved{clock} data-saving" in line


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / "templates").rglob("*.html")) if "data-autosave=" in path.read_text()],
    ids=lambda path: path.stem,
)
def test_browsers_do_not_fill_an_older_text_into_a_newer_form(path: Path) -> None:
    """A reload that restores what was typed would save it over what somebody else wrote since."""
    tag = re.search(r"<form[^>]*data-autosave=.*", path.read_text())
    assert tag is not None
    assert 'autocomplete="off"' in tag.group()


def sent_offline(page: Any, press: str) -> Any:
    page.context.set_offline(True)
    page.locator(press).click()
    note = page.locator("main [data-unsent]")
    note.wait_for(timeout=8000)
    return note


def test_without_a_connection_a_form_stays_and_says_so_until_it_is_sent(
    page: Any, server: autosave_site.Server
) -> None:
    page.context.set_offline(True)
    for _press in range(2):
        page.locator("button[name=act]").click()
        note = page.get_by_text(MISSED)
        note.wait_for(timeout=8000)

    assert note.count() == 1
    assert page.url.endswith("/en/form/")
    assert server.finals == []

    page.context.set_offline(False)
    page.wait_for_timeout(500)
    assert page.get_by_text(REACHED).is_visible()
    page.locator("button[name=act]").click()
    page.get_by_role("heading", name="Received").wait_for(timeout=8000)
    assert [sent["act"] for sent in server.finals] == ["next"]


def test_a_form_without_a_draft_stays_as_well_and_keeps_the_file(
    page: Any, server: autosave_site.Server, tmp_path: Path
) -> None:
    (tmp_path / "slides.pdf").write_bytes(b"%PDF-1.4")
    page.goto(f"{page.base}/en/upload/")
    page.set_input_files("[type=file]", tmp_path / "slides.pdf")

    sent_offline(page, "button[value=upload]")

    assert page.evaluate("document.querySelector('[type=file]').files[0].name") == "slides.pdf"
    assert page.url.endswith("/en/upload/")


def test_what_a_browser_takes_for_no_connection_is_sent_all_the_same_where_the_server_answers(
    page: Any, server: autosave_site.Server
) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    page.goto(f"{page.base}/en/form/")

    page.locator("button[name=act]").click()

    page.get_by_role("heading", name="Received").wait_for(timeout=8000)
    assert [sent["act"] for sent in server.finals] == ["next"]
