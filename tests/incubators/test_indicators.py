"""What is counted every year: the secretariat adds, defines anew, asks no more; what was reported stays."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from incubators.demonstration import report_sample
from incubators.models import Definition, Indicator
from incubators.services.indicators import add_indicator, define_indicator, retire_indicator
from network_platform.journal.models import Record
from tests.incubators.factories import OrganisationFactory, editor_of, focal_point, secretary
from tests.incubators.test_benchmark import YEAR, accepted

pytestmark = pytest.mark.django_db
ADD, DEFINE, RETIRE = (f"/en/countries/indicators/{page}/" for page in ("add", "jobs/define", "jobs/retire"))
NEW = {
    "name_en": "Kites flown",  # nothing that the product may ship one day
    "name_ru": "Запущенные воздушные змеи",
    "unit": "count",
    "text_en": "Kites of the start-ups of this year.",
    "text_ru": "Змеи стартапов этого года.",
    "since": str(YEAR),
}


@pytest.fixture
def office(signed_in: Any) -> Client:
    return signed_in(secretary(language="en"))


def test_an_indicator_is_added_in_both_languages(office: Client) -> None:
    done = office.post(ADD, NEW)

    made = Indicator.objects.get(code="kites_flown")
    definition = made.definitions.get()
    assert done.url == "/en/countries/indicators/"
    assert made.names == {"en": "Kites flown", "ru": "Запущенные воздушные змеи"}
    assert (definition.version, definition.since, definition.texts["ru"]) == (1, YEAR, "Змеи стартапов этого года.")
    assert [each.code for each in Indicator.objects.asked_in(YEAR)][-1] == "kites_flown"
    assert not Indicator.objects.asked_in(YEAR - 1).filter(code="kites_flown").exists()
    assert list(Record.objects.values_list("verb", "thing_uid")) == [("indicator.added", "kites_flown")]


def test_a_definition_stays_on_the_device_until_it_is_taken(office: Client) -> None:
    for page, key, data in (ADD, "indicator-new", NEW), (DEFINE, "definition:jobs", {**NEW, "since": str(YEAR + 1)}):
        form, wrong = office.get(page), office.post(page, {**data, "text_ru": ""})
        taken = office.post(page, data, follow=True)

        key = f"{key}:{form.context['user'].uid}"
        assert [f'data-keeps data-key="{key}"' in each.content.decode() for each in (form, wrong)] == [True, True]
        assert (taken.status_code, f'data-clears="{key}"' in taken.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name_ru": ""}, "An answer is needed here."),
        ({"text_en": ""}, "An answer is needed here."),
        ({"name_en": "Jobs"}, "There is an indicator of this name already."),
        ({"since": "soon"}, "Write a whole number, in digits."),
        ({"unit": "litres"}, "Choose one of the answers offered here"),
    ],
)
def test_wrong_input_is_told_and_kept(office: Client, wrong: dict[str, str], words: str) -> None:
    before = Indicator.objects.count()

    answer = office.post(ADD, NEW | wrong)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert "Змеи стартапов этого года." in answer.content.decode()
    assert Indicator.objects.count() == before


def test_the_demonstration_reports_what_is_added(office: Client) -> None:
    office.post(ADD, NEW)
    organisation = OrganisationFactory()
    editor_of(organisation)

    figures = report_sample(organisation, YEAR, 1)

    told = set(figures.values.values_list("definition__indicator__code", flat=True))
    assert told == set(Indicator.objects.asked_in(YEAR).values_list("code", flat=True)) > {"kites_flown"}


def test_a_definition_that_always_held_has_no_version_and_year(office: Client) -> None:
    before = office.get("/en/countries/indicators/").content.decode()
    office.post(DEFINE, {"text_en": "Told anew", "text_ru": "Сказано иначе", "since": YEAR + 1})
    after = office.get("/en/countries/indicators/").content.decode()

    assert ("Version" in before, "1990" in before, "1990" in after) == (False, False, False)
    assert f"Version 2, from {YEAR + 1} on: Told anew" in after
    assert "Version 1, before that: People who worked" in after


def test_a_definition_in_use_is_never_changed(office: Client) -> None:
    accepted(OrganisationFactory(), jobs=5)
    texts = {"text_en": "Told anew", "text_ru": "Сказано иначе"}

    late = office.post(DEFINE, {**texts, "since": YEAR})
    done = office.post(DEFINE, {**texts, "since": YEAR + 1})

    jobs = Indicator.objects.get(code="jobs")
    assert (late.status_code, done.status_code) == (422, 302)
    assert f"choose {YEAR + 1} or later" in late.content.decode()
    assert list(jobs.definitions.order_by("version").values_list("version", "since")) == [(1, 1990), (2, YEAR + 1)]
    assert jobs.definition_in(YEAR).texts["en"].startswith("People who worked")
    assert jobs.definition_in(YEAR + 1).texts == {"en": "Told anew", "ru": "Сказано иначе"}
    assert Record.objects.get().after == {"version": 2, "since": YEAR + 1}
    with pytest.raises(ValidationError):
        define_indicator(indicator=jobs, by=secretary(), texts={}, since=YEAR + 1)


def test_an_indicator_is_asked_no_more_and_again(office: Client) -> None:
    accepted(OrganisationFactory(), jobs=5)

    early = office.post(RETIRE, {"retired_from": YEAR})
    office.post(RETIRE, {"retired_from": YEAR + 1})
    retired = [Indicator.objects.asked_in(year).filter(code="jobs").exists() for year in (YEAR, YEAR + 1)]
    office.post(RETIRE, {"retired_from": ""})

    assert early.status_code == 422
    assert retired == [True, False]
    assert Indicator.objects.asked_in(YEAR + 1).filter(code="jobs").exists()
    verbs = Record.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["indicator.retired", "indicator.resumed"]


def test_only_the_secretariat_defines(signed_in: Any) -> None:
    focal = focal_point("KZ")
    jobs = Indicator.objects.get(code="jobs")
    before = Indicator.objects.count()

    assert [signed_in(focal).get(page).status_code for page in (ADD, DEFINE, RETIRE)] == [403, 403, 403]
    for act in (
        lambda: add_indicator(by=focal, code="x", names={}, unit="count", texts={}, since=YEAR),
        lambda: define_indicator(indicator=jobs, by=focal, texts={}, since=YEAR + 5),
        lambda: retire_indicator(indicator=jobs, by=focal, retired_from=YEAR + 5),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Indicator.objects.count(), Definition.objects.filter(indicator=jobs).count()) == (before, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_little(office: Client, number: int, django_assert_max_num_queries: Any) -> None:
    for n in range(number):
        office.post(ADD, NEW | {"name_en": f"Kites {n}"})

    with django_assert_max_num_queries(8):
        office.get("/en/countries/indicators/")
