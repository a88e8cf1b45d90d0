"""Orders of reading: every judge another one, every entry in the middle; what connects judges and entries."""

import numpy as np
import pytest

from competitions.judging import connected_components, mean_places, reading_orders

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


def test_anchor_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="anchors holds 20; expected indices of entries, 0 to 19"):
        reading_orders(seats(5, 20, 2, 1), anchors=[20])


def test_components_are_what_readings_connect() -> None:
    table = np.zeros((4, 5), bool)
    table[0, [0, 1]] = table[1, 1] = table[2, 3] = True

    assert connected_components(table) == [([0, 1], [0, 1]), ([3], [2])]
    assert connected_components(np.zeros((2, 2), bool)) == []
