"""Importing programmes: whose they are, what is shown, what editors keep, and taking it back."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from incubators.enums import ImportKind, OrganisationStatus, ProgrammeStatus
from incubators.models import Cohort, Membership, OpenCall, Organisation, Programme
from incubators.models.imports import Undone
from incubators.services.programmes import create_programme, save_cohort, update_programme
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.queries import keys
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point, secretary
from tests.incubators.imports import changes, checked, imported, outcomes, taken_back, told

pytestmark = pytest.mark.django_db
HEAD = "organisation,name,kind,status,languages,sectors,weeks,website,description,starts,ends,places\n"
ROW = "Steppe Hub,Steppe School,Acceleration,,ru; kk,ict,12,steppe.example/school,Twelve weeks,{},{},20\n"
ROW_OF_SPRING = ROW.format("2026-03-01", "2026-05-24")


def add_cohort(programme: Programme, by: User) -> Cohort:
    return save_cohort(programme=programme, by=by, name="Autumn", starts=date(2026, 9, 1), ends=None, places=None)


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Steppe Hub", slug="steppe-hub")


def test_programme_is_published_with_its_cohort_and_found(organisation: Organisation) -> None:
    run = imported("programmes", HEAD + ROW_OF_SPRING)

    made = Programme.objects.get()
    assert outcomes(run) == [(2, "new", None)]
    assert (made.organisation, made.kind, made.status, made.titles) == (
        organisation,
        "acceleration",
        ProgrammeStatus.PUBLISHED,
        {"en": "Steppe School"},
    )
    assert (made.languages, made.weeks, made.website) == (["kk", "ru"], 12, "https://steppe.example/school")
    assert [sector.code for sector in made.sectors.all()] == ["ict"]
    cohort = made.cohorts.get()
    assert (cohort.name, cohort.starts, cohort.ends, cohort.places) == (
        "2026",
        date(2026, 3, 1),
        date(2026, 5, 24),
        20,
    )
    assert set(keys("steppe school", kind="programme", audiences=[PUBLIC])) == {made.uid}
    record = Record.objects.get()
    assert (record.verb, record.scope, record.after["new"]) == ("programmes.imported", "country:KZ", 1)
    assert run.report["rows"][0]["page"] == f"/programmes/{made.uid}/"


def test_dry_run_writes_nothing_and_a_second_import_changes_nothing(organisation: Organisation) -> None:
    dry, before = checked("programmes", HEAD + ROW_OF_SPRING), Programme.objects.count()
    imported("programmes", HEAD + ROW_OF_SPRING)

    again = imported("programmes", HEAD + ROW_OF_SPRING)

    assert (outcomes(dry), before) == ([(2, "new", None)], 0)
    assert outcomes(again) == [(2, "unchanged", None)]
    assert (Programme.objects.count(), Cohort.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "day", ["2026-03-01", "2026/3/1", "01.03.2026", "1/3/2026", "1 March 2026", "1 марта 2026 г.", "1 Mar 2026"]
)
def test_days_are_read_as_people_write_them(organisation: Organisation, day: str) -> None:
    imported("programmes", HEAD + ROW.format(day, ""))

    assert Cohort.objects.get().starts == date(2026, 3, 1)


@pytest.mark.parametrize("named", ["uid", "slug", "name"])
def test_organisation_is_named_by_uid_slug_or_name(organisation: Organisation, named: str) -> None:
    text = {"uid": str(organisation.uid), "slug": organisation.slug, "name": "СТЕПЬ  Hub"}[named]
    OrganisationFactory(name="Степь Hub") if named != "name" else organisation.names.update(skeleton="step hub")

    run = imported("programmes", f"organisation,name_ru\n{text},Школа\n")

    assert outcomes(run) == [(2, "new", None)]
    assert Programme.objects.get().organisation == organisation


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Foreign Hub,School,,,,,,,,,,", "organisation"),
        ("Nowhere,School,,,,,,,,,,", "organisation"),
        ("Draft Hub,School,,,,,,,,,,", "organisation"),
        ("Twin Hub,School,,,,,,,,,,", "organisation"),
        ("Steppe Hub,,,,,,,,,,,", "name_en"),
        ("Steppe Hub,School,magic,,,,,,,,,", "kind"),
        ("Steppe Hub,School,,gone,,,,,,,,", "status"),
        ("Steppe Hub,School,,,xx,,,,,,,", "languages"),
        ("Steppe Hub,School,,,,alchemy,,,,,,", "sectors"),
        ("Steppe Hub,School,,,,,0,,,,,", "weeks"),
        ("Steppe Hub,School,,,,,,javascript:x,,,,", "website"),
        ("Steppe Hub,School,,,,,,,,2026-13-01,,", "starts"),
        ("Steppe Hub,School,,,,,,,,2026-03-01,2026-02-01,", "ends"),
        ("Steppe Hub,School,,,,,,,,,2026-03-01,", "starts"),
        ("Steppe Hub,=1+1,,,,,,,,,,", "name_en"),
    ],
)
def test_mistakes_are_of_the_row_and_named_with_their_column(organisation: Organisation, row: str, column: str) -> None:
    OrganisationFactory(name="Foreign Hub", iso2="KG")
    OrganisationFactory(name="Draft Hub", status=OrganisationStatus.DRAFT)
    OrganisationFactory(name="Twin Hub")
    OrganisationFactory(name="Twin Hub")

    run = imported("programmes", HEAD + row + "\n" + ROW_OF_SPRING)

    assert outcomes(run) == [(2, "error", column), (3, "new", None)]
    assert told(run)[0]["reason"]


def test_secretariat_imports_for_every_country(organisation: Organisation) -> None:
    OrganisationFactory(name="Steppe Hub", iso2="KG")

    run = imported("programmes", "organisation,country_iso2,name\nSteppe Hub,KG,School\n", secretary())

    assert outcomes(run) == [(2, "new", None)]
    assert Programme.objects.get().organisation.country.iso2 == "KG"


def test_change_says_old_and_new_and_leaves_what_the_file_does_not_have(organisation: Organisation) -> None:
    imported("programmes", HEAD + ROW_OF_SPRING)

    run = imported("programmes", "organisation,name,weeks,starts\nSteppe Hub,Steppe School,10,2026-03-08\n")

    made = Programme.objects.get()
    assert changes(run) == [("weeks", "12", "10"), ("starts", "2026, 2026-03-01", "2026, 2026-03-08")]
    assert (made.weeks, made.descriptions, made.kind) == (10, {"en": "Twelve weeks"}, "acceleration")
    assert (made.cohorts.get().starts, made.cohorts.get().ends) == (date(2026, 3, 8), date(2026, 5, 24))


def test_description_in_a_language_of_the_country_is_added_to_the_others(organisation: Organisation) -> None:
    imported("programmes", HEAD + ROW_OF_SPRING)

    run = imported("programmes", "organisation,name,description_kk\nSteppe Hub,Steppe School,Он екі апта\n")

    assert changes(run) == [("description_kk", "", "Он екі апта")]
    assert Programme.objects.get().descriptions == {"en": "Twelve weeks", "kk": "Он екі апта"}


def test_draft_that_nobody_edits_is_published_by_another_import(organisation: Organisation) -> None:
    text = "organisation,name,status\nSteppe Hub,School,{}\n"
    focal = focal_point("KZ")

    runs = [imported("programmes", text.format(status), focal) for status in ("draft", "draft", "Running")]

    assert [outcomes(run) for run in runs] == [
        [(2, "new", None)],
        [(2, "unchanged", None)],
        [(2, "changed", "status")],
    ]
    assert [run.report["rows"][0]["page"] for run in runs[:2]] == ["", ""]
    assert Programme.objects.get().status == ProgrammeStatus.PUBLISHED


def test_states_move_as_the_table_says(organisation: Organisation) -> None:
    text = "organisation,name,status\nSteppe Hub,School,{}\n"
    imported("programmes", text.format("published"))

    runs = [imported("programmes", text.format(status)) for status in ("ended", "draft")]

    assert [outcomes(run) for run in runs] == [[(2, "changed", "status")], [(2, "error", "status")]]
    assert Programme.objects.get().status == ProgrammeStatus.ENDED


def test_where_there_are_editors_it_waits_for_them_and_is_theirs(organisation: Organisation) -> None:
    editor, focal = editor_of(organisation), focal_point("KZ")

    run = imported("programmes", HEAD + ROW_OF_SPRING, focal)
    again = imported("programmes", HEAD + ROW_OF_SPRING.replace("Twelve", "Ten"), focal)

    made = Programme.objects.get()
    assert (made.status, made.descriptions) == (ProgrammeStatus.DRAFT, {"en": "Twelve weeks"})
    assert "waits for them as a draft" in told(run)[0]["reason"]
    assert (outcomes(again), changes(again)) == ([(2, "unchanged", None)], [])
    assert list(Programme.objects.visible_to(editor)) == [made]


def test_name_that_is_there_is_a_duplicate_and_a_hidden_draft_is_not_told(organisation: Organisation) -> None:
    editor = editor_of(organisation)
    shown = create_programme(organisation=organisation, by=editor, titles={"en": "Open School"})
    Programme.objects.update(status=ProgrammeStatus.PUBLISHED)
    create_programme(organisation=organisation, by=editor, titles={"en": "Canary School"})

    run = checked("programmes", "organisation,name\nSteppe Hub,Open School\nSteppe Hub,Canary School\nSteppe Hub,New\n")

    assert outcomes(run) == [(2, "duplicate", "name_en"), (3, "new", None), (4, "new", None)]
    assert told(run)[0]["matches"] == [
        {"uid": str(shown.uid), "name": "Open School", "url": f"/programmes/{shown.uid}/"}
    ]
    assert run.report["rows"][1]["matches"] == []


def test_a_name_twice_in_the_file_is_a_duplicate(organisation: Organisation) -> None:
    run = checked("programmes", "organisation,name\nSteppe Hub,School\nsteppe-hub,SCHOOL\n")

    assert outcomes(run) == [(2, "new", None), (3, "duplicate", "name_en")]
    assert "row 2" in told(run)[1]["reason"]


def test_import_is_taken_back(organisation: Organisation) -> None:
    imported("programmes", HEAD + ROW_OF_SPRING)
    before = list(Programme.objects.values("titles", "descriptions", "weeks", "languages", "status", "import_run"))
    run = imported(
        "programmes",
        HEAD
        + ROW_OF_SPRING.replace("Twelve", "Ten").replace("-03-01", "-03-08").replace("ru; kk", "ru").replace("ict", "")
        + ROW_OF_SPRING.replace("School", "Lab"),
    )

    undone = taken_back(run)

    assert undone == Undone(removed=1, restored=1, left=0)
    assert list(Programme.objects.values("titles", "descriptions", "weeks", "languages", "status", "import_run")) == (
        before
    )
    assert [sector.code for sector in Programme.objects.get().sectors.all()] == ["ict"]
    assert Cohort.objects.get().starts == date(2026, 3, 1)
    assert list(keys("lab", kind="programme", audiences=[PUBLIC])) == []


@pytest.mark.parametrize("done", ["call", "later import", "programme changed", "cohort added"])
def test_what_people_did_since_stays(organisation: Organisation, done: str) -> None:
    run = imported("programmes", HEAD + ROW_OF_SPRING)
    made = Programme.objects.get()
    if done == "call":
        OpenCall.objects.create(programme=made, opens_at=run.done_at, closes_at=run.done_at.replace(year=2030))
    elif done == "later import":
        imported("programmes", HEAD + ROW_OF_SPRING.replace("Twelve", "Ten"), run.by)
    elif done == "programme changed":
        update_programme(programme=made, by=editor_of(organisation), version=0, titles={"en": "Lab"})
    else:
        add_cohort(made, editor_of(organisation))

    undone = taken_back(run)

    assert (undone.removed, undone.left) == (0, 1)
    assert Programme.objects.filter(pk=made.pk).exists()


def test_cohort_that_editors_added_stays_when_a_change_is_taken_back(organisation: Organisation) -> None:
    imported("programmes", HEAD + ROW_OF_SPRING)
    run = imported("programmes", HEAD + ROW_OF_SPRING.replace("Twelve", "Ten"))
    add_cohort(Programme.objects.get(), editor_of(organisation))
    Membership.objects.all().delete()

    undone = taken_back(run)

    assert undone == Undone(removed=0, restored=0, left=1)
    assert {cohort.name for cohort in Cohort.objects.all()} == {"2026", "Autumn"}


@pytest.mark.parametrize("number", [3, 60])
def test_statements_do_not_grow_with_rows(organisation: Organisation, number: int) -> None:
    focal = focal_point("KZ")
    text = HEAD + "".join(ROW_OF_SPRING.replace("School", f"School {n}") for n in range(number))

    with CaptureQueriesContext(connection) as asked:
        imported("programmes", text, focal)

    assert Programme.objects.count() == number
    assert len(asked) <= 56


@pytest.mark.parametrize("number", [3, 30])
def test_statements_of_undoing_do_not_grow_with_rows(organisation: Organisation, number: int) -> None:
    focal = focal_point("KZ")
    text = HEAD + "".join(ROW_OF_SPRING.replace("School", f"School {n}") for n in range(number))
    imported("programmes", text, focal)
    run = imported("programmes", text.replace("2026-05-24", "2026-06-24"), focal)

    with CaptureQueriesContext(connection) as asked:
        undone = taken_back(run, focal)

    assert undone.restored == number
    assert {cohort.ends for cohort in Cohort.objects.all()} == {date(2026, 5, 24)}
    assert len(asked) <= 46


def test_headings_in_russian_are_understood(organisation: Organisation) -> None:
    run = imported("programmes", "Организация;Название;Вид;Дата начала\nSteppe Hub;Школа;Акселерация;01.03.2026\n")

    assert outcomes(run) == [(2, "new", None)]
    assert Programme.objects.get().titles == {"ru": "Школа"}


def test_workbook_with_days_is_read(organisation: Organisation) -> None:
    book = Workbook()
    book.active.append(["organisation", "name", "starts", "weeks"])
    book.active.append(["Steppe Hub", "School", datetime(2026, 3, 1), 12])
    file = BytesIO()
    book.save(file)

    run = imported("programmes", file.getvalue())

    assert outcomes(run) == [(2, "new", None)]
    assert (Cohort.objects.get().starts, Programme.objects.get().weeks) == (date(2026, 3, 1), 12)


@pytest.mark.parametrize("kind", ImportKind)
def test_nobody_else_imports_anything(kind: str) -> None:
    with pytest.raises(PermissionDenied):
        checked(kind, "name,country_iso2\nSteppe,KZ\n", PersonFactory())


def test_windows_1251_and_semicolons_are_read(organisation: Organisation) -> None:
    run: Any = imported("programmes", "organisation;name_ru\nSteppe Hub;Школа\n".encode("cp1251"))

    assert outcomes(run) == [(2, "new", None)]
