"""What an import knows of one kind of thing: its columns, how its rows are judged, written and taken back."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from incubators.enums import ImportKind
from incubators.models import Country, ImportRun
from incubators.services.imports.cells import RowError
from incubators.services.imports.verdicts import WRITTEN, Plan, Verdict
from incubators.tables import Needed
from network_platform.people.models import User

INDEXED_AT_ONCE = 500
Rows = list[tuple[int, dict[str, str]]]  # (line number in the file, cells by column)


@dataclass(frozen=True)
class Mistaken:
    """A row that cannot be read: its line number, what is wrong, and what it calls itself."""

    row: int
    error: RowError
    title: str


@dataclass
class Judged:
    """What would have to be written, and the rows that cannot be read."""

    plan: Plan[Any] = field(default_factory=Plan)
    mistaken: list[Mistaken] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """Some of what an import wrote, by uid, to be taken back in one transaction; `changed` says what each said."""

    new: list[str]
    changed: dict[str, Any]


@dataclass(frozen=True)
class Untouched:
    """Of all that an import wrote: what may be removed if it was new, and set back if it was changed."""

    removable: QuerySet[Any]
    restorable: QuerySet[Any]


@dataclass(frozen=True)
class TakenBack:
    """The uids of a part that are removed and those that are set back; the others somebody has done something with."""

    removed: list[UUID]
    restored: list[UUID]


class ImportedKind(ABC):
    """One kind of thing. `also` are columns that are read and do not stand in the empty table; `aliases` what they are
    called elsewhere; `words` what people write above a column, in small letters without signs, parted by semicolons.
    """

    code: ImportKind
    also: tuple[str, ...] = ()
    aliases: Mapping[str, str] = {}
    words: Mapping[str, str] = {}
    needs_index = False

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Of the empty table, in their order."""

    @abstractmethod
    def needed(self) -> Needed: ...

    @abstractmethod
    def labels(self) -> dict[str, str]:
        """Each column that is read, in words."""

    @abstractmethod
    def example(self) -> dict[str, str]:
        """The cells of an invented row, by column."""

    @abstractmethod
    def codes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(column, codes with their labels) for the columns that take nothing else."""

    @abstractmethod
    def judge(self, rows: Rows, *, by: User, served: Mapping[str, Country]) -> Judged:
        """Look at every row beside what the registry holds. `served` names the importer's countries by iso2."""

    @abstractmethod
    def spare(self, verdicts: list[Any]) -> None:
        """Lock what they would change, and leave alone what somebody has taken over since it was looked at."""

    @abstractmethod
    def write(self, plan: Any, verdicts: list[Any], *, run: ImportRun) -> None:
        """Write these verdicts of the plan, new and changed ones, and add to `run.before` what undoing needs."""

    @abstractmethod
    def untouched(self, run: ImportRun) -> Untouched:
        """What nobody has touched since the import wrote it."""

    @abstractmethod
    def undo(self, run: ImportRun, part: Part) -> TakenBack:
        """Lock this part, and remove and set back what of it nobody has touched since."""

    @abstractmethod
    def seen_by(self, user: User) -> QuerySet[Any]:
        """What of this kind the user may read, with what its name is made of."""

    def written_by(self, run: ImportRun) -> list[int]:
        """The primary keys of what the import touched, if it has to be found by the search."""
        return []

    def index(self, pks: list[int]) -> None:
        """Bring the search text in step; asked only where `needs_index`."""
        raise NotImplementedError

    @property
    def read(self) -> tuple[str, ...]:
        return (*self.columns(), *self.also)


def in_parts(pks: list[int]) -> Iterator[list[int]]:
    """As many as are indexed in one go."""
    return (pks[start : start + INDEXED_AT_ONCE] for start in range(0, len(pks), INDEXED_AT_ONCE))


def is_written(verdict: Verdict) -> bool:
    """Whether the row changes something that no earlier attempt has written."""
    return verdict.outcome in WRITTEN and not verdict.is_done
