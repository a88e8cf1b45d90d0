"""The written schema of a results bundle says what the package makes and refuses what it refuses."""

import contextlib
import copy
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import competitions.judging.bundle as format_of
from competitions.judging import RankingModel, schema
from competitions.judging.bundle import Unreadable, canonical, digests_of, seal, verify
from competitions.judging.marks_files import ASKED, SAMPLES
from competitions.judging.problem_files import PROBLEM
from competitions.judging.totals import Kind
from tests.judging.test_bundle import content

pytestmark = pytest.mark.once

SCHEMA = json.loads((Path(format_of.__file__).parent / "bundle.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def made(**ranking: Any) -> dict[str, Any]:
    given = content()
    given["ranking"] |= ranking
    return json.loads(canonical(seal(given)))


def faults(bundle: Any) -> list[str]:
    return sorted(".".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(bundle))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("model", list(RankingModel))
def test_what_is_sealed_is_valid(model: RankingModel) -> None:
    assert faults(made(model=model.value)) == []


def test_bundles_without_marks_or_with_sheets_below_coverage_are_valid() -> None:
    empty = content() | {"sheets": [], "decisions": []}
    partial = content()
    partial["sheets"][0]["scores"]["team"] = None

    bundles = [json.loads(canonical(seal(given))) for given in (empty, partial)]

    assert [faults(bundle) for bundle in bundles] == [[], []]
    assert bundles[1]["sheets"][0]["total"] is None
    assert [verify(bundle) for bundle in bundles] == [[], []]


def test_the_schema_names_what_the_package_knows() -> None:
    assert SCHEMA["properties"]["format"]["const"] == format_of.FORMAT
    assert SCHEMA["properties"]["ranking"]["properties"]["model"]["enum"] == [model.value for model in RankingModel]
    assert SCHEMA["$defs"]["criterion"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert SCHEMA["$defs"]["parts"]["required"] == list(format_of.PARTS)


def keywords(node: Any) -> Iterator[str]:
    """All that a schema asks with, names of properties and of definitions aside."""
    for key, inside in node.items():
        yield key
        nodes = inside.values() if key in ("properties", "$defs") else inside if isinstance(inside, list) else [inside]
        for below in nodes:
            if isinstance(below, dict) and key not in ("enum", "const"):
                yield from keywords(below)


def test_nothing_is_asked_that_the_package_s_own_reader_passes_over() -> None:
    told = {"$schema", "$id", "title", "description"}
    read = set(re.findall(r'"(\$?[a-zA-Z]+)"', inspect.getsource(schema)))
    asked = [SCHEMA, PROBLEM.written, SAMPLES.written, ASKED.written]

    assert {key for node in asked for key in keywords(node)} - told - read == set()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b.update(format="judging-results/2"), "format"),
        (lambda b: b.pop("recusals"), ""),
        (lambda b: b.update(more=1), ""),
        (lambda b: b["sheets"][3]["scores"].update(need=7), "sheets.3.scores.need"),
        (lambda b: b["sheets"][3].update(total="seven"), "sheets.3.total"),
        (lambda b: b["assignment"]["seats"][2].append("x"), "assignment.seats.2"),
        (lambda b: b["ranking"].update(seed=-1), "ranking.seed"),
        (lambda b: b["ranking"]["entries"][1].update(p_win=1.5), "ranking.entries.1.p_win"),
        (lambda b: b["rubric"]["criteria"][0].update(kind="taste"), "rubric.criteria.0.kind"),
        (lambda b: b["digests"].update(whole="abc"), "digests.whole"),
    ],
)
def test_what_is_no_bundle_is_invalid_at_its_place(change: Any, place: str) -> None:
    bundle = copy.deepcopy(made())

    change(bundle)

    assert faults(bundle) == [place]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b["sheets"][7]["scores"].update(team="5"), "sheets[7]"),
        (lambda b: b["rubric"]["criteria"][1].update(weight="41"), "rubric.criteria[1]"),
        (lambda b: b["recusals"][0].update(judge="J3"), "recusals[0]"),
        (lambda b: b["assignment"].update(seed=5), "assignment"),
        (lambda b: b["ranking"].update(seed=9), "ranking"),
    ],
)
def test_valid_and_changed_in_one_place_is_found_there(change: Any, place: str) -> None:
    bundle = copy.deepcopy(made())

    change(bundle)

    assert faults(bundle) == []
    assert place in [fault.place for fault in verify(bundle)]


ODD = (None, True, 3, -1, 2.5, "zz", " 8", "1E1", "", [], {}, ["x"], {"x": 1})


def places(value: Any, way: tuple = ()) -> Iterator[tuple]:
    """The way to everything in a bundle, of a list to the first two."""
    if way:
        yield way
    for key in value if isinstance(value, dict) else range(min(2, len(value))) if isinstance(value, list) else ():
        yield from places(value[key], (*way, key))


def test_what_the_schema_refuses_never_agrees_whoever_computed_the_digests() -> None:
    """Each value of a bundle in turn is another one, or is not there, or has something beside it; its digests are new."""
    bundle = made(draws=20)
    unseen = []
    for *above, key in places({part: bundle[part] for part in bundle if part != "digests"}):
        for odd in (*ODD, "taken away", "added"):
            changed = copy.deepcopy(bundle)
            at = changed
            for step in above:
                at = at[step]
            if odd == "taken away":
                del at[key]
            elif odd == "added" and isinstance(at, dict):
                at["added"] = "more"
            else:
                at[key] = odd
            if not VALIDATOR.is_valid(changed) and agrees(changed):
                unseen.append((above, key, odd))

    assert unseen == []


def agrees(changed: dict[str, Any]) -> bool:
    with contextlib.suppress(KeyError, TypeError, AttributeError):  # a part that has no items
        changed["digests"] = digests_of(changed)
    try:
        return verify(changed) == []
    except Unreadable:
        return False


def of_engine(engine: str, **changed: Any) -> list[str]:
    """Places of the faults of a bundle that says so, with new digests."""
    bundle = made() | {"engine": engine}
    bundle["ranking"]["entries"][0] |= changed
    bundle["digests"] = digests_of(bundle)
    return [fault.place for fault in verify(bundle)]


def test_an_earlier_engine_agrees_where_it_gave_the_same_and_is_told_where_not() -> None:
    earlier = "competitions.judging 2"

    assert of_engine(earlier) == []
    assert of_engine(earlier, rank=6) == ["engine", "ranking.entries[0].rank"]


@pytest.mark.parametrize("engine", ["competitions.judging 99", "competitions.judging 02", "another", "another 2"])
def test_another_engine_never_agrees(engine: str) -> None:
    assert of_engine(engine) == ["engine"]


def test_another_engine_is_told() -> None:
    bundle = made() | {"engine": "competitions.judging 3"}

    assert str(verify(bundle)[0]).startswith("engine: is 'competitions.judging 3'; this is 'competitions.judging 4'")
