"""Two tabs on one page: what only one of them changed is merged, what both changed is asked about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.journeys.conftest import Variant, Walker
from tests.journeys.stack import Platform

PHONE = Variant(360, "ru")
CLASH = ".clash"


def saving(page: Any) -> AbstractContextManager[Any]:
    return page.expect_response(lambda answer: "x-autosave" in answer.request.headers and answer.ok)


def becomes(page: Any, selector: str, value: str) -> None:
    for _attempt in range(80):
        if page.input_value(selector) == value:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{selector} is {page.input_value(selector)!r}")


def two_fields(page: Any) -> list[str]:
    fields = page.locator("main form[data-autosave] :is(textarea, input[type=text])").all()
    return [f"[name='{field.get_attribute('name')}']" for field in fields[:2]]


@pytest.mark.once
@pytest.mark.parametrize("which", ["application", "sheet"])
def test_two_tabs_meet_only_where_both_changed_the_same(
    which: str, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    email, path = platform.run(f"tests.journeys.data:{which}")
    person = walk(PHONE)
    person.sign_in(email)
    one, two = person.page, person.context.new_page()
    for page in (one, two):
        page.goto(person.address(path))
    x, y = two_fields(one)

    with saving(one):
        one.fill(x, "from the first tab")
    with saving(two):
        two.fill(y, "from the second tab")
    becomes(two, x, "from the first tab")
    with saving(one):
        one.fill(x, "from the first tab, and more")
    becomes(one, y, "from the second tab")
    two.fill(x, "of the second tab")
    two.locator(CLASH).wait_for()
    asked, clashes = (
        two.locator(f"{CLASH} .theirs").inner_text(),
        (one.locator(CLASH).count(), two.locator(CLASH).count()),
    )
    with saving(two):
        two.locator(f"{CLASH} button").first.click()
    one.reload()

    assert (asked, clashes) == ("from the first tab, and more", (0, 1))
    assert (one.input_value(x), one.input_value(y)) == ("of the second tab", "from the second tab")
    person.errors[:] = [error for error in person.errors if "409" not in error]


@pytest.mark.once
def test_two_people_without_script_keep_each_others_words(
    walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    email, path = platform.run("tests.journeys.data:application")
    person = walk(Variant(360, "ru", script=False))
    person.sign_in(email)
    one, two = person.page, person.context.new_page()
    for page in (one, two):
        page.goto(person.address(path))
    x, y = two_fields(one)

    for page, field in ((one, x), (two, y)):
        page.fill(field, "Written without script")
        with page.expect_navigation():
            page.click("button[name=act][value=save].second")

    assert (two.input_value(x), two.input_value(y)) == ("Written without script", "Written without script")
