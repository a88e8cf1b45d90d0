"""What can be done with a round as a whole: who may, what will happen, and doing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions import progress, rules
from competitions.enums import Outcome, RoundState
from competitions.models import Judge, Round
from competitions.services import announcing, assigning, deciding
from network_platform.people.models import User


@dataclass(frozen=True)
class Act:
    """`run` returns the sentence that tells what was done; `consequences` the facts shown before it."""

    key: str
    title: Any
    explains: Any
    button: Any
    allowed: Callable[[User, Round], bool]
    run: Callable[[Round, User, str], str]
    consequences: Callable[[Round], list[tuple[str, str]]] = lambda round_: []
    needs_reason: bool = False
    back: str = "competitions:manage"
    is_grave: bool = False


def _manages_in(*states: str) -> Callable[[User, Round], bool]:
    return lambda user, round_: round_.state in states and rules.can_manage_competition(user, round_.competition)


def _open(round_: Round, user: User, reason: str) -> str:
    deciding.open_round(round=round_, by=user)
    for judge in _jury(round_):
        if progress.has_left(round_, judge):
            assigning.tell_judge(round=round_, judge=judge)
    return _("The round is open. Its judges are told by e-mail.")


def _close(round_: Round, user: User, reason: str) -> str:
    deciding.close_round(round=round_, by=user)
    return _("The round is closed and the means are computed.")


def _reopen(round_: Round, user: User, reason: str) -> str:
    deciding.reopen_round(round=round_, by=user, reason=reason)
    return _("The round is open again. The ranking and the decision are void.")


def _remind(round_: Round, user: User, reason: str) -> str:
    sent = assigning.remind_judges(round=round_, judges=_jury(round_), by=user)
    return ngettext("A reminder goes to %(n)d judge.", "A reminder goes to %(n)d judges.", sent) % {"n": sent}


def _approve(round_: Round, user: User, reason: str) -> str:
    deciding.approve(round=round_, by=user)
    return _("You approved the decision. A manager can announce it now.")


def _return(round_: Round, user: User, reason: str) -> str:
    deciding.return_it(round=round_, by=user, reason=reason)
    return _("The decision went back to the managers.")


def _announce(round_: Round, user: User, reason: str) -> str:
    announcing.announce(round=round_, by=user)
    return _("The winners are announced. Every team is told by e-mail.")


def _jury(round_: Round) -> list[Judge]:
    return list(Judge.objects.accepted().filter(competition=round_.competition).select_related("user", "competition"))


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
    decisions = round_.decisions.select_related("entry__startup")
    winners = [f"{d.entry.number} {d.entry.startup.name}" for d in decisions if d.outcome == Outcome.WINNER]
    reserve = [d.entry.number for d in decisions if d.outcome == Outcome.RESERVE]
    return [
        (_("Winners"), ", ".join(winners)),
        (_("Reserve"), ", ".join(reserve) or _("none")),
        (_("Entries decided"), str(len(decisions))),
        (_("Approved by"), ", ".join(str(a.user) for a in progress.approvals_of(round_)) or _("nobody yet")),
    ]


R = RoundState
ACTS = {
    act.key: act
    for act in (
        Act(
            "open",
            gettext_lazy("Open the round"),
            gettext_lazy("Judges can read and score from now on. Judges with entries are told by e-mail."),
            gettext_lazy("Open the round"),
            _manages_in(R.DRAFT),
            _open,
            _about_sheets,
        ),
        Act(
            "remind",
            gettext_lazy("Remind the judges"),
            gettext_lazy("Judges with score sheets left get a mail; nobody gets two a day."),
            gettext_lazy("Send reminders"),
            _manages_in(R.OPEN),
            _remind,
            _about_sheets,
        ),
        Act(
            "close",
            gettext_lazy("Close the round"),
            gettext_lazy("Scoring stops, and the means are computed from the sheets handed in."),
            gettext_lazy("Close the round"),
            _manages_in(R.OPEN),
            _close,
            _about_sheets,
            is_grave=True,
        ),
        Act(
            "reopen",
            gettext_lazy("Open the round again"),
            gettext_lazy("Judges can score again. The ranking, the decision and its approval become void."),
            gettext_lazy("Open again"),
            _manages_in(R.CLOSED, R.SCORED, R.RANKED, R.PROPOSED, R.APPROVED),
            _reopen,
            _about_sheets,
            needs_reason=True,
            is_grave=True,
        ),
        Act(
            "approve",
            gettext_lazy("Approve the decision"),
            gettext_lazy("You confirm as the second person that this is the decision. A manager announces it."),
            gettext_lazy("Approve"),
            rules.can_approve_decision,
            _approve,
            _about_decision,
            back="competitions:manage-decision",
        ),
        Act(
            "return",
            gettext_lazy("Return the decision"),
            gettext_lazy("The managers decide again. They read your reason."),
            gettext_lazy("Return it"),
            rules.can_return_decision,
            _return,
            _about_decision,
            needs_reason=True,
            back="competitions:manage-decision",
        ),
        Act(
            "announce",
            gettext_lazy("Announce the winners"),
            gettext_lazy(
                "The winners become public in all languages, and every team gets a mail. This cannot be undone."
            ),
            gettext_lazy("Announce now"),
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
