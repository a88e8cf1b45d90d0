"""What waits for judges, managers and observers on their desk, and where they work."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.enums import CompetitionState, RoleKind, RoundState
from competitions.models import Competition, CompetitionRole, Judge, Round
from competitions.progress import Desk, came_back, desks_of, short_of_reads
from competitions.rules import can_announce_round, can_approve_decision, can_assign_judges, can_propose_decision
from competitions.standing import standings
from network_platform.desk import Area, Waiting
from network_platform.people.models import User


def waiting_for_judge(user: User) -> list[Waiting]:
    """Invitations to answer, and score sheets left in open rounds."""
    invited = Judge.objects.to_answer(user).select_related("competition")
    invitations = [
        Waiting(
            title=_("You are asked to judge: %(name)s") % {"name": judge.competition},
            url=reverse("competitions:judge-invitation", args=[judge.competition.slug]),
        )
        for judge in invited
    ]
    open_desks = [desk for desk in desks_of(user) if desk.round.state == RoundState.OPEN and desk.left]
    return invitations + [_sheets_left(desk) for desk in open_desks]


def _sheets_left(desk: Desk) -> Waiting:
    return Waiting(
        title=_left_in_words(desk.left - desk.to_clear, desk.to_clear),
        url=reverse("competitions:judging"),
        count=desk.left,
        due=desk.round.closes_at,
        detail=str(desk.round.competition),
        zone=desk.round.competition.time_zone,
    )


def _left_in_words(to_score: int, to_clear: int) -> str:
    """`to_clear`: entries that open once the question of conflict is answered."""
    if not to_score:
        words = ngettext("Tell about conflicts for %(n)d entry", "Tell about conflicts for %(n)d entries", to_clear)
        return words % {"n": to_clear}
    scores = ngettext("%(n)d entry waits for your score", "%(n)d entries wait for your score", to_score) % {
        "n": to_score
    }
    if not to_clear:
        return scores
    first = ngettext("first tell about conflicts for %(n)d", "first tell about conflicts for %(n)d", to_clear)
    return f"{scores}; {first % {'n': to_clear}}"


def areas_of_judging(user: User) -> list[Area]:
    """The own judging, and every competition that this person runs or observes; three queries."""
    areas = []
    if Judge.objects.accepted().filter(user=user).exists():
        areas.append(
            Area(_("My judging"), reverse("competitions:judging"), _("Entries to read, and your score sheets"))
        )
    held = CompetitionRole.objects.current().filter(user=user).exclude(competition__state=CompetitionState.DESCRIBED)
    roles = held.select_related("competition").order_by("-competition__closes_at", "competition_id", "-role")
    strongest = {role.competition_id: role for role in roles}
    for competition, standing in standings(role.competition for role in strongest.values()):
        is_managed = strongest[competition.pk].role == RoleKind.MANAGER
        words = _("You manage: %(name)s") if is_managed else _("You observe: %(name)s")
        areas.append(
            Area(words % {"name": competition}, reverse("competitions:manage", args=[competition.slug]), standing)
        )
    return areas


def waiting_for_manager(user: User) -> list[Waiting]:
    """Entries without a judge, and decisions to propose, to approve, to announce."""
    mine = Competition.objects.observable_by(user).values("pk")
    states = [RoundState.OPEN, RoundState.RANKED, RoundState.PROPOSED, RoundState.APPROVED]
    rounds = Round.objects.filter(competition__in=mine, state__in=states).select_related("competition")
    again = came_back(rounds) if rounds else set()
    return [line for round_ in rounds if (line := _step(user, round_, is_again=round_.pk in again))]


def _step(user: User, round_: Round, *, is_again: bool) -> Waiting | None:
    if round_.state == RoundState.OPEN:
        return _judges_lacking(round_) if can_assign_judges(user, round_) else None
    titles = {
        RoundState.RANKED: _("The decision came back: decide again") if is_again else _("Decide who wins"),
        RoundState.PROPOSED: _("Approve or return a decision"),
        RoundState.APPROVED: _("Announce the winners"),
    }
    may = {
        RoundState.RANKED: can_propose_decision,
        RoundState.PROPOSED: can_approve_decision,
        RoundState.APPROVED: can_announce_round,
    }
    if not may[RoundState(round_.state)](user, round_):
        return None
    return Waiting(
        title=titles[RoundState(round_.state)],
        url=reverse("competitions:manage-decision", args=[round_.competition.slug]),
        detail=str(round_.competition),
    )


def _judges_lacking(round_: Round) -> Waiting | None:
    """Entries that a judge stepped back from, or that were never given to enough of them."""
    number = short_of_reads(round_)
    words = ngettext("Find a judge for %(n)d entry", "Find judges for %(n)d entries", number) % {"n": number}
    url = reverse("competitions:manage-entries", args=[round_.competition.slug])
    return Waiting(words, f"{url}?reads=short", detail=str(round_.competition)) if number else None
