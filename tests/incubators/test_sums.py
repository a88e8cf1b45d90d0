"""Places in public sums: every sum that is ever shown is one of whole sixes that never change, whatever happens."""

import random
from decimal import Decimal

import pytest

from incubators.disclosure import counted, editors_in
from incubators.enums import FiguresStatus, OrganisationStatus, TransferStatus
from incubators.models import Organisation, SumPlace, YearlyFigures
from incubators.public_figures import places_of, public_figures
from incubators.services.figures import accept_figures, query_figures
from incubators.services.places import take_places
from incubators.services.transfers import answer_transfer, ask_for_transfer
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, country, focal_point, secretary
from tests.incubators.test_benchmark import YEAR, accepted

pytestmark = pytest.mark.django_db
SIX = (5, 9, 7, 8, 6, 10)


def reported(*jobs: int, country_code: str = "KZ") -> list[YearlyFigures]:
    return [accepted(OrganisationFactory(country=country(country_code)), jobs=number) for number in jobs]


def told(country_code: str = "KZ") -> tuple[Decimal, int] | None:
    sums = public_figures([country(country_code)], since=YEAR).sums
    return next(((each.value, each.reporters) for each in sums.values()), None)


def sent_again(figures: YearlyFigures, *, jobs: int, by: User) -> YearlyFigures:
    figures = YearlyFigures.objects.get(pk=figures.pk)
    figures.values.update(value=jobs)
    YearlyFigures.objects.filter(pk=figures.pk).update(status=FiguresStatus.SUBMITTED)
    figures.refresh_from_db()
    return accept_figures(figures=figures, by=by)


def moved(organisation: Organisation, to: str, *, by: User) -> None:
    organisation = Organisation.objects.get(pk=organisation.pk)
    transfer = ask_for_transfer(organisation=organisation, target=country(to), by=by, reason="They moved.")
    answer_transfer(transfer=transfer, to=TransferStatus.ACCEPTED, by=focal_point(to))


def test_figures_asked_about_leave_with_their_six_and_nobody_takes_the_place() -> None:
    office, first = secretary(), reported(*SIX, 31)[0]

    before = told()
    query_figures(figures=first, by=office, question="Are they?")

    assert (before, told()) == ((45, 6), None)


def test_the_same_figures_come_back_to_their_place_and_others_to_the_end() -> None:
    office = secretary()
    first, second, *_others = reported(*SIX, 31)
    query_figures(figures=first, by=office, question="Are they?")
    query_figures(figures=second, by=office, question="Are they?")

    same = sent_again(first, jobs=5, by=office)
    other = sent_again(second, jobs=19, by=office)

    assert list(SumPlace.objects.order_by("number").values_list("number", "figures", "value"))[:2] == [
        (0, same.pk, 5),
        (1, None, 9),
    ]
    assert list(SumPlace.objects.filter(figures=other).values_list("number", "value")) == [(7, 19)]
    assert told() is None


def test_a_line_that_is_no_longer_reported_leaves_its_place_empty() -> None:
    office, figures = secretary(), accepted(OrganisationFactory(), jobs=3, women_founders=2)
    query_figures(figures=figures, by=office, question="Are they?")
    figures.values.filter(definition__indicator__code="women_founders").delete()

    sent_again(figures, jobs=3, by=office)

    held = SumPlace.objects.order_by("indicator__code").values_list("indicator__code", "figures")
    assert list(held) == [("jobs", figures.pk), ("women_founders", None)]


def test_who_moves_to_another_country_takes_a_place_at_its_end_and_leaves_the_old_one_empty() -> None:
    office, first = secretary(), reported(*SIX, 31)[0]
    reported(*SIX, country_code="KG")
    before = told(), told("KG")

    moved(first.organisation, "KG", by=office)

    assert before == ((45, 6), (45, 6))
    assert (told(), told("KG")) == (None, (45, 6))
    assert list(SumPlace.objects.filter(figures=first).values_list("country__iso2", "number")) == [
        ("KZ", 0),
        ("KG", 6),
    ]


def test_who_comes_back_has_the_old_place() -> None:
    office, first = secretary(), reported(*SIX)[0]

    moved(first.organisation, "KG", by=office)
    moved(first.organisation, "KZ", by=office)

    assert told() == (45, 6)
    assert SumPlace.objects.filter(figures=first).count() == 2


def test_who_is_removed_leaves_an_empty_place() -> None:
    first = reported(*SIX, 31)[0]

    first.organisation.delete()

    assert told() is None
    assert list(SumPlace.objects.order_by("number").values_list("figures", flat=True))[0] is None


def test_places_are_taken_once_and_with_as_many_queries_for_many(django_assert_max_num_queries) -> None:
    few, many = reported(*SIX[:2]), reported(*SIX, *SIX)
    SumPlace.objects.all().delete()

    spent = []
    for each in (few, many):
        with django_assert_max_num_queries(8) as asked:  # two of them a savepoint, one asks for places in comparisons
            take_places(each)
        spent.append(len(asked))
    with django_assert_max_num_queries(7):
        take_places(many)

    assert spent[0] == spent[1]
    assert list(SumPlace.objects.order_by("number").values_list("number", flat=True)) == list(range(14))


@pytest.mark.parametrize("seed", range(8))
def test_no_sum_ever_read_is_of_anything_but_whole_sixes(seed: int) -> None:
    """Whoever keeps all sums and takes any of them from any others has the numbers of whole sixes only: no number that is
    kept back is ever in two different sixes.
    """
    chance, office = random.Random(seed), secretary()
    reports = reported(*(chance.randint(10, 19) for _each in range(14)))
    seen = set(sixes_told())
    for _step in range(40):
        act(reports, chance, office)
        seen |= sixes_told()

    numbers = [number for six in seen for number in six]
    assert len(seen) > 1
    assert len(numbers) == len(set(numbers))
    assert {len(six) for six in seen} == {6}


def sixes_told() -> set[frozenset[tuple[str, int, int]]]:
    """What is in the sums of now and cannot be read elsewhere: the country, figures and number of each, six by six."""
    countries = [country("KZ"), country("KG")]
    listed, editors = set(Organisation.objects.in_directory().values_list("pk", flat=True)), editors_in(countries)
    found = set()
    for (place, *_line), parts in places_of(countries, YEAR, listed).items():
        kept = [(place, part.figures, part.value) for part in counted(parts, editors) if not part.is_published]
        found |= {frozenset(kept[first : first + 6]) for first in range(0, len(kept), 6)}
    return found


def act(reports: list[YearlyFigures], chance: random.Random, office: User) -> None:
    """Something that happens to one of them, as it may be."""
    figures = YearlyFigures.objects.select_related("organisation__country").get(pk=chance.choice(reports).pk)
    organisation = figures.organisation
    value = int(figures.values.get().value)
    match chance.choice(["newcomer", "ask", "move", "publish", "list", *["calm"] * 3]):
        case "newcomer":
            reports += reported(chance.randint(10, 19))
        case "ask" if figures.status == FiguresStatus.ACCEPTED:
            query_figures(figures=figures, by=office, question="Are they?")
        case "move" if organisation.status == OrganisationStatus.LISTED:
            moved(organisation, "KG" if organisation.country.iso2 == "KZ" else "KZ", by=office)
        case "publish":
            YearlyFigures.objects.filter(pk=figures.pk).update(is_published=not figures.is_published)
        case "list":
            gone = organisation.status == OrganisationStatus.LISTED
            status = OrganisationStatus.SUSPENDED if gone else OrganisationStatus.LISTED
            Organisation.objects.filter(pk=organisation.pk).update(status=status)
        case _:  # all goes back to how it was, but a number here and there
            for each in YearlyFigures.objects.filter(status=FiguresStatus.QUERIED):
                sent_again(
                    each,
                    jobs=chance.choice([value, 18]) if each == figures else int(each.values.get().value),
                    by=office,
                )
            YearlyFigures.objects.update(is_published=False)
            Organisation.objects.update(status=OrganisationStatus.LISTED)
