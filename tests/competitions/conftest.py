"""A call ready for entries: form, rubric, one founder with a start-up and a draft."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import override_settings

from competitions.enums import QuestionKind
from competitions.services.competitions import lock_form, lock_rubric
from tests.competitions.factories import (
    CompetitionFactory,
    CriterionFactory,
    EntryFactory,
    FormFactory,
    LandFactory,
    PersonFactory,
    QuestionFactory,
    RoundFactory,
    RubricFactory,
    SectionFactory,
    StartupOfTeamFactory,
)


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


@pytest.fixture
def call(db: None) -> SimpleNamespace:
    """`call.competition` is open; two pages of questions; the form and the rubric are locked."""
    competition = CompetitionFactory(open=True, slug="open-call")
    competition.countries.add(LandFactory(), LandFactory(iso2="KG"))
    form = FormFactory(competition=competition)
    solution, effect = SectionFactory(form=form), SectionFactory(form=form)
    QuestionFactory(section=solution, code="solution", max_length=1200)
    QuestionFactory(section=solution, code="problem", required=False, max_length=40)
    QuestionFactory(section=effect, code="jobs", kind=QuestionKind.NUMBER, required=True, minimum=0)
    QuestionFactory(section=effect, code="slides", kind=QuestionKind.FILE, required=False, max_files=2)
    round_ = RoundFactory(competition=competition, order=1, tie_rules={"en": "The panel decides."})
    rubric = RubricFactory(round=round_)
    for weight in (40, 60):
        CriterionFactory(rubric=rubric, weight=weight)
    lock_form(form)
    lock_rubric(rubric)
    founder = PersonFactory(language="en", time_zone="Asia/Almaty")
    startup = StartupOfTeamFactory(founder=founder)
    entry = EntryFactory(competition=competition, startup=startup, form=form)
    return SimpleNamespace(
        competition=competition, form=form, round=round_, rubric=rubric, founder=founder, startup=startup, entry=entry
    )


@pytest.fixture
def complete(call: SimpleNamespace) -> SimpleNamespace:
    """The same call, its draft ready to be submitted."""
    call.entry.answers = {"solution": "Panels from cotton waste.", "jobs": "12"}
    call.entry.save()
    return call
