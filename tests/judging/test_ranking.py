"""The severity model against independent references; probabilities and intervals that hold what they promise."""

import itertools

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from competitions.judging import (
    Marks,
    NotComparable,
    RankingModel,
    home_effect,
    krippendorff_alpha,
    next_reads,
    parity,
    rank,
    reliability,
    variances,
)
from competitions.judging.equations import Blocks, Design, Pairs
from competitions.judging.iterative import IterativeEquations
from competitions.judging.severity import fit
from tests.judging.simulated import competition

pytestmark = pytest.mark.once

NAN = float("nan")


def unbalanced(seed: int) -> Marks:
    marks, _ = competition(seed, entries=40, judges=8, reads=3)
    keep = np.random.default_rng(seed).random(len(marks)) < 0.8
    keep[:8] = True
    return Marks(marks.entry[keep], marks.judge[keep], marks.value[keep], 40, 8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_variances_and_predictions_are_those_of_statsmodels(seed: int) -> None:
    marks = unbalanced(seed)
    frame = pd.DataFrame({"value": marks.value, "entry": marks.entry, "judge": marks.judge, "all": 1})

    ours = fit(marks, same_spread=True)
    model = MixedLM.from_formula(
        "value ~ 1", groups="all", vc_formula={"entry": "0 + C(entry)", "judge": "0 + C(judge)"}, data=frame
    )
    theirs = model.fit(reml=True)

    assert [ours.variances.quality, ours.variances.severity] == pytest.approx(theirs.vcomp.tolist(), abs=1e-3)
    assert (ours.variances.noise, ours.mean) == pytest.approx((theirs.scale, theirs.fe_params.iloc[0]), abs=1e-3)
    effects = theirs.random_effects[1].to_numpy()
    seen = np.unique(marks.entry)
    assert (ours.quality - ours.mean)[seen] == pytest.approx(effects[: len(seen)], abs=1e-3)
    assert ours.severity == pytest.approx(effects[len(seen) :], abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_krippendorff_package(seed: int) -> None:
    marks = unbalanced(seed)
    table = np.full((marks.n_judges, marks.n_entries), np.nan)
    table[marks.judge, marks.entry] = marks.value

    assert krippendorff_alpha(marks) == pytest.approx(
        krippendorff.alpha(table, level_of_measurement="interval"), abs=1e-9
    )


@pytest.mark.parametrize(("entries", "judges"), [(600, 120), (1500, 300)])
def test_conjugate_gradients_say_what_the_matrix_says(
    monkeypatch: pytest.MonkeyPatch, entries: int, judges: int
) -> None:
    """Variances, scores and errors of the iterated equations, whose draws err by a few hundredths."""
    marks, _ = competition(6, entries=entries, judges=judges, uneven=0.4)
    exact = fit(marks)
    monkeypatch.setattr(variances, "DENSE_JUDGES", 10)

    found = fit(marks)

    assert isinstance(found.equations, IterativeEquations)
    assert found.quality == pytest.approx(exact.quality, abs=0.1 * exact.error.mean())
    assert found.severity == pytest.approx(exact.severity, abs=0.1 * exact.severity_error.mean())
    assert (found.error / exact.error).mean() == pytest.approx(1, abs=0.03)
    assert (found.severity_error / exact.severity_error).mean() == pytest.approx(1, abs=0.02)
    assert found.variances.severity == pytest.approx(exact.variances.severity, rel=0.03)


def test_pairs_of_marks_and_blocks_of_entries_are_the_same_equations() -> None:
    marks = unbalanced(4).sorted()
    weight, scale = np.linspace(0.5, 2, 8), np.linspace(0.8, 1.2, 8)
    own = 1 + np.arange(40.0)
    inverse = np.cov(np.random.default_rng(0).standard_normal((9, 20)))
    designs = [Design(marks, weight, scale, crossings) for crossings in (Blocks(marks), Pairs(marks))]

    blocks, pairs = ((d.crossings.absorbed_products(d, own), *d.crossings.variances(d, own, inverse)) for d in designs)

    for one, other in zip(blocks, pairs, strict=True):
        assert other == pytest.approx(one, abs=1e-12)


def test_unequal_noise_is_seen_however_far_severities_are_apart() -> None:
    """Scores are as near the truth, and intervals as wide as they must be, where severities spread thrice as far as quality."""
    errors, inside = {}, {}
    for size in (0.5, 3.0):
        missed, held = [], []
        for seed in range(15):
            marks, quality = competition(seed, severity=size, uneven=0.6)
            ranking = rank(marks, draws=1)
            truth, middle = quality - quality.mean(), ranking.adjusted.mean()
            missed.append(np.sqrt(((ranking.adjusted - middle - truth) ** 2).mean()))
            low, high = (ranking.interval - middle).T
            held.append(((truth >= low) & (truth <= high)).mean())
        errors[size], inside[size] = np.mean(missed), np.mean(held)

    assert errors[3.0] == pytest.approx(errors[0.5], rel=0.03)
    assert 0.88 <= inside[3.0] <= 0.92


def test_error_of_a_severity_is_of_how_far_it_is_from_the_jury_s_mean() -> None:
    """90 % intervals of severities less their mean hold the true ones; what the whole jury shares is not in them."""
    inside = []
    for seed in range(40):
        marks, _ = competition(seed, entries=60, judges=6, severity=1.0, noise=0.5)
        bias = np.random.default_rng(seed)
        bias.standard_normal(60)  # the qualities, drawn first
        truth = bias.standard_normal(6)
        ranking = rank(marks, draws=1)
        far = np.abs(ranking.severity - (truth - truth.mean()))
        inside.append((far <= 1.66 * ranking.severity_error).mean())
        assert np.abs(ranking.severity.mean()) < 1e-9
        assert (ranking.severity_error < 0.2).all()

    assert 0.85 <= np.mean(inside) <= 0.95


def test_chances_do_not_depend_on_where_marks_begin() -> None:
    marks, _ = competition(1)

    far = rank(marks.with_values(marks.value + 1e7))

    assert far.p_win == pytest.approx(rank(marks).p_win, abs=0.002)


def test_the_smallest_panels_have_one_noise_for_all_where_theirs_cannot_be_told() -> None:
    """Six entries, three judges, two marks each: estimates of each judge's noise would go in circles."""
    marks, _ = competition(1, entries=6, judges=3, reads=2, severity=1.0, uneven=0.6)

    ranking = rank(marks)

    assert len(set(ranking.noise.tolist())) == 1
    assert "Too few marks tell how unlike the judges' noise is: all count as equally sure." in ranking.warnings


def test_judges_of_unequal_noise_are_told_apart_and_equal_ones_are_not() -> None:
    """A judge's noise is drawn all the way to everybody's where the spread is no more than chance."""
    uneven, _ = competition(7, entries=200, judges=10, uneven=0.6)
    even = [fit(competition(seed, entries=200, judges=10)[0]).noise_sd for seed in range(12)]
    noise = fit(uneven).noise_sd

    assert noise.max() / noise.min() > 2
    assert np.median([part.max() / part.min() for part in even]) < 1.1


def test_large_numbers_do_not_swallow_small_differences() -> None:
    marks, _ = competition(9)
    far = fit(marks.with_values(1e6 + marks.value / 100))
    near = fit(marks)

    assert (far.quality - 1e6) * 100 == pytest.approx(near.quality, abs=1e-4)
    assert far.error * 100 == pytest.approx(near.error, abs=1e-4)


def test_intervals_cover_and_probabilities_are_calibrated() -> None:
    """Over 40 simulated competitions: 90 % intervals hold the truth in 88 to 92 %, P(top 5) errs by at most 0.02 on average."""
    inside, told, true = [], [], []
    for seed in range(40):
        marks, quality = competition(seed, uneven=0.3)
        ranking = rank(marks, top_k=(5,), seed=seed)
        middle, truth = ranking.adjusted.mean(), quality - quality.mean()
        inside.append(((truth >= ranking.interval[:, 0] - middle) & (truth <= ranking.interval[:, 1] - middle)).mean())
        told.append(ranking.p_top[5])
        true.append(np.isin(np.arange(60), np.argsort(-quality)[:5]))

    p, is_top = np.concatenate(told), np.concatenate(true)
    tenth = np.clip((p * 10).astype(int), 0, 9)
    error = sum(abs(p[tenth == t].mean() - is_top[tenth == t].mean()) * (tenth == t).mean() for t in np.unique(tenth))
    assert 0.88 <= np.mean(inside) <= 0.92
    assert error <= 0.02


def test_severe_judges_do_not_decide() -> None:
    """Judges who differ by twice what entries do: the model finds the order much better than the mean."""
    agreed, plain = [], []
    for seed in range(15):
        marks, quality = competition(seed, severity=2.0)
        ranking = rank(marks)
        agreed.append(np.corrcoef(ranking.adjusted, quality)[0, 1])
        plain.append(np.corrcoef(ranking.raw_mean, quality)[0, 1])

    assert np.mean(agreed) > np.mean(plain) + 0.1


def test_where_judges_agree_the_order_is_that_of_the_mean() -> None:
    """Without severity in the data, correcting for it costs nothing: over 30 competitions, pairs in the right order within 0.002."""

    def right(score: np.ndarray, quality: np.ndarray) -> float:
        a, b = np.triu_indices(len(quality), 1)
        return float((np.sign(score[a] - score[b]) * np.sign(quality[a] - quality[b]) / 2 + 0.5).mean())

    ours, plain = [], []
    for seed in range(30):
        marks, quality = competition(seed, severity=0.0)
        ranking = rank(marks, draws=1)
        ours.append(right(ranking.adjusted, quality))
        plain.append(right(ranking.raw_mean, quality))

    assert np.mean(ours) >= np.mean(plain) - 0.002


def test_same_marks_and_seed_give_the_same_bytes() -> None:
    marks, _ = competition(4)
    first, again, other = rank(marks, seed=2), rank(marks, seed=2), rank(marks, seed=3)

    assert (first.adjusted.tobytes(), first.p_win.tobytes()) == (again.adjusted.tobytes(), again.p_win.tobytes())
    assert first.p_win.tobytes() != other.p_win.tobytes()
    assert first.p_win.sum() == pytest.approx(1)
    assert first.p_top[3].sum() == pytest.approx(3)


def test_order_of_the_rows_changes_nothing() -> None:
    marks, _ = competition(5)
    mixed = np.random.default_rng(0).permutation(len(marks))
    again = Marks(marks.entry[mixed], marks.judge[mixed], marks.value[mixed], marks.n_entries, marks.n_judges)

    assert rank(again).adjusted == pytest.approx(rank(marks).adjusted, abs=1e-6)


def test_groups_that_nothing_connects_have_no_common_ranking() -> None:
    marks = Marks([0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [0, 1, 0, 1, 2, 3, 2, 3, 2, 3], np.arange(10.0), 6, 4)

    with pytest.raises(NotComparable) as caught:
        rank(marks)

    assert caught.value.components == [([2, 3, 4], [2, 3]), ([0, 1], [0, 1])]
    assert "1 reading would join them" in str(caught.value)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (RankingModel.MEAN, [6.0, 5.0, 7.0]),
        (RankingModel.SUM, [24.0, 15.0, 21.0]),
        (RankingModel.MEDIAN, [6.5, 5.0, 7.0]),
        (RankingModel.TRIMMED_MEAN, [6.5, 5.0, 7.0]),
    ],
)
def test_prescribed_results_are_what_a_hand_computes(model: RankingModel, expected: list[float]) -> None:
    marks = Marks([0, 0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2, 3, 0, 1, 2, 0, 1, 2], [2, 6, 7, 9, 4, 5, 6, 6, 7, 8], 3, 4)

    ranking = rank(marks, model=model)

    assert ranking.score.tolist() == expected
    assert ranking.raw_mean.tolist() == [6.0, 5.0, 7.0]
    assert ranking.adjusted.tolist() == rank(marks).adjusted.tolist()


def test_points_for_places_share_ties() -> None:
    marks = Marks([0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1], [5, 5, 1, 3, 9, 1], 3, 2)

    assert rank(marks, model="rank_points").score.tolist() == [0.625, 0.875, 0.0]


def test_points_for_places_take_marks_as_equal_as_everything_else_does() -> None:
    marks = Marks([0, 1, 0, 1], [0, 0, 1, 1], [0.1 + 0.2, 0.3, 5, 5], 2, 2)

    assert rank(marks, model="rank_points").score.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([7, 8, 5, 6, 6, 7], ["The marks fit without any noise"]),
        ([7, 8, 5, 9, 6, 7], ["The marks do not tell the entries apart"]),
        ([7, 8, 5, 7, 3, 5], []),
    ],
)
def test_a_certainty_that_few_marks_feign_is_warned_of(values: list[float], said: list[str]) -> None:
    ranking = rank(Marks([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], values, 3, 2))

    told = [each for each in ranking.warnings if each.startswith(("The marks fit", "The marks do not"))]

    assert [each.split(",")[0].split(":")[0] for each in told] == said


CHAIRS = Marks([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], [0, 2, 0, 2, 0, 1, 0, 1, 1, 2, 1, 2],
               [8, 7, 7, 6, 9, 6, 6, 5, 6, 7, 4, 6], 6, 3)  # fmt: skip


@pytest.mark.parametrize("model", list(RankingModel))
def test_the_adjusted_score_stands_beside_every_declared_result(model: RankingModel) -> None:
    usual, ranking = rank(CHAIRS), rank(CHAIRS, model=model)

    assert ranking.adjusted.tobytes() == usual.adjusted.tobytes()
    assert ranking.interval.mean(1) == pytest.approx(ranking.adjusted)
    assert (ranking.score == usual.adjusted).all() == (model is RankingModel.SEVERITY)


@pytest.mark.parametrize("top_k", [(), (2,), (1, 2)])
def test_a_warning_names_who_disagrees_about_the_first_place_whatever_is_asked(top_k: tuple[int, ...]) -> None:
    """By the mean A and C share the first place, by the adjusted score C has it alone."""
    words = "The severity-adjusted scores and the plain means put different entries"

    warnings = rank(CHAIRS, top_k=top_k).warnings

    assert [warning for warning in warnings if "put different" in warning] == [
        f"{words} first.", *([f"{words} among the best 2."] if 2 in top_k else []),
    ]  # fmt: skip


def test_a_declared_result_is_compared_with_the_adjusted_scores_too() -> None:
    """One entry more often read has the greatest sum, though not the best mean nor the best adjusted score."""
    marks = Marks([0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 1, 2], [5, 5, 5, 7, 7, 4, 4], 3, 3)

    assert "The severity-adjusted scores and the declared result (sum) put different entries first." in (
        rank(marks, model="sum").warnings
    )
    assert not any("put different" in warning for warning in rank(marks, model="mean").warnings)


def test_progress_ends_with_all_done() -> None:
    told: list[tuple[str, float]] = []

    rank(CHAIRS, progress=lambda what, share: told.append((what, share)))

    assert told[-1] == ("done", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_all_marks_equal() -> None:
    ranking = rank(Marks([0, 1, 0, 1], [0, 0, 1, 1], [7, 7, 7, 7], 3, 2))

    assert ranking.rank.tolist() == [1, 1, 0]
    assert ranking.p_win[:2].tolist() == [0.5, 0.5]
    assert ranking.prefers(0, 1) == 0.5
    assert np.isnan(ranking.adjusted[2])


def test_one_judge_orders_but_nobody_can_say_how_surely() -> None:
    ranking = rank(Marks([0, 1, 2], [0, 0, 0], [1, 2, 3], 3, 1))

    assert ranking.rank.tolist() == [3, 2, 1]
    assert np.isnan(ranking.p_win).all()
    assert ranking.warnings == ("No entry has two marks: how sure the order is cannot be told.",)


def test_one_entry_alone_is_in_no_order() -> None:
    ranking = rank(Marks([0, 0], [0, 1], [4, 9], 1, 2))

    assert ranking.warnings == ("Only one entry has marks: there is nothing to put in order.",)


def test_what_has_no_probabilities_says_so() -> None:
    ranking = rank(Marks([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 3], 2, 2), top_k=())

    with pytest.raises(ValueError, match="no probabilities of places"):
        next_reads(ranking)
    with pytest.raises(ValueError, match="entry 2 does not exist; expected 0 to 1"):
        ranking.prefers(0, 2)


@pytest.mark.parametrize("n_entries", [0, 1, 4])
def test_no_marks(n_entries: int) -> None:
    ranking = rank(Marks([], [], [], n_entries, 2))

    assert ranking.rank.tolist() == [0] * n_entries


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 5), st.integers(1, 6))
def test_any_marks_have_a_ranking_or_a_reason(seed: int, entries: int, judges: int, values: int) -> None:
    random = np.random.default_rng(seed)
    pairs = [pair for pair in itertools.product(range(entries), range(judges)) if random.random() < 0.6]
    entry, judge = (np.array([pair[side] for pair in pairs], int) for side in (0, 1))
    marks = Marks(entry, judge, random.integers(0, values, len(pairs)), entries, judges)

    if len(marks.components()) > 1:
        with pytest.raises(NotComparable):
            rank(marks)
        return
    ranking = rank(marks, draws=50)

    seen = marks.reads > 0
    assert ((ranking.rank > 0) == seen).all()
    assert np.isfinite(ranking.adjusted[seen]).all()
    known = ranking.p_win[~np.isnan(ranking.p_win)]
    assert known.sum() == pytest.approx(1) or not len(known)
    reliability(marks)
    assert len(next_reads(ranking, count=2)) == min(2, entries)


def test_scales_are_found_to_differ_as_often_as_the_level_says() -> None:
    """Score test at 5 %: judges alike in scale, though not in noise, pass as differing in 1 to 10 of 100; unlike ones in most."""

    def found(scale: float) -> float:
        own = []
        for seed in range(60):
            marks, quality = competition(seed, entries=60, judges=12, reads=4, uneven=0.4)
            factor = np.exp(scale * np.random.default_rng(1000 + seed).standard_normal(12))
            more = (factor[marks.judge] - 1) * quality[marks.entry]
            own.append(bool(np.ptp(fit(marks.with_values(marks.value + more)).scale)))
        return float(np.mean(own))

    assert found(0.0) <= 0.1
    assert found(0.6) >= 0.9


def test_places_asked_for_twice_count_once() -> None:
    marks, _ = competition(2)

    ranking = rank(marks, top_k=(3, 3))

    assert ranking.p_top[3].sum() == pytest.approx(3)
    assert list(ranking.p_top) == [3]


def test_nobody_knows_who_is_better_where_no_entry_has_two_marks() -> None:
    assert np.isnan(rank(Marks([0, 1, 2], [0, 0, 0], [1, 2, 3], 3, 1)).prefers(0, 1))


def test_equal_marks_give_equal_chances_whatever_adds_up() -> None:
    """An entry with more marks has the greater sum, and is no better."""
    ranking = rank(Marks([0, 0, 1, 1, 1], [0, 1, 0, 1, 2], [7] * 5, 2, 3), model="sum")

    assert ranking.rank.tolist() == [2, 1]
    assert ranking.p_win.tolist() == [0.5, 0.5]


def test_anchors_connect_panels_and_are_not_ranked() -> None:
    """Two national panels, no judge in both; all read two sample entries, and so tell which panel is severe."""
    random, truth = np.random.default_rng(3), np.linspace(-1, 1, 20)
    quality = np.concatenate([truth, truth, [0.2, -0.2]])
    pairs = [(e, j) for e in range(20) for j in range(4)] + [(e, j) for e in range(20, 40) for j in range(4, 8)]
    entry, judge = np.array(pairs + [(e, j) for e in (40, 41) for j in range(8)]).T
    bias = np.where(judge < 4, 1.5, -1.5)
    marks = Marks(entry, judge, 5 + quality[entry] + bias + 0.2 * random.standard_normal(len(entry)), 42, 8)

    ranking = rank(marks, anchors=[40, 41], top_k=(3,))

    with pytest.raises(NotComparable):
        rank(marks.without_entries(np.array([40, 41])))
    assert ranking.rank[40:].tolist() == [0, 0]
    assert np.isnan(ranking.adjusted[40:]).all()
    assert np.isnan(ranking.p_win[40:]).all()
    assert np.nansum(ranking.p_top[3]) == pytest.approx(3)
    assert np.corrcoef(ranking.adjusted[:40], quality[:40])[0, 1] > 0.95
    assert sorted(ranking.rank[:40].tolist()) == list(range(1, 41))
    assert not any("no mark" in warning for warning in ranking.warnings)
    assert not {40, 41} & set(next_reads(ranking, count=42))


@pytest.mark.parametrize(
    ("anchors", "words"),
    [
        ([42], "anchors holds 42; expected"),
        ([-1], "anchors holds -1; expected"),
        ([0.5], r"anchors\[0\] is 0.5; expected"),
        ([True] * 42, r"anchors\[0\] is True; expected"),
    ],
)
def test_anchors_are_entries(anchors: list, words: str) -> None:
    marks, _ = competition(1, entries=42)

    with pytest.raises(ValueError, match=f"{words} indices of entries"):
        rank(marks, anchors=anchors)


def test_neighbours_that_cannot_be_told_apart_are_tied() -> None:
    marks, _ = competition(2)
    ranking = rank(marks)
    order = np.argsort(ranking.rank)

    ties = ranking.ties()

    for better, worse in itertools.pairwise(order.tolist()):
        assert ((better, worse) in ties) == (ranking.prefers(better, worse) < 0.9)
    far = Marks([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3, [9, 9.1, 9, 5, 5.1, 5, 1, 1, 1.1], 3, 3)
    assert rank(far).ties() == []
    assert rank(Marks([0, 1, 2], [0, 0, 0], [1, 2, 3], 3, 1)).ties() == [(2, 1), (1, 0)]


def test_a_judge_far_from_the_others_stands_out() -> None:
    marks, _ = competition(3, severity=0.0)
    harsh = marks.with_values(marks.value - 2.0 * (marks.judge == 4))

    ranking = rank(harsh)

    assert ranking.stands_out[4]
    assert np.argmax(np.abs(ranking.severity)) == 4
    assert ranking.stands_out.sum() <= 3


def test_one_entry_alone_has_no_reliability() -> None:
    found = reliability(Marks([0, 0, 0], [0, 1, 2], [5, 7, 6], 1, 3))

    assert np.isnan([found.single, found.mean_of_reads, found.consistency]).all()


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param(Marks([0, 1, 2, 3], [0, 0, 0, 0], [1, 2, 3, 4], 4, 1), id="one judge"),
        pytest.param(Marks([0, 0, 0, 0], [0, 1, 2, 3], [1, 2, 3, 4], 1, 4), id="one entry"),
    ],
)
def test_no_home_effect_where_nothing_tells_it(marks: Marks) -> None:
    assert np.isnan(home_effect(marks, [True, False, True, False]).effect)


@pytest.mark.parametrize(
    ("score", "groups", "k", "words"),
    [
        ([1.0, 2.0], ["x", "y"], 1.5, "k is 1.5; expected a whole number, 0 or more"),
        ([1.0, 2.0], ["x", 3], 1, "groups[1] is 3; expected a text"),
        ([1.0, 2.0], "xy", 1, "groups is a str; expected a text for each entry"),
        ([1.0, 2.0], ["x"], 1, "groups has 1 items; expected 2, one for each entry"),
        ([1.0, float("inf")], ["x", "y"], 1, "adjusted[1] is inf; expected a finite number, or NaN without a score"),
        ([[1.0], [2.0]], ["x", "y"], 1, "adjusted has 2 dimension(s); expected one score for each entry"),
        (["a", "b"], ["x", "y"], 1, "adjusted[0] is 'a'; expected a number"),
    ],
)
def test_parity_asks_for_scores_texts_and_places(score: list, groups: list, k: float, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        parity(score, groups, k)

    assert str(caught.value) == words


def test_home_effect_is_found_with_its_interval() -> None:
    marks, _ = competition(8, entries=120, judges=20)
    home = np.random.default_rng(1).random((20, 120)) < 0.3
    lifted = Marks(marks.entry, marks.judge, marks.value + 0.8 * home[marks.judge, marks.entry], 120, 20)

    found, none = home_effect(lifted, home), home_effect(marks, home)

    assert found.interval[0] < 0.8 < found.interval[1]
    assert found.effect - none.effect == pytest.approx(0.8, abs=0.1)
    assert none.interval[0] < 0 < none.interval[1]


def test_parity_counts_groups_among_the_best() -> None:
    report = parity([5.0, 4.0, 3.0, 2.0, float("nan")], ["ru", "en", "ru", "en", "ru"], 2)

    assert [(row.group, row.entries, row.mean, row.chosen, row.expected) for row in report] == [
        ("en", 2, 3.0, 1, 1.0),
        ("ru", 2, 4.0, 1, 1.0),
    ]
    assert [row.chance for row in report] == pytest.approx([1, 1])


def test_parity_shares_places_among_equals_and_tells_what_a_lot_would_give() -> None:
    """Five entries of each of two groups, four places: of 210 lots 5 + 5 give all four to one group."""
    equal = parity([3.0, 2.0, 2.0, 1.0], ["a", "b", "c", "c"], 2)
    apart = parity([9.0, 8.0, 7.0, 6.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0], ["a"] * 5 + ["b"] * 5, 4)

    assert [(row.group, row.chosen) for row in equal] == [("a", 1.0), ("b", 0.5), ("c", 0.5)]
    assert [(row.chosen, row.chance) for row in apart] == [
        (4.0, pytest.approx(10 / 210)),
        (0.0, pytest.approx(10 / 210)),
    ]


@pytest.mark.parametrize(("scores", "k"), [([], 3), ([float("nan")], 1), ([1.0], 0), ([1.0, 1.0], 5)])
def test_parity_of_little(scores: list[float], k: int) -> None:
    assert all(row.chance == pytest.approx(1) for row in parity(scores, ["x"] * len(scores), k))


def test_home_effect_is_covered_by_its_interval() -> None:
    """Over 60 competitions with an effect of 0.5: the 90 % interval holds it in 84 to 96 of 100."""
    inside = []
    for seed in range(60):
        marks, _ = competition(seed, entries=60, judges=12)
        home = np.random.default_rng(seed).random(len(marks)) < 0.3
        low, high = home_effect(marks.with_values(marks.value + 0.5 * home), home).interval
        inside.append(low <= 0.5 <= high)

    assert 0.84 <= np.mean(inside) <= 0.96


def test_variances_of_judges_without_difference_are_near_nothing() -> None:
    """Severities are always taken out; where there are none, nearly nothing is."""
    sizes = [np.abs(fit(competition(seed, severity=0.0)[0]).severity).max() for seed in range(20)]

    assert np.median(sizes) < 0.2
