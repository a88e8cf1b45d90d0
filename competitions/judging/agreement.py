"""How far judges agree, whether they favour their own, and which entries' places are least certain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, stdtrit

from .arrays import Floats, array_of, is_whole, numbers, refuse, truths, whole
from .equations import Equations
from .iterative import IterativeEquations
from .marks import Marks, marks_of
from .severity import Variances, degrees_of, fit, tells_apart
from .threads import one_thread

if TYPE_CHECKING:
    from .ranking import Ranking

HOME_STEPS = 5  # 2 are usual


@dataclass(frozen=True)
class Reliability:
    """Shares, 1 for perfect agreement.

    single         intraclass correlation of one mark, absolute agreement, two-way random effects (Shrout & Fleiss
                   1979, ICC(2,1); McGraw & Wong 1996): quality / (quality + severity + noise), from REML variances, so
                   that not every judge has to mark every entry
    mean_of_reads  ICC(2,k), k the harmonic mean of reads: the same of the plain mean of k marks, each by a judge of its
                   own, so that severity and noise are over k. The adjusted score is more reliable than that
    consistency    of one mark, when judges' severities are known and taken out: ICC(3,1) of Shrout & Fleiss
    alpha          Krippendorff's alpha for interval data; NaN where no entry has two marks
    """

    single: float
    mean_of_reads: float
    consistency: float
    alpha: float


def reliability(marks: Marks) -> Reliability:
    """How far judges agree. Raises NotComparable, and ArithmeticError as `rank` does.

    NaN where nothing can be told apart: all marks equal, marks of one entry only, no entry with two marks.
    """
    marks_of(marks).require_comparable()
    alpha = krippendorff_alpha(marks)
    if not tells_apart(marks):
        return Reliability(float("nan"), float("nan"), float("nan"), alpha)
    return reliability_by(fit(marks, same_spread=True).alike, marks, alpha)


def reliability_by(variances: Variances, marks: Marks, alpha: float) -> Reliability:
    """The same where the variances are known, of one mark or more."""
    reads = marks.reads[marks.reads > 0]
    usual = len(reads) / (1 / reads).sum()
    error = variances.severity + variances.noise
    return Reliability(
        single=variances.quality / (variances.quality + error),
        mean_of_reads=float(variances.quality / (variances.quality + error / usual)),
        consistency=variances.quality / (variances.quality + variances.noise),
        alpha=alpha,
    )


def krippendorff_alpha(marks: Marks) -> float:
    """1 - observed / expected disagreement, squared differences (Krippendorff 2004, chapter 11).

    Only entries with two or more marks count. NaN where there are none or where all their marks are equal.
    """
    marks = marks_of(marks)
    paired = marks.reads[marks.entry] >= 2
    if not paired.any():
        return float("nan")
    entry, value = marks.entry[paired], marks.value[paired]
    count = np.bincount(entry, minlength=marks.n_entries)
    there = count >= 2
    value = value - value.mean()
    mean = np.bincount(entry, value, marks.n_entries)[there] / count[there]
    square = np.bincount(entry, value * value, marks.n_entries)[there]
    # pairs within an entry: sum of squared differences = 2 m sum(v^2) - 2 (sum v)^2; an entry is weighed by 1 / (m - 1)
    m = count[there]
    observed = (2 * (m * square - (m * mean) ** 2) / (m - 1)).sum() / len(value)
    n = len(value)
    expected = 2 * (n * (value * value).sum() - value.sum() ** 2) / (n * (n - 1))
    return float(1 - observed / expected) if expected > 0 else float("nan")


@dataclass(frozen=True)
class HomeEffect:
    """How much more a judge gives an entry of the own country than others of like quality, in the unit of a mark.

    `interval` 90 %. `own`: marks of own-country pairs; `effect` is NaN where there are none, or nothing else.
    """

    effect: float
    standard_error: float
    interval: tuple[float, float]
    own: int


@one_thread()
def home_effect(marks: Marks, own_country: ArrayLike) -> HomeEffect:
    """The effect of a shared country on a mark, entries' quality and judges' severity taken out.

    own_country   bool[n], one for each mark, or bool[J, E]

    Feasible generalised least squares (one covariate beside the crossed random effects): variances by restricted
    maximum likelihood of the marks less the effect, in turns until it stands still or five are done. Ours in this form;
    its intervals are checked by simulation. It is assumed that entries of a judge's own country
    are neither better nor worse than others on average: where they are, that is in the effect. NaN where nothing can be
    told apart, and with one judge. The interval has a t quantile with the degrees of freedom that entries, judges and
    the effect leave of the marks, at least 2. The variances count as known: with few judges, whose severities tell part
    of the effect, it is a little too narrow. Raises ValueError for another shape or other values, NotComparable, and
    ArithmeticError as `rank` does.
    """
    marks = marks_of(marks)
    home = truths("own_country", array_of("own_country", own_country, "one for each mark, or judges x entries"))
    if home.shape == (marks.n_judges, marks.n_entries) and home.ndim == 2:
        home = home[marks.judge, marks.entry]
    if home.shape != (len(marks),):
        raise ValueError(
            f"own_country has the shape {home.shape}; expected ({len(marks)},), one for each mark, or"
            f" ({marks.n_judges}, {marks.n_entries}), judges x entries"
        )
    marks.require_comparable()
    shared, marks = home.astype(float)[marks.order], marks.sorted()
    own = int(shared.sum())
    nothing = HomeEffect(float("nan"), float("nan"), (float("nan"), float("nan")), own)
    degrees, size = degrees_of(marks) - 1, float(np.ptp(marks.value)) if len(marks) else 0.0
    if own in (0, len(marks)) or len(marks) < 4 or not tells_apart(marks) or (marks.given > 0).sum() < 2:
        return nothing
    value = (marks.value - marks.value.mean()) / size
    effect = error = 0.0
    for _ in range(HOME_STEPS):
        rest = value - effect * shared
        if np.ptp(rest) <= 1e-9:
            return nothing
        fitted = fit(marks.with_values(rest), same_spread=True)
        left = _left(fitted.equations, shared)
        information = float(left @ shared)
        if information <= 1e-9:
            return nothing
        before, effect = effect, float(left @ value) / information
        noise = fitted.variances.noise * (len(marks) - 1) / (len(marks) - 2)  # the effect is estimated too
        error = float(np.sqrt(noise / information))
        if abs(effect - before) <= 1e-3 * error:
            break
    half = float(stdtrit(degrees, 0.95)) * error
    return HomeEffect(effect * size, error * size, ((effect - half) * size, (effect + half) * size), own)


def _left(equations: Equations | IterativeEquations, value: Floats) -> Floats:
    """What of a value of each mark mu, quality and severity do not predict: the noise variance times V^-1, mu out."""
    solution = equations.solve(equations.design.sums(value))
    marks = equations.marks
    return value - solution.mean - solution.theta[marks.entry] - solution.severity[marks.judge]


@dataclass(frozen=True)
class Parity:
    """How a group of entries fares.

    entries    with a score
    mean       of their scores; NaN without one
    chosen     how many are among the `k` best; entries equal at the cut share the places that are left
    expected   how many it would be by number
    chance     how likely at least so great a distance from `expected` would be if places fell by lot (hypergeometric;
               both sides by distance from the mean, which is not the two-sided rule of Fisher's exact test in common
               software): of a group of few entries little can be said
    """

    group: str
    entries: int
    mean: float
    chosen: float
    expected: float
    chance: float


def parity(adjusted: ArrayLike, groups: Sequence[str], k: int) -> list[Parity]:
    """For each group (language, country) how its entries fare, by name.

    adjusted   float[E], NaN for an entry without a score
    groups     E texts
    k          places, 0 or more

    It tells differences and not their reasons: weaker entries and unfair judges look alike. Raises ValueError that
    names what is wrong.
    """
    score = array_of("adjusted", adjusted, "one score for each entry")
    if score.ndim != 1:
        raise ValueError(f"adjusted has {score.ndim} dimension(s); expected one score for each entry")
    score = numbers("adjusted", score)
    refuse("adjusted", score, np.isinf(score), "a finite number, or NaN without a score")
    k = whole("k", k, 0)
    if isinstance(groups, str) or not isinstance(groups, Sequence | np.ndarray):
        raise ValueError(f"groups is a {type(groups).__name__}; expected a text for each entry")
    for place, group in enumerate(groups):
        if not isinstance(group, str):
            raise ValueError(f"groups[{place}] is {group!r}; expected a text")
    if len(groups) != len(score):
        raise ValueError(f"groups has {len(groups)} items; expected {len(score)}, one for each entry")
    names = np.asarray(groups, dtype=object)
    ranked = ~np.isnan(score)
    all_ranked = int(ranked.sum())
    places = min(k, all_ranked)
    share = _shares_of_places(score, places)
    report = []
    for name in sorted(set(groups)):
        own = (names == name) & ranked
        count = int(own.sum())
        mean = float(score[own].mean()) if count else float("nan")
        chosen, expected = float(share[own].sum()), places * count / max(1, all_ranked)
        report.append(Parity(name, count, mean, chosen, expected, _by_lot(all_ranked, count, places, chosen)))
    return report


def _shares_of_places(score: Floats, places: int) -> Floats:
    """float[E]: 1 for the best, 0 for the others, between for entries that are equal at the cut."""
    if not places:
        return np.zeros(len(score))
    last = np.sort(score[~np.isnan(score)])[::-1][places - 1]
    above, equal = score > last + 1e-9, np.abs(score - last) <= 1e-9
    return above + equal * (places - above.sum()) / max(1, int(equal.sum()))


def _by_lot(entries: int, own: int, places: int, chosen: float) -> float:
    """P(|X - mean| >= |chosen - mean|), X the places of `own` of the entries when they fall by lot."""
    if not entries:
        return 1.0
    x = np.arange(max(0, places - (entries - own)), min(own, places) + 1)
    logs = _log_choose(own, x) + _log_choose(entries - own, places - x) - _log_choose(entries, places)
    middle = places * own / entries
    return float(min(1.0, np.exp(logs[np.abs(x - middle) >= abs(chosen - middle) - 1e-9]).sum()))


def _log_choose(whole: int, part: ArrayLike) -> Floats:
    part = np.asarray(part, float)
    return gammaln(whole + 1) - gammaln(part + 1) - gammaln(whole - part + 1)


def next_reads(ranking: "Ranking", *, top_k: int | None = None, count: int = 5) -> list[int]:
    """The entries whose place among the best `top_k` is least certain: the largest P (1 - P).

    A rule of thumb of our own: it tells how uncertain a place is, not how much a reading would change that.
    `top_k` defaults to the largest that the ranking has. Entries without a mark come first, anchors never; where the
    ranking has no probabilities (NaN) all count alike. Ties by index. Raises ValueError for a `top_k` that the ranking
    was not asked for, or if it was asked for none, and for a `count` that is not a whole number, 0 or more.
    """
    count = whole("count", count, 0)
    places = ranking.p_top
    if not places:
        raise ValueError("the ranking has no probabilities of places; expected one made with a top_k")
    if top_k is None:
        top_k = max(places)
    if not is_whole(top_k) or top_k not in places:
        raise ValueError(f"top_k is {top_k!r}; the ranking has probabilities for {sorted(places)}")
    p = places[top_k]
    worth = np.where(np.isnan(p), np.inf, p * (1 - p))
    order = np.argsort(-worth, kind="stable")
    return [int(e) for e in order[~ranking.anchors[order]][:count]]
