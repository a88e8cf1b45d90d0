"""What must hold before a start, each failure in one sentence that names the way out."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from network_platform.processes import broker
from network_platform.processes.plan import Plan, own_secret
from network_platform.processes.preconditions import hold, require_folder, require_free_port
from network_platform.processes.stopping import CannotStart


def test_a_port_in_use_names_the_next(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        with pytest.raises(CannotStart, match=f"Port {port} is in use.*PORT={port + 1}"):
            require_free_port("127.0.0.1", port)

    require_free_port("127.0.0.1", port)


@pytest.mark.parametrize("number", [0, 65536])
def test_a_port_that_cannot_be(number: int) -> None:
    with pytest.raises(CannotStart, match="between 1 and 65535"):
        require_free_port("127.0.0.1", number)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotStart, match="Cannot write in .*PLATFORM_VAR"):
        require_folder(tmp_path / "file" / "var")


def test_the_same_data_is_not_served_twice(tmp_path: Path) -> None:
    with hold(tmp_path, "http://127.0.0.1:8000/"), pytest.raises(CannotStart, match="already runs .*127.0.0.1:8000"):
        hold(tmp_path, "http://127.0.0.1:8001/")

    hold(tmp_path, "http://127.0.0.1:8001/").close()


def test_the_packaged_broker_comes_first_and_an_installed_one_will_do(monkeypatch, tmp_path: Path) -> None:
    assert broker.find_server().endswith("valkey-server")
    installed = tmp_path / "redis-server"
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.find_server() == str(installed)

    installed.unlink()
    with pytest.raises(CannotStart, match="apt-get install redis-server"):
        broker.find_server()


def test_a_long_folder_still_gets_a_socket(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 60) / ("y" * 60)

    path = broker.socket_path(long)

    assert len(os.fsencode(path)) <= 100
    assert path.parent.stat().st_mode & 0o077 == 0


def test_what_the_environment_names_is_not_started(tmp_path: Path) -> None:
    given = {"CELERY_BROKER_URL": "redis://elsewhere/0", "SMTP_HOST": "mail.speca.test", "SECRET_KEY": "mine"}
    plan = Plan("127.0.0.1", 8000, tmp_path, given)

    assert plan.helpers() == []
    assert plan.environment["SECRET_KEY"] == "mine"
    assert plan.environment["DEBUG"] == "0"
    assert "CELERY_BROKER_URL" not in plan.environment


def test_two_starts_at_once_take_two_ports_for_their_inboxes(tmp_path: Path) -> None:
    given = {"CELERY_BROKER_URL": "redis://elsewhere/0", "SECRET_KEY": "mine"}
    plans = [Plan("127.0.0.1", 8000, tmp_path, dict(given)) for _ in range(2)]

    inboxes = [plan.helpers()[0] for plan in plans]

    ports = [int(plan.environment["SMTP_PORT"]) for plan in plans]
    assert ports[0] != ports[1]
    assert [each.inherits[0].getsockname()[1] for each in inboxes] == ports
    for inbox in inboxes:
        inbox.inherits[0].close()


def test_each_installation_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secret = own_secret(tmp_path)

    assert len(secret) > 60
    assert own_secret(tmp_path) == secret
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_commands_beside_make_run_sign_with_its_key_in_development_alone(
    manage: Callable[..., Any], safe: dict[str, str], tmp_path: Path
) -> None:
    words = ("shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    before, kept = manage(*words), own_secret(tmp_path)

    ended = [manage(*words), manage(*words, SECRET_KEY="of-somebody"), manage(*words, **safe)]

    assert before.stdout.strip() == "development-only-not-a-secret"
    assert [each.stdout.strip() for each in ended] == [kept, "of-somebody", safe["SECRET_KEY"]]
