"""Celery's doors; each may run twice. NumPy and SciPy come with the sealing, so each brings it when it is called."""

from celery import shared_task

from competitions.models import Round


@shared_task
def seal_results(pk: int) -> None:
    from competitions.services import sealing

    sealing.seal_results(Round.objects.get(pk=pk))


@shared_task
def sweep_results() -> int:
    """What a lost broker or a killed worker left without a results file."""
    from competitions.services import sealing

    return sealing.seal_left_behind()
