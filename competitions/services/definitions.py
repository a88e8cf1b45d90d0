"""Forms and rubrics as pages need them. Locked versions never change, so they are kept."""

from dataclasses import dataclass, field
from functools import lru_cache

from competitions.enums import QuestionKind
from competitions.models import Criterion, FormVersion, Question, RubricVersion, Section


@dataclass(frozen=True)
class FormPage:
    """One section with its questions, in order; `number` counts from 1."""

    number: int
    section: Section
    questions: tuple[Question, ...] = field(default_factory=tuple)

    @property
    def codes(self) -> list[str]:
        """Questions answered with text, choice or number: what an autosave carries."""
        return [question.code for question in self.questions if question.kind != QuestionKind.FILE]

    @property
    def file_questions(self) -> list[Question]:
        return [question for question in self.questions if question.kind == QuestionKind.FILE]


def pages_of(form: FormVersion) -> tuple[FormPage, ...]:
    """Every section of the form. No query for a locked version that this process has read before, else two."""
    return _kept(form.pk, form.digest) if form.locked_at else _read(form.pk)


def questions_of(form: FormVersion) -> list[Question]:
    return [question for page in pages_of(form) for question in page.questions]


@lru_cache(maxsize=64)
def _kept(form_pk: int, digest: str) -> tuple[FormPage, ...]:
    return _read(form_pk)


def _read(form_pk: int) -> tuple[FormPage, ...]:
    sections = Section.objects.filter(form=form_pk).prefetch_related("questions")
    return tuple(FormPage(i, section, tuple(section.questions.all())) for i, section in enumerate(sections, start=1))


def criteria_of(rubric: RubricVersion) -> tuple[Criterion, ...]:
    """What judges score, levels included. No query for a locked version that this process has read before."""
    return _kept_criteria(rubric.pk, rubric.digest) if rubric.locked_at else _read_criteria(rubric.pk)


def tree_of(rubric: RubricVersion) -> tuple[Criterion, ...]:
    """All its criteria, those above others and conditions too. Queries as `criteria_of`."""
    return _kept_tree(rubric.pk, rubric.digest) if rubric.locked_at else _read_tree(rubric.pk)


@lru_cache(maxsize=64)
def _kept_tree(rubric_pk: int, digest: str) -> tuple[Criterion, ...]:
    return _read_tree(rubric_pk)


def _read_tree(rubric_pk: int) -> tuple[Criterion, ...]:
    return tuple(Criterion.objects.filter(rubric=rubric_pk))


@lru_cache(maxsize=64)
def _kept_criteria(rubric_pk: int, digest: str) -> tuple[Criterion, ...]:
    return _read_criteria(rubric_pk)


def _read_criteria(rubric_pk: int) -> tuple[Criterion, ...]:
    scored = Criterion.objects.filter(rubric=rubric_pk).scored().select_related("rubric", "parent__parent__parent")
    return tuple(scored.prefetch_related("levels"))
