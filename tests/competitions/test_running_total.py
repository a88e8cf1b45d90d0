"""The total that the browser shows while a judge scores is the one that the server works out."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import translation

from competitions.models import Assignment
from competitions.services.judging import Mark, total_of
from tests.competitions.factories import AssignmentFactory, CriterionFactory, RoundFactory, RubricFactory

pytestmark = pytest.mark.django_db(transaction=True)


def weighted(rubric: Any) -> None:
    for code, weight in (("idea", 35), ("team", 45), ("plan", 20)):
        CriterionFactory(rubric=rubric, code=code, weight=weight)


def points_and_bonus(rubric: Any) -> None:
    CriterionFactory(rubric=rubric, code="idea", kind="points", weight=None)
    CriterionFactory(rubric=rubric, code="team", kind="points", weight=None, scale_max=10)
    CriterionFactory(rubric=rubric, code="plan", kind="bonus", weight=None, scale_max=3)


def equal_and_wide(rubric: Any) -> None:
    CriterionFactory(rubric=rubric, code="idea", kind="none", weight=None)
    CriterionFactory(rubric=rubric, code="team", kind="none", weight=None, scale_step=Decimal("0.5"))
    CriterionFactory(rubric=rubric, code="plan", kind="none", weight=None, scale_max=100)


RUBRICS = [
    (weighted, "0.6", ("0", "5", "n"), "en"),
    (points_and_bonus, "1", ("1", "3"), "en"),
    (equal_and_wide, "0.5", ("2", "2.5"), "ru"),
]


@pytest.mark.parametrize(("build", "coverage", "values", "language"), RUBRICS, ids=[row[0].__name__ for row in RUBRICS])
def test_the_browser_adds_up_as_the_server_does(
    build: Any, coverage: str, values: tuple[str, ...], language: str, live_server: Any, chromium: Any, signed_in: Any
) -> None:
    seat = AssignmentFactory(round=RoundFactory(coverage=Decimal(coverage)))
    build(RubricFactory(round=seat.round))
    context = chromium.new_context()
    session = signed_in(seat.judge.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    translation.activate(language)
    page.goto(live_server.url + reverse("competitions:judge-sheet", args=[seat.uid]))
    context.set_offline(True)  # what is typed stays in the browser

    shown, expected = [], []
    for chosen in product(values, repeat=3):
        for code, value in zip(("idea", "team", "plan"), chosen, strict=True):
            choose(page, code, value)
        shown.append(page.text_content("[data-total]"))
        expected.append(on_the_server(seat, page))
    context.close()

    assert shown == expected
    assert len(set(shown)) > 2


def choose(page: Any, code: str, value: str) -> None:
    field = page.locator(f"input[name='score-{code}']")
    if field.count() == 1:
        field.fill(value)
    elif (button := page.locator(f"input[name='score-{code}'][value='{value}']")).count():
        button.dispatch_event("click")


def on_the_server(seat: Assignment, page: Any) -> str:
    """The words for what is chosen on the page; what is not on the scale counts as not given."""
    criteria = list(seat.round.rubrics.get().criteria.select_related("rubric"))
    chosen = page.evaluate("Object.fromEntries(new FormData(document.getElementById('rubric')))")
    marks, is_complete = {}, True
    for criterion in criteria:
        text = chosen.get(f"score-{criterion.code}", "")
        value = None if text in ("", "n") else Decimal(text)
        marks[criterion.pk] = Mark(value if value in criterion.allowed_values() else None)
        is_complete = is_complete and (text == "n" or marks[criterion.pk].value is not None)
    result = total_of(round=seat.round, criteria=criteria, marks=marks)
    names = ("data-below", "data-none") if result.value is None else ("data-all", "data-text")
    words = page.get_attribute("[data-total]", names[0] if is_complete else names[1])
    filled = {"{total}": floatformat(result.value, 1), "{n}": str(result.assessed), "{count}": str(result.criteria)}
    for name, text in filled.items():
        words = words.replace(name, text)
    return words
