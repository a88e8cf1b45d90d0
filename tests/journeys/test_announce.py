"""From the last score sheet to the public page: close, decide, approve by a second person, announce."""

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
    mails = platform.mails_to(made["team"])
    assert len(mails) == 1
    assert winner in mails[0].get_content()
