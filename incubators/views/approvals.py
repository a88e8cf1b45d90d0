"""Several entries of the queue approved by one press, and that undone."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from incubators.forms.review import chosen_in
from incubators.listing_values import title_here
from incubators.models import BulkApproval, Revision
from incubators.services.bulk_approvals import MOST_AT_ONCE, Outcome, TooLateError, approve_several, undo_approvals
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads_and_writes
from network_platform.identifiers import uid_in
from network_platform.people.requests import SignedInRequest
from network_platform.quoting import inside_quotes
from network_platform.zones import hour


@reads_and_writes
@reviewers_only
def approve(request: SignedInRequest) -> HttpResponse:
    """Shows which were chosen; POST approves these, in the versions that were shown."""
    if request.method == "POST":
        outcome = approve_several(chosen=chosen_in(request.POST.getlist("chosen")), by=request.user)
        _tell_of_left(request, outcome, _("“%(title)s” is not approved: %(why)s."))
        return redirect("incubators:queue")
    chosen = [uid for text in request.GET.getlist("uid") if (uid := uid_in(text))]
    uids = chosen[:MOST_AT_ONCE]
    waiting = Revision.objects.waiting().reviewable_by(request.user).filter(uid__in=uids)
    revisions = list(waiting.select_related("organisation__country", "submitted_by"))
    if not revisions:
        messages.warning(request, _("Choose at least one entry that waits."))
        return redirect("incubators:queue")
    for revision in revisions:
        revision.title = title_here(revision.values)
    context = {"revisions": revisions, "answered": len(uids) - len(revisions)}
    context["most"] = MOST_AT_ONCE if len(chosen) > MOST_AT_ONCE else 0
    return render(request, "incubators/focal/approve.html", context)


@require_POST
@reviewers_only
def undo(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Puts back what was approved together, while its mails wait."""
    approval = get_object_or_404(BulkApproval.objects.visible_to(request.user), uid=uid)
    try:
        outcome = undo_approvals(approval=approval, by=request.user)
    except TooLateError:
        messages.warning(request, _too_late(approval))
        return redirect("incubators:queue")
    number = len(outcome.done)
    words = ngettext("%(n)s entry waits again.", "%(n)s entries wait again.", number)
    messages.success(request, words % {"n": number})
    _tell_of_left(request, outcome, _("“%(title)s” stays approved: %(why)s."))
    return redirect("incubators:queue")


def _tell_of_left(request: HttpRequest, outcome: Outcome, words: str) -> None:
    for title, why in outcome.left:
        messages.warning(request, words % {"title": inside_quotes(title), "why": why})


def _too_late(approval: BulkApproval) -> str:
    if approval.undone_at:
        return _("This was undone already.")
    words = _(
        "It is too late to undo: the mails left at %(time)s. An entry that should not be listed can be suspended."
    )
    return words % {"time": hour(approval.undo_until)}
