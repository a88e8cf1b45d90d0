"""What can be done with a round as a whole: who may, what will happen, and doing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions import progress, rules
from competitions.enums import Outcome, RoleKind, RoundState
from competitions.forms.manager import ApprovalForm, ReopenForm
from competitions.forms.sheet import ReasonForm
from competitions.models import Round
from competitions.services import announcing, assigning, deciding
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User

Cleaned = Mapping[str, Any]


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
    consequences: Callable[[Round], list[tuple[str, str]]]
    form: Callable[[Round, Any], forms.Form] | None = None
    is_for_observers: bool = False
    back: str = "competitions:manage"
    is_grave: bool = False

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


def _remind(round_: Round, user: User, cleaned: Cleaned) -> str:
    sent = assigning.remind_judges(round=round_, by=user)
    return ngettext("A reminder goes to %(n)d judge.", "A reminder goes to %(n)d judges.", sent) % {"n": sent}


def _approve(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.approve(round=round_, by=user, read=cleaned["read"])
    return _("You approved the decision. A manager can announce it now.")


def _return(round_: Round, user: User, cleaned: Cleaned) -> str:
    deciding.return_it(round=round_, by=user, reason=cleaned["reason"])
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
    return ReopenForm(data, zone=round_.competition.time_zone)


def _as_read(round_: Round, data: Any) -> forms.Form:
    return ApprovalForm(data, initial={"read": deciding.decisions_digest(round_)})


def _about_sheets(round_: Round) -> list[tuple[str, str]]:
    lines = progress.by_judge(round_)
    late = [str(line.judge.user) for line in lines if line.left]
    done, seats = sum(line.done for line in lines), sum(line.seats for line in lines)
    return [
        (_("Score sheets handed in"), _("%(done)d of %(seats)d") % {"done": done, "seats": seats}),
        (_("Judges with sheets left"), ", ".join(late) or _("none")),
        (_("Entries with fewer reads than asked"), str(progress.short_of_reads(round_))),
    ]


def _about_decision(round_: Round) -> list[tuple[str, str]]:
    """Everything that the approval covers: outcomes, awards and reasons."""
    decisions = list(round_.decisions.select_related("entry__startup", "entry__competition", "award"))
    winners = [_line(decision) for decision in decisions if decision.outcome == Outcome.WINNER]
    reserve = [_line(decision) for decision in decisions if decision.outcome == Outcome.RESERVE]
    reasons = [f"{d.entry.number}: {d.reason}" for d in decisions if d.reason]
    return [
        (_("Winners"), "\n".join(winners)),
        (_("Reserve"), "\n".join(reserve) or _("none")),
        (_("Reasons given"), "\n".join(reasons) or _("none")),
        (_("Entries decided"), str(len(decisions))),
        (_("Approved by"), ", ".join(str(a.user) for a in progress.approvals_of(round_)) or _("nobody yet")),
    ]


def _line(decision: Any) -> str:
    name = f"{decision.entry.number} {decision.entry.startup.name}"
    return f"{name} – {decision.award}" if decision.award else name


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
            gettext_lazy("Judges with score sheets left get a mail; nobody gets two a day."),
            gettext_lazy("Send reminders"),
            (R.OPEN,),
            _manages,
            _remind,
            _about_sheets,
        ),
        Act(
            "close",
            gettext_lazy("Close the round"),
            gettext_lazy("Scoring stops, and the means are computed from the sheets handed in."),
            gettext_lazy("Close the round"),
            (R.OPEN,),
            _manages,
            _close,
            _about_sheets,
            is_grave=True,
        ),
        Act(
            "reopen",
            gettext_lazy("Open the round again"),
            gettext_lazy("Judges can score again. The ranking, the decision and its approval become void."),
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
            gettext_lazy("You confirm as the second person that this is the decision. A manager announces it."),
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
                "The winners become public in all languages, and every team gets a mail. This cannot be undone."
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
    return [act for act in ACTS.values() if act.allowed(user, round_)]
