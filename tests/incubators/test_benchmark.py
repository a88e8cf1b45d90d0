"""The benchmark: quartiles of comparable organisations, and attacks on them."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubators.benchmark import (
    GROUP,
    SIX,
    SIZES,
    Others,
    Reported,
    alike,
    comparisons,
    counted,
    quartiles_of,
    rounded,
    size_of,
)
from incubators.models import Definition, Figure, Organisation, YearlyFigures
from incubators.services.places import take_places
from incubators.yearly import last_year
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point

YEAR = last_year()
REPORTED = st.builds(
    Reported,
    figures=st.integers(min_value=1, max_value=10**6),
    value=st.integers(min_value=0, max_value=10**9).map(Decimal),
    is_own=st.integers(0, 9).map(lambda n: n == 0),
    is_known=st.integers(0, 9).map(lambda n: n == 0),
)
OTHERS = st.builds(
    Others,
    places=st.lists(st.one_of(*[REPORTED] * 9, st.none()), max_size=40),
    published=st.lists(REPORTED, max_size=12),
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def secrets(others: Others) -> list[Reported]:
    """Of those whom a page counts, those whose number who asks cannot know otherwise."""
    kept_back = counted(Others(others.places))
    return [each for each in kept_back if not each.is_known]


@UNHURRIED
@given(OTHERS, st.integers(0, 40))
def test_a_newcomer_is_never_alone_between_two_visits(others: Others, later: int) -> None:
    """The same page before and after others were accepted: what is new is nobody, or at least five."""
    before, after = secrets(Others(others.places[:later])), secrets(others)

    assert after[: len(before)] == before
    assert not 0 < len(after) - len(before) < GROUP


@UNHURRIED
@given(OTHERS, st.integers(0, 39))
def test_who_leaves_takes_the_six_along_and_moves_nobody(others: Others, place: int) -> None:
    left = Others([None if n == place else each for n, each in enumerate(others.places)])
    before, after = secrets(others), secrets(left)

    assert len(before) - len(after) in (0, GROUP, SIX)
    assert set(after) <= set(before)


@UNHURRIED
@given(OTHERS)
def test_what_is_published_can_be_taken_away_and_five_remain(others: Others) -> None:
    assert not 0 < len(secrets(others)) < GROUP
    assert not quartiles_of(others) or len(counted(others)) >= GROUP


@UNHURRIED
@given(OTHERS)
def test_own_numbers_are_no_others(others: Others) -> None:
    assert not any(each.is_own for each in counted(others))


@pytest.mark.parametrize(
    ("own", "known", "told"),
    [((), (), 6), ((0,), (), 5), ((), (0,), 6), ((0,), (0,), 5), ((0, 1), (), 0), ((0,), (1,), 0), ((), (0, 1), 0)],
)
def test_five_whom_one_does_not_know_are_left_of_six(own: Sequence[int], known: Sequence[int], told: int) -> None:
    six = [Reported(n, Decimal(n), n in own, n in known) for n in range(6)]

    assert len(counted(Others(six))) == told
    assert counted(Others(six[:5])) == []
    assert counted(Others([*six[:5], None])) == []


@UNHURRIED
@given(OTHERS)
def test_what_is_shown_is_no_number_of_all_alike(others: Others) -> None:
    shown = quartiles_of(others)

    assert shown == () or (len(shown) == 3 and shown[0] < shown[2])
    assert quartiles_of(Others([Reported(n, Decimal(7)) for n in range(12)])) == ()


@pytest.mark.parametrize(
    ("exact", "shown"), [("7.5", "8"), ("19.4", "19"), ("23", "25"), ("104", "100"), ("1234", "1000"), ("0", "0")]
)
def test_quartiles_are_rounded(exact: str, shown: str) -> None:
    assert rounded(Decimal(exact)) == Decimal(shown)


def test_sizes_meet_without_a_gap() -> None:
    assert [size_of(Decimal(n)) for least in SIZES for n in (least - 1, least)] == [0, 1, 1, 2, 2, 3]
    assert size_of(None) is None


def accepted(
    organisation: Organisation, year: int = YEAR, *, published: bool = False, money: str = "", **values: int
) -> YearlyFigures:
    """`money` is "GRANT amount currency", as in `grant 100 KZT`."""
    now = timezone.now()
    figures = YearlyFigures.objects.create(
        organisation=organisation, year=year, status="accepted", decided_at=now, is_published=published
    )
    for code, value in values.items():
        definition = Definition.objects.get(indicator__code=code)
        Figure.objects.create(figures=figures, definition=definition, value=value)
    if money:
        kind, amount, currency = money.split()
        definition = Definition.objects.get(indicator__code="money_raised")
        Figure.objects.create(figures=figures, definition=definition, value=amount, money_kind=kind, currency=currency)
    take_places([figures])
    return figures


def quartiles(figures: YearlyFigures, by: Any) -> dict[str, tuple[int, ...]]:
    return {each.line.label: tuple(map(int, each.quartiles)) for each in comparisons(figures, by=by)}


def page_of(organisation: Organisation) -> str:
    return f"/en/incubators/{organisation.slug}/figures/{YEAR}/benchmark/"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_all_pages_of_one_editor_tell_nobody_apart(seed: int) -> None:
    """An editor of organisations in several countries, kinds and sizes visits every year's page, again and again while
    figures are accepted. No set that a page counts, less another one, less what is published, holds fewer than five.
    """
    dice, seen = random.Random(seed), {}  # noqa: S311 - a seed, to be repeated
    editor = PersonFactory()
    own = [OrganisationFactory(iso2=iso2, kind=kind) for iso2 in ("KZ", "KG") for kind in ("hub", "incubator")]
    for organisation in own:
        organisation.memberships.create(user=editor)
    pages = [accepted(each, year, startups_supported=dice.randint(1, 30)) for each in own for year in (YEAR, YEAR - 1)]
    for _each in range(40):
        other = OrganisationFactory(iso2=dice.choice(["KZ", "KG", "UZ"]), kind=dice.choice(["hub", "incubator"]))
        numbers = {"startups_supported": dice.randint(1, 30), "jobs": dice.randint(1, 9)}
        accepted(other, dice.choice([YEAR, YEAR - 1]), published=dice.random() < 0.2, **numbers)
        for page in pages:
            for what, others in (alike(page, by=editor) or {}).items():
                seen.setdefault((page.year, what), set()).add(frozenset(each.figures for each in secrets(others)))

    assert any(any(sets) for sets in seen.values())
    for sets in seen.values():
        assert not [(one, other) for one in sets for other in sets if 0 < len(one - other) < GROUP]
        assert not [(one, other) for one in sets for other in sets if 0 < len(one & other) < GROUP]


@pytest.mark.django_db
def test_quartiles_need_five_others_of_the_same_kind_and_size() -> None:
    mine = OrganisationFactory(name="Mine")
    editor, own = editor_of(mine), accepted(mine, startups_supported=12, jobs=30)
    for n in range(4):
        accepted(OrganisationFactory(iso2="KG"), startups_supported=10 + n, jobs=10 * n)
    for stranger in ({"startups_supported": 40}, {"startups_supported": 9}, {}):
        accepted(OrganisationFactory(), jobs=999, **stranger)
    accepted(OrganisationFactory(kind="it_school"), startups_supported=12, jobs=999)
    accepted(OrganisationFactory(), YEAR - 1, startups_supported=12, jobs=999)
    few = quartiles(own, editor)
    accepted(OrganisationFactory(), startups_supported=14, jobs=40)

    assert few == {"Start-ups supported": (), "Jobs in supported start-ups": ()}
    assert quartiles(own, editor) == {"Start-ups supported": (10, 12, 14), "Jobs in supported start-ups": (5, 20, 35)}


@pytest.mark.django_db
def test_organisations_of_the_same_editor_are_no_others() -> None:
    mine, second = OrganisationFactory(), OrganisationFactory()
    editor = editor_of(mine)
    second.memberships.create(user=editor)
    own = accepted(mine, startups_supported=12)
    accepted(second, startups_supported=12)
    for n in range(4):
        accepted(OrganisationFactory(), startups_supported=10 + n)

    assert quartiles(own, editor) == {"Start-ups supported": ()}


@pytest.mark.django_db
def test_money_is_compared_within_one_kind_and_currency() -> None:
    mine = OrganisationFactory()
    editor, own = editor_of(mine), accepted(mine, startups_supported=12, money="grant 500 KZT")
    for n, money in enumerate(["grant 100 KZT", "grant 200 KZT", "grant 300 USD", "equity 400 KZT", "grant 500 KZT"]):
        accepted(OrganisationFactory(), startups_supported=10 + n, money=money)

    assert quartiles(own, editor)["Money raised by supported start-ups: grants and prizes, KZT"] == ()
    for n in range(2):
        accepted(OrganisationFactory(), startups_supported=10, money=f"grant {300 + n * 100} KZT")
    assert quartiles(own, editor)["Money raised by supported start-ups: grants and prizes, KZT"] == (150, 300, 450)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "submitted", "queried"])
def test_only_accepted_figures_count_and_are_compared(status: str) -> None:
    mine = OrganisationFactory()
    editor, own = editor_of(mine), accepted(mine, startups_supported=12)
    for n in range(5):
        accepted(OrganisationFactory(), startups_supported=10 + n)
    YearlyFigures.objects.exclude(pk=own.pk).filter(pk__lte=own.pk + 1).update(status=status)
    one_less = quartiles(own, editor)
    YearlyFigures.objects.update(status="accepted")
    YearlyFigures.objects.filter(pk=own.pk).update(status=status)
    own.refresh_from_db()

    assert one_less == {"Start-ups supported": ()}
    assert quartiles(own, editor) == {}


@pytest.mark.django_db
def test_the_page_names_nobody_and_shows_no_extreme(signed_in: Any) -> None:
    mine = OrganisationFactory(name="Mine")
    editor = editor_of(mine, language="en")
    accepted(mine, startups_supported=12, jobs=30)
    for n, jobs in enumerate((31, 110, 120, 130, 7770)):
        accepted(OrganisationFactory(name=f"Canary {n}"), startups_supported=10 + n, jobs=jobs)

    html = signed_in(editor).get(page_of(mine)).content.decode()

    assert "Canary" not in html
    assert ("7,770" in html, "7770" in html, ">31<" in html) == (False, False, False)
    assert "A quarter of the others: at most" in html
    assert signed_in(focal_point("KZ")).get(page_of(mine)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("published", [True, False])
def test_the_page_says_who_reads_the_own_numbers(signed_in: Any, published: bool) -> None:
    mine = OrganisationFactory()
    accepted(mine, published=published, startups_supported=12)

    html = signed_in(editor_of(mine, language="en")).get(page_of(mine)).content.decode()

    assert ("everybody reads them on your page" in html) is published
    assert ("The other organisations do not see your numbers." in html) is not published


@pytest.mark.django_db
@pytest.mark.parametrize("number", [5, 15])
def test_the_page_asks_little(signed_in: Any, number: int, django_assert_max_num_queries: Any) -> None:
    mine = OrganisationFactory()
    own = signed_in(editor_of(mine))
    accepted(mine, startups_supported=12, jobs=30)
    for n in range(number):
        accepted(OrganisationFactory(), startups_supported=10 + n, jobs=n)

    with django_assert_max_num_queries(14):
        own.get(page_of(mine))
