"""The page for chairs: every figure of its example, in both languages, is what the package computes."""

import re
from pathlib import Path

import numpy as np
import pytest

from competitions.judging import Marks, next_reads, rank, reliability
from competitions.judging.severity import fit

pytestmark = pytest.mark.once

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = "ABCDEF"
GIVEN = {
    "A": (8, None, 7),
    "B": (7, None, 6),
    "C": (9, 6, None),
    "D": (6, 5, None),
    "E": (None, 6, 7),
    "F": (None, 4, 6),
}
ROWS = [(entry, judge, value) for entry, name in enumerate(NAMES) for judge, value in enumerate(GIVEN[name]) if value]
MARKS = Marks(*np.array(ROWS).T, 6, 3)
RANKING = rank(MARKS, top_k=(1, 2))
FIT = fit(MARKS)


@pytest.fixture(params=["judging-for-chairs.md", "judging-for-chairs.ru.md"])
def page(request: pytest.FixtureRequest) -> str:
    """The page with decimal points and plain minus signs, on one line but for tables."""
    text = (DOCS / request.param).read_text(encoding="utf-8")
    return re.sub(r"(?<=\d),(?=\d)", ".", text).replace("−", "-").replace(";", ",")


def rows(page: str, number: int) -> list[list[str]]:
    """The cells of a table below its head."""
    tables = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in tables[number].splitlines()[2:]]


def places() -> list[int]:
    return np.argsort(RANKING.rank).tolist()


def test_marks_and_means(page: str) -> None:
    expected = [
        [name, *("" if value is None else str(value) for value in GIVEN[name]), f"{RANKING.raw_mean[entry]:.1f}"]
        for entry, name in enumerate(NAMES)
    ]

    assert rows(page, 0) == expected


def test_adjusted_scores_and_the_steps_to_them(page: str) -> None:
    kept = 2 / (2 + FIT.variances.noise / FIT.variances.quality)
    expected = []
    for entry in places():
        corrected = [value - RANKING.severity[judge] for e, judge, value in ROWS if e == entry]
        step = kept * (np.mean(corrected) - MARKS.value.mean())
        assert MARKS.value.mean() + step == pytest.approx(RANKING.adjusted[entry], abs=1e-6)
        expected.append(
            [
                NAMES[entry],
                ", ".join(f"{mark:.2f}" for mark in corrected),
                f"{np.mean(corrected):.2f}",
                f"{step:+.2f}",
                f"{RANKING.adjusted[entry]:.2f}",
                str(RANKING.rank[entry]),
            ]
        )

    assert rows(page, 1) == expected


def test_chances(page: str) -> None:
    order = np.lexsort((-RANKING.p_win, -RANKING.p_top[2]))
    expected = [[NAMES[e], f"{RANKING.p_win[e]:.0%}", f"{RANKING.p_top[2][e]:.0%}"] for e in order]

    assert [[cell.replace(" ", "").replace("\u00a0", "") for cell in row] for row in rows(page, 2)] == expected


def test_figures_in_the_words(page: str) -> None:
    words = " ".join(page.split())
    noise, quality, severity = FIT.variances.noise, FIT.variances.quality, FIT.variances.severity
    over = [value - RANKING.adjusted[entry] for entry, judge, value in ROWS if judge == 0]
    divisor = 4 + noise / severity
    half = RANKING.interval[0, 1] - RANKING.adjusted[0]
    expected = [
        *(f"{RANKING.severity[judge]:+.2f}" for judge in range(3)),
        *(f"{value} - {RANKING.adjusted[entry]:.2f}" for entry, judge, value in ROWS if judge == 0),
        f"{sum(over):.2f}",
        f"{divisor:.2f}: {sum(over) / divisor:.2f}",
        f"{MARKS.value.mean():.2f}",
        f"{2 / (2 + noise / quality):.0%}".replace("%", " %"),
        f" {quality:.2f})",
        f"({severity:.2f})",
        f"({noise:.2f})",
        f"2 / (2 + {noise:.2f} / {quality:.2f})",
        f"4 + {noise:.2f} / {severity:.2f}",
        f"±{half:.2f}",
        f"{RANKING.prefers(2, 4):.0%}".replace("%", " %"),
        f"{reliability(MARKS).mean_of_reads:.2f}",
    ]

    assert [figure for figure in expected if figure not in words] == []
    assert sum(over) / divisor == pytest.approx(RANKING.severity[0], abs=1e-6)


def test_who_is_for_deliberation_and_for_one_more_reading() -> None:
    zone = [NAMES[e] for e in RANKING.tie_zone[2]]

    assert (zone, [NAMES[e] for e in next_reads(RANKING, top_k=2, count=2)]) == (["C", "A", "E"], ["E", "A"])
    assert any("put different entries" in warning for warning in RANKING.warnings)
    assert any("0.46, below 0.70" in warning for warning in RANKING.warnings)
