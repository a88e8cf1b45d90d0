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
from django.utils.translation import override

from incubators import desk
from incubators.enums import NameKind, OrganisationKind, OrganisationStatus, Origin
from incubators.models import City, ImportRun, Organisation, OrganisationName, Sdg
from incubators.reports import directory_table, mistakes_table
from incubators.services.importing import TRIES, CrossedError, check_file, commit_import, dry_run
from incubators.services.imports.kind import INDEXED_AT_ONCE
from incubators.services.imports.organisation_plan import spare_taken_over
from incubators.services.imports.organisation_writes import write_plan
from incubators.services.imports.report import report_of, told_here
from incubators.services.listing import open_revision, submit_revision
from incubators.services.names import Name
from incubators.services.review import approve_revision
from incubators.tables import MOST_ROWS, RefusedError, table_of, text_of
from incubators.tasks import sweep_imports
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.models import SearchDocument
from network_platform.search.queries import keys
from network_platform.spreadsheets import csv_lines, xlsx_file
from network_platform.zones import today
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    editor_of,
    entry,
    focal_point,
    meanwhile,
    secretary,
    verified,
)
from tests.incubators.imports import taken_back, told

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


def changes(run: ImportRun) -> list[tuple[str, str, str]]:
    return [(each["column"], each["before"], each["after"]) for row in told(run) for each in row["changes"]]


def test_report_says_old_and_new_of_every_changed_column() -> None:
    commit(HEAD + ROW)

    run = check(HEAD + ROW.replace("2018", "").replace("ict; circular", "ict").replace("Алматы", "Astana"))

    assert changes(run) == [
        ("founded_year", "2018", ""),
        ("city", "Almaty", "Astana"),
        ("sectors", "circular; ict", "ict"),
    ]
    assert run.report["rows"][0]["name"] == "Steppe Hub"


def test_column_that_the_file_does_not_have_is_left_alone() -> None:
    commit(
        "name_en,name_ru,name_local,other_names,description_en,description_ru,source_note,"
        + HEAD[8:].replace(",description_en", "")
        + "Steppe Hub,Степной хаб,Дала хабы,SH; Steppe Lab,Rooms,Комнаты,Note,"
        + ROW[11:].replace("; circular,Rooms for teams", "")
    )
    made = Organisation.objects.get()
    before = (set(made.names.values_list("text", "kind")), made.city, made.website, made.source_note)

    run = commit("name_en,type,country_iso2,description_en\nSteppe Hub,accelerator,KZ,Desks\n")

    made = Organisation.objects.get()
    assert changes(run) == [("type", "hub", "accelerator"), ("description_en", "Rooms", "Desks")]
    assert (set(made.names.values_list("text", "kind")), made.city, made.website, made.source_note) == before
    assert (made.kind, made.descriptions) == ("accelerator", {"en": "Desks", "ru": "Комнаты"})
    assert (made.founded_year, [sector.code for sector in made.sectors.all()]) == (2018, ["ict"])


def test_empty_cell_empties_what_the_file_has_a_column_for() -> None:
    commit("name_en,name_ru,type,country_iso2,website\nSteppe Hub,Степной хаб,hub,KZ,https://steppe.example\n")

    run = commit("name_en,name_ru,type,country_iso2,website\nSteppe Hub,,hub,KZ,\n")

    made = Organisation.objects.get()
    assert changes(run) == [("website", "https://steppe.example", ""), ("name_ru", "Степной хаб", "")]
    assert (made.website, made.website_host, made.titles) == ("", "", {"en": "Steppe Hub"})


@pytest.mark.parametrize("keeper", ["editor", "confirmed"])
def test_entry_that_was_confirmed_or_has_an_editor_is_not_changed(keeper: str) -> None:
    commit(HEAD + ROW)
    organisation = Organisation.objects.get()
    if keeper == "editor":
        editor_of(organisation)
    else:
        Organisation.objects.update(verified_until=today() + timedelta(days=30))

    run = commit(HEAD + ROW.replace("2018", "2019"))

    organisation.refresh_from_db()
    assert outcomes(run) == [(2, "unchanged", "founded_year")]
    assert changes(run) == [("founded_year", "2018", "2019")]
    assert "does not change it" in told(run)[0]["reason"]
    assert organisation.founded_year == 2018


def export() -> str:
    everything = set(Organisation.objects.values_list("pk", flat=True))
    return "".join(csv_lines(directory_table(everything, "https://registry.example/en")))


def state() -> list[Any]:
    rows = [list(row) for row in Organisation.objects.order_by("pk").values_list()]
    names = list(OrganisationName.objects.order_by("pk").values_list())
    sectors = list(Organisation.sectors.through.objects.order_by("pk").values_list("organisation_id", "sector_id"))
    return [rows, names, sectors]


def test_export_can_be_imported_and_changes_nothing() -> None:
    commit(REAL.read_bytes())
    verified(name="Алдаспан", shown=[Name("Алдаспан", NameKind.DISPLAY, "kk"), Name("Aldaspan", NameKind.LABEL, "en")])
    OrganisationFactory(
        shown=[
            Name("Kök; Asman", NameKind.DISPLAY, "ky"),
            Name("Безымянный", NameKind.LABEL),
            Name("KA", NameKind.ACRONYM),
        ],
        descriptions={"en": "-5 degrees\nor less"},
        city=City.objects.create(country=country("KZ"), slug="tekeli", names={"ru": "Текели"}),
    )
    OrganisationFactory(name="Namesake")
    OrganisationFactory(name="Namesake")
    number, before = Organisation.objects.count(), state()

    run = commit(export())

    assert run.report["counts"] == {"new": 0, "changed": 0, "unchanged": number, "duplicate": 0, "error": 0}
    assert [row for row in run.report["rows"] if row["reason"]] == []
    assert state() == before


def test_export_that_was_corrected_changes_what_was_corrected() -> None:
    commit(HEAD + ROW)

    run = commit(export().replace("Steppe Hub", "Steppe Hub Plus"))

    assert changes(run) == [("name_en", "Steppe Hub", "Steppe Hub Plus")]
    assert Organisation.objects.get().titles == {"en": "Steppe Hub Plus"}


def rich() -> Organisation:
    """An imported entry with everything that the export tells."""
    organisation = OrganisationFactory(
        name="Steppe Hub",
        descriptions={"en": "First words.\r\n\r\nSecond words. ", "ru": "=слово", "kk": "Бөлмелер", "kaa": "Xanalar"},
        languages=["ru", "en"],
        origin=Origin.IMPORT,
    )
    organisation.sdgs.set(Sdg.objects.filter(number__in=[9, 12]))
    return organisation


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_with_paragraphs_goals_and_languages_says_nothing_else(form: str) -> None:
    organisation = rich()
    rows = directory_table({organisation.pk}, "https://registry.example/en")
    data = xlsx_file(rows).read() if form == "xlsx" else "".join(csv_lines(rows)).encode()

    run = check(data)

    assert outcomes(run) == [(2, "unchanged", None)]
    assert changes(run) == []


def test_descriptions_in_the_languages_of_the_country_are_imported_and_taken_back() -> None:
    organisation = rich()
    head = "uid,name_en,type,country_iso2,description_kk,Описание на кыргызском\n"

    run = commit(f"{head}{organisation.uid},Steppe Hub,hub,KZ,Жұмыс орындары,Бөлмөлөр\n")

    assert changes(run) == [("description_kk", "Бөлмелер", "Жұмыс орындары"), ("description_ky", "", "Бөлмөлөр")]
    before = dict(organisation.descriptions)
    organisation.refresh_from_db()
    assert organisation.descriptions == before | {"kk": "Жұмыс орындары", "ky": "Бөлмөлөр"}
    taken_back(run)
    organisation.refresh_from_db()
    assert organisation.descriptions == before


def test_goals_and_languages_are_imported_and_taken_back() -> None:
    organisation = rich()
    head = "uid,name_en,type,country_iso2,sdgs,languages\n"

    run = commit(f"{head}{organisation.uid},Steppe Hub,hub,KZ,3; 9,kk; ru\n")

    organisation.refresh_from_db()
    assert changes(run) == [("languages", "en; ru", "kk; ru"), ("sdgs", "9; 12", "3; 9")]
    assert (organisation.languages, goals(organisation)) == (["kk", "ru"], [3, 9])
    taken_back(run)
    organisation.refresh_from_db()
    assert (organisation.languages, goals(organisation)) == (["ru", "en"], [9, 12])


def goals(organisation: Organisation) -> list[int]:
    return list(organisation.sdgs.order_by("number").values_list("number", flat=True))


def test_new_entry_bears_its_goals_and_languages() -> None:
    commit("name_en,type,country_iso2,sdgs,languages\nSteppe Hub,hub,KZ,6; 12,kk\n")

    made = Organisation.objects.get()
    assert (made.languages, goals(made)) == (["kk"], [6, 12])


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("type", "alchemy", "Write one of: incubator (Business incubator); accelerator; technopark (Technology park);"),
        ("sectors", "alchemy", "Write some of: agritech (Agricultural technology); ai ("),
        ("languages", "xx", "Write some of: en (English); ru (Russian);"),
        ("country_iso2", "XX", "Write one of: KZ (Kazakhstan)."),
    ],
)
def test_unknown_code_is_told_with_those_that_are_known(column: str, cell: str, words: str) -> None:
    cells = {"name_en": "Steppe Hub", "type": "hub", "country_iso2": "KZ", column: cell}

    run = check(f"{','.join(cells)}\n{','.join(cells.values())}\n", by=focal_point("KZ"))

    assert outcomes(run) == [(2, "error", column)]
    assert words in told(run)[0]["reason"]


def test_known_codes_are_told_with_their_words_in_the_readers_language() -> None:
    run = check("name_en,type,country_iso2,sectors,languages\nSteppe Hub,алхимия,XX,магия,xx\n", by=focal_point("KZ"))

    with override("ru"):
        said = {each["column"]: each["reason"] for each in told(run)[0]["mistakes"]}
    assert "agritech (Агротехнологии)" in said["sectors"]
    assert "en (английский)" in said["languages"].lower()
    assert "incubator (Бизнес-инкубатор); accelerator (Акселератор); technopark (Технопарк)" in said["type"]
    assert said["country_iso2"].endswith("KZ (Казахстан).")


@pytest.mark.parametrize("said", ["kz", "Kazakhstan", " казахстан ", "ҚАЗАҚСТАН"])
def test_country_is_read_by_code_or_name(said: str) -> None:
    run = check(f"name_en,type,country_iso2\nSteppe Hub,hub,{said}\n", by=focal_point("KZ"))

    assert outcomes(run) == [(2, "new", None)]


def test_country_of_others_is_told_as_it_was_written() -> None:
    run = check("name_en,type,country_iso2\nSteppe Hub,hub,Кыргызстан\n", by=focal_point("KZ"))

    assert outcomes(run) == [(2, "error", "country_iso2")]
    assert "“Кыргызстан” is no country of the network, or none that you serve." in told(run)[0]["reason"]


def test_sectors_are_read_by_code_or_words() -> None:
    run = check(
        "name_en,type,country_iso2,sectors\nSteppe Hub,hub,KZ,Green and clean technology;  АГРОТЕХНОЛОГИИ; ict\n"
    )
    commit_import(run=run, by=run.by)

    codes = set(Organisation.objects.get().sectors.values_list("code", flat=True))
    assert codes == {"greentech", "agritech", "ict"}


def test_uid_of_another_country_finds_nothing() -> None:
    other = OrganisationFactory(name="Ala-Too Hub", iso2="KG")

    run = commit(f"uid,name_en,type,country_iso2\n{other.uid},Steppe Hub,hub,KZ\n", by=focal_point("KZ"))

    other.refresh_from_db()
    assert outcomes(run) == [(2, "new", None)]
    assert (other.country.iso2, other.titles) == ("KG", {"en": "Ala-Too Hub"})


@pytest.mark.parametrize(
    ("row", "titles"),
    [
        (",Степной хаб,,", {"ru": "Степной хаб"}),
        (",,Дала қызметі,", {"kk": "Дала қызметі"}),
        (",,,Steppe House", {"en": "Steppe House"}),
        (",,Заря,", {"en": "Заря"}),
    ],
)
def test_any_one_name_is_enough(row: str, titles: dict[str, str]) -> None:
    head = "name_en,name_ru,name_local,other_names,type,country_iso2\n"

    first = commit(f"{head}{row},hub,KZ\n")
    again = commit(f"{head}{row},hub,KZ\n")

    assert (first.report["counts"]["new"], again.report["counts"]["unchanged"]) == (1, 1)
    assert Organisation.objects.get().titles == titles


def test_file_with_russian_names_only_is_read() -> None:
    commit("name_ru,type,country_iso2\nСтепной хаб,hub,KZ\n")

    assert str(Organisation.objects.get()) == "Степной хаб"


@pytest.mark.parametrize("word", ["technopark", "Technology park", "технопарк", "Технопарк "])
def test_kind_is_read_by_code_or_label(word: str) -> None:
    commit(HEAD + ROW.replace("Hub,hub", f"Hub,{word}"))

    assert Organisation.objects.get().kind == OrganisationKind.TECHNOPARK


@pytest.mark.parametrize("address", ["steppe.example", "steppe.example/en", "www.steppe.example"])
def test_bare_domain_gets_its_scheme(address: str) -> None:
    commit(HEAD + ROW.replace("https://steppe.example", address))

    assert Organisation.objects.get().website == f"https://{address}"


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

    outcome = dry_run(text=run.text, by=run.by, mapping=run.mapping)
    approve_revision(revision=sent, by=focal)
    spare_taken_over(outcome.plan.verdicts)
    write_plan(outcome.plan, [verdict for verdict in outcome.plan.verdicts if verdict.changes], run=run)

    organisation.refresh_from_db()
    assert organisation.descriptions["en"] == values["description_en"]
    assert [(row["outcome"], row["reason"]) for row in told_here(report_of(outcome)["rows"])] == [
        ("unchanged", "This entry was confirmed, or its editors keep it; the file does not change it.")
    ]


def test_same_file_from_two_people_at_once_is_written_once(signed_in: Any) -> None:
    first, second = focal_point("KZ"), focal_point("KZ", deputy=True)
    early, late = check(HEAD + ROW, first), check(HEAD + ROW, second)

    with meanwhile(lambda: commit_import(run=early, by=first)):
        commit_import(run=late, by=second)

    late.refresh_from_db()
    assert Organisation.objects.count() == 1
    assert late.report["counts"]["unchanged"] == 1


def taking(times: int) -> Any:
    """Somebody takes the address just before an organisation is inserted, so many times."""
    busy, done = [], []

    def taken(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "incubators_organisation"') and not busy and len(done) < times:
            busy.append(True)
            OrganisationFactory(slug="steppe-hub", name="Another")
            done.append(busy.pop())
        return execute(sql, *args)

    return connection.execute_wrapper(taken)


def test_address_taken_in_the_last_moment_is_tried_again() -> None:
    run = check(HEAD + ROW)

    with taking(1):
        commit_import(run=run, by=run.by)

    run.refresh_from_db()
    assert (run.status, [str(made) for made in Organisation.objects.all()]) == ("done", ["Steppe Hub"])


def test_address_taken_again_and_again_ends_it_and_nothing_is_written() -> None:
    run = check(HEAD + ROW)

    with taking(TRIES), pytest.raises(CrossedError):
        commit_import(run=run, by=run.by)

    run.refresh_from_db()
    assert (run.status, Organisation.objects.count()) == ("checked", 0)


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
        (f"Hub,hub,KZ,,{'x' * 290}.example,,,", "website"),
        ("Hub,hub,KZ,,,20l8,,", "founded_year"),
        ("Hub,hub,KZ,,,0000020185,,", "founded_year"),
        ("Hub,hub,KZ,,,02018,,", "founded_year"),
        ("Hub,hub,KZ,,,1700,,", "founded_year"),
        ("Hub,hub,KZ,,,٢٠١٨,,", "founded_year"),
        ("Hub,hub,KZ,,,,alchemy,", "sectors"),
        ("=cmd|' /C calc'!A0,hub,KZ,,,,,", "name_en"),
        ("Hub,hub,KZ,@SUM(A1),,,,", "city"),
        ("Hub,hub,KZ,a\x01b,,,,", "city"),
        (f"{'x' * 201},hub,KZ,,,,,", "name_en"),
        (f"Hub,hub,KZ,,,,,{'x' * 2001}", "description_en"),
    ],
)
def test_mistake_is_reported_with_its_column(row: str, column: str) -> None:
    run = commit(HEAD + row + "\n" + ROW)

    assert outcomes(run) == [(2, "error", column), (3, "new", None)]
    assert told(run)[0]["reason"]
    assert str(Organisation.objects.get()) == "Steppe Hub"


def test_mistakes_of_a_row_follow_each_other_as_sentences() -> None:
    run = check("name_en,type,country_iso2,founded_year\nSteppe Hub,hub,XX,soon\n", by=focal_point("KZ"))

    [_head, [*_cells, said]] = mistakes_table(run)

    first, second = (f"{each['column']}: {each['reason']}" for each in told(run)[0]["mistakes"])
    assert said == f"{first} {second}"


def test_all_mistakes_of_a_row_are_reported_at_once() -> None:
    row = "Steppe Hub,castle,KZ,Almaty,nowhere,18,ict; magic,=1+1\n"

    run = check(HEAD + row + ROW)

    wrong = told(run)[0]
    columns = ["description_en", "type", "website", "founded_year", "sectors"]
    assert sorted(each["column"] for each in wrong["mistakes"]) == sorted(columns)
    assert (wrong["outcome"], wrong["column"]) == ("error", wrong["mistakes"][0]["column"])
    assert (run.report["counts"]["error"], run.report["counts"]["new"]) == (1, 1)
    said = list(mistakes_table(run))[1][-1]
    assert all(f"{each['column']}: {each['reason']}" in said for each in wrong["mistakes"])


def test_year_that_has_not_come_is_a_mistake() -> None:
    years = (today().year, today().year + 1)

    run = check(HEAD + "".join(ROW.replace("Steppe", f"Steppe {year}").replace("2018", str(year)) for year in years))

    assert [row["outcome"] for row in run.report["rows"]] == ["new", "error"]
    assert run.report["rows"][1]["column"] == "founded_year"


def test_unquoted_comma_loses_nothing_and_is_reported() -> None:
    run = commit(HEAD + ROW.replace("Rooms for teams", "Rooms, for teams"))

    assert outcomes(run) == [(2, "new", None)]
    assert "description_en" in told(run)[0]["reason"]
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
        (b"PK\x03\x04rest", "damaged"),
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 20, "not a text file"),
        (b"MZ\x90\x00\x03\x00\x00\x00This program cannot be run in DOS mode.\n" + b"\x00" * 40, "not a text file"),
        (b"\x7fELF\x02\x01\x01\x00name_en,type,country_iso2\n", "not a text file"),
        (b"name_en,type,country_iso2\nSteppe Hub,hub,KZ\n" + b"Hub,hub,KZ\n" * 500 + b"\x00\x01\x02" * 9, "not a text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "save it as XLSX"),
        (b"what,city\nHub,Almaty\n", "one of name_en, name_ru, name_local, names, other_names; type; country_iso2."),
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


def test_spaces_that_do_not_break_are_text() -> None:
    row = ROW.replace("Rooms for teams", "\u00a0".join(["Rooms", *["for"] * 40, "teams"]))

    assert outcomes(check(HEAD + row)) == [(2, "new", None)]


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
    assert len(asked) <= 62


def call(*args: str, kind: str = "organisations") -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_registry", kind, *args, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_command_tells_mistakes_in_words(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("name_en,type,country_iso2\nSteppe Hub,hub,KZ\nBad,alchemy,KZ\n")

    _code, out, err = call(str(path), "--as", secretary().email)

    assert json.loads(out)["rows"][1]["column"] == "type"
    assert err.startswith("1 new, 0 changed, 0 unchanged, 0 duplicate, 1 error\nRow 3: Kind: “alchemy” is not a kind")


def test_command_is_dry_unless_told(tmp_path: Path) -> None:
    by = secretary()
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + ROW)

    dry = call(str(path), "--as", by.email)
    before = Organisation.objects.count()
    wet = call(str(path), "--as", by.email, "--commit", "--report", str(tmp_path / "report.json"))

    assert (dry[0], json.loads(dry[1])["counts"]["new"], before) == (0, 1, 0)
    assert wet == (0, "", "1 new, 0 changed, 0 unchanged, 0 duplicate, 0 error\n")
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


def test_a_second_import_of_the_real_file_mends_a_language_and_clobbers_no_edit() -> None:
    commit(REAL.read_bytes())
    wrong = OrganisationName.objects.get(text__contains="Рухани жаңғыру")
    assert wrong.language == "ru"
    OrganisationName.objects.filter(pk=wrong.pk).update(language="kk")
    confirmed = Organisation.objects.exclude(pk=wrong.organisation_id).first()
    Organisation.objects.filter(pk=confirmed.pk).update(
        verified_until=today() + timedelta(days=300), founded_year=1901, website="https://own.example"
    )

    commit(REAL.read_bytes())

    again = OrganisationName.objects.filter(text=wrong.text).values_list("language", flat=True)
    confirmed.refresh_from_db()
    assert list(again) == ["ru"]
    assert (confirmed.founded_year, confirmed.website) == (1901, "https://own.example")


def test_report_leads_to_what_is_new_and_what_is_there(signed_in: Any) -> None:
    reader = secretary()
    commit(HEAD + ROW)
    run = check(HEAD + ROW.replace("2018", "2017") + ROW.replace("Steppe", "River"), reader)
    client, page = signed_in(reader), f"/en/incubators/import/{run.uid}/"

    before = client.get(page).content.decode()
    commit_import(run=run, by=reader)
    after = client.get(page).content.decode()

    known, new = ('href="/en/incubators/steppe-hub/"', 'href="/en/incubators/river-hub/"')
    assert [(known in text, new in text) for text in (before, after)] == [(True, False), (True, True)]
    assert "listed as unverified." in after


def test_what_the_file_says_of_an_entry_left_alone_does_not_look_done(signed_in: Any) -> None:
    reader = secretary()
    commit(HEAD + ROW)
    Organisation.objects.update(verified_until=today() + timedelta(days=30))
    run = check(HEAD + ROW.replace("2018", "2017"), reader)

    page = signed_in(reader).get(f"/en/incubators/import/{run.uid}/").content.decode()

    assert "Nothing was changed. The file says otherwise:" in page
    assert "in the file: <bdi>2017</bdi>" in page
    assert "<del" not in page


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("programmes", "organisation,name\nSteppe Hub,School\nNowhere,School\n"),
        ("startups", "name,country_iso2\nSteppe Water,KZ\nSteppe Wind,KG\n"),
        ("figures", "organisation,year,jobs\nSteppe Hub,2024,5\nNowhere,2024,5\n"),
    ],
)
def test_command_imports_every_kind(tmp_path: Path, kind: str, text: str) -> None:
    by, path = focal_point("KZ"), tmp_path / "rows.csv"
    OrganisationFactory(name="Steppe Hub")
    path.write_text(text)

    answers = [call(str(path), "--as", by.email, *more, kind=kind) for more in ([], ["--commit"], ["--commit"])]

    assert [answer[0] for answer in answers] == [0, 0, 0]
    reports = [json.loads(answer[1]) for answer in answers]
    assert [[row["outcome"] for row in report["rows"]] for report in reports] == [
        ["new", "error"],
        ["new", "error"],
        ["unchanged", "error"],
    ]
    assert {"row", "outcome", "column", "reason", "matches"} <= reports[0]["rows"][0].keys()


@pytest.mark.parametrize("kind", ["programmes", "startups", "figures"])
def test_command_refuses_a_file_of_another_kind_in_one_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("what,where\nx,y\n")

    code, out, err = call(str(path), "--as", secretary().email, kind=kind)

    assert (code, len(err.strip().splitlines()), json.loads(out)["refused"]) == (1, 1, err.strip())
