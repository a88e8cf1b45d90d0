"""Taking an import back as a job: begun once, done in parts, gone on with after it broke off, never beside its writing."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators.enums import ImportStatus
from incubators.models import FocalPoint, ImportRun, Organisation, Startup, YearlyFigures
from incubators.models.imports import Undone
from incubators.services import importing
from incubators.services.imports import undo
from incubators.services.imports.jobs import MOST_ATTEMPTS, start_import
from incubators.services.imports.undo import start_undo
from incubators.tasks import sweep_imports, undo_import, write_import
from network_platform.journal.models import Record
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, editor_of, focal_point, meanwhile, secretary
from tests.incubators.imports import checked, imported, taken_back

pytestmark = pytest.mark.django_db
HEAD = "name_en,type,country_iso2,city,sectors\n"
WORDS = ("one", "two", "three", "four", "five")
ROWS = "".join(f"Hub {word},hub,KZ,Almaty,ict\n" for word in WORDS)


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture
def focal() -> User:
    return focal_point("KZ")


@pytest.fixture(autouse=True)
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "UNDONE_AT_ONCE", 2)


def killed_in_part(number: int) -> Any:
    """The worker dies when it keeps how far it came in this part, when all else of it is written."""
    seen: list[str] = []

    def kill(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "incubators_importrun" SET "status"'):
            seen.append(sql)
            if len(seen) == number:
                raise Killed
        return execute(sql, *args)

    return connection.execute_wrapper(kill)


def begun(focal: User) -> ImportRun:
    """Two hubs were there and are changed, three are new; the taking back waits for a worker."""
    imported("organisations", HEAD + ROWS.splitlines()[0] + "\n" + ROWS.splitlines()[3] + "\n", focal)
    run = imported("organisations", HEAD + ROWS.replace(",ict", ",fintech"), focal)
    assert (run.report["counts"]["new"], run.report["counts"]["changed"]) == (3, 2)
    return start_undo(run=run, by=focal)


def hubs() -> list[tuple[str, str]]:
    rows = Organisation.objects.order_by("pk").prefetch_related("sectors")
    return [(str(each), ", ".join(sector.code for sector in each.sectors.all())) for each in rows]


def test_two_presses_begin_one_job(
    signed_in: Any, focal: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, client = imported("organisations", HEAD + ROWS, focal), signed_in(focal)
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append((task, options["args"])))

    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(f"/en/incubators/import/{run.uid}/undo/") for _press in range(2)]

    assert [answer.url for answer in answers] == [f"/en/incubators/import/{run.uid}/"] * 2
    assert sent == [("incubators.tasks.undo_import", (run.pk,))]
    assert len(hubs()) == 5


def test_page_tells_how_far_it_is_and_how_it_ended(signed_in: Any, focal: User) -> None:
    run, client = begun(focal), signed_in(focal)
    page = f"/en/incubators/import/{run.uid}/"
    with killed_in_part(2), pytest.raises(Killed):
        undo_import(run.pk)

    waits, listed = client.get(page).content.decode(), client.get("/en/incubators/import/").content.decode()
    undo_import(run.pk)
    done = client.get(page).content.decode()

    assert ("2 of 5 entries are looked at." in waits, '<progress max="5" value="2"' in waits) == (True, True)
    assert f'<noscript><meta http-equiv="refresh" content="3; url={page}"></noscript>' in waits
    assert "Being taken back: 2 of 5" in listed
    assert "<h1>Imported and taken back</h1>" in done
    assert "Taken back: 3 removed, 2 set back, 0 left" in done


@pytest.mark.parametrize("part", [1, 2, 3])
def test_killed_worker_is_gone_on_with_and_everything_is_counted_once(focal: User, part: int) -> None:
    run = begun(focal)
    with killed_in_part(part), pytest.raises(Killed):
        undo_import(run.pk)
    run.refresh_from_db()
    halfway = (run.status, run.undo["seen"])

    undo_import(run.pk)
    undo_import(run.pk)

    run.refresh_from_db()
    assert halfway == (ImportStatus.UNDOING, 2 * (part - 1))
    assert (run.status, run.taken_back) == (ImportStatus.UNDONE, Undone(removed=3, restored=2, left=0))
    assert hubs() == [("Hub one", "ict"), ("Hub four", "ict")]
    record = Record.objects.get(verb="organisations.import_undone")
    assert (record.actor, record.after) == (focal, {"removed": 3, "restored": 2, "left": 0})


def test_two_workers_at_once_count_everything_once(focal: User) -> None:
    run = begun(focal)

    with meanwhile(lambda: undo_import(run.pk)):
        undo_import(run.pk)

    run.refresh_from_db()
    assert run.taken_back == Undone(removed=3, restored=2, left=0)
    assert Record.objects.filter(verb="organisations.import_undone").count() == 1


def test_what_people_change_between_two_parts_stays_and_is_named(signed_in: Any, focal: User) -> None:
    run = begun(focal)
    with killed_in_part(2), pytest.raises(Killed):
        undo_import(run.pk)
    left = Organisation.objects.get(names__text="Hub five")
    editor_of(left)

    undo_import(run.pk)

    run.refresh_from_db()
    page = signed_in(focal).get(f"/en/incubators/import/{run.uid}/").content.decode()
    assert run.taken_back == Undone(removed=2, restored=2, left=1)
    assert ("Left: <bdi>Hub five</bdi>" in page, "1 left because somebody changed them" in page) == (True, True)


def test_of_a_profile_that_founders_keep_nothing_is_named(signed_in: Any, focal: User) -> None:
    run = imported("startups", "name,country_iso2\nSteppe Water,KZ\nRiver Water,KZ\n", focal)
    Startup.objects.get(name="Steppe Water").members.create(user=secretary())

    taken_back(run)

    page = signed_in(focal).get(f"/en/incubators/import/{run.uid}/").content.decode()
    assert ("1 removed, 0 set back, 1 left" in page, "<bdi>Steppe Water" in page) == (True, False)


@pytest.mark.parametrize("number", [3, 30])
def test_page_of_what_was_left_asks_little(
    signed_in: Any, focal: User, number: int, django_assert_max_num_queries: Any
) -> None:
    organisations = [OrganisationFactory(name=f"Hub {n}", slug=f"hub-number-{n}") for n in range(number)]
    text = "".join(f"{organisation.slug},2025,{n}\n" for n, organisation in enumerate(organisations))
    run, client = imported("figures", "organisation,year,jobs\n" + text, focal), signed_in(focal)
    YearlyFigures.objects.update(status="accepted")
    taken_back(run)

    with django_assert_max_num_queries(14):
        page = client.get(f"/en/incubators/import/{run.uid}/").content.decode()

    assert page.count("<bdi>") >= number


def test_it_is_never_written_and_taken_back_at_once(focal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "WRITTEN_AT_ONCE", 2)
    run = checked("organisations", HEAD + ROWS, focal)
    refused = []
    for status in (ImportStatus.CHECKED, ImportStatus.WAITING):
        ImportRun.objects.update(status=status)
        with pytest.raises(PermissionDenied):
            start_undo(run=run, by=focal)
        refused.append(undo_import(run.pk))
    write_import(run.pk)
    start_undo(run=run, by=focal)

    write_import(run.pk)
    start_import(run=run, by=focal)
    write_import(run.pk)

    run.refresh_from_db()
    assert (run.status, run.rows_done, len(hubs())) == (ImportStatus.UNDOING, 5, 5)
    undo_import(run.pk)
    start_import(run=run, by=focal)
    write_import(run.pk)
    run.refresh_from_db()
    assert (run.status, hubs()) == (ImportStatus.UNDONE, [])


def test_writing_that_is_overtaken_by_the_taking_back_writes_nothing_more(
    focal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was thought dead comes back between two of its parts."""
    monkeypatch.setattr(importing, "WRITTEN_AT_ONCE", 2)
    run, kept = start_import(run=checked("organisations", HEAD + ROWS, focal), by=focal), []

    def between(execute: Any, sql: str, *args: Any) -> Any:
        kept.append(sql.startswith('UPDATE "incubators_importrun" SET "before"'))
        if sql.startswith("SAVEPOINT") and sum(kept) == 1:
            kept.append(True)
            write_import(run.pk)
            taken_back(run, focal)
        return execute(sql, *args)

    with connection.execute_wrapper(between):
        write_import(run.pk)

    run.refresh_from_db()
    assert (run.status, hubs()) == (ImportStatus.UNDONE, [])


def test_beat_gives_a_stuck_taking_back_to_a_worker_again(focal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    run = begun(focal)
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append((task, options["args"])))
    early = sweep_imports()
    ImportRun.objects.filter(pk=run.pk).update(seen_at=timezone.now() - timedelta(minutes=2))

    swept = [sweep_imports(), sweep_imports()]

    assert (early, swept, sent) == (0, [1, 0], [("incubators.tasks.undo_import", (run.pk,))])


def test_one_that_never_ends_is_given_back_with_the_reason_and_gone_on_with(signed_in: Any, focal: User) -> None:
    run, client = begun(focal), signed_in(focal)
    with killed_in_part(2), pytest.raises(Killed):
        undo_import(run.pk)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS, done_at=timezone.now() - timedelta(days=3))
    Organisation.objects.update(updated_at=timezone.now() - timedelta(days=4))

    undo_import(run.pk)

    page = client.get(f"/en/incubators/import/{run.uid}/").content.decode()
    listed = client.get("/en/incubators/import/").content.decode()
    run.refresh_from_db()
    assert run.status == ImportStatus.DONE
    assert "<h1>Taken back in part</h1>" in page
    assert ("could not finish taking this import back" in page, "2 of 5 entries are looked at." in page) == (True, True)
    assert "Organisations · Taken back in part" in listed
    client.post(f"/en/incubators/import/{run.uid}/undo/")
    undo_import(run.pk)
    run.refresh_from_db()
    assert run.taken_back == Undone(removed=3, restored=2, left=0)


def test_it_ends_though_its_importer_serves_no_country_any_more(focal: User) -> None:
    run = begun(focal)
    FocalPoint.objects.filter(user=focal).delete()

    undo_import(run.pk)

    run.refresh_from_db()
    assert run.status == ImportStatus.UNDONE


def test_part_asks_as_much_for_many_as_for_few(focal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "UNDONE_AT_ONCE", 30)
    asked = []
    for number in (3, 30):
        text = HEAD + "".join(f"Hub {number} {n},hub,KZ,Almaty,ict\n" for n in range(number))
        imported("organisations", text, focal)
        run = start_undo(run=imported("organisations", text.replace(",ict", ",fintech"), focal), by=focal)
        with CaptureQueriesContext(connection) as queries:
            undo_import(run.pk)
        asked.append(len(queries))

    assert asked[0] == asked[1]
