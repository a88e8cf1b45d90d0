"""The three commands of a shell: verify a results bundle, assign judges, rank entries."""

import argparse
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from competitions.judging.aggregation import RankingModel
from competitions.judging.assignment import Assignment, assign
from competitions.judging.bundle import canonical, digests_of, verify
from competitions.judging.files import Asked, BadFile, NamedMarks, read_json, read_marks, read_problem
from competitions.judging.marks import NotComparable
from competitions.judging.ranking import Ranking, rank
from competitions.judging.shortages import Infeasible

RIGHT, WRONG, UNREADABLE, FAILED = range(4)  # what the shell is told


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done, or a bundle that agrees; 1: a bundle that does not agree, no assignment, no common ranking; 2: a file or
    an option that cannot be read; 3: an error that nobody foresaw, which says nothing about the file.
    """
    options = _parser().parse_args(arguments)
    try:
        return _answered(options)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:  # whatever it is, it must not look like a bundle that does not agree
        print(f"{options.file}: {_unforeseen(error)}", file=sys.stderr)
        return FAILED


def _answered(options: argparse.Namespace) -> int:
    try:
        return options.run(options)
    except BadFile as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    except Infeasible as error:
        if options.json:
            print(canonical({"shortages": [_shortage(shortage) for shortage in error.shortages]}).decode())
        for shortage in error.shortages:
            print(shortage.words, file=sys.stderr)
        return WRONG
    except NotComparable as error:
        print(error.words, file=sys.stderr)
        return WRONG
    except ValueError as error:  # also Unreadable
        print(f"{options.file}: {error}.", file=sys.stderr)
        return UNREADABLE


def _unforeseen(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"an error that was not foreseen ({type(error).__name__}: {error}; {Path(last.filename).name}, line"
        f" {last.lineno}). Nothing is said about the file. Please report this with the file."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m competitions.judging", description="Assign judges, rank entries, verify results."
    )
    commands = parser.add_subparsers(required=True, metavar="verify|assign|rank")
    checks = commands.add_parser("verify", help="recompute a results bundle and say what does not agree")
    checks.set_defaults(run=_verify)
    checks.add_argument(
        "--whole", type=_digest, metavar="DIGEST", help="the digest of the whole that was announced with the results"
    )
    seats = commands.add_parser("assign", help="assign judges to entries")
    seats.set_defaults(run=_assign)
    seats.add_argument("--objective", choices=("fair", "total"), default="fair")
    seats.add_argument("--reads", type=int, help="judges for each entry (CSV; default 3)")
    seats.add_argument("--load-min", type=int, help="least entries of a judge (CSV)")
    seats.add_argument(
        "--load-max", type=int, help="most entries of a judge (CSV; default: an even share and one more)"
    )
    seats.add_argument("--own-country-max", type=int, help="most judges of the entrant's own country (CSV)")
    places = commands.add_parser("rank", help="rank entries by their marks")
    places.set_defaults(run=_rank)
    places.add_argument("--model", choices=[model.value for model in RankingModel], default=RankingModel.SEVERITY.value)
    places.add_argument("--top", type=int, action="append", help="places to give probabilities for (default 1 and 3)")
    places.add_argument("--draws", type=int, default=1000)
    places.add_argument(
        "--anchor", action="append", default=[], help="a sample entry: connects judges and is not ranked"
    )
    for command in (checks, seats, places):
        command.add_argument("file", type=Path, metavar="FILE", help="JSON or CSV")
        command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    for command in (seats, places):
        command.add_argument("--seed", type=int, default=0)
    return parser


def _digest(text: str) -> str:
    digest = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise argparse.ArgumentTypeError(f"{text!r} is no digest; expected 64 hexadecimal digits")
    return digest


def _verify(options: argparse.Namespace) -> int:
    bundle = read_json(options.file)
    faults = verify(bundle, whole=options.whole)
    whole = digests_of(bundle)["whole"]
    if options.json:
        told = [{"place": fault.place, "words": fault.words} for fault in faults]
        print(canonical({"agrees": not faults, "faults": told, "whole": whole}).decode())
    elif faults:
        print("\n".join([f"{options.file} does not agree:", *(f"  {fault}" for fault in faults)]))
    else:
        print(f"{options.file} agrees: every digest, total and rank is what its scores give.")
        print(f"Its whole is {whole}{', as announced' if options.whole else '; compare it with what was announced'}.")
    return WRONG if faults else RIGHT


def _assign(options: argparse.Namespace) -> int:
    given = {name: getattr(options, name) for name in ("reads", "load_min", "load_max", "own_country_max")}
    given = {name: value for name, value in given.items() if value is not None}
    if given and options.file.suffix.lower() == ".json":
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise BadFile(f"{options.file}: {names} is for CSV. Write it into the file; see docs/judging-files.md.")
    problem = read_problem(options.file, Asked(**given))
    with Progress(sys.stderr) as progress:
        result = assign(problem, objective=options.objective, seed=options.seed, progress=progress)
    _print_seats(result, as_json=options.json)
    return RIGHT


def _print_seats(result: Assignment, *, as_json: bool) -> None:
    labels, seats = result.problem.labels, result.seats
    pairs = [(labels.judge(int(j)), labels.entry(int(e))) for e, j in np.argwhere(seats.T)]
    figures = {
        name: getattr(result, name)
        for name in (
            "objective",
            "seed",
            "total",
            "minimum",
            "worst_tenth",
            "bound_total",
            "bound_minimum",
            "gap",
            "proven_minimum",
            "components",
        )
    }
    if as_json:
        print(canonical({"seats": pairs, **figures}).decode())
        return
    own: dict[str, list[str]] = {}
    for judge, entry in pairs:
        own.setdefault(entry, []).append(judge)
    totals = dict(
        zip((labels.entry(e) for e in range(seats.shape[1])), (seats * result.problem.affinity).sum(0), strict=True)
    )
    _table(
        ["entry", "judges", "affinity"],
        [[entry, ", ".join(judges), f"{totals[entry]:.3f}"] for entry, judges in own.items()],
    )
    proven = "proven to be the highest" if result.proven_minimum else f"at most {result.bound_minimum:.3f} is possible"
    print(f"\nWorst entry {result.minimum:.3f} ({proven}).")
    print(f"Worst tenth {result.worst_tenth:.3f}; total {result.total:.3f}.")
    print(f"The objective is within {result.gap:.2%} of what no assignment can pass.")


def _rank(options: argparse.Namespace) -> int:
    named = read_marks(options.file)
    top = tuple(options.top or (1, 3))
    unknown = next((name for name in options.anchor if name not in named.entries), None)
    if unknown is not None:
        raise BadFile(f"{options.file}: there is no entry {unknown}, which --anchor names. Name one of the file.")
    anchors = [named.entries.index(name) for name in (*options.anchor, *named.anchors)]
    with Progress(sys.stderr) as progress:
        ranking = rank(
            named.marks,
            model=options.model,
            top_k=top,
            draws=options.draws,
            seed=options.seed,
            anchors=anchors,
            progress=progress,
        )
    _print_ranking(ranking, named, top, as_json=options.json)
    return RIGHT


def _print_ranking(ranking: Ranking, named: NamedMarks, top: tuple[int, ...], *, as_json: bool) -> None:
    rows = []
    tied = {better for better, _ in ranking.ties()}  # with the next one
    order = sorted(range(len(named.entries)), key=lambda e: (ranking.rank[e] == 0, ranking.rank[e], named.entries[e]))
    for e in order:
        rows.append(
            {
                "rank": ranking.rank[e],
                "tied": e in tied,
                "entry": named.entries[e],
                "adjusted": ranking.adjusted[e],
                "raw_mean": ranking.raw_mean[e],
                "interval": ranking.interval[e],
                "rank_interval": ranking.rank_interval[e],
                "p_win": ranking.p_win[e],
                "p_top": {str(k): ranking.p_top[k][e] for k in top},
            }
        )
    judges = [
        {
            "judge": name,
            "severity": ranking.severity[j],
            "error": ranking.severity_error[j],
            "noise": ranking.noise[j],
            "scale": ranking.scale[j],
        }
        for j, name in enumerate(named.judges)
    ]
    zone = {str(k): [named.entries[e] for e in ranking.tie_zone[k]] for k in top}
    if as_json:
        told = {
            "model": ranking.model.value,
            "entries": rows,
            "judges": judges,
            "tie_zone": zone,
            "warnings": ranking.warnings,
        }
        print(canonical(told).decode())
        return
    _table(
        ["rank", "", "entry", "adjusted", "mean", "ranks", *[f"P(top {k})" for k in top]],
        [
            [
                str(row["rank"]),
                "=" if row["tied"] else "",
                row["entry"],
                f"{row['adjusted']:.2f}",
                f"{row['raw_mean']:.2f}",
                f"{row['rank_interval'][0]}–{row['rank_interval'][1]}",
                *[f"{row['p_top'][str(k)]:.0%}" for k in top],
            ]
            for row in rows
        ],
    )
    for k, entries in zone.items():
        if entries:
            print(f"\nFor deliberation about the best {k}: {', '.join(entries)}.")
    found = [
        f"{judge['judge']} {judge['severity']:+.2f} (standard error {judge['error']:.2f})"
        for judge, out in zip(judges, ranking.stands_out, strict=True)
        if out
    ]
    if found:
        print(f"\nJudges who stand out, points above or below the others: {', '.join(found)}.")
    for warning in ranking.warnings:
        print(f"\n{warning}")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _shortage(shortage: Any) -> dict[str, Any]:
    return {
        "lack": shortage.lack.value,
        "missing": shortage.missing,
        "entries": shortage.entries,
        "judges": shortage.judges,
        "words": shortage.words,
    }


class Progress:
    """A bar on a terminal, nothing elsewhere: called with what is done now and how much is done, 0 to 1."""

    WIDTH = 30

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.shown = stream, False

    def __enter__(self) -> Callable[[str, float], None]:
        return self.show

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def show(self, what: str, share: float) -> None:
        if not self.stream.isatty():
            return
        full = int(self.WIDTH * min(1.0, max(0.0, share)))
        self.stream.write(f"\r\x1b[K{'█' * full}{'░' * (self.WIDTH - full)} {share:4.0%} {what}")
        self.stream.flush()
        self.shown = True
