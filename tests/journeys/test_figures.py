"""An incubator reports a year; the focal point accepts; the incubator sees itself beside comparable ones."""

from collections.abc import Callable

import pytest

from incubators.yearly import last_year
from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

SAVE = "main form[data-autosave] button.btn:not(.second, .plain)"


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT, ids=str)
def test_an_incubator_reports_its_figures(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.data:reporting", str(variant), variant.language)
    editor, year = walk(variant), last_year()
    editor.sign_in(made["editor"])

    page = editor.go(f"/incubators/{made['slug']}/figures/")
    editor.press(f"main a.hit:has-text('{year}')")
    with editor.saving():
        page.fill("[name=figure_startups_supported]", "15")
        page.fill("[name=figure_jobs]", "1 204")
        page.fill("[name=money_money_raised_1_amount]", "2500,50")
        page.select_option("[name=money_money_raised_1_kind]", "grant")
        page.select_option("[name=money_money_raised_1_currency]", "KZT")
    if variant.script:
        page.reload()
        assert page.input_value("[name=figure_jobs]") == "1 204"
    editor.press(SAVE)
    assert "15" in page.text_content("main table")
    editor.press("main form button.btn")
    assert editor.said("Waiting for an answer", "Ждёт ответа") in page.text_content("main")

    accept(walk(variant), made["name"], year)

    assert any(made["name"] in str(mail["Subject"]) for mail in platform.mails_to(made["editor"]))
    page = editor.go(f"/incubators/{made['slug']}/figures/{year}/")
    editor.press("main a[href$='/benchmark/']")
    assert page.locator("main dl.bars").count() >= 2
    assert "Sample" not in page.text_content("main")


def accept(focal: Walker, name: str, year: int) -> None:
    focal.sign_in("focal.kz@demo.example")
    focal.go("/incubators/queue/")
    focal.press(f"main li:has-text('{year}') a.hit:has-text('{name}')")
    focal.page.locator("[name=answer][value=accept]").check(force=True)
    focal.press("main form.card button.btn")
    assert focal.page.url.endswith("/incubators/queue/")
