"""Likely duplicates side by side, for those who keep the registry true; `services/pairs.py` finds them."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incubators import likeness
from incubators.differences import FieldDifference, Piece, in_words, word_difference
from incubators.enums import MOVABLE, PairStatus
from incubators.forms.listing import ListingForm
from incubators.listing_values import values_of
from incubators.models import DuplicatePair, Merger, Organisation
from incubators.models.upkeep import DuplicatePairQuerySet
from network_platform.people.models import User

SHOWN = 50
SIGNS: dict[str, str | Promise] = {
    likeness.NAME: pgettext_lazy("sign of a duplicate", "names alike"),
    likeness.ACRONYMS: pgettext_lazy("sign of a duplicate", "one name abbreviates the other"),
    likeness.SITE: pgettext_lazy("sign of a duplicate", "same website"),
    likeness.MAIL: pgettext_lazy("sign of a duplicate", "editors write from the same domain"),
    likeness.CITY: pgettext_lazy("sign of a duplicate", "same city"),
}


@dataclass(frozen=True)
class PairRow:
    """A pair with the word-by-word difference of its two names."""

    pair: DuplicatePair

    @cached_property
    def names(self) -> tuple[list[Piece], list[Piece]]:
        return word_difference(str(self.pair.first), str(self.pair.second))

    @property
    def signs(self) -> list[str | Promise]:
        return [SIGNS[sign] for sign in self.pair.signs if sign in SIGNS]

    @cached_property
    def fields(self) -> list[FieldDifference]:
        """What either entry says, field by field."""
        first, second = values_of(self.pair.first), values_of(self.pair.second)
        names = {key: "" for key in first if key.startswith(("name_", "description_"))}
        form = ListingForm({**names, **second}, organisation=self.pair.second)
        rows = []
        for name, field in form.fields.items():
            old, new = in_words(field, first.get(name)), in_words(field, second.get(name))
            if old or new:
                rows.append(FieldDifference(name, str(field.label), *word_difference(old, new)))
        return rows

    @cached_property
    def merger(self) -> Merger | None:
        both = (self.pair.first_id, self.pair.second_id)
        return Merger.objects.filter(kept__in=both, gone__in=both, undone_at=None).first()

    def other(self, organisation: Organisation) -> Organisation:
        return self.pair.second if organisation == self.pair.first else self.pair.first


def pairs_to_look_at(user: User) -> DuplicatePairQuerySet:
    """Open pairs of the countries that the person serves, the likeliest first."""
    open_pairs = DuplicatePair.objects.visible_to(user).open()
    return open_pairs.filter(first__status__in=MOVABLE, second__status__in=MOVABLE)


class PairList:
    """The page of likely duplicates."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def total(self) -> int:
        return pairs_to_look_at(self.user).count()

    @cached_property
    def rows(self) -> list[PairRow]:
        return [PairRow(pair) for pair in with_both(pairs_to_look_at(self.user))[:SHOWN]]

    @cached_property
    def answered(self) -> list[PairRow]:
        """The latest answers, which can be taken back."""
        found = DuplicatePair.objects.visible_to(self.user).exclude(status=PairStatus.OPEN)
        return [PairRow(pair) for pair in with_both(found).order_by("-answered_at", "-pk")[:20]]


def with_both(pairs: DuplicatePairQuerySet) -> DuplicatePairQuerySet:
    return pairs.select_related("first__country", "first__city", "second__country", "second__city")
