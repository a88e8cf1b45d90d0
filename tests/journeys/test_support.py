"""An organisation announces a call and proposes a start-up; its founder confirms and shows it; everybody reads both."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

SAVE = ":is(main form.stack, .dock) button.btn:not(.second, .plain, .stop)"


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT[:1], ids=str)
def test_a_call_is_announced_and_a_start_up_confirms(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.data:hub", str(variant), variant.language)
    editor = walk(variant)
    editor.sign_in(made["editor"])

    programme = announce(editor, made["slug"])
    propose(editor, made)
    visitor = walk(variant)
    before = visitor.go(programme).text_content("main")
    confirm(walk(variant), made, platform)

    after = visitor.go(programme).text_content("main")
    assert "Journey call" in after
    assert (made["startup"] in before, made["startup"] in after) == (False, True)
    visitor.press(f"main a:has-text('{made['startup']}')")
    assert "Journey school" in visitor.page.text_content("main")
    assert made["founder"] not in visitor.page.content()


def announce(editor: Walker, slug: str) -> str:
    """Programme, call and cohort, the first two published. The programme's public address."""
    page, first = editor.go(f"/incubators/{slug}/programmes/new/"), date.today() + timedelta(days=1)
    page.fill("[name=title_en]", "Journey school")
    editor.press(SAVE)
    editor.press(".dock button[name=to][value=published]")
    own = page.url
    editor.press("main a[href$='/calls/new/']")
    page.fill("[name=title_en]", "Journey call")
    page.fill("[name=opens_at]", f"{first:%Y-%m-%d}T09:00")
    page.fill("[name=closes_at]", f"{first + timedelta(days=20):%Y-%m-%d}T18:00")
    editor.press(SAVE)
    editor.press(".dock button[name=to][value=published]")
    page.goto(own)
    editor.press("main a[href$='/cohorts/new/']")
    page.fill("[name=name]", "Journey cohort")
    page.fill("[name=starts]", "2026-01-10")
    editor.press(SAVE)
    return "/programmes/" + own.rstrip("/").rsplit("/", 2)[1] + "/"


def propose(editor: Walker, made: dict[str, str]) -> None:
    editor.press("main a:has-text('Journey cohort')")
    editor.press("main a[href$='/propose/']")
    editor.page.fill("[name=name]", made["startup"])
    editor.page.fill("[name=email]", made["founder"])
    editor.press("main form.stack button.btn:not(.plain)")
    assert "/propose/" not in editor.page.url
    assert made["startup"] not in editor.page.text_content("main")


def confirm(founder: Walker, made: dict[str, str], platform: Platform) -> None:
    """By the link of the mail; then the profile is shown."""
    mails = platform.mails_to(made["founder"], wait=90)
    assert any(made["profile"] in mail.get_content() for mail in mails)
    founder.sign_in(made["founder"])
    founder.go(f"{made['profile']}placements/")
    founder.press("main button[value=confirmed]")
    page = founder.go(f"{made['profile']}showing/")
    page.check("[name=agrees]", force=True)
    founder.press("main form button.btn")
