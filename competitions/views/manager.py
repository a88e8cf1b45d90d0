"""The manager's month: entries, judges, who reads what, means, decision, announcement. Observers read along."""

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from competitions import progress, rules
from competitions.contents import answers_of
from competitions.decision_table import DecisionTable
from competitions.departures import Departure, departures
from competitions.entry_list import EntryList, entry_table
from competitions.enums import COUNTED_SHEETS, DECIDED_STATES, JUDGED_STATES, OVER_STATES, RoundState, SheetState
from competitions.forms.decision import DecisionForm
from competitions.forms.manager import InviteForm, SeatsForm
from competitions.forms.sheet import ReasonForm
from competitions.models import (
    Competition,
    Decision,
    Entry,
    Judge,
    Ranking,
    RankRow,
    ResultsBundle,
    Revision,
    Round,
    ScoreSheet,
)
from competitions.round_acts import ACTS, REFUSALS, Act, legal_acts, next_step
from competitions.services import assigning, deciding, judging
from competitions.standing import standings
from network_platform.identifiers import uid_in
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.spreadsheets import csv_lines

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """Every competition this person runs or observes."""
    found = standings(Competition.objects.observable_by(request.user))
    return render(request, "competitions/manager/own.html", {"competitions": found})


@require_safe
@login_required
def overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """Where the competition stands, and what its managers can do next."""
    competition = _observed(request, slug)
    round_ = _round_of(competition)
    context = _common(request, competition, round_) | {
        "counts": progress.counts_of(competition, round_),
        "judges": progress.by_judge(round_) if round_ else [],
        "acts": legal_acts(request.user, round_) if round_ else [],
        "short": progress.short_of_reads(round_) if round_ else 0,
        "readings": progress.readings_of(round_) if round_ and round_.state != RoundState.DRAFT else None,
        "next": next_step(request.user, round_) if round_ else None,
        "returned": progress.returned(round_) if round_ else None,
        "closed_at": progress.closed_at(round_) if round_ else None,
    }
    return render(request, "competitions/manager/overview.html", context)


@require_safe
@login_required
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """All submitted entries with their judges."""
    competition = _observed(request, slug)
    round_ = _round_of(competition)
    context = _common(request, competition, round_) | {"list": EntryList(request, competition, round_)}
    return render(request, "competitions/manager/entries.html", context)


@require_safe
@login_required
def entries_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The list of the same address as CSV; ranks, means and decisions only for those who may see what others
    scored.
    """
    competition = _observed(request, slug)
    round_ = _round_of(competition)
    ranks: dict[int, RankRow] = {}
    decisions: dict[int, Decision] = {}
    if round_ is not None and rules.can_see_others_scores(request.user, round_):
        ranks = {row.entry_id: row for row in RankRow.objects.filter(ranking__in=round_.rankings.standing())}
        decisions = progress.standing_decisions(round_)
    lines = csv_lines(entry_table(EntryList(request, competition, round_), ranks, decisions))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-entries.csv"'
    return response


@get_or_post
@login_required
def entry(request: SignedInRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """One entry in full, its judges, and the sheets handed in for it. POST gives it to one more judge."""
    competition = _observed(request, slug)
    found = Entry.objects.open_to(request.user).filter(competition=competition, standing__isnull=False)
    one = get_object_or_404(found.select_related("startup__country", "standing__form", "track"), uid=uid)
    round_ = _round_of(competition)
    can_assign = round_ is not None and rules.can_assign_judges(request.user, round_)
    sees_scores = round_ is None or rules.can_see_others_scores(request.user, round_)
    if request.method == "POST":
        _demand(can_assign and one.state in JUDGED_STATES)
        _give(request, cast(Round, round_), one)
        return redirect(request.path)
    context = _common(request, competition, round_) | {
        "entry": one,
        "state": progress.entry_word(one.state, round_),
        "answers": answers_of(cast(Revision, one.standing)),
        "sheets": [
            (sheet, rules.can_give_sheet_back(request.user, sheet)) for sheet in _sheets_of(request, round_, one)
        ],
        "sees_scores": sees_scores,
        "decision": progress.standing_decision(round_, one) if round_ and sees_scores else None,
        "seats": progress.seats_of(round_, one) if round_ else [],
        "can_assign": can_assign and one.state in JUDGED_STATES,
    }
    return render(request, "competitions/manager/entry.html", context)


@get_or_post
@login_required
def give_back(request: SignedInRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """A submitted score sheet goes back to its judge, with a reason that the judge reads."""
    competition = _observed(request, slug)
    found = ScoreSheet.objects.filter(assignment__round__competition=competition, submitted_at__isnull=False)
    about = ("assignment__judge__user", "assignment__entry__competition", "assignment__round__competition")
    sheet = get_object_or_404(found.select_related(*about), uid=uid)
    seat = sheet.assignment
    if sheet.state == SheetState.REOPENED and rules.can_manage_competition(request.user, competition):
        messages.info(request, _("This score sheet is with its judge already."))
        return redirect("competitions:manage-entry", slug=slug, uid=seat.entry.uid)
    _demand(rules.can_give_sheet_back(request.user, sheet))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            judging.reopen_sheet(sheet=sheet, by=request.user, reason=form.cleaned_data["reason"])
        except (judging.NotEditable, IllegalMove):
            messages.error(request, _("The sheet or its round has moved on in the meantime. Nothing was changed."))
        else:
            words = _("The score sheet of %(judge)s is open again. The judge is told by e-mail.")
            messages.success(request, words % {"judge": seat.judge})
        return redirect("competitions:manage-entry", slug=slug, uid=seat.entry.uid)
    context = _common(request, competition, seat.round) | {"form": form, "seat": seat}
    return render(request, "competitions/manager/give_back.html", context)


@get_or_post
@login_required
def judges(request: SignedInRequest, slug: str) -> HttpResponse:
    """The jury with its progress; managers invite."""
    competition = _observed(request, slug)
    round_ = _round_of(competition)
    is_new = request.method == "POST" and "judge" not in request.POST
    form = InviteForm(request.POST if is_new else None, initial={"language": "ru"})
    if request.method == "POST":
        _demand(rules.can_manage_competition(request.user, competition))
        if _about_invitation(request, competition) or (form.is_valid() and _invite(request, competition, form)):
            return redirect("competitions:manage-judges", slug=slug)
    context = _common(request, competition, round_) | {
        "judges": progress.by_judge(round_) if round_ else [],
        "ties": progress.ties_in(competition) if rules.can_manage_competition(request.user, competition) else [],
        "form": form,
    }
    return render(request, "competitions/manager/judges.html", context)


@get_or_post
@login_required
def seats(request: SignedInRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """What one judge reads: tick entries by hand; once the round is over, what the judge was given."""
    competition = _observed(request, slug)
    round_ = _round_of(competition)
    judge = get_object_or_404(Judge.objects.filter(competition=competition).select_related("user"), uid=uid)
    is_over = round_ is not None and round_.state in OVER_STATES
    every = progress.seat_choices(round_, judge) if round_ and not is_over else []
    is_short = request.GET.get("reads") == "short"
    choices = [choice for choice in every if choice.is_short or not is_short]
    if request.method == "POST":
        _demand(round_ is not None and rules.can_assign_judges(request.user, round_))
        form = SeatsForm(request.POST, queryset=assigning.judgeable_entries(competition))
        if form.is_valid():
            _change_seats(request, cast(Round, round_), judge, form)
            return redirect(request.get_full_path())
    can_assign = round_ is not None and rules.can_assign_judges(request.user, round_)
    context = {"judge": judge, "choices": choices, "can_assign": can_assign, "is_short": is_short}
    context |= {"given": progress.given_to(round_, judge) if round_ and is_over else []}
    context |= {"all": len(every), "short": sum(choice.is_short for choice in every)}
    return render(request, "competitions/manager/seats.html", _common(request, competition, round_) | context)


@get_or_post
@login_required
def decision(request: SignedInRequest, slug: str) -> HttpResponse:
    """The means of the judges' totals, and what is decided about each entry."""
    round_ = _observed_round(request, slug)
    competition = round_.competition
    _demand(rules.can_see_others_scores(request.user, round_))
    ranking = round_.rankings.standing().first()
    lines, decisions = ranking.rows.lines() if ranking else [], progress.decisions_by_entry(round_)
    form = DecisionForm(request.POST or None, rows=lines, awards=competition.awards.all(), decisions=decisions)
    if request.method == "POST":
        _demand(rules.can_propose_decision(request.user, round_))
        if form.is_valid() and _propose(request, round_, form):
            return redirect("competitions:manage-decision", slug=slug)
    can_propose, asked = bool(lines) and rules.can_propose_decision(request.user, round_), round_.reads_per_entry or 0
    context = {
        "ranking": ranking,
        "departures": _departures(round_, ranking, decisions),
        "form": form,
        "table": DecisionTable(form, competition=competition, can_propose=can_propose, asked=asked),
        "acts": legal_acts(request.user, round_),
        "next": next_step(request.user, round_) if round_.state in (RoundState.OPEN, RoundState.APPROVED) else None,
        "readings": progress.readings_of(round_) if round_.state == RoundState.OPEN else None,
        "approvals": progress.approvals_of(round_),
        "returned": progress.returned(round_) if decisions else None,
        "can_propose": can_propose,
        "bundle": progress.results_bundle(round_),
    }
    return render(request, "competitions/manager/decision.html", _common(request, competition, round_) | context)


@require_safe
@login_required
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The results file of an announced round, the very bytes that were sealed."""
    bundle = get_object_or_404(ResultsBundle.objects.visible_to(request.user), round__competition__slug=slug)
    response = HttpResponse(bundle.content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slug}-results.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@get_or_post
@login_required
def round_act(request: SignedInRequest, slug: str, uid: uuid.UUID, act: str) -> HttpResponse:
    """Open, close, reopen, remind, approve, return, announce: GET says what will happen, POST does it."""
    competition = _observed(request, slug)
    round_ = get_object_or_404(Round.objects.select_related("competition"), uid=uid, competition=competition)
    one = ACTS.get(act)
    if one is None:
        raise Http404
    if one.comes_too_late(request.user, round_):
        messages.info(request, _("The round has moved on in the meantime. Nothing was changed."))
        return redirect(one.back, slug=slug)
    _demand(one.allowed(request.user, round_))
    one = one.as_seen_by(request.user, round_)
    form = one.form(round_, request.POST if request.method == "POST" else None) if one.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        _run(request, one, round_, form.cleaned_data if form else {})
        return redirect(one.back, slug=slug)
    context = {"act": one, "form": form, "facts": one.consequences(round_)}
    return render(request, "competitions/manager/confirm.html", _common(request, competition, round_) | context)


def _run(request: SignedInRequest, act: Act, round_: Round, cleaned: Mapping[str, Any]) -> None:
    try:
        messages.success(request, act.run(round_, request.user, cleaned))
    except tuple(REFUSALS) as refused:
        messages.error(request, REFUSALS[type(refused)])


def _observed(request: HttpRequest, slug: str) -> Competition:
    """404 to whoever may not know of the desk."""
    return get_object_or_404(Competition.objects.observable_by(request.user), slug=slug)


def _observed_round(request: HttpRequest, slug: str) -> Round:
    """The scoring round with its competition, in one query; 404 like `_observed`, and where nothing is scored."""
    observed = Competition.objects.observable_by(request.user).filter(slug=slug)
    found = Round.objects.filter(kind="scoring", competition__in=observed).select_related("competition").first()
    if found is None:
        raise Http404
    return found


def _round_of(competition: Competition) -> Round | None:
    """The scoring round."""
    found = competition.rounds.filter(kind="scoring").first()
    if found is not None:
        found.competition = competition
    return found


def _common(request: HttpRequest, competition: Competition, round_: Round | None) -> dict[str, object]:
    can_manage = rules.can_manage_competition(request.user, competition)
    is_over = round_ is not None and round_.state in OVER_STATES
    return {"competition": competition, "round": round_, "can_manage": can_manage, "is_over": is_over}


def _demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _sheets_of(request: HttpRequest, round_: Round | None, one: Entry) -> list[ScoreSheet]:
    if round_ is None or not rules.can_see_others_scores(request.user, round_):
        return []
    found = ScoreSheet.objects.visible_to(request.user).filter(assignment__entry=one, state__in=COUNTED_SHEETS)
    about = ("assignment__judge__user", "assignment__round__competition")
    return list(found.select_related(*about).prefetch_related("scores__criterion"))


def _about_invitation(request: SignedInRequest, competition: Competition) -> bool:
    """Withdraw an unanswered invitation, or send it again; False when the request is about something else."""
    if "judge" not in request.POST:
        return False
    waiting = Judge.objects.filter(competition=competition, state="invited").select_related("user", "competition")
    judge = get_object_or_404(waiting, uid=uid_in(request.POST["judge"]))
    if "again" not in request.POST:
        assigning.withdraw_invitation(judge=judge, by=request.user)
        messages.success(request, _("The invitation of %(name)s is withdrawn.") % {"name": judge})
        return True
    try:
        assigning.invite_again(judge=judge, by=request.user)
        messages.success(request, _("The invitation goes to %(name)s once more.") % {"name": judge})
    except assigning.JustInvited:
        messages.error(request, _("%(name)s was written to within the last hour. Nothing was sent.") % {"name": judge})
    return True


def _invite(request: SignedInRequest, competition: Competition, form: InviteForm) -> bool:
    try:
        judge = assigning.invite_judge(competition=competition, by=request.user, **form.cleaned_data)
    except assigning.AlreadyOnPanel as known:
        words = _("%(name)s is on the panel already: %(state)s. Nothing was sent.")
        form.add_error("email", words % {"name": known.judge, "state": known.judge.get_state_display()})
    except assigning.RunsCompetition:
        form.add_error("email", _("Whoever manages or observes the competition cannot judge it. Nothing was sent."))
    else:
        messages.success(request, _("%(name)s is invited.") % {"name": judge})
    return form.is_valid()


def _give(request: SignedInRequest, round_: Round, one: Entry) -> None:
    found = Judge.objects.filter(competition=round_.competition, state__in=("invited", "accepted"))
    judge = get_object_or_404(found.select_related("user", "competition"), uid=uid_in(request.POST.get("judge", "")))
    try:
        assigning.change_seats(round=round_, judge=judge, give=[one], take=[], by=request.user)
        messages.success(request, _("%(judge)s reads %(entry)s.") % {"judge": judge, "entry": one})
    except assigning.SeatRefused:
        words = _("%(judge)s has a conflict of interest with %(entry)s. Nothing was changed.")
        messages.error(request, words % {"judge": judge, "entry": one})


def _change_seats(request: SignedInRequest, round_: Round, judge: Judge, form: SeatsForm) -> None:
    try:
        given, taken = assigning.change_seats(round=round_, judge=judge, by=request.user, **form.changes())
    except assigning.SeatRefused as refused:
        messages.error(
            request,
            _("%(judge)s has a conflict of interest with %(entry)s. Nothing was changed.")
            % {"judge": judge, "entry": refused.entry},
        )
        return
    words = ngettext("%(n)d entry given", "%(n)d entries given", given) % {"n": given}
    words += ", " + ngettext("%(n)d taken back", "%(n)d taken back", taken) % {"n": taken}
    messages.success(request, words + ".")


def _departures(round_: Round, ranking: Ranking | None, decisions: Mapping[int, Decision]) -> list[Departure]:
    """Once there is a decision to approve; one query, none before."""
    if ranking is None or round_.state not in DECIDED_STATES:
        return []
    return departures(decisions.values(), {row.entry_id: row for row in ranking.rows.with_entries()})


def _propose(request: SignedInRequest, round_: Round, form: DecisionForm) -> bool:
    try:
        deciding.propose(round=round_, choices=form.choices(), by=request.user)
    except deciding.ProposalRefused as refused:
        for problem in refused.problems:
            form.add_problem(problem)
    except deciding.NotAllDecided:
        form.add_error(None, _("An entry was withdrawn in the meantime. Load the page again."))
    except IllegalMove:
        form.add_error(None, _("The round has moved on in the meantime. Load the page again."))
    else:
        messages.success(request, _("The decision is proposed. An observer has to approve it."))
        return True
    return False
