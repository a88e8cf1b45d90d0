"""The order in which judges read, sample entries that everybody reads first, and what connects judges and entries."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components as components_of

from competitions.judging.problem import Booleans

if TYPE_CHECKING:
    from competitions.judging.marks import Marks

ROUNDS = 30


def connected_components(seats: ArrayLike) -> list[tuple[list[int], list[int]]]:
    """Groups of entries and judges that readings connect: [(entries, judges), ...], the largest first.

    seats   bool[J, E]. Entries and judges without a reading are in no group. Two groups cannot be ranked together.
    """
    seats = np.asarray(seats, bool)
    if seats.ndim != 2:
        raise ValueError(f"seats has {seats.ndim} dimension(s); expected two, judges x entries")
    judge, entry = np.nonzero(seats)
    return components_of_pairs(entry, judge, seats.shape[1], seats.shape[0])


def components_of_pairs(
    entry: np.ndarray, judge: np.ndarray, entries: int, judges: int
) -> list[tuple[list[int], list[int]]]:
    """The same from pairs: entry int[n], judge int[n]."""
    if not len(entry):
        return []
    size = entries + judges
    graph = coo_matrix((np.ones(len(entry)), (entry, entries + judge)), shape=(size, size))
    _, label = components_of(graph, directed=False)
    touched = np.zeros(size, bool)
    touched[entry] = touched[entries + judge] = True
    groups = []
    for name in np.unique(label[touched]):
        nodes = np.flatnonzero(label == name)
        groups.append(([int(n) for n in nodes if n < entries], [int(n - entries) for n in nodes if n >= entries]))
    return sorted(groups, key=lambda group: (-len(group[0]), group))


def bridging_judges(marks: "Marks") -> list[int]:
    """Judges without whom entries that others have marked too would fall into groups that nothing connects.

    The graph of entries and judges is walked depth first (Tarjan 1972): what is below a judge hangs on them alone if no
    mark leads from there to above them. An entry that only they have marked is no group: it would have no mark.
    """
    entries, size = marks.n_entries, marks.n_entries + marks.n_judges
    ends = np.concatenate([marks.entry, marks.judge + entries]), np.concatenate([marks.judge + entries, marks.entry])
    order = np.argsort(ends[0], kind="stable")
    neighbours = ends[1][order].tolist()
    first = np.concatenate([[0], np.cumsum(np.bincount(ends[0], minlength=size))]).tolist()
    seen, lowest, below, parent, after = [0] * size, [0] * size, [1] * size, [-1] * size, first[:size]
    groups, hanging = [0] * size, [0] * size
    clock, found = 0, []
    for root in range(entries, size):
        if seen[root] or first[root] == first[root + 1]:
            continue
        clock += 1
        seen[root] = lowest[root] = clock
        walk, walked = [root], []
        while walk:
            node = walk[-1]
            if after[node] < first[node + 1]:
                other = neighbours[after[node]]
                after[node] += 1
                if not seen[other]:
                    clock += 1
                    seen[other] = lowest[other] = clock
                    parent[other] = node
                    walk.append(other)
                elif other != parent[node]:
                    lowest[node] = min(lowest[node], seen[other])
                continue
            walked.append(walk.pop())
            above = parent[node]
            if above >= 0:
                below[above] += below[node]
                lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] >= seen[above]:
                    hanging[above] += below[node]
                    groups[above] += below[node] > 1
        rest = {node: below[root] - 1 - hanging[node] for node in walked if node >= entries}
        found += [node - entries for node, left in rest.items() if groups[node] + (left > 1) > 1]
    return sorted(found)


def reading_orders(seats: Booleans, *, anchors: ArrayLike = (), seed: int = 0) -> list[list[int]]:
    """For each judge the entries in the order to read them: every judge another one, every entry in the middle on
    average.

    seats     bool[J, E]
    anchors   indices of sample entries; every judge reads all of them first, in one order, whether seated or not
    seed      of the order that the search begins with
    Returns J lists of entry indices. See `mean_places` for how near the middle the entries came; what one judge reads
    can be in the middle only if the judge puts it there.

    The start is drawn; then each judge in turn gets the order that brings the means nearest to the middle while the
    other orders stand (an assignment problem), until nothing changes. Places are balanced as in a Latin square where
    one exists. Raises ValueError for seats that are no matrix and anchors that are no entries.
    """
    seats = np.asarray(seats, bool)
    if seats.ndim != 2:
        raise ValueError(f"seats has {seats.ndim} dimension(s); expected two, judges x entries")
    first = [int(a) for a in np.asarray(anchors, dtype=int).ravel()]
    wrong = [a for a in first if not 0 <= a < seats.shape[1]]
    if wrong:
        raise ValueError(f"anchors holds {wrong[0]}; expected indices of entries, 0 to {seats.shape[1] - 1}")
    random = np.random.default_rng(seed)
    own = [np.setdiff1d(np.flatnonzero(row), first) for row in seats]
    orders = _balanced([entries[random.permutation(len(entries))] for entries in own], seats.shape[1])
    return [first + [int(e) for e in order] for order in orders]


def _balanced(orders: list[np.ndarray], entries: int) -> list[np.ndarray]:
    read = np.zeros(entries)
    moved = np.zeros(entries)  # sum of distances from the middle, in places
    for order in orders:
        read[order] += 1
        moved[order] += _from_middle(len(order))
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
    return orders


def _from_middle(count: int) -> np.ndarray:
    return np.arange(count) - (count - 1) / 2


def mean_places(orders: list[list[int]], entries: int, anchors: ArrayLike = ()) -> np.ndarray:
    """float[E]: where an entry stands in its judges' orders on average, in places from the middle of each (0: the
    middle);
    NaN where nobody reads it."""
    skip = {int(a) for a in np.asarray(anchors, dtype=int).ravel()}
    total, count = np.zeros(entries), np.zeros(entries)
    for order in orders:
        own = [e for e in order if e not in skip]
        for place, entry in enumerate(own):
            total[entry] += place - (len(own) - 1) / 2
            count[entry] += 1
    return np.divide(total, count, out=np.full(entries, np.nan), where=count > 0)
