"""Log lines: one a request, with its id, and nobody's address in them."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.test import Client

from network_platform import logs
from network_platform.people.models import User


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """What would stand on standard error, in production's form."""
    caplog.set_level(logging.INFO, logger="network_platform.requests")
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs._formatter("json"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def entries(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_the_id_of_its_answer(client: Client, lines: StringIO) -> None:
    response = client.get("/robots.txt?token=s3cret&email=aigerim@speca.test")

    [entry] = [entry for entry in entries(lines) if entry["event"] == "request"]
    assert entry["request"] == response["X-Request-ID"]
    assert (entry["method"], entry["path"], entry["status"], entry["view"]) == ("GET", "/robots.txt", 200, "robots")
    assert "s3cret" not in lines.getvalue()
    assert "aigerim" not in lines.getvalue()


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("7f1c2d34-aaaa-bbbb-cccc-0123456789ab", True),
        ("short", False),
        ("x" * 65, False),
        ("<script>alert(1)</script>", False),
        ("abcdefghijklmnop\x1b[31m", False),
    ],
)
def test_only_a_well_formed_id_is_taken_over(offered: str, kept: bool, client: Client) -> None:
    response = client.get("/health/live", headers={"X-Request-ID": offered})

    assert (response["X-Request-ID"] == offered) is kept
    assert logs.ADDRESS.search(response["X-Request-ID"]) is None


@pytest.mark.django_db
def test_a_person_is_a_uid_never_an_address(client: Client, lines: StringIO) -> None:
    person = User.objects.create_user("nodira@speca.test", name="Nodira Sample")
    client.force_login(person)

    client.get("/en/desk/")

    found = [entry for entry in entries(lines) if entry["event"] == "request"]
    assert [entry["user"] for entry in found] == [str(person.uid)]
    assert "nodira@" not in lines.getvalue()


def test_addresses_are_taken_out_of_everything_even_tracebacks(lines: StringIO) -> None:
    try:
        raise ValueError("Key (email)=(timur@speca.test) already exists")
    except ValueError:
        logging.getLogger("some.library").exception("for %s at /x/?code=123456", "timur@speca.test")

    assert "timur" not in lines.getvalue()
    assert "123456" not in lines.getvalue()
    assert "<address>" in lines.getvalue()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (
            "/en/accounts/password/reset/key/3-c2xk9q-0123456789abcdef0123456789abcdef/",
            "/en/accounts/password/reset/key/.../",
        ),
        ("/en/incubators/almaty-tech-garden/", "/en/incubators/almaty-tech-garden/"),
        (
            "/en/judging/0190a7b2-1111-7222-8333-444455556666/",
            "/en/judging/0190a7b2-1111-7222-8333-444455556666/",
        ),
    ],
)
def test_keys_in_paths_are_masked(path: str, shown: str) -> None:
    assert logs.safe_path(path) == shown


def test_a_task_carries_the_request_that_asked_for_it() -> None:
    from network_platform.celery import pass_request_on

    headers: dict[str, object] = {}
    with structlog.contextvars.bound_contextvars(request="abc"):
        pass_request_on(headers=headers)

    assert headers == {"request_id": "abc"}
