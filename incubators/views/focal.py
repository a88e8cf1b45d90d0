"""The desk of focal points and the secretariat: review, claims, import."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.enums import ClaimStatus, ImportStatus, RevisionStatus
from incubators.forms.imports import ColumnsForm
from incubators.forms.review import ClaimAnswerForm, ImportForm, StandingForm
from incubators.models import BulkApproval, Claim, ImportRun, Organisation, Revision
from incubators.reports import MOST_TOLD, import_codes, mistakes_table, told_rows
from incubators.reviewing import Queue, Review
from incubators.rules import can_undo_import, is_reviewer
from incubators.services.claims import move_claim
from incubators.services.columns import is_plain, remember
from incubators.services.import_rows import COLUMNS
from incubators.services.import_undo import undo_import
from incubators.services.importing import CrossedError, commit_import, judge, keep_file
from incubators.services.standing import move_organisation
from incubators.tables import RefusedError, check_size
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.saving import version_of
from network_platform.spreadsheets import csv_lines


def reviewers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and focal point, deputy or secretariat."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@reads
@reviewers_only
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    undoable = BulkApproval.objects.undoable_by(request.user).filter(by=request.user)
    return render(request, "incubators/focal/queue.html", {"queue": Queue(request.user), "undoable": undoable})


@reads_and_writes
@reviewers_only
def review(request: HttpRequest, uid: str) -> HttpResponse:
    """One revision with its differences, and the answer."""
    sent = Revision.objects.visible_to(request.user).exclude(submitted_at=None)
    revision = get_object_or_404(sent.select_related("organisation__country", "organisation__city"), uid=uid)
    if revision.status == RevisionStatus.DRAFT:
        return _too_late(request, revision.status)
    review = Review(revision, by=request.user, data=request.POST or None)
    if request.method == "POST" and review.form.is_valid():
        try:
            messages.success(request, review.answer(version_of(request)))
            return redirect("incubators:queue")
        except IllegalMove as late:
            return _too_late(request, late.source)
        except StaleWrite:
            review.form.add_error(None, _("The editors sent it again since you opened it. Read it, then answer."))
    context = {"review": review, "queue": Queue(request.user)}
    return render(request, "incubators/focal/review.html", context, status=422 if review.form.errors else 200)


def _too_late(request: HttpRequest, status: str) -> HttpResponse:
    """Back to the queue, and why this revision cannot be answered any more."""
    if status == RevisionStatus.DRAFT:
        messages.warning(request, _("Its editors have taken it back. You get a mail if they send it again."))
    else:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect("incubators:queue")


@reads_and_writes
@login_required
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend, close or reinstate a listing, with a reason that its editors read."""
    movable = Organisation.objects.movable_by(request.user).select_related("country")
    organisation = get_object_or_404(movable, slug=slug)
    form = StandingForm(request.POST or None, organisation=organisation)
    if not form.is_valid():
        context = {"organisation": organisation, "form": form}
        return render(request, "incubators/focal/standing.html", context, status=422 if form.is_bound else 200)
    try:
        move_organisation(organisation=organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Done. The editors get a mail with your reason."))
    except IllegalMove:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect("incubators:detail", slug)


@reads_and_writes
@reviewers_only
def claim_review(request: HttpRequest, uid: str) -> HttpResponse:
    claims = Claim.objects.reviewable_by(request.user).select_related("organisation__country", "user")
    claim = get_object_or_404(claims, uid=uid)
    form = ClaimAnswerForm(request.POST or None)
    if not form.is_valid():
        context = {"claim": claim, "form": form}
        return render(request, "incubators/focal/claim.html", context, status=422 if form.is_bound else 200)
    answer = ClaimStatus(form.cleaned_data["answer"])
    try:
        move_claim(claim=claim, to=answer, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The answer was sent."))
    except IllegalMove:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect("incubators:queue")


@reads_and_writes
@reviewers_only
def import_file(request: HttpRequest) -> HttpResponse:
    """Upload a file; the dry run's report comes next."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            check_size(upload.size)
            run = keep_file(data=upload.read(), file_name=upload.name, by=request.user)
            if not is_plain(run.mapping):
                return redirect("incubators:import-columns", run.uid)
            judge(run=run, by=request.user)
            return redirect("incubators:import-run", run.uid)
        except RefusedError as error:
            form.add_error("file", str(error))
    runs = ImportRun.objects.visible_to(request.user).filter(status=ImportStatus.DONE).defer("text", "report")[:10]
    context = {"form": form, "runs": runs, "codes": import_codes()}
    return render(request, "incubators/focal/import.html", context, status=422 if form.errors else 200)


@reads_and_writes
@reviewers_only
def import_columns(request: HttpRequest, uid: str) -> HttpResponse:
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
def import_run(request: HttpRequest, uid: str) -> HttpResponse:
    """The report of a dry run or of an import; POST writes what the dry run showed."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user).defer("text"), uid=uid)
    if not run.report:
        return redirect("incubators:import-columns", uid)
    if request.method == "POST":
        try:
            commit_import(run=run, by=request.user)
        except CrossedError:
            messages.warning(request, _("Somebody wrote into the registry at the same moment. Please import again."))
        return redirect("incubators:import-run", uid)
    told = told_rows(run.report)
    context = {"run": run, "told": told[:MOST_TOLD], "hidden": max(0, len(told) - MOST_TOLD)}
    context["can_undo"] = can_undo_import(request.user, run)
    return render(request, "incubators/focal/import_run.html", context)


@reads_and_writes
@reviewers_only
def import_undo(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks, then takes the whole import back."""
    run = get_object_or_404(ImportRun.objects.undoable_by(request.user).defer("text"), uid=uid)
    if request.method == "POST":
        undone = undo_import(run=run, by=request.user)
        words = _(
            "Taken back: %(removed)s removed, %(restored)s set back, %(left)s left because somebody changed them."
        )
        messages.success(request, words % vars(undone))
        return redirect("incubators:import")
    return render(request, "incubators/focal/import_undo.html", {"run": run})


@reads
@reviewers_only
def import_template(request: HttpRequest) -> StreamingHttpResponse:
    """A file with the columns that an import understands, to be filled in."""
    return _table([COLUMNS], "organisations.csv")


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
