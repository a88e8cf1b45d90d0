"""Wagtail's background tasks (search index, cache purges, references) run in our workers.

Wagtail hands them to django-tasks, whose own default runs them at once and hides what goes wrong. This backend sends
them to Celery by dotted name after the transaction has committed. Without a broker they run at once in this process:
they keep indexes in step with a page that has been saved, and nothing would repeat them later.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

from network_platform.background.services import send_task
from network_platform.background.tasks import run_wagtail_task

log = logging.getLogger(__name__)
RUNNER = "network_platform.background.tasks.run_wagtail_task"


class CeleryBackend(BaseTaskBackend):
    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """A receipt without a result: whoever needs to know looks at what the task does."""
        self.validate_task(task)
        arguments = normalize_json(list(args)), normalize_json(dict(kwargs))
        transaction.on_commit(lambda: hand_over(task.module_path, *arguments))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=arguments[0],
            kwargs=arguments[1],
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def hand_over(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """To a worker, or run here if there is no broker that a worker could listen to."""
    if not settings.CELERY_BROKER_URL.startswith("memory:") and send_task(RUNNER, path, args, kwargs):
        return
    try:
        run_wagtail_task(path, args, kwargs)
    except Exception:
        if not settings.PRODUCTION:
            raise
        log.exception("task %s failed", path)
