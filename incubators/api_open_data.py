"""The nightly files of what is public, at addresses that stay."""

from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from incubators.models import OpenDataDump
from incubators.open_data import ARCHIVE, DESCRIPTION, TYPES

QUARTER_OF_AN_HOUR = 900


class AsItIs(BaseContentNegotiation):
    """A file has one form, whatever the caller would rather have."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class OpenDataFile(APIView):
    """Files of the newest dump. The ETag is the file's SHA-256, as its description says it."""

    content_negotiation_class = AsItIs

    @extend_schema(
        operation_id="open_data_file",
        summary="A file of the open data",
        description="`organisations`, `programmes`, `calls`, `countries` and `sectors` as `.csv` and `.json`, "
        f"`{DESCRIPTION}`, and all of them in `{ARCHIVE}`. `404` before the first night.",
        parameters=[OpenApiParameter("name", OpenApiTypes.STR, OpenApiParameter.PATH, examples=[
            OpenApiExample("A table", value="organisations.csv"), OpenApiExample("Everything", value=ARCHIVE)
        ])],
        responses={(200, mime): OpenApiTypes.BINARY for mime in TYPES.values()} | {304: None},
    )  # fmt: skip
    def get(self, request: Request, name: str) -> HttpResponseBase:
        dump = OpenDataDump.objects.first()
        if dump is None:
            raise NotFound("There are no files yet: they are made every night.")
        if name not in dump.checksums:
            raise NotFound(f"There is no such file. There are: {', '.join(dump.checksums)}.")
        etag, changed = f'"{dump.checksums[name]}"', int(dump.made_at.timestamp())
        answer = get_conditional_response(request._request, etag, changed) or _file(dump, name)
        answer["ETag"], answer["Last-Modified"] = etag, http_date(changed)
        patch_cache_control(answer, public=True, max_age=QUARTER_OF_AN_HOUR)
        return answer


class OpenDataDescription(OpenDataFile):
    """The data package: which files there are, their fields, sizes, checksums and licence."""

    @extend_schema(
        operation_id="open_data",
        summary="What there is as open data",
        responses={200: OpenApiTypes.OBJECT, 304: None},
    )
    def get(self, request: Request) -> HttpResponseBase:  # type: ignore[override]
        return super().get(request, DESCRIPTION)


def _file(dump: OpenDataDump, name: str) -> HttpResponseBase:
    form = name.rpartition(".")[2]
    kind = f"{TYPES[form]}; charset=utf-8" if form == "csv" else TYPES[form]
    try:
        return FileResponse(dump.open(name), as_attachment=form != "json", filename=name, content_type=kind)
    except FileNotFoundError:
        raise NotFound("This file is not there any more: new ones are made every night.") from None
