"""Ranking: held-out marks of real panels, skating, invented competitions whose truth is known, cost as work doubles."""

import csv
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.judging.figures import PROJECT, Figure, Measure, data, peak_megabytes
from competitions.judging import Marks, rank
from competitions.judging.aggregation import mean
from competitions.judging.severity import fit

Floats = NDArray[np.float64]

RATINGS = {  # file, criteria, aim, what per-judge z-scores reached where the aim was set
    "ratings2": ("sirt_ratings2.csv", ("k1", "k2", "k3", "k4", "k5"), 0.380, 0.422),
    "ratings3": ("sirt_ratings3.csv", ("crit2", "crit3", "crit4", "crit6"), 0.378, 0.394),
    "immer01a": ("immer01a_writing.csv", ("k1", "k2", "k3", "k4", "k5"), 0.480, 0.519),
    "immer05": ("immer05_essays.csv", ("TA", "CC", "GR", "VO"), 1.385, 1.505),
}
FOLDS, SEEDS = 5, 5
DOUBLING = [1250, 2500, 5000, 10_000, 20_000, 40_000, 80_000, 160_000]
SEGMENT, PANELS = 10, 10  # entries that a skating segment has at least, panels that are drawn of each


def ratings(name: str) -> Marks:
    """One mark for each writer and rater: the mean over criteria, and over texts where a rater had several."""
    file, criteria, _, _ = RATINGS[name]
    given: dict[tuple[str, str], list[float]] = defaultdict(list)
    with data("ratings", file).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            scores = [float(row[criterion]) for criterion in criteria if row[criterion] not in ("", "NA")]
            if scores:
                given[row["idstud"], row["rater"]].append(float(np.mean(scores)))
    entries, judges = (sorted({pair[side] for pair in given}) for side in (0, 1))
    at = [{name: place for place, name in enumerate(names)} for names in (entries, judges)]
    pairs = sorted(given)
    return Marks(
        [at[0][entry] for entry, _ in pairs],
        [at[1][judge] for _, judge in pairs],
        [float(np.mean(given[pair])) for pair in pairs],
        len(entries),
        len(judges),
    )


def z_scores(marks: Marks) -> tuple[Floats, Floats, Floats]:
    """float[E]: mean of an entry's marks, each over its judge's mean and standard deviation; those of the judges."""
    given = np.maximum(marks.given, 1)
    middle = np.bincount(marks.judge, marks.value, marks.n_judges) / given
    square = np.bincount(marks.judge, (marks.value - middle[marks.judge]) ** 2, marks.n_judges)
    spread = np.sqrt(square / np.maximum(given - 1, 1))
    spread[spread < 1e-9] = 1
    over = (marks.value - middle[marks.judge]) / spread[marks.judge]
    return mean(Marks(marks.entry, marks.judge, over, marks.n_entries, marks.n_judges)), middle, spread


def held_out() -> Iterator[Figure]:
    """Root of the mean squared error of marks not seen: five folds of the marks of entries that have others, pooled."""
    for name, (_, _, aim, published) in RATINGS.items():
        marks = ratings(name)
        ours, theirs = zip(*(_errors(marks, seed) for seed in range(SEEDS)), strict=True)
        error, z = float(np.mean(ours)), float(np.mean(theirs))
        yield Figure(
            f"held-out RMSE, {name} (z-scores on the same folds; where the aim was set)",
            f"{error:.4f} ({z:.3f}; {published:.3f})",
            f"{aim:.3f}",
            error <= aim + 5e-5,
        )


def _errors(marks: Marks, seed: int) -> tuple[float, float]:
    fold = np.random.default_rng(seed).permutation(len(marks)) % FOLDS
    tried, ours, theirs = 0, 0.0, 0.0
    for number in range(FOLDS):
        out = (fold == number) & (marks.reads[marks.entry] > 1)
        seen = Marks(marks.entry[~out], marks.judge[~out], marks.value[~out], marks.n_entries, marks.n_judges)
        out &= (seen.reads[marks.entry] > 0) & (seen.given[marks.judge] > 0)
        entry, judge, value = marks.entry[out], marks.judge[out], marks.value[out]
        z, middle, spread = z_scores(seen)
        tried += len(value)
        found = fit(seen)
        expected = found.mean + found.scale[judge] * (found.quality[entry] - found.mean) + found.severity[judge]
        ours += float(((expected - value) ** 2).sum())
        theirs += float(((middle[judge] + spread[judge] * z[entry] - value) ** 2).sum())
    return float(np.sqrt(ours / tried)), float(np.sqrt(theirs / tried))


def segments() -> list[Floats]:
    """float[entries, 9] for each skating segment: what each judge gave."""
    given: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    with data("ratings", "skating_components.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            given[row["competition"], row["program"]][row["performance_id"]][row["judge"]] = float(row["score"])
    return [np.array([[marks[judge] for judge in sorted(marks)] for marks in each.values()]) for each in given.values()]


def skating() -> Iterator[Figure]:
    """Three of the nine judges for each skater, drawn anew: how well they find the order and the winner of all nine."""
    for shift, tau, winner in ((0.0, 0.890, 0.85), (0.5, 0.878, 0.80)):
        large = [_panels(table, shift, seed) for seed, table in enumerate(segments()) if len(table) >= SEGMENT]
        every = [_panels(table, shift, seed) for seed, table in enumerate(segments())]
        (ours, plain, z, known), (all_ours, all_plain, _, all_known) = (
            np.mean(np.concatenate(part), axis=0) for part in (large, every)
        )
        words = f"judges shifted by sd {shift}" if shift else "as judged"
        yield Figure(
            f"skating, 3 of 9 judges, {words}, 10 skaters or more: tau-a, winner (mean; z-scores; severities known)",
            f"{_two(ours)} ({_two(plain)}; {_two(z)}; {_two(known)})",
            f"{tau:.3f}, {winner:.2f}",
            bool(ours[0] >= tau - 5e-4 and ours[1] >= winner - 5e-3),
        )
        yield Figure(
            "the same, all 152 segments (mean; severities known)",
            f"{_two(all_ours)} ({_two(all_plain)}; {_two(all_known)})",
        )


def _two(pair: Floats) -> str:
    return f"{pair[0]:.3f}, {pair[1]:.2f}"


def _panels(table: Floats, shift: float, seed: int) -> Floats:
    """float[panels, 4, 2]: tau-a and winner found by the model, the mean, z-scores, and known severities."""
    random = np.random.default_rng(seed)
    truth, entries = table.mean(1), len(table)
    rows = []
    while len(rows) < PANELS:
        seats = np.argsort(random.random(table.shape), axis=1)[:, :3]
        shifted = table + shift * random.standard_normal(table.shape[1])
        entry = np.repeat(np.arange(entries), 3)
        marks = Marks(entry, seats.ravel(), shifted[entry, seats.ravel()], entries, table.shape[1])
        if len(marks.components()) > 1:
            continue
        known = marks.value - (shifted.mean(0) - shifted.mean())[marks.judge]
        corrected = mean(Marks(marks.entry, marks.judge, known, entries, table.shape[1]))
        scores = (fit(marks).quality, mean(marks), z_scores(marks)[0], corrected)
        rows.append([(tau_a(score, truth), float(score.argmax() == truth.argmax())) for score in scores])
    return np.array(rows)


def tau_a(score: Floats, truth: Floats) -> float:
    """Kendall's tau-a: pairs in the right order less those in the wrong one, over all pairs."""
    a, b = np.triu_indices(len(truth), 1)
    return float((np.sign(score[a] - score[b]) * np.sign(truth[a] - truth[b])).mean())


def competition(
    seed: int,
    entries: int,
    judges: int,
    reads: int,
    *,
    severity: float = 0.7,
    noise: float = 0.9,
    scale: float = 0.25,
    uneven: float = 0.35,
    rounded: bool = True,
) -> tuple[Marks, Floats]:
    """Marks of an invented competition and the true quality, variance 1; balanced loads, marks of 1 to 10 by halves."""
    random = np.random.default_rng(seed)
    quality = random.standard_normal(entries)
    bias, factor = severity * random.standard_normal(judges), np.exp(scale * random.standard_normal(judges))
    spread = noise * np.exp(uneven * random.standard_normal(judges) - uneven**2 / 2)
    judge = _dealt(random, entries, judges, reads).ravel()
    entry = np.repeat(np.arange(entries), reads)
    value = factor[judge] * quality[entry] + bias[judge] + spread[judge] * random.standard_normal(len(entry))
    if rounded:
        value = np.clip(np.round(2 * (5.5 + 1.6 * value)) / 2, 1, 10)
    return Marks(entry, judge, value, entries, judges), quality


def _dealt(random: np.random.Generator, entries: int, judges: int, reads: int) -> NDArray[np.int64]:
    """int[E, reads]: different judges for each entry, loads as equal as that goes.

    Shuffled decks of judges are dealt in turn; who comes twice to an entry is swapped. Of few judges any are drawn.
    """
    if judges < 3 * reads:
        return np.argsort(random.random((entries, judges)), axis=1)[:, :reads]
    decks = -(-entries * reads // judges)
    dealt = np.concatenate([random.permutation(judges) for _ in range(decks)])[: entries * reads].reshape(-1, reads)
    while True:
        ordered = np.sort(dealt, axis=1)
        twice = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(1))
        if not len(twice):
            return dealt
        for row in twice:
            column, other, place = random.integers(reads), random.integers(entries), random.integers(reads)
            dealt[row, column], dealt[other, place] = dealt[other, place], dealt[row, column]


def large_competition() -> Iterator[Figure]:
    """500 entries, 60 judges, 4 reads: share of the true best tenth found, and how much better the true one is."""
    rows = defaultdict(list)
    for seed in range(1000, 1040):
        marks, quality = competition(seed, 500, 60, 4)
        scores = {"ours": rank(marks, draws=1).adjusted, "z": z_scores(marks)[0], "mean": mean(marks)}
        for name, score in scores.items():
            rows[name].append(_tenth(score, quality))
    ours, z, plain = (np.mean(rows[name], axis=0) for name in ("ours", "z", "mean"))
    yield Figure(
        "500 entries, 60 judges, 4 reads: top tenth found; regret (z-scores; mean)",
        f"{ours[0]:.3f}; {ours[1]:.3f} ({z[0]:.3f}; {z[1]:.3f}; {plain[0]:.3f}; {plain[1]:.3f})",
        "0.715; 0.150",
        bool(ours[0] >= 0.715 - 5e-4 and ours[1] <= 0.150 + 5e-4),
    )


def _tenth(score: Floats, quality: Floats) -> tuple[float, float]:
    count = len(quality) // 10
    best, chosen = (np.argsort(-values, kind="stable")[:count] for values in (quality, score))
    return len(np.intersect1d(best, chosen)) / count, float(quality[best].mean() - quality[chosen].mean())


def no_severity() -> Iterator[Figure]:
    """Judges who do not differ in severity, noise or scale: what the model costs, in pairs put in the right order."""
    for entries, judges, seeds in ((60, 12, 200), (20, 5, 300), (300, 40, 20)):
        ours, plain = [], []
        for seed in range(500, 500 + seeds):
            marks, quality = competition(seed, entries, judges, 4, severity=0, scale=0, uneven=0)
            ours.append(tau_a(rank(marks, draws=1).adjusted, quality) / 2 + 0.5)
            plain.append(tau_a(mean(marks), quality) / 2 + 0.5)
        yield Figure(
            f"no severity in the data, {entries} entries, {judges} judges: pairs in the right order (mean)",
            f"{np.mean(ours):.4f} ({np.mean(plain):.4f})",
            "within 0.002",
            bool(np.mean(ours) >= np.mean(plain) - 0.002),
        )


def promises() -> Iterator[Figure]:
    """What of the truth the 90 % intervals hold, and by how much P(top k) errs on average over tenths of its range.

    Noise spreads, severity differs; scales do not and nothing is rounded, so that there is a truth in units of marks.
    """
    for entries, judges, k, seeds in ((60, 12, 5, 200), (60, 12, 1, 200), (300, 40, 30, 40), (20, 5, 3, 300)):
        inside, told, true, found = [], [], [], []
        for seed in range(9000, 9000 + seeds):
            marks, quality = competition(seed, entries, judges, 4, scale=0, rounded=False)
            ranking = rank(marks, top_k=(k,), seed=seed)
            truth = quality - quality.mean() + ranking.adjusted.mean()
            inside.append(((truth >= ranking.interval[:, 0]) & (truth <= ranking.interval[:, 1])).mean())
            told.append(ranking.p_top[k])
            true.append(np.isin(np.arange(entries), np.argsort(-quality)[:k]))
            found.append(quality.argmax() == ranking.adjusted.argmax())
        coverage, error = float(np.mean(inside)), calibration_error(np.concatenate(told), np.concatenate(true))
        yield Figure(
            f"{entries} entries, {judges} judges: coverage of 90 %; error of P(top {k})",
            f"{coverage:.3f}; {error:.3f}",
            ".88-.92; 0.02",
            bool(0.88 <= round(coverage, 3) <= 0.92 and round(error, 3) <= 0.02),
        )


def calibration_error(told: Floats, true: NDArray[np.bool_]) -> float:
    """Mean distance of what was told and what was true, over tenths of the range."""
    tenth = np.clip((told * 10).astype(int), 0, 9)
    return float(sum(abs(told[tenth == t].mean() - true[tenth == t].mean()) * (tenth == t).mean() for t in set(tenth)))


def best_possible() -> Iterator[Figure]:
    """What no method can do: how often the true best of 60 comes first, and what a cut after the fifth is worth."""
    found, cuts = [], []
    for seed in range(3000, 3400):
        marks, quality = competition(seed, 60, 12, 4, scale=0, rounded=False)
        ranking = rank(marks, top_k=(5,), seed=seed)
        scores = mean(marks), ranking.adjusted, _known(seed, marks)
        found.append([quality.argmax() == score.argmax() for score in scores])
        fifth, sixth = np.argsort(-ranking.adjusted)[4:6]
        cuts.append(
            [quality[fifth] > quality[sixth], ranking.prefers(int(fifth), int(sixth)) < 0.9, len(ranking.tie_zone[5])]
        )
    plain, ours, known = np.mean(found, axis=0)
    right, tied, zone = np.mean(cuts, axis=0)
    yield Figure(
        "true best of 60 found, 12 judges, 4 reads (mean; who knows every judge's severity and noise)",
        f"{ours:.2f} ({plain:.2f}; {known:.2f})",
    )
    yield Figure(
        "fifth of 60 truly better than sixth; shown as tied; entries to deliberate on",
        f"{right:.2f}; {tied:.2f}; {zone:.1f}",
    )


def _known(seed: int, marks: Marks) -> Floats:
    """The best guess where severity and noise of the judges are known."""
    random = np.random.default_rng(seed)
    random.standard_normal(marks.n_entries)
    bias = 0.7 * random.standard_normal(marks.n_judges)
    random.standard_normal(marks.n_judges)
    spread = 0.9 * np.exp(0.35 * random.standard_normal(marks.n_judges) - 0.35**2 / 2)
    weight = 1 / spread[marks.judge] ** 2
    pull = np.bincount(marks.entry, weight * (marks.value - bias[marks.judge]), marks.n_entries)
    return pull / (np.bincount(marks.entry, weight, marks.n_entries) + 1)


def cost(entries: int, judges: int, reads: int, aim: str = "", *, seconds: float = np.inf) -> Measure:
    """CPU seconds and memory of one ranking with its variances, errors, draws and ranks, on one thread."""

    def measure() -> Iterator[Figure]:
        marks, _ = competition(5, entries, judges, reads)
        begun = time.process_time()
        rank(marks)
        spent = time.process_time() - begun
        held = peak_megabytes()
        reached = bool(spent <= seconds and held <= 1000) if aim else None
        yield Figure(f"{len(marks):,} scores, {judges:,} judges", f"{spent:.2f} s CPU; {held:.0f} MB", aim, reached)

    return measure


def same_bytes() -> Iterator[Figure]:
    """The same ranking in processes with one thread and with two."""
    script = (
        "import hashlib; from benchmarks.judging.ranking import competition; from competitions.judging import rank;"
        "rankings = [rank(competition(1, *size)[0]) for size in ((60, 12, 4), (2000, 350, 4), (8000, 1200, 4))];"
        "parts = [part.tobytes() for r in rankings for part in (r.adjusted, r.standard_error, r.noise, r.draws)];"
        "print(hashlib.sha256(b''.join(parts)).hexdigest())"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=PROJECT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "2")
    ]
    alike = len(set(answers)) == 1
    yield Figure("bytes on one thread, on two, and again", "the same" if alike else "differ", "the same", alike)


MEASURES: dict[str, Measure] = {
    "held_out": held_out,
    "skating": skating,
    "large_competition": large_competition,
    "no_severity": no_severity,
    "promises": promises,
    "best_possible": best_possible,
    "twenty_thousand": cost(5000, 200, 4, "2 s", seconds=2),
    "million": cost(200_000, 4000, 5, "20 s; 1,000 MB", seconds=20),
    "million_of_fewer_judges": cost(200_000, 1000, 5, "20 s; 1,000 MB", seconds=20),
    **{f"doubling_{entries * 5}": cost(entries, entries // 50, 5) for entries in DOUBLING},
    "same_bytes": same_bytes,
}
