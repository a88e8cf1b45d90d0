"""An incubator lists itself on one device; the country's focal point approves on another; everybody finds it."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

NAMES = ["Zhuldyz Orda", "Bulak Kemel", "Saryarka Uya", "Tengri Bastau", "Ertis Oymaq", "Alatau Zerde"]
SAVE = "main form[data-autosave] button.btn:not(.second, .plain)"
DESCRIPTION = "Six months of support for twelve teams a year, free of charge."


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT, ids=str)
def test_an_incubator_lists_itself(variant: Variant, walk: Callable[[Variant], Walker], platform: Platform) -> None:
    email = platform.run("tests.journeys.data:person", f"editor-{variant}", variant.language)
    name = NAMES[variant.number]
    editor = walk(variant)
    editor.sign_in(email)

    page = editor.go("/incubators/new/")
    page.fill("[name=name]", name)
    page.select_option("[name=language]", "en")
    page.select_option("[name=country]", "KZ")
    editor.press("main form button.btn")
    if page.locator("[name=none-of-these]").count():
        editor.press("main form button.btn")
    fill_facts(editor)
    send(editor)
    assert walk(variant).go("/incubators/?q=" + name).locator("ul.rows a.hit", has_text=name).count() == 0

    approve(walk(variant), name)

    mails = platform.mails_to(email)
    assert any(name in mail.get_content() + str(mail["Subject"]) for mail in mails)
    visitor = walk(variant)
    found = visitor.go(f"/incubators/?q={name.split()[0].lower()}")
    visitor.press(f"a.hit:has-text('{name}')")
    assert DESCRIPTION in found.text_content("main")
    assert email not in found.content()


def fill_facts(editor: Walker) -> None:
    """The steps in their order; with scripts the second is left by the autosave alone and found again."""
    page, next_step = editor.page, SAVE
    editor.press(next_step)
    with editor.saving():
        page.select_option("[name=kind]", "incubator")
        page.fill("[name=city]", "Алматы")
    if editor.variant.script:
        page.reload()
        assert page.input_value("[name=city]") == "Алматы"
    editor.press(next_step)
    page.fill("[name=description_en]", DESCRIPTION)
    page.locator("[name=sectors]").first.check(force=True)
    editor.press(next_step)


def send(editor: Walker) -> None:
    editor.press("form[action$='/submit/'] button.btn")
    assert editor.said("Waiting for an answer", "Ждёт ответа") in editor.page.text_content("main")


def approve(focal: Walker, name: str) -> None:
    focal.sign_in("focal.kz@demo.example")
    page = focal.go("/incubators/queue/")
    focal.press(f"main a:has-text('{name}')")
    page.locator("[name=answer][value=approve]").check(force=True)
    focal.press("main form .card button.btn")


@pytest.mark.parametrize("variant", EVERYWHERE[:1], ids=str)
def test_what_was_typed_without_a_connection_is_kept(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    email = platform.run("tests.journeys.data:person", f"offline-editor-{variant}", variant.language)
    editor = walk(variant)
    editor.sign_in(email)
    page = editor.go("/incubators/new/")
    page.fill("[name=name]", "Qyzyljar Uyasy")
    page.select_option("[name=language]", "en")
    page.select_option("[name=country]", "KZ")
    editor.press("main form button.btn")
    if page.locator("[name=none-of-these]").count():
        editor.press("main form button.btn")
    page.wait_for_selector("form[data-autosave]")

    editor.context.set_offline(True)
    page.fill("[name=short_name]", "QU-77")
    page.wait_for_selector("[data-saved].off")
    editor.context.set_offline(False)
    page.wait_for_selector("[data-saved].ok", timeout=40_000)
    page.reload()

    assert page.input_value("[name=short_name]") == "QU-77"
    editor.errors[:] = [error for error in editor.errors if "ERR_INTERNET_DISCONNECTED" not in error]


@pytest.mark.parametrize("variant", [*EVERYWHERE[:1], *WITHOUT_SCRIPT[:1]], ids=str)
def test_a_mistake_can_be_corrected_without_meeting_ones_own_text(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    email = platform.run("tests.journeys.data:person", f"mistaken-editor-{variant}", variant.language)
    editor = walk(variant)
    editor.sign_in(email)
    page = editor.go("/incubators/new/")
    page.fill("[name=name]", f"Otrar Zholy {variant.number}")
    page.select_option("[name=language]", "en")
    page.select_option("[name=country]", "KZ")
    editor.press("main form button.btn")
    if page.locator("[name=none-of-these]").count():
        editor.press("main form button.btn")
    editor.press(SAVE)

    page.fill("[name=founded_year]", "about 2018")
    editor.press(SAVE)
    assert page.locator(".summary, [role=alert]").count()
    with editor.saving():
        page.fill("[name=founded_year]", "2018")
    editor.press(SAVE)

    assert page.locator(".clash").count() == 0
    assert page.url.rsplit("/", 2)[1] == "work"
    editor.errors[:] = [error for error in editor.errors if "422" not in error]
