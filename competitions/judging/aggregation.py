"""Results that competitions prescribe without a model: means, medians, trimmed means, rank points.

Each takes `Marks` and gives float[E], higher is better, NaN where an entry has no mark.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from .arrays import Floats, Integers
from .marks import SAME, Marks


class RankingModel(StrEnum):
    """How marks become a result; declared before the first score.

    A public vote and a joint decision have no marks to rank and are not computed here.
    """

    SEVERITY = "severity"
    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"
    MEDIAN = "median"
    RANK_POINTS = "rank_points"
    SUM = "sum"


def mean(marks: Marks) -> Floats:
    """Arithmetic mean of an entry's marks."""
    return _over(np.bincount(marks.entry, marks.value, marks.n_entries), marks.reads)


def total(marks: Marks) -> Floats:
    """Sum of an entry's marks: fair only where all entries are read equally often."""
    return np.where(marks.reads > 0, np.bincount(marks.entry, marks.value, marks.n_entries), np.nan)


def trimmed_mean(marks: Marks) -> Floats:
    """Mean without the highest and the lowest mark, where there are three or more (as skating's ISU rule 353 drops
    them).
    """
    reads = marks.reads
    whole = np.bincount(marks.entry, marks.value, marks.n_entries)
    highest, lowest = np.full(marks.n_entries, -np.inf), np.full(marks.n_entries, np.inf)
    np.maximum.at(highest, marks.entry, marks.value)
    np.minimum.at(lowest, marks.entry, marks.value)
    enough = reads >= 3
    cut = whole.astype(float)
    cut[enough] -= highest[enough] + lowest[enough]
    return _over(cut, np.where(enough, reads - 2, reads))


def median(marks: Marks) -> Floats:
    """Middle mark of an entry, the mean of the two middle ones where their number is even."""
    order = np.lexsort((marks.value, marks.entry))
    value = marks.value[order]
    reads = marks.reads
    start = np.concatenate([[0], np.cumsum(reads)[:-1]])
    result = np.full(marks.n_entries, np.nan)
    there = reads > 0
    low, high = start + (reads - 1) // 2, start + reads // 2
    result[there] = (value[low[there]] + value[high[there]]) / 2
    return result


def rank_points(marks: Marks) -> Floats:
    """Mean of the points that an entry's place with each judge gives: 1 for a judge's best, 0 for the worst, ties
    their middle.

    A judge with one mark says nothing about order and gives 1/2.
    """
    order = np.lexsort((marks.value, marks.judge))
    judge, value = marks.judge[order], marks.value[order]
    new = (
        np.concatenate([[True], (judge[1:] != judge[:-1]) | (np.diff(value) > SAME)])
        if len(marks)
        else np.zeros(0, bool)
    )
    tie = np.cumsum(new) - 1
    given = marks.given
    start = np.concatenate([[0], np.cumsum(given)[:-1]])
    place = np.arange(len(marks)) - start[judge]
    middle = np.bincount(tie, place, minlength=tie.max(initial=-1) + 1) / np.maximum(
        1, np.bincount(tie, minlength=tie.max(initial=-1) + 1)
    )
    points = np.empty(len(marks))
    among = given[judge] - 1
    points[order] = np.divide(middle[tie], among, out=np.full(len(marks), 0.5), where=among > 0)
    return _over(np.bincount(marks.entry, points, marks.n_entries), marks.reads)


def _over(whole: Floats | Integers, count: Integers) -> Floats:
    return np.divide(whole, count, out=np.full(len(whole), np.nan), where=count > 0)


AGGREGATIONS: dict[RankingModel, Callable[[Marks], Floats]] = {
    RankingModel.MEAN: mean,
    RankingModel.SUM: total,
    RankingModel.TRIMMED_MEAN: trimmed_mean,
    RankingModel.MEDIAN: median,
    RankingModel.RANK_POINTS: rank_points,
}
