"""Autosave without loss: a write says on what it was based, changes only what its page changed, and may be repeated."""

import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import blake2s
from types import MappingProxyType
from typing import Any, Self

from django.db import models

Values = Mapping[str, Any]  # the fields of a form by name: texts, and lists of texts
NOTHING: Values = MappingProxyType({})
DIGEST_BYTES = 6


class Seen(dict[str, str]):
    """What a page showed in its fields: name to digest, "" for an empty field. As text: `name:digest name:digest`.

    What the page sent and got no answer to may be saved or not: it stands behind a bar, `name:digest|digest`.
    """

    @classmethod
    def of(cls, values: Values) -> Self:
        return cls({name: digest(value) for name, value in values.items()})

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(pair.partition(":")[::2] for pair in text.split())

    def or_sent(self, values: Values) -> Self:
        """With what the page sent and never heard of; of fields that it did not list as seen nothing is known."""
        return type(self)({name: _either(shown, values.get(name)) for name, shown in self.items()})

    def __str__(self) -> str:
        return " ".join(f"{name}:{value}" for name, value in self.items())


def digest(value: Any) -> str:
    """Names what a field holds; kinds of line ends, blanks at the ends and the order of a list make no difference."""
    values = value if isinstance(value, list | tuple) else ["" if value is None else value]
    text = "\n".join(sorted(map(str, values))).replace("\r\n", "\n").replace("\r", "\n").strip()
    return urlsafe_b64encode(blake2s(text.encode(), digest_size=DIGEST_BYTES).digest()).decode() if text else ""


def _either(shown: str, sent: Any) -> str:
    return shown if sent is None or digest(sent) in shown.split("|") else f"{shown}|{digest(sent)}"


def compare(*, mine: Values, stands: Values, seen: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands (in the fields that only others changed, in those that both changed to different texts).

    A field that nobody has saved yet is free; of one that the page did not list as seen nobody knows who changed it;
    one that it listed and did not send, such as a choice of which nothing is chosen, was not touched.
    """
    theirs: dict[str, Any] = {}
    clashes: dict[str, Any] = {}
    for name in (mine.keys() | seen.keys()) & stands.keys():
        standing = digest(stands[name])
        shown, *sent = seen[name].split("|") if name in seen else [None]
        typed = digest(mine[name]) if name in mine else shown
        if standing in (typed, shown, *sent):
            continue
        (theirs if typed == shown else clashes)[name] = stands[name]
    return theirs, clashes


class StaleWrite(Exception):
    """Somebody saved in between. `version` is the current one, `theirs` what stands in the answers in question.

    A page that is shown again has `merged` in its fields and is based on `seen`.
    """

    def __init__(
        self, version: int, theirs: dict[str, Any], *, merged: Values = NOTHING, seen: Mapping[str, str] = NOTHING
    ) -> None:
        super().__init__(f"based on an older version than {version}")
        self.version, self.theirs, self.merged, self.seen = version, theirs, merged, Seen(seen)


class Versioned(models.Model):
    """A row that several tabs, people or retries may save.

    `last_save` is the client's id of the newest accepted write: the same id again is a repeat, not a conflict.
    `theirs`, after a save: what stands in the fields that somebody else had changed and the page that saved had not.
    """

    version = models.PositiveIntegerField(default=0)
    last_save = models.UUIDField(null=True, blank=True, editable=False)
    theirs: Values = NOTHING

    class Meta:
        abstract = True

    def is_repeat(self, save_id: uuid.UUID | None) -> bool:
        return save_id is not None and self.last_save == save_id

    def continue_from(self, saved: "Versioned") -> None:
        """Take over the version of the row that was just saved: a page shown again is based on its own save."""
        self.version, self.last_save = saved.version, saved.last_save

    def advance(
        self,
        *,
        based_on: int,
        save_id: uuid.UUID | None,
        mine: Values,
        stands: Callable[[], Values],
        seen: Mapping[str, str] = NOTHING,
    ) -> dict[str, Any]:
        """Step to the next version, on a row locked by the caller; what of `mine` to write. Raises StaleWrite."""
        if based_on != self.version:
            self.leave_theirs(save_id=save_id, mine=mine, stands=stands(), seen=seen)
        self.step(save_id)
        return {name: value for name, value in mine.items() if name not in self.theirs}

    def merge(
        self,
        stands: Values,
        *,
        based_on: int,
        save_id: uuid.UUID | None,
        mine: Values,
        seen: Mapping[str, str] = NOTHING,
    ) -> dict[str, Any]:
        """What a JSON draft holds after this save: `stands`, with what of `mine` is to be written; of a repeat nothing.

        Steps the version, on a row locked by the caller. Raises StaleWrite.
        """
        if self.is_repeat(save_id):
            self.leave_theirs(save_id=save_id, mine=mine, stands=stands, seen=seen)
            return dict(stands)
        kept = self.advance(based_on=based_on, save_id=save_id, mine=mine, stands=lambda: stands, seen=seen)
        return {**stands, **kept}

    def leave_theirs(
        self, *, save_id: uuid.UUID | None, mine: Values, stands: Values, seen: Mapping[str, str] = NOTHING
    ) -> None:
        """Find what others changed since the page was made; raises StaleWrite where the page changed it too.

        A page that does not say what it showed is refused as a whole. A repeat was accepted before.
        """
        self.theirs, clashes = compare(mine=mine, stands=stands, seen=seen)
        if not seen:
            clashes = {name: stands.get(name, "") for name in mine}
        if clashes and not self.is_repeat(save_id):
            now = Seen.of({name: stands[name] for name in mine.keys() | seen.keys() if name in stands})
            raise StaleWrite(self.version, clashes, merged={**mine, **self.theirs}, seen={**seen, **now})

    def step(self, save_id: uuid.UUID | None) -> None:
        self.version += 1
        self.last_save = save_id
