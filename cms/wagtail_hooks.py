"""What editors see in Wagtail, and what they must not."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.rich_text import FeatureRegistry

from cms.links import LinkToPage
from cms.models import CountryPage, HomePage
from cms.models.base import IndexPage
from cms.rules import can_edit_everything, known_to

KEPT = (HomePage, IndexPage, CountryPage)
FOR_EDITORS_OF_ALL = {"reports", "settings", "help"}


@hooks.register("register_rich_text_features", order=10)
def resolve_page_links_at_once(features: FeatureRegistry) -> None:
    features.register_link_type(LinkToPage)


@hooks.register("construct_page_chooser_queryset")
def hide_drafts_of_others(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The chooser shows every page's title; drafts are for those who work on them."""
    return known_to(request.user, pages)


@hooks.register("construct_main_menu")
def shorten_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """An editor of one country needs pages, pictures and documents."""
    if not can_edit_everything(request.user):
        items[:] = [item for item in items if item.name not in FOR_EDITORS_OF_ALL]


class OwnPages(Component):
    """The pages that an editor of one country works on, without the way through the tree."""

    order = 10
    template_name = "cms/admin/own_pages.html"

    def __init__(self, pages: PageQuerySet) -> None:
        self.pages = pages

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"pages": self.pages, "heading": gettext("Your pages")}


@hooks.register("construct_homepage_panels")
def lead_to_own_pages(request: HttpRequest, panels: list[Component]) -> None:
    if not can_edit_everything(request.user):
        own = Page.objects.filter(group_permissions__group__user=request.user, depth__gt=1)
        panels.append(OwnPages(own.select_related("locale").distinct().order_by("path")))


@hooks.register("before_delete_page")
@hooks.register("before_move_page")
def keep_the_skeleton(request: HttpRequest, page: Page, destination: Page | None = None) -> None:
    """The pages that the menu and the registry lead to stay where they are."""
    if is_kept(page) and not request.user.is_superuser:
        raise PermissionDenied


@hooks.register("before_bulk_action")
def keep_the_skeleton_in_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: object) -> None:
    if action_type in {"delete", "move"} and any(is_kept(thing) for thing in objects):
        raise PermissionDenied


def is_kept(thing: Any) -> bool:
    return isinstance(thing, Page) and isinstance(thing.specific, KEPT)
