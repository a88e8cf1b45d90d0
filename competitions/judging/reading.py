"""The order in which judges read, and sample entries that everybody reads first."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

from .arrays import Floats, Integers, entries_of, seats_of, whole

ROUNDS = 30  # of the search for balanced orders; 3 to 6 are usual
ALL_ORDERS = 6  # entries: 720 orders
FARTHEST = 1.0  # places from the middle, on average: what the design of a jury allows an entry


def reading_orders(seats: ArrayLike, *, anchors: ArrayLike = (), seed: int = 0) -> list[list[int]]:
    """For each judge the entries in the order to read them: every entry in the middle on average, every judge another
    order.

    seats     bool[J, E]
    anchors   indices of sample entries; every judge reads all of them first, in one order, whether seated or not
    seed      of the order that the search begins with
    Returns J lists of entry indices. See `mean_places` for how near the middle the entries came; what one judge reads
    can be in the middle only if the judge puts it there. Two judges have the same order only where they read the same
    entries, and all orders of these are taken or would move one of them more than a place from the middle.

    Ours: the start is drawn; then each judge in turn gets the order that brings the means nearest to the middle while
    the other orders stand (an assignment problem), until nothing changes. Places are balanced as in a Latin square
    where one exists. Raises ValueError that names what is wrong.
    """
    seats = seats_of(seats)
    first = entries_of("anchors", anchors, seats.shape[1])
    random = np.random.default_rng(whole("seed", seed, 0))
    own = [np.setdiff1d(np.flatnonzero(row), first) for row in seats]
    orders = [entries[random.permutation(len(entries))] for entries in own]
    _balance(orders, seats.shape[1])
    _part(orders, seats.shape[1])
    return [[int(e) for e in (*first, *order)] for order in orders]


def _from_middle(count: int) -> Floats:
    """float[count]: places of an order, from its middle."""
    return np.arange(count) - (count - 1) / 2


def _moved(orders: Sequence[Integers], entries: int) -> tuple[Floats, Floats]:
    """In how many orders each entry stands, float[E], and its distances from their middles in places, summed."""
    read, moved = np.zeros(entries), np.zeros(entries)
    for order in orders:
        read[order] += 1
        moved[order] += _from_middle(len(order))
    return read, moved


def _balance(orders: list[Integers], entries: int) -> None:
    """Each judge in turn gets the order that brings the means nearest to the middle, until nothing changes."""
    read, moved = _moved(orders, entries)
    for _ in range(ROUNDS):
        before = moved.copy()
        for judge, order in enumerate(orders):
            if len(order) < 2:
                continue
            places = _from_middle(len(order))
            moved[order] -= places
            cost = ((moved[order][:, None] + places[None, :]) / read[order][:, None]) ** 2
            which, place = linear_sum_assignment(cost)
            new = np.empty_like(order)
            new[place] = order[which]
            orders[judge] = new
            moved[new] += places
        if np.abs(moved - before).max(initial=0) < 0.5:
            break


def _part(orders: list[Integers], entries: int) -> None:
    """Who has an order that another judge has gets one that nobody has: that which leaves the means nearest to the
    middle, unless it would move one of them more than a place from there, and farther than it is."""
    read, moved = _moved(orders, entries)
    taken, again = set(), []
    for judge, order in enumerate(orders):
        again += [judge] if order.tobytes() in taken else []
        taken.add(order.tobytes())
    for judge in again:
        order, places = orders[judge], _from_middle(len(orders[judge]))
        others = [other for other in _other_orders(order) if other.tobytes() not in taken]
        if not others:
            continue
        moved[order] -= places
        means = [np.abs((moved[other] + places) / read[other]) for other in others]
        best = int(np.argmin([mean @ mean for mean in means]))
        if means[best].max() <= max(FARTHEST, (np.abs(moved[order] + places) / read[order]).max()):
            orders[judge] = others[best]
            taken.add(others[best].tobytes())
        moved[orders[judge]] += places


def _other_orders(order: Integers) -> list[Integers]:
    """All orders of a few entries; of more, those that two entries make who change places."""
    if len(order) <= ALL_ORDERS:
        return [order[list(places)] for places in itertools.permutations(range(len(order)))]
    others = []
    for one, other in itertools.combinations(range(len(order)), 2):
        swapped = order.copy()
        swapped[[one, other]] = order[[other, one]]
        others.append(swapped)
    return others


def mean_places(orders: Sequence[Sequence[int]], entries: int, anchors: ArrayLike = ()) -> Floats:
    """float[E]: where an entry stands in its judges' orders on average, in places from the middle of each (0: the
    middle); NaN where nobody reads it. Anchors are left out, and places counted without them.

    Raises ValueError that names what is wrong.
    """
    entries = whole("entries", entries, 0)
    skip = entries_of("anchors", anchors, entries)
    own = []
    if not isinstance(orders, Sequence | np.ndarray):
        raise ValueError(f"orders is a {type(orders).__name__}; expected an order of entries for each judge")
    for judge, order in enumerate(orders):
        checked = entries_of(f"orders[{judge}]", order, entries)
        if len(checked) < len(order):
            twice = next(entry for place, entry in enumerate(order) if entry in order[:place])
            raise ValueError(f"orders[{judge}] holds {twice} twice; expected every entry once")
        own.append(checked[~np.isin(checked, skip)])
    read, moved = _moved(own, entries)
    return np.divide(moved, read, out=np.full(entries, np.nan), where=read > 0)
