"""Likely duplicates: found every night, answered by people, never merged by themselves."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from incubators.duplicates import Pair, likely_pairs, likely_pairs_across
from incubators.enums import PairStatus
from incubators.lifecycle import PAIR
from incubators.models import Country, DuplicatePair
from incubators.models.upkeep import DuplicatePairQuerySet
from incubators.rules import can_view_pair
from network_platform.journal.services import record
from network_platform.people.models import User


def find_pairs() -> int:
    """Bring the list in step with the registry, country by country and then between countries. Returns how many are
    open.
    """
    both = DuplicatePair.objects.all()
    for country in Country.objects.all():
        _keep(likely_pairs(country), both.filter(first__country=country, second__country=country))
    _keep(likely_pairs_across(), both.exclude(first__country=F("second__country")))
    return DuplicatePair.objects.open().count()


@transaction.atomic
def _keep(likely: Iterable[Pair], pairs: DuplicatePairQuerySet) -> None:
    """New pairs are added, open ones of `pairs` scored again or dropped if nothing speaks for them now.

    Answers stay.
    """
    found = {(pair.first, pair.second): pair for pair in likely}
    known = {(each.first_id, each.second_id): each for each in pairs.select_for_update(of=("self",))}
    gone = [each.pk for key, each in known.items() if each.status == PairStatus.OPEN and key not in found]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    still = [each for key, each in known.items() if each.status == PairStatus.OPEN and key in found]
    for each in still:
        pair = found[each.first_id, each.second_id]
        each.score, each.signs = pair.score, pair.signs
    DuplicatePair.objects.bulk_update(still, ["score", "signs"], batch_size=500)
    DuplicatePair.objects.bulk_create(
        (
            DuplicatePair(first_id=pair.first, second_id=pair.second, score=pair.score, signs=pair.signs)
            for key, pair in found.items()
            if key not in known
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


@transaction.atomic
def move_pair(*, pair: DuplicatePair, to: PairStatus, by: User) -> DuplicatePair:
    """Answer, or take the answer back; a merger moves its pair itself (`services.merging`)."""
    pair = (
        DuplicatePair.objects.select_for_update(of=("self",))
        .select_related("first__country", "second__country")
        .get(pk=pair.pk)
    )
    move = PAIR.check(pair.status, to)
    if PairStatus.MERGED in (pair.status, to) or not can_view_pair(by, pair):
        raise PermissionDenied
    before = pair.status
    set_status(pair, to, by=by)
    record(verb=move.verb, thing=pair, by=by, scope=pair.first.scope, before={"status": before}, after={"status": to})
    return pair


def set_status(pair: DuplicatePair, to: PairStatus, *, by: User) -> None:
    """Save it answered, or open again."""
    is_answer = to != PairStatus.OPEN
    pair.status = to
    pair.answered_at, pair.answered_by = (timezone.now(), by) if is_answer else (None, None)
    pair.save(update_fields=["status", "answered_at", "answered_by"])
