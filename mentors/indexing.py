"""The filters of the list of experts as bits, as `incubators/facets.py` explains them, kept as long as they are true.

A filter must fit one role of an expert in all that it asks of a role, so there are bits for each kind of role; bit n is
the n-th expert by slug.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.translation import get_language

from incubators.facets import as_bits, by_place
from incubators.names import reading_key
from incubators.services.reindexing import SPOKEN
from mentors.enums import Availability
from mentors.models import ExpertLanguage, ExpertRole
from mentors.models.roles import NARROW, ExpertRoleQuerySet, Wanted
from mentors.services.search_text import TOPIC
from network_platform.page_cache import LIVES_FOR, generations
from network_platform.people.models import User

Bits = dict[str, dict[str, dict[str, int]]]
_held: dict[bool, tuple[Any, "Index"]] = {}


def roles_shown_to(user: User | AnonymousUser) -> ExpertRoleQuerySet:
    """What the list, the API and the export begin with: of what this person may see, what anybody may find."""
    return ExpertRole.objects.findable() if user.is_authenticated else ExpertRole.objects.public()


@dataclass(frozen=True)
class Index:
    """Experts by slug, and the bits of each kind of role, facet and value. `place` finds the bit of a uid; `by_name`
    holds the places in the order in which readers of a language look for a name.
    """

    ids: list[int]
    slugs: list[str]
    by_name: dict[str, list[int]]
    place: dict[str, int]
    bits: Bits

    def counts(self, wanted: Wanted, matching: Iterable[str] | None) -> dict[str, dict[str, int]]:
        """How many experts each value of each facet would show, the other facets held."""
        return {name: self._counts(name, self._selected(wanted, matching, but=name)) for name in NARROW}

    def in_order(self, wanted: Wanted, matching: Mapping[str, int] | None) -> list[tuple[int, int]]:
        """(rank, place) of the selected: the best match first, of those who takes requests, then by name."""
        selected = self._selected(wanted, matching)
        language = get_language()
        by_name = self.by_name[language if language in SPOKEN else SPOKEN[0]]
        seen, found = 0, []
        for better, alike in enumerate(self._by_match(matching)):
            for rank, availability in enumerate(Availability.values, start=better * len(Availability.values)):
                here = self._any("availability", availability, selected) & alike & ~seen
                seen |= here
                chosen = list(by_place(here, len(self.ids)))
                found += [(rank, place) for place in by_name if chosen[place]]
        return found

    def _by_match(self, matching: Mapping[str, int] | None) -> list[int]:
        """The bits of those whom the words find, the best matches first; everybody's where nothing was asked."""
        size = len(self.ids)
        if matching is None:
            return [(1 << size) - 1]
        places: dict[int, list[int]] = defaultdict(list)
        for uid, match in matching.items():
            if uid in self.place:
                places[match].append(self.place[uid])
        return [as_bits(places.get(match, ()), size) for match in range(max(places, default=0) + 1)]

    def _selected(self, wanted: Wanted, matching: Iterable[str] | None, *, but: str = "") -> dict[str, int]:
        """For each kind of role, the bits of those who pass every filter but one."""
        size = len(self.ids)
        everybody = (1 << size) - 1
        if matching is not None:
            everybody = as_bits((self.place[uid] for uid in matching if uid in self.place), size)
        chosen = {name: values for name in NARROW if name != but and (values := getattr(wanted, name))}
        return {kind: self._narrowed(kind, everybody, chosen) for kind in self.bits}

    def _narrowed(self, kind: str, found: int, chosen: dict[str, Iterable[str]]) -> int:
        found &= self.bits[kind]["role"][kind]
        for name, values in chosen.items():
            found &= reduce(or_, (self.bits[kind][name].get(value, 0) for value in values), 0)
        return found

    def _counts(self, name: str, selected: dict[str, int]) -> dict[str, int]:
        values = {value for facets in self.bits.values() for value in facets[name]}
        counted = ((value, self._any(name, value, selected).bit_count()) for value in values)
        return {value: number for value, number in counted if number}

    def _any(self, name: str, value: str, selected: dict[str, int]) -> int:
        """Those with a selected role of this value."""
        return reduce(or_, (self.bits[kind][name].get(value, 0) & bits for kind, bits in selected.items()), 0)


def current_index(user: User | AnonymousUser) -> Index:
    """The index for this person as things are now. A process keeps one for visitors and one for the signed-in.

    Whoever writes about an expert touches the topic; without a shared cache the other processes hear of it like those
    who keep pages, after `LIVES_FOR`.
    """
    signed_in, known = user.is_authenticated, generations(TOPIC)
    key = (known, timezone.now().timestamp() // LIVES_FOR)
    if not known:
        return build_index(user)
    if signed_in not in _held or _held[signed_in][0] != key:
        _held[signed_in] = (key, build_index(user))
    return _held[signed_in][1]


def build_index(user: User | AnonymousUser) -> Index:
    """Two queries."""
    columns = (
        "pk",
        "role",
        "availability",
        "expert",
        "expert__slug",
        "expert__uid",
        "expert__country__iso2",
        "expert__name",
    )
    roles = list(roles_shown_to(user).values_list(*columns))
    experts = sorted({(slug, pk, str(uid), name) for _role, _kind, _now, pk, slug, uid, _country, name in roles})
    place = {pk: n for n, (_slug, pk, _uid, _name) in enumerate(experts)}
    found: dict[str, dict[str, dict[str, set[int]]]] = defaultdict(lambda: {name: defaultdict(set) for name in NARROW})
    kinds: dict[int, set[str]] = defaultdict(set)
    where = {}
    for pk, kind, availability, expert, _slug, _uid, country, _name in roles:
        where[pk] = (kind, place[expert])
        kinds[expert].add(kind)
        for name, value in (("role", kind), ("availability", availability), ("country", country)):
            found[kind][name][value].add(place[expert])
    for name, key, code in _pairs():
        if name == "language":
            for kind in kinds.get(key, ()):
                found[kind][name][code].add(place[key])
        elif key in where:
            kind, n = where[key]
            found[kind][name][code].add(n)
    size = len(experts)
    return Index(
        ids=[pk for _slug, pk, _uid, _name in experts],
        slugs=[slug for slug, _pk, _uid, _name in experts],
        by_name={code: _by_name([name for *_rest, name in experts], code) for code in SPOKEN},
        place={uid: n for n, (_slug, _pk, uid, _name) in enumerate(experts)},
        bits={
            kind: {name: {value: as_bits(n, size) for value, n in values.items()} for name, values in facets.items()}
            for kind, facets in found.items()
        },
    )


def _by_name(names: list[str], language: str) -> list[int]:
    keys = [reading_key(name, language) for name in names]
    return sorted(range(len(names)), key=lambda n: (keys[n], n))


def _pairs() -> Iterator[tuple[str, int, str]]:
    """(facet, key, code): of roles by their keys, of languages by those of experts; one query."""
    first, *rest = (
        rows.order_by().values_list(Value(name, output_field=CharField()), key, code)
        for name, rows, key, code in (
            ("skill", ExpertRole.skills.through.objects, "expertrole", "expertise__code"),
            ("sector", ExpertRole.sectors.through.objects, "expertrole", "sector__code"),
            ("language", ExpertLanguage.objects, "expert", "language"),
        )
    )
    return first.union(*rest, all=True).iterator(chunk_size=5000)
