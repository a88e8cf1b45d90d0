"""Kinds of things whose rows are compared with what is held column by column: programmes, start-ups, yearly figures."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incubators.models import Country
from incubators.services.imports.cells import Reading, RowError, check_text, overflow_in
from incubators.services.imports.kind import ImportedKind, Judged, Mistaken, Rows
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.sentences import Kept, Sentence, filled, in_a_row
from incubators.services.imports.verdicts import Change, Plan, Verdict, shown
from network_platform.people.models import User


@dataclass
class CheckedRow:
    """A checked row. `place` is the primary key of what it belongs to (country, organisation), `key` finds it there
    again; `values` holds, by column, what the file has a column for.
    """

    row: int
    iso2: str
    title: Kept
    place: int
    key: str
    values: dict[str, Any]
    uid: str = ""
    note: Sentence = ""


@dataclass
class Held:
    """What is held already, in the words of a row. `is_free`: an import may change it. `is_seen`: the importer may read
    it; of what they may not read nothing is told.
    """

    pk: int
    uid: str
    title: Kept
    place: int
    key: str
    values: dict[str, Any]
    is_free: bool
    is_seen: bool = True
    page: str = ""


@dataclass
class Shelf:
    """What is held, findable by uid, by key and by name."""

    by_uid: dict[tuple[int, str], Held] = field(default_factory=dict)
    by_key: dict[tuple[int, str], Held] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[Held]] = field(default_factory=lambda: defaultdict(list))

    def known(self, entry: CheckedRow) -> Held | None:
        """What the row is about, if it says so by its uid or comes again from an import."""
        return self.by_uid.get((entry.place, entry.uid)) or self.by_key.get((entry.place, entry.key))

    def namesakes(self, entry: CheckedRow) -> list[Held]:
        return self.by_name.get((entry.place, entry.key), [])


class ComparedKind(ImportedKind):
    """`naming` are the columns in which a row says what it is about, the one that is told first in front."""

    naming: tuple[str, ...] = ()
    longest: Mapping[str, int] = {}

    @abstractmethod
    def world(self, *, by: User, served: Mapping[str, Country]) -> Any:
        """What rows are read against: codes that are known, organisations, countries."""

    @abstractmethod
    def entry_of(self, number: int, cells: dict[str, str], reading: Reading, world: Any) -> CheckedRow | None:
        """The row; what is wrong with it stands in `reading` afterwards."""

    @abstractmethod
    def shelf_of(self, entries: list[CheckedRow], *, by: User, world: Any) -> Shelf: ...

    @abstractmethod
    def kept(self) -> Sentence:
        """Why an import leaves it alone."""

    def refused(self, held: Held, entry: CheckedRow) -> tuple[str, Sentence]:
        """(column, reason) if what the row says otherwise cannot be, else two empty texts."""
        return "", ""

    def value_of(self, held: Held, column: str, entry: CheckedRow) -> Any:
        """What is held where the row says something."""
        return held.values.get(column)

    def noted(self, entry: CheckedRow, world: Any) -> Sentence:
        """What is to be said of a row that is new."""
        return entry.note

    def judge(self, rows: Rows, *, by: User, served: Mapping[str, Country]) -> Judged:
        world = self.world(by=by, served=served)
        entries: list[CheckedRow] = []
        mistaken: list[Mistaken] = []
        for number, cells in rows:
            try:
                entries.append(self._read(number, cells, world))
            except RowError as error:
                mistaken.append(Mistaken(number, error, title_in(cells, self.naming)))
        shelf = self.shelf_of(entries, by=by, world=world)
        seen: dict[Any, Any] = {}
        return Judged(Plan([self._verdict(entry, shelf, seen, world) for entry in entries]), mistaken)

    def _read(self, number: int, cells: dict[str, str], world: Any) -> CheckedRow:
        reading = Reading()
        for column, text in cells.items():
            reading.read(check_text, column, text, self.longest)
        entry = self.entry_of(number, cells, reading, world)
        if reading.mistakes or entry is None:
            raise RowError(list(reading.mistakes.values()))
        entry.uid, entry.note = cells.get("uid", "").lower(), in_a_row(entry.note, overflow_in(cells))
        return entry

    def _verdict(self, entry: CheckedRow, shelf: Shelf, seen: dict[Any, CheckedRow], world: Any) -> Verdict:
        known = shelf.known(entry)
        first = seen.setdefault(known.uid if known else (entry.place, entry.key), entry)
        column = self.naming[0]
        if first is not entry:
            return Verdict(entry, "duplicate", column, filled(_("The same stands in row %(row)s."), {"row": first.row}))
        if known is not None:
            return self._compared(entry, known)
        if namesakes := shelf.namesakes(entry):
            matches = [{"uid": each.uid, "name": each.title, "url": each.page} for each in namesakes]
            return Verdict(entry, "duplicate", column, _("The registry has this name already."), matches)
        return Verdict(entry, "new", reason=self.noted(entry, world))

    def _compared(self, entry: CheckedRow, held: Held) -> Verdict:
        if not held.is_seen:
            return Verdict(entry, "unchanged", reason=self.kept(), uid=held.uid)
        pairs = [(column, self.value_of(held, column, entry), value) for column, value in entry.values.items()]
        different = [Change(column, told(before), told(after)) for column, before, after in pairs if before != after]
        found = Verdict(entry, "unchanged", uid=held.uid, page=held.page, different=different)
        if not different:
            return found
        found.column = different[0].column
        wrong, reason = self.refused(held, entry)
        if wrong:
            found.outcome, found.column, found.reason = "error", wrong, reason
        elif not held.is_free:
            found.reason = self.kept()
        else:
            columns = ", ".join(change.column for change in different)
            found.outcome, found.changes = "changed", held.pk
            found.reason = filled(_("Different: %(columns)s."), {"columns": columns})
        return found


def spare(verdicts: Sequence[Verdict], free: QuerySet[Any], reason: Sentence) -> None:
    """Lock what they would change, and leave alone what is no longer among what is `free`."""
    changed = changed_in(verdicts)
    if not changed:
        return
    keys = locked_keys(free.model._default_manager.filter(pk__in=changed))
    for pk in changed.keys() - set(free.filter(pk__in=keys).values_list("pk", flat=True)):
        changed[pk].outcome, changed[pk].reason, changed[pk].changes = "unchanged", reason, None


def changed_in(verdicts: Sequence[Verdict]) -> dict[int, Verdict]:
    """Those that change something, by the primary key of what they change."""
    return {verdict.changes: verdict for verdict in verdicts if verdict.outcome == "changed" and verdict.changes}


def title_in(cells: dict[str, str], columns: Iterable[str]) -> str:
    """What the row calls itself, right or wrong: for the report."""
    return next((text for column in columns if (text := " ".join(cells.get(column, "").split()))), "")[:200]


def told(value: Any) -> str:
    """A value as the report shows it; a number without noughts that say nothing."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple | list | frozenset | set):
        return shown("; ".join(sorted(map(str, value)) if isinstance(value, frozenset | set) else map(str, value)))
    return shown(value)
