"""Celery's door to the tokens."""

from celery import shared_task

from network_platform.tokens import services


@shared_task
def forget_writes() -> int:
    """Once a day."""
    return services.forget_writes()
