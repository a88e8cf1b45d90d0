"""Every topic that a kept page waits for is touched by some service."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from network_platform.environment import BASE_DIR

APPS = ("network_platform", "incubators", "mentors", "competitions", "cms")


def topics_given_to(function: str) -> set[str]:
    return {topic for app in APPS for path in (BASE_DIR / app).rglob("*.py") for topic in topics_in(path, function)}


def topics_in(path: Path, function: str) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if f"{function}(" not in source:
        return
    module = ".".join(path.relative_to(BASE_DIR).with_suffix("").parts)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield from (value_of(argument, module) for argument in node.args)


def value_of(argument: ast.expr, module: str) -> str:
    """A literal, or a constant of the module."""
    if isinstance(argument, ast.Name):
        return getattr(import_module(module), argument.id)
    return ast.literal_eval(argument)


def test_every_topic_of_a_kept_page_is_touched() -> None:
    waited_for, touched = topics_given_to("cached_page"), topics_given_to("touch")

    assert {"registry", "pages", "competitions"} <= waited_for
    assert sorted(waited_for - touched) == []
