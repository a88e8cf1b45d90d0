"""Numbers in answers: what is asked about, what is refused, and how they are shown."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from competitions.contents import in_reader_form
from competitions.models import Question
from competitions.services.answers import clean_answer, problem_with
from network_platform.numbers import number_in_words

pytestmark = pytest.mark.once


def question(kind: str = "number", **limits: object) -> Question:
    return Question(code="jobs", kind=kind, **limits)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("number", "10 000,50", "10000.50"),
        ("number", "0.125", "0.125"),
        ("number", "-3,5", "-3.5"),
        ("number", "12", "12"),
        ("number", "12345.678", "12345.678"),
        ("whole_number", "12 000", "12000"),
        ("whole_number", "12,0", "12"),
        ("whole_number", "12\u00a0000", "12000"),
    ],
)
def test_a_number_is_kept_as_it_was_meant(kind: str, typed: str, kept: str) -> None:
    assert clean_answer(question(kind), typed) == kept


@pytest.mark.parametrize("kind", ["number", "whole_number"])
@pytest.mark.parametrize("typed", ["12.000", "12,000", "1.234"])
def test_a_number_that_may_be_read_in_two_ways_is_asked_about(kind: str, typed: str) -> None:
    problem = problem_with(question(kind), typed)

    assert problem.startswith("Is it ")
    assert problem.endswith("Write thousands without a point or comma.")


def test_the_two_ways_are_named() -> None:
    assert problem_with(question(), "12.000").startswith("Is it 12,000 or 12?")
    assert problem_with(question(), "1,234").startswith("Is it 1,234 or 1.234?")


def test_a_whole_number_has_no_fraction() -> None:
    assert problem_with(question("whole_number"), "12,5") == "Write a whole number, without a fraction."
    assert problem_with(question("whole_number"), "a few") == "Write a number with digits only."


def test_limits_are_said_in_the_readers_form() -> None:
    asked = question(minimum=Decimal("0.00"), maximum=Decimal("5000.00"))

    assert problem_with(asked, "-1") == "Write a number that is at least 0."
    assert problem_with(asked, "6000") == "Write a number that is at most 5,000."
    with override("ru"):
        assert number_in_words(Decimal("5000.00")) == "5\u00a0000"


def test_an_answer_is_shown_in_the_readers_form() -> None:
    with override("ru"):
        assert in_reader_form(question(), "10000.50") == "10\u00a0000,50"
    with override("en"):
        assert in_reader_form(question(), "10000.50") == "10,000.50"
        assert in_reader_form(question(), "a few") == "a few"
        assert in_reader_form(question("short_text"), "10000.50") == "10000.50"
