"""The report of an import is told in the language of whoever reads it, before it is written and ever after."""

import pytest
from django.test import Client
from django.utils.translation import override

from incubators.enums import NameKind
from incubators.models import City, ImportRun
from incubators.services.imports.jobs import MOST_ATTEMPTS, start_import
from incubators.services.imports.undo import start_undo
from incubators.services.names import Name
from incubators.tasks import undo_import, write_import
from incubators.yearly import last_year
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, focal_point, secretary
from tests.incubators.imports import changes, checked, imported, told

pytestmark = pytest.mark.django_db
YEAR = last_year()


@pytest.fixture
def focal() -> User:
    """Whose mails come in Russian."""
    person = focal_point("KZ")
    person.language = "ru"
    person.save()
    return person


@pytest.fixture
def hub() -> None:
    names = [Name("Steppe Hub", NameKind.DISPLAY, "en"), Name("Хаб Степь", NameKind.LABEL, "ru")]
    OrganisationFactory(slug="steppe-hub", shown=names)


FIGURES = f"organisation,year,jobs\nsteppe-hub,{YEAR},20\nsteppe-hub,1066,20\nsteppe-hub,{YEAR - 1},1.500\n"


def written_by_worker(run: ImportRun) -> ImportRun:
    write_import(start_import(run=run, by=run.by).pk)
    run.refresh_from_db()
    return run


def page_of(run: ImportRun, reader: Client, language: str) -> str:
    return reader.get(f"/{language}/incubators/import/{run.uid}/").content.decode()


def test_written_report_is_told_in_the_readers_language(focal: User, hub: None, signed_in) -> None:
    run = written_by_worker(checked("figures", FIGURES, focal))
    reader = signed_in(focal)

    english, russian = (page_of(run, reader, language) for language in ("en", "ru"))

    assert f"Write a number from 1990 to {YEAR}." in english
    assert f"Steppe Hub, {YEAR}" in english
    assert "Is it 1,500 or 1.5?" in english
    assert f"Напишите число от 1990 до {YEAR}." in russian
    assert f"Хаб Степь, {YEAR}" in russian
    assert "1\u00a0500" in russian
    assert "Напишите" not in english
    assert "Степь" not in english


def test_report_of_a_check_is_told_to_the_secretariat_in_its_language(focal: User, hub: None, signed_in) -> None:
    rows = "name_en,type,country_iso2,sectors\nSteppe Hub,hub,KZ,\nAltai Hub,castle,KZ,magic\n"
    with override("ru"):
        run = checked("organisations", rows, focal)

    english, russian = (page_of(run, signed_in(secretary()), language) for language in ("en", "ru"))

    assert "The registry has this name already." in english
    assert ">Steppe Hub</a>" in english
    assert "“castle” is not a kind of organisation." in english
    assert "Такое название в реестре уже есть." in russian
    assert ">Хаб Степь</a>" in russian
    assert "incubator (Бизнес-инкубатор)" in russian


def test_city_that_is_changed_is_told_by_the_readers_name(focal: User) -> None:
    imported("organisations", "name_en,type,country_iso2,city\nSteppe Hub,hub,KZ,Almaty\n", focal)
    City.objects.filter(slug="almaty").update(names={"en": "Almaty", "ru": "Алматы"})
    run = checked("organisations", "name_en,type,country_iso2,city\nSteppe Hub,hub,KZ,Astana\n", focal)

    for language, name in (("en", "Almaty"), ("ru", "Алматы")):
        with override(language):
            assert changes(run) == [("city", name, "Astana")]


def test_two_sentences_about_one_row_follow_each_other(focal: User) -> None:
    run = checked("startups", "name,country_iso2,founded,summary\nWater,KZ,2020,Sells water,and pumps\n", focal)

    with override("ru"):
        said = told(run)[0]["reason"]
    assert said.startswith("Известен только год основания; вместо дня стоит 1 января. ")
    assert said.endswith("summary.")


def test_why_an_import_stopped_is_told_in_the_readers_language(focal: User, signed_in) -> None:
    run = start_import(run=checked("organisations", "name_en,type,country_iso2\nSteppe Hub,hub,KZ\n", focal), by=focal)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS)
    write_import(run.pk)

    reader = signed_in(focal)

    assert "The platform could not finish this import." in page_of(run, reader, "en")
    assert "Платформа не смогла закончить этот импорт." in page_of(run, reader, "ru")


def test_why_taking_back_stopped_is_told_in_the_readers_language(focal: User, signed_in) -> None:
    run = start_undo(run=imported("organisations", "name_en,type,country_iso2\nSteppe Hub,hub,KZ\n", focal), by=focal)
    ImportRun.objects.update(attempts=MOST_ATTEMPTS)
    undo_import(run.pk)

    reader = signed_in(focal)

    assert "The platform could not finish taking this import back." in page_of(run, reader, "en")
    assert "Платформа не смогла до конца отменить этот импорт." in page_of(run, reader, "ru")


def test_report_kept_before_it_spoke_two_languages_is_still_read(focal: User, signed_in) -> None:
    run = checked("organisations", "name_en,type,country_iso2\nSteppe Hub,castle,KZ\n", focal)
    run.report["rows"][0] |= {
        "reason": "So it was said.",
        "mistakes": [{"column": "type", "reason": "So it was said."}],
    }
    run.save()

    assert "So it was said." in page_of(run, signed_in(focal), "ru")
