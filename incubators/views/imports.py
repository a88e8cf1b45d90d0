"""Files for the registry: upload, columns, report, the writing of it, and taking it back."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from incubators.enums import ImportKind, ImportStatus
from incubators.forms.imports import ColumnsForm, ImportForm
from incubators.models import ImportRun
from incubators.models.imports import BEING_WORKED_ON
from incubators.reports import MOST_TOLD, mistakes_table, seen_only, spelled, told_rows
from incubators.rules import can_undo_import
from incubators.services.columns import is_plain, remember
from incubators.services.importing import judge, keep_file
from incubators.services.imports.jobs import start_import
from incubators.services.imports.kinds import KINDS, kind_of
from incubators.services.imports.undo import foretold, left_by, start_undo
from incubators.tables import RefusedError, check_size
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads, reads_and_writes
from network_platform.people.requests import SignedInRequest
from network_platform.spreadsheets import csv_lines

LISTED = 10
LOOKS_AGAIN_AFTER = 3  # seconds


@reads_and_writes
@reviewers_only
def import_file(request: SignedInRequest) -> HttpResponse:
    """Upload a file; the dry run's report comes next."""
    kind = request.GET.get("kind", ImportKind.ORGANISATIONS)
    form = ImportForm(request.POST or None, request.FILES or None, initial={"kind": kind})
    if form.is_valid():
        try:
            run = _kept(request, form)
            plain = is_plain(run.mapping, kind_of(run.kind))
            return redirect("incubators:import-run" if plain else "incubators:import-columns", run.uid)
        except RefusedError as error:
            form.add_error("file", str(error))
    runs = ImportRun.objects.visible_to(request.user).listed()[:LISTED]
    shown = KINDS.get(form["kind"].value(), KINDS[ImportKind.ORGANISATIONS])
    context = {"form": form, "runs": runs, "chosen": shown, "kinds": KINDS.values()}
    return render(request, "incubators/focal/import.html", context, status=422 if form.errors else 200)


def _kept(request: SignedInRequest, form: ImportForm) -> ImportRun:
    """The file, with its report if nothing has to be asked; raises RefusedError."""
    upload, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
    check_size(upload.size)
    run = keep_file(data=upload.read(), file_name=upload.name, by=request.user, kind=kind)
    return judge(run=run, by=request.user) if is_plain(run.mapping, kind_of(kind)) else run


@reads_and_writes
@reviewers_only
def import_columns(request: SignedInRequest, uid: str) -> HttpResponse:
    """Which of our columns the file's headings mean: as guessed, until the person says otherwise."""
    own = ImportRun.objects.filter(by=request.user, status=ImportStatus.CHECKED)
    run = get_object_or_404(own, uid=uid)
    form = ColumnsForm(request.POST or None, run=run)
    if form.is_valid():
        try:
            run = remember(run=run, by=request.user, mapping=form.mapping)
            judge(run=run, by=request.user)
            return redirect("incubators:import-run", uid)
        except RefusedError as error:
            form.add_error(None, str(error))
    return render(
        request, "incubators/focal/columns.html", {"form": form, "run": run}, status=422 if form.errors else 200
    )


@reads_and_writes
@reviewers_only
def import_run(request: SignedInRequest, uid: str) -> HttpResponse:
    """The report of a dry run or of an import; POST leaves the writing to a worker. While one writes or takes back, the
    page tells how far it is, and looks again by itself.
    """
    run = get_object_or_404(ImportRun.objects.visible_to(request.user).defer("text", "report", "before"), uid=uid)
    if request.method != "POST" and run.status in BEING_WORKED_ON:
        return render(request, "incubators/focal/import_progress.html", {"run": run, "seconds": LOOKS_AGAIN_AFTER})
    if not run.report:
        return redirect("incubators:import-columns", uid)
    if request.method == "POST":
        start_import(run=run, by=request.user)
        return redirect("incubators:import-run", uid)
    told = told_rows(run.report)
    kind = kind_of(run.kind)
    shown = seen_only(spelled(told[:MOST_TOLD], kind), kind, request.user) if told else []
    context = {"run": run, "told": shown, "hidden": max(0, len(told) - MOST_TOLD)}
    context["can_undo"], context["left"] = can_undo_import(request.user, run), list(left_by(run, request.user))
    return render(request, "incubators/focal/import_run.html", context)


@reads_and_writes
@reviewers_only
def import_undo(request: SignedInRequest, uid: str) -> HttpResponse:
    """Asks, then leaves it to a worker to take the whole import back. Pressed twice it leads to the same page."""
    if request.method == "POST":
        run = get_object_or_404(ImportRun.objects.visible_to(request.user).defer("text", "report", "before"), uid=uid)
        start_undo(run=run, by=request.user)
        return redirect("incubators:import-run", uid)
    run = get_object_or_404(ImportRun.objects.undoable_by(request.user).defer("text"), uid=uid)
    return render(request, "incubators/focal/import_undo.html", {"run": run, "foretold": foretold(run)})


@reads
@reviewers_only
def import_template(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """A table with the columns that an import of this kind understands, and an invented row."""
    if kind not in KINDS:
        raise Http404
    columns, example = KINDS[kind].columns(), KINDS[kind].example()
    return _table([columns, [example.get(name, "") for name in columns]], f"{kind}.csv")


@reads
@reviewers_only
def import_mistakes(request: HttpRequest, uid: str) -> StreamingHttpResponse:
    """The rows with mistakes, each with what is wrong, to be corrected and sent again."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), uid=uid)
    return _table(mistakes_table(run), "mistakes.csv")


def _table(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
