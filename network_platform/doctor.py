"""Is this installation healthy? Each check looks at one thing and says what to do when it is not."""

import gettext
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import cast

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import get_connection
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from network_platform import health
from network_platform.background.models import Heartbeat, Message, MessageState
from network_platform.desk import gather
from network_platform.environment import BASE_DIR, refusals
from network_platform.identifiers import new_uid

BEAT_AT_LEAST_EVERY = timedelta(minutes=5)
OUTBOX_MAY_WAIT = timedelta(minutes=15)
SPACE_NEEDED = 500 * 1024 * 1024


class Mend(Exception):  # noqa: N818 - it reads as what to do
    """Something must be mended; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    text: str


def examine() -> list[Finding]:
    """Every check, in the order in which things depend on one another."""
    findings = [_look(name, check) for name, check in CHECKS.items()]
    return [*findings, *_problems_of_apps()]


def _look(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except Mend as mend:
        return Finding(name, False, str(mend))
    except Exception as error:
        return Finding(name, False, f"{type(error).__name__}: mend what stands above first, then look again.")


def _problems_of_apps() -> list[Finding]:
    try:
        return [Finding("content", False, text) for texts in gather("problems") for text in texts]
    except Exception as error:
        return [Finding("content", False, f"{type(error).__name__}: the apps could not be asked; mend the database.")]


def secrets() -> str:
    found = refusals() if settings.PRODUCTION else {}
    if found:
        raise Mend("; ".join(f"{name} {wrong}" for name, wrong in found.items()) + ". See docs/settings.md.")
    return "every value is safe" if settings.PRODUCTION else f"not checked in {settings.MODE}"


def database() -> str:
    try:
        health.database_answers()
    except Exception as error:
        raise Mend(f"no answer ({_reason(error)}): start it, or correct DATABASE_URL.") from error
    return connection.vendor


def migrations() -> str:
    try:
        health.migrations_applied()
    except LookupError as error:
        raise Mend("some are not applied: run `manage.py migrate`.") from error
    return "all applied"


def broker() -> str:
    try:
        health.broker_answers()
    except Exception as error:
        raise Mend(f"no answer ({_reason(error)}): start it, or correct CELERY_BROKER_URL.") from error
    kind = settings.CELERY_BROKER_URL.split(":")[0]
    return "memory of this process; `make run` starts a real one" if kind == "memory" else kind


def shared_cache() -> str:
    try:
        health.cache_answers()
    except Exception as error:
        raise Mend("does not keep what it is given: start it, or correct CACHE_URL.") from error
    return "keeps what it is given"


def storage() -> str:
    for name in ("default", "renditions"):
        try:
            _write_and_remove(name)
        except Exception as error:
            raise Mend(f"uploads cannot be kept ({_reason(error)}): check PLATFORM_VAR or S3_*.") from error
    return "writable"


def _write_and_remove(name: str) -> None:
    there = storages[name].save(f"doctor/{new_uid()}.txt", BytesIO(b"here"))
    storages[name].delete(there)


def space() -> str:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < SPACE_NEEDED:
        raise Mend(f"only {free // 1024**2} MB are left for {settings.VAR_DIR}: free some, or move PLATFORM_VAR.")
    return f"{free // 1024**3} GB free"


def mail() -> str:
    server = get_connection(timeout=5) if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else get_connection()
    try:
        server.open()
        server.close()
    except Exception as error:
        raise Mend(f"the mail server does not let us in ({_reason(error)}): check SMTP_* or MAIL_BACKEND.") from error
    return "the mail server answers"


def beat() -> str:
    last = Heartbeat.objects.filter(name="beat").values_list("at", flat=True).first()
    if last is None:
        raise Mend("has never run here: start the worker and the beat process.")
    age = timezone.now() - last
    if age > BEAT_AT_LEAST_EVERY:
        raise Mend(f"no sign for {_minutes(age)} minutes: start the worker and the beat process.")
    return f"last sign {int(age.total_seconds())} seconds ago"


def outbox() -> str:
    failed = Message.objects.filter(state=MessageState.FAILED).count()
    if failed:
        page = f"{settings.BASE_URL}{reverse('messages')}"
        raise Mend(f"{failed} messages could not be sent: mend what {page}?state=failed says, try again there.")
    late = Message.objects.filter(state=MessageState.QUEUED, due_at__lt=timezone.now() - OUTBOX_MAY_WAIT).count()
    if late:
        raise Mend(f"{late} messages wait longer than they should: start the worker and the beat process.")
    return "nothing is stuck"


def languages() -> str:
    """Every language but English has its compiled catalogue."""
    missing = [code for code, _ in settings.LANGUAGES if code != "en" and not _texts_of(code)]
    if missing:
        raise Mend(f"no compiled catalogue for {', '.join(missing)}: run `make messages`.")
    return ", ".join(code for code, _ in settings.LANGUAGES)


def _texts_of(language: str) -> int:
    folder = BASE_DIR / "network_platform" / "locale"
    found = gettext.translation("django", folder, [language], fallback=True)
    return len(getattr(found, "_catalog", {}))


def static_files() -> str:
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if (
        cast(dict[str, str], settings.STORAGES["staticfiles"])["BACKEND"].endswith("storage.StaticFiles")
        and not manifest.exists()
    ):
        raise Mend("have not been collected: run `manage.py prepare --no-demonstration`.")
    return "collected" if manifest.exists() else "served from the sources"


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds() // 60)


def _reason(error: Exception) -> str:
    """The kind of error only: its text may hold an address with a password."""
    return type(error).__name__


CHECKS: dict[str, Callable[[], str]] = {
    "secrets": secrets,
    "space": space,
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "cache": shared_cache,
    "storage": storage,
    "mail": mail,
    "beat": beat,
    "outbox": outbox,
    "languages": languages,
    "static files": static_files,
}
