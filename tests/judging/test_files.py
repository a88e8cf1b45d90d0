"""What files and options ask for is done, or refused with its place and what to write; nothing is left out in silence."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from competitions.judging import AssignmentProblem, commands, iterative, reassign, variances
from competitions.judging.bundle import canonical, seal
from competitions.judging.commands import main
from tests.judging.test_bundle import content, told

pytestmark = pytest.mark.once

PAIR: dict[str, Any] = {"judges": [{"id": "x"}], "entries": [{"id": "A"}], "affinity": [[1]], "reads": 1}
TWO: dict[str, Any] = PAIR | {"entries": [{"id": "A"}, {"id": "B"}], "affinity": [[1, 1]]}


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (TWO | {"affinity": [[1, None]]}, ": affinity[0, 1] is None; expected a number."),
        (TWO | {"affinity": [[1, "1"]]}, ": affinity[0, 1] is '1'; expected a number."),
        (TWO | {"affinity": [[1, 1e10]]}, ": affinity[0, 1] is 10000000000.0; expected a number from -1e+09 to 1e+09."),
        (TWO | {"affinity": [[1]]}, ": affinity[0] has 1 numbers. Write 2, one for each entry."),
        (PAIR | {"affinity": [[1], [2]]}, ": affinity has 2 lists. Write 1, one for each judge."),
        (PAIR | {"affinity": [1]}, ": affinity[0] is 1. Write a list with a number for each entry."),
        (PAIR | {"reads": None}, ": reads is null. Write a whole number, 0 to 2147483648."),
        (PAIR | {"entries": [{"id": "A", "reads": "2"}]}, ": entries[0].reads is '2'. Write a whole number, 0 to"),
        (PAIR | {"judges": [{"id": "x", "load_max": None}]}, ": judges[0].load_max is null. Write a whole number,"),
        (PAIR | {"judges": [{"id": "x", "load_min": 5, "load_max": 2}]}, ": judges[0].load_min is 5, more than its load_max, 2."),
        (PAIR | {"judges": [{"id": None}]}, ": judges[0].id is null. Write a text that is not empty, or a whole number."),
        (PAIR | {"entries": [{"id": ""}]}, ": entries[0].id is ''. Write a text that is not empty, or a whole number."),
        (PAIR | {"judges": [{"id": 1}, {"id": "1"}]}, ": judges[1].id, 1, stands there already. Give each its own."),
        (PAIR | {"forbidden": None}, ": forbidden is null. Write a list, [[judge, entry], …]."),
        (PAIR | {"forbidden": [["x"]]}, ": forbidden[0] is a list. Write [judge, entry]."),
        (PAIR | {"locked": [["x", "B"]]}, ": locked[0] names the entry B, which is not in this file. Write one of it."),
        (PAIR | {"sector_seat": "no"}, ": sector_seat is 'no'. Write true or false."),
        (PAIR | {"own_country_max": "a"}, ": own_country_max is 'a'. Write a whole number, 0 to 2147483648 or null."),
        ([], ": the whole is a list. Write an object with judges, entries and affinity."),
    ],
)  # fmt: skip
def test_a_problem_is_refused_at_its_place(tmp_path: Path, capsys: Any, problem: Any, words: str) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem), encoding="utf-8")

    code, out, error = told(capsys, "assign", file)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


@pytest.mark.parametrize(
    ("name", "written", "words"),
    [
        ("a.csv", "entry,judge,value,weight\nA,x,7,2\n", ", line 1: the column “weight” means nothing here."),
        ("a.csv", "entry,judge,value\nA,x,1_000\n", ", line 2: value is “1_000”. Write a number."),
        ("a.csv", "entry,judge,value\nA,x,٨\n", ", line 2: value is “٨”. Write a number."),
        ("a.csv", "entry,judge,value\nA,x,1e13\n", ", line 2: value is “1e13”. Write a number from -1e+12 to 1e+12."),
        ("a.csv", "entry,judge,value,\nA,x,7,late\n", ", line 2: “late” stands in a column without a name. Take it out."),
        ("a.json", '{"marks": [{"entry": "A", "judge": "x", "valeu": 7}]}', ", marks[0]: “valeu” means nothing here."),
        ("a.json", '{"marks": [{"entry": "A", "judge": "x"}]}', ", marks[0]: there is no value. Write a number, or null"),
        ("a.json", '{"marks": [{"entry": "A", "judge": "x", "value": "1_000"}]}', ", marks[0]: value is '1_000'. Write a"),
        ("a.json", '{"marks": [{"entry": "A", "judge": "x", "value": 1e13}]}', ", marks[0]: value is 10000000000000.0. Write a number from"),
        ("a.json", '{"marks": [{"entry": "", "judge": "x", "value": 1}]}', ", marks[0]: expected an object with entry, judge and value."),
        ("a.csv", "entry,judge,value\n", ": nothing stands below the first line. Write a line for each entry of a judge."),
        ("a.json", '{"marks": []}', ": marks is an empty list. Write an object for each mark."),
        ("a.json", '{"marks": [], "model": "mean"}', ": “model” means nothing here. Take it out, or call it one of marks, entries."),
        ("a.json", '{"marks": [], "entries": [{"id": "A", "anchor": "no"}]}', ": entries[0].anchor is 'no'. Write true or false."),
        ("a.json", '{"marks": [], "entries": [{"id": "A", "achor": true}]}', ", entries[0]: “achor” means nothing here."),
        ("a.json", '{"sheets": [], "ranking": {"modle": "sum"}}', ", ranking: “modle” means nothing here."),
        ("a.json", '{"sheets": [{"entry": "A", "judge": "x", "totl": "7"}]}', ", sheets[0]: “totl” means nothing here."),
        ("a.json", '{"marks": [], "entries": [{"id": "A", "anchor": true}]}', ": entries: no mark is of the sample “A”."),
        ("a.json", '{"marks": [], "marks": []}', ": the name “marks” stands twice in one object (a list and a list)."),
    ],
)  # fmt: skip
def test_marks_are_refused_at_their_place(tmp_path: Path, capsys: Any, name: str, written: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(written, encoding="utf-8")

    code, out, error = told(capsys, "rank", file)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("assign", "--reads", "-1"), "argument --reads: is -1; expected a whole number from 0 to"),
        (("assign", "--load-max", "many"), "argument --load-max: is many; expected a whole number"),
        (("assign", "--seed", "-1"), "argument --seed: is -1; expected a whole number, 0 or more"),
        (("rank", "--top", "0"), "argument --top: is 0; expected a whole number from 1 to"),
        (("rank", "--draws", "1000000"), "argument --draws: is 1000000; expected a whole number from 1 to 100000"),
        (("rank", "--seed", "1_0"), "argument --seed: is 1_0; expected a whole number, 0 or more"),
    ],
)
def test_an_option_that_cannot_be_is_named(tmp_path: Path, capsys: Any, options: tuple, words: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*options, str(tmp_path / "a.csv")])

    assert (caught.value.code, words in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--load-min", 5, "--load-max", 2), ": --load-min is 5, more than --load-max, 2. Change one of the two."),
        (("--load-min", 5), ": --load-min is 5, more than what --load-max is by default, 2. Change one of the two."),
    ],
)
def test_loads_that_cross_are_those_of_the_options(tmp_path: Path, capsys: Any, options: tuple, words: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("judge,entry,affinity\nx,A,1\n", encoding="utf-8")

    code, _, error = told(capsys, "assign", file, "--reads", 1, *options)

    assert (code, error) == (2, f"{file}{words}\n")


def test_an_affinity_that_is_too_large_is_told_with_its_line(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("judge,entry,affinity\nx,A,1\nx,B,1e10\n", encoding="utf-8")

    code, _, error = told(capsys, "assign", file, "--reads", 1)

    assert (code, error) == (2, f"{file}, line 3: affinity is “1e10”. Write a number from -1e+09 to 1e+09.\n")


def test_rank_of_a_bundle_is_the_bundle_s_own_unless_asked(tmp_path: Path, capsys: Any) -> None:
    part = content()
    part["ranking"] = {"model": "median", "top_k": [2], "draws": 300, "seed": 5}
    bundle = seal(part)
    file = tmp_path / "bundle.json"
    file.write_bytes(canonical(bundle))

    own = json.loads(told(capsys, "rank", file, "--json")[1])
    other = json.loads(told(capsys, "rank", file, "--json", "--model", "mean", "--top", 1)[1])

    names = ("entry", "rank", "p_win", "p_top", "rank_interval")
    rows = [{name: row[name] for name in names} | {"adjusted": row["score"]} for row in own["entries"]]
    assert sorted(rows, key=lambda row: row["entry"]) == [
        {name: row[name] for name in (*names, "adjusted")}
        for row in json.loads(canonical(bundle))["ranking"]["entries"]
    ]
    assert (own["model"], other["model"], list(other["entries"][0]["p_top"])) == ("median", "mean", ["1"])


def test_rank_of_a_bundle_has_the_bundle_s_chances_whatever_its_order(tmp_path: Path, capsys: Any) -> None:
    """E10 stands before E2 as a text and not in the bundle; E11 has no total."""
    part = content()
    names = {"E2": "E10", "E3": "E2"}
    for row in (*part["sheets"], *part["recusals"], *part["decisions"]):
        row["entry"] = names.get(row["entry"], row["entry"])
    part["assignment"]["seats"] = [
        *([judge, names.get(entry, entry)] for judge, entry in part["assignment"]["seats"]), ["J10", "E11"],
    ]  # fmt: skip
    part["sheets"].append({"judge": "J10", "entry": "E11", "scores": {"need": "7"}})
    part["entries"] = [{"id": name} for name in ("E2", "E6", "E11", "E10", "E5", "E1", "E4")]
    part["judges"] = [{"id": name} for name in ("J3", "J10", "J2", "J1")]
    bundle = json.loads(canonical(seal(part)))
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")

    own = json.loads(told(capsys, "rank", file, "--json")[1])

    rows = {row["entry"]: row for row in own["entries"]}
    told_of = ("entry", "rank", "adjusted", "raw_mean", "p_win", "p_top", "rank_interval")
    expected = [{name: row[name] for name in told_of} for row in bundle["ranking"]["entries"]]
    assert [{name: rows[row["entry"]][name] for name in told_of} for row in expected] == expected
    assert (rows["E11"]["rank"], own["entries"][-1]["entry"]) == (0, "E11")
    assert [row["judge"] for row in own["judges"]] == ["J3", "J10", "J2", "J1"]


def test_what_is_short_is_told_by_name(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("judge,entry,affinity\nw,A,1\nx,A,1\ny,A,1\nx,B,1\nz,C,1\n", encoding="utf-8")

    code, out, error = told(capsys, "assign", file, "--reads", 2, "--load-max", 2, "--json")

    short = json.loads(out)["shortages"]
    assert code == 1
    assert [(s["lack"], s["missing"], s["entries"], s["judges"]) for s in short] == [
        ("seats", 1, ["B"], ["x"]), ("seats", 1, ["C"], ["z"]),
    ]  # fmt: skip
    assert error == "".join(f"{s['words']}\n" for s in short)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_gap_that_is_no_share_is_told_without_a_number(capsys: Any, *, as_json: bool) -> None:
    problem = AssignmentProblem([[0.0, 0.0], [-1.0, 0.0]], np.zeros((2, 2), bool), [1, 1], [0, 0], [1, 1])

    commands._print_seats(reassign(problem, [[False, True], [True, False]]), as_json=as_json)

    out = capsys.readouterr().out
    if as_json:
        assert json.loads(out)["gap"] is None
    else:
        assert out.endswith("\nThe objective is below 0, what no assignment can pass.\n")


def test_a_table_of_a_ranking_has_a_dash_where_there_is_no_figure(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "marks.csv"
    file.write_text("entry,judge,value\nA,x,7\nA,y,6\nB,x,5\nB,y,6\nC,x,9\nC,y,9\n", encoding="utf-8")

    code, out, _ = told(capsys, "rank", file, "--anchor", "C")

    assert (code, out.splitlines()[3].split()) == (0, ["–", "C", "–", "–", "–", "–", "–"])
    assert "nan" not in out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks.csv", "entry,judge,value\nA,x,7\nA,y,6\nB,x,5\nB,y,6\nC,x,\nC,y,\n"),
        ("marks.json", '[["A", "x", 7], ["A", "y", 6], ["B", "x", 5], ["B", "y", 6], ["C", "x", null]]'),
        ("listed.json", '[["A", "x", 7], ["A", "y", 6], ["B", "x", 5], ["B", "y", 6]]'),
    ],
)
def test_an_entry_without_a_mark_is_not_passed_over(tmp_path: Path, capsys: Any, name: str, text: str) -> None:
    file = tmp_path / name
    if name.endswith("json"):
        marks = [dict(zip(("entry", "judge", "value"), row, strict=True)) for row in json.loads(text)]
        listed = {"entries": [{"id": each} for each in "ABC"]} if name == "listed.json" else {}
        text = json.dumps({"marks": marks, **listed})
    file.write_text(text, encoding="utf-8")

    code, out, err = told(capsys, "rank", file, "--reads", 2)

    assert code == 0
    assert any(line.split()[:2] == ["–", "C"] for line in out.splitlines())
    assert "has no mark and no rank" in out + err


def test_order_of_lines_changes_nothing(tmp_path: Path, capsys: Any) -> None:
    lines = [f"{judge},{entry},{(judge * entry) % 5 / 5}" for judge in range(1, 4) for entry in range(1, 6)]
    random.Random(1).shuffle(lines)
    told_of = []
    for order in (sorted(lines), lines):
        file = tmp_path / "pairs.csv"
        file.write_text("judge,entry,affinity,\n" + "".join(f"{line},\n" for line in order), encoding="utf-8")
        told_of.append(told(capsys, "assign", file, "--reads", 1))

    assert told_of[0] == told_of[1]
    assert told_of[0][0] == 0


def test_a_prescribed_result_has_the_adjusted_score_beside_it(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "marks.csv"
    rows = ["A,x,8", "A,z,7", "B,x,7", "B,z,6", "C,x,9", "C,y,6", "D,x,6", "D,y,5", "E,y,6", "E,z,7", "F,y,4", "F,z,6"]
    file.write_text("entry,judge,value\n" + "\n".join(rows), encoding="utf-8")

    prescribed = told(capsys, "rank", file, "--model", "median", "--top", 2)[1]
    usual = told(capsys, "rank", file, "--top", 2)[1]
    row = json.loads(told(capsys, "rank", file, "--model", "median", "--json")[1])["entries"][0]

    assert prescribed.splitlines()[0].split("  ")[0] == "rank"
    assert [column in prescribed.splitlines()[0] for column in ("score", "adjusted", "mean", "ranks (90 %)")] == [
        True
    ] * 4
    assert prescribed.splitlines()[1].split()[:5] in (
        ["1", "=", "A", "7.50", "6.85"],
        ["1", "A", "7.50", "6.85", "7.50"],
    )
    assert "Ranked by score (median)" in prescribed
    assert "= this entry and the next one cannot be told apart" in usual
    assert "score" not in usual.splitlines()[0]
    assert (row["entry"], row["score"], round(row["adjusted"], 2)) == ("A", 7.5, 6.85)


def test_groups_that_share_no_judge_are_named(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "marks.csv"
    file.write_text("entry,judge,value\nA,x,7\nB,x,6\nC,y,5\nD,y,6\nE,y,6\n", encoding="utf-8")

    code, out, error = told(capsys, "rank", file, "--json")

    assert code == 1
    assert json.loads(out)["components"] == [
        {"entries": ["C", "D", "E"], "judges": ["y"]}, {"entries": ["A", "B"], "judges": ["x"]},
    ]  # fmt: skip
    assert error.splitlines()[0] == json.loads(out)["words"]
    assert error.splitlines()[1:] == ["  entries C, D, E; judges y", "  entries A, B; judges x"]
    assert told(capsys, "rank", file)[1] == ""


def test_marks_that_were_to_be_there_are_counted(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "marks.csv"
    file.write_text("entry,judge,value\nA,x,7\nA,y,6\nB,x,5\n", encoding="utf-8")

    assert "1 entry has fewer than 2 marks." in told(capsys, "rank", file, "--reads", 2)[1]


POOLS: dict[str, Any] = {
    "judges": [{"id": "x", "pool": "north"}, {"id": "y", "pool": "north"}, {"id": "z", "pool": ""}],
    "entries": [{"id": "A", "pool": "north"}, {"id": "B", "pool": "south"}],
    "affinity": [[0.9, 0.1], [0.8, 0.7], [0.1, 0.6]],
    "parts": {"expertise": [[1, 0], [0.5, 0.5], [0, 1]], "language": [[1, 1], [1, 1], [0, 0]]},
    "reads": 2,
    "outside_seat": True,
}


def test_an_outside_seat_and_parts_can_be_given_and_explained(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(POOLS), encoding="utf-8")

    code, out, _ = told(capsys, "assign", file, "--json", "--explain")
    words = told(capsys, "assign", file, "--explain")[1]

    explained = json.loads(out)["explanation"]
    seat = next(seat for seat in explained["seats"] if (seat["judge"], seat["entry"]) == ("x", "A"))
    assert (code, ["z", "A"] in json.loads(out)["seats"]) == (0, True)
    assert seat == {
        "judge": "x", "entry": "A", "affinity": 0.9, "rank": 1, "locked": False,
        "parts": {"expertise": 1, "language": 1},
    }  # fmt: skip
    assert explained["entries"][0] == {"entry": "A", "total": 1, "best": 1.7, "limits": {"y": "outside"}}
    assert explained["judges"][2] == {"judge": "z", "load": 2, "load_min": 0, "load_max": 2}
    assert "A has 1.000 of 1.700; not y (outside)." in words
    assert "explanation" not in json.loads(told(capsys, "assign", file, "--json")[1])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"judges": [{"id": "x"}, *POOLS["judges"][1:]]}, ": judges[0].pool is missing. Write a text, which outside_seat needs"),
        ({"parts": {"expertise": [[1, 0]]}}, ": parts.expertise has 1 lists. Write 3, one for each judge."),
        ({"parts": {"expertise": [[1, 0], [1, "a"], [0, 0]]}}, ": parts.expertise[1, 1] is 'a'; expected a number."),
        ({"parts": [1]}, ": parts is a list. Write an object: name of a part, its numbers as affinity has them."),
    ],
)  # fmt: skip
def test_pools_and_parts_are_refused_at_their_place(tmp_path: Path, capsys: Any, change: Any, words: str) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(POOLS | change), encoding="utf-8")

    code, out, error = told(capsys, "assign", file)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


def test_a_search_that_was_given_up_says_what_to_do(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds of conjugate gradients too few for a chain of judges."""
    monkeypatch.setattr(variances, "DENSE_JUDGES", 5)
    monkeypatch.setattr(iterative, "ROUNDS", 1)
    file = tmp_path / "marks.csv"
    lines = [f"{judge + side},j{judge},{(judge * 7 + side * 3) % 5}" for judge in range(60) for side in (0, 1)]
    file.write_text("entry,judge,value\n" + "\n".join(lines), encoding="utf-8")

    code, out, error = told(capsys, "rank", file)

    assert (code, out) == (3, "")
    assert "not foreseen" not in error
    assert (
        "are not solved after 1 rounds; expected marks that connect judges better. The marks hang together by" in error
    )
