"""The public list as files and inside pages of others: what its address shows, by the same rule."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt

from incubators.directory import EXPORTS, Directory, described, shortest
from incubators.reports import directory_table
from incubators.views.methods import reads
from network_platform.spreadsheets import csv_lines, json_lines, xlsx_file

MINUTE = 60  # a list may be filtered by calls that are open now
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reads
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The whole list of the same address, whatever page of it is shown."""
    if form not in EXPORTS:
        raise Http404
    found = Directory(request)
    rows = directory_table({found.index.ids[place] for place in found.order}, f"{settings.BASE_URL}/{get_language()}")
    if form == "xlsx":
        response: StreamingHttpResponse = FileResponse(xlsx_file(rows), content_type=WORKBOOK)
    elif form == "json":
        response = StreamingHttpResponse(json_lines(rows), content_type="application/json")
    else:
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="organisations.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@xframe_options_exempt
@reads
def embedded(request: HttpRequest) -> HttpResponse:
    """The beginning of the list for a frame on a page of others; see `network_platform.policy`."""
    response = render(request, "incubators/embedded.html", {"list": Directory(request)})
    patch_cache_control(response, public=True, max_age=MINUTE)
    response["X-Robots-Tag"] = "noindex"
    return response


@reads
def embed(request: HttpRequest) -> HttpResponse:
    """What a partner copies to show the list of this address on their own page."""
    found = Directory(request)
    path = f"{reverse('incubators:embedded')}?{shortest(request.GET)}".rstrip("?")
    context = {"asked": described(shortest(request.GET)), "list": found, "path": path, "base_url": settings.BASE_URL}
    return render(request, "incubators/embed.html", context)
