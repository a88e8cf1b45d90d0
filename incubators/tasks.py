"""Celery's door to the registry."""

from celery import shared_task

from incubators.models import ImportRun
from incubators.services.import_writes import index_left_behind, index_run
from incubators.services.pairs import find_pairs
from incubators.services.standing import age_organisations


@shared_task
def index_import(pk: int) -> None:
    """Make a large import findable; may run twice."""
    index_run(ImportRun.objects.get(pk=pk))


@shared_task
def sweep_imports() -> int:
    """Index what a lost broker or a killed worker left behind."""
    return index_left_behind()


@shared_task
def age() -> int:
    """Once a day: what nobody confirmed in time is out of date, and its editors are asked."""
    return age_organisations()


@shared_task
def find_duplicates() -> int:
    """Once a day: which organisations may be the same, for people to look at."""
    return find_pairs()
