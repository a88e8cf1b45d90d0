"""What the ground gathers from this app; see network_platform/desk.py. Judges' and managers' lines: desk_judging.py."""

from collections.abc import Iterable, Iterator
from typing import Any, TextIO
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from competitions import rules
from competitions.desk_judging import areas_of_judging, waiting_for_judge, waiting_for_manager
from competitions.enums import JUDGED_STATES, CompetitionState, EntryState, RoleKind
from competitions.journal_words import WORDS
from competitions.models import Award, Competition, CompetitionRole, Entry, Judge, ScoreSheet, TeamMember
from competitions.services.announcing import STATE_OF
from competitions.services.competitions import documents_of
from competitions.services.judging import release_open_seats
from network_platform.desk import Area, Waiting
from network_platform.identifiers import uid_in
from network_platform.journal.models import Record
from network_platform.journal.words import Words
from network_platform.people.models import User
from network_platform.search.services import Document
from network_platform.zones import in_both


def waiting_for(user: User) -> list[Waiting]:
    return [*_own_entries(user), *waiting_for_judge(user), *waiting_for_manager(user)]


def _own_entries(user: User) -> list[Waiting]:
    """Drafts whose deadline is ahead, entries the organiser asked to complete, and changes that were not sent."""
    editable = Entry.objects.editable_by(user, timezone.now())
    to_finish = editable.exclude(state=EntryState.SUBMITTED) | editable.changed_since_sent()
    found = to_finish.select_related("competition", "startup").order_by("competition__closes_at", "pk")
    return [_to_finish(entry) for entry in found]


def _to_finish(entry: Entry) -> Waiting:
    is_sent = entry.state == EntryState.SUBMITTED
    words = _("Your changes are not sent: %(name)s") if is_sent else _("Finish your application: %(name)s")
    return Waiting(
        title=words % {"name": entry.competition},
        url=reverse("competitions:entry-review" if is_sent else "competitions:entry", args=[entry.uid]),
        due=entry.competition.closes_at,
        detail=entry.startup.name,
        zone=entry.competition.time_zone,
    )


def sent_by(user: User) -> list[Waiting]:
    """Entries that count and whose result is not announced. What happens inside the judging stays inside."""
    mine = Entry.objects.of_team(user).filter(state__in=JUDGED_STATES, competition__state=CompetitionState.PUBLISHED)
    found = mine.select_related("competition").order_by("competition__closes_at", "pk")
    return [_sent(entry) for entry in found]


def _sent(entry: Entry) -> Waiting:
    competition, now = entry.competition, timezone.now()
    if rules.is_editable_at(entry, now) and competition.closes_at:
        until = in_both(competition.closes_at, competition.time_zone)
        detail = _("%(number)s. You can change it until %(when)s.") % {"number": entry.number, "when": until}
    else:
        detail = _("%(number)s. The result is not announced yet.") % {"number": entry.number}
    return Waiting(str(competition), reverse("competitions:entry", args=[entry.uid]), detail=detail)


def begun_by(user: User) -> set[str]:
    return {"competitions"} if Entry.objects.of_team(user).exists() else set()


def areas_of(user: User) -> list[Area]:
    """My entries, with the last result; the judging and the competitions in which this person has a part."""
    areas = areas_of_judging(user)
    mine = Entry.objects.of_team(user)
    told = mine.filter(state__in=STATE_OF.values(), competition__state=CompetitionState.ANNOUNCED)
    last = told.select_related("competition").order_by("-competition__announced_at", "-pk").first()
    if last is not None or mine.exists():
        detail = _result(last) if last else _("Drafts, receipts, results and feedback")
        areas.insert(0, Area(_("My entries"), reverse("competitions:entries"), detail))
    return areas


def _result(entry: Entry) -> str:
    """That there is one: of those who did not win, the page of the entry says the rest."""
    words = _("You won: %(name)s") if entry.state == EntryState.WINNER else _("The result is there: %(name)s")
    return words % {"name": entry.competition}


def scopes_of(user: User) -> set[str]:
    held = CompetitionRole.objects.current().filter(user=user).values_list("competition__uid", flat=True)
    return {f"competition:{uid}" for uid in held}


def needs_second_factor(user: User) -> bool:
    """Managers propose decisions, observers approve or refuse them."""
    deciding = (RoleKind.MANAGER, RoleKind.OBSERVER)
    return CompetitionRole.objects.current().filter(user=user, role__in=deciding).exists()


def roles_of(user: User) -> list[str]:
    roles = CompetitionRole.objects.current().filter(user=user).select_related("competition")
    seats = Judge.objects.accepted().filter(user=user).select_related("competition")
    return [
        *(f"{role.get_role_display()}: {role.competition}" for role in roles),
        *(_("judge: %(name)s") % {"name": seat.competition} for seat in seats),
    ]


def code_words() -> dict[str, str | Promise]:
    return {role.value: role.label for role in RoleKind}


def journal_words() -> Words:
    return WORDS


def reasons_to_sign_in() -> dict[str, str]:
    return {"competitions:apply": _("Sign in to apply: your application is saved as you go along.")}


def names_in(records: Iterable[Record]) -> Iterable[dict[str, str]]:
    """Names of the competitions to which these records of the journal belong, and of their rounds; one query."""
    uids = _competitions_of(records)
    found = Competition.objects.filter(uid__in=uids).values_list("names", "rounds__names") if uids else []
    return [names for row in found for names in row if names]


def codes_in(records: Iterable[Record]) -> dict[str, str]:
    """The awards of decisions, by `award:<key>`; one query if there is a decision."""
    uids = _competitions_of(record for record in records if "decision" in record.after)
    found = Award.objects.filter(competition__uid__in=uids) if uids else []
    return {f"award:{award.pk}": str(award) for award in found}


def _competitions_of(records: Iterable[Record]) -> set[UUID]:
    scopes = {record.scope.partition(":")[::2] for record in records}
    return set(filter(None, (uid_in(uid) for kind, uid in scopes if kind == "competition")))


def personal_data(user: User) -> dict[str, Any]:
    """Entries the person works on, seats as a judge with what was written there, roles."""
    entries = Entry.objects.of_team(user).select_related("competition", "startup")
    roles = CompetitionRole.objects.filter(user=user).select_related("competition")
    return {
        "entries": [_entry_data(entry) for entry in entries],
        "judge": [_seat_data(judge) for judge in Judge.objects.filter(user=user).select_related("competition")],
        "roles": [
            {"competition": role.competition.slug, "role": role.role, "since": role.since.isoformat()} for role in roles
        ],
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "competition": entry.competition.slug,
        "startup": entry.startup.name,
        "number": entry.number,
        "state": entry.state,
        "answers": entry.answers,
        "submissions": [revision.content for revision in entry.revisions.all()],
        "files": [attachment.name for attachment in entry.attachments.current()],
    }


def _seat_data(judge: Judge) -> dict[str, Any]:
    seats = judge.assignments.filter(sheet__isnull=False).select_related("sheet", "entry")
    return {
        "competition": judge.competition.slug,
        "state": judge.state,
        "affiliation": judge.affiliation,
        "conflicts": [{"entry": each.entry.number, "reason": each.reason} for each in judge.conflicts.all()],
        "sheets": [
            {
                "entry": seat.entry.number,
                "feedback": seat.sheet.feedback,
                "private_note": seat.sheet.private_note,
                "scores": {score.criterion.code: str(score.value) for score in seat.sheet.scores.all()},
            }
            for seat in seats.prefetch_related("sheet__scores__criterion")
        ],
    }


def erase(user: User) -> None:
    """Scores, rankings and submissions stay, as the competition's evidence; what names the person goes."""
    now = timezone.now()
    CompetitionRole.objects.current().filter(user=user).update(ended_at=now)
    TeamMember.objects.filter(user=user).update(email="", user=None, joined_at=None)
    TeamMember.objects.filter(email__iexact=user.email).delete()
    for judge in Judge.objects.filter(user=user):
        judge.conflicts.update(reason="", path=[])
        judge.affiliation = ""
        judge.save(update_fields=["affiliation"])
        ScoreSheet.objects.filter(assignment__judge=judge).update(private_note="")
        release_open_seats(judge=judge, by=None)


def sitemap() -> Iterable[str]:
    yield "competitions/"
    for slug in Competition.objects.public().order_by("slug").values_list("slug", flat=True):
        yield f"competitions/{slug}/"


def search_documents() -> Iterator[Document]:
    for competition in Competition.objects.prefetch_related("countries"):
        yield from documents_of(competition)


def problems() -> list[str]:
    """Competitions whose rules were published without a lock."""
    unlocked = Competition.objects.filter(
        state="published", rounds__rubrics__is_current=True, rounds__rubrics__locked_at__isnull=True
    )
    return [f"competition {slug}: a published rubric is not locked" for slug in unlocked.values_list("slug", flat=True)]


def load_demonstration(stdout: TextIO) -> None:
    from competitions.demonstration import load

    load(stdout)
