"""The judge's desk: what is left, conflicts, the entry beside the rubric."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import rules
from competitions.contents import answers_of
from competitions.doors import asked_with_a_code
from competitions.enums import RoleKind, RoundState
from competitions.forms.sheet import ConflictsForm, ReasonForm, SheetForm, TieForm, initial_of
from competitions.models import Assignment, Criterion, Judge, Revision, ScoreSheet
from competitions.progress import desks_of, next_seat, tiles_of
from competitions.services import assigning, judging
from competitions.services.definitions import criteria_of
from competitions.services.notices import people_with
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import clash, kept_with_mistakes, save_id_of, saved_answer, seen_of, shown_in
from network_platform.zones import in_short

WITHOUT_TOTAL = "without-total"  # what the button sends by which a judge confirms it
NO_VERSION = -1  # based on nothing known: whatever stands there is shown before it is replaced
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def queue(request: SignedInRequest) -> HttpResponse:
    """Every round this person judges: how many are left, until when, and the way to the next."""
    invitations = Judge.objects.to_answer(request.user).select_related("competition")
    context = {"desks": desks_of(request.user), "invitations": invitations}
    return render(request, "competitions/judge/queue.html", context)


@get_or_post
def invitation(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept, and with it the rules of judging, or decline. The link in the mail names the invitation."""
    if not request.user.is_authenticated:
        return _asked_in(request, slug)
    seats = Judge.objects.visible_to(request.user).filter(user=request.user).select_related("competition")
    judge = get_object_or_404(seats, competition__slug=slug)
    if request.method == "POST" and rules.can_answer_invitation(request.user, judge):
        accepts = request.POST.get("answer") == "accept"
        judging.answer_invitation(judge=judge, accepts=accepts, by=request.user)
        messages.success(request, _answered(judge, accepts=accepts))
        return redirect("competitions:judging")
    round_, expected = assigning.reading_of(judge)
    context = {
        "judge": judge,
        "can_answer": rules.can_answer_invitation(request.user, judge),
        "round": round_,
        "expected": expected,
        "managers": people_with(judge.competition, RoleKind.MANAGER),
    }
    return render(request, "competitions/judge/invitation.html", context)


@get_or_post
@login_required
def conflicts(request: SignedInRequest, slug: str) -> HttpResponse:
    """All seats that wait for the question of conflict, in one pass, before anything is readable in full."""
    seats = Assignment.objects.of_judge(request.user).filter(round__competition__slug=slug).to_clear()
    found = list(seats.select_related("entry__startup__country", "entry__track", "round__competition", "judge"))
    if request.method == "POST":
        shown = request.POST.getlist("shown")
        found = [seat for seat in found if str(seat.uid) in shown]
    found = [seat for seat in found if not rules.comes_too_late(request.user, seat)]
    if not found:
        if request.method == "POST":
            messages.warning(request, _("This was asked too late, or answered already. Nothing was recorded now."))
        return redirect("competitions:judging")
    form = ConflictsForm(request.POST if request.method == "POST" else None, assignments=found)
    if request.method == "POST" and form.is_valid():
        judging.declare_conflicts(assignments=found, reasons=form.reasons(), by=request.user)
        return redirect("competitions:judging")
    context = {"form": form, "competition": found[0].round.competition}
    return render(request, "competitions/judge/conflicts.html", context)


@get_or_post
@login_required
def sheet(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """The entry on the left, the rubric on the right. POST saves, and submits when asked to."""
    seat = _seat(request, uid)
    saved = _saved(seat)
    is_too_late = request.method == "POST" and rules.comes_too_late(request.user, seat)
    can_open = rules.can_open_assignment(request.user, seat)
    if not can_open and not is_too_late and not _is_reread(request, saved):
        return _to_the_reason(request, seat)
    criteria = _criteria(seat)
    marks = judging.marks_of(saved)
    initial = initial_of(criteria=criteria, marks=marks, sheet=saved)
    if request.method != "POST" or is_too_late:
        typed = SheetForm(request.POST, criteria=criteria).typed_words() if is_too_late else []
        shown = SheetForm(criteria=criteria, initial=initial)
        return _render_sheet(request, seat, saved, shown, marks=marks, typed=typed)
    form = SheetForm(request.POST, criteria=criteria, initial=initial)
    if answer := _save(request, seat, form):
        return answer
    saved = _saved(seat)
    return _render_sheet(request, seat, saved, form, marks=judging.marks_of(saved))


@require_POST
@login_required
def autosave(request: SignedInRequest, uid: uuid.UUID) -> JsonResponse:
    """What was typed so far: 200 with the new version, 409 with both texts, 403 when the round is closed."""
    seat = _seat(request, uid)
    form = SheetForm(request.POST, criteria=_criteria(seat))
    if not rules.can_open_assignment(request.user, seat):
        raise PermissionDenied
    form.is_valid()
    try:
        saved = judging.save_sheet(
            assignment=seat,
            data=form.sheet_input(),
            based_on=form.cleaned_data.get("version", NO_VERSION),
            by=request.user,
            save_id=save_id_of(request),
            seen=seen_of(request),
        )
    except StaleWrite as stale:
        return clash(stale)
    except judging.NotEditable as error:
        raise PermissionDenied from error
    zone = seat.round.competition.time_zone
    answer = saved_answer(saved, form.typed(), cast(datetime, saved.saved_at), zone, in_short)
    return JsonResponse(answer | kept_with_mistakes(form))


@get_or_post
@login_required
def reopen(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Take a submitted sheet back, with a reason, while the round is open."""
    seat = _seat(request, uid)
    submitted = get_object_or_404(ScoreSheet, assignment=seat, state="submitted")
    if not rules.can_reopen_own_sheet(request.user, submitted):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            judging.reopen_sheet(sheet=submitted, by=request.user, reason=form.cleaned_data["reason"])
        except (judging.NotEditable, IllegalMove):
            messages.error(request, _("The sheet or its round has moved on in the meantime. Nothing was changed."))
        return redirect("competitions:judge-sheet", uid=uid)
    return render(request, "competitions/judge/reopen.html", {"form": form, "seat": seat})


@get_or_post
@login_required
def recuse(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Declare a conflict that was noticed later, and step back."""
    seat = _seat(request, uid)
    if not rules.can_recuse(request.user, seat):
        raise PermissionDenied
    form = TieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        judging.recuse(assignment=seat, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, _("You stepped back from %(entry)s. Thank you for saying so.") % {"entry": seat.entry}
        )
        return redirect("competitions:judging")
    return render(request, "competitions/judge/recuse.html", {"form": form, "seat": seat})


def _asked_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Only the link of the mail tells to whom and for what the invitation is."""
    judge = assigning.invited_by_link(slug, request.GET.get("invitation", ""))
    if judge is None:
        return redirect_to_login(request.get_full_path())
    return asked_with_a_code(request, email=judge.user.email, judge=judge)


def _answered(judge: Judge, *, accepts: bool) -> str:
    if not accepts:
        return _("You declined. Thank you for answering.")
    if Assignment.objects.of_judge(judge.user).filter(round__competition=judge.competition).exists():
        return _("You accepted, thank you. Your entries are here.")
    return _("You accepted, thank you. A mail tells you when there are entries to read; they will be here.")


def _seat(request: HttpRequest, uid: uuid.UUID) -> Assignment:
    seats = Assignment.objects.of_judge(request.user).with_rubric()
    about = ("judge__user", "round__competition", "entry__startup__country", "entry__track", "entry__standing__form")
    return get_object_or_404(seats.select_related(*about), uid=uid)


def _saved(seat: Assignment) -> ScoreSheet | None:
    saved = ScoreSheet.objects.filter(assignment=seat).first()
    if saved is not None:
        saved.assignment = seat
    return saved


def _criteria(seat: Assignment) -> list[Criterion]:
    """What this entry is scored on."""
    track = seat.entry.track.code if seat.entry.track else ""
    return [c for c in criteria_of(seat.rubric) if c.applies_to(stage=seat.entry.stage, track=track)]


def _answers(seat: Assignment) -> list[Any]:
    """What the judge reads of the entry."""
    standing = cast(Revision, seat.entry.standing)
    return answers_of(standing, for_judges=True, is_blind=seat.round.is_blind)


def _save(request: SignedInRequest, seat: Assignment, form: SheetForm) -> HttpResponse | None:
    """Save what was typed even with mistakes in it, submit if asked to; None: show the form again with its mistakes."""
    form.is_valid()
    based_on, seen = form.cleaned_data.get("version", NO_VERSION), seen_of(request)
    try:
        saved = judging.save_sheet(
            assignment=seat, data=form.sheet_input(), based_on=based_on, by=request.user, seen=seen
        )
        form.go_on_from(saved.version, saved.theirs)
        if form.errors:
            if "submit" in request.POST:
                form.add_missing(judging.missing_of(form.criteria, judging.marks_of(saved)))
            return None
        if "submit" in request.POST:
            is_meant = request.POST["submit"] == WITHOUT_TOTAL
            sheet = judging.submit_sheet(
                assignment=seat, criteria=form.criteria, by=request.user, may_lack_total=is_meant
            )
            messages.success(request, _scored(seat, sheet))
            return redirect(next_seat(request.user, seat) or "competitions:judging")
    except StaleWrite as stale:
        form.add_error(None, _("This sheet was changed in another window. Look at both and save again."))
        form.go_on_from(stale.version, stale.merged)
        form.theirs, form.seen = stale.theirs, stale.seen
        return None
    except judging.SheetIncomplete as incomplete:
        form.add_missing(incomplete.missing)
        return None
    except judging.BelowCoverage as below:
        form.add_error(None, _below(seat, below))
        form.needs_confirming = True
        return None
    except judging.NotEditable:
        if ScoreSheet.objects.filter(assignment=seat, state="submitted").exists():
            return redirect("competitions:judge-sheet", uid=seat.uid)
        form.add_error(None, _("This round is closed. What you typed is below; it was not saved."))
        return None
    messages.success(request, _("Saved."))
    return redirect("competitions:judge-sheet", uid=seat.uid)


def _scored(seat: Assignment, sheet: ScoreSheet) -> str:
    if sheet.total is None:
        return _("Entry %(entry)s is scored, without a total.") % {"entry": seat.entry}
    return _("Entry %(entry)s is scored: %(total)s") % {"entry": seat.entry, "total": floatformat(sheet.total, 1)}


def _below(seat: Assignment, below: judging.BelowCoverage) -> str:
    words = _(
        "You assessed %(covered)s %% of the weights; a sheet needs %(needed)s %% to have a total. "
        "As it is, it does not enter the entry’s mean. Assess more, or submit it without a total."
    )
    shares = {"covered": below.total.coverage * 100, "needed": seat.round.coverage * 100}
    return words % {name: floatformat(share, -1) for name, share in shares.items()}


def _render_sheet(
    request: SignedInRequest,
    seat: Assignment,
    saved: ScoreSheet | None,
    form: SheetForm,
    *,
    marks: Mapping[int, judging.Mark],
    typed: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """`typed`: what came too late to be saved."""
    tiles, criteria = tiles_of(request.user, seat), form.criteria
    can_read = rules.can_open_assignment(request.user, seat)
    can_edit = rules.can_edit_seat(request.user, seat, saved)
    if not can_edit:
        is_announced = seat.round.state == RoundState.ANNOUNCED
        form.only_read(is_submitted=saved is not None and saved.submitted_at is not None, is_announced=is_announced)
    total = judging.total_of(round=seat.round, criteria=criteria, marks=marks)
    context = {
        "seat": seat,
        "saved": saved,
        "form": form,
        "typed": typed,
        "can_read": can_read,
        "answers": _answers(seat) if can_read else [],
        "can_reopen": saved is not None and rules.can_reopen_own_sheet(request.user, saved),
        "can_recuse": rules.can_recuse(request.user, seat),
        "tiles": tiles,
        "done": sum(tile["state"] == "done" for tile in tiles),
        "count": sum(tile["state"] != "off" for tile in tiles),
        "total": total,
        "is_complete": all(judging.is_answered(marks.get(one.pk)) for one in criteria),
        "seen": form.seen or shown_in(form),
        "can_edit": can_edit,
        "autosave_url": reverse("competitions:judge-autosave", args=[seat.uid]),
    }
    status = 403 if request.method == "POST" and not form.is_bound else 422 if form.is_bound and form.errors else 200
    return render(request, "competitions/judge/sheet.html", context, status=status)


def _is_reread(request: HttpRequest, saved: ScoreSheet | None) -> bool:
    """What was handed in stays readable after the entry is closed to the judge."""
    return saved is not None and request.method != "POST" and rules.can_reread_sheet(request.user, saved)


def _to_the_reason(request: HttpRequest, seat: Assignment) -> HttpResponse:
    """Why the entry cannot be read now: the round is over, conflicts come first, or the seat is closed."""
    if rules.comes_too_late(request.user, seat):
        messages.info(
            request, _("%(entry)s is closed: the round is over, and you began no sheet.") % {"entry": seat.entry}
        )
        return redirect("competitions:judging")
    if rules.can_clear_assignment(request.user, seat) and seat.cleared_at is None:
        return redirect("competitions:judge-conflicts", slug=seat.round.competition.slug)
    raise PermissionDenied
