"""Assigning judges to entries, and ranking entries by judges' marks.

Plain Python on NumPy and SciPy: arrays and frozen dataclasses in, frozen dataclasses out; no clock, no chance without
a seed. Imports within are relative: the folder works under any name. What is named here is the interface, shown in
`docs/judging-python.md`. Behind it, each after what it needs:

common      arrays, connections, threads, schema
assignment  problem, program, bounds, exchange, shortages, explanation, assignment, changes; reading, for the order
ranking     marks, equations, iterative, variances, spread, severity, aggregation, agreement, ranking
results     totals, bundle (bundle.schema.json)
shell       files, problem_files, marks_files, commands, __main__
"""

from .aggregation import RankingModel
from .agreement import home_effect, krippendorff_alpha, next_reads, parity, reliability
from .assignment import Assignment, assign
from .bundle import Fault, Unreadable, seal, verify
from .changes import Reassignment, reassign
from .connections import connected_components
from .explanation import Explanation
from .marks import Marks, NotComparable
from .problem import AssignmentProblem, Labels
from .ranking import Ranking, rank
from .reading import mean_places, reading_orders
from .shortages import Infeasible, Lack, Shortage
from .totals import Criterion, Kind, Rubric, Total
from .variances import Variances

__all__ = [
    "Assignment",
    "AssignmentProblem",
    "Criterion",
    "Explanation",
    "Fault",
    "Infeasible",
    "Kind",
    "Labels",
    "Lack",
    "Marks",
    "NotComparable",
    "Ranking",
    "RankingModel",
    "Reassignment",
    "Rubric",
    "Shortage",
    "Total",
    "Unreadable",
    "Variances",
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
    "seal",
    "verify",
]
