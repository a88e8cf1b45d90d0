"""The filters of the public list, and counting under them.

Each value of each facet is a set of organisations, kept as the bits of one integer; bit n is the n-th organisation by
name. Counting a value under the other filters is then one `&` and one `bit_count`: microseconds for 10,000
organisations, the same on either database. `indexing.py` builds and keeps the bits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from itertools import compress
from operator import or_
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incubators.enums import OrganisationKind, OrganisationStatus
from incubators.models import City, Country, Language, Sdg, Sector
from network_platform.facets import named_unknown
from network_platform.languages import in_language

VERIFIED, UNVERIFIED, STALE = "verified", "unverified", "stale"
OPEN = "open"
NO_SECTORS, NO_LANGUAGES = "sectors", "languages"
LISTINGS = {VERIFIED: _("Verified this year"), UNVERIFIED: _("Not yet verified"), STALE: _("Out of date")}


def listing_of(status: str, verified_until: date | None, day: date) -> str:
    """What the filter "Listing" calls an organisation of this status on this day."""
    if status == OrganisationStatus.STALE:
        return STALE
    if verified_until is None:
        return UNVERIFIED
    return VERIFIED if verified_until >= day else STALE


@dataclass(frozen=True)
class Facet:
    """`labels()` gives each value its label (texts per language, or a translated string), in the order to show them.

    With `by_name` the labels are sorted for each reader instead. A facet with `busiest` shows that many values, the
    fullest first, and the others behind the words `more`. A `hidden` one is offered to nobody: pages lead to it.
    """

    name: str
    title: str | Promise
    labels: Callable[[], dict[str, Any]]
    by_name: bool = False
    busiest: int | None = None
    more: str | Promise = ""
    hidden: bool = False


def city_value(iso2: str, slug: str) -> str:
    return f"{iso2.lower()}-{slug}"


def no_description(language: str) -> str:
    """The value for those without a description in that language."""
    return f"description-{language}"


def _lacks() -> dict[str, Any]:
    texts = {"en": _("No description in English"), "ru": _("No description in Russian")}
    described = {no_description(code): label for code, label in texts.items()}
    return {NO_SECTORS: _("No sectors given"), NO_LANGUAGES: _("No languages given"), **described}


def _cities() -> dict[str, Any]:
    cities = City.objects.values_list("country__iso2", "slug", "names")
    return {city_value(iso2, slug): names for iso2, slug, names in cities}


def _goals() -> dict[str, Any]:
    goals = Sdg.objects.all()
    return {str(goal.number): {code: f"{goal.number}. {text}" for code, text in goal.titles.items()} for goal in goals}


FACETS = (
    Facet("country", _("Country"), lambda: {c.iso2.lower(): c.names for c in Country.objects.all()}, by_name=True),
    Facet("kind", _("Kind"), lambda: {kind.value: kind.label for kind in OrganisationKind}),
    Facet("calls", _("Calls for start-ups"), lambda: {OPEN: _("Has an open call")}),
    Facet("sector", _("Sector"), lambda: {s.code: s.labels for s in Sector.objects.all()}),
    Facet("city", _("City"), _cities, by_name=True, busiest=10, more=_("All cities")),
    Facet("language", _("Language of work"), lambda: {each.code: each.names for each in Language.objects.all()}),
    Facet("sdg", _("Sustainable Development Goal"), _goals, busiest=5, more=_("All goals")),
    Facet("listing", _("Listing"), lambda: dict(LISTINGS)),
    Facet("lacks", _("What is missing"), _lacks, hidden=True),
)


NAMES = tuple(facet.name for facet in FACETS)
TITLES = {facet.name: facet.title for facet in FACETS}


@dataclass(frozen=True)
class Question:
    """What a reader asks of the list: `chosen` by facet name, and the bits of those that match its words.

    Those of `in_title` come first. With `only_some` nothing has every word: `matching` has some of them.
    """

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    matching: int | None = None
    in_title: int = 0
    only_some: bool = False
    sort: str = "name"


@dataclass(frozen=True)
class Index:
    """Bits and orders of one state of the registry. `place` finds the bit of a uid; `by_name` is by language.

    `calls` are the published ones: whose, from when, until when.
    """

    ids: list[int]
    slugs: list[str]
    place: dict[str, int]
    newest: list[int]
    by_name: dict[str, list[int]]
    bits: dict[str, dict[str, int]]
    labels: dict[str, dict[str, Any]]
    calls: list[tuple[int, datetime, datetime]]

    def at(self, moment: datetime) -> "Index":
        """The same, with those marked whose call is open at this moment."""
        places = (place for place, opens, closes in self.calls if opens <= moment < closes)
        return replace(self, bits={**self.bits, "calls": {OPEN: as_bits(places, len(self.ids))}})

    def selected(self, question: Question, *, but: str = "") -> int:
        """The bits that pass every filter but one. What is out of date is left out unless it is asked for."""
        found = (1 << len(self.ids)) - 1 if question.matching is None else question.matching
        for name, values in question.chosen.items():
            if name != but:
                found &= reduce(or_, (self.bits[name].get(value, 0) for value in values), 0)
        if but != "listing" and not question.chosen.get("listing"):
            found &= ~self.bits["listing"].get(STALE, 0)
        return found

    def bits_of(self, uids: Iterable[str]) -> int:
        """Those of these that the list holds."""
        return as_bits((self.place[uid] for uid in uids if uid in self.place), len(self.ids))

    def in_order(self, question: Question) -> list[int]:
        """Places of the selected organisations, in the order that was asked for."""
        found = self.selected(question)
        if question.sort == "newest":
            chosen = by_place(found, len(self.ids))
            return [n for n in self.newest if chosen[n]]
        if question.sort == "relevance":
            best = found & question.in_title
            return self._by_name(best) + self._by_name(found & ~best)
        return self._by_name(found)

    def counts(self, name: str, question: Question) -> dict[str, int]:
        """How many each value of a facet would give, the other filters held."""
        others = self.selected(question, but=name)
        return {value: (bits & others).bit_count() for value, bits in self.bits[name].items()}

    def label(self, name: str, value: str) -> str:
        label = self.labels[name].get(value) or named_unknown(TITLES[name])
        return in_language(label) if isinstance(label, dict) else str(label)

    def _by_name(self, bits: int) -> list[int]:
        """In the order of the names that this language's readers see."""
        chosen = by_place(bits, len(self.ids))
        order = self.by_name.get(get_language() or "")
        return [n for n in order if chosen[n]] if order else list(compress(range(len(chosen)), chosen))


_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


def as_bits(places: Iterable[int], size: int) -> int:
    """An integer with these bits set."""
    found = bytearray(size // 8 + 1)
    for n in places:
        found[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(found, "little")


def by_place(bits: int, size: int) -> bytes:
    """For each place from 0 whether its bit is set: 1 or 0."""
    return f"{bits:0{size}b}"[::-1].encode().translate(_DIGITS) if size else b""
