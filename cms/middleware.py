"""Redirects that editors made; and what Wagtail and wagtail-localize show of pages to editors who do not work on them,
and should not.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from cms.rules import can_edit_everything, can_edit_page, can_open_admin, known_to
from network_platform.people.models import User
from network_platform.people.requests import SignedInRequest, is_signed_in

View = Callable[..., HttpResponse]
ADMIN = "/wagtail/"
FOR_ALL_EDITORS = {"wagtail_localize:javascript_catalog"}
DRAWINGS = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
LISTS = {"wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"}
CLOSED = ("wagtailadmin_reports:", "wagtail_localize:")


class Redirects(RedirectMiddleware):
    """Wagtail's, which looks up the site of every address that is not found, before it asks for a redirect: that was a
    third of such an answer. Here nothing is looked up where editors have made no redirect at all.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == HTTPStatus.NOT_FOUND and not Redirect.objects.exists():
            return response
        return super().process_response(request, response)


class OwnPagesOnly:
    """Guard of the admin's side doors.

    Wagtail asks for a page's permission wherever a page is edited. It does not where pages are only listed (reports)
    or looked up by number (the chooser), and wagtail-localize asks for one permission that holds for every page.
    It gives its icons and words to anybody; here only to editors. Signed-in people who edit nothing it sends to sign
    in, which sends them back: here they are told that the page is not theirs.
    Those who edit the whole site pass; an editor of one country meets these checks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        user, name = request.user, cast(ResolverMatch, request.resolver_match).view_name
        if request.path_info.startswith(ADMIN) and not can_open_admin(user):
            if user.is_authenticated or name in DRAWINGS:
                raise PermissionDenied
        elif name.startswith("wagtail") and is_signed_in(request) and not may_enter(request, name, kwargs):
            raise PermissionDenied


def may_enter(request: SignedInRequest, name: str, kwargs: dict[str, Any]) -> bool:
    if can_edit_everything(request.user):
        return True
    if name in LISTS and "parent_page_id" in kwargs:
        return all_known(request.user, [str(kwargs["parent_page_id"])])
    if name == "wagtailadmin_choose_page_chosen_multiple":
        return all_known(request.user, request.GET.getlist("id"))
    if not name.startswith(CLOSED) or name in FOR_ALL_EDITORS:
        return True
    pages = pages_behind(kwargs)
    return bool(pages) and all(can_edit_page(request.user, page) for page in pages)


def all_known(user: User, ids: list[str]) -> bool:
    asked = Page.objects.filter(pk__in=[number for number in ids if number.isdigit()])
    return known_to(user, asked).count() == asked.count()


def pages_behind(kwargs: dict[str, Any]) -> list[Page]:
    """The pages that an address of wagtail-localize is about: what is translated, and where it will stand."""
    if "page_id" in kwargs:
        page = Page.objects.filter(pk=kwargs["page_id"], depth__gt=2).first()
        return [page, *translations_of_parent(page)] if page else []
    if "translation_source_id" in kwargs:
        source = TranslationSource.objects.filter(pk=kwargs["translation_source_id"]).first()
        return [source.get_source_instance()] if source else []
    if "translation_id" in kwargs:
        translation = Translation.objects.filter(pk=kwargs["translation_id"]).first()
        target = translation and translation.get_target_instance()
        return [target] if target else []
    return []


def translations_of_parent(page: Page) -> list[Page]:
    """The pages below which translations are put."""
    return list(page.get_parent().get_translations(inclusive=True))
