"""The feed of changes for programmes that keep a copy."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from network_platform.changes.delivery import as_data
from network_platform.changes.models import Change
from network_platform.typed import LONGEST_NUMBER

PAGE = 200
SINCE = OpenApiParameter(
    "since",
    {"type": "integer", "minimum": 0, "maximum": 10**LONGEST_NUMBER - 1},
    description="The cursor of your last answer; 0 is the beginning",
)

ChangeShape = inline_serializer(
    "Change",
    {
        "number": serializers.IntegerField(),
        "at": serializers.DateTimeField(),
        "event": serializers.CharField(),
        "uid": serializers.UUIDField(),
        "country": serializers.CharField(),
        "page": serializers.CharField(),
    },
)


@method_decorator(conditional_page, name="dispatch")
class ChangesView(APIView):
    """What everybody may know has changed, the oldest first. Ask again with the `cursor` of the last answer."""

    @extend_schema(
        summary="Changes since a cursor",
        parameters=[SINCE],
        responses=inline_serializer(
            "Changes",
            {
                "cursor": serializers.IntegerField(),
                "more": serializers.BooleanField(),
                "results": serializers.ListField(child=ChangeShape),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        since = _cursor(request.query_params.get("since", "0"))
        rows = list(Change.objects.filter(number__gt=since)[: PAGE + 1])
        found = rows[:PAGE]
        data: dict[str, Any] = {"cursor": found[-1].number if found else since, "more": len(rows) > PAGE}
        return Response({**data, "results": [as_data(change) for change in found]})


def _cursor(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise ValidationError({"since": ["Write the cursor of an earlier answer, a whole number."]})
    return int(text)
