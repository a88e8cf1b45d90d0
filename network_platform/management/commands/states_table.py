"""`manage.py states_table`: docs/states.md, generated from every app's lifecycle tables."""

from network_platform.environment import BASE_DIR
from network_platform.lifecycle import Lifecycle, Move, tables
from network_platform.management.generated_page import GeneratedPage

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


class Command(GeneratedPage):
    help = "Print the tables of states, or write them to docs/states.md."
    path = TABLE

    def text(self) -> str:
        return page()


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
