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
    """From the door on, by keyboard only."""
    email = platform.run("tests.journeys.data:person", f"editor-{variant}", variant.language)
    name = NAMES[variant.number]
    editor = walk(variant)
    editor.sign_in(email, by_keyboard=True)

    editor.go("/incubators/new/")
    begin(editor, name)
    fill_facts(editor)
    send(editor)
    assert walk(variant).go("/incubators/?q=" + name).locator("ul.rows a.hit", has_text=name).count() == 0

    approve(walk(variant), name)

    assert platform.mail_about(name, to=email)
    visitor = walk(variant)
    found = visitor.go(f"/incubators/?q={name.split()[0].lower()}")
    visitor.keys.follow("link", name)
    assert DESCRIPTION in found.text_content("main")
    assert email not in found.content()


def begin(editor: Walker, name: str) -> None:
    keys, word = editor.keys, editor.word
    keys.write(word("Name of the organisation"), name)
    keys.select(word("Language of this name"), "en")
    keys.select(word("Country"), "KZ")
    keys.follow("button", word("Go on"))
    if editor.page.locator("[name=none-of-these]").count():
        is_one = editor.page.locator("main ul.rows > li").count() == 1
        keys.follow("button", word("It is another one: go on" if is_one else "None of these: go on"))


def fill_facts(editor: Walker) -> None:
    """The steps in their order; with scripts the second is left by the autosave alone and found again."""
    keys, word, page = editor.keys, editor.word, editor.page
    keys.follow("button", word("Save and go on"))
    with editor.saving():
        keys.select(word("Kind"), "incubator")
        keys.write(word("City"), "Алматы")
    if editor.variant.script:
        page.reload()
        assert page.input_value("[name=city]") == "Алматы"
    keys.follow("button", word("Save and go on"))
    keys.write(word("Description %(in_language)s", in_language=word("in English")), DESCRIPTION)
    keys.tick(keys.label_of("sectors"))
    keys.follow("button", word("Save and go on"))


def send(editor: Walker) -> None:
    editor.keys.follow("button", editor.word("Send for review"))
    assert editor.said("Waiting for an answer", "Ждёт ответа") in editor.page.text_content("main")


def approve(focal: Walker, name: str) -> None:
    focal.come_in("focal.kz@demo.example")
    focal.go("/incubators/queue/")
    focal.keys.follow("link", name)
    focal.keys.choose(focal.word("Approve", "listing"))
    focal.keys.follow("button", focal.word("Send the answer"))


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
