"""What happens to pages in the background."""

from celery import shared_task
from django.core.management import call_command
from wagtail.models import Page

from cms.models.volumes import Volume
from cms.rules import can_read_page
from cms.services.printing import pdf_of


@shared_task
def print_volume(pk: int) -> None:
    """Have the PDF ready before somebody asks."""
    page = Page.objects.filter(pk=pk).first()
    volume = page.specific if page else None
    if isinstance(volume, Volume) and can_read_page(volume) and volume.leaves:
        pdf_of(volume)


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish what is due."""
    call_command("publish_scheduled")
