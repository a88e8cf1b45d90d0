"""What a call's page shows: the button in its right state, the stages, the rubric as a tree, the winners."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Min, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competitions.enums import OVER_STATES, EntryState, Phase, RoundKind, RoundState
from competitions.models import Competition, Criterion, Decision, Entry, Round, RubricVersion
from competitions.services.digests import in_parts
from network_platform.languages import in_language
from network_platform.people.models import User
from network_platform.zones import in_words


@dataclass(frozen=True)
class Button:
    """One act, or why there is none: `url` is empty then."""

    words: str
    url: str = ""
    is_main: bool = True


@dataclass(frozen=True)
class Branch:
    """A criterion with those below it."""

    criterion: Criterion
    children: list["Branch"] = field(default_factory=list)


def apply_button(competition: Competition, entries: list[Entry], now: datetime) -> Button:
    """`entries`: the reader's own in this competition, without withdrawn ones."""
    draft = next((entry for entry in entries if entry.state == EntryState.DRAFT), None)
    sent = next((entry for entry in entries if entry.state != EntryState.DRAFT), None)
    phase, zone = competition.phase_at(now), competition.time_zone
    if phase == Phase.COMING and competition.opens_at:
        return Button(_("Opens on %(when)s") % {"when": in_words(competition.opens_at, zone)})
    if phase == Phase.OPEN and draft:
        return Button(_("Continue your draft"), reverse("competitions:entry", args=[draft.uid]))
    if phase == Phase.OPEN and sent and sent.is_changed_since_sent:
        words = _("Submitted as %(number)s. Your changes are not sent") % {"number": sent.number}
        return Button(words, reverse("competitions:entry", args=[sent.uid]))
    if phase == Phase.OPEN and sent:
        words = _("Submitted as %(number)s. See or change it") % {"number": sent.number}
        return Button(words, reverse("competitions:entry", args=[sent.uid]), is_main=False)
    if phase == Phase.OPEN:
        return Button(_("Check and apply"), reverse("competitions:apply", args=[competition.slug]))
    if sent:
        words = _("Your entry %(number)s") % {"number": sent.number}
        return Button(words, reverse("competitions:entry", args=[sent.uid]), is_main=phase == Phase.ANNOUNCED)
    if phase == Phase.JUDGING and competition.closes_at:
        return Button(_("Closed on %(when)s") % {"when": in_words(competition.closes_at, zone)})
    return Button("")


def own_entries(user: User | AnonymousUser, competition: Competition) -> list[Entry]:
    mine = Entry.objects.of_team(user).filter(competition=competition).exclude(state=EntryState.WITHDRAWN)
    return list(mine.select_related("standing").order_by("-pk")) if user.is_authenticated else []


def rounds_of(competition: Competition) -> list[Round]:
    """Rounds with the current rubric and its levels; four queries whatever there is."""
    criteria = Prefetch("criteria", Criterion.objects.select_related("parent").prefetch_related("levels"))
    rubrics = RubricVersion.objects.filter(is_current=True).prefetch_related(criteria)
    return list(competition.rounds.select_related("country").prefetch_related(Prefetch("rubrics", rubrics)))


def tree(criteria: Iterable[Criterion], parent: int | None = None) -> list[Branch]:
    rows = list(criteria)
    return [Branch(row, tree(rows, row.pk)) for row in rows if row.parent_id == parent]


@dataclass(frozen=True)
class Judging:
    """How one round is judged, as the public reads it."""

    round: Round
    rubric: RubricVersion
    branches: list[Branch]
    reads: tuple[int, int] | None = None  # fewest and most score sheets of an entry, once it is announced

    @property
    def weight(self) -> str:
        """`100 %`, where weights are stated."""
        total = float(sum(branch.criterion.weight or 0 for branch in self.branches))
        return f"{total:g} %" if total else ""

    @property
    def digest_parts(self) -> list[str]:
        return in_parts(self.rubric.digest)

    @property
    def has_gaps(self) -> bool:
        """Some values between the lowest and the highest have no words of their own."""
        leaves = [branch.criterion for branch in self.branches if not branch.children]
        return any(0 < len(leaf.levels.all()) < len(leaf.allowed_values()) for leaf in leaves)


def judgings(rounds: list[Round]) -> list[Judging]:
    found = [(each, rubric) for each in rounds for rubric in each.rubrics.all()]
    reads = reads_of_announced(rounds)
    return [Judging(each, rubric, tree(rubric.criteria.all()), reads.get(each.pk)) for each, rubric in found]


def reads_of_announced(rounds: list[Round]) -> dict[int, tuple[int, int]]:
    """Round pk -> fewest and most score sheets that an entry had in its mean; one query, none before announcements."""
    over = [each.pk for each in rounds if each.state == RoundState.ANNOUNCED]
    if not over:
        return {}
    rows = Decision.objects.filter(round__in=over, from_row__isnull=False).order_by().values_list("round_id")
    return {pk: (low, high) for pk, low, high in rows.annotate(low=Min("from_row__reads"), high=Max("from_row__reads"))}


def judges_have_read(rounds: Iterable[Round]) -> bool:
    """Whether all scoring is over. What is decided then stays inside until it is announced."""
    scoring = [each for each in rounds if each.kind == RoundKind.SCORING]
    return bool(scoring) and all(each.state in OVER_STATES for each in scoring)


def stages(competition: Competition, rounds: list[Round], now: datetime) -> list[dict[str, object]]:
    """The timeline of the call: opening, applications, then each round; events for components/timeline.html."""
    if not competition.opens_at or not competition.closes_at:
        return [_stated(each) for each in rounds]
    zone, phase = competition.time_zone, competition.phase_at(now)
    is_open = phase == Phase.OPEN
    events: list[dict[str, object]] = [
        {
            "label": _("Applications open"),
            "text": in_words(competition.opens_at, zone),
            "state": "" if phase == Phase.COMING else "done",
        },
        {
            "label": _("Applications close"),
            "text": in_words(competition.closes_at, zone),
            "state": "now" if is_open else "" if phase == Phase.COMING else "done",
        },
    ]
    events += [_planned(each, zone, competition, now) for each in rounds]
    if competition.announced_at:
        day = date_format(competition.announced_at.astimezone(ZoneInfo(zone)))  # the page's head says the minute
        events.append({"label": _("Winners announced"), "text": day, "state": "done"})
    return events


def _stated(each: Round) -> dict[str, object]:
    """A stage of a described competition, with the dates of the source."""
    dates = " – ".join(dict.fromkeys(_day(part) for part in (each.stated_start, each.stated_end) if part))
    words = [dates, _funnel(each), in_language(each.notes)]
    return {"label": str(each), "text": " · ".join(word for word in words if word), "state": ""}


def _day(stated: str) -> str:
    """An ISO date of any precision in the reader's form."""
    parts = [int(part) for part in stated.split("-")]
    year, month, day = (parts + [1, 1])[:3]
    moment = datetime(year, month, day, tzinfo=timezone.get_default_timezone())
    return date_format(moment, {1: "Y", 2: "F Y", 3: "DATE_FORMAT"}[len(parts)])


def _funnel(each: Round) -> str:
    entries, came, went = (each.facts.get(name) for name in ("entries", "entries_in", "entries_out"))
    if entries is not None:
        return _("entries: %(n)s") % {"n": entries}
    if came is not None and went is not None:
        return _("entries: %(came)s, of which %(went)s went on") % {"came": came, "went": went}
    return _("%(went)s went on") % {"went": went} if went is not None else ""


def _planned(each: Round, zone: str, competition: Competition, now: datetime) -> dict[str, object]:
    """A round of ours. Its inner states stay inside: the public sees the dates, and whether it is over."""
    ends = each.closes_at
    over = competition.phase_at(now) == Phase.ANNOUNCED or each.state in OVER_STATES
    begun = each.opens_at is not None and each.opens_at <= now
    is_dated = ends is not None and not (over and ends > now)  # read to the end before its last day
    text = _("until %(when)s") % {"when": in_words(cast(datetime, ends), zone)} if is_dated else ""
    return {"label": str(each), "text": text, "state": "done" if over else "now" if begun else ""}


def winners(competition: Competition) -> list[Decision]:
    """Public winners; nothing before the announcement, whoever asks."""
    found = Decision.objects.public().filter(entry__competition=competition)
    return list(found.select_related("entry__startup__country", "entry__track", "award"))
