"""What can be done with a round as a whole: who may, what will happen, and doing it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions import progress, rules
from competitions.departures import Departure, dashed, departures
from competitions.enums import JudgeState, Outcome, RoleKind, RoundState
from competitions.forms.manager import ApprovalForm, EndForm, RemindForm
from competitions.forms.sheet import ReasonForm
from competitions.models import Decision, Round
from competitions.services import announcing, assigning, deciding
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from network_platform.zones import hour_in, in_words, zone_for

Cleaned = Mapping[str, Any]
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Fact:
    """What is shown before an act; `url` leads to what it counts. Names in `value` stand apart."""

    name: str
    value: str
    url: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Act:
    """`states`: when it can be done. `form` asks for what it needs. `run` returns the sentence that tells what was
    done; `consequences` the facts shown before it.
    """

    key: str
    title: Any
    explains: Any
    button: Any
    states: tuple[str, ...]
    may: Callable[[User, Round], bool]
    run: Callable[[Round, User, Cleaned], str]
    consequences: Callable[[Round], list[Fact]]
    form: Callable[[Round, Any], forms.Form] | None = None
    is_for_observers: bool = False
    back: str = "competitions:manage"
    is_grave: bool = False

    def as_seen_by(self, user: User, round_: Round) -> "Act":
        """In the words of this person's part in it: whoever proposed takes back, others return."""
        if self.key != "return" or not progress.proposed_by(round_, user):
            return self
        return replace(
            self,
            title=gettext_lazy("Withdraw the proposal"),
            explains=gettext_lazy("Your proposal and its approval become void, and you decide again."),
            button=gettext_lazy("Withdraw the proposal"),
        )

    def allowed(self, user: User, round_: Round) -> bool:
        return round_.state in self.states and self.may(user, round_)

    def comes_too_late(self, user: User, round_: Round) -> bool:
        """Somebody of the right role, when the round has moved on: a second click, or a colleague was quicker."""
        role = RoleKind.OBSERVER if self.is_for_observers else RoleKind.MANAGER
        return round_.state not in self.states and role in rules.roles_in(user, round_.competition)


def _manages(user: User, round_: Round) -> bool:
    return rules.can_manage_competition(user, round_.competition)


def _open(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.open_round(round=round_, by=user)
    for judge in assigning.judges_to_tell(round_):
        assigning.tell_judge(round=round_, judge=judge)
    return _("The round is open. Its judges are told by e-mail.")


def _close(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.close_round(round=round_, by=user)
    return _("The round is closed and the means are computed.")


def _reopen(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.reopen_round(round=round_, by=user, reason=cleaned["reason"], until=cleaned["until"])
    return _("The round is open again. The ranking and the decision are void.")


def _move_end(round_: Round, user: User, cleaned: Cleaned) -> str:
    moved = deciding.move_end(round=round_, until=cleaned["until"], by=user, reason=cleaned["reason"])
    when = in_words(cast(datetime, moved.closes_at), moved.competition.time_zone)
    return _("Scores are taken until %(when)s. Judges with entries left are told by e-mail.") % {"when": when}


def _remind(round_: Round, user: User, cleaned: Cleaned) -> str:
    sent = assigning.remind_judges(round=round_, by=user, even_again=cleaned.get("again", False))
    if not sent:
        return _("No mail was sent: everybody who is left was written to within the last hour.")
    return ngettext("A reminder goes to %(n)d judge.", "A reminder goes to %(n)d judges.", sent) % {"n": sent}


def _approve(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.approve(round=round_, by=user, read=cleaned["read"])
    return _("You approved the decision. A manager can announce it now.")


def _return(round_: Round, user: User, cleaned: Cleaned) -> str:
    is_own = progress.proposed_by(round_, user)
    deciding.return_it(round=round_, by=user, reason=cleaned["reason"])
    if is_own:
        return _("Your proposal is withdrawn. The decision can be made again.")
    return _("The decision went back to the managers.")


def _announce(round_: Round, user: User, cleaned: Cleaned) -> str:
    announcing.announce(round=round_, by=user)
    return _("The winners are announced. Every team is told by e-mail.")


REFUSALS: dict[type[Exception], Any] = {
    IllegalMove: gettext_lazy("The round has moved on in the meantime. Nothing was changed."),
    deciding.DecisionChanged: gettext_lazy(
        "The proposal changed after you opened it. Read it again. Nothing was changed."
    ),
    deciding.EndPassed: gettext_lazy("The end of the round has passed: choose another one. Nothing was changed."),
    deciding.MethodUnknown: gettext_lazy(
        "The platform cannot add up totals in the way that was declared for this round. Nothing was changed."
    ),
    announcing.ApprovalOutdated: gettext_lazy(
        "The decision is not the one that was approved. Return it and propose it again. Nothing was changed."
    ),
    announcing.WinnerWithdrew: gettext_lazy(
        "A winner or an entry of the reserve was withdrawn. Return the decision and decide again. Nothing was changed."
    ),
}


def _with_reason(round_: Round, data: Any) -> forms.Form:
    return ReasonForm(data)


def _with_end(round_: Round, data: Any) -> forms.Form:
    return EndForm(data, zone=round_.competition.time_zone, initial={"until": _end_to_offer(round_)})


def _end_to_offer(round_: Round) -> datetime:
    """The present end by the competition's clock; once it has passed, the same hour in a week."""
    zone, now = ZoneInfo(round_.competition.time_zone), timezone.now()
    end = (round_.closes_at or now).astimezone(zone).replace(tzinfo=None)
    if round_.closes_at is not None and round_.closes_at > now:
        return end
    return datetime.combine(now.astimezone(zone).date() + A_WEEK, end.time())


def _as_read(round_: Round, data: Any) -> forms.Form:
    return ApprovalForm(data, initial={"read": deciding.decisions_digest(round_)})


def _apart(name: object) -> str:
    """A name, or a text somebody wrote, that does not turn round what stands beside it."""
    return format_html("<bdi>{}</bdi>", name)


def _listed(parts: Iterable[str], between: str = "\n") -> str:
    return format_html_join(between, "{}", ((part,) for part in parts))


def _about_sheets(round_: Round) -> list[Fact]:
    lines = progress.by_judge(round_)
    late = [_apart(line.judge.user) for line in lines if line.left]
    done, seats = sum(line.done for line in lines), sum(line.seats for line in lines)
    return [
        Fact(_("Score sheets handed in"), _("%(done)d of %(seats)d") % {"done": done, "seats": seats}),
        *_about_readings(round_, progress.readings_of(round_)),
        Fact(_("Judges with score sheets left"), _listed(late, ", ") or _("none")),
    ]


def _about_readings(round_: Round, found: progress.Readings) -> list[Fact]:
    entries = reverse("competitions:manage-entries", args=[round_.competition.slug])
    asked = round_.reads_per_entry or 0
    few = [
        Fact(
            _("Entries with fewer score sheets than the %(n)s asked") % {"n": asked},
            _("%(n)s of %(all)s") % {"n": found.few, "all": found.entries},
            f"{entries}?sheets=few" if found.few else "",
            is_warning=found.few > 0,
        )
    ]
    none = Fact(
        _("Entries without any score sheet that counts"),
        _("%(n)s of %(all)s") % {"n": found.none, "all": found.entries},
        f"{entries}?sheets=none" if found.none else "",
        is_warning=found.none > 0,
    )
    return [*(few if asked else []), none]


def _about_end(round_: Round) -> list[Fact]:
    when = in_words(round_.closes_at, round_.competition.time_zone) if round_.closes_at else _("not set")
    return [Fact(_("End of the round"), when), *_about_sheets(round_)]


def _about_closing(round_: Round) -> list[Fact]:
    facts = _about_sheets(round_)
    if round_.closes_at is None or round_.closes_at <= timezone.now():
        return facts
    when = in_words(round_.closes_at, round_.competition.time_zone)
    words = _("%(when)s: it lies ahead, and judges were told that they can score until then") % {"when": when}
    return [Fact(_("End of the round"), words, is_warning=True), *facts]


def _about_reminder(round_: Round) -> list[Fact]:
    """Who gets a mail now, and who does not and why."""
    told, zone = assigning.last_told(round_), round_.competition.time_zone
    now = [judge.pk for judge in assigning.judges_to_remind(round_)]
    lines = progress.by_judge(round_)
    late = [line for line in lines if line.left and line.judge.state == JudgeState.ACCEPTED]
    groups = {
        _("A mail goes to"): [_with_moment(line, told, zone) for line in late if line.judge.pk in now],
        _("Not to them: written to within the last hour"): [
            _with_moment(line, told, zone) for line in late if line.judge.pk not in now
        ],
        _("Not to them: everything is scored"): [
            _apart(line.judge)
            for line in lines
            if line.seats and not line.left and line.judge.state == JudgeState.ACCEPTED
        ],
        _("Not to them: no entries given"): [
            _apart(line.judge) for line in lines if not line.seats and line.judge.state == JudgeState.ACCEPTED
        ],
        _("Not to them: the invitation is not answered"): [
            _apart(line.judge) for line in lines if line.judge.state == JudgeState.INVITED
        ],
    }
    return [
        Fact(title, _listed(names) or _("nobody"))
        for title, names in groups.items()
        if names or title == next(iter(groups))
    ]


def _with_moment(line: progress.JudgeProgress, told: Mapping[int, datetime], zone: str) -> str:
    left = ngettext("%(n)d entry left", "%(n)d entries left", line.left) % {"n": line.left}
    if line.judge.user_id not in told:
        return format_html("{}: {}", _apart(line.judge), left)
    moment = told[line.judge.user_id]
    zone = zone_for(zone)
    here = timezone.localtime(moment, ZoneInfo(zone))
    if here.date() == timezone.localtime(timezone=ZoneInfo(zone)).date():
        when = _("written to today at %(hour)s") % {"hour": hour_in(moment, zone)}
    else:
        when = _("written to on %(when)s") % {"when": in_words(moment, zone)}
    return format_html("{}: {}, {}", _apart(line.judge), left, when)


def _again(round_: Round, data: Any) -> forms.Form:
    return RemindForm(data)


def _about_decision(round_: Round) -> list[Fact]:
    """Everything that the approval covers: departures from the ranking, outcomes, awards and reasons; and how much
    was read.
    """
    decisions = list(round_.decisions.select_related("entry__startup", "entry__competition", "award", "from_row"))
    winners = [_line(decision) for decision in decisions if decision.outcome == Outcome.WINNER]
    reserve = [_line(decision) for decision in decisions if decision.outcome == Outcome.RESERVE]
    departing = _departing(decisions)
    told = {one.number for one in departing}
    others = [d for d in decisions if d.reason and d.entry.number not in told]
    reasons = [format_html('<span class="nowrap">{}</span>: {}', d.entry.number, _apart(d.reason)) for d in others]
    return [
        _about_departures(departing),
        Fact(_("Winners"), _listed(winners)),
        Fact(_("Reserve"), _listed(reserve) or _("none")),
        Fact(_("Other reasons given") if departing else _("Reasons given"), _listed(reasons) or _("none")),
        Fact(_("Entries decided"), str(len(decisions))),
        *_about_readings(round_, progress.readings_decided(round_)),
        *_about_approvals(round_),
    ]


def _departing(decisions: list[Decision]) -> list[Departure]:
    rows = {}
    for decision in decisions:
        if decision.from_row is not None:
            decision.from_row.entry = decision.entry
            rows[decision.entry_id] = decision.from_row
    return departures(decisions, rows)


def _about_departures(departing: list[Departure]) -> Fact:
    passed, reason = _("Passed over, though level or higher"), _("Reason")
    words = "{}\n{}: {}\n{}: {}"
    found = [format_html(words, one.winner, passed, one.passed, reason, _apart(one.reason)) for one in departing]
    return Fact(_("Winners that depart from the ranking"), _listed(found, "\n\n") or _("none"), is_warning=bool(found))


def _about_approvals(round_: Round) -> list[Fact]:
    """The two people behind the decision, each by the part they had in it."""
    stood = {approval.role: str(approval.user) for approval in progress.approvals_of(round_)}
    return [
        Fact(_("Proposed by"), stood.get(RoleKind.MANAGER) or _("nobody yet")),
        Fact(_("Approved by"), stood.get(RoleKind.OBSERVER) or _("nobody yet")),
    ]


def _line(decision: Any) -> str:
    name = format_html('<span class="nowrap">{}</span> {}', decision.entry.number, _apart(decision.entry.startup.name))
    return dashed(name, _apart(decision.award)) if decision.award else name


R = RoundState
ACTS = {
    act.key: act
    for act in (
        Act(
            "open",
            gettext_lazy("Open the round"),
            gettext_lazy("Judges can read and score from now on. Judges with entries are told by e-mail."),
            gettext_lazy("Open the round"),
            (R.DRAFT,),
            rules.can_open_round,
            _open,
            _about_sheets,
        ),
        Act(
            "remind",
            gettext_lazy("Remind the judges"),
            gettext_lazy("Judges with score sheets left get a mail that says how many and until when."),
            gettext_lazy("Send reminders"),
            (R.OPEN,),
            _manages,
            _remind,
            _about_reminder,
            form=_again,
        ),
        Act(
            "move-end",
            gettext_lazy("Move the end"),
            gettext_lazy(
                "Scores are taken until another day and hour. Judges with entries left get a mail with your reason."
            ),
            gettext_lazy("Move the end"),
            (R.OPEN,),
            _manages,
            _move_end,
            _about_end,
            form=_with_end,
        ),
        Act(
            "close",
            gettext_lazy("Close the round"),
            gettext_lazy(
                "Scoring stops, and the means are computed from the sheets handed in. "
                "Judges with sheets left are told by e-mail."
            ),
            gettext_lazy("Close the round"),
            (R.OPEN,),
            _manages,
            _close,
            _about_closing,
            is_grave=True,
        ),
        Act(
            "reopen",
            gettext_lazy("Open the round again"),
            gettext_lazy(
                "Judges can score again. The ranking, the decision and its approval become void. Judges with sheets "
                "left get a mail with your reason; so do the observers if a decision was proposed."
            ),
            gettext_lazy("Open again"),
            (R.CLOSED, R.SCORED, R.RANKED, R.PROPOSED, R.APPROVED),
            _manages,
            _reopen,
            _about_sheets,
            form=_with_end,
            is_grave=True,
        ),
        Act(
            "approve",
            gettext_lazy("Approve the decision"),
            gettext_lazy(
                "You confirm as the second person that this is the decision. A manager announces it; the reasons of "
                "winners that depart from the ranking are published then."
            ),
            gettext_lazy("Approve"),
            (R.PROPOSED,),
            rules.can_approve_decision,
            _approve,
            _about_decision,
            form=_as_read,
            is_for_observers=True,
            back="competitions:manage-decision",
        ),
        Act(
            "return",
            gettext_lazy("Return the decision"),
            gettext_lazy("The managers decide again. They read your reason."),
            gettext_lazy("Return it"),
            (R.PROPOSED, R.APPROVED),
            rules.can_return_decision,
            _return,
            _about_decision,
            form=_with_reason,
            back="competitions:manage-decision",
        ),
        Act(
            "announce",
            gettext_lazy("Announce the winners"),
            gettext_lazy(
                "The winners become public in all languages, with the reasons where they depart from the ranking, and "
                "every team gets a mail. This cannot be undone."
            ),
            gettext_lazy("Announce now"),
            (R.APPROVED,),
            rules.can_announce_round,
            _announce,
            _about_decision,
            back="competitions:manage-decision",
            is_grave=True,
        ),
    )
}


def legal_acts(user: User, round_: Round) -> list[Act]:
    """What this person can do with the round now."""
    return [act.as_seen_by(user, round_) for act in ACTS.values() if act.allowed(user, round_)]


@dataclass(frozen=True)
class Step:
    """What comes next. `button` and `url` are empty while somebody else has to act; `act` is the key of an act."""

    words: str
    button: str = ""
    url: str = ""
    act: str = ""


def next_step(user: User, round_: Round) -> Step | None:
    """What has to happen next to the round, and the way there for whoever can do it; at the end, the way to the
    public result.
    """
    slug = round_.competition.slug
    decision = reverse("competitions:manage-decision", args=[slug])
    match RoundState(round_.state):
        case R.DRAFT if not rules.is_in_judging(round_.competition):
            return Step(_("Next: applications close, then entries are given to judges."))
        case R.DRAFT:
            return _by_act(user, round_, "open", _("Next: give entries to judges, then open the round."))
        case R.OPEN:
            return _while_open(user, round_)
        case R.CLOSED | R.SCORED:
            return Step(_("The means are being computed."))
        case R.RANKED if rules.can_propose_decision(user, round_):
            return Step(_("Next: propose a decision."), _("Propose a decision"), decision)
        case R.RANKED:
            return Step(_("Next: a manager who did not score proposes a decision."), _("See the ranking"), decision)
        case R.PROPOSED if rules.can_approve_decision(user, round_):
            return _by_act(user, round_, "approve", _("Next: you approve or return the decision."))
        case R.PROPOSED:
            return Step(_("Next: an observer has to approve the decision."), _("See the decision"), decision)
        case R.APPROVED:
            return _by_act(user, round_, "announce", _("Next: announce the winners."))
        case R.ANNOUNCED:
            result = reverse("competitions:detail", args=[slug])
            return Step(_("The winners are announced."), _("See the public result"), result)
    return None


def _while_open(user: User, round_: Round) -> Step:
    """Nobody is led to the end of a round whose judges can still hand in what is missing."""
    sheets = progress.sheets_handed_in(round_)
    done = {"done": sheets.done, "asked": sheets.asked}
    if not sheets.asked:
        judges = reverse("competitions:manage-judges", args=[round_.competition.slug])
        return Step(
            _("The round is open and no judge has an entry. Next: give entries to judges."), _("Judges"), judges
        )
    if not sheets.left:
        return _by_act(user, round_, "close", _("Next: close the round. All score sheets are handed in."))
    if round_.closes_at is not None and round_.closes_at <= timezone.now():
        words = _("The end of the round has passed; %(done)s of %(asked)s score sheets are handed in. Next: close it.")
        return _by_act(user, round_, "close", words % done)
    words = _("Judging goes on: %(done)s of %(asked)s score sheets are handed in.")
    return _by_act(user, round_, "remind", words % done)


def _by_act(user: User, round_: Round, key: str, words: str) -> Step:
    act = ACTS[key]
    if not act.allowed(user, round_):
        return Step(words)
    url = reverse("competitions:manage-round", args=[round_.competition.slug, round_.uid, key])
    return Step(words, str(act.title), url, key)
