"""What the platform writes to a team about its entry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from competitions.enums import EntryState, Outcome
from competitions.models import Award, Decision, Entry, Revision, ScoreSheet, TeamMember
from incubators.models import StartupMember
from network_platform.background.services import Letter, send_message, send_messages
from network_platform.languages import written_in
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
RESULTS = (EntryState.WINNER, EntryState.RESERVE, EntryState.NOT_SELECTED)


def team_of(entry: Entry) -> list[User]:
    """Everybody with an account who works on the entry; one query."""
    in_startup = Q(startup_roles__startup=entry.startup_id)
    in_team = Q(entry_memberships__entry=entry, entry_memberships__joined_at__isnull=False)
    return list(User.objects.filter(in_startup | in_team, is_active=True).distinct().order_by("pk"))


def teams_of(entries: Collection[Entry]) -> dict[int, list[User]]:
    """`team_of` for many: entry pk -> its people; three queries."""
    own = StartupMember.objects.filter(startup__in={entry.startup_id for entry in entries})
    helping = TeamMember.objects.joined().filter(entry__in=[entry.pk for entry in entries])
    in_startup, in_team = defaultdict(set), defaultdict(set)
    for startup, person in own.values_list("startup", "user"):
        in_startup[startup].add(person)
    for entry, person in helping.values_list("entry", "user"):
        in_team[entry].add(person)
    asked = set().union(*in_startup.values(), *in_team.values())
    people = User.objects.filter(is_active=True).in_bulk(asked)
    return {
        entry.pk: [people[pk] for pk in sorted(in_startup[entry.startup_id] | in_team[entry.pk]) if pk in people]
        for entry in entries
    }


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
    send_messages(
        Letter(
            template="competitions/receipt",
            to=person,
            dedupe_key=f"receipt:{revision.uid}:{person.pk}",
            context=_receipt_for(person, entry, revision, by),
            about=[] if person.pk == by.pk else [by],
        )
        for person in team_of(entry)
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


def send_moves(*, entries: Iterable[Entry], reason: str, by: User | None = None) -> None:
    """Tell the teams about a change of state that concerns them. Nothing for a draft that is thrown away.

    The number of queries does not grow with the entries.
    """
    told = [entry for entry in entries if entry.state in TOLD and entry.serial]
    if not told:
        return
    teams, results, now = teams_of(told), _results_of(told), timezone.now()
    send_messages(
        _moved(entry, person, reason, by, now, results.get(entry.pk, {}))
        for entry in told
        for person in teams[entry.pk]
    )


def _moved(
    entry: Entry, person: User, reason: str, by: User | None, now: datetime, result: Mapping[str, Any]
) -> Letter:
    context = {
        "competition": entry.competition.names,
        "number": entry.number,
        "startup": entry.startup.name,
        "state": entry.state,
        "reason": reason,
        "reason_language": written_in(reason, language=by.language if by else "en"),
        **result,
        "result": f"/{person.language}/competitions/{entry.competition.slug}/#winners",
        "path": f"/{person.language}/competitions/entries/{entry.uid}/",
    }
    if entry.state == EntryState.WITHDRAWN:
        context |= _withdrawal_for(person, entry, by, now)
    key = f"entry:{entry.uid}:{entry.state}:{entry.standing_id}:{person.pk}"
    about = [by] if by and by.pk != person.pk else []
    return Letter(template="competitions/entry_moved", to=person, dedupe_key=key, context=context, about=about)


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


def _results_of(entries: Iterable[Entry]) -> dict[int, dict[str, Any]]:
    """After the announcement, by entry: whether judges wrote to the team, why nobody read it, and what a winner won."""
    decided = {entry.pk: entry for entry in entries if entry.state in RESULTS}
    if not decided:
        return {}
    sheets = ScoreSheet.objects.counted().filter(assignment__entry__in=decided).exclude(feedback="")
    written = set(sheets.values_list("assignment__entry", flat=True))
    told: dict[int, dict[str, Any]] = {pk: {"feedback": pk in written} for pk in decided}
    unread = Decision.objects.of_unread().filter(entry__in=decided)
    for pk, reason, language in unread.values_list("entry", "reason", "decided_by__language"):
        if decided[pk].state != EntryState.WINNER and "is_unread" not in told[pk]:
            said_in = written_in(reason, language=language or "en")
            told[pk] |= {"is_unread": True, "reason": reason, "reason_language": said_in}
    winners = [pk for pk, entry in decided.items() if entry.state == EntryState.WINNER]
    for pk in winners:
        told[pk] |= {"award": {}, "prize": {}}
    won = Decision.objects.filter(entry__in=winners, outcome=Outcome.WINNER, award__isnull=False)
    for decision in won.select_related("award").order_by("-award__order", "-award"):
        award = cast(Award, decision.award)
        told[decision.entry_id] |= {"award": award.own_names, "prize": award.texts}
    return told


def _withdrawal_for(person: User, entry: Entry, by: User | None, now: datetime) -> dict[str, Any]:
    """Who withdrew it and when, and where to begin again while applications are open."""
    competition = entry.competition
    zones = (person.time_zone, competition.time_zone)
    with override(person.language):
        closing = cast(datetime, competition.closes_at)
        closes = in_both(closing, zones[1], zones[0]) if competition.takes_entries_at(now) else ""
        return {
            "who": by.get_full_name() if by else "",
            "when": in_both(now, zones[1], zones[0]),
            "again_until": closes,
            "again": f"/{person.language}/competitions/{competition.slug}/apply/",
        }
