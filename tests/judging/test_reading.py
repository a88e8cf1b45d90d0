"""Orders of reading: every judge another one, every entry in the middle."""

import numpy as np
import pytest

from competitions.judging import mean_places, reading_orders

pytestmark = pytest.mark.once


def seats(judges: int, entries: int, reads: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    table = np.zeros((judges, entries), bool)
    for entry in range(entries):
        table[random.choice(judges, reads, replace=False), entry] = True
    return table


@pytest.mark.parametrize("seed", range(4))
def test_every_entry_stands_within_one_place_of_the_middle(seed: int) -> None:
    table = seats(12, 60, 4, seed)

    orders = reading_orders(table, seed=seed)

    assert [sorted(order) for order in orders] == [np.flatnonzero(row).tolist() for row in table]
    assert np.abs(mean_places(orders, 60)).max() <= 1
    assert len({tuple(order) for order in orders}) == 12


def test_judges_of_the_same_entries_read_them_in_different_orders() -> None:
    orders = reading_orders(np.ones((6, 6), bool))

    assert len({tuple(order) for order in orders}) == 6
    assert np.abs(mean_places(orders, 6)).max() <= 1


def test_anchors_come_first_for_all() -> None:
    orders = reading_orders(seats(5, 20, 2, 1), anchors=[3, 7])

    assert [order[:2] for order in orders] == [[3, 7]] * 5
    assert all(order.count(3) == 1 for order in orders)


@pytest.mark.parametrize("anchors", [[3, 3, 7], np.array([3, 7, 3])])
def test_an_anchor_named_twice_is_read_once(anchors: list) -> None:
    assert [order[:3].count(3) for order in reading_orders(seats(5, 20, 2, 1), anchors=anchors)] == [1] * 5


@pytest.mark.parametrize(("judges", "entries"), [(20, 4), (24, 4), (6, 3), (9, 5), (40, 5)])
def test_as_many_different_orders_as_there_can_be_and_still_in_the_middle(judges: int, entries: int) -> None:
    orders = reading_orders(np.ones((judges, entries), bool))

    assert len({tuple(order) for order in orders}) == judges
    assert np.abs(mean_places(orders, entries)).max() <= 0.5


def test_more_judges_than_there_are_orders() -> None:
    orders = reading_orders(np.ones((9, 3), bool))

    assert len({tuple(order) for order in orders}) == 6
    assert np.abs(mean_places(orders, 3)).max() <= 0.5


NAN = float("nan")


@pytest.mark.parametrize(
    ("table", "wishes", "words"),
    [
        (np.ones((2, 3)), {"anchors": [3]}, "anchors holds 3; expected indices of entries, 0 to 2"),
        (np.ones((2, 3)), {"anchors": [False, True, False]}, "anchors[0] is False; expected indices of entries"),
        (np.ones((2, 3)), {"anchors": [1.7]}, "anchors[0] is 1.7; expected indices of entries"),
        (np.ones((2, 3)), {"anchors": [[1]]}, "anchors has 2 dimension(s); expected one, indices of entries"),
        (np.ones((2, 3)), {"seed": -1}, "seed is -1; expected a whole number, 0 or more"),
        (np.ones((2, 3)), {"seed": "a"}, "seed is 'a'; expected a whole number, 0 or more"),
        (np.ones((2, 3)), {"seed": 1.5}, "seed is 1.5; expected a whole number, 0 or more"),
        ([[1, NAN]], {}, "seats[0, 1] is nan; expected true or false"),
        ([[1, 0], [5, 1]], {}, "seats[1, 0] is 5; expected true or false"),
        ([["x", "y"]], {}, "seats[0, 0] is 'x'; expected true or false"),
        ([[1, 0], [1]], {}, "seats has rows of different lengths; expected judges x entries"),
        ([1, 0], {}, "seats has 1 dimension(s); expected two, judges x entries"),
    ],
)
def test_what_is_no_seat_no_anchor_and_no_seed_is_refused(table: list, wishes: dict, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        reading_orders(table, **wishes)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("orders", "entries", "words"),
    [
        ([[0], [-1]], 3, "orders[1] holds -1; expected indices of entries, 0 to 2"),
        ([[9]], 3, "orders[0] holds 9; expected indices of entries, 0 to 2"),
        ([[0.5]], 3, "orders[0][0] is 0.5; expected indices of entries"),
        ([[0, 1, 0]], 3, "orders[0] holds 0 twice; expected every entry once"),
        ([[0]], 1.5, "entries is 1.5; expected a whole number, 0 or more"),
    ],
)
def test_places_are_those_of_orders(orders: list, entries: int, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        mean_places(orders, entries)

    assert words in str(caught.value)
