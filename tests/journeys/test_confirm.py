"""An entry is still true: by the link of the reminder without signing in, and from the desk."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import CROSSED, Variant, Walker
from tests.journeys.stack import Platform

NEARLY_A_YEAR = 360


@pytest.mark.parametrize("variant", CROSSED, ids=str)
def test_an_entry_is_confirmed_by_mail_and_from_the_desk(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.registry:confirming", str(variant), variant.language)
    reader = walk(variant)
    keys, word, page = reader.keys, reader.word, reader.page

    page.goto(platform.link_to(made["editor"], "/still-true/", about=made["mailed"]))
    reader.check()
    assert platform.run("tests.journeys.registry:days_left", made["mailed_slug"]) < NEARLY_A_YEAR
    keys.follow("button", word("Yes, all of it is still true"))
    assert word("Thank you: it is confirmed") in page.text_content("main")
    assert platform.run("tests.journeys.registry:days_left", made["mailed_slug"]) > NEARLY_A_YEAR

    reader.come_in(made["editor"])
    reader.go("/desk/")
    keys.follow("link", word("Keep your organisation’s entry true"), exact=False)
    keys.follow("link", made["desk"])
    keys.follow("button", word("All of it is still true"))
    assert platform.run("tests.journeys.registry:days_left", made["desk_slug"]) > NEARLY_A_YEAR
