"""Every file that changes a state is named here; it asks its table first, where there is one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from network_platform.environment import BASE_DIR

APPS = ("network_platform", "incubators", "mentors", "competitions", "cms")
INVENTED = ("demonstration", "sample_offers", "migrations")  # what they make is at once where it shall be
STATES = {"status", "state"}
WRITERS = {
    "competitions/services/competitions.py",
    "competitions/services/entries.py",
    "competitions/services/states.py",
    "incubators/services/bulk_approvals.py",  # undoes what `review` did, to both organisation and revision
    "incubators/services/by_mail.py",  # invitations of editors and founders
    "incubators/services/claims.py",
    "incubators/services/confirming.py",  # organisations: out of date, confirmed again
    "incubators/services/figures.py",
    "incubators/services/imports/figure_writes.py",
    "incubators/services/merging.py",  # organisations: closes one, and opens it again
    "incubators/services/organisation_states.py",  # organisations: the moves that need no revision
    "incubators/services/pairs.py",
    "incubators/services/placements.py",
    "incubators/services/programmes.py",
    "incubators/services/remarks.py",
    "incubators/services/review.py",  # revisions, and organisations with their first one
    "incubators/services/transfers.py",
    "mentors/services/engagements.py",
    "mentors/services/requests.py",
    "mentors/services/roles.py",
}
# What the plan asks is written; taking the import back sets a programme back to what it was without asking.
ASKED_BY_ITS_PLAN = {"incubators/services/imports/programme_writes.py": "incubators/services/imports/programmes.py"}
WITHOUT_TABLE = {
    "competitions/services/assigning.py",  # a judge's invitation
    "competitions/services/judging.py",  # its answer
    "incubators/services/importing.py",  # an import: checked, waiting, done, undone
    "incubators/services/imports/jobs.py",
    "incubators/services/imports/undo.py",
    "network_platform/background/delivery.py",  # a mail
    "network_platform/background/services.py",
    "network_platform/changes/delivery.py",  # a call of a webhook
    "network_platform/changes/services.py",
    "network_platform/tokens/writes.py",  # the status of an answer by HTTP
}


def is_state(node: ast.expr) -> bool:
    """`thing.status`, but nothing that an object says of itself."""
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return isinstance(node, ast.Attribute) and node.attr in STATES and not own


def writes_state(node: ast.AST, words: set[str]) -> bool:
    """`words`: the literals of the file, in which a loop over `setattr` finds its names."""
    if isinstance(node, ast.Assign):
        targets = [each for target in node.targets for each in getattr(target, "elts", [target])]
        return any(map(is_state, targets))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return bool(words & STATES)
    return getattr(node.func, "attr", "") == "update" and any(each.arg in STATES for each in node.keywords)


def writers() -> Iterator[str]:
    for path in (path for app in APPS for path in (BASE_DIR / app).rglob("*.py")):
        name = str(path.relative_to(BASE_DIR))
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        if not any(part in name for part in INVENTED) and any(writes_state(node, words) for node in nodes):
            yield name


def test_states_are_written_where_we_know_it() -> None:
    assert sorted(writers()) == sorted(WRITERS | ASKED_BY_ITS_PLAN.keys() | WITHOUT_TABLE)


def test_every_writer_asks_its_table() -> None:
    asking = WRITERS | set(ASKED_BY_ITS_PLAN.values())
    silent = [name for name in asking if ".check(" not in Path(BASE_DIR, name).read_text(encoding="utf-8")]

    assert silent == []
