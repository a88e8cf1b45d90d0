"""`manage.py rules_table`: docs/rules.md, generated from every app's rules and the querysets that are their twins."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from network_platform.environment import BASE_DIR
from network_platform.management.generated_page import GeneratedPage

TABLE = BASE_DIR / "docs" / "rules.md"
FLOORS = ("incubators", "mentors", "competitions", "cms", "network_platform")
HEAD = """\
# Rules

Who may what, from each app's `rules.py`: the first sentence of each rule, and its twin, the method of a queryset that
finds all of which the rule holds, so that a list and its things agree. Rules without a twin are about the person alone,
or about an act on the page of one thing; `tests/ground/test_rules_and_twins.py` names them. Written by
`make rules-table`; a test fails when it is out of date.
"""
_OF = re.compile(r"Twin of `rules\.(can_\w+)`")
_TWIN = re.compile(r"\s*Twin: `?([\w.]+?(?:\(\w*\)\.\w+\(\))?)`?\.(?=\s|$)")
_SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z`])")


@dataclass(frozen=True)
class Rule:
    """`twin` is empty where there is none."""

    app: str
    name: str
    says: str
    twin: str


class Command(GeneratedPage):
    help = "Print the rules, or write them to docs/rules.md."
    path = TABLE

    def text(self) -> str:
        return page()


def page() -> str:
    """The page's text: apps in the order of `FLOORS`, rules as their file has them."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        found.setdefault(rule.app, []).append(rule)
    return HEAD + "".join(_section(app, told) for app, told in found.items())


def rules() -> Iterator[Rule]:
    for floor in FLOORS:
        for path in sorted((BASE_DIR / floor).rglob("rules.py")):
            yield from _rules_in(path)


def _rules_in(path: Path) -> Iterator[Rule]:
    twins = _twins_beside(path.parent)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("can_"):
            told = " ".join((ast.get_docstring(node) or "").split())
            own = _TWIN.search(told)
            twin = twins.get(node.name) or (own[1] if own else "")
            yield Rule(path.parent.name, node.name, _SENTENCE.split(_TWIN.sub("", told))[0], twin)


def _twins_beside(app: Path) -> dict[str, str]:
    """The queryset's method by the rule whose twin it says it is."""
    found: dict[str, str] = {}
    for path in [*app.glob("models.py"), *sorted(app.glob("models/*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and (of := _OF.findall(ast.get_docstring(method) or "")):
                        found |= dict.fromkeys(of, f"{node.name}.{method.name}")
    return found


def _section(app: str, told: list[Rule]) -> str:
    head = "| rule | who, of what | twin |\n| --- | --- | --- |\n"
    return f"\n## {app.capitalize()}\n\n{head}" + "".join(map(_row, told))


def _row(rule: Rule) -> str:
    twin = f"`{rule.twin}`" if rule.twin else ""
    return f"| `{rule.name}` | {rule.says} | {twin} |\n"
