"""The minute in which a result becomes public."""

from django.db import transaction

from competitions.enums import CompetitionState, EntryState, Outcome, RoundState
from competitions.models import Round
from competitions.services.competitions import move_competition
from competitions.services.deciding import decisions_digest
from competitions.services.entries import move_entry
from competitions.services.states import make_sheets_final, move_round
from network_platform.people.models import User

STATE_OF = {
    Outcome.WINNER: EntryState.WINNER,
    Outcome.RESERVE: EntryState.RESERVE,
    Outcome.NOT_SELECTED: EntryState.NOT_SELECTED,
}


class ApprovalOutdated(Exception):
    """What was approved is not what is decided now."""


@transaction.atomic
def announce(*, round: Round, by: User) -> Round:
    """Publish the approved decision: entries (and with them a message to every team), sheets, the competition."""
    _demand_two_matching_approvals(round)
    move_round(round=round, to=RoundState.ANNOUNCED, by=by)
    decisions = round.decisions.select_related("entry__competition", "entry__startup")
    for decision in decisions:
        move_entry(entry=decision.entry, to=STATE_OF[Outcome(decision.outcome)], by=by)
    make_sheets_final(round=round, by=by)
    move_competition(competition=round.competition, to=CompetitionState.ANNOUNCED, by=by)
    return round


def _demand_two_matching_approvals(round: Round) -> None:
    digests = set(round.approvals.filter(withdrawn_at__isnull=True).values_list("role", "decisions_digest"))
    now = decisions_digest(round)
    if digests != {("manager", now), ("observer", now)}:
        raise ApprovalOutdated
