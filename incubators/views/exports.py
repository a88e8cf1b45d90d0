"""The public list as files and inside pages of others: what its address shows, by the same rule."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language

from incubators.directory import EXPORTS, Directory
from incubators.reports import directory_table
from incubators.views.methods import reads
from network_platform.spreadsheets import csv_lines, json_lines, xlsx_file

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reads
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The whole list of the same address, whatever page of it is shown."""
    if form not in EXPORTS:
        raise Http404
    found = Directory(request)
    rows = directory_table({found.index.ids[place] for place in found.order}, f"{settings.BASE_URL}/{get_language()}")
    if form == "xlsx":
        response = FileResponse(xlsx_file(rows), content_type=WORKBOOK)
    elif form == "json":
        response = StreamingHttpResponse(json_lines(rows), content_type="application/json")
    else:
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="organisations.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response
