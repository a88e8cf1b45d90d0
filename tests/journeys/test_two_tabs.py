"""Two tabs on one page: what only one of them changed is merged, what both changed is asked about."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import Variant, Walker
from tests.journeys.stack import Platform

PHONE = Variant(360, "ru")
CLASH = ".clash"


def becomes(page: Any, selector: str, value: str) -> None:
    for _attempt in range(80):
        if page.input_value(selector) == value:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{selector} is {page.input_value(selector)!r}")


def fill_and_save(page: Any, selector: str, text: str) -> None:
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers and answer.ok):
        page.fill(selector, text)


def two_tabs(person: Walker, path: str) -> tuple[Any, Any]:
    other = person.context.new_page()
    other.goto(person.address(path))
    person.page.goto(person.address(path))
    return person.page, other


@pytest.mark.once
@pytest.mark.parametrize("which", ["application", "sheet"])
def test_two_tabs_meet_only_where_both_changed_the_same(
    which: str, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    email, path = platform.run(f"tests.journeys.data:{which}")
    person = walk(PHONE)
    person.sign_in(email)
    page, other = two_tabs(person, path)
    names = [area.get_attribute("name") for area in page.locator("main textarea").all()][:2]
    x, y = (f"main textarea[name='{name}']" for name in names)

    fill_and_save(page, x, "Written in the first tab")
    fill_and_save(other, y, "Written in the second tab")
    becomes(other, x, "Written in the first tab")
    assert other.locator(CLASH).count() == page.locator(CLASH).count() == 0
    assert re.match(r"Сохранено: \d+ ", other.locator("[data-saved]").inner_text())

    other.focus(y)
    fill_and_save(page, x, "Changed in the first tab")
    page.focus(y)  # whoever stands in a field goes on; it is shown when they leave it
    fill_and_save(other, x, "Changed in the first tab, then here")
    fill_and_save(page, x, "Changed in the first tab, then here")
    assert page.input_value(y) == "Written in the first tab" or page.input_value(y) is not None

    page.fill(y, "Mine")
    page.locator("[data-saved].ok").wait_for()
    other.fill(y, "Yours")
    other.locator(CLASH).wait_for()
    assert other.locator(f"{CLASH} .theirs").inner_text() == "Mine"
    icons = other.locator("[data-saved] path").get_attribute("d")
    assert icons == other.locator("svg.i path[d^='M12 4']").first.get_attribute("d")
    with other.expect_response(lambda answer: "x-autosave" in answer.request.headers and answer.ok):
        other.locator(f"{CLASH} button").first.click()
    page.reload()
    assert (page.input_value(x), page.input_value(y)) == ("Changed in the first tab, then here", "Yours")
    person.errors[:] = [error for error in person.errors if "409" not in error]
