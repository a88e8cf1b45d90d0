"""Django for a benchmark, and its two ways of measuring. Imported before anything of the platform."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")
os.environ["PLATFORM_MODE"] = "test"
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django  # noqa: E402

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from network_platform import wsgi  # noqa: E402, F401 - loads all views and sets the collector, as a web process does

ROUNDS = 15


def once(label: str, act: Callable[[], Any]) -> Any:
    """CPU and queries of something that happens once."""
    with CaptureQueriesContext(connection) as asked:
        begun = time.process_time()
        result = act()
        spent = (time.process_time() - begun) * 1000
    _tell(label, spent, len(asked))
    return result


def often(label: str, act: Callable[[], Any]) -> None:
    """The median CPU of some rounds after one to warm up, and the queries of the last one."""
    act()
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        act()
        times.append((time.process_time() - begun) * 1000)
    with CaptureQueriesContext(connection) as asked:
        act()
    _tell(label, statistics.median(times), len(asked))


def anew(client: Client, path: str) -> Callable[[], Any]:
    """A page made without kept pages; the whole answer is read."""

    def act() -> None:
        cache.clear()
        answer(client, path)

    return act


def kept(client: Client, path: str) -> Callable[[], Any]:
    """A page as it comes the second time."""
    return lambda: answer(client, path)


def answer(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    b"".join(response.streaming_content) if response.streaming else response.content  # noqa: B018


def _tell(label: str, milliseconds: float, queries: int) -> None:
    print(f"{label:<58} {milliseconds:8.1f} ms {queries:4} queries", flush=True)
