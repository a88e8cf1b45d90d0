"""From the last score sheet to the public page: close, decide, approve by a second person, announce."""

import time
from collections.abc import Callable

import pytest

from tests.journeys.conftest import EVERYWHERE, Variant, Walker
from tests.journeys.stack import Platform


@pytest.mark.parametrize("variant", EVERYWHERE, ids=str)
def test_a_winner_is_announced_by_two_people(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.data:scored", f"announce-{variant}", variant.language)
    desk, public = f"/competitions/{made['slug']}/manage", f"/competitions/{made['slug']}/"
    winner, loser = (f"Sample announce-{variant} {number}" for number in (1, 2))
    visitor, manager, observer = walk(variant), walk(variant), walk(variant)
    assert winner not in visitor.go(public).text_content("main")

    manager.sign_in(made["manager"])
    page = manager.go(f"{desk}/")
    manager.press("a[href$='/close/']")
    manager.press("main form button")
    page = manager.go(f"{desk}/decision/")
    row = page.locator("tbody tr", has_text=winner)
    row.locator("select[name^=outcome]").select_option("winner")
    row.locator("select[name^=award]").select_option(index=1)
    manager.press("button[form=decision]:has-text('{}')".format(manager.said("Propose", "Предложить")))

    observer.sign_in(made["observer"])
    page = observer.go("/desk/")
    observer.press(f"a[href*='{desk}/decision/']")
    observer.press("a[href$='/approve/']")
    observer.press("main form button")

    page = manager.go(f"{desk}/decision/")
    assert winner not in visitor.go(public).text_content("main")
    manager.press("a[href$='/announce/']")
    manager.press("main form button")

    said = visitor.go(public).text_content("main")
    assert winner in said
    assert loser not in said
    digest = visitor.said("Digest of the results file", "Контрольная сумма файла результатов")
    for _attempt in range(40):
        if digest in visitor.go(public).text_content("main"):
            break
        time.sleep(0.5)
    else:
        raise AssertionError("no worker sealed the result")
    mails = platform.mails_to(made["team"])
    assert len(mails) == 1
    assert winner in mails[0].get_content()


@pytest.mark.once
def test_a_decision_that_was_refused_is_there_when_its_page_is_opened_again(
    walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.data:scored", "announce-refused", "en")
    desk = f"/competitions/{made['slug']}/manage"
    manager = walk(Variant(360, "en"))
    manager.sign_in(made["manager"])
    manager.go(f"{desk}/")
    manager.press("a[href$='/close/']")
    manager.press("main form button")
    page = manager.go(f"{desk}/decision/")
    outcome = page.locator("tbody tr", has_text="Sample announce-refused 2").locator("select[name^=outcome]")
    outcome.select_option("winner")

    manager.press("button[form=decision]:has-text('Propose')")
    refused = page.locator(".err").count()
    manager.errors[:] = [error for error in manager.errors if "422" not in error]
    manager.go(f"{desk}/decision/")

    assert refused
    assert outcome.input_value() == "winner"
    assert page.locator("[data-restored]").first.is_visible()
