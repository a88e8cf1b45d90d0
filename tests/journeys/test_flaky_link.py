"""An incubator lists itself over a link that drops every second request: it tries again as people do, by keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Error

from tests.journeys.conftest import ONCE, Variant, Walker
from tests.journeys.flaky import flaky_link
from tests.journeys.stack import Platform

BREATH = 300  # milliseconds
PATIENCE = 12
DESCRIPTION = "Six months of support for twelve teams a year, free of charge."
# What stands at the end of a journey in which nothing was lost.
TYPED = {"kind": "incubator", "city": "Almaty", "founded_year": "2018", "description_en": DESCRIPTION}


TYPED_HERE = """() => [...document.querySelectorAll('main form')].flatMap(form => [...new FormData(form)])
  .filter(([name]) => !['csrfmiddlewaretoken', 'version', 'seen'].includes(name)).map(pair => pair.join('=')).join('&')"""


class Patient:
    """Whoever sees the browser's error page loads it again, which sends again what was sent. Where that shows the form
    once more, what was typed has to be in it.
    """

    def __init__(self, walker: Walker) -> None:
        self.walker, self.page = walker, walker.page

    def go(self, path: str) -> None:
        with trying():
            self.page.goto(self.walker.address(path))
        self.load_again()

    def follow(self, role: str, name: str) -> None:
        """Press until another page is there."""
        before, typed = self.where(), self.page.evaluate(TYPED_HERE)
        for _attempt in range(PATIENCE):
            self.walker.keys.reach(role, name)
            with self.page.expect_event("domcontentloaded"):
                self.page.keyboard.press("Enter")
            self.load_again()
            if self.where() != before:
                return
            self.page.wait_for_function(f"typed => ({TYPED_HERE})() === typed", arg=typed)
        raise AssertionError(f"“{name}” led nowhere from {before}")

    def load_again(self) -> None:
        for _attempt in range(PATIENCE):
            if self.where():
                return
            self.page.wait_for_timeout(BREATH)  # on a slow machine the page is on its way: another reload would stop it
            if self.where():
                return
            with trying():
                self.page.reload()
        raise AssertionError(f"{PATIENCE} attempts did not bring a page")

    def where(self) -> str:
        """The address and heading of a page of the platform; nothing on the browser's own."""
        self.page.wait_for_load_state()
        heading = self.page.locator("main h1")
        if self.page.url.startswith("chrome-error:") or not heading.count():
            return ""
        return f"{self.page.url.partition('#')[0]} {heading.text_content()}"


@contextmanager
def trying() -> Iterator[None]:
    """A browser that got no answer shows its own page."""
    try:
        yield
    except Error as error:
        if "net::ERR_" not in str(error) and "Not attached" not in str(error):
            raise


@ONCE
@pytest.mark.parametrize("variant", [Variant(360, "en"), Variant(1280, "ru")], ids=str)
def test_an_incubator_lists_itself_though_every_second_request_is_lost(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    made = platform.run("tests.journeys.registry:listing", str(variant), variant.language)
    editor = walk(variant)
    editor.come_in(made["editor"])
    with flaky_link(platform.address) as link:
        editor.platform = replace(platform, address=link.address)
        patient = Patient(editor)
        list_it(patient, made["name"])
        lost = {line.partition(" ")[0] for line in link.lost}

    own = platform.run("tests.journeys.registry:begun_by", made["editor"])
    assert [(each["values"]["name_en"], each["status"]) for each in own] == [(made["name"], "submitted")]
    said = {name: str(own[0]["values"].get(name)) for name in TYPED}
    assert said == TYPED
    assert lost >= {"GET", "POST"}
    editor.errors[:] = [error for error in editor.errors if "ERR_EMPTY_RESPONSE" not in error]


def list_it(patient: Patient, name: str) -> None:
    keys, word, page = patient.walker.keys, patient.walker.word, patient.page
    patient.go("/incubators/new/")
    keys.write(word("Name of the organisation"), name)
    keys.select(word("Language of this name"), "en")
    keys.select(word("Country"), "KZ")
    patient.follow("button", word("Go on"))
    own = f"{word('This is yours: open it', 'listing')}: {name}"
    if page.get_by_role("link", name=own).count():  # it began, and the answer was lost
        patient.follow("link", own)
        patient.follow("link", word("Names"))
    patient.follow("button", word("Save and go on"))
    keys.select(word("Kind"), "incubator")
    keys.write(word("City"), TYPED["city"])
    keys.write(word("Year of foundation"), TYPED["founded_year"])
    patient.follow("button", word("Save and go on"))
    keys.write(word("Description %(in_language)s", in_language=word("in English")), DESCRIPTION)
    keys.tick(keys.label_of("sectors"))
    patient.follow("button", word("Save and go on"))
    patient.follow("button", word("Send for review"))
