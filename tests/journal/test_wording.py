"""Each app names what it writes into the journal; the ground knows no word of those above it."""

from collections import defaultdict

import pytest
from django.apps import apps

from network_platform.desk import desks
from network_platform.journal.wording import field_label, value_label, vocabulary
from network_platform.journal.words import GROUND, Words
from network_platform.zones import NO_BREAK

TOLD: dict[str, Words] = {desk.__name__: desk.journal_words() for desk in desks() if hasattr(desk, "journal_words")}
PARTS = ("things", "deeds", "subjects", "fields", "fields_of", "values", "reasons")


@pytest.mark.parametrize("desk", TOLD)
def test_an_app_names_its_own_things(desk: str) -> None:
    floor = desk.partition(".")[0]

    assert {apps.get_model(thing).__module__.partition(".")[0] for thing in TOLD[desk].things} == {floor}


@pytest.mark.parametrize("part", PARTS)
def test_no_code_is_called_two_things(part: str) -> None:
    called = defaultdict(set)
    for words in TOLD.values():
        for code, word in getattr(words, part).items():
            called[code].add(str(word))

    assert {code: names for code, names in called.items() if len(names) > 1} == {}


def test_what_the_ground_writes_is_called_by_its_own_words() -> None:
    subjects = {verb.partition(".")[0] for verb in GROUND.verbs}
    things = {thing.partition(".")[2] for thing in GROUND.things}

    assert subjects <= things | GROUND.subjects.keys()
    assert {verb.partition(".")[2] for verb in GROUND.verbs} <= GROUND.deeds.keys()
    assert set(vocabulary().verbs) >= set(GROUND.verbs)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2027-02-28T22:45:32.706Z", "28 February 2027, 22:45, UTC"),
        ("2027-02-28", "2027-02-28"),
        ("2027-02-28T22:45:32", "2027-02-28T22:45:32"),
        ("figures:write", "report the yearly figures of your organisations"),
    ],
)
def test_moments_and_rights_are_told_in_words(value: str, said: str) -> None:
    assert value_label(value).replace(NO_BREAK, " ").lower() == said.lower()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("founded_year", "year of foundation"),
        ("name_kk", "name in Kazakh"),
        ("sdgs", "Sustainable Development Goals"),
        ("display", "name shown first"),
        ("not_known", "not known"),
    ],
)
def test_a_field_of_a_listing_is_called_as_on_its_form(name: str, said: str) -> None:
    assert str(field_label(name)) == said
