"""The journal's page, for those who oversee something."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network_platform.journal.forms import JournalFilter
from network_platform.journal.models import Record, RecordQuerySet
from network_platform.journal.pages import page_of
from network_platform.journal.reports import record_table
from network_platform.journal.rules import can_read_journal
from network_platform.people.requests import SignedInRequest
from network_platform.people.rules import can_manage_people
from network_platform.spreadsheets import csv_lines


@require_safe
@login_required
def journal(request: SignedInRequest) -> HttpResponse:
    form = JournalFilter(request.GET)
    page = page_of(_asked(request, form), request.GET)
    context = {"form": form, "page": page, "may_manage_people": can_manage_people(request.user)}
    return render(request, "journal/journal.html", context)


@require_safe
@login_required
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """Everything that the page's filters leave, oldest first."""
    records = _asked(request, JournalFilter(request.GET)).order_by("number")
    response = StreamingHttpResponse(csv_lines(record_table(records)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


def _asked(request: SignedInRequest, form: JournalFilter) -> RecordQuerySet:
    if not can_read_journal(request.user):
        raise PermissionDenied
    return form.narrow(Record.objects.visible_to(request.user))
