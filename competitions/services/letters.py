"""What the platform writes to a team about its entry."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import override

from competitions.enums import EntryState, Outcome
from competitions.models import Award, Entry, Revision, ScoreSheet
from network_platform.background.services import send_message
from network_platform.people.models import User
from network_platform.zones import in_words, known, zone_name

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


def to_the_second(moment: datetime, *zones: str) -> str:
    """Day, time with seconds and the zone named, in the active language. The first of `zones` that somebody chose."""
    name = next((zone for zone in zones if zone != settings.TIME_ZONE and known(zone)), settings.TIME_ZONE)
    local = moment.astimezone(ZoneInfo(name))
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S}, {zone_name(name, moment)}"


def send_receipt(*, entry: Entry, revision: Revision, by: User) -> None:
    """To the one who submitted: number, time, digest. Names are data for the template, never markup."""
    competition = entry.competition
    with override(by.language):
        received = to_the_second(revision.received_at, by.time_zone, competition.time_zone)
        closes = in_words(competition.closes_at, competition.time_zone) if competition.closes_at else ""
    context = {
        "competition": competition.names,
        "number": entry.number,
        "startup": entry.startup.name,
        "received": received,
        "closes": closes,
        "digest": revision.digest,
        "path": f"/{by.language}/competitions/entries/{entry.uid}/receipt/",
    }
    send_message(template="competitions/receipt", to=by, dedupe_key=f"receipt:{revision.uid}", context=context)


def send_move(*, entry: Entry, reason: str) -> None:
    """Tell the team about a change of state that concerns it. Nothing for a draft that is thrown away."""
    if entry.state not in TOLD or not entry.serial:
        return
    context = {
        "competition": entry.competition.names,
        "number": entry.number,
        "startup": entry.startup.name,
        "state": entry.state,
        "reason": reason,
    }
    if entry.state in (EntryState.WINNER, EntryState.RESERVE, EntryState.NOT_SELECTED):
        said = ScoreSheet.objects.counted().filter(assignment__entry=entry).exclude(feedback="")
        context["feedback"] = said.exists()
    if entry.state == EntryState.WINNER:
        award = Award.objects.filter(decisions__entry=entry, decisions__outcome=Outcome.WINNER).first()
        context |= {"award": award.names if award else {}, "prize": award.texts if award else {}}
    for person in team_of(entry):
        context["result"] = f"/{person.language}/competitions/{entry.competition.slug}/#winners"
        context["path"] = f"/{person.language}/competitions/entries/{entry.uid}/"
        key = f"entry:{entry.uid}:{entry.state}:{entry.standing_id}:{person.pk}"
        send_message(template="competitions/entry_moved", to=person, dedupe_key=key, context=context)
