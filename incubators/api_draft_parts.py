"""What writing into drafts through the API has in common for entries and yearly figures: shapes, refusals, clashes.

Nothing here publishes. `values` are the fields of the form by name.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.forms import BaseForm
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from network_platform.api import Text
from network_platform.api_schema import CHANGED
from network_platform.drafts import digest

VALUES: dict[str, Any] = {"type": "object", "additionalProperties": True}
PROBLEMS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
LONGEST_VERSION = 60


class Clash(APIException):
    """`version` is what stands by now, `theirs` what is in the fields that were to be written."""

    status_code = 409
    default_code = "changed_meanwhile"
    default_detail = "Somebody has changed it since. Compare, then write on top of this version."

    def __init__(self, version: str, theirs: Mapping[str, Any]) -> None:
        super().__init__()
        told: Any = {"detail": str(self.default_detail), "version": version, "theirs": dict(theirs)}
        self.detail = told


class NotNow(APIException):
    status_code = 409
    default_code = "not_now"


@extend_schema_field(OpenApiTypes.ANY)
class Typed(serializers.Field):
    """What a form would send: a text, or a list of texts. Numbers become texts, null is an empty one."""

    default_error_messages = {"kind": "Send a text, a number, null or a list of these."}  # noqa: RUF012 - as its base

    def to_internal_value(self, data: Any) -> str | list[str]:
        if isinstance(data, list):
            return [self._text(each) for each in data]
        return self._text(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return self.to_internal_value(data)

    def _text(self, data: Any) -> str:
        if data is None:
            return ""
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("kind")
        return str(data)


TYPED: dict[str, Any] = {"nullable": True, "anyOf": [{"type": "string"}, {"type": "number"}]}
WRITTEN = VALUES | {"additionalProperties": TYPED | {"anyOf": [*TYPED["anyOf"], {"type": "array", "items": TYPED}]}}


@extend_schema_field(WRITTEN)
class WrittenField(serializers.DictField):
    """Values to write, by the name of their field."""


@extend_schema_field(VALUES)
class ValuesField(serializers.JSONField):
    """Values as they stand, by the name of their field."""


@extend_schema_field(PROBLEMS)
class ProblemsField(serializers.JSONField):
    """What is wrong, by the name of its field."""


class DraftInput(serializers.Serializer):
    """`version` as it was read; `values` by the name of their field."""

    is_whole = True

    version = Text(min_length=1, max_length=LONGEST_VERSION, trim_whitespace=False)
    values = WrittenField(child=Typed())


class VersionInput(serializers.Serializer):
    """`version` as it was read: exactly that is sent."""

    version = Text(min_length=1, max_length=LONGEST_VERSION, trim_whitespace=False)


CLASH = OpenApiExample(
    "Somebody has changed it since",
    value={"detail": Clash.default_detail, "version": "019a0c-4", "theirs": {"city": "Astana"}},
    response_only=True,
    status_codes=["409"],
)
CLASHING = {409: CHANGED}


def checked(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """What was sent, in the form of `shape`; raises ValidationError."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def differing(stands: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    """Of the fields that were to be written, what is another text by now."""
    return {name: stands.get(name, "") for name in mine if digest(stands.get(name)) != digest(mine[name])}


def refuse_unknown(names: Collection[str]) -> None:
    """Fields that were named and are not there."""
    if names:
        raise ValidationError({name[:60]: ["There is no such field."] for name in sorted(names)[:20]})


def refuse_shapes(values: Mapping[str, Any], lists: Collection[str] = ()) -> None:
    """A text where a field takes a list, and the other way round."""
    wrong = {name: ["Send a list."] for name in lists if isinstance(values.get(name, []), str)}
    wrong |= {name: ["Send a text."] for name in values if name not in lists and isinstance(values[name], list)}
    if wrong:
        raise ValidationError(wrong)


def refuse_wrong(form: BaseForm, only: Collection[str] | None = None) -> None:
    """What is wrong in the named fields, or anywhere, by field."""
    wrong = {name: texts for name, texts in wrong_in(form).items() if only is None or name in only}
    if wrong:
        raise ValidationError(wrong)


def wrong_in(form: BaseForm) -> dict[str, list[str]]:
    """What the form finds wrong, by field."""
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}
