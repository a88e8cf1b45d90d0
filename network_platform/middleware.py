"""What happens around every request."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path

from network_platform import errors, health, logs

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{16,64}")


class NumberedRequest(HttpRequest):
    """What `RequestIdentity` hands on; only types read this class."""

    id: str


class RequestIdentity:
    """Give each request an id, in its log lines and in the answer's `X-Request-ID`, and log it once it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: NumberedRequest) -> HttpResponse:
        started = time.perf_counter()
        offered = request.headers.get("X-Request-ID", "")
        request.id = offered if WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request=request.id):
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            logs.log_request(request, response, started)
        return response


class Health:
    """Answer the two health addresses before hosts, sessions and redirects are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = health.VIEWS.get(request.path_info)
        return view(request) if view else self.get_response(request)


class NothingToRead:
    """Who opens an address that only takes forms reads so on a page of ours; programmes get the bare answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not get_language_from_path(request.path_info):
            return response
        page = errors.not_allowed(request)
        page["Allow"] = response.headers.get("Allow", "")
        return page


class ApiRate:
    """Tell programmes how much they may still ask for, as `network_platform.api.TellsRate` left it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if rate := getattr(request, "api_rate", None):
            for name, value in zip(("Limit", "Remaining", "Reset"), rate, strict=True):
                response[f"RateLimit-{name}"] = str(value)
        return response
