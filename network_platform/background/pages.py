"""One page of the outbox, newest first, found by key."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise

from network_platform.background.models import Message, MessageQuerySet, MessageState
from network_platform.typed import whole_number

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """`older` is the key from which the next page goes on, 0 at the end."""

    messages: list[Message]
    older: int


@dataclass(frozen=True)
class State:
    value: str
    label: str | Promise
    count: int
    chosen: bool


def page_of(found: MessageQuerySet, *, before: str = "") -> Page:
    """Without what the messages say."""
    found = found.defer("context").select_related("recipient").order_by("-pk")
    if key := whole_number(before):
        found = found.filter(pk__lt=key)
    rows = list(found[: PAGE_SIZE + 1])
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else 0)


def states_of(found: MessageQuerySet, chosen: str) -> list[State]:
    """Those in which there is a message, and the one that is chosen."""
    counts = dict(found.values_list("state").annotate(Count("pk")).order_by())
    there = [(value, label) for value, label in MessageState.choices if counts.get(value) or value == chosen]
    return [State(value, label, counts.get(value, 0), value == chosen) for value, label in there]
