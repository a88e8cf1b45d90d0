"""What an assignment starts from: entries that need judges, judges with a load, and the rules that always hold.

Arrays are judges x entries, `J` judges and `E` entries; an index is a row or column of them. Nothing here knows names
of people: `Labels` carries what a sentence needs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Booleans, Floats, Integers, array_of, finite, refuse, truths

MOST = 2**31  # the largest count of readings
LARGEST_AFFINITY = 1e9  # sums of them must keep their digits


@dataclass(frozen=True)
class Labels:
    """Names for the sentences of shortages and for tables, each a sequence over entries or judges; empty where not
    known. Kept as tuples of texts: what is no text (a number, one of NumPy's texts) as it is written. They are no
    rules: a language nobody shares is forbidden only by `forbidden`, a country counted only by `own_country`.

    judge_languages   of each judge a collection of texts; for the reader of files only, who forbids pairs by them

    Raises ValueError for what is no sequence.
    """

    entries: Sequence[str] = ()
    judges: Sequence[str] = ()
    entry_language: Sequence[str] = ()
    judge_languages: Sequence[Collection[str]] = ()
    entry_country: Sequence[str] = ()
    judge_country: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("entries", "judges", "entry_language", "entry_country", "judge_country"):
            object.__setattr__(self, name, _texts(f"labels.{name}", getattr(self, name)))
        _require_sequence("labels.judge_languages", self.judge_languages)
        spoken = (_texts("labels.judge_languages", own) for own in self.judge_languages)
        object.__setattr__(self, "judge_languages", tuple(spoken))

    def entry(self, index: int) -> str:
        return self.entries[index] if self.entries else f"entry {index}"

    def judge(self, index: int) -> str:
        return self.judges[index] if self.judges else f"judge {index}"


def _require_sequence(name: str, items: object) -> None:
    if isinstance(items, str) or not isinstance(items, Sequence | np.ndarray):
        raise ValueError(f"{name} is a {type(items).__name__}; expected a sequence")


def _texts(name: str, items: object) -> tuple[str, ...]:
    if isinstance(items, set | frozenset):
        items = sorted(items)
    _require_sequence(name, items)
    return tuple(str(item) for item in items)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class SeatRule:
    """For each entry, how many of its judges may and must be among the marked ones.

    `member` bool[J, E]; `least` and `most` int[E]. Own-country cap, sector seat and outside seat are rules of this
    kind.
    """

    name: str
    member: Booleans
    least: Integers
    most: Integers


@dataclass(frozen=True)
class AssignmentProblem:
    """Entries, judges and the hard rules between them.

    affinity      float[J, E], usually 0 to 1, at most 1e9 in size: how well a judge suits an entry
    forbidden     bool[J, E]: conflict, no common language, declined
    demand        int[E] >= 0: how many different judges read an entry
    load_min      int[J] >= 0
    load_max      int[J] >= load_min
    own_country   bool[J, E]: judge and entrant are of one country
    own_country_max   int or int[E] >= 0: at most so many of an entry's judges may be of its own country; None: no rule
    locked        bool[J, E]: seats that stay
    sector        bool[J, E]: the judge knows a sector of the entry; if given, every entry with a demand gets one such
                  judge
    outside       bool[J, E]: the judge is from outside the entry's pool; if given, every entry with a demand gets one
    parts         name -> float[J, E]: what the affinity is made of; told in explanations
    labels        names of entries and judges, their languages and countries

    Arrays judges x entries are not copied where they have the right type: do not change them afterwards. Raises
    ValueError that names the array, the index and what was expected.
    """

    affinity: Floats
    forbidden: Booleans
    demand: Integers
    load_min: Integers
    load_max: Integers
    own_country: Booleans | None = None
    own_country_max: int | ArrayLike | None = None
    locked: Booleans | None = None
    sector: Booleans | None = None
    outside: Booleans | None = None
    parts: Mapping[str, Floats] = field(default_factory=dict)
    labels: Labels = Labels()

    def __post_init__(self) -> None:
        for name, value in self._checked():
            object.__setattr__(self, name, value)
        wrong = np.flatnonzero(self.load_min > self.load_max)
        if len(wrong):
            j = int(wrong[0])
            raise ValueError(f"load_min[{j}] is {self.load_min[j]}, more than load_max[{j}], {self.load_max[j]}")
        _check_labels(self.labels, *self.affinity.shape)

    def _checked(self) -> Iterator[tuple[str, object]]:
        """Fields as they are kept: arrays of one shape."""
        affinity = matrix("affinity", self.affinity, None, float)
        _check_size(affinity)
        shape = affinity.shape
        yield "affinity", affinity
        yield "forbidden", matrix("forbidden", self.forbidden, shape, bool)
        for name in ("own_country", "locked", "sector", "outside"):
            value = getattr(self, name)
            if value is not None:
                yield name, matrix(name, value, shape, bool)
        yield "demand", _counts("demand", self.demand, shape[1], "entry")
        yield "load_min", _counts("load_min", self.load_min, shape[0], "judge")
        yield "load_max", _counts("load_max", self.load_max, shape[0], "judge")
        if self.own_country_max is not None:
            yield "own_country_max", self._checked_cap(shape[1])
        if not isinstance(self.parts, Mapping):
            raise ValueError(f"parts is a {type(self.parts).__name__}; expected a mapping, name -> float[J, E]")
        yield "parts", {name: matrix(f"parts[{name!r}]", part, shape, float) for name, part in self.parts.items()}

    def _checked_cap(self, entries: int) -> Integers:
        if self.own_country is None or self.own_country_max is None:
            raise ValueError("own_country_max needs own_country: bool[J, E], which judge is of which entrant's country")
        most = array_of("own_country_max", self.own_country_max, "one number, or one for each entry")
        return _counts("own_country_max", np.full(entries, most) if most.ndim == 0 else most, entries, "entry")

    @property
    def judges(self) -> int:
        return int(self.affinity.shape[0])

    @property
    def entries(self) -> int:
        return int(self.affinity.shape[1])

    @cached_property
    def allowed(self) -> Booleans:
        """bool[J, E]: not forbidden, the judge has a load, the entry a demand; locked seats in any case."""
        allowed = ~self.forbidden & (self.load_max > 0)[:, None] & (self.demand > 0)[None, :]
        return allowed if self.locked is None else allowed | self.locked

    @cached_property
    def held(self) -> Booleans:
        """bool[J, E]: `locked`, all false where nothing is."""
        return np.zeros(self.affinity.shape, bool) if self.locked is None else self.locked

    @cached_property
    def seat_rules(self) -> tuple[SeatRule, ...]:
        return tuple(self._seat_rules())

    def _seat_rules(self) -> Iterator[SeatRule]:
        none = np.zeros(self.entries, np.int64)
        asked = np.minimum(self.demand, 1)
        if self.own_country is not None and self.own_country_max is not None:
            yield SeatRule("own country", self.own_country, none, np.asarray(self.own_country_max, np.int64))
        if self.sector is not None:
            yield SeatRule("sector", self.sector, asked, self.demand)
        if self.outside is not None:
            yield SeatRule("outside", self.outside, asked, self.demand)

    @cached_property
    def is_flow(self) -> bool:
        """Whether the hard rules are a network: then a linear program's corners are whole (Hoffman & Kruskal 1956).

        They are if, of the judges allowed to an entry, those of any two rules are one within the other, apart, or
        together all.
        """
        rules = self.seat_rules
        for place, first in enumerate(rules):
            for second in rules[place + 1 :]:
                a, b = first.member & self.allowed, second.member & self.allowed
                both, only_a, only_b = (a & b).any(0), (a & ~b).any(0), (~a & b).any(0)
                neither = (self.allowed & ~a & ~b).any(0)
                if (both & only_a & only_b & neither).any():
                    return False
        return True


def problem_of(problem: object) -> AssignmentProblem:
    """The same, if it is what it must be."""
    if not isinstance(problem, AssignmentProblem):
        raise ValueError(f"problem is a {type(problem).__name__}; expected AssignmentProblem")
    return problem


def matrix(name: str, value: ArrayLike, shape: tuple[int, ...] | None, kind: type) -> NDArray:
    """A checked array of judges x entries, of numbers or of true and false; ValueError that names it."""
    array = array_of(name, value, "judges x entries")
    if array.ndim != 2:
        raise ValueError(f"{name} has {array.ndim} dimension(s); expected two, judges x entries")
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}; expected {shape}, as affinity has it: judges x entries")
    return truths(name, array) if kind is bool else finite(name, array)


def _check_size(affinity: Floats) -> None:
    most = LARGEST_AFFINITY
    refuse("affinity", affinity, np.abs(affinity) > most, f"a number from -{most:g} to {most:g}")


def _counts(name: str, value: ArrayLike, length: int, what: str) -> Integers:
    array = array_of(name, value, f"one number for each {what}")
    if array.ndim != 1 or len(array) != length:
        raise ValueError(f"{name} has the shape {array.shape}; expected ({length},), one number for each {what}")
    if not length:
        return np.zeros(0, np.int64)
    numbers = finite(name, array)
    wrong = (numbers != np.round(numbers)) | (numbers < 0) | (numbers > MOST)
    refuse(name, array, wrong, f"a whole number from 0 to {MOST}")
    return numbers.astype(np.int64)


def _check_labels(labels: Labels, judges: int, entries: int) -> None:
    if not isinstance(labels, Labels):
        raise ValueError(f"labels is a {type(labels).__name__}; expected Labels")
    for name, length in (
        ("entries", entries),
        ("entry_language", entries),
        ("entry_country", entries),
        ("judges", judges),
        ("judge_languages", judges),
        ("judge_country", judges),
    ):
        items = len(getattr(labels, name))
        if items not in (0, length):
            raise ValueError(f"labels.{name} has {items} items; expected {length} or none")
