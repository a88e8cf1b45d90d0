"""The journal as a table for other programmes."""

import json
from collections.abc import Iterator, Sequence

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


def record_table(records: RecordQuerySet) -> Iterator[Sequence[str]]:
    """The columns' names, then a line a record, in one query however many there are."""
    yield COLUMNS
    for record in records.select_related("actor").iterator(chunk_size=2000):
        yield _cells(record)


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
