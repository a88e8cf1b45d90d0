"""Why there is no assignment: what is short, by how much, and for whom.

The least number of seats that no rule-keeping assignment can fill is a linear program; its prices are the minimum cut
(Ford & Fulkerson 1956), and the cut names the entries and judges between which something is missing. Where it falls
into groups that share no judge, each is a shortage of its own, whose numbers add up. Lowering the demand (the least
loads, the asked seats) by the amounts told makes the problem solvable.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from enum import StrEnum

import numpy as np

from .arrays import Booleans, Floats, Integers
from .connections import components_of_pairs
from .problem import AssignmentProblem
from .program import Goal, Program, Solution, solve_all_pairs

NODES = 20_000  # branches of a whole-number program
MOST_NAMED = 6  # languages in a sentence


class Lack(StrEnum):
    """What kind of thing is missing."""

    SEATS = "seats"  # entries ask for more seats than their judges can take
    LOADS = "loads"  # judges must read more than there is for them
    SECTOR = "sector"  # entries have no free judge who knows their sector
    OUTSIDE = "outside"  # entries have no free judge from outside their pool
    LOCKS = "locks"  # locked seats break a rule


@dataclass(frozen=True)
class Shortage:
    """One thing that is missing.

    lack      what kind
    missing   by how much in all: seats, or readings of judges; for LOCKS locked seats too many
    entries   int[n]: entries concerned (those between which and `judges` it is short)
    judges    int[m]: the judges that these entries can have; for SECTOR and OUTSIDE those of the kind who may read
              them, for LOADS the judges who together have too little to read, for LOCKS those locked
    unfilled  int[E]: seats by which each entry's demand (or its asked seats of the kind) is missed; 0 for LOADS and
              LOCKS
    unmet     int[J]: readings by which each judge's least load is missed; 0 for all but LOADS
    words     one or two sentences in English
    """

    lack: Lack
    missing: int
    entries: Integers
    judges: Integers
    unfilled: Integers
    unmet: Integers
    words: str

    def __str__(self) -> str:
        return self.words


class Infeasible(Exception):  # noqa: N818 - the name is part of the interface
    """No assignment keeps every rule. `shortages` says what is missing.

    Lowering demands, asked seats and least loads by all the amounts told makes the problem solvable. Of the kind LOCKS
    they stand alone: the rest has not been looked at then.
    """

    def __init__(self, shortages: Iterable[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(" ".join(shortage.words for shortage in self.shortages))


def require_possible_locks(problem: AssignmentProblem) -> None:
    """Raise Infeasible if the locked seats alone break a rule."""
    if problem.locked is None or not problem.locked.any():
        return
    found = list(_locks_that_break(problem))
    if found:
        raise Infeasible(found)


def _locks_that_break(problem: AssignmentProblem) -> Iterable[Shortage]:
    held, labels = problem.held, problem.labels
    for j, e in np.argwhere(held & problem.forbidden):
        words = f"{_first(labels.judge(j))} is locked to {labels.entry(e)} but may not read it."
        yield _lock(problem, 1, [e], [j], words)
    seats = held.sum(0)
    for e in np.flatnonzero(seats > problem.demand).tolist():
        over = int(seats[e] - problem.demand[e])
        words = (
            f"{_first(labels.entry(e))} asks for {counted(problem.demand[e], 'judge')} and has {seats[e]} locked:"
            f" {over} too many."
        )
        yield _lock(problem, over, [e], np.flatnonzero(held[:, e]), words)
    loads = held.sum(1)
    for j in np.flatnonzero(loads > problem.load_max).tolist():
        over = int(loads[j] - problem.load_max[j])
        words = (
            f"{_first(labels.judge(j))} reads at most {problem.load_max[j]} and has {loads[j]} locked: {over} too many."
        )
        yield _lock(problem, over, np.flatnonzero(held[j]), [j], words)
    for rule in problem.seat_rules:
        own = (held & rule.member).sum(0)
        for e in np.flatnonzero(own > rule.most).tolist():
            words = (
                f"{_first(labels.entry(e))} has {counted(own[e], 'locked judge')} of the kind “{rule.name}”,"
                f" where at most {rule.most[e]} may be."
            )
            yield _lock(problem, int(own[e] - rule.most[e]), [e], np.flatnonzero(held[:, e] & rule.member[:, e]), words)


def _lock(problem: AssignmentProblem, missing: int, entries: object, judges: object, words: str) -> Shortage:
    nothing = np.zeros(problem.entries, np.int64), np.zeros(problem.judges, np.int64)
    return Shortage(Lack.LOCKS, missing, np.asarray(entries, np.int64), np.asarray(judges, np.int64), *nothing, words)


def shortages_of(problem: AssignmentProblem) -> tuple[Shortage, ...]:
    """What is missing: the least where the rules are a network, else the least found within NODES branches.

    Empty if nothing is, also where no assignment was found. Raises ArithmeticError if HiGHS does not come to an end.
    """
    solution, _ = solve_all_pairs(problem, Goal.SEATS)
    if solution is None:
        raise ArithmeticError("the program of shortages has no solution, which locked seats alone could explain")
    whole, prices = _whole(problem, solution), solution.rule_prices or {}
    found: list[Shortage] = []
    demand = whole.slack.get("demand")
    if demand is not None and demand.sum() > 0.5:
        found += _seats_short(problem, demand, prices["demand"])
    for lack in (Lack.SECTOR, Lack.OUTSIDE):
        missed = whole.slack.get(lack.value)
        if missed is not None and missed.sum() > 0.5:
            found += _kind_short(problem, lack, missed)
    loads = whole.slack.get("load")
    if loads is not None and loads.sum() > 0.5:
        found += _loads_short(problem, loads, prices["load"])
    return tuple(found)


def _whole(problem: AssignmentProblem, solution: Solution) -> Solution:
    """The same with whole seats; a network's corners are whole already."""
    parts = np.concatenate([solution.seats.ravel(), *solution.slack.values()])
    if np.abs(parts - np.round(parts)).max(initial=0) < 1e-6:
        return changed(solution, slack={name: np.round(missed) for name, missed in solution.slack.items()})
    answer = Program(problem, problem.allowed, Goal.SEATS).solve_whole(nodes=NODES)
    if answer is None:
        raise ArithmeticError("no whole solution of the program of shortages was found")
    return changed(answer, slack={name: np.round(missed) for name, missed in answer.slack.items()})


def _groups(problem: AssignmentProblem, pairs: Booleans, entries: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Entries that share judges by `pairs`, bool[J, E], directly or through others, with these judges; those who have
    no judge at all together, last.
    """
    here = np.zeros(problem.entries, bool)
    here[entries] = True
    judge, entry = np.nonzero(pairs & here)
    for group, judges in components_of_pairs(entry, judge, problem.entries, problem.judges):
        yield np.array(group, np.int64), np.array(judges, np.int64)
    alone = np.flatnonzero(here & ~pairs.any(0))
    if len(alone):
        yield alone, np.zeros(0, np.int64)


def _only(values: Integers, at: Integers) -> Integers:
    """The values at some places, 0 elsewhere."""
    kept = np.zeros_like(values)
    kept[at] = values[at]
    return kept


def _seats_short(problem: AssignmentProblem, missed: np.ndarray, price: Floats) -> Iterator[Shortage]:
    unfilled = missed.astype(np.int64)
    # this side of the cut: one seat more is one more missing
    entries = np.flatnonzero((price > 0.5) & (problem.demand > 0))
    if unfilled[entries].sum() != unfilled.sum():
        entries = np.flatnonzero(unfilled)
    for group, judges in _groups(problem, problem.allowed, entries):
        own = _only(unfilled, group)
        missing = int(own.sum())
        if missing:
            words = _seats_words(problem, group, judges, missing)
            yield Shortage(Lack.SEATS, missing, group, judges, own, _none(problem.judges), words)


def _seats_words(problem: AssignmentProblem, entries: Integers, judges: Integers, missing: int) -> str:
    asked = int(problem.demand[entries].sum())
    open_to = problem.allowed[np.ix_(judges, entries)].sum(1)  # nobody reads an entry twice
    free = int(np.minimum(problem.load_max[judges], open_to).sum())
    who, one = _entries_words(problem, entries), len(entries) == 1
    cause = f"{'it asks' if one else 'they ask'} for {counted(asked, 'seat')}"
    by = f"{counted(len(judges), 'judge')} may read {'it' if one else 'them'} and can take {free} in all"
    if not len(judges):
        by = f"nobody may read {'it' if one else 'them'}"
    left = asked - missing
    limits = _own_country_words(problem, entries, judges) if left != free else ""
    if left != free:
        limits += f", which leaves {left}" if limits else f", but only {left} under the other rules"
    return f"{who}: {cause}; {by}{limits}. {_missing(missing, 'seat')}."


def _entries_words(problem: AssignmentProblem, entries: Integers) -> str:
    labels = problem.labels
    if len(entries) == 1:
        return _first(labels.entry(int(entries[0]))) + _language(problem, entries)
    if len(entries) <= 3:
        return _first(", ".join(labels.entry(int(e)) for e in entries)) + _language(problem, entries)
    return f"{len(entries)} entries{_language(problem, entries)}"


def _language(problem: AssignmentProblem, entries: Integers) -> str:
    spoken = problem.labels.entry_language
    languages = sorted({spoken[e] for e in entries.tolist() if spoken[e]}) if spoken else []
    if len(languages) > MOST_NAMED:
        return f" in {len(languages)} languages ({', '.join(languages[:MOST_NAMED])}, …)"
    return f" in {_listed(languages)}" if languages else ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _own_country_words(problem: AssignmentProblem, entries: Integers, judges: Integers) -> str:
    rule = next((rule for rule in problem.seat_rules if rule.name == "own country"), None)
    if rule is None or not len(judges):
        return ""
    own = (rule.member & problem.allowed)[np.ix_(judges, entries)].any(1)
    if not own.any():
        return ""
    most = sorted({int(m) for m in rule.most[entries]})
    limit = f"{most[0]}" if len(most) == 1 else f"{most[0]} to {most[-1]}"
    countries = {problem.labels.judge_country[j] for j in judges[own]} if problem.labels.judge_country else set()
    where = f" ({', '.join(sorted(countries))})" if 0 < len(countries) <= 3 else ""
    count = int(own.sum())
    if len(own) == 1:
        of_them = "that judge is"
    elif own.all():
        of_them = "all of them are"
    else:
        of_them = f"{count} of them {'is' if count == 1 else 'are'}"
    return f"; {of_them} of an entrant's own country{where}, and at most {limit} of those may read an entry"


def _kind_short(problem: AssignmentProblem, lack: Lack, missed: np.ndarray) -> Iterator[Shortage]:
    unfilled = missed.astype(np.int64)
    rule = next(rule for rule in problem.seat_rules if rule.name == lack.value)
    for entries, judges in _groups(problem, rule.member & problem.allowed, np.flatnonzero(unfilled)):
        own, one = _only(unfilled, entries), len(entries) == 1
        what = f"who knows a sector of {'it' if one else 'theirs'}"
        if lack is Lack.OUTSIDE:
            what = f"from outside {'its pool' if one else 'their pools'}"
        able = (
            f"{counted(len(judges), 'judge')} could, but not under the other rules" if len(judges) else "nobody could"
        )
        missing = int(own.sum())
        words = f"{_entries_words(problem, entries)}: no free judge {what}; {able}. {_missing(missing, 'seat')}."
        yield Shortage(lack, missing, entries, judges, own, _none(problem.judges), words)


def _loads_short(problem: AssignmentProblem, missed: np.ndarray, price: Floats) -> Iterator[Shortage]:
    unmet = missed.astype(np.int64)
    # this side of the cut: one reading more that a judge must do is one more missing
    judges = np.flatnonzero((price > 0.5) & (problem.load_min > 0))
    if unmet[judges].sum() != unmet.sum():
        judges = np.flatnonzero(unmet)
    here = np.zeros(problem.judges, bool)
    here[judges] = True
    pairs = problem.allowed & here[:, None]
    groups = [(group, entries) for entries, group in _groups(problem, pairs, np.flatnonzero(pairs.any(0)))]
    idle = np.flatnonzero(here & ~pairs.any(1))
    groups += [(idle, np.zeros(0, np.int64))] if len(idle) else []
    for group, entries in groups:
        own = _only(unmet, group)
        missing = int(own.sum())
        if missing:
            words = _loads_words(problem, group, entries, missing)
            yield Shortage(Lack.LOADS, missing, entries, group, _none(problem.entries), own, words)


def _loads_words(problem: AssignmentProblem, judges: Integers, entries: Integers, missing: int) -> str:
    least = int(problem.load_min[judges].sum())
    open_to = problem.allowed[np.ix_(judges, entries)].sum(0)
    seats = int(np.minimum(problem.demand[entries], open_to).sum())
    names = ", ".join(problem.labels.judge(j) for j in judges.tolist()) if len(judges) <= 3 else f"{len(judges)} judges"
    must = f"{_first(names)} must read at least {least}{'' if len(judges) == 1 else ' in all'}"
    have = f"{'the entry' if len(entries) == 1 else f'the {len(entries)} entries'} open to them"
    have += f" {'has' if len(entries) == 1 else 'have'} {counted(seats, 'seat')} for them"
    if not len(entries):
        have = "no entry is open to them"
    left = least - missing
    limits = f", but only {left} under the other rules" if left != seats else ""
    return f"{must}; {have}{limits}. {_missing(missing, 'reading')}."


def _first(words: str) -> str:
    """With a capital at the beginning of a sentence, the rest as it is."""
    return words[:1].upper() + words[1:]


def _missing(count: int, what: str) -> str:
    return f"{counted(count, what)} {'is' if count == 1 else 'are'} missing"


def counted(count: int, what: str, many: str = "") -> str:
    """A number with its word."""
    return f"{count} {what if count == 1 else many or what + 's'}"


def _none(count: int) -> Integers:
    return np.zeros(count, np.int64)
