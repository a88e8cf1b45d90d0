"""What is public as files: the rows of the API, whole or not at all, the same bytes while nothing changes."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from incubators import desk
from incubators.enums import CallStatus, OrganisationStatus, ProgrammeStatus
from incubators.models import OpenCall, OpenDataDump, Organisation, Programme, Sector, Startup
from incubators.open_data import FIELDS, FROM_API, rows_of
from incubators.services.open_data import KEPT, write_open_data
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, draft, editor_of, verified

pytestmark = pytest.mark.django_db
URL = "/api/v1/open-data/"
LATE = "The open data is older than two days: is beat running? `manage.py open_data` writes it."


@pytest.fixture(autouse=True)
def storage(tmp_path: Any, settings: Any) -> None:
    folder = {"BACKEND": "network_platform.storage.FolderUploads", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": folder}


@pytest.fixture
def organisation() -> Organisation:
    made = verified(name="=Hub", website="https://hub.example")
    made.sectors.set([Sector.objects.get(code="fintech")])
    return made


def offered(organisation: Organisation, status: str = ProgrammeStatus.PUBLISHED, title: str = "School") -> OpenCall:
    programme = Programme.objects.create(organisation=organisation, titles={"en": title}, status=status)
    now = timezone.now()
    times = {"opens_at": now, "closes_at": now + timedelta(days=9), "zone": "Asia/Almaty"}
    return OpenCall.objects.create(
        programme=programme, titles={"en": f"{title} call"}, status=CallStatus.PUBLISHED, **times
    )


def contents() -> dict[str, bytes]:
    dump = OpenDataDump.objects.first()
    return {name: dump.open(name).read() for name in dump.checksums}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_files_hold_what_the_api_gives_and_their_description_is_true(client: Client, organisation: Any) -> None:
    offered(organisation)
    write_open_data()
    files = contents()

    described = json.loads(files["datapackage.json"])
    for resource in described["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        table = resource["name"].partition("-")[0]
        assert [field["name"] for field in resource["schema"]["fields"]] == list(FIELDS[table])
    for table in FROM_API:
        given = client.get(f"/api/v1/{table}/").json()["results"]
        kept = json.loads(files[f"{table}.json"])
        assert [list(row) for row in kept] == [list(FIELDS[table])] * len(kept)
        assert [_placeless(row) for row in kept] == sorted((_placeless(row) for row in given), key=_order(kept))
    assert (described["licenses"][0]["name"], "created" in described) == ("CC-BY-4.0", True)
    with zipfile.ZipFile(io.BytesIO(files["open-data.zip"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: content for name, content in files.items() if name != "open-data.zip"
        }


def _placeless(row: dict[str, Any]) -> dict[str, Any]:
    """Without the host, which the API takes from whoever asks."""
    return row | ({"page": row["page"].partition("/en/")[2]} if "page" in row else {})


def _order(kept: list[dict[str, Any]]) -> Any:
    keys = [row.get("uid") or row["iso2"] for row in kept]
    return lambda row: keys.index(row.get("uid") or row["iso2"])


@pytest.mark.parametrize("table", list(FIELDS))
def test_every_field_of_the_api_is_described_and_no_other(organisation: Any, table: str) -> None:
    offered(organisation)

    assert [list(row) for row in rows_of(table)][0] == list(FIELDS[table])


def test_cells_are_no_formulas_and_lists_are_json(organisation: Any) -> None:
    call = offered(organisation)
    OpenCall.objects.filter(pk=call.pk).update(zone="=cmd()")
    write_open_data()
    files = contents()

    (line,) = csv.DictReader(io.StringIO(files["organisations.csv"].decode("utf-8-sig")))
    (called,) = csv.DictReader(io.StringIO(files["calls.csv"].decode("utf-8-sig")))
    assert (json.loads(line["names"])[0]["text"], json.loads(line["sectors"])) == ("=Hub", ["fintech"])
    assert (line["verified"], line["founded_year"], called["zone"]) == ("true", "", "'=cmd()")
    assert json.loads(files["calls.json"])[0]["zone"] == "=cmd()"


def test_nothing_that_is_not_public_is_in_any_file(organisation: Any) -> None:
    draft(name_en="Canary draft", editor=PersonFactory(email="canary@hub.example", name="Canary Person"))
    editor_of(organisation, email="canary2@hub.example", name="Canary Owner")
    Organisation.objects.filter(pk=organisation.pk).update(source_note="Canary note")
    for status in (OrganisationStatus.SUSPENDED, OrganisationStatus.DECLINED, OrganisationStatus.SUBMITTED):
        offered(OrganisationFactory(name=f"Canary {status}", status=status), title="Canary school")
    offered(organisation, ProgrammeStatus.DRAFT, "Canary plan")
    Startup.objects.create(name="Canary start-up", country=country("KZ"))
    write_open_data()

    files = contents()
    files |= {f"zip:{name}": content for name, content in unpacked(files.pop("open-data.zip")).items()}
    assert len(files) == 22  # ten tables and the description, twice
    assert [name for name, content in files.items() if b"canary" in content.lower() or b"@" in content] == []


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_without_a_change_the_dump_stays_and_is_found_to_be_so_still(organisation: Any) -> None:
    first = write_open_data()
    before = contents()
    again = write_open_data()

    assert (again.pk, contents() == before, OpenDataDump.objects.count()) == (first.pk, True, 1)
    assert again.checked_at > first.checked_at


def test_a_lost_file_is_written_again(organisation: Any) -> None:
    first = write_open_data()
    default_storage.delete(f"{first.folder}/calls.csv")

    assert write_open_data().pk != first.pk
    assert OpenDataDump.objects.first().is_whole


def test_the_last_ones_are_kept(organisation: Any) -> None:
    dumps = []
    for n in range(KEPT + 2):
        Organisation.objects.update(website=f"https://hub{n}.example")
        dumps.append(write_open_data())

    assert list(OpenDataDump.objects.values_list("pk", flat=True)) == [dump.pk for dump in dumps[:1:-1]]
    assert set(default_storage.listdir("open-data")[0]) == {str(dump.uid) for dump in dumps[2:]}


def test_a_dump_that_cannot_be_written_whole_is_not_shown(
    client: Client, organisation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_open_data()
    Organisation.objects.update(website="https://new.example")
    save = FileSystemStorage.save

    def full(storage: Any, name: str, content: Any, **kwargs: Any) -> str:
        if name.endswith("calls.csv"):
            raise OSError("no space left")
        return str(save(storage, name, content, **kwargs))

    monkeypatch.setattr(FileSystemStorage, "save", full)
    with pytest.raises(OSError, match="no space"):
        write_open_data()

    assert [dump.pk for dump in OpenDataDump.objects.all()] == [first.pk]
    assert default_storage.listdir("open-data")[0] == [str(first.uid)]
    assert b"https://hub.example" in body(client.get(f"{URL}organisations.csv"))


def test_files_have_stable_addresses_and_are_not_sent_again(client: Client, organisation: Any) -> None:
    dump = write_open_data()
    got = client.get(f"{URL}organisations.csv", headers={"Accept": "text/csv"})
    known = client.get(f"{URL}organisations.csv", headers={"If-None-Match": got.headers["ETag"]})
    since = client.get(f"{URL}organisations.csv", headers={"If-Modified-Since": got.headers["Last-Modified"]})
    Organisation.objects.update(website="https://new.example")
    write_open_data()
    changed = client.get(f"{URL}organisations.csv", headers={"If-None-Match": got.headers["ETag"]})

    assert (got.status_code, hashlib.sha256(body(got)).hexdigest()) == (200, dump.checksums["organisations.csv"])
    assert got.headers["ETag"] == f'"{dump.checksums["organisations.csv"]}"'
    assert (got.headers["X-Content-Type-Options"], got.headers["Content-Type"]) == (
        "nosniff",
        "text/csv; charset=utf-8",
    )
    assert "attachment" in got.headers["Content-Disposition"]
    assert "RateLimit-Limit" in got.headers
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", got.headers["ETag"])
    assert (since.status_code, changed.status_code) == (304, 200)


def test_the_first_address_is_the_description(client: Client, organisation: Any) -> None:
    write_open_data()

    described = json.loads(body(client.get(URL)))
    sent = {each["path"]: body(client.get(URL + each["path"])) for each in described["resources"]}
    assert len(sent) == 10
    assert all(len(sent[each["path"]]) == each["bytes"] for each in described["resources"])
    assert body(client.get(f"{URL}datapackage.json")) == body(client.get(URL))


def test_what_is_not_there_is_told(client: Client, organisation: Any) -> None:
    before = client.get(URL)
    dump = write_open_data()
    default_storage.delete(f"{dump.folder}/calls.csv")
    wrong, lost = client.get(f"{URL}people.csv"), client.get(f"{URL}calls.csv")

    assert [each.status_code for each in (before, wrong, lost)] == [404, 404, 404]
    assert "every night" in before.json()["detail"]
    assert "organisations.csv" in wrong.json()["detail"]
    assert client.get(f"{URL}..%2f..%2fplatform.sqlite3").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_dump_asks_little(number: int, django_assert_max_num_queries: Any) -> None:
    for n in range(number):
        offered(verified(name=f"Hub {n}"))

    with django_assert_max_num_queries(14):
        write_open_data()


def test_by_hand_and_what_the_doctor_says(capsys: pytest.CaptureFixture[str]) -> None:
    young = desk.problems()
    OrganisationFactory(listed_at=timezone.now() - timedelta(days=3))
    never = desk.problems()
    call_command("open_data")
    made = desk.problems()
    OpenDataDump.objects.update(checked_at=timezone.now() - timedelta(days=2, minutes=1))

    assert (LATE in young, LATE in never, LATE in made, LATE in desk.problems()) == (False, True, False, True)
    assert "12 files" in capsys.readouterr().out
