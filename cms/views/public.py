"""The pages of the site as everybody reads them."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail import views as wagtail_views
from wagtail.url_routing import RouteResult

from cms import front
from cms.models.base import SitePage
from cms.models.volumes import Volume
from cms.routing import route, route_home
from cms.rules import can_read_page
from cms.services.printing import digest, pdf_of
from network_platform.navigation import query_in
from network_platform.page_cache import cached_page

MINUTE = 60  # the first page says how long calls are open


@require_safe
@cached_page("pages", "registry", "mentors", "competitions", lives_for=MINUTE)
def home(request: HttpRequest) -> HttpResponse:
    """The first page. A new installation has Wagtail's welcome page in its place, and shows ours all the same."""
    found = route_home()
    return serve(request, "", found) if found else render(request, "cms/home.html", front.context(None))


@require_safe
@cached_page("pages", query=("page", "beside"))
def page(request: HttpRequest, path: str) -> HttpResponse:
    """A page of the tree; at the address of a twin, it leads to the one in the reader's language."""
    found = route(path)
    if found is None:
        raise Http404
    own = in_readers_language(found[0])
    return redirect(own + query_in(request, get_language())) if own else serve(request, path, found)


def in_readers_language(page: SitePage) -> str:
    """Where the reader's language has this page, if it was found in another one only for its address."""
    return "" if page.language == get_language() else page.addresses().get(get_language(), "")


def serve(request: HttpRequest, path: str, found: RouteResult) -> HttpResponse:
    """Restrictions and hooks are Wagtail's; only the way to the page is ours."""
    cast(Any, request)._wagtail_route_for_request = found
    return wagtail_views.serve(request, path)


@require_safe
def pdf(request: HttpRequest, path: str) -> HttpResponse:
    """The whole of a handbook or document; only what everybody may read is printed."""
    found = route(path)
    volume = found[0] if found else None
    if not isinstance(volume, Volume) or not can_read_page(volume) or not volume.leaves:
        raise Http404
    tag = quote_etag(digest(volume))
    response = get_conditional_response(request, tag) or HttpResponse(pdf_of(volume), content_type="application/pdf")
    response["ETag"], response["Cache-Control"] = tag, "no-cache"
    response["Content-Disposition"] = f'inline; filename="{volume.slug}-{volume.language}.pdf"'
    return response
