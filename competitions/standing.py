"""Where competitions stand, in words for those who run or observe them; one query for the rounds of all."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.enums import Phase, RoundKind, RoundState
from competitions.models import Competition, Round
from network_platform.zones import in_words

IN_JUDGING = {
    RoundState.DRAFT: gettext_lazy("applications closed, judging not open yet"),
    RoundState.CLOSED: gettext_lazy("scoring closed"),
    RoundState.SCORED: gettext_lazy("scoring closed"),
    RoundState.RANKED: gettext_lazy("scored, to be decided"),
    RoundState.PROPOSED: gettext_lazy("decision proposed, to be approved"),
    RoundState.APPROVED: gettext_lazy("decided, to be announced"),
}


def standings(competitions: Iterable[Competition]) -> list[tuple[Competition, str]]:
    """Each with the phase that matters to its managers and the hour that bounds it."""
    found = list(competitions)
    rounds = Round.objects.filter(competition__in=found, kind=RoundKind.SCORING).order_by("-order", "-pk")
    first = {each.competition_id: each for each in rounds}
    return [(each, _in_words(each, first.get(each.pk))) for each in found]


def _in_words(competition: Competition, round_: Round | None) -> str:
    zone, phase = competition.time_zone, competition.phase_at(timezone.now())
    if phase == Phase.COMING and competition.opens_at:
        return _("opens on %(when)s") % {"when": in_words(competition.opens_at, zone)}
    if phase == Phase.OPEN and competition.closes_at:
        return _("open for applications until %(when)s") % {"when": in_words(competition.closes_at, zone)}
    if phase == Phase.ANNOUNCED and competition.announced_at:
        return _("winners announced on %(when)s") % {"when": in_words(competition.announced_at, zone)}
    if phase != Phase.JUDGING or round_ is None:
        return str(phase.label)
    if round_.state != RoundState.OPEN:
        return str(IN_JUDGING.get(RoundState(round_.state), phase.label))
    if round_.closes_at is None:
        return str(phase.label)
    if round_.closes_at < timezone.now():
        return _("being judged; the time for scores ended on %(when)s") % {"when": in_words(round_.closes_at, zone)}
    return _("being judged until %(when)s") % {"when": in_words(round_.closes_at, zone)}
