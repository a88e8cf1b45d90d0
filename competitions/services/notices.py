"""What the platform writes to those who run or observe a competition."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import override

from competitions.enums import RoleKind
from competitions.models import Approval, Assignment, Competition, CompetitionRole, Round, ScoreSheet
from competitions.rules import can_approve_decision
from network_platform.background.services import send_message
from network_platform.languages import written_in
from network_platform.people.models import User


def people_with(competition: Competition, role: str) -> list[User]:
    """Everybody who holds the role now; one query."""
    held = CompetitionRole.objects.current().filter(competition=competition, role=role)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def decision_waits(*, round: Round, digest: str) -> None:
    """To the observers who can approve what was proposed."""
    observers = people_with(round.competition, RoleKind.OBSERVER)
    able = [person for person in observers if can_approve_decision(person, round)]
    proposal = round.approvals.get(role=RoleKind.MANAGER, withdrawn_at__isnull=True)
    _write("competitions/decision_waits", able, round.competition, "manage-decision", f"{proposal.uid}-{digest[:16]}")


def decision_approved(*, approval: Approval) -> None:
    """To the managers, who can announce it now."""
    managers = people_with(approval.round.competition, RoleKind.MANAGER)
    _write(
        "competitions/decision_approved",
        managers,
        approval.round.competition,
        "manage-decision",
        str(approval.uid),
        about=[approval.user],
        name=str(approval.user),
    )


def decision_returned(*, round: Round, by: User, reason: str) -> None:
    """To the other managers, with the reason in the words of whoever returned it, or withdrew what they proposed."""
    managers = [person for person in people_with(round.competition, RoleKind.MANAGER) if person.pk != by.pk]
    proposal = round.approvals.filter(role=RoleKind.MANAGER).order_by("-pk").first()
    key = str(proposal.uid if proposal else round.uid)
    is_withdrawn = proposal is not None and proposal.user_id == by.pk
    said_in = written_in(reason, language=by.language)
    more = {"name": str(by), "reason": reason, "reason_language": said_in, "is_withdrawn": is_withdrawn}
    _write("competitions/decision_returned", managers, round.competition, "manage-decision", key, about=[by], **more)


def decision_void(*, proposal: Approval, by: User, reason: str) -> None:
    """To the observers: what they approved or had to approve holds no longer, for the reading goes on."""
    competition = proposal.round.competition
    observers = [person for person in people_with(competition, RoleKind.OBSERVER) if person.pk != by.pk]
    more = {"name": str(by), "reason": reason, "reason_language": written_in(reason, language=by.language)}
    _write("competitions/decision_void", observers, competition, "manage", str(proposal.uid), about=[by], **more)


def judge_recused(*, assignments: list[Assignment]) -> None:
    """To the managers: who stepped back from which entries. Why stays with the conflict."""
    if not assignments:
        return
    judge, competition = assignments[0].judge, assignments[0].round.competition
    _write(
        "competitions/judge_recused",
        people_with(competition, RoleKind.MANAGER),
        competition,
        "manage-judges",
        str(assignments[0].uid),
        about=[judge.user],
        name=str(judge.user),
        entries=", ".join(assignment.entry.number for assignment in assignments),
    )


def sheet_given_back(*, sheet: ScoreSheet, by: User, reason: str) -> None:
    """To the judge, with the reason in the words of the manager who gave the sheet back."""
    seat, competition = sheet.assignment, sheet.assignment.round.competition
    judge = seat.judge.user
    with override(judge.language):
        path = reverse("competitions:judge-sheet", args=[seat.uid])
    send_message(
        template="competitions/sheet_given_back",
        to=judge,
        dedupe_key=f"sheet-given-back-{sheet.uid}-{sheet.submitted_at:%Y%m%d%H%M%S%f}",
        context={
            "names": competition.names,
            "path": path,
            "entry": seat.entry.number,
            "name": str(by),
            "reason": reason,
            "reason_language": written_in(reason, language=by.language),
        },
        about=[by],
    )


def _write(
    template: str,
    people: Iterable[User],
    competition: Competition,
    page: str,
    key: str,
    about: Iterable[User] = (),
    **context: object,
) -> None:
    for person in people:
        with override(person.language):
            path = reverse(f"competitions:{page}", args=[competition.slug])
        send_message(
            template=template,
            to=person,
            dedupe_key=f"{template}-{key}-{person.pk}",
            context={"names": competition.names, "path": path, **context},
            about=about,
        )
