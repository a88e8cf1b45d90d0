"""An import as a job: begun once, written by a worker, gone on with after it broke off, and never written twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from incubators import desk
from incubators.enums import ImportStatus
from incubators.models import FocalPoint, ImportRun, Organisation
from incubators.services import importing
from incubators.services.importing import commit_import
from incubators.services.imports import jobs
from incubators.services.imports.jobs import MOST_ATTEMPTS, start_import
from incubators.tasks import sweep_imports, write_import
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.queries import keys
from tests.incubators.factories import OrganisationFactory, focal_point, meanwhile, secretary
from tests.incubators.imports import checked, imported, outcomes, taken_back

pytestmark = pytest.mark.django_db
HEAD = "name_en,type,country_iso2,city,sectors\n"
LOOKS = '<noscript><meta http-equiv="refresh" content="3; url='  # with its address: at #main it would stay
ROWS = "".join(f"Hub {word},hub,KZ,Almaty,ict\n" for word in ("one", "two", "three", "four", "five"))


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture
def focal() -> User:
    return focal_point("KZ")


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "WRITTEN_AT_ONCE", 2)


def begun(focal: User, rows: str = ROWS) -> ImportRun:
    return start_import(run=checked("organisations", HEAD + rows, focal), by=focal)


def killed_in_part(number: int) -> Any:
    """The worker dies when it writes the names of this part; each part writes them once."""
    seen: list[str] = []

    def kill(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "incubators_organisationname"'):
            seen.append(sql)
            if len(seen) == number:
                raise Killed
        return execute(sql, *args)

    return connection.execute_wrapper(kill)


def names() -> list[str]:
    return sorted(str(organisation) for organisation in Organisation.objects.all())


def test_two_presses_begin_one_job(
    signed_in: Any, focal: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append((task, options["args"])))
    run, client = checked("organisations", HEAD + ROWS, focal), signed_in(focal)

    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(f"/en/incubators/import/{run.uid}/") for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert sent == [("incubators.tasks.write_import", (run.pk,))]
    assert not Organisation.objects.exists()


def test_page_tells_how_far_it_is_and_then_the_report(signed_in: Any, focal: User, parts_of_two: None) -> None:
    run, client = begun(focal), signed_in(focal)
    page = f"/en/incubators/import/{run.uid}/"
    with killed_in_part(2), pytest.raises(Killed):
        write_import(run.pk)

    waits, listed = client.get(page), client.get("/en/incubators/import/").content.decode()
    write_import(run.pk)
    done = client.get(page)

    assert "2 of 5 rows are written." in waits.content.decode()
    assert '<progress max="5" value="2"' in waits.content.decode()
    assert (LOOKS in waits.content.decode(), LOOKS in done.content.decode()) == (True, False)
    assert "Being imported: 2 of 5" in listed
    assert "<h1>Imported</h1>" in done.content.decode()


def test_task_that_runs_twice_writes_once(focal: User) -> None:
    run = begun(focal)

    write_import(run.pk)
    write_import(run.pk)

    assert names() == ["Hub five", "Hub four", "Hub one", "Hub three", "Hub two"]
    assert Record.objects.filter(verb="organisations.imported").count() == 1


@pytest.mark.parametrize("part", [1, 2, 3])
def test_killed_worker_is_gone_on_with_and_no_row_is_written_twice(focal: User, parts_of_two: None, part: int) -> None:
    OrganisationFactory(name="Hub two", slug="two", source_key="hub tvo")
    run = begun(focal)
    with killed_in_part(part), pytest.raises(Killed):
        write_import(run.pk)
    run.refresh_from_db()
    halfway = (run.status, run.rows_done)

    write_import(run.pk)

    run.refresh_from_db()
    assert halfway == (ImportStatus.WAITING, 2 * (part - 1))
    assert [outcome for _row, outcome, _column in outcomes(run)] == ["new", "changed", "new", "new", "new"]
    assert [len(row["changes"]) for row in run.report["rows"]] == [0, 2, 0, 0, 0]
    assert (run.status, run.rows_done, len(run.before["new"]), len(run.before["changed"])) == ("done", 5, 4, 1)
    assert names() == ["Hub five", "Hub four", "Hub one", "Hub three", "Hub two"]
    undone = taken_back(run, focal)
    assert (undone.removed, undone.restored, undone.left) == (4, 1, 0)


def test_another_worker_that_has_gone_on_is_not_written_over(focal: User, parts_of_two: None) -> None:
    run = begun(focal)

    with meanwhile(lambda: write_import(run.pk)):
        commit_import(run=run, by=focal)

    assert len(names()) == 5
    assert Record.objects.filter(verb="organisations.imported").count() == 1


def test_what_others_write_between_two_parts_is_seen(focal: User, parts_of_two: None) -> None:
    run, seen = begun(focal), []

    def between(execute: Any, sql: str, *args: Any) -> Any:
        """Before the second part begins."""
        seen.append(sql.startswith('UPDATE "incubators_importrun" SET "before"'))
        if sql.startswith("SAVEPOINT") and sum(seen) == 1:
            seen.append(True)
            OrganisationFactory(name="Hub five")
        return execute(sql, *args)

    with connection.execute_wrapper(between):
        write_import(run.pk)

    run.refresh_from_db()
    assert [outcome for _row, outcome, _column in outcomes(run)] == ["new", "new", "new", "new", "duplicate"]
    assert len(names()) == 5


def test_beat_gives_a_stuck_import_to_a_worker_again(focal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append((task, options["args"])))
    run = begun(focal)
    early = sweep_imports()
    ImportRun.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    told = desk.problems()

    swept = sweep_imports()

    assert (early, swept, sent) == (0, 1, [("incubators.tasks.write_import", (run.pk,))])
    assert [line for line in told if "not gone on with" in line]


def test_stuck_import_is_sent_once_until_a_worker_takes_it_or_none_does(
    focal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: None)
    run, now = begun(focal), timezone.now()
    ImportRun.objects.update(seen_at=now - timedelta(hours=2))
    swept = [sweep_imports() for _minute in range(3)]
    told = desk.problems()
    ImportRun.objects.update(sent_at=now - timedelta(minutes=11))
    lost = sweep_imports()
    ImportRun.objects.update(sent_at=now - timedelta(minutes=5), seen_at=now - timedelta(minutes=4))
    killed = sweep_imports()

    assert (swept, lost, killed) == ([1, 0, 0], 1, 1)
    assert [line for line in told if "not gone on with" in line]
    write_import(run.pk)
    assert sweep_imports() == 0


def test_job_that_never_ends_is_given_back_with_the_reason(signed_in: Any, focal: User) -> None:
    run = begun(focal)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS)

    write_import(run.pk)

    page = signed_in(focal).get(f"/en/incubators/import/{run.uid}/").content.decode()
    run.refresh_from_db()
    assert (run.status, names()) == (ImportStatus.CHECKED, [])
    assert "could not finish this import" in page
    write_import(start_import(run=run, by=focal).pk)
    assert len(names()) == 5


def stopped_half_way(focal: User) -> ImportRun:
    """Two of five rows are written."""
    run = begun(focal)
    with killed_in_part(2), pytest.raises(Killed):
        write_import(run.pk)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS)
    write_import(run.pk)
    run.refresh_from_db()
    return run


def test_import_that_stops_half_way_is_listed_found_and_journaled(
    signed_in: Any, focal: User, parts_of_two: None
) -> None:
    run, client = stopped_half_way(focal), signed_in(focal)

    page = client.get(f"/en/incubators/import/{run.uid}/").content.decode()
    listed = client.get("/en/incubators/import/").content.decode()

    assert (run.status, run.rows_done, run.indexed_at is not None) == (ImportStatus.DONE, 2, True)
    assert set(keys("hub", kind="organisation", audiences=[PUBLIC])) == set(
        Organisation.objects.values_list("uid", flat=True)
    )
    record = Record.objects.get(verb="organisations.imported")
    assert (record.scope, record.after) == ("country:KZ", {"new": 2, "changed": 0})
    assert ("could not finish this import" in page, "2 of 5 rows are written." in page) == (True, True)
    assert "Organisations · Imported in part" in listed


def test_import_that_stops_half_way_is_taken_back(focal: User, parts_of_two: None) -> None:
    run = stopped_half_way(focal)

    undone = taken_back(run, focal)

    assert (undone.removed, undone.left, names()) == (2, 0, [])


def test_rest_of_an_import_that_stopped_comes_with_the_file_sent_again(focal: User, parts_of_two: None) -> None:
    stopped_half_way(focal)

    again = imported("organisations", HEAD + ROWS, focal)

    assert [outcome for _row, outcome, _column in outcomes(again)] == ["unchanged"] * 2 + ["new"] * 3
    assert len(names()) == 5


def test_importer_who_loses_the_country_half_way_leaves_it_to_the_secretariat(focal: User, parts_of_two: None) -> None:
    run = begun(focal)
    with killed_in_part(2), pytest.raises(Killed):
        write_import(run.pk)
    FocalPoint.objects.filter(user=focal).delete()
    write_import(run.pk)
    run.refresh_from_db()

    undone = taken_back(run, secretary())

    assert (run.problem, undone.removed) == ("You do not serve a country any more.", 2)


def test_import_in_vain_is_listed_with_the_reason(signed_in: Any, focal: User) -> None:
    run = begun(focal)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS)
    write_import(run.pk)

    listed = signed_in(focal).get("/en/incubators/import/").content.decode()

    assert "Checked: The platform could not finish this import." in listed
    assert f"/en/incubators/import/{run.uid}/" in listed


def test_command_that_is_killed_is_gone_on_with_by_a_worker(focal: User, parts_of_two: None, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + ROWS)

    with killed_in_part(2), pytest.raises(Killed):
        call_command("import_registry", "organisations", str(path), "--as", focal.email, "--commit")
    ImportRun.objects.update(seen_at=timezone.now() - timedelta(minutes=2))

    assert list(ImportRun.objects.stuck(timezone.now() - jobs.STUCK_AFTER)) == [ImportRun.objects.get()]
    write_import(ImportRun.objects.get().pk)
    assert (ImportRun.objects.get().status, len(names())) == (ImportStatus.DONE, 5)


def test_importer_who_serves_no_country_any_more_writes_nothing(focal: User) -> None:
    run = begun(focal)
    FocalPoint.objects.filter(user=focal).delete()

    write_import(run.pk)

    run.refresh_from_db()
    assert (run.status, run.problem, names()) == ("checked", "You do not serve a country any more.", [])


def test_nobody_begins_anothers_import(client: Client, signed_in: Any, focal: User) -> None:
    run = checked("organisations", HEAD + ROWS, focal)

    with pytest.raises(PermissionDenied):
        start_import(run=run, by=focal_point("KZ"))
    refused = [signed_in(by).post(f"/en/incubators/import/{run.uid}/") for by in (secretary(), focal_point("KZ"))]

    run.refresh_from_db()
    assert [answer.status_code for answer in refused] == [403, 404]
    assert run.status == ImportStatus.CHECKED


def test_report_is_in_the_language_of_the_importer(monkeypatch: pytest.MonkeyPatch) -> None:
    focal = focal_point("KZ", language="ru")
    run, spoken = begun(focal), []
    whole = jobs.commit_import
    monkeypatch.setattr(jobs, "commit_import", lambda **options: spoken.append(jobs._("Queue")) or whole(**options))

    write_import(run.pk)

    assert spoken == ["Очередь"]


def test_imports_of_all_kinds_are_listed(signed_in: Any, focal: User) -> None:
    imported("startups", "name,country_iso2\nSteppe Water,KZ\n", focal)
    begun(focal)

    page = signed_in(focal).get("/en/incubators/import/").content.decode()

    assert ("Start-ups · Imported" in page, "Organisations · Being imported" in page) == (True, True)
