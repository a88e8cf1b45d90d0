"""What every test may use: a signed-in client, query counting, and the system's Chromium."""

import gc
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation

from tests import migrated, restoring
from tests.chromium import find as find_chromium

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads of several test processes only wait
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread that uses the ORM

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        migrated.begin(session.config._tmp_path_factory.getbasetemp())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the platform that the journeys started; workers leave that to the one who started them."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not hasattr(session.config, "workerinput"):
        from tests.journeys.stack import stop

        stop(factory.getbasetemp())
        migrated.end(factory.getbasetemp())


def pytest_configure() -> None:
    """Django's models and templates live to the end: looking for garbage among them costs a tenth of all time.
    Lines of tens of thousands of requests are read by nobody.
    """
    gc.set_threshold(100_000, 50, 100)
    logging.getLogger("network_platform.requests").setLevel(logging.WARNING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that open no database are marked `once`. Those in a browser come first: they wait while others compute."""
    browsing, stored, plain = [], [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", []))
        opens = {"db", "transactional_db", "platform"} & fixtures
        if not opens and item.get_closest_marker("django_db") is None:
            item.add_marker("once")
            plain.append(item)
        else:
            (browsing if "/journeys/" in item.nodeid or "chromium" in fixtures else stored).append(item)
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = _without_waiting(browsing + stored, plain, processes)


def _without_waiting(stored: list[pytest.Item], plain: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Each process is given one run of tests in this order. All runs but the first, which starts the platform, begin
    with those that need no database: migrations are still under way then.
    """
    length, found = (len(stored) + len(plain)) // processes, []
    each = len(plain) // max(processes - 1, 1)
    for process in range(processes - 1):
        first = plain[each * (process - 1) : each * process] if process else []
        found += first + stored[: length - len(first)]
        stored = stored[length - len(first) :]
    return found + plain[each * max(processes - 2, 0) :] + stored


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """No test reads in the language that another one left behind."""
    translation.activate("en")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One of several processes takes its database from what was migrated for all of them."""
    if hasattr(request.config, "workerinput"):
        name = migrated.template(tmp_path_factory.getbasetemp().parent)
        if name:
            connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Transactional tests end with the database as it was at first, instead of with Django's flush."""
    with django_db_blocker.unblock():
        bring_back = restoring.keep()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: bring_back()
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture
def database_for_threads(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads may share: SQLite in memory has other locks than a file, so the test runs on a copy."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    path = tmp_path / "threads.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    kept, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept, name


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
