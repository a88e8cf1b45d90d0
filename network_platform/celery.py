"""The Celery application. Tasks live in each app's `tasks.py` and are called by dotted name."""

import os
from typing import Any

import structlog
from celery import Celery, signals
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from network_platform.collector import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")

app = Celery("network_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logs(**kwargs: Any) -> None:
    """A receiver here stops Celery from setting up its own logs; Django's settings have set up ours."""


@signals.worker_init.connect
def before_forking(**kwargs: Any) -> None:
    settle()


@signals.before_task_publish.connect
def pass_request_on(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """A task's log lines name the request that asked for it."""
    request = get_contextvars().get("request")
    if headers is not None and request:
        headers["request_id"] = request


@signals.task_prerun.connect
def name_task(task_id: str, task: Any, **kwargs: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id, task=task.name)
    request = getattr(task.request, "request_id", None)
    if request:
        bind_contextvars(request=request)


@signals.task_postrun.connect
def forget_task(task_id: str, state: str = "", **kwargs: Any) -> None:
    lines = structlog.get_logger("network_platform.tasks")
    (lines.debug if state == "SUCCESS" else lines.warning)("task", state=state)
    clear_contextvars()
