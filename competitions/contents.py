"""What an entry says, question by question, for those who read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from competitions.enums import QuestionKind
from competitions.models import Attachment, Question, Revision
from competitions.services.definitions import questions_of
from network_platform.languages import in_language
from network_platform.numbers import number_in_words


@dataclass(frozen=True)
class Answer:
    """One question with its answer as text; `files` for a question that takes files."""

    question: Question
    text: str
    files: list[Attachment] = field(default_factory=list)


def answers_of(revision: Revision, *, for_judges: bool = False, is_blind: bool = False) -> list[Answer]:
    """The answered questions in the form's order; judges do not see what is not for them.

    In a blind round, answers that identify the applicant are left out.
    """
    shown = [q for q in questions_of(revision.form) if not for_judges or _is_for_judges(q, is_blind)]
    files: dict[str, list[Attachment]] = {}
    for attachment in revision.attachments.all():
        files.setdefault(attachment.question, []).append(attachment)
    lines = [Answer(q, _in_words(q, revision.answers.get(q.code)), files.get(q.code, [])) for q in shown]
    return [line for line in lines if line.text or line.files]


def _is_for_judges(question: Question, is_blind: bool) -> bool:
    return question.shown_to_judges and not (is_blind and question.identifies_applicant)


def _in_words(question: Question, answer: object) -> str:
    if answer in (None, "", []) or question.kind == QuestionKind.FILE:
        return ""
    if question.kind == QuestionKind.CHOICE:
        return ", ".join(_labels(question, answer if isinstance(answer, list) else [answer]))
    return in_reader_form(question, str(answer))


def in_reader_form(question: Question, text: str) -> str:
    """Numbers as the reader writes them; anything else, and what is no number yet, as it is."""
    if question.kind not in (QuestionKind.NUMBER, QuestionKind.WHOLE):
        return text
    try:
        return number_in_words(Decimal(text))
    except InvalidOperation:
        return text


def _labels(question: Question, values: Iterable[object]) -> list[str]:
    labels = {choice["value"]: in_language(choice["labels"]) for choice in question.choices}
    return [labels.get(str(value), str(value)) for value in values]
