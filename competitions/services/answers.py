"""What an answer may be. Drafts keep anything that was typed; a submission holds only what passes here."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.enums import QuestionKind
from competitions.models import Attachment, Question
from network_platform.numbers import number_in_words, read_number, read_whole_number

LONGEST_DRAFT = 60_000
SHORT, LONG = 200, 3000
is_url = URLValidator(schemes=["http", "https"])


def limit_of(question: Question) -> int:
    """How many characters an answer may have."""
    if question.kind == QuestionKind.LONG_TEXT:
        return question.max_length or LONG
    return question.max_length or SHORT


def length_of(text: str) -> int:
    """As browsers count it: a line end is two characters."""
    return len(text) + text.count("\n")


def as_typed(value: Any) -> str:
    """A draft's answer: text with line ends as browsers send them made one, without what no database keeps."""
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:LONGEST_DRAFT]


def clean_answer(question: Question, value: Any) -> str:
    """The answer as it is submitted; raises ValidationError saying what to do. Empty is allowed here."""
    text = as_typed(value).strip()
    return CLEANERS[question.kind](question, text) if text else ""


def problem_with(question: Question, value: Any) -> str:
    """What is wrong with the answer, or ''."""
    try:
        text = clean_answer(question, value)
    except ValidationError as error:
        return str(error.messages[0])
    return _("Answer this question.") if question.required and not text else ""


def clean_answers(
    questions: Iterable[Question], answers: Mapping[str, Any], attachments: Iterable[Attachment]
) -> tuple[dict[str, str], dict[str, str]]:
    """(answers to submit, problems by question code)."""
    with_files = {attachment.question for attachment in attachments}
    cleaned, problems = {}, {}
    for question in questions:
        if question.kind == QuestionKind.FILE:
            if question.required and question.code not in with_files:
                problems[question.code] = _("Add a file.")
            continue
        problem = problem_with(question, answers.get(question.code))
        if problem:
            problems[question.code] = problem
        elif text := clean_answer(question, answers.get(question.code)):
            cleaned[question.code] = text
    return cleaned, problems


def _text(question: Question, text: str) -> str:
    over = length_of(text) - limit_of(question)
    if over > 0:
        raise ValidationError(ngettext("Take out %(n)d character.", "Take out %(n)d characters.", over) % {"n": over})
    return text


def _choice(question: Question, text: str) -> str:
    if text not in {choice["value"] for choice in question.choices}:
        raise ValidationError(_("Choose one of the lines."))
    return text


def _number(question: Question, text: str) -> str:
    """As it was typed, with a point; a number that may be read in two ways is asked about."""
    number = read_number(text)
    _demand_within_limits(question, number)
    return f"{number:f}"


def _whole(question: Question, text: str) -> str:
    number = read_whole_number(text)
    _demand_within_limits(question, number)
    return f"{number:.0f}"


def _demand_within_limits(question: Question, number: Decimal) -> None:
    if question.minimum is not None and number < question.minimum:
        limit = number_in_words(question.minimum)
        raise ValidationError(_("Write a number that is at least %(limit)s.") % {"limit": limit})
    if question.maximum is not None and number > question.maximum:
        limit = number_in_words(question.maximum)
        raise ValidationError(_("Write a number that is at most %(limit)s.") % {"limit": limit})


def _url(question: Question, text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        is_url(address)
    except ValidationError:
        raise ValidationError(_("Write a web address such as https://example.org.")) from None
    return _text(question, address)


CLEANERS: dict[str, Callable[[Question, str], str]] = {
    QuestionKind.SHORT_TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.NUMBER: _number,
    QuestionKind.WHOLE: _whole,
    QuestionKind.URL: _url,
}
