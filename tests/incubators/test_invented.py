"""A registry that is invented for measuring: as large as asked, the same for the same seed, and not in production."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incubators.models import Figure, Organisation, Placement, Startup, YearlyFigures

pytestmark = pytest.mark.django_db
SIZE = {"organisations": 20, "startups": 30, "figures": 45}


def invent(**options: Any) -> str:
    said = StringIO()
    call_command("invent_registry", stdout=said, **SIZE | options)
    return said.getvalue()


def contents() -> list[Any]:
    return [
        list(Organisation.objects.order_by("slug").values_list("slug", "kind", "country__iso2")),
        list(Startup.objects.order_by("name").values_list("name", "stage", "placements__cohort__starts")),
        list(Figure.objects.order_by("pk").values_list("figures__year", "value")),
    ]


def test_it_is_as_large_as_asked_and_the_registry_shows_it(client: Client) -> None:
    assert invent() == "20 organisations, 30 start-ups, 45 yearly figures.\n"

    assert (Organisation.objects.count(), Startup.objects.count(), YearlyFigures.objects.count()) == (20, 30, 45)
    assert Placement.objects.public().count() == 3
    page = client.get("/en/incubators/").content.decode()
    assert page.count('class="hit"') == 20


def test_the_same_seed_invents_the_same(django_db_blocker: Any) -> None:
    from django.db import transaction

    found = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            invent(seed=seed)
            found.append(contents())
            transaction.set_rollback(True)

    assert found[0] == found[1] != found[2]


def test_a_registry_with_something_in_it_is_left_alone() -> None:
    invent()

    with pytest.raises(CommandError, match="not empty"):
        invent()


def test_nothing_is_invented_in_production(settings: Any) -> None:
    settings.MODE = "production"

    with pytest.raises(CommandError, match="Nothing is invented in production"):
        invent()


def test_more_figures_than_years_are_refused() -> None:
    with pytest.raises(CommandError, match="at most 100 figures"):
        invent(figures=101)
