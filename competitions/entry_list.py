"""The entries of one competition as its managers see them: searched, filtered by facets, a page at a time, or as a
table for spreadsheets.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from competitions.enums import READ_STATES, EntryState
from competitions.models import Competition, Decision, Entry, RankRow, Round
from competitions.models.entry import number_of
from competitions.progress import entry_word, reads_of, sheets_of
from incubators.models import Country
from network_platform.facets import Facet, cleared, facet, on_page
from network_platform.search.text import answers, asked_words

PAGE = 50
LONGEST_QUESTION = 200
NUMBER = re.compile(r"(?:[eе]\W*)?0*(\d{1,9})", re.IGNORECASE)  # E-0042, 42, and the Cyrillic е


@dataclass(frozen=True)
class Standing:
    """What the facets count of an entry. `seats` and `done`: judges who have it, sheets handed in; `sheets`: those of
    them that enter the mean.
    """

    pk: int
    serial: int
    state: str
    country: str
    name: str
    track: str | None
    seats: int
    done: int
    sheets: int
    asked: int

    @property
    def is_short(self) -> bool:
        return self.seats < self.asked

    @property
    def read(self) -> set[str]:
        """The values of the facet "sheets" that hold of it."""
        if self.state not in READ_STATES:
            return set()
        return {name for name, holds in (("few", self.sheets < self.asked), ("none", not self.sheets)) if holds}


@dataclass(frozen=True)
class Line:
    entry: Entry
    standing: Standing
    state: str


class EntryList:
    """The list as one address asks for it: `?q=` a number or words of the name, `?state=`, `?country=`, `?reads=`,
    `?sheets=`, and `?after=` a number; six queries.
    """

    def __init__(self, request: HttpRequest, competition: Competition, round: Round | None) -> None:
        self.request, self.round = request, round
        self.words = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
        self.every = _standings(competition, round)
        self.all = _asked_for(self.words, self.every)
        self.chosen = {name: set(request.GET.getlist(name)) for name in ("state", "country", "reads", "sheets")}
        self.found = [one for one in self.all if _matches(one, self.chosen)]

    @cached_property
    def start(self) -> int:
        """The page begins after the entry whose number the address names; what is no number begins the list."""
        after = self.request.GET.get("after", "")
        return sum(one.serial <= int(after) for one in self.found) if after.isdecimal() and len(after) < 10 else 0

    @cached_property
    def lines(self) -> list[Line]:
        page = self.found[self.start : self.start + PAGE]
        entries = Entry.objects.select_related("startup__country", "track").in_bulk([one.pk for one in page])
        return [Line(entries[one.pk], one, entry_word(one.state, self.round)) for one in page]

    @cached_property
    def facets(self) -> list[Facet]:
        short = sum(one.is_short for one in self.all)
        return [
            self._facet("state", _("State"), self._states()),
            self._facet("country", _("Country"), self._countries()),
            self._facet("reads", _("Judges"), [("short", _("fewer judges than asked"), short)]),
            self._facet("sheets", _("Score sheets that count"), self._sheets()),
        ]

    def _facet(self, name: str, title: str, choices: list[tuple[str, str, int]]) -> Facet:
        unknown = self.chosen[name] - {value for value, _label, _count in choices}
        labelled = [(value, capfirst(label), count) for value, label, count in choices]
        return facet(self.request, name, title, labelled, unknown=sorted(unknown))

    def _countries(self) -> list[tuple[str, str, int]]:
        """Those that have entries, and those that the address asks for, by their names."""
        found = Counter(one.country for one in self.all)
        names = {country.iso2: str(country) for country in Country.objects.all()}
        shown = sorted({*found, *(self.chosen["country"] & names.keys())}, key=lambda iso2: names[iso2])
        return [(iso2, names[iso2], found[iso2]) for iso2 in shown]

    def _states(self) -> list[tuple[str, str, int]]:
        found = Counter(one.state for one in self.all)
        return [
            (state, entry_word(state, self.round), found[state])
            for state in EntryState
            if found[state] or state in self.chosen["state"]
        ]

    def _sheets(self) -> list[tuple[str, str, int]]:
        words = {"few": _("fewer score sheets than asked"), "none": _("no score sheet")}
        return [(name, word, sum(name in one.read for one in self.all)) for name, word in words.items()]

    @property
    def clear(self) -> str:
        return cleared(self.request, self.facets)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of the facets keeps."""
        return [("q", self.words)] if self.words else []

    @property
    def table_url(self) -> str:
        """The same rows for a spreadsheet."""
        return f"export.csv{on_page(self.request, '').removeprefix(self.request.path)}"

    @property
    def total(self) -> int:
        return len(self.found)

    @property
    def previous_url(self) -> str:
        if not self.start:
            return ""
        before = self.start - PAGE
        return on_page(self.request, str(self.found[before - 1].serial) if before > 0 else "")

    @property
    def next_url(self) -> str:
        end = self.start + PAGE
        return on_page(self.request, str(self.found[end - 1].serial)) if end < self.total else ""

    @property
    def page_text(self) -> str:
        last = min(self.start + PAGE, self.total)
        return _("%(first)s–%(last)s of %(total)s") % {"first": self.start + 1, "last": last, "total": self.total}


def _standings(competition: Competition, round: Round | None) -> list[Standing]:
    """Every submitted entry by number; three queries."""
    reads, sheets = (reads_of(round), sheets_of(round)) if round else ({}, {})
    asked = round.reads_per_entry or 0 if round else 0
    found = Entry.objects.filter(competition=competition).submitted().order_by("serial")
    columns: Iterable[Any] = found.values_list(
        "pk", "serial", "state", "startup__country__iso2", "startup__name", "track__code"
    )
    return [
        Standing(pk, serial, state, country, name, track, *reads.get(pk, (0, 0)), sheets.get(pk, 0), asked)
        for pk, serial, state, country, name, track in columns
    ]


def _asked_for(question: str, every: list[Standing]) -> list[Standing]:
    """Those of this number; else those with every word of the question in their name, in any script and form."""
    if number := NUMBER.fullmatch(question):
        return [one for one in every if one.serial == int(number[1])]
    asked = asked_words(question)
    return [one for one in every if answers(one.name, asked)] if question else every


def entry_table(
    found: EntryList, ranks: Mapping[int, RankRow], decisions: Mapping[int, Decision]
) -> Iterator[tuple[Any, ...]]:
    """The list's rows for a spreadsheet, without people; `ranks` and `decisions` by entry, for readers who may see
    them.
    """
    yield (
        *("number", "startup", "country_iso2", "track", "state", "judges", "sheets"),
        *("rank", "mean", "reads", "outcome", "award", "reason"),
    )
    for one in found.found:
        row, decision = ranks.get(one.pk), decisions.get(one.pk)
        result = (row.rank, row.score, row.reads) if row else (None, None, None)
        decided = (decision.outcome, decision.award, decision.reason) if decision else (None, None, None)
        number = number_of(one.serial)
        yield (number, one.name, one.country, one.track, one.state, one.seats, one.sheets, *result, *decided)


def _matches(one: Standing, chosen: dict[str, set[str]]) -> bool:
    return (
        (not chosen["state"] or one.state in chosen["state"])
        and (not chosen["country"] or one.country in chosen["country"])
        and (not chosen["reads"] or ("short" if one.is_short else "full") in chosen["reads"])
        and (not chosen["sheets"] or bool(one.read & chosen["sheets"]))
    )
