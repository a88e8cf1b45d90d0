"""A focal point imports a file with headings of its own, sends it a second time, and takes the import back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CROSSED, Variant, Walker
from tests.journeys.stack import Platform

COUNTRIES = ["TM", "AF", "TJ", "UZ"]
MEANT = {
    "What it is called": "Name in English",
    "Sort": "Kind",
    "Where": "Country",
    "Since": "Year of foundation",
}


@pytest.mark.parametrize("variant", CROSSED, ids=str)
def test_a_file_is_imported_and_taken_back(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform, tmp_path: Path
) -> None:
    iso2 = COUNTRIES[variant.number]
    made = platform.run("tests.journeys.registry:importing", str(variant), variant.language, iso2)
    names = (made["first"], made["second"])
    focal = walk(variant)
    focal.come_in(made["focal"])
    keys, word, page = focal.keys, focal.word, focal.page

    focal.go("/incubators/import/")
    send(focal, made["text"], tmp_path / "first.csv")
    for heading, column in MEANT.items():
        keys.select(heading, word(column))
    keys.follow("button", word("Check the file"))
    assert counts(focal) == [2, 0, 0, 0, 1]
    assert platform.run("tests.journeys.registry:listed", *names) == 0
    keys.follow("button", word("Import"), seen=True)
    expect(page.get_by_role("heading", level=1)).to_have_text(word("Imported"), timeout=40_000)
    focal.check()
    assert platform.run("tests.journeys.registry:listed", *names) == 2

    keys.follow("link", word("Import a file"))
    send(focal, made["text"], tmp_path / "second.csv")
    keys.follow("button", word("Check the file"), seen=True)
    assert counts(focal) == [0, 0, 2, 0, 1]
    assert page.get_by_role("button", name=word("Import"), exact=True).count() == 0

    platform.run("tests.journeys.registry:halfway", made["under_way"])
    keys.follow("link", word("Import a file"), seen=True)
    watch_one_under_way(focal, made["under_way"])
    keys.follow("link", "first.csv", seen=True)
    keys.follow("link", word("Take this import back"))
    keys.follow("button", word("Take this import back"), seen=True)
    expect(page.get_by_role("heading", level=1)).to_have_text(word("Imported and taken back"), timeout=40_000)
    assert platform.run("tests.journeys.registry:listed", *names) == 0


def send(focal: Walker, text: str, path: Path) -> None:
    path.write_text(text)
    focal.keys.attach(focal.word("CSV or XLSX file"), path)
    focal.keys.follow("button", focal.word("Check the file"))


def counts(focal: Walker) -> list[int]:
    """New, changed, unchanged, may be duplicates, with mistakes."""
    return [int(text) for text in focal.page.locator("main dl.figs dd").all_text_contents()]


def watch_one_under_way(focal: Walker, file_name: str) -> None:
    """The page of an import that a worker is writing, and from there back to the list."""
    focal.keys.follow("link", file_name)
    assert focal.page.get_by_role("progressbar").get_attribute("value") == "1"
    focal.keys.follow("link", focal.word("Your imports"), seen=True)
