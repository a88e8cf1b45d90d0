"""When a page is published, hidden, moved, restricted or deleted: search, stored PDFs and cached pages follow."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.models.volumes import Leaf, Volume
from cms.services.searching import refresh, refresh_keys
from network_platform.background.services import after_commit
from network_platform.page_cache import touch


@receiver([page_published, page_unpublished, page_slug_changed])
def follow_page(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    refresh(instance)
    touch("pages")
    print_again(instance)


@receiver(post_page_move)
def follow_move(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    refresh(Page.objects.get(pk=instance.pk))
    touch("pages")


@receiver(pre_delete)
def note_pages_that_go(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        below = Page.objects.filter(path__startswith=instance.path).values_list("translation_key", flat=True)
        instance._keys_that_go = {str(key) for key in below}


@receiver(post_delete)
def follow_deletion(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        refresh_keys(instance._keys_that_go)
        touch("pages")
    elif isinstance(instance, PageViewRestriction):
        follow_restriction(sender, instance)


@receiver(post_save, sender=PageViewRestriction)
def follow_restriction(sender: type[Any], instance: PageViewRestriction, **kwargs: Any) -> None:
    """A page kept for some goes from the search, and so does everything below it."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        refresh(page)
        touch("pages")


def print_again(page: Page) -> None:
    """Have the PDF of the handbook or document made anew."""
    volume = page if isinstance(page, Volume) else page.get_parent() if isinstance(page, Leaf) else None
    if volume is not None and page.live:
        after_commit("cms.tasks.print_volume", volume.pk)
