"""States and legal moves as one table per model.

Each app's `lifecycle.py` builds its tables; `docs/states.md` is generated from all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models


class IllegalMove(Exception):
    """The table has no such move. `source` and `target` are state values."""

    def __init__(self, thing: str, source: str, target: str) -> None:
        super().__init__(f"{thing}: no move from {source} to {target}")
        self.source, self.target = source, target


@dataclass(frozen=True)
class Move:
    """`verb` goes to the journal ("organisation.listed"); `who` says in words who may."""

    source: str
    target: str
    verb: str
    who: str
    needs_reason: bool = False


TABLES: dict[str, "Lifecycle"] = {}


@cache
def tables() -> dict[str, "Lifecycle"]:
    """The tables of all apps by their thing, those of the lowest floor first."""
    names = [config.name for config in apps.get_app_configs() if config.name != "network_platform"]
    for name in names:
        if find_spec(f"{name}.lifecycle"):
            import_module(f"{name}.lifecycle")
    floors = {name: number for number, name in enumerate(reversed(names))}  # installed from the top
    return dict(sorted(TABLES.items(), key=lambda each: floors[each[1].app]))


class Lifecycle:
    """The legal moves of one model: `Lifecycle("organisation", OrganisationStatus, [Move(...), ...])`."""

    def __init__(self, thing: str, states: type[models.TextChoices], moves: Iterable[Move]) -> None:
        self.thing, self.states, self.moves = thing, states, tuple(moves)
        self._by_pair = {(move.source, move.target): move for move in self.moves}
        TABLES[thing] = self

    @property
    def app(self) -> str:
        return self.states.__module__.partition(".")[0]

    def check(self, source: str, target: str) -> Move:
        """The move from `source` to `target`; raises IllegalMove if the table has none."""
        try:
            return self._by_pair[source, target]
        except KeyError:
            raise IllegalMove(self.thing, source, target) from None
