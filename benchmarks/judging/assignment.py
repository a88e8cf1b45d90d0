"""Assignment: quality on real affinities and bids, on invented competitions of every size, and cost as work doubles."""

from collections.abc import Iterator

import numpy as np

from benchmarks.judging.figures import Figure, Measure, data, timed
from competitions.judging import AssignmentProblem, assign


def midl(loads: str | None = None) -> AssignmentProblem:
    """177 reviewers and 118 papers of a conference, with `loads` a file of least loads."""
    affinity = np.load(data("midl", "scores.npy"))
    judges = affinity.shape[0]
    return AssignmentProblem(
        affinity=affinity,
        forbidden=np.zeros(affinity.shape, bool),
        demand=np.load(data("midl", "covs.npy")),
        load_min=np.load(data("midl", loads)) if loads else np.zeros(judges),
        load_max=np.load(data("midl", "loads.npy")),
    )


def midl_total() -> Iterator[Figure]:
    result, seconds = timed(lambda: assign(midl(), objective="total"))
    reached = result.minimum >= 0.9448 - 5e-5 and result.proven_minimum and result.total >= 201.7 and seconds <= 3
    proven = "proven" if result.proven_minimum else f"bound {result.bound_minimum:.4f}"
    yield Figure(
        "MIDL, total: minimum; total; time",
        f"{result.minimum:.4f} ({proven}); {result.total:.2f}; {seconds:.1f} s",
        "0.9448 (proven); 201.7; 3 s",
        reached,
    )


MEASURES: dict[str, Measure] = {"midl_total": midl_total}
