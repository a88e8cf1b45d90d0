"""What connects judges and entries, and who alone does."""

import numpy as np
import pytest

from competitions.judging import connected_components
from competitions.judging.connections import bridging_judges, components_of_pairs

pytestmark = pytest.mark.once


def test_components_are_what_readings_connect() -> None:
    table = np.zeros((4, 5), bool)
    table[0, [0, 1]] = table[1, 1] = table[2, 3] = True

    assert connected_components(table) == [([0, 1], [0, 1]), ([3], [2])]
    assert connected_components(np.zeros((2, 2), bool)) == []


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[1, float("nan")]], r"seats\[0, 1\] is nan; expected true or false"),
        ([[1, 0], [1]], "seats has rows of different lengths; expected judges x entries"),
        ([1, 0], r"seats has 1 dimension\(s\); expected two, judges x entries"),
    ],
)
def test_what_is_no_seat_is_refused(table: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        connected_components(table)


@pytest.mark.parametrize(
    ("pairs", "bridges"),
    [
        ([(0, 0), (1, 0), (1, 1), (2, 1)], []),  # an entry that only one has marked is no group
        ([(0, 0), (0, 1), (1, 1), (1, 2)], [1]),
        ([(0, 0), (0, 1), (1, 1), (1, 2), (0, 2)], []),
        ([(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3)], [1, 2]),
    ],
)
def test_judges_who_alone_hold_groups_together(pairs: list[tuple[int, int]], bridges: list[int]) -> None:
    entry, judge = np.array(pairs).T

    assert bridging_judges(entry, judge, 3, 4) == bridges


def test_bridges_are_the_judges_whose_leaving_makes_groups() -> None:
    """Of 300 random tables with one group: taken out one by one."""
    tried = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        table = random.random((7, 9)) < random.choice([0.2, 0.25, 0.35])
        groups = connected_components(table)
        if len(groups) != 1:
            continue
        judge, entry = np.nonzero(table)
        apart = []
        for out in range(7):
            kept = judge != out
            apart += [out] if len(components_of_pairs(entry[kept], judge[kept], 9, 7)) > 1 else []

        assert bridging_judges(entry, judge, 9, 7) == apart
        tried += bool(apart)

    assert tried > 20
