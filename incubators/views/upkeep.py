"""Keeping the registry true: likely duplicates, mergers, transfers, remarks of readers."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.enums import PairStatus, RemarkStatus, TransferStatus
from incubators.forms.upkeep import MergeForm, RemarkAnswerForm, RemarkForm, TransferAnswerForm, TransferForm
from incubators.models import DuplicatePair, Merger, Organisation, Remark, Transfer
from incubators.pairs import PairList, PairRow, with_both
from incubators.rules import can_merge_organisations
from incubators.services.merging import merge_organisations, plan_of, undo_merger
from incubators.services.pairs import move_pair
from incubators.services.remarks import TooManyRemarksError, answer_remark, make_remark
from incubators.services.transfers import answer_transfer, ask_for_transfer, withdraw_transfer
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken


@reads
@reviewers_only
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs that may be one organisation, the likeliest first."""
    return render(request, "incubators/focal/duplicates.html", {"list": PairList(request.user)})


@reads_and_writes
@reviewers_only
def duplicate(request: SignedInRequest, uid: str) -> HttpResponse:
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
def merge(request: SignedInRequest, uid: str) -> HttpResponse:
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
            return redirect("incubators:duplicate", pair.uid)
        except StaleWrite:
            form.add_error(None, _("The entries changed since you opened this page. Read again what would happen."))
        except (ValidationError, IllegalMove):
            form.add_error(None, _("They cannot be merged now; the reason stands below."))
    context = {"row": PairRow(pair), "plan": plan_of(kept, gone), "form": form, "keeps_second": kept == pair.second}
    return render(request, "incubators/focal/merge.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def merger_undo(request: SignedInRequest, uid: str) -> HttpResponse:
    if not can_merge_organisations(request.user):
        raise PermissionDenied
    merger = get_object_or_404(Merger.objects.select_related("kept__country", "gone__country"), uid=uid)
    if not merger.can_be_undone:
        messages.warning(request, _("This merger cannot be undone any more."))
        return redirect("incubators:duplicates")
    undo_merger(merger=merger, by=request.user)
    messages.success(request, _("The merger is undone: both entries are as they were."))
    return redirect(merger.gone)


@reads_and_writes
@login_required
def transfer(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask another country to take the organisation; shows the wish that waits, if there is one."""
    organisation = get_object_or_404(Organisation.objects.movable_by(request.user).select_related("country"), slug=slug)
    waiting = organisation.transfers.open().select_related("target").first()
    form = TransferForm(request.POST or None, source=organisation.country)
    if waiting or not form.is_valid():
        context = {"organisation": organisation, "form": form, "waiting": waiting}
        return render(request, "incubators/focal/transfer.html", context, status=422 if form.errors else 200)
    ask_for_transfer(organisation=organisation, by=request.user, **form.cleaned_data)
    messages.success(request, _("Asked. You get a mail when the other country answers."))
    return redirect(organisation)


@reads_and_writes
@reviewers_only
def transfer_answer(request: SignedInRequest, uid: str) -> HttpResponse:
    """The other country's answer."""
    found = Transfer.objects.answerable_by(request.user).select_related("organisation", "source", "target", "asked_by")
    asked = get_object_or_404(found, uid=uid)
    form = TransferAnswerForm(request.POST or None)
    if form.is_valid():
        to, answer = TransferStatus(form.cleaned_data["to"]), form.cleaned_data["answer"]
        try:
            answer_transfer(transfer=asked, to=to, by=request.user, answer=answer)
            messages.success(request, _("The answer was sent."))
            return redirect("incubators:queue")
        except IllegalMove:
            messages.warning(request, _("Somebody else has answered already."))
            return redirect("incubators:queue")
        except ValidationError as error:
            form.add_error(None, error)
    context = {"transfer": asked, "form": form}
    return render(request, "incubators/focal/transfer_answer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def transfer_withdraw(request: SignedInRequest, uid: str) -> HttpResponse:
    found = Transfer.objects.withdrawable_by(request.user).select_related("organisation")
    asked = get_object_or_404(found, uid=uid)
    try:
        withdraw_transfer(transfer=asked, by=request.user)
        messages.success(request, _("The wish is taken back."))
    except IllegalMove:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect(asked.organisation)


@reads_and_writes
def wrong(request: HttpRequest, slug: str) -> HttpResponse:
    """Anybody says that something about an organisation is wrong."""
    organisation = get_object_or_404(Organisation.objects.in_directory().select_related("country"), slug=slug)
    form = RemarkForm(request.POST or None)
    key = f"remark:{organisation.uid}:{request.user.uid}" if request.user.is_authenticated else ""
    status = 422 if form.errors else 200
    if form.is_valid():
        if form.is_from_a_program or _takes(request, form, organisation):
            say_taken(request, _("Thank you. Who keeps the country’s entries will look at it."), key)
            return redirect(organisation)
        form.add_error(None, _("Too many remarks came in lately. What you typed is still here: try again tomorrow."))
        status = 429
    context = {"organisation": organisation, "form": form, "key": key}
    return render(request, "incubators/wrong.html", context, status=status)


def _takes(request: HttpRequest, form: RemarkForm, organisation: Organisation) -> bool:
    """Whether the remark is kept: not if too many came from one place, or about one organisation."""
    if not ratelimit.consume(request, action="remark"):
        return False
    by = request.user if request.user.is_authenticated else None
    try:
        make_remark(organisation=organisation, language=get_language() or "en", by=by, **form.remark)
    except TooManyRemarksError:
        return False
    return True


@reads_and_writes
@reviewers_only
def remark(request: SignedInRequest, uid: str) -> HttpResponse:
    """A reader's remark, and the answer."""
    found = Remark.objects.answerable_by(request.user).select_related("organisation__country")
    told = get_object_or_404(found, uid=uid)
    form = RemarkAnswerForm(request.POST or None)
    if not form.is_valid():
        context = {"remark": told, "form": form, "wants_answer": bool(told.address)}
        return render(request, "incubators/focal/remark.html", context, status=422 if form.errors else 200)
    try:
        answer_remark(remark=told, to=RemarkStatus(form.cleaned_data["to"]), by=request.user)
        messages.success(request, _("Noted."))
    except IllegalMove:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect("incubators:queue")
