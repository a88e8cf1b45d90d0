"""Marks as rows: which judge gave which entry what total."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import Floats, Integers, array_of, finite, indices, refuse, whole
from .connections import Group, components_of_pairs


class NotComparable(Exception):  # noqa: N818 - the name is part of the interface
    """Entries fall into groups that no judge connects, so there is no common ranking.

    components   [(entries, judges), ...], the largest first
    words        what would join them
    """

    def __init__(self, components: Sequence[Group]) -> None:
        self.components = list(components)
        sizes = ", ".join(
            f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} of"
            f" {len(judges)} {'judge' if len(judges) == 1 else 'judges'}"
            for entries, judges in self.components[:5]
        )
        sizes += " and more" if len(self.components) > 5 else ""
        joins = len(self.components) - 1
        self.words = (
            f"The marks fall into {len(self.components)} groups that share no judge and no entry ({sizes}): they have"
            f" no common ranking. {joins} reading{'s' if joins > 1 else ''} would join them: a judge of each further"
            " group reads an entry of the first, or all read the same sample entries."
        )
        super().__init__(self.words)


LARGEST_MARK = 1e12  # beyond it squares of marks lose what tells them apart
LARGEST_INDEX = 2**63 - 1
SAME = 1e-9  # marks and scores that differ by no more are equal


@dataclass(frozen=True, eq=False)
class Marks:
    """One row a sheet total: entry int[n] in 0..n_entries-1, judge int[n] in 0..n_judges-1, value float[n], finite.

    A judge marks an entry once. The arrays are copies that cannot be changed. Raises ValueError that names the array,
    the index and what was expected.
    """

    entry: Integers
    judge: Integers
    value: Floats
    n_entries: int
    n_judges: int

    def __post_init__(self) -> None:
        for name in ("n_entries", "n_judges"):
            object.__setattr__(self, name, whole(name, getattr(self, name), 0))
        value = array_of("value", self.value, "one number for each mark")
        if value.ndim != 1:
            raise ValueError(f"value has {value.ndim} dimension(s); expected one number for each mark")
        value = finite("value", value)
        refuse("value", value, np.abs(value) > LARGEST_MARK, f"a number from -{LARGEST_MARK:g} to {LARGEST_MARK:g}")
        entry = indices("entry", self.entry, self.n_entries, len(value))
        judge = indices("judge", self.judge, self.n_judges, len(value))
        for name, array in (("entry", entry), ("judge", judge), ("value", value.copy())):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        self._refuse_repeats()

    def _refuse_repeats(self) -> None:
        entry, judge = self.entry[self.order], self.judge[self.order]
        again = np.flatnonzero((entry[1:] == entry[:-1]) & (judge[1:] == judge[:-1]))
        if len(again):
            first, second = int(self.order[again[0]]), int(self.order[again[0] + 1])
            raise ValueError(
                f"entry[{second}], judge[{second}] repeat row {first}: judge {self.judge[first]} marks entry"
                f" {self.entry[first]} twice; expected one total for each pair"
            )

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def order(self) -> Integers:
        """int[n]: the rows by entry, then judge."""
        if self.n_entries * self.n_judges > LARGEST_INDEX:
            return np.lexsort((self.judge, self.entry))
        return np.argsort(self.entry * self.n_judges + self.judge, kind="stable")

    def sorted(self) -> "Marks":
        """The same in that order: how rows happen to come changes no bit of a result."""
        order = self.order
        return Marks(self.entry[order], self.judge[order], self.value[order], self.n_entries, self.n_judges)

    def with_values(self, value: Floats) -> "Marks":
        """The same pairs with other totals."""
        return Marks(self.entry, self.judge, value, self.n_entries, self.n_judges)

    def without_entries(self, entries: Integers) -> "Marks":
        """The same without the marks of these; the numbers of entries and judges stay."""
        if not len(entries):
            return self
        kept = ~np.isin(self.entry, entries)
        return Marks(self.entry[kept], self.judge[kept], self.value[kept], self.n_entries, self.n_judges)

    @property
    def reads(self) -> Integers:
        """int[E]: marks of each entry."""
        return np.bincount(self.entry, minlength=self.n_entries)

    @property
    def given(self) -> Integers:
        """int[J]: marks of each judge."""
        return np.bincount(self.judge, minlength=self.n_judges)

    def components(self) -> list[Group]:
        """Groups that marks connect, the largest first; entries and judges without a mark are in none."""
        return components_of_pairs(self.entry, self.judge, self.n_entries, self.n_judges)

    def require_comparable(self) -> None:
        """Raise NotComparable if the marks fall into groups that nothing connects."""
        groups = self.components()
        if len(groups) > 1:
            raise NotComparable(groups)


def marks_of(marks: object) -> Marks:
    """The same, if it is what it must be."""
    if not isinstance(marks, Marks):
        raise ValueError(f"marks is a {type(marks).__name__}; expected Marks")
    return marks
