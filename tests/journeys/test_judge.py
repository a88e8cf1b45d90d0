"""An evening of a judge: conflicts in one pass, one entry scored and saved as it goes, the other given up."""

import re
from collections.abc import Callable

import pytest

from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

VARIANTS = EVERYWHERE + WITHOUT_SCRIPT


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_judge_scores_the_entries(variant: Variant, walk: Callable[[Variant], Walker], platform: Platform) -> None:
    made = platform.run("tests.journeys.data:judging", f"judge-{variant}", variant.language)
    judge = walk(variant)
    judge.sign_in(made["judge"])

    page = judge.go("/judging/")
    judge.press(f"a[href$='/judging/{made['slug']}/conflicts/']")
    page.check("li:nth-child(2) input[type=checkbox]")
    page.fill("li:nth-child(2) input[type=text]", "my sister works there")
    judge.press("main form button")

    judge.press("main a.btn[href*='/judging/sheets/']")
    assert "Panels from cotton waste." in page.text_content("#entry")
    with judge.saving():
        page.locator("input[name=score-idea][value='5']").check(force=True)
        page.locator("input[name=score-team][value=n]").check(force=True)
        page.fill("[name=feedback]", "The weighed batches convince.")
    if variant.script:
        assert re.search(r"100[.,]0", page.text_content("[data-total]"))
        page.reload()
        judge.check()
        assert page.is_checked("input[name=score-idea][value='5']")
        assert page.input_value("[name=feedback]") == "The weighed batches convince."
    judge.press("button[name=submit]")

    assert page.url.endswith("/judging/")
    assert judge.said("1 of 1 scored", "Оценено 1 из 1") in page.text_content("main")


@pytest.mark.parametrize("variant", EVERYWHERE[:1], ids=str)
def test_scores_survive_a_lost_connection(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.data:judging", f"offline-{variant}", variant.language)
    judge = walk(variant)
    judge.sign_in(made["judge"])
    page = judge.go(f"/judging/{made['slug']}/conflicts/")
    judge.press("main form button")
    judge.press("main a.btn[href*='/judging/sheets/']")

    judge.context.set_offline(True)
    page.locator("input[name=score-idea][value='3']").check(force=True)
    page.wait_for_selector("[data-saved].off")
    judge.context.set_offline(False)
    page.wait_for_selector("[data-saved].ok", timeout=40_000)
    page.reload()

    assert page.is_checked("input[name=score-idea][value='3']")
    judge.errors[:] = [error for error in judge.errors if "ERR_INTERNET_DISCONNECTED" not in error]
