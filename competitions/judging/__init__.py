"""Assigning judges to entries, and ranking entries by judges' marks.

Plain Python (3.11 or later) on SciPy (1.16 or later) and the NumPy that this needs: arrays and frozen dataclasses in,
frozen dataclasses out; no clock, no chance without a seed. Imports within are relative: the folder works under any
name. What is named here is the interface, shown in `docs/judging-python.md` of the project that the folder comes from.
Its words:

adjusted  quality by the severity model; score: what ranks, by the declared model
anchor    a sample entry that many judges read, to connect and calibrate; never ranked
asked     given by the caller as a wish: places, reads, a coverage
exchange  a chain of swaps of seats that keeps every rule
floor     the least total that any entry has; lifted first
severity  a judge's additive effect b_j; positive is generous
seat      a judge who reads an entry; own country: judge and entrant are of one
scale     a judge's slope a_j on quality
alike     judges with one noise variance and one scale for all
whole     the digest of a bundle; the program in whole numbers (integer program)

Behind it, each after what it needs:

common      arrays, connections, threads, schema
assignment  problem, program, bounds, exchange, shortages, explanation, assignment, changes; reading, for the order
ranking     marks, equations, iterative, variances, spread, severity, aggregation, agreement, ranking
results     totals, bundle (bundle.schema.json)
shell       files, problem_files, marks_files, commands, __main__
"""

from .aggregation import RankingModel
from .agreement import (
    HomeEffect,
    Parity,
    Reliability,
    home_effect,
    krippendorff_alpha,
    next_reads,
    parity,
    reliability,
)
from .assignment import Assignment, assign
from .bundle import Fault, Unreadable, seal, verify
from .changes import Reassignment, reassign
from .connections import connected_components
from .explanation import EntryReason, Explanation, JudgeReason, SeatReason
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
    "EntryReason",
    "Explanation",
    "Fault",
    "HomeEffect",
    "Infeasible",
    "JudgeReason",
    "Kind",
    "Labels",
    "Lack",
    "Marks",
    "NotComparable",
    "Parity",
    "Ranking",
    "RankingModel",
    "Reassignment",
    "Reliability",
    "Rubric",
    "SeatReason",
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
