"""One page of records, found by key."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise

from network_platform.journal.differences import Difference, differences
from network_platform.journal.models import Record, RecordQuerySet
from network_platform.journal.named import Named
from network_platform.journal.wording import reason_label, thing_label, verb_label
from network_platform.people.models import User
from network_platform.typed import whole_number

PAGE_SIZE = 50
PAGING = ("before", "after")


@dataclass(frozen=True)
class Line:
    """One record as the page shows it; `person` is whom it is about, while the account exists."""

    record: Record
    label: str
    person: User | None
    verb: str | Promise
    thing: str | Promise
    differences: list[Difference]
    reason: str


@dataclass(frozen=True)
class Page:
    """Newest first. The addresses keep the filters; empty where there is nothing more."""

    lines: list[Line]
    newer: str
    older: str
    export: str


def page_of(records: RecordQuerySet, query: QueryDict) -> Page:
    """The page before or after the record number that the address names, else the newest."""
    before, after = (whole_number(query.get(name, "")) for name in PAGING)
    records = records.select_related("actor")
    if after:
        found = list(records.filter(number__gt=after).order_by("number")[: PAGE_SIZE + 1])
        shown, more_newer, more_older = found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE, True
    else:
        older = records.filter(number__lt=before) if before else records
        found = list(older.order_by("-number")[: PAGE_SIZE + 1])
        shown, more_newer, more_older = found[:PAGE_SIZE], bool(before), len(found) > PAGE_SIZE
    named = Named.of(shown)
    return Page(
        [line_of(record, named) for record in shown],
        _address(query, after=shown[0].number) if shown and more_newer else "",
        _address(query, before=shown[-1].number) if shown and more_older else "",
        _address(query),
    )


def line_of(record: Record, named: Named) -> Line:
    words = (verb_label(record.verb), thing_label(record.thing_type), differences(record, named))
    return Line(record, named.label(record), named.subject(record), *words, reason_label(record.reason))


def _address(query: QueryDict, **place: int) -> str:
    kept = [(name, value) for name, value in query.items() if value and name not in PAGING]
    return "?" + urlencode([*kept, *place.items()])
