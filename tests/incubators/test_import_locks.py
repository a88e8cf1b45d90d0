"""What somebody hangs on an entry while the import that brought it is taken back. Only PostgreSQL lets both wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from incubators.models import Cohort, ImportRun, Membership, OpenCall, Organisation, Placement, Programme, Startup
from incubators.models.imports import Undone
from tests.incubators.factories import OrganisationFactory, PersonFactory
from tests.incubators.imports import imported, undone

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
FILES = {
    "organisations": "name_en,type,country_iso2,city\nSteppe Hub,hub,KZ,Almaty\n",
    "programmes": "organisation,name\nSteppe Hub,Steppe School\n",
    "startups": "name,country_iso2\nSteppe Water,KZ\n",
}


def hang(kind: str) -> None:
    """What keeps the one entry of this kind, which is locked first as services do."""
    if kind == "organisations":
        organisation = Organisation.objects.select_for_update().get()
        Membership.objects.create(organisation=organisation, user=PersonFactory())
    elif kind == "programmes":
        programme, now = Programme.objects.select_for_update().get(), timezone.now()
        OpenCall.objects.create(programme=programme, opens_at=now, closes_at=now + timedelta(days=9))
    else:
        startup = Startup.objects.select_for_update().get()
        programme = Programme.objects.create(organisation=OrganisationFactory(), titles={"en": "School"})
        cohort = Cohort.objects.create(programme=programme, name="2026", starts=date(2026, 3, 1))
        Placement.objects.create(startup=startup, cohort=cohort, entered=cohort.starts)


def undo_apart(run: ImportRun) -> Undone:
    try:
        return undone(run)
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    """For a lock of this transaction, for ten seconds at most."""
    until = timezone.now() + timedelta(seconds=10)
    with connection.cursor() as cursor:
        while timezone.now() < until:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("kind", FILES)
def test_what_is_hung_on_an_entry_while_its_import_is_taken_back_keeps_it(kind: str) -> None:
    if kind == "programmes":
        OrganisationFactory(name="Steppe Hub")
    run = imported(kind, FILES[kind])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hang(kind)
            result = pool.submit(undo_apart, run)
            wait_until_somebody_waits()

        assert result.result() == Undone(removed=0, restored=0, left=1)
