"""A results bundle agrees with itself, and tells where it was changed."""

import contextlib
import copy
import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from competitions.judging import iterative, variances
from competitions.judging.bundle import PARTS, Unreadable, canonical, digests_of, seal, verify
from competitions.judging.commands import main

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
        (lambda b: b["decisions"].append({"entry": "E3", "outcome": "finalist"}), "decisions[1].outcome"),
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
    changed = copy.deepcopy(sealed)
    changed["sheets"][4]["scores"]["need"] = "9"
    changed["digests"] = digests_of(changed)

    assert [fault.place for fault in verify(changed)] == ["sheets[4].total"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b.pop("sheets"), "the part sheets is missing"),
        (lambda b: b.update(format="other/2"), "format is 'other/2'; this version reads 'judging-results/1'"),
        (lambda b: b["sheets"].append(3), "sheets[12] is 3; expected an object"),
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


def test_command_works_in_a_shell_without_django(sealed: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(canonical(sealed | {"recusals": []}))
    loaded = "import sys, competitions.judging.commands; print([m for m in sys.modules if m.split('.')[0] == 'django'])"

    code, out, error = shell("verify", str(file))
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert (code, error) == (1, "")
    assert f"{file} does not agree:\n  recusals: has 0 items; 1 were sealed\n" in out
    assert modules.stdout == "[]\n"


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def test_verify_says_that_it_agrees(sealed: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(canonical(sealed))

    assert told(capsys, "verify", file)[0] == 0
    whole = sealed["digests"]["whole"]
    assert told(capsys, "verify", file, "--json") == (0, f'{{"agrees":true,"faults":[],"whole":"{whole}"}}\n', "")
    assert f"Its whole is {whole}; compare it with what was announced.\n" in told(capsys, "verify", file)[1]


def test_verify_compares_with_the_whole_that_was_announced(sealed: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    """Who changes a score and seals again makes a bundle that agrees with itself and not with what was announced."""
    whole = sealed["digests"]["whole"]
    other = content()
    other["sheets"][4]["scores"]["need"] = "9"
    file = tmp_path / "results.json"
    file.write_bytes(canonical(seal(other)))

    code, out, _ = told(capsys, "verify", file, "--whole", whole)
    alone = told(capsys, "verify", file)
    file.write_bytes(canonical(sealed))
    right = told(capsys, "verify", file, "--whole", whole.upper())

    assert (code, alone[0], right[0]) == (1, 0, 0)
    assert f"digests.whole: the whole is {seal(other)['digests']['whole']}; {whole} was announced" in out
    assert right[1].endswith(f"Its whole is {whole}, as announced.\n")
    assert verify(sealed, whole=f" {whole.upper()}\n") == []


def test_a_digest_that_is_none_is_told(sealed: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["verify", str(tmp_path / "results.json"), "--whole", "abc"])

    assert (caught.value.code, "'abc' is no digest" in capsys.readouterr().err) == (2, True)


def test_digests_are_those_of_bundles_sealed_before(sealed: dict[str, Any]) -> None:
    """Of every part but the ranking, as the first version of this format had them."""
    before = {
        "rubric": "d614d9bc3562edb9",
        "entries": "8449cb71f912fcc4",
        "judges": "63cbca952747c4d7",
        "assignment": "1fd408d7e8136d4a",
        "recusals": "52a62f14b7756f79",
        "sheets": "7be47475aeb28298",
        "decisions": "28e8dff946587520",
    }

    assert {part: sealed["digests"]["parts"][part][:16] for part in before} == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b["assignment"]["seats"].append(["J1", "E1"]), "assignment.seats[12]: judge J1 has a seat for entry E1"),
        (lambda b: b["assignment"]["seats"].append(["J2", "E1"]), "assignment.seats[12]: judge J2 stepped back from"),
        (lambda b: [row.update(rank=True) for row in b["ranking"]["entries"] if row["rank"] == 1], "rank is true; expected"),
        (lambda b: [row.update(rank=1.0) for row in b["ranking"]["entries"] if row["rank"] == 1], "rank is 1.0; expected"),
        (lambda b: b["sheets"][0].update(total="80.0"), "sheets[0].total: is 80.0; the scores give 80"),
        (lambda b: b.update(winner="E5"), "winner is not known here; expected one of format, engine, rubric"),
        (lambda b: b["digests"].update(note="E5"), "digests.note is not known here"),
        (lambda b: b["rubric"].update(coverge="0.5"), "rubric.coverge is not known here; expected one of version,"),
        (lambda b: b["rubric"]["criteria"][0].update(weigth="40"), "rubric.criteria[0].weigth is not known here"),
        (lambda b: b["entries"][0].update(achor=True), "entries[0].achor is not known here; expected one of id, stage"),
        (lambda b: b["sheets"][0].update(socres={}), "sheets[0].socres is not known here"),
        (lambda b: b["ranking"].update(tpo_k=[1]), "ranking.tpo_k is not known here"),
        (lambda b: b["decisions"][0].update(outcme="x"), "decisions[0].outcme is not known here"),
        (lambda b: b["digests"]["parts"].update(winner="0" * 64), "digests.parts is an object; expected an object with the"),
        (lambda b: b["digests"]["items"].pop("recusals"), "digests.items.recusals is missing"),
        (lambda b: b["sheets"][0]["scores"].update(need=8), "sheets[0].scores.need is 8; expected a decimal number, as a"),
        (lambda b: b["sheets"][0]["scores"].update(need=" 8 "), "sheets[0].scores.need is ' 8 '; expected a decimal"),
        (lambda b: b["sheets"][0]["scores"].update(need="8\n"), "sheets[0].scores.need is '8\\n'; expected a decimal"),
        (lambda b: b["sheets"][0]["scores"].update(need="0.8E1"), "sheets[0].scores.need is '0.8E1'; expected a decimal"),
        (lambda b: b["sheets"][0]["scores"].update(need="\u0668"), "sheets[0].scores.need is '\u0668'; expected a decimal"),
        (lambda b: b["rubric"]["criteria"][0].update(only_stages=5), "criteria[0].only_stages is 5; expected a list"),
        (lambda b: b["rubric"]["criteria"][0].update(only_stages=True), "criteria[0].only_stages is true; expected a list"),
        (lambda b: b["rubric"]["criteria"][1].update(kind="stars"), "rubric.criteria[1].kind is 'stars'; expected one of weight,"),
        (lambda b: b["rubric"]["criteria"][1].update(weight="x"), "rubric.criteria[1].weight is 'x'; expected a decimal"),
        (lambda b: b["entries"][0].update(points=float("inf")), "entries[0].points is inf; expected a finite number"),
        (lambda b: b["decisions"][0].update(points=float("nan")), "decisions[0].points is nan; expected a finite number"),
        (lambda b: b["assignment"].update(total=12.3456789012), "assignment.total is 12.3456789012; expected at most 9 digits"),
        (lambda b: b["entries"][0].update(name="\ud800"), "entries[0].name holds half a character"),
    ],
)  # fmt: skip
def test_what_is_changed_with_its_digests_never_agrees(sealed: dict[str, Any], change: Any, words: str) -> None:
    changed = copy.deepcopy(sealed)
    change(changed)
    with contextlib.suppress(ValueError):  # what has no canonical bytes keeps its digests
        changed["digests"] |= digests_of(changed) if set(changed["digests"]["items"]) == set(PARTS) else {}
    if "parts is" in words:
        changed["digests"]["parts"]["winner"] = "0" * 64

    try:
        told = "; ".join(map(str, verify(changed)))
    except Unreadable as error:
        told = str(error)

    assert words in told


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"need":"8"', '"need":"1","need":"8"', ": the name “need” stands twice in one object ('1' and '8') beside team '4'."),
        ('"reason":"",', '"reason":"","reason":"bribed",', ": the name “reason” stands twice in one object"),
    ],
)  # fmt: skip
def test_a_name_that_stands_twice_is_refused(
    sealed: dict[str, Any], tmp_path: Path, capsys: Any, before: str, after: str, words: str
) -> None:
    """Python would take the second, another reader the first."""
    file = tmp_path / "results.json"
    written = canonical(sealed | {"decisions": [{"entry": "E3", "outcome": "winner", "reason": "", "x": 1}]}).decode()
    file.write_text(written.replace(before, after, 1), encoding="utf-8")

    code, out, error = told(capsys, "verify", file)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(recusal=c.pop("recusals")), "recusal is not known here; expected the parts rubric,"),
        (lambda c: c.pop("sheets"), "the part sheets is missing"),
        (lambda c: c.pop("ranking"), "the part ranking is missing"),
        (lambda c: c["ranking"].pop("top_k"), "ranking.top_k is missing; expected a list"),
        (lambda c: c["sheets"][0]["scores"].update(need=float("nan")), "sheets[0].scores.need is nan; expected a finite"),
        (lambda c: c["sheets"][0]["scores"].update(need=Decimal("NaN")), "sheets[0].scores.need is NaN; expected a finite"),
        (lambda c: c["sheets"][0]["scores"].update(need={8}), "sheets[0].scores.need is of the type set; expected what JSON"),
        (lambda c: c["sheets"][0]["scores"].update({8: "8"}), "sheets[0].scores has the key 8; expected a text"),
        (lambda c: c["assignment"]["seats"].pop(0), "sheets[0]: judge J1 has no seat for entry E1"),
        (lambda c: c["recusals"].append({"judge": "J1", "entry": "E1"}), "assignment.seats[0]: judge J1 stepped back from"),
        (lambda c: c["sheets"].append(dict(c["sheets"][0])), "sheets[12]: is a second sheet of judge J1 on entry E1"),
        (lambda c: c["sheets"][0].update(judge="J9"), "sheets[0]: judge J9 has no seat for entry E1"),
        (lambda c: c["rubric"]["criteria"][1].update(weight="x"), "rubric.criteria[1].weight is 'x'; expected a decimal"),
        (lambda c: [row.update(weight="0") for row in c["rubric"]["criteria"]], "the rubric has no criterion with a weight"),
        (lambda c: c["ranking"].update(seed=-1), "ranking.seed is -1; expected a whole number, 0 or more"),
        (lambda c: c["ranking"].update(draws=10**9), "ranking.draws is 1000000000; expected a whole number, 1 to 100000"),
        (lambda c: c["decisions"].append({"entry": "E3", "outcome": "out"}), "decisions[1].outcome: is out; decisions[0] says winner"),
        (lambda c: c.update(format="other/2"), "format is 'other/2'; this version writes"),
        (lambda c: c["entries"][0].update(more=deep(100)), "stands too deep; expected at most"),
    ],
)  # fmt: skip
def test_what_would_not_agree_is_not_sealed(change: Any, words: str) -> None:
    part = content()
    change(part)

    with pytest.raises(Unreadable) as caught:
        seal(part)

    assert words in str(caught.value)


def deep(levels: int) -> list:
    return [deep(levels - 1)] if levels else []


def test_numbers_are_sealed_as_the_decimals_that_they_are() -> None:
    part = content()
    part["rubric"] |= {"coverage": 0.55}
    part["rubric"]["criteria"][0] |= {"weight": Decimal("6E+1"), "maximum": 10, "step": 0.1}
    part["sheets"][0]["scores"] |= {"need": 7.3, "team": np.int64(4)}
    part["sheets"][1]["scores"] |= {"need": 1.123456789012345}
    part["rubric"]["criteria"][0].pop("step")

    bundle = seal(part)

    assert verify(json.loads(canonical(bundle))) == []
    assert (bundle["rubric"]["coverage"], bundle["rubric"]["criteria"][0]["weight"]) == ("0.55", "60")
    assert bundle["sheets"][0]["scores"] == {"need": "7.3", "team": "4"}
    assert bundle["sheets"][1]["scores"]["need"] == "1.123456789012345"


def test_a_ranking_that_cannot_be_solved_is_a_fault(sealed: dict[str, Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(variances, "DENSE_JUDGES", 1)  # so that conjugate gradients solve three
    assert [fault.place for fault in verify(sealed) if not fault.place.startswith("ranking.entries[")] == []

    monkeypatch.setattr(iterative, "ROUNDS", 0)
    (fault,) = verify(sealed)
    with pytest.raises(ArithmeticError):
        seal(content())

    assert fault.place == "ranking"
    assert fault.words.startswith("cannot be recomputed: the judges' equations are not solved after 0 rounds")


def test_a_bundle_can_be_sealed_again(sealed: dict[str, Any]) -> None:
    assert canonical(seal(sealed)) == canonical(sealed)


def test_an_error_that_nobody_foresaw_does_not_look_like_one_of_the_bundle(
    sealed: dict[str, Any], tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(canonical(sealed))

    def broken(*_: object) -> None:
        raise RuntimeError("no digests here")

    monkeypatch.setattr(hashlib, "sha256", broken)
    code, out, error = told(capsys, "verify", file)

    assert (code, out) == (3, "")
    assert error.startswith(
        f"{file}: an error that was not foreseen (RuntimeError: no digests here; test_bundle.py, line "
    )


def test_a_closed_pipe_does_not_make_a_bundle_agree(sealed: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(canonical(sealed | {"recusals": []}))
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, "-m", "competitions.judging", "verify", str(file)], stdout=writing, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_rank_reads_csv_as_spreadsheets_write_it(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "marks.csv"
    file.write_text("\ufeffEntry;Judge;Value\nA;x;7\nA;y;8\nB;x;5\nB;y;6,5\nC;x;\n", encoding="utf-8")

    code, out, error = told(capsys, "rank", file, "--json")

    assert (code, error) == (0, "")
    assert [(row["entry"], row["rank"]) for row in json.loads(out)["entries"]] == [("A", 1), ("B", 2), ("C", 0)]


def test_assign_prints_seats_or_what_is_missing(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("judge,entry,affinity\nx,A,1\ny,A,0.5\nx,B,0.2\ny,B,0.9\n", encoding="utf-8")

    code, out, _ = told(capsys, "assign", file, "--reads", 1, "--load-max", 1, "--json")
    short = told(capsys, "assign", file, "--reads", 2, "--load-max", 1)

    assert (code, json.loads(out)["seats"]) == (0, [["x", "A"], ["y", "B"]])
    assert short == (
        1,
        "",
        "A, B: they ask for 4 seats; 2 judges may read them and can take 2 in all. 2 seats are missing.\n",
    )


def test_assign_reads_languages_and_countries_from_json(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "problem.json"
    problem = {
        "reads": 1,
        "own_country_max": 0,
        "judges": [
            {"id": "x", "languages": ["ru"], "country": "KZ"},
            {"id": "y", "languages": ["ru", "en"], "country": "KG"},
        ],
        "entries": [{"id": "A", "language": "ru", "country": "KG"}, {"id": "B", "language": "en", "country": "KZ"}],
        "affinity": [[0.1, 1], [1, 0.1]],
    }
    file.write_text(json.dumps(problem), encoding="utf-8")

    code, out, _ = told(capsys, "assign", file, "--json")

    assert (code, json.loads(out)["seats"]) == (0, [["x", "A"], ["y", "B"]])


@pytest.mark.parametrize("countries", [("", ""), ("KZ", "")])
def test_nobody_without_a_country_is_of_the_entrant_s_own(
    tmp_path: Path, capsys: Any, countries: tuple[str, str]
) -> None:
    file = tmp_path / "problem.json"
    judge, entry = countries
    problem = {
        "reads": 1,
        "own_country_max": 0,
        "judges": [{"id": "x", "country": judge}],
        "entries": [{"id": "A", "country": entry}],
        "affinity": [[1]],
    }
    file.write_text(json.dumps(problem), encoding="utf-8")

    code, out, _ = told(capsys, "assign", file, "--json")

    assert (code, json.loads(out)["seats"]) == (0, [["x", "A"]])


PAIR: dict[str, Any] = {"judges": [{"id": "x"}], "entries": [{"id": "A"}], "affinity": [[1]], "reads": 1}


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"own_country_max": 0}, (), ": entries[0].country is missing. Write a text, which own_country_max needs"),
        ({"sector_seat": True}, (), ": entries[0].sectors is missing. Write a list of texts, which sector_seat needs."),
        ({"judges": [{"id": "x", "languages": "ru"}], "entries": [{"id": "A", "language": "r"}]}, (),
         ": judges[0].languages is 'ru'. Write a list of texts."),
        ({"entries": [{"id": "A", "language": "ru"}]}, (), ": judges[0].languages is missing. Write a list of texts."),
        ({"own_country": 1}, (), ": “own_country” means nothing here. Take it out, or call it one of entries, judges,"),
        ({"judges": [{"id": "x", "max": 1}]}, (), ", judges[0]: “max” means nothing here."),
        ({}, ("--reads", 2), ": --reads is for CSV. Write it into the file;"),
    ],
)  # fmt: skip
def test_no_rule_that_is_asked_for_is_left_out_in_silence(
    tmp_path: Path, capsys: Any, change: dict, options: tuple, words: str
) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(PAIR | change), encoding="utf-8")

    code, out, error = told(capsys, "assign", file, *options)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


def test_a_cap_needs_its_column(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("judge,entry,affinity\nx,A,1\n", encoding="utf-8")

    code, _, error = told(capsys, "assign", file, "--own-country-max", 0)

    assert code == 2
    assert f"{file}, line 1: there is no column own_country, which --own-country-max needs." in error


def test_a_sample_entry_is_not_ranked_and_a_bundle_without_that_mark_does_not_agree(
    tmp_path: Path, capsys: Any
) -> None:
    part = content()
    part["entries"][0]["anchor"] = True
    bundle = seal(part)

    assert bundle["ranking"]["entries"][0]["rank"] == 0
    assert verify(bundle) == []
    file = tmp_path / "bundle.json"
    file.write_bytes(canonical(bundle))
    code, out, _ = told(capsys, "rank", file, "--json")
    ranks = {row["entry"]: row["rank"] for row in json.loads(out)["entries"]}
    assert (code, ranks[bundle["entries"][0]["id"]]) == (0, 0)
    del bundle["entries"][0]["anchor"]
    assert [fault.place for fault in verify(bundle)][0] == "entries[0]"


def test_a_bundle_of_an_impossible_rubric_is_not_sealed() -> None:
    part = content()
    part["rubric"]["criteria"][0]["kind"] = "stars"

    with pytest.raises(Unreadable, match="stars"):
        seal(part)


@pytest.mark.parametrize(
    ("command", "name", "content", "words"),
    [
        ("rank", "a.csv", "entry,judge,value\nA,x,7\nA,y,nine\n", ", line 3: value is “nine”. Write a number."),
        (
            "rank",
            "a.csv",
            "entry,judge,value\nA,x,7\nA,x,8\n",
            ", line 3: judge x marks entry A again (first in line 2).",
        ),
        ("rank", "a.csv", "entry,value\nA,7\n", ", line 1: there is no column judge (found: entry, value)."),
        ("rank", "a.csv", "entry,judge,value\nA,x,7,1\n", ", line 2: more cells than the first line has columns."),
        (
            "rank",
            "a.json",
            '{"marks": [{"entry": "A"}]}',
            ", marks[0]: expected an object with entry, judge and value.",
        ),
        ("rank", "a.json", "{", ", line 1: this is not JSON"),
        (
            "assign",
            "a.csv",
            "judge,entry,affinity,own country\nx,A,1,1\n",
            ", line 1: the column “own country” means nothing here. Take it out, or call it one of judge, entry,",
        ),
        ("assign", "a.csv", "judge,entry,affinity,locked\nx,A,1,maybe\n", ", line 2: locked is “maybe”. Write 1 or 0."),
        ("assign", "a.json", '{"judges": [{}], "entries": [], "affinity": []}', ": judges[0].id is missing."),
        ("verify", "a.json", "[]", ": expected a JSON object with the parts rubric"),
    ],
)
def test_bad_files_are_named_with_line_and_remedy(
    tmp_path: Path, capsys: Any, command: str, name: str, content: str, words: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")

    code, out, error = told(capsys, command, file)

    assert (code, out) == (2, "")
    assert f"{file}{words}" in error


def test_the_platform_s_own_command_says_the_same(tmp_path: Path, capsys: Any) -> None:
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    bundle = seal(content())
    right.write_bytes(canonical(bundle))
    bundle["sheets"][0]["scores"]["team"] = "1"
    wrong.write_bytes(canonical(bundle))

    call_command("verify_results", str(right))
    with pytest.raises(SystemExit) as caught:
        call_command("verify_results", str(wrong), "--json")

    agrees, _whole, told_wrong = capsys.readouterr().out.splitlines()
    assert agrees == f"{right} agrees: every digest, total and rank is what its scores give."
    assert (caught.value.code, json.loads(told_wrong)["agrees"]) == (1, False)
    assert any(fault["place"].startswith("sheets[0]") for fault in json.loads(told_wrong)["faults"])


def test_file_that_is_not_there(tmp_path: Path, capsys: Any) -> None:
    assert "cannot be read (No such file or directory)" in told(capsys, "rank", tmp_path / "none.csv")[2]
