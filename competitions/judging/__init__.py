"""Assigning judges to entries, and ranking entries by judges' marks.

Plain Python on NumPy and SciPy: arrays and frozen dataclasses in, frozen dataclasses out; no clock, no chance without
a seed.
"""

from competitions.judging.aggregation import RankingModel
from competitions.judging.agreement import home_effect, krippendorff_alpha, next_reads, parity, reliability
from competitions.judging.assignment import Assignment, assign
from competitions.judging.changes import Reassignment, reassign
from competitions.judging.connections import connected_components
from competitions.judging.marks import Marks, NotComparable
from competitions.judging.problem import AssignmentProblem, Labels
from competitions.judging.ranking import Ranking, rank
from competitions.judging.reading import mean_places, reading_orders
from competitions.judging.shortages import Infeasible, Lack, Shortage

__all__ = [
    "Assignment",
    "AssignmentProblem",
    "Infeasible",
    "Labels",
    "Lack",
    "Marks",
    "NotComparable",
    "Ranking",
    "RankingModel",
    "Reassignment",
    "Shortage",
    "assign",
    "connected_components",
    "home_effect",
    "krippendorff_alpha",
    "mean_places",
    "next_reads",
    "parity",
    "rank",
    "reading_orders",
    "reassign",
    "reliability",
]
