"""What every test may use: a signed-in client, query counting, and the system's Chromium."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import translation

from tests.chromium import find as find_chromium

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread that uses the ORM

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the platform that the journeys started; workers leave that to the one who started them."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not hasattr(session.config, "workerinput"):
        from tests.journeys.stack import stop

        stop(factory.getbasetemp())


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """No test reads in the language that another one left behind."""
    translation.activate("en")


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_the_journal() -> Iterator[None]:
    """Transactional tests end with a flush, which the journal's triggers would refuse."""
    from network_platform.journal.guard import lifted

    empty = TransactionTestCase._fixture_teardown

    def empty_unguarded(case: TransactionTestCase) -> None:
        with lifted():
            empty(case)

    TransactionTestCase._fixture_teardown = empty_unguarded
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture
def signed_in(db: None) -> Callable[[Any], Client]:
    """`signed_in(user)` gives a client with that person's session."""

    def sign_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium. Journeys are skipped, and say so, where the machine has none."""
    path = find_chromium()
    if not path:
        pytest.skip(
            "no Chromium on this machine: the browser journeys are skipped; apt-get install chromium brings them"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Any) -> Iterator[Any]:
    """A fresh page of 360 px in a context of its own."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    yield context.new_page()
    context.close()
