"""What the demonstration shows to people is set like prose: ’ and “ ”, never the keys of a typewriter."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from network_platform.environment import BASE_DIR

STRAIGHT = re.compile(r"""\w'|'\w|"(?=\w)|(?<=\w)\"""")
OWN_SPELLING = "Najot Ta'lim"  # a name in Uzbek, as its owner types it
TAG = re.compile(r"<[^>]+>")
AS_PUBLISHED = {"report.txt", "organisations.csv"}  # letter by letter: an import of the same file changes nothing
FIXTURES = sorted(
    path
    for path in BASE_DIR.glob("*/fixtures/**/*")
    if path.suffix in (".yaml", ".csv", ".txt") and path.name not in AS_PUBLISHED
)
DOCUMENTED = (ast.Module, ast.FunctionDef, ast.ClassDef)
MODULES = sorted([*BASE_DIR.glob("*/demonstration*.py"), *BASE_DIR.glob("network_platform/*/demonstration*.py")])


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from strings([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def texts_of(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return strings(yaml.safe_load(source))
    if path.suffix == ".csv":
        return strings(list(csv.reader(source.splitlines())))
    return strings(source)


def constants_of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {ast.get_docstring(each, clean=False) for each in ast.walk(tree) if isinstance(each, DOCUMENTED)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value not in own:
            yield each.value


def straight(texts: Iterator[str]) -> list[str]:
    plain = (TAG.sub("", text).replace(OWN_SPELLING, "") for text in texts)
    return [text[max(found.start() - 20, 0) :][:50] for text in plain for found in STRAIGHT.finditer(text)]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.relative_to(BASE_DIR).as_posix())
def test_texts_that_are_shown_have_typographic_marks(path: Path) -> None:
    assert straight(texts_of(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(BASE_DIR).as_posix())
def test_so_have_those_written_in_python(path: Path) -> None:
    assert straight(constants_of(path)) == []
