"""The matrix: every URL x method x role x (own, foreign) country, generated from the URL conf.

How an app takes part:

- `tests/<app>/world.py` has `build(world: World) -> None`. It puts users into `world.users[role]` (make them with
  `world.user(role)`, which creates the person on first use) and things into `world.own` (Kazakhstan, `kz`) and
  `world.foreign` (Kyrgyzstan, `kg`), each a namespace: `world.own.organisation`, `world.foreign.organisation`.
  Apps are built lowest floor first, so an app finds what the apps below it left there.
- `tests/matrix/rows_<app>.py` has `ROWS: dict[str, Row]` keyed by URL name with its namespace ("incubators:detail").

What a row says: `path(world, side)` gives the address for side "own" or "foreign"; `allow` names the roles that get
through for each method (HEAD and OPTIONS follow GET; a method that is not named is refused to everybody);
`allow_foreign` is the same for the foreign country's thing, and None means "as own". Getting through means any answer
that is not a refusal: 2xx, 304, a redirect that does not lead to sign-in, or 400/409/422 (the request was looked at).
A refusal is 401, 403, 404, 405, 410 or a redirect to sign-in or re-authentication. A 5xx is always a failure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from network_platform.people.models import User

APPS = ("ground", "operations", "incubators", "mentors", "competitions", "cms")
ROLES = (
    "visitor",
    "member",
    "cms_editor",
    "org_editor",
    "founder",
    "expert",
    "judge",
    "manager",
    "observer",
    "focal",
    "deputy",
    "secretariat",
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
ALL = frozenset(ROLES)
SIGNED_IN = ALL - {"visitor"}
NOBODY: frozenset[str] = frozenset()
REFUSALS = {401, 403, 404, 405, 410}
DOORS = ("/accounts/login/", "/accounts/reauthenticate/", "/wagtail/login/")


@dataclass
class World:
    """The people and things that the matrix walks over. The focal point, deputy and editors belong to `own`."""

    users: dict[str, User] = field(default_factory=dict)
    own: SimpleNamespace = field(default_factory=SimpleNamespace)
    foreign: SimpleNamespace = field(default_factory=SimpleNamespace)

    def side(self, side: str) -> SimpleNamespace:
        return self.own if side == "own" else self.foreign

    def user(self, role: str) -> User:
        if role not in self.users:
            user = User.objects.create_user(f"{role}@matrix.example", name=f"Matrix {role}")
            if role == "secretariat":
                user.groups.add(Group.objects.get_or_create(name="secretariat")[0])
            self.users[role] = user
        return self.users[role]


@contextmanager
def whole_world() -> Iterator[World]:
    """Everybody and everything that the apps bring, in a transaction that is rolled back at the end."""
    with transaction.atomic(), translation.override("en"):
        made = World()
        for app in APPS:
            if find_spec(f"tests.{app}.world"):
                import_module(f"tests.{app}.world").build(made)
        for role in ROLES[1:]:
            made.user(role)
        connection.run_on_commit = []  # nothing of this will be committed, and every savepoint would look through it
        yield made
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Row:
    """Who gets through to one URL; see the module's docstring.

    A row that lets nobody in must still meet something that refuses; `absent` says that there is nothing to meet.
    """

    path: Callable[[World, str], str]
    allow: Mapping[str, Collection[str]]
    allow_foreign: Mapping[str, Collection[str]] | None = None
    data: Callable[[World, str], dict[str, Any]] = lambda world, side: {}
    absent: bool = False

    @property
    def methods(self) -> list[str]:
        """Those that somebody may use. What nobody may is refused before anything is looked up: it has no country."""
        named = {method for table in (self.allow, self.allow_foreign or {}) for method, roles in table.items() if roles}
        return [method for method in METHODS if ("GET" if method in {"HEAD", "OPTIONS"} else method) in named]

    def expected(self, method: str, role: str, side: str) -> bool:
        table = self.allow if side == "own" or self.allow_foreign is None else self.allow_foreign
        return role in table.get("GET" if method in {"HEAD", "OPTIONS"} else method, ())


@dataclass(frozen=True)
class Prefix:
    """All URLs of a foreign package below `prefix` (without language): refused to every role not in `roles`.

    With `roles=ALL` nothing is asked: it says where else each page is walked.
    """

    prefix: str
    roles: Collection[str]


def gets_through(response: HttpResponse) -> bool:
    if response.status_code >= 500:
        raise AssertionError(f"{response.status_code}")
    if 300 <= response.status_code < 400 and response.status_code != 304:
        return not any(door in response["Location"] for door in DOORS)
    return response.status_code not in REFUSALS


def ask(client: Client, method: str, path: str, data: dict[str, Any], *, rendered: bool = True) -> HttpResponse:
    """One request whose effects are undone. Pages are rendered for GET and POST; others decide alike and answer with less."""
    with transaction.atomic(), nullcontext() if rendered and method in {"GET", "POST"} else without_templates():
        send = getattr(client, method.lower())
        response = send(path, data) if method == "POST" else send(path)
        transaction.set_rollback(True)
    return response


@contextmanager
def without_templates() -> Iterator[None]:
    render, Template.render = Template.render, lambda *given, **named: ""
    try:
        yield
    finally:
        Template.render = render


def every_url() -> Iterator[tuple[str, str]]:
    """(name with namespaces or '', route) of every pattern in the URL conf."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, namespace: str, route: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, here)
        elif isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else "", here)
