"""Editors are reminded of last year's figures, with the clock moved."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from incubators.models import Organisation, YearlyFigures
from incubators.models.figures import owing_figures
from incubators.services.figure_reminders import remind_of_figures
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from tests.incubators.factories import OrganisationFactory, editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`on(2027, 2, 1)` moves the clock."""

    def move(year: int, month: int, day: int) -> None:
        moment = datetime(year, month, day, 3, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(slug="sample-hub", name="Sample Hub")


def sent() -> list[str]:
    found = Message.objects.filter(template="incubators/figures_due").order_by("pk")
    return [each.dedupe_key.split(":")[2] for each in found]


def test_a_mail_a_month_from_february_until_the_first_of_june(on: Any, organisation: Organisation) -> None:
    editor_of(organisation)

    for day in ((1, 31), (2, 1), (2, 2), (2, 28), (3, 1), (4, 30), (5, 15), (6, 1), (6, 2), (12, 31)):
        on(2027, *day)
        remind_of_figures()

    assert sent() == ["2027-02", "2027-03", "2027-04", "2027-05", "2027-06"]


@pytest.mark.parametrize(
    ("status", "mails"), [(None, 1), ("draft", 1), ("queried", 1), ("submitted", 0), ("accepted", 0)]
)
def test_who_has_sent_is_left_alone(on: Any, organisation: Organisation, status: str | None, mails: int) -> None:
    editor_of(organisation)
    if status:
        YearlyFigures.objects.create(organisation=organisation, year=2026, status=status)
    YearlyFigures.objects.create(organisation=organisation, year=2025, status="accepted")
    on(2027, 2, 1)

    remind_of_figures()

    assert len(sent()) == mails


def test_only_editors_of_listed_organisations_that_were_there(on: Any) -> None:
    for fields in ({"status": "suspended"}, {"status": "closed"}, {"status": "draft"}, {"founded_year": 2027}):
        editor_of(OrganisationFactory(**fields))
    OrganisationFactory()
    late = OrganisationFactory(founded_year=2026)
    editor, other, gone = editor_of(late), editor_of(late), editor_of(late, is_active=False)
    on(2027, 5, 31)

    assert remind_of_figures() == 1
    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {editor.pk, other.pk}
    assert gone.pk not in told


@pytest.mark.parametrize(("listed", "late"), [((2027, 6, 1), 1), ((2027, 6, 2), 0), ((2027, 11, 30), 0)])
def test_who_came_after_the_figures_were_due_owes_none_of_that_year(listed: tuple[int, int, int], late: int) -> None:
    organisation = OrganisationFactory(listed_at=datetime(*listed, 12, tzinfo=UTC))
    editor_of(organisation)

    assert [owing_figures(year).count() for year in (2026, 2027)] == [late, 1]


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Your figures of 2026 are missing: Sample Hub", "has not reported its figures of 2026 yet"),
        ("ru", "Sample Hub", "/ru/incubators/sample-hub/figures/2026/edit/"),
    ],
)
def test_the_mail_is_in_the_readers_language(
    on: Any, organisation: Organisation, language: str, subject: str, words: str
) -> None:
    editor_of(organisation, language=language)
    on(2027, 2, 1)

    remind_of_figures()

    mail = compose(Message.objects.get())
    assert (subject in mail.subject, words in mail.body) == (True, True)
