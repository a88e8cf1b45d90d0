"""Writing to the journal and checking its chain."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from network_platform.journal.models import Head, Record, Thing
from network_platform.people.audience import SECRETARIAT_ONLY
from network_platform.people.models import User
from network_platform.typed import without_nul

AT_ONCE = 2000


def digest(record: Record) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no spaces) of everything but the hash itself."""
    body = {
        "number": record.number,
        "at": record.at.isoformat(),
        "actor": str(record.actor.uid) if record.actor else None,
        "verb": record.verb,
        "thing_type": record.thing_type,
        "thing_uid": record.thing_uid,
        "label": record.label,
        "scope": record.scope,
        "before": record.before,
        "after": record.after,
        "reason": record.reason,
        "previous_hash": record.previous_hash,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """What `record` is told of one thing."""

    verb: str
    thing: Thing
    scope: str = SECRETARIAT_ONLY
    label: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str = ""


def take_turn() -> Head:
    """Lock the chain's head until the transaction ends. Who locks another line as well takes this one first."""
    return Head.objects.select_for_update().get_or_create(pk=1)[0]


def record(*, verb: str, thing: Thing, by: User | None, **told: Any) -> Record:
    """Append one record about `thing` (it has a `uid`). Call it last in a service: it locks the chain's head.

    `by` is None for what the platform did itself. `told` are the other fields of a `Line`; its `scope` is the audience
    token of those who may read the record beside the secretariat, for instance `country:KZ`.
    """
    return record_all([Line(verb, thing, **told)], by=by)[0]


@transaction.atomic(savepoint=False)
def record_all(lines: Iterable[Line], *, by: User | None) -> list[Record]:
    """Append a record of each line, in their order; the number of statements does not grow with them. What cannot be
    recorded is not done: a caller's transaction does not outlive an error in here.
    """
    head = take_turn()
    made = []
    for line in lines:
        made.append(_after(head, line, by))
        head.number, head.hash = made[-1].number, made[-1].hash
    Record.objects.bulk_create(made, batch_size=AT_ONCE)
    head.save()
    return made


def _after(head: Head, line: Line, by: User | None) -> Record:
    made = Record(
        number=head.number + 1,
        at=timezone.now(),
        actor=by,
        verb=line.verb,
        thing_type=line.thing._meta.label_lower,
        thing_uid=str(line.thing.uid),
        label=without_nul(line.label or getattr(line.thing, "journal_label", "") or str(line.thing))[:250],
        scope=line.scope,
        before=_plain(line.before),
        after=_plain(line.after),
        reason=without_nul(line.reason),
        previous_hash=head.hash,
    )
    made.hash = digest(made)
    return made


def broken_records() -> Iterator[tuple[int, str]]:
    """Walk the whole chain; yield (number, what is wrong) for each break."""
    expected_number, expected_hash = 1, "0" * 64
    for entry in Record.objects.order_by("number").select_related("actor").iterator(chunk_size=2000):
        if entry.number != expected_number:
            yield expected_number, f"records {expected_number} to {entry.number - 1} are missing"
        elif entry.previous_hash != expected_hash:
            yield entry.number, "does not carry the hash of the record before it"
        if digest(entry) != entry.hash:
            yield entry.number, "was changed after it was written"
        expected_number, expected_hash = entry.number + 1, entry.hash
    head = Head.objects.filter(pk=1).first() or Head()
    if head.number != expected_number - 1 or head.hash != expected_hash:
        yield head.number, "is the last number known, but the chain ends elsewhere: records were removed from the end"


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    return _steady(without_nul(json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder))))


def _steady(value: Any) -> Any:
    """What every database gives back unchanged: whole numbers as such."""
    match value:
        case dict():
            return {key: _steady(each) for key, each in value.items()}
        case list():
            return [_steady(each) for each in value]
        case float() if value.is_integer():
            return int(value)
    return value
