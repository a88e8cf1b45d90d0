"""Journeys run against the platform as users meet it, in Chromium, on a phone and on a laptop, in two languages."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.axe import violations
from tests.journeys.keyboard import Keyboard
from tests.journeys.stack import Platform, running_platform

WIDTHS = {360: {"width": 360, "height": 740}, 1280: {"width": 1280, "height": 800}}


@pytest.fixture(scope="session")
def platform(chromium: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Platform:
    """With JOURNEYS_FOLDER set, the platform is started there once and kept running between test runs."""
    kept = os.environ.get("JOURNEYS_FOLDER")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        return running_platform(Path(kept))
    base = tmp_path_factory.getbasetemp()
    return running_platform(base if worker_id == "master" else base.parent)


@dataclass(frozen=True)
class Variant:
    """One way to walk a journey."""

    width: int
    language: str
    script: bool = True

    @property
    def number(self) -> int:
        """0 to 3 with scripts, 4 and 5 without: lets journeys that change data keep out of each other's way."""
        at = [(360, "en"), (360, "ru"), (1280, "en"), (1280, "ru")].index((self.width, self.language))
        return at if self.script else 4 + at % 2

    def __str__(self) -> str:
        return f"{self.width}-{self.language}{'' if self.script else '-noscript'}"


# Width, language and script do not meet the database: on other services one variant of each journey is enough.
ONCE = pytest.mark.once
EVERYWHERE = [
    pytest.param(Variant(360, "en"), marks=ONCE),
    pytest.param(Variant(360, "ru")),
    pytest.param(Variant(1280, "en"), marks=ONCE),
    pytest.param(Variant(1280, "ru"), marks=ONCE),
]
# Every language and every width once, for journeys whose pages are made of parts that others show in all four.
CROSSED = [pytest.param(Variant(360, "ru")), pytest.param(Variant(1280, "en"), marks=ONCE)]
WITHOUT_SCRIPT = [pytest.param(Variant(360, language, script=False), marks=ONCE) for language in ("en", "ru")]


@dataclass
class Walker:
    """A person at a device. `go` takes paths without the language; every page visited is checked by axe."""

    platform: Platform
    variant: Variant
    context: Any
    page: Any
    errors: list[str]

    @property
    def language(self) -> str:
        return self.variant.language

    def address(self, path: str) -> str:
        return f"{self.platform.address}/{self.language}{path}"

    def go(self, path: str, *, expect: int = 200) -> Any:
        response = self.page.goto(self.address(path))
        assert response.status == expect, f"{path}: {response.status}"
        self.check()
        return self.page

    def sign_in(self, email: str, password: str = "network-demo", *, by_keyboard: bool = False) -> None:
        """Thirty people a minute may sign in from one machine: who comes too early waits."""
        for _attempt in range(15):
            self.page.goto(self.address("/accounts/login/"))
            if by_keyboard:
                self.keys.write(self.keys.label_of("login"), email)
                self.keys.write(self.keys.label_of("password"), password)
            else:
                self.page.fill("input[name=login]", email)
                self.page.fill("input[name=password]", password)
            with self.page.expect_navigation() as moved:
                if by_keyboard:
                    self.page.keyboard.press("Enter")
                else:
                    self.page.click("form:has(input[name=password]) button[type=submit]")
            if moved.value.status != 429:
                break
            self.errors[:] = [error for error in self.errors if "429" not in error]
            self.page.wait_for_timeout(5000)
        self.page.wait_for_load_state()
        assert "/accounts/login" not in self.page.url, "the sign-in was refused"

    def come_in(self, email: str) -> None:
        """Signed in already; `sign_in` is for journeys that begin at the door."""
        cookie = self.platform.run("tests.journeys.data:session", email)
        self.context.add_cookies([cookie | {"url": self.platform.address}])

    @property
    def keys(self) -> Keyboard:
        return Keyboard(self)

    def word(self, english: str, context: str | None = None, **values: object) -> str:
        """What the page says for a text of the source, in the walker's language; fails if nobody has translated it."""
        with translation.override(self.language):
            words = translation.pgettext(context, english) if context else translation.gettext(english)
        assert self.language == "en" or words != english, f"“{english}” is not translated"
        return words % values if values else words

    def sign_out(self) -> None:
        self.context.clear_cookies()

    def press(self, selector: str) -> None:
        """Click what leads to another page, and check that page."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.check()

    def saving(self) -> Any:
        """`with walker.saving(): type something` waits until the server has taken it; at once without scripts."""
        if not self.variant.script:
            return nullcontext()
        return self.page.expect_response(lambda answer: "x-autosave" in answer.request.headers and answer.ok)

    def said(self, english: str, russian: str) -> str:
        return english if self.language == "en" else russian

    def check(self) -> None:
        """No sideways scroll, nothing from elsewhere, no accessibility violation."""
        self.page.wait_for_load_state()
        if not self.variant.script:
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        assert violations(self.page) == [], self.page.url


@pytest.fixture
def walk(chromium: Any, platform: Platform) -> Iterator[Callable[[Variant], Walker]]:
    """`walk(variant)` gives a person with a fresh browser; console errors and foreign hosts fail the test."""
    walkers: list[Walker] = []

    def begin(variant: Variant) -> Walker:
        context = chromium.new_context(
            viewport=WIDTHS[variant.width],
            is_mobile=variant.width < 700,
            has_touch=variant.width < 700,
            java_script_enabled=variant.script,
            locale=variant.language,
        )
        context.set_default_timeout(15_000)
        errors: list[str] = []
        context.on("console", lambda message: message.type == "error" and errors.append(message.text[:200]))
        context.on("weberror", lambda error: errors.append(str(error.error)[:200]))
        context.on(
            "request",
            lambda request: (
                request.url.startswith(("http://127.0.0.1", "data:", "blob:")) or errors.append(request.url)
            ),
        )
        walker = Walker(platform, variant, context, context.new_page(), errors)
        walkers.append(walker)
        return walker

    yield begin
    for walker in walkers:
        walker.context.close()
    assert [error for walker in walkers for error in walker.errors] == []
