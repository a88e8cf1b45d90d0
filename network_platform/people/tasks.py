"""Celery's door to what happens to accounts by itself."""

from celery import shared_task

from network_platform.people.services.unconfirmed import forget_unconfirmed
from network_platform.people.sessions import SessionStore


@shared_task
def forget_stale_accounts() -> None:
    """Daily: sign-ups that were never confirmed, sessions that have ended."""
    forget_unconfirmed()
    SessionStore.clear_expired()
