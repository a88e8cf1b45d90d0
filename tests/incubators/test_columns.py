"""Headings of files in people's own words: guessed, asked about, remembered."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from incubators.enums import ImportKind
from incubators.models import ColumnMapping, ImportRun, Organisation
from incubators.reports import mistakes_table
from incubators.services.columns import guess, is_plain
from incubators.services.importing import check_file, commit_import
from incubators.services.imports.kinds import kind_of
from incubators.tasks import write_import
from network_platform.languages import WORKING_LANGUAGES
from tests.incubators.factories import focal_point, secretary

pytestmark = pytest.mark.django_db
RUSSIAN = "Название;Тип;Страна;Город;Год основания;Телефон\nСтепной хаб;hub;KZ;Алматы;2018;+7\n"
KIND = kind_of("organisations")
ODD = "what,sort,where,place\nSteppe Hub,hub,KZ,Almaty\n"


@pytest.fixture
def person() -> Any:
    return focal_point("KZ", language="en")


@pytest.fixture
def own(person: Any, signed_in: Any) -> Client:
    return signed_in(person)


def send(client: Client, text: str) -> Any:
    upload = SimpleUploadedFile("rows.csv", text.encode(), content_type="text/csv")
    return client.post("/en/incubators/import/", {"file": upload})


def test_words_of_the_region_are_guessed(person: Any) -> None:
    found = guess(
        ["название", "тип организации", "страна", "веб-сайт", "year founded", "телефон"], by=person, kind=KIND
    )

    assert list(found.values()) == ["name_ru", "type", "country_iso2", "website", "founded_year", ""]


@pytest.mark.parametrize("language", WORKING_LANGUAGES)
@pytest.mark.parametrize("code", ImportKind.values)
def test_what_the_platform_calls_a_column_is_guessed(person: Any, code: str, language: str) -> None:
    kind = kind_of(code)
    with override(language):
        labels = {column: label.lower() for column, label in kind.labels().items()}

    found = guess(labels.values(), by=person, kind=kind)

    assert {label: found[label] for label in labels.values()} == {label: column for column, label in labels.items()}


def test_a_column_is_taken_once(person: Any) -> None:
    assert guess(["город", "city", "town"], by=person, kind=KIND) == {"город": "city", "city": "", "town": ""}


def test_guessed_columns_are_imported_by_the_command_without_asking() -> None:
    run = check_file(data=RUSSIAN.encode(), file_name="rows.csv", by=secretary())
    commit_import(run=run, by=run.by)

    made = Organisation.objects.get()
    assert (made.titles, made.city.slug, made.founded_year) == ({"ru": "Степной хаб"}, "almaty", 2018)


def test_own_words_are_not_asked_about(own: Client) -> None:
    answer = send(own, f"{','.join(KIND.read)},listing,page\n")

    assert answer.url == f"/en/incubators/import/{ImportRun.objects.get().uid}/"


def test_headings_are_shown_as_the_file_writes_them(own: Client, person: Any) -> None:
    asked = send(own, "Полное Название;ТИП;Страна\nСтепной хаб;hub;KZ\n").url

    page = own.get(asked)

    assert [field.label for field in page.context["form"]] == ["Полное Название", "ТИП", "Страна"]
    assert set(ImportRun.objects.get().mapping) == {"полное название", "тип", "страна"}


def test_a_heading_is_shown_with_a_cell_of_its_column(own: Client) -> None:
    asked = send(own, "Что это;ТИП;Страна;Пусто\n;hub;KZ;\n<b>Хаб</b>;fund;KZ;\n").url

    page = own.get(asked).content.decode()

    assert "In the file: <bdi>&lt;b&gt;Хаб&lt;/b&gt;</bdi>" in page
    assert "In the file: <bdi>hub</bdi>" in page
    assert page.count("In the file:") == 3


def test_other_words_are_asked_about_and_remembered(own: Client, person: Any) -> None:
    asked = send(own, ODD)
    address = asked.url
    page = own.get(address).content.decode()
    early = own.get(address.replace("columns/", ""))
    lacking = own.post(address, {"column_0": "name_en"})
    twice = own.post(address, {"column_0": "name_en", "column_1": "name_en", "column_2": "country_iso2"})
    done = own.post(
        address, {"column_0": "name_en", "column_1": "type", "column_2": "country_iso2", "column_3": "city"}
    )

    assert address.endswith("/columns/")
    assert (page.count('name="column_'), early.url) == (4, address)
    assert (lacking.status_code, "No column stands for: Kind, Country." in lacking.content.decode()) == (422, True)
    assert "was chosen for this already" in twice.content.decode()
    run = ImportRun.objects.get()
    assert (done.url, run.report["counts"]["new"]) == (f"/en/incubators/import/{run.uid}/", 1)
    assert guess(["what", "sort", "where", "place"], by=person, kind=KIND) == run.mapping
    assert guess(["what"], by=focal_point("KZ"), kind=KIND) == {"what": ""}
    assert ColumnMapping.objects.count() == 4


def test_headings_that_say_nothing_to_us_are_marked_until_they_are_answered_for(own: Client) -> None:
    text = "name_en,type,country_iso2,phone,Sait\nSteppe Hub,hub,KZ,7,https://steppe.example\n"

    def marked(address: str) -> list[str]:
        fields = own.get(address).content.decode().split('<div class="field">')[1:]
        names = [re.search(r"<label[^>]*><span>(\w+)", field) for field in fields]
        return [name[1] for name, field in zip(names, fields, strict=True) if "Not recognised" in field]

    address = send(own, text).url
    first = marked(address)
    own.post(address, {"column_0": "name_en", "column_1": "type", "column_2": "country_iso2", "column_4": "website"})
    later = send(own, text.replace("Sait", "Sajt")).url

    assert first == ["phone", "Sait"]
    assert marked(later) == ["Sajt"]


def test_what_was_mapped_is_what_is_written_and_what_mistakes_are_told_in(own: Client, person: Any) -> None:
    columns = {"column_0": "name_en", "column_1": "type", "column_2": "country_iso2", "column_3": ""}
    address = send(own, f"{ODD}Wrong Hub,hub,XX,Almaty\n").url
    own.post(address, columns)
    run = ImportRun.objects.get()

    own.post(f"/en/incubators/import/{run.uid}/")
    write_import(run.pk)

    run.refresh_from_db()
    assert Organisation.objects.get().city is None
    rows = list(mistakes_table(run))
    assert rows[0] == ["name_en", "type", "country_iso2", "mistake"]
    assert rows[1][:3] == ["Wrong Hub", "hub", "XX"]
    assert own.get(address).status_code == 404


def test_columns_of_others_are_not_found(own: Client, signed_in: Any) -> None:
    address = send(own, ODD).url

    assert signed_in(secretary()).get(address).status_code == 404
    assert signed_in(focal_point("KZ")).post(address, {"column_0": "name_en"}).status_code == 404


def test_a_column_without_a_heading_is_left_out() -> None:
    run = check_file(
        data=b"name_en,,type,country_iso2\nSteppe Hub,stray,hub,KZ\n", file_name="rows.csv", by=secretary()
    )

    assert [(row["outcome"], row["reason"]) for row in run.report["rows"]] == [("new", None)]


def test_plain_is_what_needs_no_question() -> None:
    assert is_plain({"name_ru": "name_ru", "kind": "type", "country_iso2": "country_iso2", "page": ""}, KIND)
    assert not is_plain({"name_ru": "name_ru", "country_iso2": "country_iso2"}, KIND)
    assert not is_plain({"название": "name_ru", "type": "type", "country_iso2": "country_iso2"}, KIND)
