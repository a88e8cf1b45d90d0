"""What editors see in Wagtail, and what they must not."""

from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet
from wagtail.rich_text import FeatureRegistry
from wagtail_localize.models import Translation

from cms.links import LinkToPage
from cms.models import CountryPage, HomePage, NewsIndexPage
from cms.models.base import IndexPage
from cms.rules import can_edit_everything, known_to
from network_platform.languages import in_that_language
from network_platform.people.requests import SignedInRequest

# Wagtail's own, said otherwise in our translations: the button that is seen publishes.
SAID_OTHERWISE = (
    gettext_noop("There are validation errors, click save to highlight them."),
    gettext_noop(
        "Preview cannot display due to validation errors. <br /> Click save to highlight the relevant fields."
    ),
)
KEPT = (HomePage, IndexPage, CountryPage)
MOST_UNWRITTEN = 10
FOR_EDITORS_OF_ALL = {"reports", "settings", "help"}


@hooks.register("register_rich_text_features", order=10)
def resolve_page_links_at_once(features: FeatureRegistry) -> None:
    features.register_link_type(LinkToPage)


@hooks.register("construct_page_chooser_queryset")
def hide_drafts_of_others(pages: PageQuerySet, request: SignedInRequest) -> PageQuerySet:
    """The chooser shows every page's title; drafts are for those who work on them."""
    return known_to(request.user, pages)


@hooks.register("construct_main_menu")
def shorten_menu(request: SignedInRequest, items: list[MenuItem]) -> None:
    """An editor of one country needs pages, pictures and documents."""
    if not can_edit_everything(request.user):
        items[:] = [item for item in items if item.name not in FOR_EDITORS_OF_ALL]


class PublishFirst(PublishMenuItem):
    """The one button that is always seen. Enter in a field goes on saving a draft."""

    template_name = "cms/admin/publish_first.html"


@hooks.register("construct_page_action_menu")
def offer_publishing_first(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """There is no moderation: who may publish a page has come to do so. An older text is first made the draft."""
    offered = [item for item in items if item.name == PublishMenuItem.name]
    if offered and context["view"] != "revisions_revert":
        items[:] = [PublishFirst(), *(item for item in items if item not in offered)]


class OwnPages(Component):
    """The pages that an editor of one country works on, without the way through the tree; to who edits everything, the
    news of the network.

    News begin in the editor's language and are written in the others from here: so the languages stay one page.
    """

    order = 10
    template_name = "cms/admin/own_pages.html"

    def __init__(self, pages: PageQuerySet, heading: str) -> None:
        self.pages, self.heading = pages, heading

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        first = next((page for page in self.pages if page.locale.language_code == get_language()), None)
        return {
            "pages": self.pages,
            **_to_add(first or next(iter(self.pages), None)),
            "unwritten": unwritten(self.pages),
            "heading": self.heading,
        }


def _to_add(below_page: Page | None) -> dict[str, Any]:
    """Below which page news begin, and in which language."""
    if below_page is None:
        return {}
    return {"add_below": below_page, "add_in": in_that_language(below_page.locale.language_code)}


def unwritten(parents: PageQuerySet) -> list[tuple[Page, list[tuple[str, str]]]]:
    """The latest pages below these that lack a language: each with (words, address) of writing it in that one."""
    written = set(
        Page.objects.filter(depth__gt=1, alias_of=None)
        .filter(translation_key__in=below(parents).values("translation_key"))
        .values_list("translation_key", "locale_id")
    )
    languages = Locale.objects.all()
    lacking = (
        (page, [to_write(page, each) for each in languages if (page.translation_key, each.pk) not in written])
        for page in below(parents).select_related("locale").order_by("-latest_revision_created_at", "-pk")
    )
    return list(islice(((page, links) for page, links in lacking if links), MOST_UNWRITTEN))


def below(parents: PageQuerySet) -> PageQuerySet:
    paths = [page.path for page in parents]
    own = reduce(or_, (Q(path__startswith=path, path__gt=path) for path in paths), Q(pk=None))
    return Page.objects.filter(own, alias_of=None)


def to_write(page: Page, language: Locale) -> tuple[str, str]:
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    words = gettext("Write it %(in_language)s") % {"in_language": in_that_language(language.language_code)}
    return words, f"{url}?select_locale={language.language_code}"


@hooks.register("construct_homepage_panels")
def lead_to_own_pages(request: SignedInRequest, panels: list[Component]) -> None:
    if can_edit_everything(request.user):
        own, heading = Page.objects.type(NewsIndexPage), gettext("News of the network")
    else:
        own = Page.objects.filter(group_permissions__group__user=request.user, depth__gt=1)
        heading = gettext("Your pages")
    panels.append(OwnPages(own.select_related("locale").distinct().order_by("path"), heading))


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


@hooks.register("before_edit_page", order=-1)
def publish_no_half_translated_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Comes before wagtail-localize, which publishes first and warns then. What is translated is saved already."""
    if request.method != "POST" or request.POST.get("action") != "publish" or not lacking_passages(page):
        return None
    messages.error(request, _not_published(page))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def publish_no_half_translated_pages_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    found = [page for page in objects if action_type == "publish" and isinstance(page, Page) and lacking_passages(page)]
    if not found:
        return None
    messages.error(request, " ".join(_not_published(page) for page in found))
    return redirect(action.next_url)


def lacking_passages(page: Page) -> int:
    """How many passages of a translation that was begun are not written in its language yet."""
    begun = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
    ).first()
    if begun is None:
        return 0
    passages, translated = begun.get_progress()
    return passages - translated


def _not_published(page: Page) -> str:
    left = lacking_passages(page)
    words = ngettext(
        "“%(title)s” is not published: %(n)s passage is not written %(in_language)s yet, and readers would get it in "
        "another language. Translate it first.",
        "“%(title)s” is not published: %(n)s passages are not written %(in_language)s yet, and readers would get them "
        "in another language. Translate them first.",
        left,
    )
    told = {"title": page.get_admin_display_title(), "in_language": in_that_language(page.locale.language_code)}
    return words % {**told, "n": left}


def is_kept(thing: Any) -> bool:
    return isinstance(thing, Page) and isinstance(thing.specific, KEPT)
