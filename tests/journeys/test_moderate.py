"""A focal point works through the queue: reads what changed, asks, declines, approves two at once and undoes that."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import CROSSED, Variant, Walker
from tests.journeys.stack import Platform

COUNTRIES = ["TM", "AF", "TJ", "UZ"]
ASKED = "Is this the city of your office, or of the programme?"
SAID = "What is described is a shop for office furniture."


@pytest.mark.parametrize("variant", CROSSED, ids=str)
def test_a_focal_point_answers_what_waits(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    iso2 = COUNTRIES[variant.number]
    made = platform.run("tests.journeys.registry:moderating", str(variant), variant.language, iso2)
    focal = walk(variant)
    focal.come_in(made["focal"])
    focal.go("/incubators/queue/")

    ask(focal, made["changed"])
    assert made["changed"] in platform.mail_about(ASKED, to=made["editor"])
    decline(focal, made["declined"])
    assert made["declined"] in platform.mail_about(SAID, to=made["editor"])
    together = (made["first"], made["second"])
    approve_and_undo(focal, together, platform)

    states = platform.run("tests.journeys.registry:states_of", made["changed"], made["declined"], *together)
    assert states == ["changes_requested", "declined", "submitted", "submitted"]


def ask(focal: Walker, title: str) -> None:
    """The comment stands at the field that it is about."""
    keys, word, page = focal.keys, focal.word, focal.page
    keys.follow("link", title)
    differences = page.locator("main table").first.text_content()
    assert [words in differences for words in ("Almaty", "2019", "Six months for twelve teams.")] == [True] * 3
    city = f"{word('Comment')}: {word('City')}"
    keys.press("summary", city)
    keys.write(city, ASKED)
    keys.choose(word("Ask for changes"))
    keys.follow("button", word("Send the answer"), seen=True)
    assert page.get_by_role("link", name=title).count() == 0


def decline(focal: Walker, title: str) -> None:
    """Without a reason the answer comes back and says what is missing; the summary leads there."""
    keys, word, page = focal.keys, focal.word, focal.page
    keys.follow("link", title)
    keys.choose(word("Decline", "listing"))
    keys.follow("button", word("Send the answer"))
    keys.press("link", word("Why do you decline?"), exact=False)
    keys.choose(word("It is not an incubator or accelerator", "why declined"))
    keys.write(word("Comment on the whole, or the reason in your own words"), SAID)
    keys.follow("button", word("Send the answer"), seen=True)
    assert page.get_by_role("link", name=title).count() == 0
    focal.errors[:] = [error for error in focal.errors if "422" not in error]


def approve_and_undo(focal: Walker, titles: tuple[str, str], platform: Platform) -> None:
    keys, word, page = focal.keys, focal.word, focal.page
    for title in titles:
        keys.tick(word("Choose %(title)s", title=title))
    keys.follow("button", word("Approve those chosen"))
    assert [title in page.text_content("main") for title in titles] == [True, True]
    keys.follow("button", word("Approve", "listing"))
    assert platform.run("tests.journeys.registry:states_of", *titles) == ["approved", "approved"]
    keys.follow("button", word("Undo (until %(time)s)").partition("%")[0].strip(), exact=False)
