"""Importing start-ups: shown to nobody, founders' profiles neither changed nor told of, and taking it back."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators.enums import StartupRole
from incubators.models import Startup, StartupMember
from incubators.models.imports import Undone
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.search.models import SearchDocument
from tests.incubators.factories import PersonFactory, country, focal_point, secretary
from tests.incubators.imports import changes, checked, imported, outcomes, taken_back, told

pytestmark = pytest.mark.django_db
HEAD = "name,country_iso2,city,stage,sectors,sdgs,founded,website,description,team_size\n"
ROW = "Steppe Water,KZ,Almaty,Early revenue,agritech; circular,6; 12,2023-05-31,water.example,Sensors for fields,7\n"


def kept(startup: Startup) -> Startup:
    StartupMember.objects.create(startup=startup, user=PersonFactory(), role=StartupRole.OWNER)
    return startup


def test_startup_is_there_and_shown_to_nobody_but_who_serves_the_country(client: Client) -> None:
    focal = focal_point("KZ")

    run = imported("startups", HEAD + ROW, focal)

    made = Startup.objects.get()
    assert outcomes(run) == [(2, "new", None)]
    assert (made.name, made.country.iso2, made.city, made.stage, made.founded, made.team_size) == (
        "Steppe Water",
        "KZ",
        "Almaty",
        "early_revenue",
        date(2023, 5, 31),
        7,
    )
    assert (made.website, made.summary, made.language) == ("https://water.example", "Sensors for fields", "en")
    assert [sector.code for sector in made.sectors.order_by("code")] == ["agritech", "circular"]
    assert [goal.number for goal in made.sdgs.order_by("number")] == [6, 12]
    assert (made.shown_at, made.members.count(), Message.objects.count()) == (None, 0, 0)
    assert not SearchDocument.objects.filter(kind="startup").exists()
    readers = [focal, secretary(), focal_point("KG"), PersonFactory()]
    assert [Startup.objects.visible_to(reader).exists() for reader in readers] == [True, True, False, False]
    assert client.get(f"/en/startups/{made.uid}/").status_code == 404
    assert (Record.objects.get().verb, Record.objects.get().scope) == ("startups.imported", "country:KZ")


def test_second_import_changes_nothing_and_a_correction_changes_what_it_says() -> None:
    focal = focal_point("KZ")
    imported("startups", HEAD + ROW, focal)

    again = imported("startups", HEAD + ROW, focal)
    mended = imported("startups", "name,country_iso2,stage,sdgs\nSteppe Water,KZ,growth,6\n", focal)

    made = Startup.objects.get()
    assert outcomes(again) == [(2, "unchanged", None)]
    assert changes(mended) == [("stage", "early_revenue", "growth"), ("sdgs", "12; 6", "6")]
    assert (made.stage, made.city, [goal.number for goal in made.sdgs.all()]) == ("growth", "Almaty", [6])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Water,KG,,,,,,,,", "country_iso2"),
        (",KZ,,,,,,,,", "name"),
        ("Water,KZ,,unheard,,,,,,", "stage"),
        ("Water,KZ,,,alchemy,,,,,", "sectors"),
        ("Water,KZ,,,,18,,,,", "sdgs"),
        (f"Water,KZ,,,,{'9' * 5000},,,,", "sdgs"),
        ("Water,KZ,,,,,31.02.2023,,,", "founded"),
        ("Water,KZ,,,,,2999-01-01,,,", "founded"),
        ("Water,KZ,,,,,,ftp://x.example,,", "website"),
        ("Water,KZ,,,,,,,=A1,", "summary"),
        ("Water,KZ,,,,,,,,many", "team_size"),
        (f"{'x' * 151},KZ,,,,,,,,", "name"),
    ],
)
def test_mistakes_are_of_the_row_and_named_with_their_column(row: str, column: str) -> None:
    run = imported("startups", HEAD + row + "\n" + ROW)

    assert outcomes(run) == [(2, "error", column), (3, "new", None)]
    assert Startup.objects.get().name == "Steppe Water"


def test_year_alone_stands_for_its_first_day_and_is_told() -> None:
    run = imported("startups", HEAD + ROW.replace("2023-05-31", "2023"))

    assert Startup.objects.get().founded == date(2023, 1, 1)
    assert "Only the year" in told(run)[0]["reason"]


@pytest.mark.parametrize("heading", ["Стартап", "Наименование", "Название проекта"])
def test_headings_in_other_words_are_understood(heading: str) -> None:
    run = imported("startups", f"{heading};Страна;founded_year;Description EN\nSteppe Water;KZ;2023;Sensors\n")

    made = Startup.objects.get()
    assert outcomes(run) == [(2, "new", None)]
    assert (made.name, made.founded, made.summary) == ("Steppe Water", date(2023, 1, 1), "Sensors")


def test_who_invites_the_founder_reads_all_that_was_imported(signed_in: Any) -> None:
    imported("startups", HEAD + ROW)
    startup = Startup.objects.get()
    address, facts = f"/en/startups/{startup.uid}/", ("Almaty", "31 May 2023", ">7<")

    focal = signed_in(focal_point("KZ")).get(address).content.decode()
    kept(startup)
    Startup.objects.update(shown_at=timezone.now())
    visitor = Client().get(address).content.decode()

    assert [fact in focal for fact in facts] == [True] * 3
    assert ("Steppe Water" in visitor, [fact in visitor for fact in facts]) == (True, [False] * 3)


def test_text_without_a_language_has_that_of_its_letters() -> None:
    imported("startups", HEAD + ROW.replace("Sensors for fields", "Датчики для полей"))

    assert Startup.objects.get().language == "ru"


def test_profile_that_founders_keep_is_neither_changed_nor_told() -> None:
    focal = focal_point("KZ")
    imported("startups", HEAD + ROW, focal)
    kept(Startup.objects.get())
    Startup.objects.update(summary="Canary")

    run = imported("startups", HEAD + ROW, focal)

    assert outcomes(run) == [(2, "unchanged", None)]
    assert "founders keep" in told(run)[0]["reason"]
    assert (changes(run), "Canary" in str(run.report), Startup.objects.get().summary) == ([], False, "Canary")


def test_name_that_is_shown_is_a_duplicate_and_a_hidden_one_is_not_told() -> None:
    shown = kept(Startup.objects.create(name="Open Water", country=country("KZ"), shown_at=timezone.now()))
    kept(Startup.objects.create(name="Canary", country=country("KZ")))
    uid = str(Startup.objects.get(name="Canary").uid)

    run = checked("startups", f"uid,name,country_iso2\n,Опен Вотер,KZ\n,OPEN water,KZ\n,Canary,KZ\n{uid},Other,KZ\n")

    assert [row["outcome"] for row in run.report["rows"]] == ["new", "duplicate", "new", "new"]
    assert run.report["rows"][1]["matches"] == [
        {"uid": str(shown.uid), "name": "Open Water", "url": f"/startups/{shown.uid}/"}
    ]
    assert uid not in str(run.report)


def test_import_is_taken_back_but_for_what_founders_keep() -> None:
    focal = focal_point("KZ")
    imported("startups", HEAD + ROW, focal)
    run = imported(
        "startups",
        HEAD
        + ROW.replace("Almaty", "Astana").replace("; 12", "").replace("2023-05-31", "")
        + ROW.replace("Water", "Wind")
        + ROW.replace("Water", "Sun"),
        focal,
    )
    kept(Startup.objects.get(name="Steppe Sun"))

    undone = taken_back(run, focal)

    first = Startup.objects.get(name="Steppe Water")
    assert undone == Undone(removed=1, restored=1, left=1)
    assert (first.city, first.founded, first.sdgs.count()) == ("Almaty", date(2023, 5, 31), 2)
    assert sorted(Startup.objects.values_list("name", flat=True)) == ["Steppe Sun", "Steppe Water"]
    assert Record.objects.filter(verb="startups.import_undone").count() == 1


@pytest.mark.parametrize("number", [3, 60])
def test_statements_do_not_grow_with_rows(number: int) -> None:
    focal = focal_point("KZ")
    text = HEAD + "".join(ROW.replace("Water", f"Water {n}") for n in range(number))

    with CaptureQueriesContext(connection) as asked:
        imported("startups", text, focal)

    assert Startup.objects.count() == number
    assert len(asked) <= 40


@pytest.mark.parametrize("number", [3, 30])
def test_statements_of_undoing_do_not_grow_with_rows(number: int) -> None:
    focal = focal_point("KZ")
    text = HEAD + "".join(ROW.replace("Water", f"Water {n}") for n in range(number))
    imported("startups", text, focal)
    run = imported("startups", text.replace("circular", "ict").replace("; 12", "").replace("Sensors", "Pumps"), focal)

    with CaptureQueriesContext(connection) as asked:
        undone = taken_back(run, focal)

    assert undone.restored == number
    for startup in Startup.objects.prefetch_related("sectors", "sdgs"):
        assert {sector.code for sector in startup.sectors.all()} == {"agritech", "circular"}
        assert {goal.number for goal in startup.sdgs.all()} == {6, 12}
    assert len(asked) <= 30
