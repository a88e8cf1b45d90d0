"""`manage.py migrate`, quicker on an empty SQLite database outside production.

Some two hundred migrations take half a minute of pure Python. The first time their result, still without any rows of
ours, is kept in `var/`; later empty databases (every test process makes one) begin as a copy of it. The copy is named
by a digest of all migrations, so a changed one is simply made anew.
"""

import fcntl
import gc
import hashlib
import inspect
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from network_platform.environment import BASE_DIR

FOLDER = BASE_DIR / "var" / "empty"


class Command(Migrate):
    """`tell`, for callers in Python: is given the number of migrations applied, after each of them."""

    stealth_options = (*Migrate.stealth_options, "tell")

    def handle(self, *args: Any, tell: Callable[[int], None] | None = None, **options: Any) -> None:
        self.applied, self.tell = 0, tell
        connection = connections[options["database"]]
        whole = (
            not options["app_label"] and not options["fake"] and not options["plan"] and not options["check_unapplied"]
        )
        if not whole or connection.vendor != "sqlite" or settings.PRODUCTION or connection.introspection.table_names():
            super().handle(*args, **options)
            return
        kept = FOLDER / f"{digest()}.sqlite3"
        with one_at_a_time(kept):
            is_first = not kept.exists()
            if is_first:
                self.migrate(*args, **options)
                keep(connection, kept)
        if not is_first:
            copy_from(kept, connection)
            self.migrate(*args, **options)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_success" and self.tell:
            self.applied += 1
            self.tell(self.applied)

    def migrate(self, *args: Any, **options: Any) -> None:
        with fewer_collections():
            super().handle(*args, **options)


@contextmanager
def one_at_a_time(kept: Path) -> Iterator[None]:
    """Processes that begin together wait for the first, and copy. In a folder that cannot be written all work alone."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        lock = (kept.parent / "lock").open("w")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Rendering models for two hundred migrations makes many objects that live: looking for garbage costs a sixth."""
    before = gc.get_threshold()
    gc.set_threshold(10_000, 50, 1000)
    yield
    gc.set_threshold(*before)


def digest() -> str:
    """Over every migration's source and over the modules of ours that migrations use."""
    found = hashlib.sha256()
    for path in sorted(set(_sources())):
        found.update(path.encode() + Path(path).read_bytes())
    return found.hexdigest()[:24]


def _sources() -> Iterator[str]:
    for migration in MigrationLoader(None).disk_migrations.values():
        module = cast(ModuleType, inspect.getmodule(type(migration)))
        yield str(module.__file__)
        yield from (
            str(used.__file__) for used in vars(module).values() if isinstance(used, ModuleType) and _is_ours(used)
        )


def _is_ours(module: ModuleType) -> bool:
    path = str(getattr(module, "__file__", None) or "")
    return path.startswith(str(BASE_DIR)) and ".venv" not in path


def copy_from(kept: Path, connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def keep(connection: BaseDatabaseWrapper, kept: Path) -> None:
    """Written aside and renamed, so two processes may do it at once. A folder that cannot be written is no harm."""
    part = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            connection.connection.backup(target)
        os.replace(part, kept)
    except (OSError, sqlite3.Error):
        part.unlink(missing_ok=True)
