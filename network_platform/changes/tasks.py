"""Celery's door to the feed."""

import time

from celery import shared_task
from django.utils import timezone

from network_platform.changes.delivery import deliver
from network_platform.changes.models import Delivery

AT_ONCE = 200
SWEEP_FOR = 50.0


@shared_task
def deliver_due() -> int:
    """Everything that is due, for at most a minute; beat comes again. Returns how many were tried."""
    began, tried = time.monotonic(), 0
    for pk in Delivery.objects.due(timezone.now()).values_list("pk", flat=True)[:AT_ONCE]:
        if time.monotonic() - began > SWEEP_FOR:
            break
        deliver(pk)
        tried += 1
    return tried
