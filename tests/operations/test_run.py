"""`make run`, whole: first page, a quick second start that keeps the data, Ctrl-C, and nothing left behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from network_platform.environment import BASE_DIR, VARIABLES

FIRST_START, SECOND_START = 240, 10
READY = "The network is at http://127.0.0.1:"


class Run:
    """`make run` in a session of its own, as a terminal would start it."""

    def __init__(self, folder: Path, port: int, **variables: str) -> None:
        self.port, self.log = port, folder.parent / f"{folder.name}-{port}.log"
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "run", f"PORT={port}", f"PLATFORM_VAR={folder}"],
            cwd=BASE_DIR,
            env={**kept, "PLATFORM_DEMONSTRATION": "0", "MARK": str(folder), **variables},
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        return self.log.read_text()

    def wait_ready(self, seconds: float) -> float:
        while READY not in self.said() and self.process.poll() is None and self.seconds() < seconds:
            time.sleep(0.05)
        assert READY in self.said(), self.said()
        return self.seconds()

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def end(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does it: to the whole group in the foreground."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(40)


def left_behind(folder: Path) -> list[str]:
    """Processes that have this folder in their environment, or in their title as the broker does."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text().replace("\0", " ")
            if f"MARK={folder}\0".encode() in (process / "environ").read_bytes() or f"{folder}/" in command:
                found.append(command)
        except OSError:
            continue
    return found


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        run.end(signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes in /proc")
@pytest.mark.timeout(400)
def test_two_starts_and_two_ends(tmp_path: Path, port: int, runs: list[Run]) -> None:
    folder = tmp_path / "var"
    runs.append(first := Run(folder, port))
    first.wait_ready(FIRST_START)
    for name in ("valkey-server", "processes.inbox", "gunicorn", "celery", "beat"):
        assert any(name in command for command in left_behind(folder)), name
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as response:
        assert response.read() == b'{"status": "ok", "failed": []}'
    write_a_person(folder)

    first.end(signal.SIGINT)
    assert left_behind(folder) == []
    assert first.said().rstrip().splitlines()[-1].startswith(("Stopped.", "make"))
    assert "Traceback" not in first.said()

    runs.append(second := Run(folder, port))
    took = second.wait_ready(60)
    assert took < SECOND_START * slowness()
    assert "Migrating" not in second.said()
    assert "Collecting" not in second.said()
    assert people(folder) == ["kept@speca.test"]

    second.end(signal.SIGTERM)
    assert left_behind(folder) == []


def slowness() -> float:
    """Other tests and people use the same cores; ten seconds are meant for a machine of one's own."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) * 2)


def write_a_person(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "platform.sqlite3", timeout=20)) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(people_user)") if row[3] and not row[5]]
        values = {"email": "kept@speca.test", "uid": "0" * 32, "date_joined": "2026-01-01 00:00:00"}
        row = [values.get(name, "") for name in columns]
        marks = ",".join("?" * len(columns))
        database.execute(f"INSERT INTO people_user ({','.join(columns)}) VALUES ({marks})", row)


def people(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "platform.sqlite3", timeout=20)) as database:
        return [email for (email,) in database.execute("SELECT email FROM people_user WHERE email LIKE 'kept@%'")]


def one_sentence(run: Run) -> str:
    assert run.process.wait(60) != 0
    said = [line for line in run.said().splitlines() if line and not line.startswith("make")]
    assert len(said) == 1, run.said()
    return said[0]


def test_a_port_in_use(tmp_path: Path, port: int, runs: list[Run]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        runs.append(run := Run(tmp_path / "var", port))

        assert one_sentence(run).startswith(f"Port {port} is in use: stop what listens there")


def test_a_port_that_cannot_be(tmp_path: Path, runs: list[Run]) -> None:
    runs.append(run := Run(tmp_path / "var", 0))

    assert one_sentence(run).startswith("PORT must be a number")


def test_a_folder_that_cannot_be_written(tmp_path: Path, port: int, runs: list[Run]) -> None:
    (tmp_path / "var").write_text("")
    runs.append(run := Run(tmp_path / "var", port))

    assert one_sentence(run).startswith(f"Cannot write in {tmp_path / 'var'}")


def test_production_without_its_settings(tmp_path: Path, port: int, runs: list[Run]) -> None:
    runs.append(run := Run(tmp_path / "var", port, PLATFORM_MODE="production"))

    assert run.process.wait(60) != 0
    assert "- ALLOWED_HOSTS has the development hosts only." in run.said()
    assert "Traceback" not in run.said()
    assert left_behind(tmp_path / "var") == []
