"""Walk the matrix. A URL without a row fails; so does a row without a URL."""

import re
from collections.abc import Iterator
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.matrix.engine import ALL, APPS, METHODS, ROLES, Prefix, Row, World, ask, every_url, gets_through, whole_world

# The database is needed at all; which one changes nothing in who may.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SHADOWED = {"wagtail_serve": "cms:page"}  # a view of ours answers for every address of Wagtail's


def _collect() -> tuple[dict[str, Row], list[Prefix]]:
    rows: dict[str, Row] = {}
    prefixes: list[Prefix] = []
    for app in APPS:
        module = import_module(f"tests.matrix.rows_{app}")
        rows.update(module.ROWS)
        prefixes += getattr(module, "PREFIXES", [])
    return rows, prefixes


ROWS, PREFIXES = _collect()


def _prefix_of(route: str) -> Prefix | None:
    path = re.sub(r"^\^?(en|ru)/", "", route.lstrip("^"))
    return next((prefix for prefix in PREFIXES if path.startswith(prefix.prefix)), None)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """Built once for the module, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), whole_world() as made:
        yield made


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    made = {"visitor": Client(raise_request_exception=False)}
    for role, user in world.users.items():
        made[role] = Client(raise_request_exception=False)
        made[role].force_login(user)
    return made


def test_every_url_has_a_row() -> None:
    missing = sorted({name or route for name, route in every_url() if name not in ROWS and _prefix_of(route) is None})

    assert missing == []


def test_every_row_has_a_url() -> None:
    names = {name for name, _ in every_url()}

    assert sorted(set(ROWS) - names) == []


@pytest.mark.parametrize("name", sorted(ROWS))
def test_only_those_entitled_get_through(name: str, world: World, clients: dict[str, Client]) -> None:
    row = ROWS[name]
    wrong = []

    for side in _sides(row, world):
        path, data = row.path(world, side), row.data(world, side)
        for method in METHODS if side == "own" else row.methods:
            for role in ROLES:
                response = ask(clients[role], method, path, data)
                if method == "OPTIONS" and response.status_code == 405:
                    continue  # a view need not answer what it may be asked; saying no tells nobody anything
                if gets_through(response) is not row.expected(method, role, side):
                    wrong.append(f"{side} {method} {role}: {response.status_code} {response.get('Location', '')}")

    assert wrong == [], path


def _sides(row: Row, world: World) -> tuple[str, ...]:
    """What belongs to no country is asked once: the same question cannot have two answers."""
    if (row.path(world, "own"), row.data(world, "own")) != (row.path(world, "foreign"), row.data(world, "foreign")):
        return ("own", "foreign")
    assert row.allow_foreign is None
    return ("own",)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_row_asks_for_its_own_address(name: str, world: World) -> None:
    """A misspelt address would be a 404, which looks like a refusal."""
    for side in ("own", "foreign"):
        path = urlsplit(ROWS[name].path(world, side)).path
        assert resolve(path).view_name == SHADOWED.get(name, name), path


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if not any(row.allow.values())))
def test_who_lets_nobody_in_is_there(name: str, world: World, clients: dict[str, Client]) -> None:
    row = ROWS[name]
    path = row.path(world, "own")

    answers = {ask(clients["secretariat"], method, path, {}).status_code for method in ("GET", "POST")}

    assert 404 in answers if row.absent else answers & {302, 403}


@pytest.mark.once
@pytest.mark.parametrize("prefix", [each for each in PREFIXES if ALL - set(each.roles)], ids=lambda each: each.prefix)
def test_packages_let_only_their_roles_in(prefix: Prefix, world: World, clients: dict[str, Client]) -> None:
    outsiders = [role for role in ROLES if role not in prefix.roles]
    addresses = _addresses_below(prefix)
    wrong = []

    for path in addresses:
        for method in ("GET", "POST"):
            wrong += [
                f"{role} {method} {path}"
                for role in outsiders
                if gets_through(ask(clients[role], method, path, {}, rendered=False))
            ]

    assert outsiders
    assert len(addresses) > 1
    assert wrong == []


def _addresses_below(prefix: Prefix) -> list[str]:
    """Each address below the prefix, its arguments filled with 1: enough to see that nobody gets that far."""
    found = []
    for _, route in every_url():
        if _prefix_of(route) is prefix:
            plain = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>|\([^)]*\)", "1", route)
            found.append("/" + re.sub(r"[\^$\\?]", "", plain))
    return sorted(set(found))
