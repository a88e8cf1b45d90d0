"""`manage.py states_table`: docs/states.md, generated from every app's lifecycle tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from network_platform.environment import BASE_DIR
from network_platform.lifecycle import Lifecycle, Move, tables

TABLE = BASE_DIR / "docs" / "states.md"
HEAD = """\
# States

Every state and every legal move, from each app's `lifecycle.py`. Whoever writes a state checks this table first, asks
the rule, writes and journals the verb: one service a thing. An organisation has five, one for each reason to move:
`review` (its first revision is answered, an approval refreshes it), `organisation_states` (suspended, closed,
reinstated, out of date), `confirming` (true again), `merging` and `bulk_approvals` (an approval is undone, which moves
the revision too).
Figures and programmes are written by their imports too. `tests/ground/test_writers_of_states.py` names every file
that writes a state. Written by `make states-table`; a test fails when it is out of date.
"""


class Command(BaseCommand):
    help = "Print the tables of states, or write them to docs/states.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        if write:
            TABLE.write_text(page())
        else:
            self.stdout.write(page())


def page() -> str:
    """The page's text, in the order of the alphabet."""
    found = tables()
    return HEAD + "".join(_section(found[thing]) for thing in sorted(found))


def _section(table: Lifecycle) -> str:
    states = ", ".join(f"`{state}`" for state in table.states.values)
    rows = "".join(_row(move) for move in table.moves)
    head = "| from | to | verb | who | reason |\n| --- | --- | --- | --- | --- |\n"
    return f"\n## {table.thing.capitalize()}\n\nStates: {states}.\n\n{head}{rows}"


def _row(move: Move) -> str:
    reason = "needed" if move.needs_reason else ""
    return f"| `{move.source}` | `{move.target}` | `{move.verb}` | {move.who} | {reason} |\n"
