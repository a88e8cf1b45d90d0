"""Migrations run once for all processes of a test run, and begin while the processes still collect their tests.

On PostgreSQL they fill a database that every other one is copied from; on SQLite `manage.py migrate` itself keeps what it
made and begins the next empty database with it.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
LOCK, NAME = "migrated.lock", "migrated.name"


def on_postgresql() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def begin(folder: Path) -> None:
    """Start migrating beside us. The lock is inherited, so it is free as soon as the other process has ended."""
    if server := on_postgresql():
        name = f"migrated_{os.getpid()}"
        (folder / NAME).write_text(name)
        execute(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    else:
        url = f"sqlite:///{folder / 'first.sqlite3'}"
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            pass_fds=[lock.fileno()],
            stdout=subprocess.DEVNULL,
        )


def template(folder: Path) -> str:
    """The PostgreSQL database to copy, once it is ready; '' where there is none."""
    if not (folder / LOCK).exists():
        return ""
    with (folder / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    return (folder / NAME).read_text() if (folder / NAME).exists() else ""


def end(folder: Path) -> None:
    if name := template(folder):
        execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def execute(*statements: str) -> None:
    import psycopg

    with psycopg.connect(on_postgresql(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
