"""The API's root: every app's `api.py` adds its viewsets to one router."""

import json
import uuid
from typing import Any

from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.serializers import CharField, IntegerField, UUIDField
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from network_platform.typed import whole_number


class KeysetPagination(CursorPagination):
    """`next`, `previous`, `results`; pages by key, so that page 400 costs what page 1 costs."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"

    def get_page_size(self, request: Request) -> int:
        """More than there may be gives as many as there may be; what is no number is refused."""
        typed = request.query_params.get(self.page_size_query_param)
        if typed is None:
            return self.page_size
        if not (typed.isascii() and typed.isdigit() and typed.strip("0")):
            raise ValidationError({self.page_size_query_param: ["Write a whole number, 1 or more."]})
        return min(whole_number(typed, otherwise=self.max_page_size), self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and whole_number(str(cursor.position), otherwise=-1) < 0:
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for each in found:
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"minimum": 1}
                each["description"] = f"How many on a page; {self.max_page_size} at most, {self.page_size} unless told."
        return found


class StrictJson(JSONParser):
    """JSON in UTF-8, whatever else the header says. What no database can keep is refused before anybody looks at it."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError("This is nested too deeply.") from None
        except UnicodeEncodeError:
            raise ParseError("There is half a surrogate pair in it, which is no character.") from None
        return data


class Text(CharField):
    """A text and not a number, so that what is described is what is taken."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class WholeNumber(IntegerField):
    """A number and not a text that tells one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Uid(UUIDField):
    """In the form in which the API writes it; its base takes numbers, braces and URNs for one too."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        found: uuid.UUID = super().to_internal_value(data)
        if not isinstance(data, str) or str(found) != data.lower():
            self.fail("invalid", value=data)
        return found


class TellsRate(SimpleRateThrottle):
    """Leaves on the request what its caller may still do: `middleware.ApiRate` says it in headers."""

    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: Any) -> bool:
        allowed = super().allow_request(request, view)
        if getattr(self, "key", None) is not None:
            asked: Any = request._request
            left = max(0, self.num_requests - len(self.history))
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
