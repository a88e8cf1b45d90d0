"""What people see when something cannot be done: one look, their language, the next step."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

API = "/api/"


def answer(request: HttpRequest, status: HTTPStatus, template: str, **context: object) -> HttpResponse:
    """The page of an error, or JSON for programmes."""
    if request.path.startswith(API):
        return JsonResponse({"detail": status.phrase}, status=status)
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, HTTPStatus.BAD_REQUEST, "400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; `PermissionDenied("why, in the reader's language")` shows its text."""
    return answer(request, HTTPStatus.FORBIDDEN, "403.html", reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, HTTPStatus.NOT_FOUND, "404.html")


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """404 below an address that no language prefix may be put before, whatever is sent there."""
    return not_found(request)


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405: the address of a form, opened as a page."""
    return answer(request, HTTPStatus.METHOD_NOT_ALLOWED, "405.html", above=page_above(request.path_info))


def page_above(path: str) -> str:
    """The nearest address of ours on the way up; the first page at last."""
    parts = path.strip("/").split("/")
    ways = (f"/{'/'.join(parts[:end])}/" for end in range(len(parts) - 1, 0, -1))
    return next((way for way in ways if is_ours(way)), "/")


def is_ours(path: str) -> bool:
    """Whether a view of the platform answers there; the editors' pages answer at every address."""
    try:
        return resolve(path).view_name not in {"cms:page", "wagtail_serve"}
    except Resolver404:
        return False


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429; allauth's limits come here through `handler429`."""
    return answer(request, HTTPStatus.TOO_MANY_REQUESTS, "429.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if "X-Autosave" in request.headers:  # the script tries again, with the token of whoever has signed in by then
        return JsonResponse({"detail": "csrf"}, status=HTTPStatus.UNAUTHORIZED)
    return answer(request, HTTPStatus.FORBIDDEN, "403_csrf.html", no_cookie=not request.COOKIES)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a query: the database may be what is broken."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    number = getattr(request, "id", "")
    if request.path.startswith(API):
        return JsonResponse({"detail": status.phrase, "id": number}, status=status)
    try:
        page: str = render_to_string("500.html", {"bare": True, "number": number, "request": request})
    except Exception:  # noqa: BLE001 - the last page must come whatever fails
        page = f"<!doctype html><title>500</title><h1>{escape(gettext('Something broke on our side'))}</h1>"
    return HttpResponse(page, status=status)


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def demonstrate(request: HttpRequest, name: str) -> HttpResponse:
    """Every error page, to look at while developing."""
    pages: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "400": bad_request,
        "403": forbidden,
        "404": not_found,
        "405": not_allowed,
        "429": too_many,
        "csrf": csrf_failure,
        "500": server_error,
    }
    if settings.PRODUCTION or name not in pages:
        return not_found(request)
    return pages[name](request)
