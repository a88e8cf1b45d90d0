"""The three commands of a shell: verify a results bundle, assign judges, rank entries.

Without arguments `--help` says which options there are. The files are described in `docs/judging-files.md` of the
project that this folder comes from.
"""

import argparse
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from .aggregation import RankingModel
from .assignment import Assignment, assign
from .bundle import canonical, digest_in, digests_of, verify
from .explanation import Explanation
from .files import BadFile, read_json
from .marks import NotComparable
from .marks_files import NamedMarks, read_marks
from .problem import MOST, Labels
from .problem_files import Asked, read_problem
from .ranking import MOST_DRAWS, Ranking, rank
from .schema import clipped
from .shortages import Infeasible, Shortage

RIGHT, WRONG, UNREADABLE, FAILED = range(4)  # what the shell is told
FIGURES = (
    "objective", "seed", "total", "minimum", "worst_tenth", "bound_total", "bound_minimum", "gap", "proven_minimum",
    "components",
)  # fmt: skip
NOTHING = "–"  # in a table, where there is no figure
PROVEN = 1e-6  # the gap at which a whole-number program stops
MOST_NAMED = 20  # of entries, judges or groups in a line of words
UNLESS_ASKED: dict[str, Any] = {"model": RankingModel.SEVERITY.value, "top_k": (1, 3), "draws": 1000, "seed": 0}


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done, or a bundle that agrees; 1: a bundle that does not agree, no assignment, no common ranking; 2: a file or
    an option that cannot be read; 3: a search that was given up, or an error that nobody foresaw, neither of which says
    anything about the file.
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
    except ArithmeticError as error:
        print(f"{options.file}: {error}. {options.if_given_up}", file=sys.stderr)
        return FAILED
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
        prog=f"python -m {__package__}", description="Assign judges, rank entries, verify results."
    )
    commands = parser.add_subparsers(required=True, metavar="verify|assign|rank")
    checks = commands.add_parser("verify", help="recompute a results bundle and say what does not agree")
    checks.set_defaults(run=_verify, if_given_up="")
    checks.add_argument(
        "--whole", type=_digest, metavar="DIGEST", help="the digest of the whole that was announced with the results"
    )
    seats = commands.add_parser("assign", help="assign judges to entries")
    seats.set_defaults(
        run=_assign,
        if_given_up="Nothing says that no assignment exists. Try another --seed, or take a rule out: an own-country"
        " cap, a sector or an outside seat, a least load.",
    )
    seats.add_argument("--objective", choices=("fair", "total"), default="fair")
    seats.add_argument("--reads", type=_whole(0, MOST), help="judges for each entry (CSV; default 3)")
    seats.add_argument("--load-min", type=_whole(0, MOST), help="least entries of a judge (CSV)")
    seats.add_argument(
        "--load-max", type=_whole(0, MOST), help="most entries of a judge (CSV; default: an even share and one more)"
    )
    seats.add_argument("--own-country-max", type=_whole(0, MOST), help="most judges of the entrant's own country (CSV)")
    seats.add_argument("--explain", action="store_true", help="say why each seat, and what each entry could not have")
    places = commands.add_parser(
        "rank",
        help="rank entries by their marks",
        epilog="Of a results bundle, its own model, top_k, draws and seed are taken where none are asked for.",
    )
    places.set_defaults(
        run=_rank,
        if_given_up="The marks hang together by too few judges. Have some entries read across, or sample entries by all"
        " (--anchor), or rank the groups apart.",
    )
    places.add_argument("--model", choices=[model.value for model in RankingModel], help="default: severity")
    places.add_argument(
        "--top", type=_whole(1, MOST), action="append", help="places to give probabilities for (default 1 and 3)"
    )
    places.add_argument("--draws", type=_whole(1, MOST_DRAWS), help="default: 1000")
    places.add_argument("--reads", type=_whole(1, MOST), help="marks that each entry was to have, for a warning")
    places.add_argument(
        "--anchor", action="append", default=[], help="a sample entry: connects judges and is not ranked"
    )
    for command in (checks, seats, places):
        command.add_argument("file", type=Path, metavar="FILE", help="JSON or CSV")
        command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    for command in (seats, places):
        command.add_argument("--seed", type=_whole(0), help="default: 0")
    return parser


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """What reads an option that is a whole number."""
    expected = f"a whole number, {least} or more" if most is None else f"a whole number from {least} to {most}"

    def read(text: str) -> int:
        number = int(text) if re.fullmatch("-?[0-9]{1,18}", text) else least - 1
        if number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"is {clipped(text)}; expected {expected}")
        return number

    return read


def _digest(text: str) -> str:
    try:
        return digest_in(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


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
        raise BadFile(f"{options.file}: {names} is for CSV. Write it into the file; see --help.")
    problem = read_problem(options.file, Asked(**given))
    try:
        with Progress(sys.stderr) as progress:
            result = assign(problem, objective=options.objective, seed=options.seed or 0, progress=progress)
    except Infeasible as error:
        _print_shortages(error.shortages, problem.labels, as_json=options.json)
        return WRONG
    _print_seats(result, as_json=options.json, explained=result.explain() if options.explain else None)
    return RIGHT


def _print_shortages(shortages: Sequence[Shortage], labels: Labels, *, as_json: bool) -> None:
    if as_json:
        print(canonical({"shortages": [_shortage(shortage, labels) for shortage in shortages]}).decode())
    for shortage in shortages:
        print(shortage.words, file=sys.stderr)


def _shortage(shortage: Shortage, labels: Labels) -> dict[str, Any]:
    return {
        "lack": shortage.lack.value,
        "missing": shortage.missing,
        "entries": [labels.entry(int(e)) for e in shortage.entries],
        "judges": [labels.judge(int(j)) for j in shortage.judges],
        "words": shortage.words,
    }


def _print_seats(result: Assignment, *, as_json: bool, explained: Explanation | None = None) -> None:
    labels, seats = result.problem.labels, result.seats
    pairs = [(labels.judge(int(j)), labels.entry(int(e))) for e, j in np.argwhere(seats.T)]
    if as_json:
        figures = {name: getattr(result, name) for name in FIGURES}
        figures["gap"] = result.gap if np.isfinite(result.gap) else None
        reasons = {"explanation": _told_reasons(explained, labels)} if explained else {}
        print(canonical({"seats": pairs, **figures, **reasons}).decode())
        return
    totals = (seats * result.problem.affinity).sum(0)
    _table(
        ["entry", "judges", "affinity"],
        [
            [labels.entry(e), ", ".join(labels.judge(int(j)) for j in np.flatnonzero(seats[:, e])), f"{totals[e]:.3f}"]
            for e in np.flatnonzero(seats.any(0)).tolist()
        ],
    )
    proven = "proven to be the highest" if result.proven_minimum else f"at most {result.bound_minimum:.3f} is possible"
    print(f"\nWorst entry {result.minimum:.3f} ({proven}).")
    print(f"Worst tenth {result.worst_tenth:.3f}; total {result.total:.3f}.")
    if result.gap <= PROVEN:
        print("The objective is proven to be the highest with this worst entry.")
    else:
        within = f"within {result.gap:.2%} of" if np.isfinite(result.gap) else "below 0,"
        print(f"The objective is {within} what no assignment can pass.")
    if explained:
        _print_reasons(explained, labels)


def _told_reasons(explained: Explanation, labels: Labels) -> dict[str, Any]:
    """What JSON says of the reasons."""
    return {
        "seats": [
            {
                "judge": labels.judge(seat.judge),
                "entry": labels.entry(seat.entry),
                "affinity": seat.affinity,
                "rank": seat.rank,
                "parts": seat.parts,
                "locked": seat.locked,
            }
            for seat in explained.seats
        ],
        "entries": [
            {
                "entry": labels.entry(entry.entry),
                "total": entry.total,
                "best": entry.best,
                "limits": {labels.judge(judge): why for judge, why in entry.limits.items()},
            }
            for entry in explained.entries
        ],
        "judges": [
            {
                "judge": labels.judge(judge.judge),
                "load": judge.load,
                "load_min": judge.load_min,
                "load_max": judge.load_max,
            }
            for judge in explained.judges
        ],
    }


def _print_reasons(explained: Explanation, labels: Labels) -> None:
    print()
    names = list(dict.fromkeys(name for seat in explained.seats for name in seat.parts))
    _table(
        ["entry", "judge", "affinity", "choice", *names, ""],
        [
            [
                labels.entry(seat.entry),
                labels.judge(seat.judge),
                f"{seat.affinity:.3f}",
                str(seat.rank),
                *[f"{seat.parts[name]:.3f}" for name in names],
                "locked" if seat.locked else "",
            ]
            for seat in explained.seats
        ],
    )
    print()
    for entry in explained.entries:
        if entry.limits:
            lacks = "; ".join(f"{labels.judge(judge)} ({why})" for judge, why in entry.limits.items())
            print(f"{labels.entry(entry.entry)} has {entry.total:.3f} of {entry.best:.3f}; not {lacks}.")
    print()
    _table(
        ["judge", "reads", "least", "most"],
        [[labels.judge(j.judge), str(j.load), str(j.load_min), str(j.load_max)] for j in explained.judges],
    )


def _rank(options: argparse.Namespace) -> int:
    named = read_marks(options.file)
    unknown = next((name for name in options.anchor if name not in named.entries), None)
    if unknown is not None:
        raise BadFile(f"{options.file}: there is no entry {unknown}, which --anchor names. Name one of the file.")
    given = {"model": options.model, "top_k": options.top, "draws": options.draws, "seed": options.seed}
    asked = {**UNLESS_ASKED, **named.asked, **{name: value for name, value in given.items() if value is not None}}
    try:
        with Progress(sys.stderr) as progress:
            ranking = rank(
                named.marks,
                model=asked["model"],
                top_k=tuple(asked["top_k"]),
                draws=asked["draws"],
                seed=asked["seed"],
                anchors=[named.entries.index(name) for name in (*options.anchor, *named.anchors)],
                asked_reads=options.reads,
                progress=progress,
            )
    except NotComparable as error:
        _print_components(error, named, as_json=options.json)
        return WRONG
    if options.json:
        print(canonical(_told(ranking, named)).decode())
    else:
        _print_ranking(ranking, named)
    return RIGHT


def _print_components(error: NotComparable, named: NamedMarks, *, as_json: bool) -> None:
    groups = [
        {"entries": [named.entries[e] for e in entries], "judges": [named.judges[j] for j in judges]}
        for entries, judges in error.components
    ]
    if as_json:
        print(canonical({"components": groups, "words": error.words}).decode())
    print(error.words, file=sys.stderr)
    for group in groups[:MOST_NAMED]:
        print(f"  entries {_names(group['entries'])}; judges {_names(group['judges'])}", file=sys.stderr)
    if len(groups) > MOST_NAMED:
        print(f"  and {len(groups) - MOST_NAMED} more groups", file=sys.stderr)


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _told(ranking: Ranking, named: NamedMarks) -> dict[str, Any]:
    """What JSON says of a ranking."""
    tied = {better for better, _ in ranking.ties()}  # with the next one
    entries = [
        {
            "rank": ranking.rank[e],
            "tied": e in tied,
            "entry": named.entries[e],
            "score": ranking.score[e],
            "adjusted": ranking.adjusted[e],
            "raw_mean": ranking.raw_mean[e],
            "interval": ranking.interval[e],
            "rank_interval": ranking.rank_interval[e],
            "p_win": ranking.p_win[e],
            "p_top": {str(k): chances[e] for k, chances in ranking.p_top.items()},
        }
        for e in _best_first(ranking, named)
    ]
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
    return {
        "model": ranking.model.value,
        "entries": entries,
        "judges": judges,
        "tie_zone": {str(k): [named.entries[e] for e in zone] for k, zone in ranking.tie_zone.items()},
        "warnings": ranking.warnings,
    }


def _best_first(ranking: Ranking, named: NamedMarks) -> list[int]:
    """Entries by rank, equal ones as they stand, as `ties` has them; those without a rank last."""
    return sorted(range(len(named.entries)), key=lambda e: (ranking.rank[e] == 0, ranking.rank[e]))


def _print_ranking(ranking: Ranking, named: NamedMarks) -> None:
    tied = {better for better, _ in ranking.ties()}
    prescribed = ranking.model is not RankingModel.SEVERITY
    _table(
        [
            "rank",
            "",
            "entry",
            *(["score"] if prescribed else []),
            "adjusted",
            "mean",
            "ranks (90 %)",
            *[f"P(top {k})" for k in ranking.p_top],
        ],
        [
            [
                str(ranking.rank[e]) if ranking.rank[e] else NOTHING,
                "=" if e in tied else "",
                named.entries[e],
                *([_figure(ranking.score[e], ".2f")] if prescribed else []),
                _figure(ranking.adjusted[e], ".2f"),
                _figure(ranking.raw_mean[e], ".2f"),
                "{}–{}".format(*ranking.rank_interval[e]) if ranking.rank[e] else NOTHING,
                *[_figure(chances[e], ".0%") for chances in ranking.p_top.values()],
            ]
            for e in _best_first(ranking, named)
        ],
    )
    if prescribed:
        words = ranking.model.value.replace("_", " ")
        print(f"\nRanked by score ({words}); adjusted scores, 90 % of the ranks and chances are the severity model's.")
    if tied:
        print("\n= this entry and the next one cannot be told apart with 90 %.")
    for k, zone in ranking.tie_zone.items():
        if len(zone):
            print(f"\nFor deliberation about the best {k}: {', '.join(named.entries[e] for e in zone)}.")
    found = [
        f"{named.judges[j]} {ranking.severity[j]:+.2f} (standard error {ranking.severity_error[j]:.2f})"
        for j in np.flatnonzero(ranking.stands_out).tolist()
    ]
    if found:
        print(f"\nJudges who stand out, points above or below the mean of all judges: {', '.join(found)}.")
    for warning in ranking.warnings:
        print(f"\n{warning}")


def _figure(value: float, form: str) -> str:
    return NOTHING if np.isnan(value) else format(value, form)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


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
