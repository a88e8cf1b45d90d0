"""Assignment: quality on real affinities and bids, on invented competitions of every size, and cost as work doubles."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.judging import instances
from benchmarks.judging.figures import PROJECT, Figure, Measure, peak_megabytes, timed
from competitions.judging import Assignment, AssignmentProblem, Infeasible, assign, reassign
from competitions.judging.assignment import objective_value
from competitions.judging.program import Goal

ROUNDED = 5e-5  # aims are given with four digits


def proof(result: Assignment) -> str:
    return "proven" if result.proven_minimum else f"bound {result.bound_minimum:.4f}"


def midl_total() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.midl(), objective="total"))
    yield Figure(
        "MIDL, total: minimum; total; time",
        f"{result.minimum:.4f} ({proof(result)}); {result.total:.2f}; {seconds:.1f} s",
        "0.9448 (proven); 201.7; 3 s",
        result.minimum >= 0.9448 - ROUNDED and result.proven_minimum and result.total >= 201.7 and seconds <= 3,
    )


def midl_fair() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.midl()))
    value = objective_value(result.problem, result.seats, Goal.FAIR)
    yield Figure(
        "MIDL, fair: worst tenth; total; objective; time",
        f"{result.worst_tenth:.4f}; {result.total:.2f}; {value:.5f}, {result.gap:.2%} below the bound; {seconds:.1f} s",
        "1.11; 200.9",
        result.worst_tenth >= 1.11 and result.total >= 200.9,
    )


def midl_loads() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.midl("loads-lb.npy")))
    yield Figure(
        "MIDL with least loads, fair: minimum; worst tenth; time",
        f"{result.minimum:.4f} ({proof(result)}); {result.worst_tenth:.4f}; {seconds:.1f} s",
        "0.92 (bound 0.9448); 0.95",
        result.minimum >= 0.92 and result.worst_tenth >= 0.95,
    )


def aamas() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.aamas()))
    yield Figure(
        "AAMAS 2016 bids, fair: worst tenth; total; time",
        f"{result.worst_tenth:.4f}; {result.total:.1f}; {seconds:.1f} s",
        "1.28; 1006",
        result.worst_tenth >= 1.28 - ROUNDED and result.total >= 1006,
    )


def competition_1000() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.competition(1000, 150)))
    yield Figure(
        "1,000 x 150 with a cap, fair: worst tenth; minimum; gap; time",
        f"{result.worst_tenth:.3f}; {result.minimum:.4f} ({proof(result)}); {result.gap:.2%}; {seconds:.1f} s",
        "1.90; the bound; 1.5 %; 25 s",
        result.worst_tenth >= 1.90 and result.proven_minimum and result.gap <= 0.015 and seconds <= 25,
    )


def competition_5000_total() -> Iterator[Figure]:
    problem = instances.competition(5000, 600)
    result, seconds = timed(lambda: assign(problem, objective="total", floor=None))
    short = result.bound_total - result.total
    yield Figure(
        "5,000 x 600 with a cap, the greatest total: below its bound; time; memory",
        f"{result.total:.2f}, {max(0.0, short):.6f} below; {seconds:.1f} s; {peak_megabytes():.0f} MB",
        "optimal; 15 s",
        short <= 1e-6 * result.total and seconds <= 15,
    )


def competition_5000_fair() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(instances.competition(5000, 600)))
    share, megabytes = result.total / result.bound_total, peak_megabytes()
    yield Figure(
        "5,000 x 600 with a cap, fair: of the greatest total; time; memory; worst tenth; gap",
        f"{share:.2%}; {seconds:.0f} s; {megabytes:.0f} MB; {result.worst_tenth:.3f}; {result.gap:.2%}",
        "98.5 %; 120 s; 400 MB",
        share >= 0.985 and seconds <= 120 and megabytes <= 400,
    )


def rules() -> Iterator[Figure]:
    problems = [instances.competition(1000, 150), *(instances.small(seed) for seed in range(1000))]
    broken = solved = 0
    for problem in problems:
        for objective in ("fair", "total"):
            try:
                seats = assign(problem, objective=objective).seats
            except Infeasible:
                continue
            solved += 1
            broken += violations(problem, seats)
    yield Figure(
        f"hard rules broken in {solved} assignments; others of {2 * len(problems)} impossible",
        str(broken),
        "0",
        not broken,
    )


def violations(problem: AssignmentProblem, seats: np.ndarray) -> int:
    """By how many seats or readings rules are broken in all, each rule counted without the package."""
    load, asked = seats.sum(1), np.minimum(problem.demand, 1)
    own = 0 if problem.own_country is None else (seats & problem.own_country).sum(0)
    most = 0 if problem.own_country is None else problem.own_country_max
    found = [
        np.abs(seats.sum(0) - problem.demand),
        np.maximum(0, load - problem.load_max) + np.maximum(0, problem.load_min - load),
        seats & problem.forbidden,
        np.maximum(0, own - most),
        False if problem.locked is None else problem.locked & ~seats,
        *(
            np.maximum(0, asked - (seats & member).sum(0))
            for member in (problem.sector, problem.outside)
            if member is not None
        ),
    ]
    return int(sum(np.sum(part) for part in found))


def judge_drops_out() -> Iterator[Figure]:
    problem = instances.competition(1000, 150)
    before = assign(problem).seats
    gone = np.arange(problem.judges) == 7
    after = replace(
        problem,
        load_min=np.where(gone, 0, problem.load_min),
        load_max=np.where(gone, 0, problem.load_max),
    )
    result, seconds = timed(lambda: reassign(after, before))
    yield Figure(
        "a judge drops out, 1,000 x 150: changed seats of lost seats; time",
        f"{result.changed_seats} of {result.lost_seats}; {seconds:.2f} s",
        "as many; 1 s",
        result.changed_seats == result.lost_seats and seconds < 1,
    )


def same_bytes() -> Iterator[Figure]:
    """Twice with one thread and once with two, in processes of their own."""
    command = [sys.executable, "-c", "from benchmarks.judging.assignment import digest; print(digest())"]
    digests = {
        subprocess.run(
            command,
            cwd=PROJECT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        for threads in ("1", "1", "2")
    }
    yield Figure(
        "1,000 x 150, fair: different results of three runs, one of them with two threads",
        str(len(digests) - 1),
        "0",
        len(digests) == 1,
    )


def digest() -> str:
    return hashlib.sha256(assign(instances.competition(1000, 150)).seats.tobytes()).hexdigest()


def doubled(entries: int, judges: int) -> Iterator[Figure]:
    problem = instances.competition(entries, judges)
    total, for_total = timed(lambda: assign(problem, objective="total", floor=None))
    fair, for_fair = timed(lambda: assign(problem))
    yield Figure(
        f"{entries:,} x {judges}: greatest total; fair; its gap; memory of both",
        f"{for_total:.1f} s; {for_fair:.1f} s; {fair.gap:.2%}; {peak_megabytes():.0f} MB",
    )


MEASURES: dict[str, Measure] = {
    "midl_total": midl_total,
    "midl_fair": midl_fair,
    "midl_loads": midl_loads,
    "aamas": aamas,
    "competition_1000": competition_1000,
    "competition_5000_total": competition_5000_total,
    "competition_5000_fair": competition_5000_fair,
    "rules": rules,
    "judge_drops_out": judge_drops_out,
    "same_bytes": same_bytes,
    "doubled_500": partial(doubled, 500, 75),
    "doubled_1000": partial(doubled, 1000, 150),
    "doubled_2000": partial(doubled, 2000, 300),
    "doubled_4000": partial(doubled, 4000, 600),
}
