"""Celery's door to the registry."""

from celery import shared_task

from incubators.models import ImportRun
from incubators.services.import_writes import index_run


@shared_task
def index_import(pk: int) -> None:
    """Make a large import findable; may run twice."""
    index_run(ImportRun.objects.get(pk=pk))
