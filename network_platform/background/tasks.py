"""Celery's door to the outbox and to the tasks of Wagtail."""

import time
from typing import Any

from celery import shared_task
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from network_platform.background.delivery import deliver, put_aside
from network_platform.background.models import Heartbeat, Message
from network_platform.background.services import forget_old_contents

SWEPT_AT_ONCE = 500
SWEEP_FOR = 60.0


@shared_task
def deliver_message(pk: int) -> None:
    deliver(pk)


@shared_task
def deliver_messages(pks: list[int]) -> None:
    """Some of many that were written at once; whatever is left when a worker is killed waits for the sweeper."""
    for pk in pks:
        deliver(pk)


@shared_task
def sweep_messages() -> None:
    """Deliver what a lost broker or a killed worker left behind, for at most a minute; beat comes again."""
    began = time.monotonic()
    put_aside()
    for pk in Message.objects.due().order_by("due_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        if time.monotonic() - began > SWEEP_FOR:
            return
        deliver(pk)


@shared_task
def heartbeat() -> None:
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now()})


@shared_task
def forget_contents() -> None:
    forget_old_contents()


@shared_task(autoretry_for=(IntegrityError, OperationalError), max_retries=3, default_retry_delay=2)
def run_wagtail_task(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run one of Wagtail's tasks; a failure is a failed task of Celery, not a line in a log.

    Two workers that index one page at once wait for each other where a transaction locks the whole database; elsewhere
    whoever came second does it again.
    """
    with transaction.atomic():
        import_string(path).call(*args, **kwargs)
