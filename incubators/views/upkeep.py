"""Keeping the registry true: likely duplicates, mergers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.enums import PairStatus
from incubators.forms.upkeep import MergeForm
from incubators.models import DuplicatePair, Merger
from incubators.rules import can_merge_organisations
from incubators.services.merging import merge_organisations, plan_of, undo_merger
from incubators.services.pairs import move_pair
from incubators.upkeep import PairList, PairRow, with_both
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove


@reads
@reviewers_only
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one organisation, the likeliest first."""
    return render(request, "incubators/focal/duplicates.html", {"list": PairList(request.user)})


@reads_and_writes
@reviewers_only
def duplicate(request: HttpRequest, uid: str) -> HttpResponse:
    """Both entries side by side; POST says that they are two organisations, or takes that back."""
    pair = get_object_or_404(with_both(DuplicatePair.objects.visible_to(request.user)), uid=uid)
    if request.method == "POST":
        is_answer = request.POST.get("answer") == PairStatus.DIFFERENT
        try:
            move_pair(pair=pair, to=PairStatus.DIFFERENT if is_answer else PairStatus.OPEN, by=request.user)
            messages.success(request, _("Noted: two organisations.") if is_answer else _("The pair is open again."))
        except IllegalMove:
            messages.warning(request, _("Somebody else has answered already."))
        return redirect("incubators:duplicates")
    context = {"row": PairRow(pair), "can_merge": can_merge_organisations(request.user)}
    return render(request, "incubators/focal/duplicate.html", context)


@reads_and_writes
@login_required
def merge(request: HttpRequest, uid: str) -> HttpResponse:
    """What a merger would do, with numbers and names; POST does exactly that. `keep=second` keeps the other one."""
    if not can_merge_organisations(request.user):
        raise PermissionDenied
    pair = get_object_or_404(with_both(DuplicatePair.objects.visible_to(request.user).open()), uid=uid)
    both = [pair.first, pair.second]
    kept, gone = both[::-1] if request.GET.get("keep") == "second" else both
    form = MergeForm(request.POST or None)
    if form.is_valid():
        try:
            seen, reason = request.POST.get("seen", ""), form.cleaned_data["reason"]
            merge_organisations(kept=kept, gone=gone, by=request.user, reason=reason, seen=seen)
            messages.success(request, _("Merged. It can be undone for 30 days on the page of this pair."))
            return redirect(kept)
        except StaleWrite:
            form.add_error(None, _("The entries changed since you opened this page. Read again what would happen."))
        except (ValidationError, IllegalMove):
            form.add_error(None, _("They cannot be merged now; the reason stands below."))
    context = {"row": PairRow(pair), "plan": plan_of(kept, gone), "form": form, "keeps_second": kept == pair.second}
    return render(request, "incubators/focal/merge.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def merger_undo(request: HttpRequest, uid: str) -> HttpResponse:
    if not can_merge_organisations(request.user):
        raise PermissionDenied
    merger = get_object_or_404(Merger.objects.select_related("kept__country", "gone__country"), uid=uid)
    if not merger.can_be_undone:
        messages.warning(request, _("This merger cannot be undone any more."))
        return redirect("incubators:duplicates")
    undo_merger(merger=merger, by=request.user)
    messages.success(request, _("The merger is undone: both entries are as they were."))
    return redirect(merger.gone)
