"""The desk of focal points and the secretariat: review and claims."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.enums import ClaimStatus, RevisionStatus
from incubators.forms.review import ClaimAnswerForm, StandingForm
from incubators.models import BulkApproval, Claim, Organisation, Revision
from incubators.reviewing import Queue, Review
from incubators.rules import is_reviewer
from incubators.services.claims import move_claim
from incubators.services.organisation_states import move_organisation
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken, version_of


def reviewers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Signed in, and focal point, deputy or secretariat."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@reads
@reviewers_only
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits, the oldest first."""
    undoable = BulkApproval.objects.undoable_by(request.user).filter(by=request.user)
    return render(request, "incubators/focal/queue.html", {"queue": Queue(request.user), "undoable": undoable})


@reads_and_writes
@reviewers_only
def review(request: SignedInRequest, uid: str) -> HttpResponse:
    """One revision with its differences, and the answer."""
    sent = Revision.objects.visible_to(request.user).exclude(submitted_at=None)
    revision = get_object_or_404(sent.select_related("organisation__country", "organisation__city"), uid=uid)
    if revision.status == RevisionStatus.DRAFT:
        return _too_late(request, revision.status)
    review = Review(revision, by=request.user, data=request.POST or None)
    key = f"review:{revision.uid}:{request.user.uid}"
    if request.method == "POST" and review.form.is_valid():
        try:
            say_taken(request, review.answer(version_of(request)), key)
            return redirect("incubators:queue")
        except IllegalMove as late:
            return _too_late(request, late.source)
        except StaleWrite:
            review.form.add_error(None, _("The editors sent it again since you opened it. Read it, then answer."))
    context = {"review": review, "queue": Queue(request.user), "key": key}
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
def standing(request: SignedInRequest, slug: str) -> HttpResponse:
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
def claim_review(request: SignedInRequest, uid: str) -> HttpResponse:
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
