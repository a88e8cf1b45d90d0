"""An import is taken back within a day, and nothing that people did since goes with it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incubators import rules
from incubators.enums import ImportStatus, NameKind, TransferStatus
from incubators.models import ImportRun, Organisation, OrganisationName, Programme
from incubators.models.imports import Undone
from incubators.services.claims import claim_organisation
from incubators.services.imports.undo import start_undo
from incubators.services.transfers import answer_transfer, ask_for_transfer
from incubators.tasks import undo_import
from network_platform.changes.models import Change
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from tests.incubators.factories import PersonFactory, country, editor_of, focal_point, secretary
from tests.incubators.imports import taken_back
from tests.incubators.test_importing import HEAD, ROW, commit
from tests.incubators.test_rules_of_organisations import People, agree, people  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
CHANGED = ROW.replace("Rooms for teams", "Laboratories").replace("ict; circular", "fintech").replace("Алматы", "Osh")


def rows() -> list[dict[str, Any]]:
    """Everything that the registry says, without the hours of writing."""
    columns = ("uid", "slug", "titles", "city__slug", "descriptions", "website", "source_date", "import_run")
    found = list(Organisation.objects.order_by("pk").values(*columns))
    names = list(
        OrganisationName.objects.order_by("organisation", "pk").values("organisation", "text", "kind", "until")
    )
    sectors = list(Organisation.objects.order_by("pk", "sectors__code").values("pk", "sectors__code"))
    return [*found, *names, *sectors]


def test_what_it_brought_goes_and_what_it_changed_comes_back() -> None:
    first = commit(HEAD + ROW)
    made = Organisation.objects.get()
    made.names.create(text="Old Steppe Hub", kind=NameKind.ALIAS, until=date(2020, 5, 1))
    before = rows()
    second = commit(HEAD + CHANGED + ROW.replace("Steppe Hub", "River Hub"))
    assert second.report["counts"] == {"new": 1, "changed": 1, "unchanged": 0, "duplicate": 0, "error": 0}

    undone = taken_back(second)

    assert undone == Undone(removed=1, restored=1, left=0)
    assert rows() == before
    assert list(keys("river", kind="organisation", audiences=[PUBLIC])) == []
    assert len(set(keys("rooms", kind="organisation", audiences=[PUBLIC]))) == 1
    assert list(keys("laboratories", kind="organisation", audiences=[PUBLIC])) == []
    assert Organisation.objects.get().import_run == first
    assert list(Change.objects.values_list("event", flat=True))[-2:] == ["organisation.removed", "organisation.changed"]
    record = Record.objects.get(verb="organisations.import_undone")
    assert (record.scope, record.after) == ("country:KZ", {"removed": 1, "restored": 1, "left": 0})


def test_the_same_file_may_be_imported_again_after_it() -> None:
    run = commit(HEAD + ROW)
    taken_back(run)

    assert commit(HEAD + ROW).report["counts"]["new"] == 1


def test_what_a_merger_or_a_transfer_has_written_stays() -> None:
    commit(HEAD + ROW)
    run = commit(HEAD + CHANGED)
    made = Organisation.objects.get()
    transfer = ask_for_transfer(organisation=made, target=country("UZ"), by=focal_point("KZ"), reason="Moved")
    answer_transfer(transfer=transfer, to=TransferStatus.ACCEPTED, by=focal_point("UZ"))

    undone = taken_back(run)

    made.refresh_from_db()
    assert (undone, made.country.iso2, made.descriptions) == (Undone(0, 0, 1), "UZ", {"en": "Laboratories"})


@pytest.mark.parametrize("done", ["claim", "editor", "programme", "later import"])
def test_what_people_did_since_stays(done: str) -> None:
    run = commit(HEAD + ROW)
    made = Organisation.objects.get()
    if done == "claim":
        claim_organisation(organisation=made, by=PersonFactory(), evidence="I run it")
    elif done == "editor":
        editor_of(made)
    elif done == "programme":
        Programme.objects.create(organisation=made, titles={"en": "Programme"})
    else:
        commit(HEAD + CHANGED, run.by)

    undone = taken_back(run)

    assert (undone.removed, undone.left) == (0, 1)
    assert Organisation.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize("status", ImportStatus)
@pytest.mark.parametrize("hours", [1, 25])
def test_who_may_take_it_back_and_until_when(status: str, hours: int, people: People) -> None:  # noqa: F811
    done = timezone.now() - timedelta(hours=hours)
    run = ImportRun.objects.create(by=people["focal"], file_name="x.csv", text="", status=status, done_at=done)

    may = agree(rules.can_undo_import, ImportRun.objects.undoable_by, people, run)

    assert may == ({"focal", "secretariat"} if status == ImportStatus.DONE and hours == 1 else set())


def test_it_is_taken_back_once_and_by_its_importer() -> None:
    run = commit(HEAD + ROW, focal_point("KZ"))

    with pytest.raises(PermissionDenied):
        start_undo(run=run, by=focal_point("KZ"))
    taken_back(run)
    taken_back(run)
    with pytest.raises(PermissionDenied):
        start_undo(run=run, by=secretary())

    assert Record.objects.filter(verb="organisations.import_undone").count() == 1


def test_page_foretells_what_somebody_has_touched_since(signed_in: Any) -> None:
    run = commit(HEAD + ROW + ROW.replace("Steppe", "Altai") + ROW.replace("Steppe", "Caspian"))
    for slug in ("altai-hub", "caspian-hub"):
        editor_of(Organisation.objects.get(slug=slug))
    asked = signed_in(run.by).get(f"/en/incubators/import/{run.uid}/undo/").content.decode()

    assert "1 entry that it brought is removed." in asked
    assert "2 entries stay, because somebody has touched them since." in asked


def test_page_asks_first_and_says_what_was_done(signed_in: Any) -> None:
    run = commit(HEAD + ROW, secretary(language="en"))
    client, address = signed_in(run.by), f"/en/incubators/import/{run.uid}/"

    shown, asked = client.get(address).content.decode(), client.get(f"{address}undo/").content.decode()
    waits = client.post(f"{address}undo/", follow=True).content.decode()
    listed = client.get("/en/incubators/import/").content.decode()
    undo_import(run.pk)
    after = client.get(address).content.decode()

    assert (f"{address}undo/" in shown, "1 entry that it brought is removed." in asked) == (True, True)
    assert ("<h1>Being taken back</h1>" in waits, "0 of 1 entry is looked at." in waits) == (True, True)
    assert "Organisations · Being taken back: 0 of 1" in listed
    assert ("Imported and taken back" in after, f"{address}undo/" in after) == (True, False)
    assert [html.count('href="/en/incubators/steppe-hub/"') for html in (shown, after)] == [1, 0]
    assert "Taken back: 1 removed, 0 set back, 0 left" in after
    assert client.get(f"{address}undo/").status_code == 404
