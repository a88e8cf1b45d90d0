"""One page of the list of experts, with its facets. Who stands on it is in the index; what they show is read anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from mentors.enums import Availability
from mentors.indexing import Index, current_index, roles_shown_to
from mentors.models import Expert
from mentors.models.roles import Wanted
from network_platform.people.models import User
from network_platform.search.matching import Matches, question_of
from network_platform.search.queries import open_to
from network_platform.search.text import answers, asked_words

PAGE_SIZE = 20
AT_ONCE = 500
# Where all the words stand: in the name, there and in the line below it, or anywhere in the profile.
IN_NAME, IN_HEADLINE, ANYWHERE = range(3)
RANKS = tuple(str(rank) for rank in range(3 * len(Availability.values)))
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Page:
    """`before` and `after` are the cursors of the pages around this one, or ''; `text` says which it is."""

    experts: list[Expert]
    before: str
    after: str
    text: str


class Found:
    """Everybody whom this person finds in this way."""

    def __init__(self, user: User | AnonymousUser, wanted: Wanted) -> None:
        self.user, self.wanted = user, wanted
        self.index: Index = current_index(user)

    @cached_property
    def matching(self) -> dict[str, int] | None:
        """The uids that the words find, each with how well; None without words."""
        return best_matches(self.wanted) if self.wanted.words else None

    @cached_property
    def order(self) -> list[tuple[int, str]]:
        """(rank, slug) of each: what a cursor names."""
        return [(rank, self.index.slugs[place]) for rank, place in self._places]

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return self.index.in_order(self.wanted, self.matching)

    @property
    def total(self) -> int:
        return len(self._places)

    def counts(self) -> Counts:
        return self.index.counts(self.wanted, self.matching)

    def page(self, *, after: str = "", before: str = "") -> Page:
        """A cursor is the rank and slug of the expert at the edge; one that is gone begins the list."""
        begin, end = 0, PAGE_SIZE
        if (at := self._place_of(before)) is not None:
            begin, end = max(0, at - PAGE_SIZE), at
        elif (at := self._place_of(after)) is not None:
            begin, end = at + 1, at + 1 + PAGE_SIZE
        edge = self.order[begin:end]
        return Page(
            experts=self._experts(begin, end),
            before=_cursor(*edge[0]) if edge and begin else "",
            after=_cursor(*edge[-1]) if edge and end < self.total else "",
            text=_("%(first)s–%(last)s of %(total)s")
            % {"first": begin + 1, "last": begin + len(edge), "total": self.total},
        )

    def _place_of(self, cursor: str) -> int | None:
        edge = _parsed(cursor)
        return self.order.index(edge) if edge in self.order else None

    def everybody(self) -> Iterator[Expert]:
        """For the export; three queries for each 500."""
        for begin in range(0, self.total, AT_ONCE):
            yield from self._experts(begin, begin + AT_ONCE)

    def _experts(self, begin: int, end: int) -> list[Expert]:
        """What the index still holds and is shown no more is left out here."""
        ids = [self.index.ids[place] for _rank, place in self._places[begin:end]]
        return roles_shown_to(self.user).with_cards(ids)


def best_matches(wanted: Wanted) -> dict[str, int]:
    """Each uid by the best of its documents; one query."""
    asked = asked_words(wanted.words)
    found: dict[str, int] = {}
    if not asked:
        return found
    question = question_of(asked, wanted.audiences, ["expert"])
    documents = open_to(question).filter(Matches(question)).values_list("key", "title", "summary")
    for key, title, summary in documents.iterator(chunk_size=2000):
        match = IN_NAME if answers(title, asked) else IN_HEADLINE if answers(f"{title} {summary}", asked) else ANYWHERE
        found[key] = min(match, found.get(key, match))
    return found


def known(values: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """Values of the address that mean something; others are left out."""
    codes = set(allowed)
    return tuple(dict.fromkeys(value for value in values if value in codes))


def _cursor(rank: int, slug: str) -> str:
    return f"{rank}.{slug}"


def _parsed(cursor: str) -> tuple[int, str] | None:
    rank, dot, slug = cursor.partition(".")
    return (int(rank), slug) if dot and rank in RANKS else None
