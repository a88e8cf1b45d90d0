"""An import that changes many rows asks the database no more often than one that changes few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubators.models import Figure
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, focal_point
from tests.incubators.imports import imported

pytestmark = pytest.mark.django_db


def organisations(number: int, word: str) -> str:
    rows = (f"Hub {n} of the steppe,hub,KZ,{word} {n % 3},ict;{word},Text {word}\n" for n in range(number))
    return "name_en,type,country_iso2,city,sectors,description_en\n" + "".join(rows)


def programmes(number: int, word: str) -> str:
    rows = (f"steppe-hub,School {n},{word},2026-03-01,{len(word)},Text {word}\n" for n in range(number))
    return "organisation,name,sectors,starts,places,description_en\n" + "".join(rows)


def startups(number: int, word: str) -> str:
    rows = (f"Water {n},KZ,{word},{len(word)},Text {word}\n" for n in range(number))
    return "name,country_iso2,sectors,sdgs,summary\n" + "".join(rows)


def figures(number: int, word: str) -> str:
    rows = (f"hub-number-{n},2025,{len(word)},grant: {len(word)} USD\n" for n in range(number))
    return "organisation,year,jobs,money_raised\n" + "".join(rows)


FILES = {"organisations": organisations, "programmes": programmes, "startups": startups, "figures": figures}


def statements_of_changing(kind: str, number: int, by: User) -> int:
    if kind == "figures":
        for n in range(number):
            OrganisationFactory(name=f"Hub {n}", slug=f"hub-number-{n}")
    imported(kind, FILES[kind](number, "agritech"), by)
    with CaptureQueriesContext(connection) as asked:
        run: Any = imported(kind, FILES[kind](number, "fintech"), by)
    assert (run.report["counts"]["changed"], sum(run.report["counts"].values())) == (number, number)
    return len(asked)


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("kind", FILES)
def test_changing_many_rows_asks_as_often_as_changing_few(kind: str, number: int) -> None:
    if kind == "programmes":
        OrganisationFactory(name="Steppe Hub", slug="steppe-hub")

    asked = statements_of_changing(kind, number, focal_point("KZ"))

    assert asked <= {"organisations": 62, "programmes": 60, "startups": 44, "figures": 60}[kind]
    if kind == "figures":
        assert set(Figure.objects.values_list("value", flat=True)) == {len("fintech")}
