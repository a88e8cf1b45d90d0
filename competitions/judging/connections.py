"""What readings connect: groups of entries and judges, and judges who alone hold a group together."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components as components_of
from scipy.sparse.csgraph import depth_first_order

from .arrays import Integers, seats_of

Group = tuple[list[int], list[int]]  # entries, judges


def connected_components(seats: ArrayLike) -> list[Group]:
    """Groups of entries and judges that readings connect: [(entries, judges), ...], the largest first.

    seats   bool[J, E]. Entries and judges without a reading are in no group. Two groups cannot be ranked together.
    """
    seats = seats_of(seats)
    judge, entry = np.nonzero(seats)
    return components_of_pairs(entry, judge, seats.shape[1], seats.shape[0])


def components_of_pairs(entry: Integers, judge: Integers, entries: int, judges: int) -> list[Group]:
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


def bridging_judges(entry: Integers, judge: Integers, entries: int, judges: int) -> list[int]:
    """Judges without whom one connected group of pairs, entry int[n] and judge int[n], would fall into several.

    The graph of entries and judges is walked depth first (Tarjan 1972): what is below a judge hangs on them alone if no
    pair leads from there to above them. An entry that only they read is no group: nobody would have read it.
    """
    size, reader = entries + judges, entries + judge
    ends = np.concatenate([entry, reader]), np.concatenate([reader, entry])
    graph = coo_matrix((np.ones(len(ends[0])), ends), shape=(size, size)).tocsr()
    walk, above = depth_first_order(graph, reader.min())
    step = np.zeros(size, np.int64)
    step[walk] = np.arange(len(walk))
    lowest = step.copy()  # the earliest node that is reached from a node, or from below it, by another way than it came
    away = above[ends[0]] != ends[1]
    np.minimum.at(lowest, ends[0][away], step[ends[1][away]])
    below, hanging, groups = np.ones(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    for node in walk[:0:-1]:
        parent = above[node]
        below[parent] += below[node]
        lowest[parent] = min(lowest[parent], lowest[node])
        if lowest[node] >= step[parent]:
            hanging[parent] += below[node]
            groups[parent] += below[node] > 1
    groups += len(walk) - 1 - hanging > 1  # all that is left of the others
    return np.flatnonzero(groups[entries:] > 1).tolist()
