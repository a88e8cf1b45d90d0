"""Two addresses for load balancers and supervisors: is the process alive, and can it serve."""

import functools
from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network_platform.identifiers import new_uid


def database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def broker_answers() -> None:
    """Open a connection of our own within a second or so, and close it."""
    with current_app.connection_for_write(connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def cache_answers() -> None:
    """Keep something and find it again: a lost cache says nothing when it is asked."""
    key = f"health-{new_uid()}"
    cache.set(key, "here", 10)
    if cache.get(key) != "here":
        raise LookupError("the cache does not keep what it is given")
    cache.delete(key)


@functools.cache
def migrations_applied() -> None:
    """Once true it stays true for this process's code, so it is asked once."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations wait")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "cache": cache_answers,
    "broker": broker_answers,
    "migrations": migrations_applied,
}


def failed_checks() -> list[str]:
    failed = []
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:
            failed.append(name)
    return failed


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 with the names of what failed; reasons stay in the log and in `manage.py doctor`."""
    failed = failed_checks()
    return JsonResponse({"status": "failed" if failed else "ok", "failed": failed}, status=503 if failed else 200)


VIEWS = {"/health/live": live, "/health/ready": ready}
