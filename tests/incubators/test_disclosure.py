"""What a public sum tells: never one organisation's number, whatever somebody knows or does."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import pytest

from incubators.benchmark import GROUP
from incubators.disclosure import HUNDREDTHS, SIX, Part, counted, editors_in, may_be_told, public_sum, told_apart
from incubators.models import ImportRun, Membership, YearlyFigures
from incubators.public_figures import EMPTY
from tests.incubators.factories import OrganisationFactory, country, editor_of, secretary
from tests.incubators.test_benchmark import YEAR, accepted

VALUES = (5, 9, 7, 8, 6, 10, 4, 11, 12, 6, 9, 7, 3)


def parts(
    *values: int, published: Sequence[int] = (), gone: Sequence[int] = (), without: Sequence[int] = ()
) -> list[Part]:
    """At place n organisation n + 1, or nobody if it is `without`."""
    return [
        EMPTY if n in without else Part(n + 1, n + 1, value * HUNDREDTHS, n in published, n not in gone)
        for n, value in enumerate(values)
    ]


def secrets(found: Sequence[Part], editors: dict[int, set[int]] | None = None) -> set[int]:
    """The places that the sum counts, of those whose number nobody can read elsewhere."""
    return {part.organisation - 1 for part in counted(found, editors or {}) if not part.is_published}


def test_six_that_nobody_can_take_apart_are_summed() -> None:
    told = public_sum(parts(*VALUES[:6]), {})

    assert told is not None
    assert (told.value, told.reporters, told.last) == (Decimal(45), 6, 6)
    assert public_sum(parts(*VALUES[:5]), {}) is None


@pytest.mark.parametrize("published", [(), (0,), (3,), (0, 7), (1, 2, 8)])
def test_newcomers_and_publishers_are_never_alone_between_two_visits(published: tuple[int, ...]) -> None:
    """The same sum on any two days, before and after some publish: what differs is nobody, or at least five."""
    days = [parts(*VALUES[:n], published=some) for n in range(len(VALUES) + 1) for some in ((), published)]
    seen = [secrets(day) for day in days]

    for one, other in combinations(seen, 2):
        for left in (one - other - set(published), other - one - set(published)):
            assert not 0 < len(left) < SIX - len(published), left


def test_one_who_publishes_and_hides_again_learns_of_nobody_else() -> None:
    hidden, shown = secrets(parts(*VALUES)), secrets(parts(*VALUES, published=[0]))

    assert hidden - shown == {0, 1, 2, 3, 4, 5}
    assert shown - hidden == set()


def test_who_leaves_the_list_takes_the_six_along_and_moves_nobody() -> None:
    assert secrets(parts(*VALUES)) - secrets(parts(*VALUES, gone=[2])) == set(range(6))
    assert secrets(parts(*VALUES, gone=[2])) == set(range(6, 12))


def test_an_empty_place_hides_its_six_and_moves_nobody() -> None:
    assert secrets(parts(*VALUES, without=[2])) == set(range(6, 12))


def test_who_edits_two_of_six_leaves_too_few_others() -> None:
    assert secrets(parts(*VALUES[:6]), {1: {1}, 2: {1, 2}}) == set()
    assert secrets(parts(*VALUES[:6]), {1: {1}, 2: {2}, 3: {3}}) == set(range(6))


@pytest.mark.django_db
def test_who_sent_figures_and_left_still_knows_them() -> None:
    made = [OrganisationFactory() for _each in range(2)]
    person = editor_of(made[0])
    for organisation in made:
        YearlyFigures.objects.filter(pk=accepted(organisation, YEAR - 2, jobs=3).pk).update(submitted_by=person)
    Membership.objects.all().delete()

    assert editors_in([country()]) == {organisation.pk: {person.pk} for organisation in made}
    assert editors_in([country("KG")]) == {}


@pytest.mark.django_db
def test_who_imported_the_figures_of_many_is_no_editor_of_theirs() -> None:
    figures = accepted(OrganisationFactory(), jobs=3)
    run = ImportRun.objects.create(kind="figures", file_name="x.csv", by=(office := secretary()))
    YearlyFigures.objects.filter(pk=figures.pk).update(submitted_by=office, import_run=run)

    assert editors_in([country()]) == {}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((100, 10, 5, 6, 7, 7), True),
        ((1000, 10, 5, 6, 7, 7), False),
        ((1000, 990, 5, 6, 7, 7), False),
        ((0, 0, 0, 0, 0, 0), False),
        ((0, 0, 0, 0, 0, 9), False),
    ],
)
def test_nobody_weighs_too_much_in_six(values: tuple[int, ...], told: bool) -> None:
    assert may_be_told(parts(*values), {}) is told


def test_published_numbers_count_always_and_alone_need_five() -> None:
    few, five = (
        public_sum(parts(1, 2, 3, 4, published=range(4)), {}),
        public_sum(parts(*range(5), published=range(5)), {}),
    )
    none_of_a_broken_six = public_sum(parts(*VALUES[:6], published=[0, 1, 2, 3, 4]), {})

    assert few is None
    assert five is not None
    assert five.value == 10
    assert none_of_a_broken_six is not None
    assert (none_of_a_broken_six.value, none_of_a_broken_six.reporters) == (Decimal(35), 5)


def test_what_is_published_off_the_list_is_not_counted() -> None:
    found = counted(parts(*VALUES[:5], published=range(5), gone=[1, 2]), {})

    assert [part.organisation for part in found] == [1, 4, 5]


@pytest.mark.parametrize(
    ("counts", "shown", "rest"),
    [
        ({"a": 7, "b": 6}, {"a": 7, "b": 6}, 0),
        ({"a": 7, "b": 6, "c": 1}, {"a": 7}, 7),
        ({"a": 7, "b": 3, "c": 4}, {"a": 7}, 7),
        ({"a": 9, "b": 1}, {}, 10),
        ({"a": 2, "b": 1}, {}, 3),
        ({}, {}, 0),
    ],
)
def test_a_small_count_is_no_difference_of_those_that_are_shown(
    counts: dict[str, int], shown: dict[str, int], rest: int
) -> None:
    assert told_apart(counts) == (shown, rest)
    assert SIX == GROUP + 1
