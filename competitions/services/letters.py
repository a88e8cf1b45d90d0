"""What the platform writes to a team about its entry."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from competitions.enums import EntryState, Outcome
from competitions.models import Award, Decision, Entry, Revision, ScoreSheet
from network_platform.background.services import send_message
from network_platform.people.models import User
from network_platform.zones import in_both, offsets_differ, zone_for, zone_name

TOLD = (
    EntryState.MORE_INFORMATION,
    EntryState.INELIGIBLE,
    EntryState.WITHDRAWN,
    EntryState.WINNER,
    EntryState.RESERVE,
    EntryState.NOT_SELECTED,
)


def team_of(entry: Entry) -> list[User]:
    """Everybody with an account who works on the entry; one query."""
    in_startup = Q(startup_roles__startup=entry.startup_id)
    in_team = Q(entry_memberships__entry=entry, entry_memberships__joined_at__isnull=False)
    return list(User.objects.filter(in_startup | in_team, is_active=True).distinct().order_by("pk"))


def to_the_second(moment: datetime, reader: str, organiser: str) -> str:
    """Day, time with seconds and the zone named, in the active language: the reader's, then the organiser's."""
    own = zone_for(organiser, reader)
    local = moment.astimezone(ZoneInfo(own))
    words = f"{date_format(local, 'DATE_FORMAT')}, {_second_in(local, own)}"
    if not offsets_differ(moment, own, organiser):
        return words
    theirs = moment.astimezone(ZoneInfo(organiser))
    day = "" if theirs.date() == local.date() else f"{date_format(theirs, 'DATE_FORMAT')}, "
    return f"{words}; {day}{_second_in(theirs, organiser)}"


def _second_in(local: datetime, zone: str) -> str:
    return f"{local:%H:%M:%S}, {zone_name(zone, local)}"


def send_receipt(*, entry: Entry, revision: Revision, by: User) -> None:
    """To everybody of the team: number, version, time, digest. Names are data for the template, never markup."""
    for person in team_of(entry):
        send_message(
            template="competitions/receipt",
            to=person,
            dedupe_key=f"receipt:{revision.uid}:{person.pk}",
            context=_receipt_for(person, entry, revision, by),
            about=[] if person.pk == by.pk else [by],
        )


def _receipt_for(person: User, entry: Entry, revision: Revision, by: User) -> dict[str, Any]:
    competition = entry.competition
    zones = (person.time_zone, competition.time_zone)
    with override(person.language):
        received = to_the_second(revision.received_at, *zones)
        closes = in_both(competition.closes_at, zones[1], zones[0]) if competition.closes_at else ""
    return {
        "competition": competition.names,
        "number": entry.number,
        "version": revision.number,
        "replaced": revision.number - 1,
        "startup": entry.startup.name,
        "sent_by": "" if person.pk == by.pk else by.get_full_name(),
        "received": received,
        "closes": closes,
        "digest": revision.digest,
        "path": f"/{person.language}/competitions/entries/{entry.uid}/receipt/",
    }


def send_move(*, entry: Entry, reason: str, by: User | None = None) -> None:
    """Tell the team about a change of state that concerns it. Nothing for a draft that is thrown away."""
    if entry.state not in TOLD or not entry.serial:
        return
    now = timezone.now()
    told = {
        "competition": entry.competition.names,
        "number": entry.number,
        "startup": entry.startup.name,
        "state": entry.state,
        "reason": reason,
        **_result_of(entry),
    }
    for person in team_of(entry):
        context = told | {
            "result": f"/{person.language}/competitions/{entry.competition.slug}/#winners",
            "path": f"/{person.language}/competitions/entries/{entry.uid}/",
        }
        if entry.state == EntryState.WITHDRAWN:
            context |= _withdrawal_for(person, entry, by, now)
        key = f"entry:{entry.uid}:{entry.state}:{entry.standing_id}:{person.pk}"
        about = [by] if by and by.pk != person.pk else []
        send_message(template="competitions/entry_moved", to=person, dedupe_key=key, context=context, about=about)


def send_deleted(*, entry: Entry, by: User) -> None:
    """Tell the others of the team that their draft is gone; while the row is still there."""
    now, organiser = timezone.now(), entry.competition.time_zone
    for person in team_of(entry):
        if person.pk == by.pk:
            continue
        with override(person.language):
            when = in_both(now, organiser, person.time_zone)
        send_message(
            template="competitions/draft_deleted",
            to=person,
            dedupe_key=f"deleted:{entry.uid}:{person.pk}",
            context={
                "competition": entry.competition.names,
                "startup": entry.startup.name,
                "who": by.get_full_name(),
                "when": when,
            },
            about=[by],
        )


def _result_of(entry: Entry) -> dict[str, Any]:
    """After the announcement: whether judges wrote to the team, why nobody read the entry, and what a winner won."""
    told: dict[str, Any] = {}
    if entry.state in (EntryState.WINNER, EntryState.RESERVE, EntryState.NOT_SELECTED):
        told["feedback"] = ScoreSheet.objects.counted().filter(assignment__entry=entry).exclude(feedback="").exists()
    unread = Decision.objects.of_unread().filter(entry=entry).first()
    if unread is not None and entry.state in (EntryState.RESERVE, EntryState.NOT_SELECTED):
        told |= {"is_unread": True, "reason": unread.reason}
    if entry.state == EntryState.WINNER:
        award = Award.objects.filter(decisions__entry=entry, decisions__outcome=Outcome.WINNER).first()
        told |= {"award": award.own_names if award else {}, "prize": award.texts if award else {}}
    return told


def _withdrawal_for(person: User, entry: Entry, by: User | None, now: datetime) -> dict[str, Any]:
    """Who withdrew it and when, and where to begin again while applications are open."""
    competition = entry.competition
    zones = (person.time_zone, competition.time_zone)
    with override(person.language):
        closes = in_both(competition.closes_at, zones[1], zones[0]) if competition.takes_entries_at(now) else ""
        return {
            "who": by.get_full_name() if by else "",
            "when": in_both(now, zones[1], zones[0]),
            "again_until": closes,
            "again": f"/{person.language}/competitions/{competition.slug}/apply/",
        }
