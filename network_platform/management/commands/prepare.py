"""`manage.py prepare`: bring the data folder to this code, doing only what is not done yet.

Each line begins with the seconds since the start; a step that takes long says how far it is.
"""

import hashlib
import logging
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from network_platform.environment import BASE_DIR
from network_platform.people.models import User

log = logging.getLogger(__name__)
SKIPPED_STATIC = ["drf_spectacular_sidecar/redoc*", "rest_framework/*"]
# What every installation needs before its first visitor; commands of the apps, safe to repeat. The search text is made
# again, for what a release reads into it may be another than before.
PREPARATIONS = ("load_reference", "prepare_site", "reindex")
SILENCE = 5.0


class Timed(OutputWrapper):
    """Writes before each line how many seconds have passed."""

    def __init__(self, out: Any) -> None:
        super().__init__(out)
        self.began = self.last = time.monotonic()

    def write(self, msg: str = "", style_func: Callable[[str], str] | None = None, ending: str | None = None) -> None:  # type: ignore[override]
        self.last = time.monotonic()
        super().write(f"{self.last - self.began:3.0f} s  {msg.rstrip()}", style_func, ending)

    def write_now_and_then(self, line: str) -> None:
        """Only when nothing was written for a while."""
        if time.monotonic() - self.last > SILENCE:
            self.write(line)


class Command(BaseCommand):
    help = "Migrate, load reference data, collect static files, load the demonstration; each only when needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demonstration", action="store_true", help="Leave the demonstration data out.")

    def handle(self, *args: Any, no_demonstration: bool, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.out = Timed(self.stdout)
        migrated = self.migrate()
        self.load_reference(migrated)
        self.collect_static()
        if settings.DEMONSTRATION and not no_demonstration:
            self.demonstrate()

    def migrate(self) -> bool:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            self.out.write(f"Migrating the database: {len(waiting)} steps, up to two minutes the first time ...")
            call_command(
                "migrate",
                interactive=False,
                verbosity=0,
                tell=lambda n: self.out.write_now_and_then(f"  {n} of {len(waiting)}"),
            )
        return bool(waiting)

    def load_reference(self, migrated: bool) -> None:
        """Again after migrations, and when the shipped data has changed."""
        stamp, digest = settings.VAR_DIR / "prepared", digest_of(reference_files())
        if not migrated and stamp.exists() and stamp.read_text() == digest:
            return
        self.out.write("Loading countries, sectors and the site's first pages ...")
        for name in PREPARATIONS:
            if name in get_commands():
                call_command(name, stdout=StringIO())
        stamp.write_text(digest)

    def collect_static(self) -> None:
        stamp, digest = settings.STATIC_ROOT / ".collected", digest_of(static_files())
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.out.write("Collecting and compressing static files ...")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=SKIPPED_STATIC)
        stamp.write_text(digest)

    def demonstrate(self) -> None:
        """Once for each database: the stamp is written only after everything was loaded."""
        stamp = settings.VAR_DIR / "demonstration"
        if stamp.exists() and User.objects.exists():
            return
        self.out.write("Loading the demonstration data, once ...")
        try:
            call_command("demo", verbosity=0, stdout=self.out)
        except Exception:
            log.exception("The demonstration data was not loaded whole; the platform starts without the rest.")
            return
        stamp.write_text(timezone.now().isoformat())


def static_files() -> Iterable[Path]:
    for finder in get_finders():
        for path, storage in finder.list(SKIPPED_STATIC):
            yield Path(storage.path(path))


def reference_files() -> Iterable[Path]:
    return sorted(path for path in BASE_DIR.glob("*/fixtures/**/*") if path.is_file())


def digest_of(files: Iterable[Path]) -> str:
    """Over every file's name, size and time: enough to see a change, and quick."""
    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], SKIPPED_STATIC, PREPARATIONS)).encode())
    for path in files:
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
