"""Whatever marks, files and bundles hold: an answer that is defined, or an error that says where and what to do."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from competitions.judging import (
    AssignmentProblem,
    Criterion,
    Marks,
    NotComparable,
    Rubric,
    assign,
    home_effect,
    krippendorff_alpha,
    mean_places,
    next_reads,
    parity,
    rank,
    reassign,
    reliability,
)
from competitions.judging.bundle import Unreadable, canonical, seal, verify
from competitions.judging.commands import main
from tests.judging.test_bundle import content

pytestmark = pytest.mark.once

FUZZED = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
NAN = float("nan")


@pytest.mark.parametrize(
    ("marks", "ranks", "sure"),
    [
        pytest.param(([], [], [], 0, 0), [], True, id="no entry"),
        pytest.param(([], [], [], 2, 1), [0, 0], True, id="no mark"),
        pytest.param(([0], [0], [5], 1, 1), [1], True, id="one entry, one judge"),
        pytest.param(([0, 0, 0], [0, 1, 2], [5, 6, 7], 1, 3), [1], False, id="one entry"),
        pytest.param(([0, 1, 2], [0, 0, 0], [5, 7, 6], 3, 1), [3, 1, 2], False, id="one judge"),
        pytest.param(([0, 1], [0, 0], [5, 5], 2, 1), [1, 1], True, id="one judge, equal marks"),
        pytest.param(([0, 0, 1, 1], [0, 1, 0, 1], [5, 5, 5, 5], 2, 2), [1, 1], True, id="all marks equal"),
        pytest.param(([0, 0, 1, 1, 2], [0, 1, 0, 1, 2], [5, 6, 3, 4, 9], 3, 3), None, None, id="apart"),
        pytest.param(([0, 0, 1, 1, 2, 1], [0, 1, 0, 1, 2, 2], [7, 6, 3, 4, 9, 4], 4, 3), [2, 3, 1, 0], True,
                     id="an entry with one mark, one with none"),
        pytest.param(([0, 0, 1, 1, 2, 2, 0], [0, 1, 0, 1, 0, 1, 2], [9, 8, 5, 4, 2, 1, 9], 3, 3), [1, 2, 3], True,
                     id="a judge with one mark"),
        pytest.param(([0, 0, 1, 1], [0, 1, 0, 1], [1e12, 1e12, -1e12, 0], 2, 2), [1, 2], True, id="very large"),
        pytest.param(([0, 0, 1, 1], [0, 1, 0, 1], [1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4], 2, 2), [2, 1], True, id="far off"),
    ],
)  # fmt: skip
def test_odd_marks_have_a_defined_answer(marks: tuple, ranks: list[int] | None, sure: bool | None) -> None:
    marks = Marks(*marks)

    if ranks is None:
        with pytest.raises(NotComparable):
            rank(marks)
        return
    ranking = rank(marks, draws=100)

    assert ranking.rank.tolist() == ranks
    seen = marks.reads > 0
    assert np.isfinite(ranking.adjusted[seen]).all()
    assert np.isnan(ranking.adjusted[~seen]).all()
    assert np.isfinite(ranking.p_win[seen]).all() == (sure or not seen.any())


GOOD: dict[str, Any] = {"entry": [0, 0, 1], "judge": [0, 1, 0], "value": [1, 2, 3], "n_entries": 2, "n_judges": 2}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [1, NAN, 3]}, "value[1] is nan; expected a finite number"),
        ({"value": [1, 2, float("-inf")]}, "value[2] is -inf; expected a finite number"),
        ({"value": [1, 1e13, 3]}, "value[1] is 10000000000000.0; expected a number from -1e+12 to 1e+12"),
        ({"value": ["1", "2", "3"]}, "value[0] is '1'; expected a number"),
        ({"value": [1, 2]}, "entry has the shape (3,); expected (2,), one for each value"),
        ({"entry": [0, 0, 2]}, "entry[2] is 2; expected an index, 0 to 1"),
        ({"entry": [0, 0, -1]}, "entry[2] is -1; expected an index, 0 to 1"),
        ({"entry": [0, 0, NAN]}, "entry[2] is nan; expected a whole number, an index"),
        ({"entry": [0, float("inf"), 1]}, "entry[1] is inf; expected a whole number, an index"),
        ({"entry": [0, 0, 1e300]}, "entry[2] is 1e+300; expected an index, 0 to 1"),
        ({"entry": [True, False, True]}, "entry[0] is True; expected a whole number, an index"),
        ({"entry": ["0", "0", "1"]}, "entry[0] is '0'; expected a number"),
        ({"entry": [[0], 0, 1]}, "entry has rows of different lengths; expected (3,), one for each value"),
        ({"value": [[1, 2], 3]}, "value has rows of different lengths; expected one number for each mark"),
        ({"value": [1, 2j, 3]}, "value[1] is 2j; expected a number"),
        ({"judge": [0, 2, 0]}, "judge[1] is 2; expected an index, 0 to 1"),
        ({"judge": [[0, 1, 0]]}, "judge has the shape (1, 3); expected (3,), one for each value"),
        ({"judge": [0, 0, 0]}, "entry[1], judge[1] repeat row 0: judge 0 marks entry 0 twice"),
        ({"n_entries": 0}, "entry[0] is 0; expected no mark at all"),
        ({"n_entries": 1.5}, "n_entries is 1.5; expected a whole number, 0 or more"),
        ({"n_judges": "2"}, "n_judges is '2'; expected a whole number, 0 or more"),
    ],
)
def test_bad_marks_say_which_array_which_index_and_what_was_expected(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Marks(**(GOOD | change))

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"top_k": (0,)}, "top_k holds 0; expected whole numbers, 1 or more"),
        ({"top_k": (1.5,)}, "top_k holds 1.5; expected whole numbers, 1 or more"),
        ({"draws": 0}, "draws is 0; expected a whole number, 1 to 100,000"),
        ({"draws": 10**9}, "draws is 1000000000; expected a whole number, 1 to 100,000"),
        ({"seed": -1}, "seed is -1; expected a whole number, 0 or more"),
        ({"seed": 1.5}, "seed is 1.5; expected a whole number, 0 or more"),
        ({"asked_reads": -1}, "asked_reads is -1; expected a whole number, 0 or more"),
        ({"model": "best"}, "model is 'best'; expected one of severity, mean, trimmed_mean, median, rank_points, sum"),
        ({"anchors": [[0], [1, 0]]}, "anchors has rows of different lengths; expected indices of entries"),
        ({"anchors": [[0]]}, "anchors has 2 dimension(s); expected one, indices of entries"),
    ],
)
def test_bad_wishes_are_refused_in_words(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        rank(Marks(**GOOD), **asked)

    assert words in str(caught.value)


RANKED = rank(Marks(**GOOD))
CRITERION = Criterion("need", maximum=10, weight=100)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assign(None), "problem is a NoneType; expected AssignmentProblem"),
        (lambda: reassign(None, []), "problem is a NoneType; expected AssignmentProblem"),
        (lambda: rank(None), "marks is a NoneType; expected Marks"),
        (lambda: reliability(None), "marks is a NoneType; expected Marks"),
        (lambda: krippendorff_alpha([1]), "marks is a list; expected Marks"),
        (lambda: home_effect(None, []), "marks is a NoneType; expected Marks"),
        (lambda: Rubric(None), "criteria is a NoneType; expected several of Criterion"),
        (lambda: Rubric(({"code": "need"},)), "criteria[0] is a dict; expected a Criterion"),
        (lambda: Rubric((CRITERION,), asked="need"), "asked is 'need'; expected a set of codes"),
        (lambda: Rubric((CRITERION,), asked=[["need"]]), "asked holds ['need']; expected codes of criteria"),
        (lambda: Rubric((CRITERION,)).total(None), "values is a NoneType; expected a mapping, code -> value"),
        (lambda: parity([1, 2], None, 1), "groups is a NoneType; expected a text for each entry"),
        (lambda: parity([1, 2], (name for name in "ab"), 1), "groups is a generator; expected a text for each entry"),
        (lambda: next_reads(RANKED, top_k=[1]), "top_k is [1]; the ranking has probabilities for [1, 3]"),
        (lambda: rank(Marks(**GOOD), progress=3), "progress is 3; expected a function or None"),
        (
            lambda: assign(AssignmentProblem([[1.0]], [[False]], [1], [0], [1]), progress="bar"),
            "progress is 'bar'; expected a function or None",
        ),
        (lambda: mean_places(None, 2), "orders is a NoneType; expected an order of entries for each judge"),
        (lambda: Criterion("need", only_stages=5), "criterion need has only_stages 5; expected a set of stages"),
        (lambda: verify({}, whole="abc"), "'abc' is no digest; expected 64 hexadecimal digits"),
        (lambda: verify({}, whole=7), "7 is no digest; expected 64 hexadecimal digits"),
    ],
)
def test_what_is_something_else_is_refused_by_name(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()

    assert str(caught.value) == words


def test_marks_and_rankings_are_equal_to_themselves_alone() -> None:
    marks = Marks(**GOOD)

    assert (marks == marks, marks == Marks(**GOOD), rank(marks) == RANKED) == (True, False, False)
    assert len({marks, marks, RANKED}) == 2


@pytest.mark.parametrize("pair", [(1.5, 0), ("a", 0), (True, 0), (0, 2), (0, -1), (None, 1)])
def test_who_is_compared_is_an_entry(pair: tuple) -> None:
    ranking = rank(Marks(**GOOD))
    wrong = next(each for each in pair if type(each) is not int or not 0 <= each < 2)

    with pytest.raises(ValueError) as caught:
        ranking.prefers(*pair)

    assert str(caught.value) == f"entry {wrong!r} does not exist; expected 0 to 1"


def test_marks_of_more_pairs_than_a_number_can_hold_are_no_repeat() -> None:
    many = 2**40

    marks = Marks([0, many - 1], [0, many - 1], [1, 2], many, many)

    assert marks.judge.tolist() == [0, many - 1]
    with pytest.raises(ValueError, match=r"entry\[2\], judge\[2\] repeat row 0"):
        Marks([0, many - 1, 0], [0, many - 1, 0], [1, 2, 3], many, many)


def test_marks_are_a_copy_that_nobody_changes() -> None:
    value = np.array([1.0, 2.0, 3.0])
    marks = Marks(**(GOOD | {"value": value}))

    value[0] = 9

    assert marks.value.tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        marks.value[0] = 9


@pytest.mark.filterwarnings("error")
def test_only_anchors_have_no_ranking_and_no_reliability() -> None:
    ranking = rank(Marks([0, 0, 1, 1], [0, 1, 0, 1], [1, 3, 5, 4], 2, 2), anchors=[0, 1])

    assert ranking.rank.tolist() == [0, 0]
    assert not any("reliability" in warning for warning in ranking.warnings)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ([True, False, 2], "own_country[2] is 2; expected true or false"),
        ([[0, 1], [NAN, 0]], "own_country[1, 0] is nan; expected true or false"),
        ([[0, 1], [0]], "own_country has rows of different lengths; expected"),
    ],
)
def test_home_effect_says_where_there_is_no_truth(own: list, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        home_effect(Marks(**GOOD), own)

    assert words in str(caught.value)


def test_home_effect_asks_for_a_truth_for_each_mark() -> None:
    with pytest.raises(ValueError, match=r"own_country has the shape \(2,\); expected \(3,\), one for each mark, or"):
        home_effect(Marks(**GOOD), [True, False])


def _requires(held: bool) -> None:
    assert held


NUMBERS = st.sampled_from([0, 1, -1, 2, 7.5, 1e-9, 1e6, 1e12, 1e13, NAN, float("inf"), True]) | st.floats(width=32)
INDICES = st.integers(-1, 6) | st.sampled_from([0.5, NAN])


@FUZZED
@given(
    st.lists(st.tuples(INDICES, INDICES, NUMBERS), max_size=14),
    st.integers(0, 6),
    st.integers(0, 6),
    st.sampled_from(["severity", "mean", "trimmed_mean", "median", "rank_points", "sum"]),
)
def test_any_marks_are_ranked_or_refused_in_words(rows: list, entries: int, judges: int, model: str) -> None:
    entry, judge, value = ([row[side] for row in rows] for side in range(3))

    try:
        marks = Marks(entry, judge, value, entries, judges)
    except ValueError as error:
        _requires("expected" in str(error))
        return
    try:
        ranking = rank(marks, model=model, draws=20)
    except NotComparable as error:
        _requires(len(error.components) > 1)
        return

    assert ((ranking.rank > 0) == (marks.reads > 0)).all()
    assert np.isfinite(ranking.adjusted[marks.reads > 0]).all()
    told = ranking.p_win[np.isfinite(ranking.p_win)]
    assert not len(told) or told.sum() == pytest.approx(1)
    assert len(next_reads(ranking)) == min(5, entries)
    reliability(marks)
    home_effect(marks, marks.value > np.median(marks.value) if len(marks) else [])


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def answers(capsys: Any, command: str, file: Path) -> None:
    """The shell is told how it ended; where nothing is printed, words name the file or what is missing."""
    code, out, error = told(capsys, command, file)

    assert code in (0, 1, 2)
    assert "not foreseen" not in error
    assert out or error
    if code == 2:
        assert str(file) in error
        assert "Traceback" not in error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=4),
    lambda inside: st.lists(inside, max_size=4)
    | st.dictionaries(
        st.sampled_from(["marks", "sheets", "entry", "judge", "value", "total", "judges", "entries", "affinity", "id",
                         "reads", "languages", "language", "country", "sectors", "forbidden", "locked", "load_max"]),
        inside,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@FUZZED
@given(JSON, st.sampled_from(["rank", "assign", "verify"]))
@example({"marks": [{"entry": "\ud800", "judge": "x", "value": 1}]}, "rank")
@example({"marks": [{"entry": ["a"], "judge": {}, "value": 1}]}, "rank")
@example({"marks": [{"entry": "a", "judge": "x", "value": 10**400}]}, "rank")
@example(
    {"judges": [{"id": "x", "languages": 3}], "entries": [{"id": "a", "language": "ru"}], "affinity": [[1]]}, "assign"
)
@example({"judges": [{"id": "x"}], "entries": [{"id": "a"}], "affinity": [[1]], "locked": [[{}, []]]}, "assign")
@example({"judges": [{"id": "x"}], "entries": [{"id": "a"}], "affinity": {"x": 1}}, "assign")
def test_any_json_is_answered(tmp_path_factory: Any, capsys: Any, value: Any, command: str) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "a.json"
    file.write_text(json.dumps(value), encoding="utf-8")

    answers(capsys, command, file)


@FUZZED
@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "x", "", "1", "0.5", "2,5", "nan", "1e99", '"', "\n", "é", " "]) | st.text(max_size=3),
                      max_size=5), max_size=6),
    st.sampled_from(["entry,judge,value\n", "judge;entry;affinity;locked\n", "entry,judge,value,value\n", ""]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["rank", "assign"]),
)  # fmt: skip
def test_any_table_is_answered(
    tmp_path_factory: Any, capsys: Any, rows: list, head: str, mark: str, command: str
) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "a.csv"
    table = "\n".join(mark.join(row) for row in rows)
    file.write_bytes((head + table).encode("utf-8", "surrogatepass"))

    answers(capsys, command, file)


@pytest.mark.parametrize(
    ("name", "written", "words"),
    [
        ("a.json", b"\xff\xfe", ": is not UTF-8 text. Save it as UTF-8."),
        ("a.json", b"[" * 100_000, ": a number is too long, or too much stands inside each other."),
        ("a.json", b'{"marks": [{"entry": "a", "judge": "x", "value": NaN}]}', ", marks[0]: value is nan. Write a number."),
        ("a.json", b'{"marks": 3}', ": there is no list “marks”.".encode()),
        ("a.csv", b"", ", line 1: there is no column entry or judge or value (found: nothing)."),
        ("a.csv", b"entry,judge,value,Value\n", ", line 1: the column value stands there twice. Take one of them out."),
        ("a.csv", b"entry,judge,value\na,x," + b"1" * 400 + b"\n", f", line 2: value is “{'1' * 40}…”.".encode()),
        ("a.csv", b"entry,judge,value\n\na,x,inf\n", ", line 3: value is “inf”. Write a number.".encode()),
    ],
)  # fmt: skip
def test_bad_files_are_named_with_place_and_remedy(
    tmp_path: Path, capsys: Any, name: str, written: bytes, words: str | bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(written)

    code, out, error = told(capsys, "rank", file)

    assert (code, out) == (2, "")
    assert str(file) in error
    assert (words.decode() if isinstance(words, bytes) else words) in error


def test_a_cell_that_is_too_long_is_named(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f'entry,judge,value\na,x,"{"1" * 200}"\n')
    usual = csv.field_size_limit(100)
    try:
        _code, _out, error = told(capsys, "rank", file)
    finally:
        csv.field_size_limit(usual)

    assert f"{file}, line 2: cannot be read as CSV (field larger than" in error


def staged() -> dict[str, Any]:
    """Some entries have a stage, and a criterion is for one stage alone."""
    part = content()
    part["rubric"]["criteria"] += [
        {"code": "growth", "kind": "weight", "weight": None, "parent": None},
        {
            "code": "sales",
            "kind": "weight",
            "weight": "20",
            "maximum": "10",
            "parent": "growth",
            "only_stages": ["late"],
        },
    ]
    for number, entry in enumerate(part["entries"]):
        entry["stage"] = "late" if number < 3 else "early"
    for sheet in part["sheets"]:
        sheet["scores"] |= {"sales": "7"} if sheet["entry"] in ("E1", "E2", "E3") else {}
    return part


SEALED = canonical(seal(staged()))
ODD = st.none() | st.booleans() | st.integers(-2, 10**9) | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})


@FUZZED
@given(st.data(), ODD)
def test_any_changed_bundle_is_answered(data: Any, odd: Any) -> None:
    """One value anywhere in a bundle is another one: its place is told, or what the format expects there."""
    bundle = json.loads(SEALED)
    at, before = bundle, None
    while isinstance(at, dict | list) and at:
        before = at
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else list(range(len(at)))))
        at = at[key]
        if data.draw(st.integers(0, 5)) == 0:
            break
    same = canonical(at) == canonical(odd)
    before[key] = odd

    try:
        faults = verify(json.loads(json.dumps(bundle)))
    except Unreadable as error:
        _requires(any(word in str(error) for word in ("expected", "missing", "reads")))
        return

    assert bool(faults) != same


def test_bytes_are_the_same_in_every_process_and_on_both_numbers_of_threads() -> None:
    script = (
        "import hashlib; from competitions.judging import rank, severity; from tests.judging.simulated import competition\n"
        "found = hashlib.sha256()\n"
        "for judges, most in ((12, 1000), (200, 1000), (200, 10)):\n"
        "    severity.DENSE_JUDGES = most\n"
        "    ranking = rank(competition(3, entries=5 * judges, judges=judges, uneven=0.4)[0], draws=100)\n"
        "    for part in (ranking.adjusted, ranking.interval, ranking.severity_error, ranking.noise, ranking.draws):\n"
        "        found.update(part.tobytes())\n"
        "print(found.hexdigest())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "2")
    ]

    assert len(told[0]) == 65
    assert len(set(told)) == 1


def test_terminal_without_letters_and_closed_pipe(tmp_path: Path) -> None:
    file = tmp_path / "а.csv"
    file.write_text("entry,judge,value\nЁ,x,1\nЁ,y,девять\n", encoding="utf-8")
    many = tmp_path / "many.csv"
    rows = [f"entry {e},judge {j},{e * j % 7}\n" for e in range(3000) for j in range(3)]
    many.write_text("entry,judge,value\n" + "".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "competitions.judging", "rank"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}

    bad = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False, env=environment)
    with subprocess.Popen([*command, str(many)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline() if process.stdout else ""
        if process.stdout:
            process.stdout.close()
        error = process.stderr.read() if process.stderr else ""

    assert (bad.returncode, "line 3" in bad.stderr, "Traceback" in bad.stderr) == (2, True, False)
    assert first.startswith("rank")
    assert error == ""
