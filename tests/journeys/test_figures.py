"""An incubator reports a year; the focal point accepts; the incubator sees itself beside comparable ones."""

from collections.abc import Callable

import pytest

from incubators.yearly import last_year
from tests.journeys.conftest import CROSSED, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

CURRENCIES = ["AFN", "AZN", "TMT", "UZS", "TJS", "KGS"]  # apart, so that never five have reported the same
QUESTION = "Are these the jobs of all years, or of this one?"


@pytest.mark.parametrize("variant", CROSSED + WITHOUT_SCRIPT[1:], ids=str)
def test_an_incubator_reports_its_figures(
    variant: Variant, walk: Callable[[Variant], Walker], platform: Platform
) -> None:
    """By keyboard only."""
    made = platform.run("tests.journeys.registry:reporting", str(variant), variant.language)
    editor, focal, year = walk(variant), walk(variant), last_year()
    keys, word, page = editor.keys, editor.word, editor.page
    editor.come_in(made["editor"])
    focal.come_in(made["focal"])

    editor.go(f"/incubators/{made['slug']}/figures/")
    keys.follow("link", str(year))
    with editor.saving():
        fill(editor)
    if variant.script:
        page.reload()
        assert page.input_value("[name=figure_jobs]") == "1 204"
    send(editor)
    ask(focal, made["name"])

    assert QUESTION in platform.mail_about(QUESTION, to=made["editor"])
    page = editor.go(f"/incubators/{made['slug']}/figures/{year}/")
    assert QUESTION in page.text_content("main")
    with editor.saving():
        keys.write(keys.label_of("figure_jobs"), str(200 + 10 * variant.number))
    send(editor)
    accept(focal, made["name"])

    assert platform.mail_about(made["name"], to=made["editor"])
    editor.go(f"/incubators/{made['slug']}/figures/{year}/")
    keys.follow("link", word("See them beside comparable organisations"))
    benchmark(editor)


def supported(editor: Walker) -> str:
    """Apart for every variant, of one class of size: numbers that are too much alike are not shown beside each other."""
    return str(13 + editor.variant.number)


def fill(editor: Walker) -> None:
    keys = editor.keys
    keys.write(keys.label_of("figure_startups_supported"), supported(editor))
    keys.write(keys.label_of("figure_jobs"), "1 204")
    line = "money_money_raised_1"
    keys.write(keys.label_of(f"{line}_amount"), "2500,50")
    keys.select(keys.label_of(f"{line}_kind"), "grant")
    keys.select(keys.label_of(f"{line}_currency"), CURRENCIES[editor.variant.number])


def send(editor: Walker) -> None:
    editor.keys.follow("button", editor.word("Save and go on"))
    assert supported(editor) in editor.page.text_content("main table")
    editor.keys.follow("button", editor.word("Send for review"))
    assert editor.said("Waiting for an answer", "Ждёт ответа") in editor.page.text_content("main")


def ask(focal: Walker, name: str) -> None:
    focal.go("/incubators/queue/")
    focal.keys.follow("link", name)
    focal.keys.choose(focal.word("Ask: they go back to the editors with your question"))
    focal.keys.write(focal.word("Question"), QUESTION)
    focal.keys.follow("button", focal.word("Send the answer"), seen=True)
    assert "/incubators/queue/#" in f"{focal.page.url}#"


def accept(focal: Walker, name: str) -> None:
    focal.page.reload()
    focal.keys.follow("link", name)
    assert QUESTION in focal.page.text_content("main")
    focal.keys.choose(focal.word("Accept them"))
    focal.keys.follow("button", focal.word("Send the answer"), seen=True)
    assert "/incubators/queue/#" in f"{focal.page.url}#"


def benchmark(editor: Walker) -> None:
    """Quartiles where five comparable ones have reported it; where they have not, words."""
    told = editor.page.text_content("main")
    assert editor.page.locator("main dl.bars").count() >= 2
    few = "No comparison: too few comparable organisations have reported it, or their numbers are too much alike."
    assert editor.word(few) in told
    assert "Sample" not in told
