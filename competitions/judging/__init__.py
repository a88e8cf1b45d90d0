"""Assigning judges to entries, and ranking entries by judges' marks.

Plain Python on NumPy and SciPy: arrays and frozen dataclasses in, frozen dataclasses out; no clock, no chance without
a seed. What is named here is the interface, shown in `docs/judging-python.md`. Behind it, each after what it needs:

assignment  problem, program, bounds, exchange, assignment; then changes, shortages, explanation; reading, for the order
ranking     arrays, connections, marks, equations or iterative, variances, spread, severity, ranking; aggregation,
            agreement, threads beside them
results     totals, schema, bundle
shell       files, problem_files and marks_files, commands
"""

from competitions.judging.aggregation import RankingModel
from competitions.judging.agreement import home_effect, krippendorff_alpha, next_reads, parity, reliability
from competitions.judging.assignment import Assignment, assign
from competitions.judging.bundle import Fault, Unreadable, seal, verify
from competitions.judging.changes import Reassignment, reassign
from competitions.judging.connections import connected_components
from competitions.judging.explanation import Explanation
from competitions.judging.marks import Marks, NotComparable
from competitions.judging.problem import AssignmentProblem, Labels
from competitions.judging.ranking import Ranking, rank
from competitions.judging.reading import mean_places, reading_orders
from competitions.judging.shortages import Infeasible, Lack, Shortage
from competitions.judging.totals import Criterion, Kind, Rubric, Total
from competitions.judging.variances import Variances

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
