"""The nightly search for duplicates and what people answer."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from incubators.duplicates import likely_pairs
from incubators.enums import NameKind, OrganisationStatus, PairStatus
from incubators.models import DuplicatePair, Organisation
from incubators.services.importing import check_file, commit_import
from incubators.services.names import Name, set_names
from incubators.services.pairs import find_pairs, move_pair
from incubators.tasks import find_duplicates
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of, focal_point, secretary
from tests.incubators.test_names import REAL

pytestmark = pytest.mark.django_db


def two(iso2: str = "KZ") -> tuple[Organisation, Organisation]:
    """One organisation listed twice."""
    return OrganisationFactory(iso2=iso2, name="Steppe Falcon Hub"), OrganisationFactory(
        iso2=iso2, name="Степ Фалкон хаб"
    )


def pair(iso2: str = "KZ") -> DuplicatePair:
    two(iso2)
    find_pairs()
    return DuplicatePair.objects.get(first__country=country(iso2))


def test_one_organisation_listed_twice_is_found_once_and_others_are_not() -> None:
    first, second = two()
    OrganisationFactory(name="Caravan Fund")
    OrganisationFactory(name="Steppe Falcon Hub", iso2="KG")
    OrganisationFactory(name="Steppe Falcon Hub", status=OrganisationStatus.CLOSED)

    counts = [find_duplicates(), find_duplicates()]

    found = DuplicatePair.objects.get()
    assert counts == [1, 1]
    assert (found.first, found.second, found.status, found.signs) == (first, second, PairStatus.OPEN, ["name"])


def test_mail_domain_and_site_speak_for_names_of_two_scripts() -> None:
    latin = OrganisationFactory(iso2="AF", name="Startup Valley", website_host="valley.example")
    arabic = OrganisationFactory(iso2="AF", name="دره نوآغازان", website_host="valley.example")
    editor_of(latin, email="one@valley.example")
    editor_of(arabic, email="two@valley.example")

    find_pairs()

    assert DuplicatePair.objects.get().signs == ["website", "mail"]


def test_public_mailboxes_say_nothing() -> None:
    one, other = OrganisationFactory(name="Caravan Fund"), OrganisationFactory(name="Juniper Works")
    editor_of(one, email="one@gmail.com")
    editor_of(other, email="two@gmail.com")

    assert find_pairs() == 0


@pytest.mark.parametrize("shared", ["site", "mail"])
def test_entries_of_two_countries_meet_by_site_or_mail_domain_for_who_serves_both(shared: str) -> None:
    host = "falcon.example" if shared == "site" else ""
    first = OrganisationFactory(name="Steppe Falcon Hub", website_host=host)
    second = OrganisationFactory(name="Steppe Falcon Hub", iso2="KG", website_host=host)
    OrganisationFactory(name="Steppe Falcon Hub", iso2="UZ")
    if shared == "mail":
        editor_of(first, email="one@falcon.example")
        editor_of(second, email="two@falcon.example")

    counts = [find_pairs(), find_pairs()]

    found = DuplicatePair.objects.get()
    seen = [DuplicatePair.objects.visible_to(by).count() for by in (secretary(), focal_point("KZ"), focal_point("KG"))]
    assert counts == [1, 1]
    assert (found.first, found.second) == (first, second)
    assert seen == [1, 0, 0]


def test_a_pair_between_countries_goes_when_they_share_nothing_any_more() -> None:
    for iso2 in ("KZ", "KG"):
        OrganisationFactory(name="Steppe Falcon Hub", iso2=iso2, website_host="falcon.example")
    before = find_pairs()
    Organisation.objects.filter(country__iso2="KG").update(website_host="")

    assert (before, find_pairs()) == (1, 0)


def test_public_mailboxes_bring_no_countries_together() -> None:
    for iso2 in ("KZ", "KG"):
        editor_of(OrganisationFactory(name="Steppe Falcon Hub", iso2=iso2), email=f"{iso2}@gmail.com")

    assert find_pairs() == 0


def test_answered_pairs_stay_answered_and_open_ones_go_when_nothing_speaks_for_them() -> None:
    answered, still = pair("KZ"), pair("KG")
    move_pair(pair=answered, to=PairStatus.DIFFERENT, by=focal_point("KZ"))
    for made in (answered.second, still.second):
        set_names(made, [Name("Juniper Works", NameKind.DISPLAY, "en")])

    find_pairs()

    assert list(DuplicatePair.objects.values_list("pk", "status")) == [(answered.pk, PairStatus.DIFFERENT)]


def test_two_organisations_is_an_answer_that_can_be_taken_back() -> None:
    found, focal = pair(), focal_point("KZ")

    move_pair(pair=found, to=PairStatus.DIFFERENT, by=focal)
    with pytest.raises(IllegalMove):
        move_pair(pair=found, to=PairStatus.DIFFERENT, by=focal)
    move_pair(pair=found, to=PairStatus.OPEN, by=focal)

    found.refresh_from_db()
    records = Record.objects.order_by("number").values_list("verb", "scope")
    assert (found.status, found.answered_by) == (PairStatus.OPEN, None)
    assert list(records) == [("pair.different", "country:KZ"), ("pair.reopened", "country:KZ")]


@pytest.mark.parametrize("who", [lambda: focal_point("KG"), PersonFactory])
def test_strangers_answer_no_pair(who: Any) -> None:
    found = pair()

    with pytest.raises(PermissionDenied):
        move_pair(pair=found, to=PairStatus.DIFFERENT, by=who())


def test_few_of_the_listed_organisations_are_taken_for_one_another() -> None:
    by = secretary()
    commit_import(run=check_file(data=REAL.read_bytes(), file_name="organisations.csv", by=by), by=by)
    numbers = [Organisation.objects.filter(country__iso2=iso2).count() for iso2 in COUNTRIES]

    found = [each for iso2 in COUNTRIES for each in likely_pairs(country(iso2))]

    pairs = sum(number * (number - 1) // 2 for number in numbers)
    print(f"\n{pairs} pairs of listed organisations, {len(found)} taken for one")
    assert len(found) / pairs <= 0.02


COUNTRIES = ("AF", "AZ", "KG", "KZ", "TJ", "TM", "UZ")
