"""Importing organisations: the report on every row, what is written, what is refused."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators import desk
from incubators.enums import OrganisationStatus, Origin
from incubators.models import City, ImportRun, Organisation
from incubators.services.import_plan import spare_taken_over
from incubators.services.import_writes import INDEXED_AT_ONCE, write_plan
from incubators.services.importing import check_file, commit_import, dry_run
from incubators.services.listing import open_revision, submit_revision
from incubators.services.review import approve_revision
from incubators.tables import MOST_ROWS, RefusedError, table_of, text_of
from incubators.tasks import sweep_imports
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.models import SearchDocument
from network_platform.search.queries import keys
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    editor_of,
    entry,
    focal_point,
    meanwhile,
    secretary,
)

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[2] / "incubators" / "fixtures" / "organisations.csv"
HEAD = "name_en,type,country_iso2,city,website,founded_year,sectors,description_en\n"
ROW = "Steppe Hub,hub,KZ,Алматы,https://steppe.example,2018,ict; circular,Rooms for teams\n"


def check(text: str | bytes, by: User | None = None) -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    return check_file(data=data, file_name="rows.csv", by=by or secretary())


def commit(text: str | bytes, by: User | None = None) -> ImportRun:
    run = check(text, by)
    return commit_import(run=run, by=run.by)


def outcomes(run: ImportRun) -> list[tuple[int, str, str | None]]:
    return [(row["row"], row["outcome"], row["column"]) for row in run.report["rows"]]


def test_real_file_imports_whole_and_a_second_time_changes_nothing() -> None:
    first = commit(REAL.read_bytes())
    second = commit(REAL.read_bytes())

    assert first.report["counts"] == {"new": 142, "changed": 0, "unchanged": 0, "duplicate": 0, "error": 0}
    assert second.report["counts"] == {"new": 0, "changed": 0, "unchanged": 142, "duplicate": 0, "error": 0}
    assert Organisation.objects.count() == 142
    assert not Organisation.objects.exclude(verified_until=None).exists()


def test_dry_run_writes_nothing() -> None:
    run = check(HEAD + ROW)

    assert outcomes(run) == [(2, "new", None)]
    assert not Organisation.objects.exists()
    assert not Record.objects.exists()


def test_commit_lists_as_unverified_and_is_journaled_and_found() -> None:
    focal = focal_point("KZ")

    run = commit(HEAD + ROW, by=focal)

    made = Organisation.objects.get()
    assert (made.status, made.origin, made.is_verified) == (OrganisationStatus.LISTED, Origin.IMPORT, False)
    assert (made.city, made.website_host, made.founded_year) == (
        City.objects.get(slug="almaty"),
        "steppe.example",
        2018,
    )
    assert sorted(made.sectors.values_list("code", flat=True)) == ["circular", "ict"]
    assert set(keys("steppe", kind="organisation", audiences=[PUBLIC])) == {made.uid}
    record = Record.objects.get()
    assert (record.verb, record.scope, record.after["new"]) == ("organisations.imported", "country:KZ", 1)
    assert run.organisations.get() == made


def test_changed_row_names_the_column_and_changes_it() -> None:
    commit(HEAD + ROW)

    run = commit(HEAD + ROW.replace("2018", "2019"))

    assert outcomes(run) == [(2, "changed", "founded_year")]
    assert Organisation.objects.get().founded_year == 2019


def test_entry_that_its_editors_keep_is_not_changed() -> None:
    commit(HEAD + ROW)
    Organisation.objects.update(origin=Origin.EDITOR)

    run = commit(HEAD + ROW.replace("2018", "2019"))

    assert outcomes(run) == [(2, "unchanged", "founded_year")]
    assert Organisation.objects.get().founded_year == 2018


def test_entry_that_editors_take_over_during_the_import_is_not_changed() -> None:
    commit(HEAD + ROW)
    organisation, focal = Organisation.objects.get(), focal_point("KZ")
    person = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=person)
    values = entry(name_en="Steppe Hub")
    sent = submit_revision(revision=revision, by=person, version=revision.version, values=values)
    run = check(HEAD + ROW.replace("Rooms for teams", "Something else"))

    outcome = dry_run(text=run.text, by=run.by)
    approve_revision(revision=sent, by=focal)
    spare_taken_over(outcome.plan)
    write_plan(outcome.plan, run=run)

    organisation.refresh_from_db()
    assert organisation.descriptions["en"] == values["description_en"]
    assert [(row["outcome"], row["reason"]) for row in outcome.report["rows"]] == [
        ("unchanged", "Its editors keep this entry; the file does not change it.")
    ]


def test_same_file_from_two_people_at_once_is_written_once(signed_in: Any) -> None:
    first, second = focal_point("KZ"), focal_point("KZ", deputy=True)
    early, late = check(HEAD + ROW, first), check(HEAD + ROW, second)

    with meanwhile(lambda: commit_import(run=early, by=first)):
        commit_import(run=late, by=second)

    late.refresh_from_db()
    assert Organisation.objects.count() == 1
    assert late.report["counts"]["unchanged"] == 1


def test_name_taken_in_the_last_moment_is_told_in_a_sentence(signed_in: Any) -> None:
    focal = focal_point("KZ")
    run, done = check(HEAD + ROW, focal), []

    def taken(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "incubators_organisation"') and not done:
            done.append(True)
            OrganisationFactory(slug="steppe-hub", name="Another")
        return execute(sql, *args)

    with connection.execute_wrapper(taken):
        answer = signed_in(focal).post(f"/en/incubators/import/{run.uid}/", follow=True)

    run.refresh_from_db()
    assert "Somebody wrote into the registry at the same moment." in answer.content.decode()
    assert (run.status, Organisation.objects.filter(source_key="steppe hub").count()) == ("checked", 0)


def large_import(by: User) -> ImportRun:
    """More rows than are indexed at once; the task that a worker would run is lost, as nothing commits here."""
    rows = "".join(f"Hub {n} of the steppe,hub,KZ,,,,,\n" for n in range(INDEXED_AT_ONCE + 1))
    return commit(HEAD + rows, by)


def test_large_import_that_no_worker_indexed_is_found_by_beat() -> None:
    run = large_import(secretary())
    words = {"kind": "organisation", "audiences": [PUBLIC]}
    before = (run.indexed_at, len(set(keys("steppe", **words))), sweep_imports())
    ImportRun.objects.update(done_at=timezone.now() - timedelta(hours=2))
    told = desk.problems()

    swept = [sweep_imports(), sweep_imports()]

    assert before == (None, 0, 0)
    assert [line for line in told if "not found by the search" in line]
    assert swept == [1, 0]
    assert SearchDocument.objects.filter(kind="organisation", language="en").count() == INDEXED_AT_ONCE + 1
    assert desk.problems() == [line for line in told if "not found by the search" not in line]


def test_small_import_is_indexed_at_once() -> None:
    assert commit(HEAD + ROW).indexed_at is not None


def test_beat_knows_what_the_registry_leaves_to_it() -> None:
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"incubators.tasks.sweep_imports", "incubators.tasks.age"} <= tasks
    assert {"incubators.tasks.sweep_imports", "incubators.tasks.age"} <= set(current_app.tasks)


def test_names_that_are_there_or_come_twice_are_duplicates() -> None:
    listed = OrganisationFactory(name="Степь Хаб")

    run = commit(HEAD + "Step' Hab,hub,KZ,,,,,\n" + ROW + ROW.upper().replace("HTTPS", "https"))

    assert outcomes(run) == [(2, "duplicate", "name_en"), (3, "new", None), (4, "duplicate", "name_en")]
    assert run.report["rows"][0]["matches"][0]["uid"] == str(listed.uid)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Hub,unheard,KZ,,,,,", "type"),
        ("Hub,hub,DE,,,,,", "country_iso2"),
        (",hub,KZ,,,,,", "name_en"),
        ("…,hub,KZ,,,,,", "name_en"),
        ("Hub,hub,KZ,,javascript:alert(1),,,", "website"),
        ("Hub,hub,KZ,,http://[bad,,,", "website"),
        ("Hub,hub,KZ,,,20l8,,", "founded_year"),
        ("Hub,hub,KZ,,,0000020185,,", "founded_year"),
        ("Hub,hub,KZ,,,02018,,", "founded_year"),
        ("Hub,hub,KZ,,,٢٠١٨,,", "founded_year"),
        ("Hub,hub,KZ,,,,alchemy,", "sectors"),
        ("=cmd|' /C calc'!A0,hub,KZ,,,,,", "name_en"),
        ("Hub,hub,KZ,@SUM(A1),,,,", "city"),
        ("Hub,hub,KZ,a\x00b,,,,", "city"),
        (f"{'x' * 201},hub,KZ,,,,,", "name_en"),
        (f"Hub,hub,KZ,,,,,{'x' * 2001}", "description_en"),
    ],
)
def test_mistake_is_reported_with_its_column(row: str, column: str) -> None:
    run = commit(HEAD + row + "\n" + ROW)

    assert outcomes(run) == [(2, "error", column), (3, "new", None)]
    assert run.report["rows"][0]["reason"]
    assert str(Organisation.objects.get()) == "Steppe Hub"


def test_unquoted_comma_loses_nothing_and_is_reported() -> None:
    run = commit(HEAD + ROW.replace("Rooms for teams", "Rooms, for teams"))

    assert outcomes(run) == [(2, "new", None)]
    assert "description_en" in run.report["rows"][0]["reason"]
    assert Organisation.objects.get().descriptions == {"en": "Rooms, for teams"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_the_region_are_read(encoding: str) -> None:
    commit((HEAD + ROW).encode(encoding))

    assert Organisation.objects.get().city.slug == "almaty"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_read(delimiter: str) -> None:
    run = check((HEAD + ROW).replace("ict; circular", "ict").replace(",", delimiter))

    assert outcomes(run) == [(2, "new", None)]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 20, "not a text file"),
        (b"name,city\nHub,Almaty\n", "name_en, type, country_iso2"),
        (b"name_en,type,country_iso2,city,city\n", "twice"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        ((HEAD + "Hub,hub,KZ,,,,,\n" * (MOST_ROWS + 1)).encode(), "rows"),
    ],
)
def test_unreadable_file_is_refused_in_one_sentence(data: bytes, part: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check(data)

    assert part in str(refused.value)
    assert not ImportRun.objects.exists()


def test_broken_quotes_are_read_to_the_end() -> None:
    table = table_of('a,b\n"x,1\ny,2\n', needed=("a",))

    assert [cells["a"] for _line, cells in table.rows] == ["x,1\ny,2"]


def test_bytes_that_are_no_utf8_are_windows_1251() -> None:
    assert text_of("Алматы".encode("cp1251")) == "Алматы"


def test_focal_point_imports_the_own_country_only() -> None:
    run = commit(HEAD + ROW + ROW.replace("KZ", "KG"), by=focal_point("KZ"))

    assert outcomes(run) == [(2, "new", None), (3, "error", "country_iso2")]
    assert Organisation.objects.get().country.iso2 == "KZ"


def test_import_cannot_move_an_organisation_to_another_country() -> None:
    commit(HEAD + ROW)

    run = commit(HEAD + ROW.replace("KZ", "KG"), by=focal_point("KG"))

    assert outcomes(run) == [(2, "new", None)]
    assert sorted(Organisation.objects.values_list("country__iso2", flat=True)) == ["KG", "KZ"]


def test_others_may_not_import_nor_commit_anothers_run() -> None:
    run = check(HEAD + ROW)

    with pytest.raises(PermissionDenied):
        check(HEAD + ROW, by=PersonFactory())
    with pytest.raises(PermissionDenied):
        commit_import(run=run, by=focal_point("KZ"))

    assert not Organisation.objects.exists()


def test_committing_twice_writes_once() -> None:
    run = commit(HEAD + ROW)

    commit_import(run=run, by=run.by)

    assert Organisation.objects.count() == 1
    assert Record.objects.count() == 1


@pytest.mark.parametrize("number", [3, 600])
def test_statements_do_not_grow_with_rows(number: int) -> None:
    by = secretary()
    text = HEAD + "".join(f"Hub {n} of the steppe,hub,KZ,City {n % 9},,,ict,Text {n}\n" for n in range(number))

    with CaptureQueriesContext(connection) as asked:
        run = check(text, by)
        commit_import(run=run, by=by)

    assert Organisation.objects.count() == number
    assert len(asked) <= 44


def call(*args: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_registry", "organisations", *args, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_command_is_dry_unless_told(tmp_path: Path) -> None:
    by = secretary()
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + ROW)

    dry = call(str(path), "--as", by.email)
    before = Organisation.objects.count()
    wet = call(str(path), "--as", by.email, "--commit", "--report", str(tmp_path / "report.json"))

    assert (dry[0], json.loads(dry[1])["counts"]["new"], before) == (0, 1, 0)
    assert wet == (0, "", "")
    assert json.loads((tmp_path / "report.json").read_text())["rows"][0]["outcome"] == "new"
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("case", ["no such file", "no such person", "not entitled", "not a table"])
def test_command_refuses_in_one_sentence(tmp_path: Path, case: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("" if case == "not a table" else HEAD + ROW)
    email = {"no such person": "nobody@example.org", "not entitled": PersonFactory().email}.get(case, secretary().email)
    target = str(tmp_path / "missing.csv") if case == "no such file" else str(path)

    code, out, err = call(target, "--as", email)

    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert json.loads(out)["refused"] == err.strip()
    assert json.loads(out)["rows"] == []
