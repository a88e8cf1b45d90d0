"""The API's root: every app's `api.py` adds its viewsets to one router."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle


class KeysetPagination(CursorPagination):
    """`next`, `previous`, `results`; pages by key, so that page 400 costs what page 1 costs."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"


class TellsRate(SimpleRateThrottle):
    """Leaves on the request what its caller may still do: `middleware.ApiRate` says it in headers."""

    def allow_request(self, request: Request, view: Any) -> bool:
        allowed = super().allow_request(request, view)
        if getattr(self, "key", None) is not None:
            asked, left = request._request, max(0, self.num_requests - len(self.history))
            reset = self.duration - (self.now - self.history[-1]) if self.history else self.duration
            known = getattr(asked, "api_rate", None)
            if known is None or left < known[1]:
                asked.api_rate = (self.num_requests, left, max(1, round(reset)))
        return allowed


class VisitorsRate(TellsRate, AnonRateThrottle):
    """By address."""


class PeoplesRate(TellsRate, UserRateThrottle):
    """By person."""


class WritesRate(TellsRate):
    """By person, of what writes."""

    scope = "writes"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if request.method in SAFE_METHODS or not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
