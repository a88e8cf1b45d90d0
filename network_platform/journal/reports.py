"""The journal as a table for other programmes."""

import csv
import json
from collections.abc import Iterator

from network_platform.journal.models import Record, RecordQuerySet

COLUMNS = (
    "number",
    "at",
    "by",
    "verb",
    "thing_type",
    "thing_uid",
    "label",
    "scope",
    "before",
    "after",
    "reason",
    "hash",
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(records: RecordQuerySet) -> Iterator[str]:
    """Line by line, in one query however long it is; cells that a spreadsheet would compute are escaped."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for record in records.select_related("actor").iterator(chunk_size=2000):
        yield writer.writerow([escaped(cell) for cell in _cells(record)])


def escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _cells(record: Record) -> list[str]:
    return [
        str(record.number),
        record.at.isoformat(),
        record.actor.get_full_name() if record.actor else "",
        record.verb,
        record.thing_type,
        record.thing_uid,
        record.label,
        record.scope,
        json.dumps(record.before, ensure_ascii=False),
        json.dumps(record.after, ensure_ascii=False),
        record.reason,
        record.hash,
    ]
