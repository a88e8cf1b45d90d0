"""Schemathesis makes requests from our own OpenAPI description and holds every answer against it.

They go through the whole WSGI application to the test's database, as a visitor, with a token that may only read, and with one that
may write all that there is. `make schemathesis` asks more than 5,000 times: `SCHEMATHESIS_EXAMPLES` says how many requests are made
up for each operation, and with it the phase comes in that walks the borders of every parameter.
"""

import os
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections, transaction
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import engine, openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from schemathesis.transport.wsgi import WSGITransport

from network_platform.tokens.scopes import scopes
from tests.matrix.engine import World, whole_world
from tests.tokens.factories import make_token

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600)]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
SETTINGS = tomllib.loads((Path(__file__).parent / "schemathesis.toml").read_text())
NETWORK_ONLY = ("max_redirects", "verify", "cert", "proxies")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), whole_world() as made:
        yield made


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Our application, in whatever thread it is called, on the connection of this test; and as much as one likes."""
    send = WSGITransport.send
    without = lambda self, case, **more: send(self, case, **{k: v for k, v in more.items() if k not in NETWORK_ONLY})  # noqa: E731
    monkeypatch.setattr(WSGITransport, "send", without)  # its probes without a token bring what only a network takes
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", dict.fromkeys(("anon", "user", "writes"), "100000/s"))
    ours, connection = get_wsgi_application(), connections["default"]
    connection.inc_thread_sharing()
    ends = (request_started, request_finished)
    for end in ends:  # as Django's own test client does: the connection outlives a request here
        end.disconnect(close_old_connections)

    def call(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        connections["default"] = connection
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # asked without a network, Schemathesis does not unpack answers
        return ours(environ, start)

    yield call
    for end in ends:
        end.connect(close_old_connections)
    connection.dec_thread_sharing()


def known(world: World) -> dict[str, Any]:
    """What there is, so that most addresses that are made up lead somewhere."""
    own = world.own
    organisations = (own.organisation, own.registry_stale, own.registry_draft)
    programmes = (own.registry_shown, own.registry_begun_programme)
    values = {
        "uid": [str(each.uid) for each in (*organisations, *programmes)],
        "organisation": [str(own.organisation.uid)],
        "slug": [own.competition.slug, own.announced.slug, "matrix-expert"],
        "year": [own.year, own.year - 1, own.year - 2],
        "iso2": ["KZ", "kg"],
        "version": ["0", "1"],
    }
    places = {f"path.{name}": name for name in ("uid", "slug", "year", "iso2")}
    places |= {f"body.{name}": name for name in ("organisation", "version")}
    return {
        "dictionaries": {name: {"values": each} for name, each in values.items()},
        "parameters": {place: {"dictionary": name, "probability": 0.7} for place, name in places.items()},
    }


@pytest.mark.parametrize("who", ["visitor", "reader", "editor"])
def test_answers_are_as_described(world: World, ask: Callable[..., Any], who: str) -> None:
    rights = scopes() if who == "editor" else ()
    with transaction.atomic():
        headers = {} if who == "visitor" else make_token(world.user("org_editor"), rights)[1]
        config = SchemathesisConfig.from_dict(SETTINGS | known(world) | {"headers": headers})
        phases = config.projects.default.phases
        phases.coverage.enabled = bool(EXAMPLES)
        phases.fuzzing.generation.max_examples = phases.stateful.generation.max_examples = EXAMPLES or 2
        asked, found = walk(openapi.from_wsgi("/api/schema/", ask, config=config))
        transaction.set_rollback(True)

    print(who, asked.total(), dict(sorted(asked.items())))  # noqa: T201 - shown by `make schemathesis`
    assert not found, "\n".join(found)
    assert asked[200] > asked.total() / 20


def walk(schema: Any) -> tuple[Counter[int], list[str]]:
    """How many answers had which status, and what Schemathesis has found, each thing once."""
    asked: Counter[int] = Counter()
    found: dict[tuple[str, ...], str] = {}
    for event in engine.from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            found[event.label, str(event.value)] = f"{event.label}: {event.value!r}"
        if isinstance(event, ScenarioFinished):
            asked.update(each.response.status_code for each in event.recorder.interactions.values() if each.response)
            for check in [each for checks in event.recorder.checks.values() for each in checks if each.failure_info]:
                said, failure = check.failure_info, check.failure_info.failure
                found[check.name, str(failure.operation), failure.title] = (
                    f"{check.name}, {failure.operation}: {failure.title}\n{failure.message}\n{said.code_sample}\n"
                )
    return asked, list(found.values())
