"""A founder asks a mentor across a border; the mentor accepts; neither sees the other's address."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import EVERYWHERE, Variant, Walker
from tests.journeys.stack import Platform

NEED = "We sell panels from cotton waste and want to price them for builders in a second country."


@pytest.mark.parametrize("variant", EVERYWHERE, ids=str)
def test_a_mentor_is_found_and_asked(variant: Variant, walk: Callable[[Variant], Walker], platform: Platform) -> None:
    made = platform.run("tests.journeys.data:mentor", str(variant), variant.language)
    asker, expert = walk(variant), walk(variant)
    asker.sign_in(made["asker"])

    page = asker.go("/mentors/?role=mentor")
    assert page.locator("ul.rows a.hit").count() > 3
    page = asker.go(f"/mentors/?q={made['name'].split()[-1]}")
    asker.press(f"a.hit:has-text('{made['name']}')")
    asker.press("main a[href$='/ask/']:visible")
    page.fill("[name=need]", NEED)
    asker.press("main form button.btn")

    mail = platform.mails_to(made["expert"])[0].get_content()
    assert NEED in mail
    assert made["asker"] not in mail
    expert.sign_in(made["expert"])
    page = expert.go("/mentors/requests/")
    expert.press("main a.hit")
    assert made["asker"] not in page.content()
    expert.press("form[action$='/accept/'] button.btn")

    answer = platform.mails_to(made["asker"])[0].get_content()
    assert made["expert"] not in answer
    page = asker.go("/mentors/requests/")
    asker.press("main a.hit")
    assert made["expert"] not in page.content()
