"""Importing yearly figures: units and money, what stays with editors and what was accepted, and taking it back."""

import re
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubators.enums import FiguresStatus
from incubators.models import Figure, Indicator, Organisation, YearlyFigures
from incubators.models.imports import Undone
from incubators.rules import can_review_figures
from incubators.services.figures import accept_figures, query_figures, save_figures, submit_figures
from incubators.tables import RefusedError
from incubators.yearly import last_year
from network_platform.background.models import Message
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, editor_of, focal_point
from tests.incubators.imports import changes, checked, imported, outcomes, taken_back, told

pytestmark = pytest.mark.django_db
YEAR = last_year()
HEAD = "organisation,year,startups_supported,jobs,money_raised,circular_projects\n"
ROW = f"Steppe Hub,{YEAR},20,1 200,grant: 12000 USD; equity: 5000.50 EUR,3\n"


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Steppe Hub", slug="steppe-hub")


@pytest.fixture
def focal() -> User:
    return focal_point("KZ")


def numbers() -> list[tuple[str, str, str, Decimal]]:
    rows = Figure.objects.order_by("definition__indicator__code", "money_kind", "currency")
    return list(rows.values_list("definition__indicator__code", "money_kind", "currency", "value"))


def test_figures_are_sent_and_wait_for_an_answer(organisation: Organisation, focal: User) -> None:
    run = imported("figures", HEAD + ROW, focal)

    made = YearlyFigures.objects.get()
    assert outcomes(run) == [(2, "new", None)]
    assert (made.organisation, made.year, made.status, made.submitted_by, made.is_published) == (
        organisation,
        YEAR,
        FiguresStatus.SUBMITTED,
        focal,
        False,
    )
    assert numbers() == [
        ("circular_projects", "", "", 3),
        ("jobs", "", "", 1200),
        ("money_raised", "equity", "EUR", Decimal("5000.50")),
        ("money_raised", "grant", "USD", 12000),
        ("startups_supported", "", "", 20),
    ]
    assert can_review_figures(focal, made)
    assert (Record.objects.get().verb, Message.objects.count()) == ("figures.imported", 0)
    assert accept_figures(figures=made, by=focal).status == FiguresStatus.ACCEPTED


def test_second_import_changes_nothing(organisation: Organisation, focal: User) -> None:
    imported("figures", HEAD + ROW, focal)

    again = imported("figures", HEAD + ROW, focal)

    assert outcomes(again) == [(2, "unchanged", None)]
    assert (Figure.objects.count(), YearlyFigures.objects.get().version) == (5, 0)


def test_correction_changes_the_columns_of_the_file_and_what_a_reviewer_has_read_is_stale(
    organisation: Organisation, focal: User
) -> None:
    imported("figures", HEAD + ROW, focal)
    read = YearlyFigures.objects.get()

    run = imported("figures", f"organisation,year,jobs,money_raised\nsteppe-hub,{YEAR},,5000 usd\n", focal)

    assert changes(run) == [
        ("jobs", "1200", ""),
        ("money_raised", "equity: 5000.5 EUR; grant: 12000 USD", "other: 5000 USD"),
    ]
    assert numbers() == [
        ("circular_projects", "", "", 3),
        ("money_raised", "other", "USD", 5000),
        ("startups_supported", "", "", 20),
    ]
    with pytest.raises(StaleWrite):
        accept_figures(figures=read, by=focal, version=read.version)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"Foreign Hub,{YEAR},1,,,", "organisation"),
        (f"Nowhere,{YEAR},1,,,", "organisation"),
        (f"Steppe Hub,{YEAR + 1},1,,,", "year"),
        ("Steppe Hub,1900,1,,,", "year"),
        ("Steppe Hub,,1,,,", "year"),
        (f"Steppe Hub,{YEAR},1.5,,,", "startups_supported"),
        (f"Steppe Hub,{YEAR},-1,,,", "startups_supported"),
        (f"Steppe Hub,{YEAR},12.000,,,", "startups_supported"),
        (f"Steppe Hub,{YEAR},many,,,", "startups_supported"),
        (f"Steppe Hub,{YEAR},,,12000,", "money_raised"),
        (f"Steppe Hub,{YEAR},,,12000 XXX,", "money_raised"),
        (f"Steppe Hub,{YEAR},,,gift: 12000 USD,", "money_raised"),
        (f"Steppe Hub,{YEAR},,,1 USD; 2 USD,", "money_raised"),
        (f"Steppe Hub,{YEAR},,,=1 USD,", "money_raised"),
        (f"Steppe Hub,{YEAR},3,,,4", "circular_projects"),
        (f"Steppe Hub,{YEAR},,,,", "startups_supported"),
    ],
)
def test_mistakes_are_of_the_row_and_named_with_their_column(organisation: Organisation, row: str, column: str) -> None:
    OrganisationFactory(name="Foreign Hub", iso2="KG")

    run = imported("figures", HEAD + row + "\n" + ROW.replace(str(YEAR), str(YEAR - 1)))

    assert outcomes(run) == [(2, "error", column), (3, "new", None)]
    assert YearlyFigures.objects.get().year == YEAR - 1


def test_what_is_not_asked_any_more_is_a_mistake(organisation: Organisation) -> None:
    Indicator.objects.filter(code="jobs").update(retired_from=YEAR)

    run = checked("figures", HEAD + ROW)

    assert outcomes(run) == [(2, "error", "jobs")]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("money_raised,currency", "12000,kzt"),
        ("money_raised,money_raised_currency,money_raised_kind", "12000,KZT,Other money"),
        ("money_raised", "KZT 12000"),
        ("Средства привлечённые поддержанными стартапами", "12 000 KZT"),
    ],
)
def test_money_has_its_currency_in_the_cell_or_beside_it(organisation: Organisation, head: str, cells: str) -> None:
    imported("figures", f"organisation,year,{head}\nSteppe Hub,{YEAR},{cells}\n")

    assert numbers() == [("money_raised", "other", "KZT", 12000)]


def test_file_without_any_figure_is_refused(organisation: Organisation) -> None:
    with pytest.raises(RefusedError):
        checked("figures", f"organisation,year\nSteppe Hub,{YEAR}\n")


def test_year_twice_in_the_file_is_a_duplicate(organisation: Organisation) -> None:
    run = checked("figures", HEAD + ROW + ROW.replace("Steppe Hub", "steppe-hub"))

    assert outcomes(run) == [(2, "new", None), (3, "duplicate", "organisation")]


def test_accepted_figures_are_a_mistake_of_the_row_unless_they_are_the_same(
    organisation: Organisation, focal: User
) -> None:
    imported("figures", HEAD + ROW, focal)
    accept_figures(figures=YearlyFigures.objects.get(), by=focal)

    same, other = (imported("figures", HEAD + row, focal) for row in (ROW, ROW.replace("1 200", "1300")))

    assert (outcomes(same), outcomes(other)) == ([(2, "unchanged", None)], [(2, "error", "jobs")])
    assert changes(other) == [("jobs", "1200", "1300")]
    assert ("jobs", "", "", Decimal(1200)) in numbers()


def test_what_was_accepted_does_not_look_changed(organisation: Organisation, focal: User, signed_in: Any) -> None:
    imported("figures", HEAD + ROW, focal)
    accept_figures(figures=YearlyFigures.objects.get(), by=focal)
    run = checked("figures", HEAD + ROW.replace("1 200", "1300"), focal)

    page = signed_in(focal).get(f"/en/incubators/import/{run.uid}/").content.decode()

    assert "These figures were accepted and are not overwritten." in page
    assert ("Nothing was changed. The file says otherwise:" in page, "<del" in page) == (True, False)


def test_a_cell_of_blanks_is_read_at_once(organisation: Organisation) -> None:
    began = process_time()

    run = checked("figures", HEAD + f'Steppe Hub,{YEAR},,,"1{" " * 3900}x",\n')

    assert outcomes(run) == [(2, "error", "money_raised")]
    assert process_time() - began < 2


def test_imported_figures_that_were_asked_about_are_sent_anew(organisation: Organisation, focal: User) -> None:
    imported("figures", HEAD + ROW, focal)
    query_figures(figures=YearlyFigures.objects.get(), by=focal, question="So many?")

    run = imported("figures", HEAD + ROW.replace("1 200", "120"), focal)

    assert outcomes(run) == [(2, "changed", "jobs")]
    assert YearlyFigures.objects.get().status == FiguresStatus.SUBMITTED


@pytest.mark.parametrize("state", ["typed", "sent"])
def test_what_editors_report_stays_theirs_and_a_draft_is_not_told(
    organisation: Organisation, focal: User, state: str
) -> None:
    editor = editor_of(organisation)
    values = {"figure_jobs": "77"}
    figures = save_figures(organisation=organisation, year=YEAR, by=editor, version=0, values=values)
    if state == "sent":
        definition = Indicator.objects.get(code="jobs").definitions.get()
        rows = [Figure(definition=definition, value=77)]
        submit_figures(figures=figures, by=editor, version=figures.version, values=rows)

    run = imported("figures", HEAD + ROW, focal)

    row = told(run)[0]
    assert (row["outcome"], "themselves" in row["reason"]) == ("unchanged", True)
    assert ("77" in str(row["changes"])) == (state == "sent")
    assert YearlyFigures.objects.get().submitted_by == (editor if state == "sent" else None)


def test_what_editors_send_after_a_question_is_theirs(organisation: Organisation, focal: User) -> None:
    editor = editor_of(organisation)
    imported("figures", HEAD + ROW, focal)
    asked = query_figures(figures=YearlyFigures.objects.get(), by=focal, question="So many?")
    definition = Indicator.objects.get(code="jobs").definitions.get()
    submit_figures(figures=asked, by=editor, version=0, values=[Figure(definition=definition, value=7)])

    run = imported("figures", HEAD + ROW, focal)

    assert outcomes(run) == [(2, "unchanged", "startups_supported")]
    assert numbers() == [("jobs", "", "", 7)]


def test_import_is_taken_back_but_for_what_was_accepted(organisation: Organisation, focal: User) -> None:
    imported("figures", HEAD + ROW, focal)
    before = numbers()
    rows = [
        ROW.replace("1 200", "7").replace("grant", "loan"),
        *(ROW.replace(str(YEAR), str(YEAR - n)) for n in (1, 2)),
    ]
    run = imported("figures", HEAD + "".join(rows), focal)
    accept_figures(figures=YearlyFigures.objects.get(year=YEAR - 2), by=focal)

    undone = taken_back(run, focal)

    assert undone == Undone(removed=1, restored=1, left=1)
    assert sorted(YearlyFigures.objects.values_list("year", flat=True)) == [YEAR - 2, YEAR]
    Figure.objects.filter(figures__year=YEAR - 2).delete()
    assert numbers() == before


@pytest.mark.parametrize("number", [3, 30])
def test_statements_do_not_grow_with_rows(focal: User, number: int) -> None:
    hubs = [OrganisationFactory(name=f"Hub {n}", slug=f"hub-number-{n}") for n in range(number)]
    text = HEAD + "".join(ROW.replace("Steppe Hub", hub.slug) for hub in hubs)

    with CaptureQueriesContext(connection) as asked:
        run: Any = imported("figures", text, focal)

    assert run.report["counts"]["new"] == number
    assert len(asked) <= 50


@pytest.mark.parametrize("number", [3, 30])
def test_statements_of_undoing_do_not_grow_with_rows(focal: User, number: int) -> None:
    hubs = [OrganisationFactory(name=f"Hub {n}", slug=f"hub-number-{n}") for n in range(number)]
    text = HEAD + "".join(ROW.replace("Steppe Hub", hub.slug) for hub in hubs)
    imported("figures", text, focal)
    before = numbers()
    run: Any = imported("figures", text.replace(",20,", ",21,"), focal)

    with CaptureQueriesContext(connection) as asked:
        undone = taken_back(run, focal)

    assert (undone.restored, numbers()) == (number, before)
    assert len(asked) <= 30


def test_page_says_why_there_is_nothing_to_import_and_leads_to_another_file(
    organisation: Organisation, focal: User, signed_in: Any
) -> None:
    figures = save_figures(organisation=organisation, year=YEAR, by=editor_of(organisation), version=0, values={})
    rows = [Figure(definition=Indicator.objects.get(code="jobs").definitions.get(), value=77)]
    submit_figures(figures=figures, by=editor_of(organisation), version=figures.version, values=rows)
    same, other, wrong = "organisation,year,jobs\nSteppe Hub,%s,77\n", HEAD + ROW, HEAD + ROW.replace(str(YEAR), "1066")

    runs = [checked("figures", text, focal) for text in (same % YEAR, other, wrong)]
    pages = [signed_in(focal).get(f"/en/incubators/import/{run.uid}/").content.decode() for run in runs]

    said = [re.findall(r"There is nothing to import: ([^<]*)<", page) for page in pages]
    assert said == [
        ["the registry says the same."],
        ["what the registry says otherwise stays as it is. The rows below say why."],
        ["correct the rows below and send them again."],
    ]
    assert all('href="/en/incubators/import/">Another file<' in page for page in pages)
