"""Celery's doors; each may run twice."""

from celery import shared_task

from mentors.services import requests


@shared_task
def expire_requests() -> None:
    requests.expire_requests()


@shared_task
def remind_experts() -> None:
    requests.remind_experts()
