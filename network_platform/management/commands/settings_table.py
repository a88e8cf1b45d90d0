"""`manage.py settings_table`: docs/settings.md, generated from the declarations."""

from itertools import groupby

from network_platform.environment import BASE_DIR, VARIABLES, Variable
from network_platform.management.generated_page import GeneratedPage

TABLE = BASE_DIR / "docs" / "settings.md"
HEAD = """\
# Settings

Everything that an installation can choose comes from the environment. This page is written by `make settings-table`;
a test fails when it is out of date. "Required" marks what production does not start without: it names every unsafe
value at once and ends. Secret values never appear in logs, in `manage.py doctor` or on error pages.
"""


class Command(GeneratedPage):
    help = "Print the table of settings, or write it to docs/settings.md."
    path = TABLE

    def text(self) -> str:
        return table()


def table() -> str:
    """The page's text, groups in the order of the code."""
    order = list(dict.fromkeys(["General", *(variable.group for variable in VARIABLES.values())]))
    ranked = sorted(VARIABLES.values(), key=lambda variable: order.index(variable.group))
    parts = [_group(title, list(found)) for title, found in groupby(ranked, key=lambda variable: variable.group)]
    return HEAD + "".join(parts)


def _group(title: str, variables: list[Variable]) -> str:
    rows = "".join(_row(variable) for variable in variables)
    return f"\n## {title}\n\n| variable | default | in production | what it is |\n| --- | --- | --- | --- |\n{rows}"


def _row(variable: Variable) -> str:
    default = variable.default.replace(str(BASE_DIR), ".")
    default = f"`{default}`" if default else "empty"
    demand = "required" if variable.unsafe(variable.default) else ("checked" if variable.is_checked else "")
    kind = ", secret" if variable.secret else ""
    cells = (f"`{variable.name}`", default, (demand + kind).strip(", "), variable.description)
    return f"| {' | '.join(cells)} |\n"
