"""A results bundle agrees with itself, and tells where it was changed."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from competitions.judging.bundle import Unreadable, canonical, seal, verify

pytestmark = pytest.mark.once


def content() -> dict[str, Any]:
    """Six entries, three judges, every judge reads four."""
    seats = [("J1", "E1"), ("J1", "E2"), ("J1", "E3"), ("J1", "E4"), ("J2", "E3"), ("J2", "E4"), ("J2", "E5"), ("J2", "E6"),
             ("J3", "E5"), ("J3", "E6"), ("J3", "E1"), ("J3", "E2")]  # fmt: skip
    scores = [(8, 4), (6, 3), (9, 5), (5, 2), (8, 4), (4, 2), (7, 3), (6, 4), (8, 4), (7, 5), (9, 4), (7, 3)]
    return {
        "rubric": {
            "nested_weights": False,
            "coverage": "1",
            "criteria": [
                {"code": "need", "kind": "weight", "weight": "60", "minimum": "0", "maximum": "10", "step": "1"},
                {"code": "team", "kind": "weight", "weight": "40", "minimum": "1", "maximum": "5", "step": "1"},
            ],
        },
        "entries": [{"id": f"E{n}"} for n in range(1, 7)],
        "judges": [{"id": f"J{n}"} for n in range(1, 4)],
        "assignment": {"objective": "fair", "seed": 3, "seats": [list(seat) for seat in seats]},
        "recusals": [{"judge": "J2", "entry": "E1", "reason": "employer"}],
        "sheets": [
            {"judge": judge, "entry": entry, "scores": {"need": str(need), "team": str(team)}}
            for (judge, entry), (need, team) in zip(seats, scores, strict=True)
        ],
        "ranking": {"model": "severity", "top_k": [1, 3], "draws": 200, "seed": 7},
        "decisions": [{"entry": "E3", "outcome": "winner", "reason": ""}],
    }


@pytest.fixture(scope="module")
def sealed() -> dict[str, Any]:
    return json.loads(canonical(seal(content())))


def test_sealed_bundle_agrees(sealed: dict[str, Any]) -> None:
    assert verify(sealed) == []
    assert [sheet["total"] for sheet in sealed["sheets"]][:2] == ["80", "60"] or sealed["sheets"][0][
        "total"
    ].startswith("80")


def test_sealing_twice_gives_the_same_bytes(sealed: dict[str, Any]) -> None:
    assert canonical(seal(content())) == canonical(sealed)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b["sheets"][4]["scores"].update(need="9"), "sheets[4]"),
        (lambda b: b["sheets"][4].update(total="99"), "sheets[4].total"),
        (lambda b: b["rubric"]["criteria"][0].update(weight="50"), "rubric.criteria[0]"),
        (lambda b: b["rubric"].update(coverage="0.5"), "rubric"),
        (lambda b: b["recusals"][0].update(entry="E2"), "recusals[0]"),
        (lambda b: b["recusals"].pop(), "recusals"),
        (lambda b: b["assignment"].update(seed=4), "assignment"),
        (lambda b: b["ranking"].update(seed=8), "ranking"),
        (lambda b: b["assignment"]["seats"].pop(2), "sheets[2]"),
        (lambda b: b["decisions"][0].update(entry="E1"), "decisions[0]"),
        (lambda b: b["ranking"]["entries"][1].update(rank=1), "ranking.entries[1]"),
        (lambda b: b["entries"][5].update(stage="seed"), "entries[5]"),
        (lambda b: b.update(engine="another"), "digests.whole"),
    ],
)
def test_changed_bundle_tells_where(sealed: dict[str, Any], change: Any, place: str) -> None:
    changed = copy.deepcopy(sealed)

    change(changed)

    assert place in [fault.place for fault in verify(changed)]


def test_score_changed_with_its_digests_is_found_by_its_total(sealed: dict[str, Any]) -> None:
    from competitions.judging.bundle import digests_of

    changed = copy.deepcopy(sealed)
    changed["sheets"][4]["scores"]["need"] = "9"
    changed["digests"] = digests_of(changed)

    assert [fault.place for fault in verify(changed)] == ["sheets[4].total"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b.pop("sheets"), "the part sheets is missing"),
        (lambda b: b.update(format="other/2"), "format is 'other/2'; this version reads 'judging-results/1'"),
        (lambda b: b["sheets"].append(3), "sheets[12] is int; expected an object"),
        (lambda b: b["entries"].append({"id": "E1"}), "entries holds E1 twice; expected every id once"),
        (
            lambda b: b["sheets"][0]["scores"].update(need="ten"),
            "need is 'ten'; expected a decimal number, as a string",
        ),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(sealed: dict[str, Any], change: Any, words: str) -> None:
    broken = copy.deepcopy(sealed)
    change(broken)

    try:
        told = " ".join(map(str, verify(broken)))
    except Unreadable as error:
        told = str(error)

    assert words in told


def shell(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "competitions.judging", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_commands_work_without_django(sealed: dict[str, Any], tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_bytes(canonical(sealed))
    wrong.write_bytes(canonical(sealed | {"recusals": []}))
    marks = tmp_path / "marks.csv"
    marks.write_text("entry;judge;value\nA;x;7\nA;y;8\nB;x;5\nB;y;6,5\n", encoding="utf-8")
    broken = tmp_path / "broken.csv"
    broken.write_text("entry,judge,value\nA,x,7\nA,x,nine\n", encoding="utf-8")
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("judge,entry,affinity\nx,A,1\ny,A,0.5\nx,B,0.2\ny,B,0.9\n", encoding="utf-8")

    assert shell("verify", str(right))[0] == 0
    assert shell("verify", str(wrong), "--json")[0] == 1
    code, out, _ = shell("rank", str(marks), "--json")
    assert (code, [row["entry"] for row in json.loads(out)["entries"]]) == (0, ["A", "B"])
    assert shell("rank", str(broken)) == (2, "", f"{broken}, line 3: value is “nine”. Write a number.\n")
    code, out, _ = shell("assign", str(pairs), "--reads", "1", "--load-max", "1", "--json")
    assert (code, json.loads(out)["seats"]) == (0, [["x", "A"], ["y", "B"]])
    code, out, error = shell("assign", str(pairs), "--reads", "2", "--load-max", "1")
    assert (code, out) == (1, "")
    assert "2 seats are missing" in error
    assert shell("rank", str(tmp_path / "none.csv"))[0] == 2
