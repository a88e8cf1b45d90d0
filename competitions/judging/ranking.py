"""From marks to a ranking that says how sure it is."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from .aggregation import AGGREGATIONS, RankingModel, mean
from .agreement import krippendorff_alpha, reliability_by
from .arrays import Booleans, Floats, Integers, entries_of, is_whole, listener, whole
from .connections import bridging_judges
from .marks import SAME, Marks, marks_of
from .severity import Fit, Variances, degrees_of, fit, tells_apart
from .threads import one_thread
from .variances import RATIOS

LEVEL = 0.9  # of intervals
# Entries with P(top k) between these are for deliberation; neighbours with P(a over b) below the upper are tied.
TIED = (0.1, 0.9)
STANDS_OUT = 2.0  # errors
RELIABLE = 0.7  # customary; below, the chair is warned
# Shares of the other variances at which one stands at the limit that `variances.RATIOS` sets, with a little room.
NOTHING, LEAST_NOISE_SHARE = 1.01 * float(np.exp(RATIOS[0])), 1.01 * float(np.exp(-RATIOS[1]))
MANY_MARKS = 200_000  # in more, bridging judges are not looked for: the memory would be better used for the draws
MOST_DRAWS = 100_000  # a probability is then known to 0.003, nearer than the model is right
CELLS, FEWEST_DRAWS = 20_000_000, 64  # numbers of all draws together, 80 megabytes


@dataclass(frozen=True, eq=False)
class Ranking:
    """A ranking of `E` entries from the marks of `J` judges. Figures of an entry are NaN where it has no mark or is an
    anchor. All are in the unit of a mark but for `score`, which is in that of the declared model (RANK_POINTS: 0 to 1;
    SUM: a sum of marks), and probabilities.

    score           float[E]: what ranks, by the declared model; for SEVERITY the adjusted score
    adjusted        float[E]: quality by the severity model, mu + theta, whichever model ranks: the check beside a
                    prescribed result. The plain mean where quality and noise cannot be told apart
    standard_error  float[E]: of theta_e - mean(theta) over all entries with marks, anchors included: the prediction
                    error given the variances. 0 where all marks are equal; NaN, as are the probabilities, where marks
                    differ and no entry has two of them, or only one entry has marks
    interval        float[E, 2]: adjusted -/+ t x standard_error, 90 %: an interval for the difference from the mean
                    entry, written at the entry's level. t has the degrees of freedom that entries and judges leave of
                    the marks, at least 3, since the noise variance is estimated. What would move all entries alike (how
                    severe all judges together are) is not in it: it moves nobody past another. The ratios between the
                    variances count as known, and where few marks tell them this is too narrow: in invented panels it
                    held 75 % at 6 entries x 3 judges with 2 reads, 85 % at 12 x 4 with 3, 88 % at 20 x 5 with 3. Where
                    the variance of quality is estimated as 0 it has no width to speak of and says nothing
    raw_mean        float[E]
    p_win           float[E]: probability of having the highest quality; sums to 1. Probabilities are of the quality by
                    the severity model, also where another model ranks
    p_top           k -> float[E]: probability of being among the k best; sums to k, or to all entries with a mark where
                    these are fewer
    rank            int[E]: 1 the best, equal scores share a rank; 0 where an entry has no mark or is an anchor
    rank_interval   int[E, 2]: 90 % of the draws; 0, 0 where there are no probabilities
    severity        float[J]: how far above all judges' mean a judge marks an entry of average quality: positive is
                    generous, negative severe (the name is the interface's); NaN without a mark, or where nothing can be
                    told apart
    severity_error  float[J]: standard error of that, given the variances, and as much too small in small panels; NaN
                    without a mark
    noise           float[J]: standard deviation of a judge's marks about what the model expects; NaN likewise
    scale           float[J]: slope of a judge's marks on quality; the mean over marks is 1; NaN likewise
    anchors         bool[E]: entries that were read to connect and are not ranked
    tie_zone        k -> int[]: about a cut: entries with 0.1 <= P(top k) <= 0.9, ends included, the likeliest first;
                    the list for deliberation. All entries with a score where there are no probabilities. (`ties` is
                    about two neighbours, wherever they stand)
    variances       of quality, severity and noise, or None where nothing can be told apart (see `reliability`)
    warnings        sentences for the chair
    draws           float32[E, draws]: joint draws of theta given the marks; probabilities are counted in them. What
                    moves all entries alike is in them, and cancels where two are compared
    """

    model: RankingModel
    score: Floats
    adjusted: Floats
    standard_error: Floats
    interval: Floats
    raw_mean: Floats
    p_win: Floats
    p_top: Mapping[int, Floats]
    rank: Integers
    rank_interval: Integers
    severity: Floats
    severity_error: Floats
    noise: Floats
    scale: Floats
    anchors: Booleans
    tie_zone: Mapping[int, Integers]
    variances: Variances | None
    warnings: Sequence[str]
    draws: Floats = field(repr=False)

    @property
    def stands_out(self) -> Booleans:
        """bool[J]: judges whose severity is more than two of its errors from the mean of all."""
        return np.abs(self.severity) > STANDS_OUT * self.severity_error

    def ties(self) -> list[tuple[int, int]]:
        """Neighbours in the order of scores, the better one first, with P(better over worse) below 0.9 and above 0.1.

        Equal ones by index; all of them where no probability can be told. By the severity model: where another model
        ranks, a pair that it orders the other way round with 90 % is no tie but a contradiction, and not among these.
        """
        order = np.lexsort((np.arange(len(self.rank)), self.rank))[int((self.rank == 0).sum()) :].tolist()
        return [pair for pair in itertools.pairwise(order) if not abs(self.prefers(*pair) - 0.5) >= TIED[1] - 0.5]

    def prefers(self, a: int, b: int) -> float:
        """Probability that entry `a` is better than entry `b`; 1/2 for equals. NaN if one has no mark, or if nobody can
        tell (see `p_win`). Raises ValueError for an entry that does not exist.
        """
        for index in (a, b):
            if not is_whole(index) or not 0 <= index < len(self.adjusted):
                raise ValueError(f"entry {index!r} does not exist; expected 0 to {len(self.adjusted) - 1}")
        if np.isnan(self.adjusted[a]) or np.isnan(self.adjusted[b]):
            return float("nan")
        difference = self.draws[a].astype(float) - self.draws[b]
        if np.isnan(difference).any():
            return float("nan")
        return float(((difference > SAME).sum() + (np.abs(difference) <= SAME).sum() / 2) / len(difference))


@one_thread()
def rank(
    marks: Marks,
    *,
    model: RankingModel | str = RankingModel.SEVERITY,
    top_k: Sequence[int] = (1, 3),
    draws: int = 1000,
    seed: int = 0,
    anchors: ArrayLike = (),
    asked_reads: int | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Ranking:
    """The ranking of the entries by their marks.

    model        how marks become a score, declared before the first mark was given
    top_k        numbers of places to give probabilities for, each 1 or more
    draws        joint draws of what the qualities may be; fewer, though not below 64, where entries x draws would pass
                 20 million
    seed         of the draws; the same marks and seed give the same bytes, with the same NumPy and SciPy on like
                 processors; independent of the number of threads on Linux only (`threads`)
    anchors      indices of sample entries that judges read to agree on the scale (see `reading_orders`): their marks
                 connect panels and tell severities, and they have no place, score or chance themselves. The model
                 takes them for entries like the others, whose qualities vary as theirs do
    asked_reads  how many marks each entry was to have, for a warning
    progress     called with what is done now and how much is done, 0 to 1

    Raises NotComparable if groups of entries share no judge, ValueError that names what is wrong, ArithmeticError if a
    solver does not come to an end (conjugate gradients, where few marks connect very many judges).
    """
    marks = marks_of(marks)
    model = _checked_model(model)
    top_k = _checked_places(top_k)
    draws = whole("draws", draws, 1, MOST_DRAWS)
    seed = whole("seed", seed, 0)
    asked_reads = None if asked_reads is None else whole("asked_reads", asked_reads, 0)
    sampled = entries_of("anchors", anchors, marks.n_entries)
    marks.require_comparable()
    tell = listener(progress)
    tell("variances and severities", 0.0)
    competing = marks.without_entries(sampled)
    seen = np.flatnonzero(competing.reads > 0)
    raw = mean(competing)
    fitted = _fit_or_none(marks, lambda share: tell("variances and severities", share / 2))
    adjusted = _adjusted(raw, fitted)
    score = adjusted if model is RankingModel.SEVERITY else AGGREGATIONS[model](competing)
    count = int(min(draws, max(FEWEST_DRAWS, CELLS // max(1, len(seen)))))
    tell("draws", 0.5)
    sample = _draws(marks, fitted, seen, count, seed)
    tell("ranks of the draws", 0.7)
    p_win, p_top, rank_interval = _places_of(sample, seen, marks.n_entries, top_k)
    error, interval = _errors(competing, degrees_of(marks), fitted, adjusted, seen)
    tie_zone = {k: _zone(p_top[k], score) for k in top_k}
    severity, severity_error, noise, scale = _judges(marks, fitted)
    is_anchor = np.zeros(marks.n_entries, bool)
    is_anchor[sampled] = True
    tell("done", 1.0)
    return Ranking(
        model=model,
        score=score,
        adjusted=adjusted,
        standard_error=error,
        interval=interval,
        raw_mean=raw,
        p_win=p_win,
        p_top=p_top,
        rank=ranks_of(score),
        rank_interval=rank_interval,
        severity=severity,
        severity_error=severity_error,
        noise=noise,
        scale=scale,
        anchors=is_anchor,
        tie_zone=tie_zone,
        variances=fitted.variances if fitted else None,
        warnings=(
            *_warnings_of_choice(model, score, adjusted, raw, top_k),
            *_warnings_of_reads(competing, is_anchor, asked_reads),
            *(_warnings_of_fit(marks, competing, fitted) if fitted else _warnings_without_fit(marks)),
        ),
        draws=sample,
    )


def _all_equal(marks: Marks) -> bool:
    return len(marks) > 0 and bool(np.ptp(marks.value) <= SAME)


def ranks_of(score: Floats) -> Integers:
    """int[E]: 1 for the highest, equal scores (to 1e-9) share the better rank, 0 for NaN."""
    order = np.argsort(-score, kind="stable")[: int((~np.isnan(score)).sum())]
    ranks = np.zeros(len(score), np.int64)
    lower = -np.diff(score[order], prepend=np.inf) > SAME
    ranks[order] = np.flatnonzero(lower)[np.cumsum(lower) - 1] + 1
    return ranks


def _checked_model(model: RankingModel | str) -> RankingModel:
    if model not in list(RankingModel):
        raise ValueError(f"model is {model!r}; expected one of {', '.join(RankingModel)}")
    return RankingModel(model)


def _checked_places(top_k: Sequence[int]) -> tuple[int, ...]:
    """The same without repeats."""
    if isinstance(top_k, str) or not isinstance(top_k, Iterable):
        raise ValueError(f"top_k is {top_k!r}; expected several whole numbers")
    for k in top_k:
        if not is_whole(k) or k < 1:
            raise ValueError(f"top_k holds {k!r}; expected whole numbers, 1 or more")
    return tuple(dict.fromkeys(int(k) for k in top_k))


def _fit_or_none(marks: Marks, progress: Callable[[float], None]) -> Fit | None:
    """The severity model, or None where nothing can be told apart."""
    return fit(marks, progress=progress) if tells_apart(marks) else None


def _adjusted(raw: Floats, fitted: Fit | None) -> Floats:
    return raw if fitted is None else np.where(np.isnan(raw), np.nan, fitted.quality)


def _errors(
    marks: Marks, degrees: float, fitted: Fit | None, adjusted: Floats, seen: Integers
) -> tuple[Floats, Floats]:
    error = np.full(marks.n_entries, np.nan)
    if fitted is not None:
        error[seen] = fitted.error[seen]
    elif _all_equal(marks):
        error[seen] = 0.0
    half = stdtrit(degrees, (1 + LEVEL) / 2) * error
    return error, np.column_stack([adjusted - half, adjusted + half])


def _judges(marks: Marks, fitted: Fit | None) -> Floats:
    """float[4, J]: severity, its error, noise and scale; NaN for judges without a mark."""
    found = np.full((4, marks.n_judges), np.nan)
    given = marks.given > 0
    if fitted is not None:
        found[:, given] = np.stack([fitted.severity, fitted.severity_error, fitted.noise_sd, fitted.scale])[:, given]
    elif _all_equal(marks):
        found[:, given] = np.array([0.0, 0.0, 0.0, 1.0])[:, None]
    return found


def _draws(marks: Marks, fitted: Fit | None, seen: Integers, count: int, seed: int) -> Floats:
    """float32[E, count]: what the qualities may be less mu, jointly; NaN for entries without a mark.

    Normal errors, with the covariance that the equations give, and one chi-square factor for each draw: a multivariate
    t with `degrees_of` degrees, since the noise variance is estimated. The ratios of the other variances to it count as
    known, as do the judges' noises and scales relative to each other.
    """
    sample = np.full((marks.n_entries, count), np.nan, np.float32)
    if fitted is None:
        sample[seen] = 0.0 if _all_equal(marks) else np.nan
        return sample
    random = np.random.default_rng(seed)
    degrees = degrees_of(marks)
    wider = np.sqrt(degrees / random.chisquare(degrees, count) * fitted.variances.noise)
    for at, errors in fitted.equations.draws(random, count):
        sample[at] = (fitted.quality[at] - fitted.mean)[:, None] + errors * wider
    out = np.ones(marks.n_entries, bool)
    out[seen] = False
    sample[out] = np.nan
    return sample


def _places_of(
    sample: Floats, seen: Integers, entries: int, top_k: tuple[int, ...]
) -> tuple[Floats, dict[int, Floats], Integers]:
    """P(win), P(top k) and 90 % of the ranks, from the draws; equals share the places that they take together."""
    p_win = np.full(entries, np.nan)
    p_top = {k: np.full(entries, np.nan) for k in top_k}
    interval = np.zeros((entries, 2), np.int64)
    count = len(seen)
    if not count or np.isnan(sample[seen]).any():
        return p_win, p_top, interval
    draws = sample.shape[1]
    wins, tops = np.zeros(count), {k: np.zeros(count) for k in top_k}
    ranks = np.empty((count, draws), np.int32)
    flat = bool((np.ptp(sample[seen], axis=1) == 0).all())
    for draw in range(draws):
        value = sample[seen, draw]
        order = np.argsort(-value, kind="stable")
        place = np.empty(count, np.int64)
        place[order] = np.arange(count)
        ranks[:, draw] = place + 1
        if flat:
            break
        wins[order[0]] += 1
        for k in top_k:
            tops[k][order[:k]] += 1
    if flat:
        return _certain(sample[seen, 0], seen, p_win, p_top, interval)
    p_win[seen] = wins / draws
    for k in top_k:
        p_top[k][seen] = tops[k] / draws
    low, high = np.quantile(ranks, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1, method="inverted_cdf")
    interval[seen, 0], interval[seen, 1] = low, high
    return p_win, p_top, interval


def _certain(
    value: Floats, seen: Integers, p_win: Floats, p_top: dict[int, Floats], interval: Integers
) -> tuple[Floats, dict[int, Floats], Integers]:
    """Where nothing is uncertain: equals share the places between them."""
    ranks = ranks_of(value.astype(float))
    alike = np.bincount(ranks)[ranks]
    p_win[seen] = np.clip(2 - ranks, 0, 1) / alike
    for k, p in p_top.items():
        p[seen] = np.clip(k + 1 - ranks, 0, alike) / alike
    interval[seen, 0], interval[seen, 1] = ranks, ranks + alike - 1
    return p_win, p_top, interval


def _zone(p: Floats, score: Floats) -> Integers:
    """Without probabilities nothing is told apart: all entries with a score are for deliberation."""
    among = np.flatnonzero((p >= TIED[0]) & (p <= TIED[1]) if not np.isnan(p).all() else ~np.isnan(score))
    return among[np.lexsort((among, -score[among], -p[among]))]


def _warnings_of_choice(
    model: RankingModel, score: Floats, adjusted: Floats, raw: Floats, top_k: tuple[int, ...]
) -> Iterator[str]:
    """Where another score would choose other entries, for the first place and each number of places asked for."""
    others = [("the plain means", raw)]
    if model not in (RankingModel.SEVERITY, RankingModel.MEAN):
        others.append((f"the declared result ({model.value.replace('_', ' ')})", score))
    for k in sorted({1, *top_k}):
        where = "first" if k == 1 else f"among the best {k}"
        for name, other in others:
            if (_best(adjusted, k) != _best(other, k)).any():
                yield f"The severity-adjusted scores and {name} put different entries {where}."


def _best(score: Floats, k: int) -> Booleans:
    """bool[E]: the k highest, and all that are equal to the last of these."""
    return (ranks_of(score) <= k) & ~np.isnan(score)


def _warnings_of_reads(competing: Marks, is_anchor: Booleans, asked: int | None) -> Iterator[str]:
    few = int(((competing.reads > 0) & (competing.reads < asked)).sum()) if asked else 0
    if few:
        yield f"{_count(few, 'entry has', 'entries have')} fewer than {asked} marks."
    none = int(((competing.reads == 0) & ~is_anchor).sum())
    if none:
        yield f"{_count(none, 'entry has', 'entries have')} no mark and no rank."


def _warnings_without_fit(marks: Marks) -> Iterator[str]:
    if not len(marks) or _all_equal(marks):
        return
    if (marks.reads > 0).sum() == 1:
        yield "Only one entry has marks: there is nothing to put in order."
    else:
        yield "No entry has two marks: how sure the order is cannot be told."


def _warnings_of_fit(marks: Marks, competing: Marks, fitted: Fit) -> Iterator[str]:
    if not fitted.settled:
        yield (
            "How far judges and entries differ could not be estimated to the end: scores and their errors may be wrong."
        )
    noise, quality = fitted.variances.noise, fitted.variances.quality
    if quality <= NOTHING * noise:
        yield "The marks do not tell the entries apart: intervals have no width here and say nothing."
    if noise <= LEAST_NOISE_SHARE * max(quality, fitted.variances.severity):
        yield "The marks fit without any noise, as few marks do by chance: the errors and chances are too sure."
    if fitted.own_spread is None:
        yield "Too few marks tell how unlike the judges' noise is: all count as equally sure."
    if len(competing):
        agreed = reliability_by(fitted.alike, competing, krippendorff_alpha(competing))
        if agreed.mean_of_reads < RELIABLE:
            yield f"The reliability of an entry's mean is {agreed.mean_of_reads:.2f}, below {RELIABLE:.2f}."
    bridges = _bridges(marks)
    if bridges:
        yield (
            f"{_count(bridges, 'judge alone holds', 'judges alone hold')} the groups of entries together:"
            f" without {'them' if bridges == 1 else 'one of them'} there is no ranking."
        )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _bridges(marks: Marks) -> int:
    """How many judges there are without whom the entries would fall into groups; not counted in very many marks."""
    if len(marks) >= MANY_MARKS:
        return 0
    return len(bridging_judges(marks.entry, marks.judge, marks.n_entries, marks.n_judges))
