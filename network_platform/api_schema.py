"""What the API's description says of every operation: who may, what is refused and how, how much may be asked."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from rest_framework.permissions import SAFE_METHODS

Shape = dict[str, Any]
Direction = Literal["request", "response"]
JSON = "application/json"
NO_NUL = "^[^\\u0000]*$"
REFUSED: Shape = {
    "type": "object",
    "description": "Why, in a sentence.",
    "properties": {"detail": {"type": "string"}},
    "required": ["detail"],
}
WRONG: Shape = {
    "type": "object",
    "description": "What is wrong, by the name of its field; `detail` says what is wrong with all of it.",
    "additionalProperties": {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        ]
    },
}
CHANGED: Shape = {
    "type": "object",
    "description": "Somebody has changed it: `version` is what stands by now, `theirs` what is in the fields "
    "that were to be written. Without these it cannot be done now.",
    "properties": {
        "detail": {"type": "string"},
        "version": {"type": "string"},
        "theirs": {"type": "object", "additionalProperties": True},
    },
    "required": ["detail"],
}
SENTENCES = {
    "304": "Unchanged since the ETag in If-None-Match",
    "400": "Something in it is wrong",
    "401": "The token is missing, not known, revoked, or has ended",
    "403": "The token has no right to this",
    "404": "Not there, or not for you",
    "406": "The answer is JSON and nothing else",
    "409": "Changed meanwhile, or not possible now",
    "412": "Changed since the ETag in If-Match",
    "415": "The body is not JSON",
    "422": "The Idempotency-Key came with another request",
    "428": "If-Match is missing",
    "429": "Too many requests",
}
NUMBER: Shape = {"type": "integer", "minimum": 0}
RATE = {f"RateLimit-{name}": {"schema": NUMBER} for name in ("Limit", "Remaining", "Reset")}
HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    "429": {"Retry-After": {"schema": NUMBER}},
}


class Described(AutoSchema):
    """A view's `write_scope` says that it takes a token; everything else is read without one."""

    def get_auth(self) -> list[Shape]:
        return super().get_auth() if hasattr(self.view, "write_scope") else []

    def get_operation(self, *args: Any) -> Shape | None:
        operation: Shape | None = super().get_operation(*args)
        if operation is not None:
            for code in self._refusals(operation):
                operation["responses"].setdefault(code, self._refusal(code))
            for code, response in operation["responses"].items():
                if headers := HEADERS.get(code, RATE if code.startswith("2") else {}):
                    response.setdefault("headers", {}).update(headers)
        return operation

    def _refusals(self, operation: Shape) -> list[str]:
        asks = operation.get("parameters", [])
        places = {each["in"] for each in asks}
        headers = {each["name"] for each in asks if each["in"] == "header"}
        is_own, has_body = hasattr(self.view, "write_scope"), "requestBody" in operation
        return [
            *(["304"] if self.method in SAFE_METHODS and not is_own else []),
            *(["400"] if has_body or places & {"query", "header"} else []),
            "401",
            *(["403"] if is_own else []),
            *(["404"] if has_body or "path" in places or "cursor" in {each["name"] for each in asks} else []),
            "406",
            *(["415"] if has_body else []),
            *(["422"] if "Idempotency-Key" in headers else []),
            *(["412", "428"] if "If-Match" in headers else []),
            "429",
        ]

    def _refusal(self, code: str) -> Shape:
        if code == "304":
            return {"description": SENTENCES[code]}
        name, shape = ("Wrong", WRONG) if code == "400" else ("Refused", REFUSED)
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=shape)
        self.registry.register_on_missing(component)
        return {"description": SENTENCES[code], "content": {JSON: {"schema": component.ref}}}

    def _get_parameters(self) -> list[Shape]:
        """Texts are without NUL, and a list that is named has something in it."""
        found: list[Shape] = super()._get_parameters()
        for each in found:
            shape = each["schema"]
            if each["in"] == "query" and shape.get("type") == "string" and not shape.keys() & {"format", "enum"}:
                shape.setdefault("pattern", NO_NUL)
            if each["in"] == "query" and shape.get("type") == "array":
                shape["minItems"] = 1
        return found

    def _get_request_for_media_type(self, serializer: Any, direction: Direction = "request") -> tuple[Shape, bool]:
        """A body that a PATCH takes only whole is described so; otherwise everything in it could be left out."""
        if getattr(serializer, "is_whole", False):
            return self.resolve_serializer(force_instance(serializer), direction).ref, True
        return super()._get_request_for_media_type(serializer, direction)
