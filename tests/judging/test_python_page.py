"""The page of the Python interface: its lines run, and give what stands below them."""

import doctest
from pathlib import Path

import pytest

import competitions.judging as judging

pytestmark = pytest.mark.once

PAGE = Path(__file__).resolve().parents[2] / "docs" / "judging-python.md"


def test_what_the_page_shows_is_what_happens() -> None:
    text = PAGE.read_text(encoding="utf-8").replace("```python\n", "").replace("```\n", "\n")
    shown = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []

    outcome = doctest.DocTestRunner().run(shown, out=said.append)

    assert (outcome.failed, "".join(said)) == (0, "")
    assert outcome.attempted > 20


def test_the_interface_is_what_it_names() -> None:
    """Each name is there, and a module of the same name does not stand in its way."""
    assert all(hasattr(judging, name) for name in judging.__all__)
    assert sorted(judging.__all__, key=lambda name: (name.islower(), name)) == judging.__all__
