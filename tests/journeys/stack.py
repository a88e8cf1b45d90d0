"""The whole platform as `make run` starts it, once for all journeys: own folder, own port, demonstration data."""

import email
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.policy import default as modern
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 500
NOTE = "platform.json"


@dataclass(frozen=True)
class Platform:
    """A running platform: `address` without a trailing slash, its folder, and the environment of its processes."""

    address: str
    folder: Path
    environment: dict[str, str]

    def run(self, function: str, *arguments: str) -> Any:
        """Call `module:function` inside the platform's own settings and database; its JSON answer."""
        inside = process_inside(self)
        inside.stdin.write(json.dumps([*function.split(":"), arguments]) + "\n")
        inside.stdin.flush()
        answer = json.loads(inside.stdout.readline() or '{"error": "the process inside the platform ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def mails_to(self, address: str, *, since: float = 0, wait: float = 30) -> list[Message]:
        """Mails that arrived at the real inbox for `address` after `since` (seconds of the epoch), newest first."""
        deadline = time.monotonic() + wait
        while True:
            found = [mail for mail in self._mails(since, address) if address.lower() in str(mail["To"]).lower()]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.3)

    def mail_about(self, words: str, *, to: str, wait: float = 30) -> str:
        """The text of the newest mail to `to` that has `words` in subject or text; '' if none has come."""
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            for mail in self.mails_to(to, wait=wait):
                text = f"{mail['Subject']}\n{mail.get_content()}"
                if words in text:
                    return text
            time.sleep(0.3)
        return ""

    def link_to(self, address: str, path: str, *, about: str = "") -> str:
        """The link with `path` in the newest mail to `address` that says something `about`."""
        text = self.mail_about(about, to=address)
        return next(word for word in text.split() if word.startswith("http") and path in word)

    def _mails(self, since: float, address: str) -> Iterator[Message]:
        """Parsed only where the address stands somewhere: parsing all of an inbox takes seconds."""
        files = [path for path in (self.folder / "inbox").rglob("*") if path.is_file()]
        for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True):
            if path.stat().st_mtime >= since and address.lower().encode() in (raw := path.read_bytes()).lower():
                yield email.message_from_bytes(raw, policy=modern)


INSIDE = """
import importlib, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
import django
django.setup()
from django.db import close_old_connections
for line in sys.stdin:
    module, name, arguments = json.loads(line)
    try:
        answer = {"value": getattr(importlib.import_module(module), name)(*arguments)}
    except Exception:
        answer = {"error": traceback.format_exc()[-3000:]}
    close_old_connections()
    print(json.dumps(answer), file=answers)
"""
_inside: dict[str, subprocess.Popen[str]] = {}


def process_inside(platform: Platform) -> subprocess.Popen[str]:
    """A process in the platform's settings that calls functions, kept for this test process: it ends with our pipe."""
    known = _inside.get(platform.address)
    if known is None or known.poll() is not None:
        known = _inside[platform.address] = subprocess.Popen(
            [sys.executable, "-c", INSIDE],
            cwd=ROOT,
            env=platform.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(platform.folder / "inside.log").open("a"),
            text=True,
        )
    return known


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with (folder / "platform.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def running_platform(shared: Path) -> Platform:
    """The platform of this test run, started by whoever asks first."""
    with locked(shared):
        note = shared / NOTE
        if not note.exists():
            note.write_text(json.dumps(start(shared / "var")))
        known = json.loads(note.read_text())
    if "failed" in known:
        raise RuntimeError(known["failed"])
    return Platform(known["address"], Path(known["folder"]), os.environ | known["environment"])


def start(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    port = free_port()
    given = {
        "PLATFORM_VAR": str(folder),
        "PLATFORM_MODE": "development",
        "PLATFORM_DEMONSTRATION": "1",
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "network_platform.settings",
        **own_database(port, migrated.template(folder.parent)),
        **shared_cache(),
    }
    log = (folder / "platform.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "network_platform.processes"],
        cwd=ROOT,
        env=os.environ | given,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    known = {"address": address, "folder": str(folder), "pid": process.pid, "environment": given}
    if not answers(address, process):
        known["failed"] = "the platform did not start:\n" + (folder / "platform.log").read_text()[-3000:]
    known["environment"] = given | environment_of(folder, process.pid)
    return known


def answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=3) as response:
                if response.status == 200:
                    return True
        except OSError:
            time.sleep(0.5)
    return False


def environment_of(folder: Path, pid: int) -> dict[str, str]:
    """What the running processes have been given by the one that starts them."""
    names = ("CELERY_BROKER_URL", "CACHE_URL", "SECRET_KEY", "SMTP_HOST", "SMTP_PORT", "BASE_URL", "DEBUG")
    for child in Path("/proc").glob("[0-9]*/environ"):
        try:
            pairs = dict(pair.split("=", 1) for pair in child.read_text().split("\0") if "=" in pair)
        except (OSError, ValueError):
            continue
        if pairs.get("PLATFORM_VAR") == str(folder) and pairs.get("CELERY_BROKER_URL") and pairs.get("SECRET_KEY"):
            return {name: pairs[name] for name in names if name in pairs}
    return {}


def own_database(port: int, template: str) -> dict[str, str]:
    """SQLite in the folder; on PostgreSQL a database of its own beside the named one, migrated where there is a template."""
    url = migrated.on_postgresql()
    if not url:
        return {}
    name = f"journeys_{port}"
    copied = f' TEMPLATE "{template}"' if template else ""
    migrated.execute(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"{copied}')
    return {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}


def shared_cache() -> dict[str, str]:
    """The embedded one; beside a named Redis a database of its own, as several web processes need one in common."""
    broker = os.environ.get("CELERY_BROKER_URL", "")
    if not broker.startswith("redis"):
        return {}
    return {"CACHE_URL": os.environ.get("CACHE_URL") or urlunsplit(urlsplit(broker)._replace(path="/7"))}


def stop(shared: Path) -> None:
    """End the platform of this run, if one was started."""
    note = shared / NOTE
    if not note.exists():
        return
    known = json.loads(note.read_text())
    try:
        os.killpg(known["pid"], signal.SIGTERM)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and is_alive(known["pid"]):
        time.sleep(0.3)
    drop_database(known["environment"])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"


def drop_database(environment: dict[str, str]) -> None:
    url = environment.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        migrated.execute(f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
