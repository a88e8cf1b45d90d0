"""How good each entry is when judges differ in severity, noise and scale: crossed random effects.

    mark of judge j on entry i = mu + a_j theta_i + b_j + noise,   noise ~ N(0, s_j^2)
    theta_i ~ N(0, quality variance),   b_j ~ N(0, severity variance)

(Ge, Welling & Ghahramani 2013, "A Bayesian model for calibrating conference review scores"; Lawrence 2014.) The
variances are restricted maximum likelihood (Patterson & Thompson 1971), theta and b the best linear unbiased
predictions given them (Henderson 1975). Noise and scale of a judge are shrunk towards everybody's and used only where
their spread is greater than chance explains (`spread of noise`: Smyth 2004). Entries are absorbed, so the work grows
with judges^3 and marks, not entries^3.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg as dense
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import chdtrc, polygamma, psi

from competitions.judging.marks import Marks

Floats = NDArray[np.float64]

RATIOS = (-16.0, 9.0)  # limits of the logarithm of a variance over the noise variance
MARKS_TO_TELL = 4  # judges with fewer marks have everybody's noise and scale
SEVERITY_LEVEL = 0.05  # how unlikely, by chance, the judges' difference must be before severities are taken out
SPREAD_LEVEL = 0.01  # how unlikely a spread by chance must be before judges get noise or scale of their own
STEPS = 25
SMALL = 2_000_000  # up to so many entries x judges, dense matrices are quicker


@dataclass(frozen=True)
class Variances:
    """In squared units of a mark. `quality` of entries, `severity` of judges, `noise` of a mark."""

    quality: float
    severity: float
    noise: float


@dataclass(frozen=True)
class Fit:
    """What the model says, given the variances.

    mean        mu
    variances   restricted maximum likelihood estimates
    alike       the same if every judge had a severity, and all the same noise and scale: what agreement is told by
    quality     float[E]: mu + theta; mu where an entry has no mark
    error       float[E]: standard error of quality (of theta, given the variances)
    severity    float[J]: b, above 0 generous
    severity_error float[J]
    noise       float[J]: standard deviation of a judge's noise
    scale       float[J]: a, mean 1
    system      the factored equations, for draws and covariances
    """

    mean: float
    variances: Variances
    alike: Variances
    quality: Floats
    error: Floats
    severity: Floats
    severity_error: Floats
    noise: Floats
    scale: Floats
    system: "System"

    def predict(self, entry: NDArray[np.int64], judge: NDArray[np.int64]) -> Floats:
        """What the model expects a judge to give an entry."""
        return self.mean + self.scale[judge] * (self.quality[entry] - self.mean) + self.severity[judge]


class Design:
    """What of the equations does not depend on the variances: sums over marks, entries beside mu and judges.

    `weight` float[n]: 1 / relative noise variance of each mark; `scale` float[n]: a_j of each mark.
    """

    def __init__(self, marks: Marks, weight: Floats, scale: Floats) -> None:
        self.marks, self.weight, self.scale = marks, weight, scale
        entries, judges = marks.n_entries, marks.n_judges
        i, j = marks.entry, marks.judge
        self.own = np.bincount(i, weight * scale * scale, entries)
        column = np.concatenate([np.zeros(len(marks), np.int64), j + 1])
        value = np.concatenate([weight * scale, weight * scale])
        across = sparse.csr_matrix((value, (np.concatenate([i, i]), column)), shape=(entries, judges + 1))
        self.across = across.toarray() if entries * judges <= SMALL else across
        given = np.bincount(j, weight, judges)
        self.whole = np.zeros((judges + 1, judges + 1))
        self.whole[0, 0] = weight.sum()
        self.whole[0, 1:] = self.whole[1:, 0] = given
        self.whole[np.arange(1, judges + 1), np.arange(1, judges + 1)] = given
        self.log_weights = float(np.log(weight).sum())

    def right(self, value: Floats) -> tuple[Floats, Floats, float]:
        """Sums of the marks for theta, for mu and b, and their weighted square."""
        marks, weighted = self.marks, self.weight * value
        theta = np.bincount(marks.entry, weighted * self.scale, marks.n_entries)
        beside = np.concatenate([[weighted.sum()], np.bincount(marks.judge, weighted, marks.n_judges)])
        return theta, beside, float(weighted @ value)


class System:
    """The mixed model equations with entries absorbed: unknowns mu and b, one row each.

    `quality`, `severity`: variances of theta and b over the noise variance.
    """

    def __init__(self, design: Design, quality: float, severity: float) -> None:
        self.design, self.marks = design, design.marks
        entries, judges = self.marks.n_entries, self.marks.n_judges
        self.own = design.own + 1 / quality
        if sparse.issparse(design.across):
            self.share = sparse.diags(1 / self.own) @ design.across  # how mu and b enter theta
            whole = design.whole - (design.across.T @ self.share).toarray()
        else:
            self.share = design.across / self.own[:, None]
            whole = design.whole - design.across.T @ self.share
        whole[np.arange(1, judges + 1), np.arange(1, judges + 1)] += 1 / severity
        self.factor = dense.cho_factor(whole, lower=True, check_finite=False)
        self.penalty = entries * np.log(quality) + judges * np.log(severity)

    @property
    def log_determinant(self) -> float:
        return float(np.log(self.own).sum() + 2 * np.log(np.diag(self.factor[0])).sum())

    def solve(self, value: Floats) -> tuple[float, Floats, Floats, float]:
        """mu, theta[E], b[J] and the weighted sum of squares that they leave, penalties included."""
        return self.solve_right(self.design.right(value))

    def solve_right(self, sums: tuple[Floats, Floats, float]) -> tuple[float, Floats, Floats, float]:
        """`solve` where the sums of the marks are known."""
        right, beside, square = sums
        unknown = dense.cho_solve(self.factor, beside - self.share.T @ right, check_finite=False)
        theta = right / self.own - self.share @ unknown
        left = float(square - right @ theta - beside @ unknown)
        return float(unknown[0]), theta, unknown[1:], left

    def inverse(self) -> Floats:
        """Covariance of mu and b given the variances, float[J + 1, J + 1]."""
        return dense.cho_solve(self.factor, np.eye(len(self.factor[0])), check_finite=False)

    def theta_variance(self, inverse: Floats) -> Floats:
        """float[E]: variance of theta (mu's uncertainty apart), in chunks that stay small."""
        variance = 1 / self.own
        for start in range(0, len(variance), 4096):
            part = self.share[start : start + 4096]
            variance[start : start + 4096] += _row_sums(part, part @ inverse)
        return variance

    def theta_severity_covariance(self, inverse: Floats) -> Floats:
        """float[n]: covariance of theta and b of each mark's entry and judge."""
        marks = self.marks
        covariance = np.empty(len(marks))
        for start in range(0, len(marks), 8192):
            at = slice(start, start + 8192)
            part = self.share[marks.entry[at]]
            # row of share times the judge's column of the inverse
            covariance[at] = -_row_sums(part, inverse[marks.judge[at] + 1])
        return covariance


def _row_sums(left: Floats, right: Floats) -> Floats:
    """Sums over the columns of the products, of a dense or sparse matrix and a dense one."""
    if sparse.issparse(left):
        return np.asarray(left.multiply(right).sum(1)).ravel()
    return np.einsum("ij,ij->i", left, right)


def restricted_likelihood(
    design: Design, sums: tuple[Floats, Floats, float], ratios: Floats
) -> tuple[float, float, System, tuple]:
    """-2 x log restricted likelihood (constants apart), the noise variance, the equations and their solution, for
    variances
    over noise exp(`ratios`). The noise variance of a mark is that variance / its weight.
    """
    quality, severity = np.exp(ratios)
    system = System(design, quality, severity)
    solution = system.solve_right(sums)
    degrees = len(design.marks) - 1
    noise = max(solution[3] / degrees, 1e-300)
    value = degrees * np.log(noise) - design.log_weights + system.penalty + system.log_determinant
    return float(value), noise, system, solution


def _estimate(marks: Marks, noise: Floats, scale: Floats, start: Floats, *, severity: bool = True) -> Floats:
    """Logarithms of the variances over noise that maximise the restricted likelihood; `noise`, `scale` float[J].

    `severity` False: judges do not differ in it.
    """
    design = Design(marks, 1 / noise[marks.judge], scale[marks.judge])
    sums = design.right(marks.value)
    answer = minimize(
        lambda ratios: restricted_likelihood(design, sums, ratios)[0],
        start,
        method="L-BFGS-B",
        bounds=[RATIOS, RATIOS if severity else (RATIOS[0], RATIOS[0])],
        options={"ftol": 1e-13, "gtol": 1e-7, "eps": 1e-5, "maxiter": 200},
    )
    return answer.x


def _at(marks: Marks, noise: Floats, scale: Floats, ratios: Floats) -> tuple[float, System, tuple]:
    """Noise variance, equations and solution at given variances."""
    design = Design(marks, 1 / noise[marks.judge], scale[marks.judge])
    return restricted_likelihood(design, design.right(marks.value), ratios)[1:]


def _severity_shows(marks: Marks, with_severity: Floats) -> bool:
    """Whether a severity of each judge explains the marks better than none by more than chance: a likelihood ratio
    test at the
    edge of the parameter's range, where half of the probability is at 0 (Self & Liang 1987).
    """
    judges = np.ones(marks.n_judges)
    design = Design(marks, np.ones(len(marks)), np.ones(len(marks)))
    sums = design.right(marks.value)
    without = _estimate(marks, judges, judges, np.array([with_severity[0], RATIOS[0]]), severity=False)
    gain = restricted_likelihood(design, sums, without)[0] - restricted_likelihood(design, sums, with_severity)[0]
    return bool(chdtrc(1, max(gain, 0.0)) / 2 < SEVERITY_LEVEL)


def fit(
    marks: Marks,
    *,
    own_severity: bool | None = True,
    own_noise: bool | None = None,
    own_scale: bool | None = None,
) -> Fit:
    """The model on the marks of one connected group with at least two different values.

    own_severity, own_noise, own_scale   True, False, or None: as the tests say
    """
    noise, scale = np.ones(marks.n_judges), np.ones(marks.n_judges)  # relative to everybody's
    ratios = _estimate(marks, noise, scale, np.zeros(2))
    alike = _variances(ratios, _at(marks, noise, scale, ratios)[0])
    severity = _severity_shows(marks, ratios) if own_severity is None else own_severity
    if not severity:
        ratios = _estimate(marks, noise, scale, np.array([ratios[0], RATIOS[0]]), severity=False)
    noise_differs = scale_differs = False
    for step in range(STEPS):
        level, system, solution = _at(marks, noise, scale, ratios)
        spread = _Spread(marks, system, solution, level, noise, scale)
        if step == 0:
            noise_differs = spread.noise_differs() if own_noise is None else own_noise
            scale_differs = spread.scale_differs() if own_scale is None else own_scale
            if not (noise_differs or scale_differs):
                break
        before = np.concatenate([noise, scale])
        if noise_differs:
            noise = spread.shrunk_noise()
        if scale_differs:
            scale = spread.shrunk_scale()
        moved = np.abs(np.concatenate([noise, scale]) - before).max()
        if step % 4 == 0 or moved < 1e-3:
            ratios = _estimate(marks, noise, scale, ratios, severity=severity)
        if moved < 1e-3:
            break
    return _fitted(marks, noise, scale, ratios, alike)


def _variances(ratios: Floats, level: float) -> Variances:
    return Variances(float(np.exp(ratios[0]) * level), float(np.exp(ratios[1]) * level), float(level))


def _fitted(marks: Marks, noise: Floats, scale: Floats, ratios: Floats, alike: Variances) -> Fit:
    level, system, (mean, theta, severity, _) = _at(marks, noise, scale, ratios)
    inverse = system.inverse()
    return Fit(
        mean=mean,
        variances=_variances(ratios, level),
        alike=alike,
        quality=mean + theta,
        error=np.sqrt(level * system.theta_variance(inverse)),
        severity=severity,
        severity_error=np.sqrt(level * np.diag(inverse)[1:]),
        noise=np.sqrt(level * noise),
        scale=scale,
        system=system,
    )


class _Spread:
    """How judges' noise and scale spread beyond chance, and their shrunk values.

    Expected squares given the data: the residual's square plus its variance, as in an EM step.
    """

    def __init__(
        self, marks: Marks, system: System, solution: tuple, level: float, noise: Floats, scale: Floats
    ) -> None:
        self.marks, self.level, self.noise, self.scale = marks, level, noise, scale
        mean, self.theta, severity, _ = solution
        inverse = system.inverse()
        i, j = marks.entry, marks.judge
        self.theta_variance = level * system.theta_variance(inverse)
        self.between = level * system.theta_severity_covariance(inverse)
        severity_variance = level * np.diag(inverse)[1:]
        self.over = marks.value - mean - severity[j]
        a = scale[j]
        left = self.over - a * self.theta[i]
        unsure = a * a * self.theta_variance[i] + severity_variance[j] + 2 * a * self.between
        self.squares = np.bincount(j, left * left, marks.n_judges)
        self.unsure = np.bincount(j, unsure, marks.n_judges)
        self.given = marks.given

    def _degrees(self) -> Floats:
        """What of a judge's marks is left to tell the noise: marks less what fitting them used up, at least a half."""
        return np.maximum(self.given - self.unsure / (self.level * self.noise), 0.5)

    def noise_differs(self) -> bool:
        """Bartlett's test of equal variances, on the degrees that fitting left."""
        told = (self.given >= MARKS_TO_TELL) & (self.squares > 0)
        if told.sum() < 2:
            return False
        degrees, variance = self._degrees()[told], self.squares[told] / self._degrees()[told]
        pooled = (degrees * variance).sum() / degrees.sum()
        statistic = degrees.sum() * np.log(pooled) - (degrees * np.log(variance)).sum()
        statistic /= 1 + ((1 / degrees).sum() - 1 / degrees.sum()) / (3 * (told.sum() - 1))
        return bool(chdtrc(told.sum() - 1, statistic) < SPREAD_LEVEL)

    def shrunk_noise(self) -> Floats:
        """Relative noise variance of each judge, drawn towards 1 by as many marks as the spread of all is worth."""
        degrees = self._degrees()
        variance = self.squares / degrees / self.level
        told = (self.given >= MARKS_TO_TELL) & (self.squares > 0)
        prior = _prior_degrees(variance[told], degrees[told])
        expected = self.squares / self.level + self.unsure / self.level
        noise = (expected + prior) / (self.given + prior)
        return noise / np.average(noise, weights=self.given + 1e-12)

    def _slopes(self) -> tuple[Floats, Floats]:
        """Each judge's slope on the entries' quality by least squares beside the present scale, and its variance."""
        i, j = self.marks.entry, self.marks.judge
        size = np.bincount(j, self.theta[i] ** 2 + self.theta_variance[i], self.marks.n_judges)
        product = np.bincount(j, self.theta[i] * self.over - self.between, self.marks.n_judges)
        size = np.maximum(size, 1e-300)
        return product / size, self.level * self.noise / size

    def scale_differs(self) -> bool:
        told = self.given >= 2 * MARKS_TO_TELL
        if told.sum() < 2:
            return False
        slope, variance = (part[told] for part in self._slopes())
        middle = np.average(slope, weights=1 / variance)
        return bool(chdtrc(told.sum() - 1, ((slope - middle) ** 2 / variance).sum()) < SPREAD_LEVEL)

    def shrunk_scale(self) -> Floats:
        slope, variance = self._slopes()
        told = self.given >= MARKS_TO_TELL
        middle = np.average(slope[told], weights=1 / variance[told])
        # DerSimonian & Laird 1986: what of the spread of slopes their errors do not explain
        weight = 1 / variance[told]
        excess = (weight * (slope[told] - middle) ** 2).sum() - (told.sum() - 1)
        between = max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 1e-4)
        scale = (slope / variance + middle / between) / (1 / variance + 1 / between)
        scale = np.where(self.given > 0, scale, middle)
        return np.clip(scale / np.average(scale, weights=self.given + 1e-12), 0.2, 5)


def _prior_degrees(variance: Floats, degrees: Floats) -> float:
    """How many marks everybody's noise counts for in one judge's (Smyth 2004, equation 8), 2 to 1,000."""
    if len(variance) < 2:
        return 1000.0
    logs = np.log(variance) - psi(degrees / 2) + np.log(degrees / 2)
    spread = np.var(logs, ddof=1) - np.mean(polygamma(1, degrees / 2))
    if spread <= 0:
        return 1000.0
    return float(np.clip(2 * _inverse_trigamma(spread), 2.0, 1000.0))


def _inverse_trigamma(value: float) -> float:
    """x with trigamma(x) = value, by Newton steps (Smyth 2004, appendix)."""
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = polygamma(1, x)
        step = trigamma * (1 - trigamma / value) / polygamma(2, x)
        x += step
        if -step / x < 1e-8:
            break
    return float(x)
