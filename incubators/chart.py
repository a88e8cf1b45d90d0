"""Numbers to be drawn, told as a table, and taken away as a file: the same in a page, an SVG, a CSV and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

NOTHING = "—"


@dataclass(frozen=True)
class Point:
    """`value` is None where it is not known or may not be told; `note` then says which, else what it rests on."""

    label: str
    value: Decimal | int | None
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """`name` stands in addresses; `heads` are those of the table: label, value, and note where there are notes.

    `source` says where the numbers come from and of which day they are; `over_years` is drawn as a line.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    points: list[Point]
    source: str
    about: str = ""
    over_years: bool = False

    @property
    def has_notes(self) -> bool:
        return len(self.heads) > 2

    @property
    def is_empty(self) -> bool:
        return all(point.value is None for point in self.points)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """As charts take them: label, value, and the note if there are notes."""
        return [(each.label, each.value, *([each.note] if self.has_notes else [])) for each in self.points]

    @property
    def table(self) -> Iterator[list[Any]]:
        """For a file: the heads in this language, and in each row its source, for it may be taken out alone."""
        yield [*self.heads, _("Source")]
        for label, value, *note in self.rows:
            yield [label, NOTHING if value is None else plain(value), *note, self.source]


def plain(value: Decimal | int) -> str:
    """Digits without thousands apart."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
