"""The variances are where a direct search finds the restricted likelihood the highest, or it is said that they are not."""

import numpy as np
import pytest
from scipy.optimize import minimize

from competitions.judging import Marks, rank, variances
from competitions.judging.severity import Fit, fit
from competitions.judging.variances import RATIOS
from tests.judging.simulated import competition

pytestmark = pytest.mark.once

# entries, judges, reads, and how far severities, noise and qualities spread
PANELS = [
    pytest.param(6, 3, 2, 0.7, 0.9, 1.0, id="six entries, three judges"),
    pytest.param(8, 4, 3, 0.7, 0.9, 1.0, id="eight entries, four judges"),
    pytest.param(20, 5, 3, 0.0, 0.9, 1.0, id="no severity"),
    pytest.param(20, 5, 3, 0.3, 0.9, 1.0, id="little severity"),
    pytest.param(30, 12, 3, 0.0, 0.9, 1.0, id="no severity, more judges"),
    pytest.param(12, 4, 4, 1.0, 0.9, 0.1, id="nearly no quality"),
    pytest.param(12, 4, 4, 1.0, 0.9, 0.0, id="no quality"),
    pytest.param(12, 4, 3, 0.0, 0.9, 0.0, id="nothing but noise"),
    pytest.param(12, 4, 3, 1.0, 0.01, 1.0, id="nearly no noise"),
    pytest.param(12, 8, 2, 1.0, 0.5, 1.0, id="two dozen marks in a chain"),
]
SEEDS = range(10)
NEAR = 1e-4  # of -2 x the logarithm of the likelihood: a likelihood ratio test asks for 3.84


class Contrasts:
    """-2 x the logarithm of the restricted likelihood, from the covariance of the marks' contrasts, noise at its best."""

    def __init__(self, marks: Marks, noise: np.ndarray, scale: np.ndarray) -> None:
        n = len(marks)
        entries, judges = np.eye(marks.n_entries)[marks.entry], np.eye(marks.n_judges)[marks.judge]
        contrasts = np.linalg.qr(np.column_stack([np.ones(n), np.eye(n)[:, 1:]]))[0][:, 1:]
        of_quality, of_severity = contrasts.T @ (scale[marks.judge, None] * entries), contrasts.T @ judges
        self.marks = contrasts.T @ marks.value
        self.noise = contrasts.T @ (noise[marks.judge, None] * contrasts)
        self.quality, self.severity = of_quality @ of_quality.T, of_severity @ of_severity.T

    def at(self, ratios: np.ndarray) -> float:
        """`ratios`: logarithms of the variances of quality and severity over the noise variance."""
        quality, severity = np.exp(np.clip(ratios, *RATIOS))
        half = np.linalg.cholesky(self.noise + quality * self.quality + severity * self.severity)
        white = np.linalg.solve(half, self.marks)
        return float(2 * np.log(np.diag(half)).sum() + len(white) * np.log(white @ white / len(white)))

    def lowest(self) -> float:
        """From the best points of a grid."""
        line = np.linspace(*RATIOS, 11)
        grid = sorted((self.at(np.array([a, b])), a, b) for a in line for b in line)[:2]
        ends = [
            minimize(self.at, point[1:], method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6, "maxiter": 300})
            for point in grid
        ]
        return min(end.fun for end in ends)


def short_of(found: Fit, marks: Marks) -> float:
    """By how much -2 x the logarithm of the likelihood at the variances found is above the lowest."""
    noise = found.noise_sd**2 / found.variances.noise
    likelihood = Contrasts(marks, noise, found.scale)
    variances = np.array([found.variances.quality, found.variances.severity])
    return likelihood.at(np.log(variances / found.variances.noise)) - likelihood.lowest()


def panel(seed: int, entries: int, judges: int, reads: int, severity: float, noise: float, quality: float) -> Marks:
    marks, truth = competition(seed, entries=entries, judges=judges, reads=reads, severity=severity, noise=noise)
    return marks.with_values(marks.value - (1 - quality) * truth[marks.entry])


@pytest.mark.parametrize(("entries", "judges", "reads", "severity", "noise", "quality"), PANELS)
def test_no_variances_are_likelier(
    entries: int, judges: int, reads: int, severity: float, noise: float, quality: float
) -> None:
    for seed in SEEDS:
        marks = panel(seed, entries, judges, reads, severity, noise, quality)
        if len(marks.components()) > 1:
            continue

        found = fit(marks, same_spread=True)

        assert found.settled, seed
        assert short_of(found, marks) < NEAR, seed


@pytest.mark.parametrize(
    ("entries", "judges", "severity"), [(6, 3, 0.7), (20, 5, 0.0), (20, 5, 0.7), (30, 8, 0.0), (12, 4, 3.0)]
)
def test_nor_where_judges_have_a_noise_and_a_scale_of_their_own(entries: int, judges: int, severity: float) -> None:
    for seed in SEEDS:
        marks, _ = competition(seed, entries=entries, judges=judges, reads=3, severity=severity, uneven=0.8)

        found = fit(marks)

        assert found.settled, seed
        assert short_of(found, marks) < NEAR, seed


@pytest.mark.parametrize(
    ("panel_of", "seed"),
    [((6, 3, 2, 0.7, 0.9, 1.0), 30), ((12, 8, 2, 1.0, 0.5, 1.0), 194), ((12, 8, 2, 1.0, 0.5, 1.0), 86)],
)
def test_the_likeliest_of_several_maxima_is_found(panel_of: tuple, seed: int) -> None:
    marks = panel(seed, *panel_of)

    assert short_of(fit(marks, same_spread=True), marks) < NEAR


@pytest.mark.parametrize(("severity", "quality"), [(0.0, 1.0), (0.1, 1.0), (1.0, 0.1), (1.0, 0.0)])
def test_variances_by_draws_are_nearly_as_likely(
    monkeypatch: pytest.MonkeyPatch, severity: float, quality: float
) -> None:
    """Conjugate gradients, whose eight draws tell the gradient: the ratios are those of the matrix to a hundredth."""
    marks = panel(3, 600, 120, 4, severity, 0.9, quality)
    exact = fit(marks, same_spread=True)
    monkeypatch.setattr(variances, "DENSE_JUDGES", 10)

    found = fit(marks, same_spread=True)

    assert found.settled
    parts = [(each.quality, each.severity, each.noise) for each in (found.variances, exact.variances)]
    assert parts[0] == pytest.approx(parts[1], abs=0.01)


@pytest.mark.parametrize("dense_judges", [1000, 5])
def test_a_search_that_did_not_arrive_says_so(monkeypatch: pytest.MonkeyPatch, dense_judges: int) -> None:
    monkeypatch.setattr(variances, "STEPS", 1)
    monkeypatch.setattr(variances, "SEVERAL_MINIMA", 0)
    monkeypatch.setattr(variances, "DENSE_JUDGES", dense_judges)
    marks, _ = competition(2)

    assert not fit(marks, same_spread=True).settled
    assert any("could not be estimated to the end" in warning for warning in rank(marks).warnings)


def test_a_chain_of_judges_with_hardly_any_noise_is_settled() -> None:
    """Each reads what the next one reads too: from step to step the ratios would be thrown to and fro."""
    judges, random = 1500, np.random.default_rng(1)
    judge = np.repeat(np.arange(judges), 2)
    entry = judge + np.tile([0, 1], judges)
    more = np.arange(0, judges, 3)
    judge, entry = np.append(judge, (more + 2) % judges), np.append(entry, more)
    value = random.normal(size=judges + 1)[entry] + 3 * random.normal(size=judges)[judge]
    marks = Marks(entry, judge, value + 0.05 * random.normal(size=len(value)), judges + 1, judges)

    found = fit(marks, same_spread=True)

    assert found.settled
    assert found.variances.quality == pytest.approx(1, rel=0.1)
    assert found.variances.severity == pytest.approx(9, rel=0.1)
    assert found.noise_sd[0] == pytest.approx(0.05, rel=0.1)
