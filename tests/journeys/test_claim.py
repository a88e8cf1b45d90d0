"""Somebody says that an entry is theirs, shows that they read mail at its domain, and the focal point lets them edit it."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import CROSSED, Variant, Walker
from tests.journeys.stack import Platform

COUNTRIES = ["TM", "AF", "TJ", "UZ"]
EVIDENCE = "I have led the programmes since 2021; the page about our team names me."


@pytest.mark.parametrize("variant", CROSSED, ids=str)
def test_an_entry_is_claimed_with_a_mailbox(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    iso2 = COUNTRIES[variant.number]
    made = platform.run("tests.journeys.registry:claiming", str(variant), variant.language, iso2)
    claimant, focal = walk(variant), walk(variant)
    claimant.come_in(made["claimant"])
    keys, word, page = claimant.keys, claimant.word, claimant.page

    claimant.go(f"/incubators/{made['slug']}/")
    keys.follow("link", word("Do you work here? Claim it."))
    keys.write(word("How can the focal point see that you work there?"), EVIDENCE)
    keys.follow("button", word("Send the claim"))
    keys.follow("link", word("Show that you read mail at its domain"))
    keys.write(word("E-mail address at the organisation’s domain"), made["mailbox"])
    keys.follow("button", word("Send the link"))
    assert word("link not opened") in page.text_content("main")

    link = platform.link_to(made["mailbox"], "/claims/mailbox/")
    page.goto(link)
    claimant.check()
    keys.follow("button", word("Yes, it is I who claims the entry"))
    assert word("reads mail there") in page.text_content("main")
    assert page.goto(link).status == 410
    claimant.check()

    answer(focal, made)

    assert platform.mail_about(made["name"], to=made["claimant"])
    claimant.go(f"/incubators/{made['slug']}/")
    keys.follow("link", word("Edit"))
    assert platform.run("tests.journeys.registry:editors_of", made["slug"]) == [made["claimant"]]
    claimant.errors[:] = [error for error in claimant.errors if "410" not in error]


def answer(focal: Walker, made: dict[str, str]) -> None:
    focal.come_in(made["focal"])
    page = focal.go("/incubators/queue/")
    focal.keys.follow("link", made["name"])
    told = page.text_content("main")
    assert [words in told for words in (EVIDENCE, made["mailbox"], focal.word("reads mail there"))] == [True] * 3
    focal.keys.choose(focal.word("Let this person edit the entry"))
    focal.keys.follow("button", focal.word("Send the answer"))
    assert focal.word("The answer was sent.") in page.text_content("main")
