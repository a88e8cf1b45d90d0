"""What an import would do with each row: the words that all kinds of things share."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from incubators.services.imports.sentences import Kept, Sentence

LONGEST_SHOWN = 300
WRITTEN = ("new", "changed")


@dataclass(frozen=True)
class Change:
    """A column in which the row says something else than the registry, and both texts; a name by language."""

    column: str
    before: Kept
    after: Kept


@dataclass
class Verdict:
    """`outcome`: new, changed, unchanged, duplicate or error. `reason` is a sentence, or what an earlier report kept of
    it. `changes` is the primary key of the row to change, `uid` that of the entry that is known, `different` what the
    row says otherwise, `page` where the entry is read.

    `candidate` has `row`, `title` and `iso2`. `is_done`: an earlier attempt of the same import has written it.
    """

    candidate: Any
    outcome: str
    column: str = ""
    reason: Sentence | dict[str, str] = ""
    matches: list[dict[str, Kept]] = field(default_factory=list)
    changes: int | None = None
    different: list[Change] = field(default_factory=list)
    page: str = ""
    uid: str = ""
    is_done: bool = False


V = TypeVar("V", bound=Verdict)


@dataclass
class Plan(Generic[V]):
    verdicts: list[V] = field(default_factory=list)

    def of(self, outcome: str) -> list[V]:
        return [verdict for verdict in self.verdicts if verdict.outcome == outcome]


def shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
