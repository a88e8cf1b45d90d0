"""Results that anybody can check: one JSON file with what went in and what came out, and digests of every part.

`seal` writes it, `verify` recomputes it: every total from its scores, the ranking from the totals, every digest from
its part. The format is in `docs/results-bundle.md` and `bundle.schema.json`. Judges stand in it under
pseudonyms.

Canonical bytes are JSON in UTF-8 with sorted keys, no spaces, no digits that are not there: numbers that decide
(scores, weights, totals) are strings of decimals, computed floats are rounded to nine digits. A digest is the SHA-256
of these bytes.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from competitions.judging.marks import Marks, NotComparable
from competitions.judging.ranking import Ranking, rank
from competitions.judging.totals import Criterion, Kind, Rubric

FORMAT = "judging-results/1"
ENGINE = "competitions.judging 4"  # another number where the same input gives another result
DIGITS = 9
DECIMALS = 30
PARTS = ("rubric", "entries", "judges", "assignment", "recusals", "sheets", "ranking", "decisions")
LISTS = {
    "rubric": "criteria",
    "assignment": "seats",
    "ranking": "entries",
}  # what is digested item by item within a part


@dataclass(frozen=True)
class Fault:
    """`place`: where in the file, as `sheets[3].total`. `words`: what is there and what was expected."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class Unreadable(ValueError):  # noqa: N818 - says what happened
    """The file is not a results bundle; the message says where and what was expected."""


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value that are the same however it was written."""
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence | np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else _short(float(value))
    return str(value) if isinstance(value, Decimal) else value


def _short(value: float) -> float:
    rounded = float(f"{value:.{DIGITS}g}")
    return 0.0 if rounded == 0 else rounded


def seal(content: Mapping[str, Any]) -> dict[str, Any]:
    """A bundle of `content` (the parts but for what is computed) with totals, ranking and digests.

    `content["ranking"]` gives model, top_k, draws and seed. Raises Unreadable as `verify` does, NotComparable as
    `rank` does.
    """
    bundle = _plain({"format": FORMAT, "engine": ENGINE, **{part: content.get(part, []) for part in PARTS}})
    _require_shape(bundle)
    stages = {entry["id"]: entry.get("stage", "") for entry in bundle["entries"]}
    try:
        rubric = rubric_of(bundle["rubric"])
        for number, sheet in enumerate(bundle["sheets"]):
            try:
                sheet["total"] = _total(bundle, rubric, stages, sheet)
            except Unreadable as error:
                raise Unreadable(f"sheets[{number}].scores: {error}") from error
        bundle["ranking"]["entries"] = ranked_rows(bundle)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    bundle["digests"] = digests_of(bundle)
    return bundle


def digests_of(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Digest of each part, of each item of the parts that are lists, and of the whole."""
    parts = {part: digest(bundle[part]) for part in PARTS}
    items = {part: [digest(item) for item in _items(bundle, part)] for part in PARTS}
    whole = digest({"format": bundle["format"], "engine": bundle["engine"], "parts": parts})
    return {"whole": whole, "parts": parts, "items": items}


def _items(bundle: Mapping[str, Any], part: str) -> Sequence[Any]:
    return bundle[part][LISTS[part]] if part in LISTS else bundle[part]


def verify(bundle: Any) -> list[Fault]:
    """What does not agree in a bundle; empty if everything does. Raises Unreadable if it is no bundle at all."""
    _require_shape(bundle)
    _require_computed(bundle)
    return [
        *_engine_faults(bundle),
        *_digest_faults(bundle),
        *_seat_faults(bundle),
        *_total_faults(bundle),
        *_ranking_faults(bundle),
    ]


def _engine_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    if bundle["engine"] != ENGINE:
        yield Fault("engine", f"is {bundle['engine']!r}; this is {ENGINE!r}, which may rank a little differently")


def _digest_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    told, found = bundle["digests"], digests_of(bundle)
    for part in PARTS:
        inside = f"{part}.{LISTS[part]}" if part in LISTS else part
        before, now = told["items"].get(part, []), found["items"][part]
        if len(before) != len(now):
            yield Fault(inside, f"has {len(now)} items; {len(before)} were sealed")
        changed = [number for number, (a, b) in enumerate(zip(before, now, strict=False)) if a != b]
        for number in changed:
            yield Fault(f"{inside}[{number}]", f"was changed after it was sealed{_named(_items(bundle, part)[number])}")
        if told["parts"].get(part) != found["parts"][part] and not changed and len(before) == len(now):
            beside = [key for key in bundle[part] if key != LISTS.get(part)] if part in LISTS else []
            yield Fault(part, f"was changed after it was sealed, in {' or '.join(beside)}" if beside else "was changed")
    if told.get("whole") != found["whole"] and told["parts"] == found["parts"]:
        yield Fault("digests.whole", "does not agree with the parts, the format and the engine")


def _named(item: Any) -> str:
    if not isinstance(item, Mapping):
        return f" ({', '.join(map(str, item))})" if isinstance(item, list) else ""
    names = [f"{key} {item[key]}" for key in ("judge", "entry", "id", "code") if key in item]
    return f" ({', '.join(names)})" if names else ""


def _seat_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    entries = {entry["id"] for entry in bundle["entries"]}
    judges = {judge["id"] for judge in bundle["judges"]}
    seats = {tuple(seat) for seat in bundle["assignment"]["seats"]}
    recused = {(row["judge"], row["entry"]) for row in bundle["recusals"]}
    seen = set()
    for number, (judge, entry) in enumerate(bundle["assignment"]["seats"]):
        if judge not in judges or entry not in entries:
            yield Fault(
                f"assignment.seats[{number}]",
                f"names judge {judge} and entry {entry}, one of which is not in the bundle",
            )
    for number, sheet in enumerate(bundle["sheets"]):
        pair = (sheet["judge"], sheet["entry"])
        if pair in seen:
            yield Fault(f"sheets[{number}]", f"is a second sheet of judge {pair[0]} on entry {pair[1]}")
        seen.add(pair)
        if pair not in seats:
            yield Fault(f"sheets[{number}]", f"judge {pair[0]} has no seat for entry {pair[1]}")
        if pair in recused:
            yield Fault(f"sheets[{number}]", f"judge {pair[0]} stepped back from entry {pair[1]} and has a sheet")
    for number, row in enumerate(bundle["recusals"]):
        if row["judge"] not in judges or row["entry"] not in entries:
            yield Fault(f"recusals[{number}]", f"names judge {row['judge']} and entry {row['entry']}, not both in here")
    for number, row in enumerate(bundle["decisions"]):
        if row["entry"] not in entries:
            yield Fault(f"decisions[{number}]", f"names entry {row['entry']}, which is not in the bundle")


def _total_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        rubric = rubric_of(bundle["rubric"])
        rubric.shares()
    except ValueError as error:
        yield Fault("rubric.criteria", str(error))
        return
    stages = {entry["id"]: entry.get("stage", "") for entry in bundle["entries"]}
    for number, sheet in enumerate(bundle["sheets"]):
        try:
            total = _total(bundle, rubric, stages, sheet)
        except Unreadable as error:
            yield Fault(f"sheets[{number}].scores", str(error))
            continue
        if total != sheet["total"]:
            who = f"judge {sheet['judge']}, entry {sheet['entry']}"
            yield Fault(f"sheets[{number}].total", f"is {sheet['total']}; the scores give {total} ({who})")


def _ranking_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        rows = json.loads(canonical(ranked_rows(bundle)))
    except (ValueError, NotComparable) as error:
        yield Fault("ranking", f"cannot be recomputed: {error}")
        return
    told = bundle["ranking"]["entries"]
    if len(told) != len(rows):
        yield Fault("ranking.entries", f"has {len(told)} rows; the sheets give {len(rows)}")
    for number, (row, expected) in enumerate(zip(told, rows, strict=False)):
        for key in sorted(set(row) | set(expected)):
            if row.get(key) != expected.get(key):
                where = f"ranking.entries[{number}].{key}"
                yield Fault(
                    where, f"is {row.get(key)}; the sheets give {expected.get(key)} (entry {expected['entry']})"
                )


def rubric_of(part: Mapping[str, Any]) -> Rubric:
    """The rubric of a bundle's part. Raises ValueError as `Rubric` does."""
    criteria = tuple(
        Criterion(
            code=row["code"],
            kind=Kind(row["kind"]),
            **{name: _decimal(row.get(name), name) for name in ("weight", "minimum", "maximum", "step")},
            parent=row.get("parent"),
            only_stages=frozenset(row.get("only_stages", ())),
        )
        for row in part["criteria"]
    )
    return Rubric(criteria, bool(part.get("nested_weights", False)))


def _total(
    bundle: Mapping[str, Any], rubric: Rubric, stages: Mapping[str, str], sheet: Mapping[str, Any]
) -> str | None:
    stage = stages.get(sheet["entry"], "")
    own = rubric.for_stage(stage) if stage else rubric
    scores = {code: _decimal(value, code) for code, value in sheet["scores"].items()}
    coverage = _decimal(bundle["rubric"].get("coverage", "1"), "coverage")
    try:
        total = own.total(scores, coverage=coverage if coverage is not None else 1)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return None if total.value is None else str(total.value)


def ranked_rows(bundle: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the ranking, recomputed from the totals, in the order of the entries."""
    asked = bundle["ranking"]
    ranking = ranking_of(bundle)
    rows = []
    for index, entry in enumerate(bundle["entries"]):
        rows.append(
            {
                "entry": entry["id"],
                "rank": int(ranking.rank[index]),
                "rank_interval": [int(place) for place in ranking.rank_interval[index]],
                "adjusted": _number(ranking.adjusted[index]),
                "standard_error": _number(ranking.standard_error[index]),
                "raw_mean": _number(ranking.raw_mean[index]),
                "p_win": _number(ranking.p_win[index]),
                "p_top": {str(k): _number(ranking.p_top[k][index]) for k in asked["top_k"]},
            }
        )
    return rows


def ranking_of(bundle: Mapping[str, Any]) -> Ranking:
    """The ranking as the bundle asks for it, from its totals."""
    asked = bundle["ranking"]
    entries = {entry["id"]: index for index, entry in enumerate(bundle["entries"])}
    judges = {judge["id"]: index for index, judge in enumerate(bundle["judges"])}
    counted = [sheet for sheet in bundle["sheets"] if sheet.get("total") is not None]
    for number, sheet in enumerate(bundle["sheets"]):
        if sheet["entry"] not in entries or sheet["judge"] not in judges:
            raise Unreadable(f"sheets[{number}] names a judge or an entry that is not in the bundle")
    marks = Marks(
        np.array([entries[sheet["entry"]] for sheet in counted], np.int64),
        np.array([judges[sheet["judge"]] for sheet in counted], np.int64),
        np.array([float(Decimal(sheet["total"])) for sheet in counted], float),
        len(entries),
        len(judges),
    )
    return rank(
        marks,
        model=asked["model"],
        top_k=tuple(asked["top_k"]),
        draws=asked["draws"],
        seed=asked["seed"],
        anchors=[index for index, entry in enumerate(bundle["entries"]) if entry.get("anchor")],
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else _short(float(value))


def _decimal(value: Any, name: str) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise Unreadable(f"{name} is {value!r}; expected a decimal number, as a string") from error
    if not number.is_finite() or abs(number.adjusted()) > DECIMALS or len(number.as_tuple().digits) > DECIMALS:
        raise Unreadable(f"{name} is {value!r}; expected a finite number of at most {DECIMALS} digits")
    return number


KEYS: dict[str, dict[str, tuple[type | tuple[type, ...], bool]]] = {
    "rubric.criteria": {"code": (str, True), "kind": (str, True), "only_stages": (list, False)},
    "entries": {"id": (str, True), "stage": (str, False), "anchor": (bool, False)},
    "judges": {"id": (str, True)},
    "recusals": {"judge": (str, True), "entry": (str, True), "reason": (str, False)},
    "sheets": {"judge": (str, True), "entry": (str, True), "scores": (dict, True)},
    "decisions": {"entry": (str, True), "outcome": (str, True), "reason": (str, False)},
}


def _require_shape(bundle: Any) -> None:
    if not isinstance(bundle, Mapping):
        raise Unreadable("expected a JSON object with the parts " + ", ".join(PARTS))
    if bundle.get("format") != FORMAT:
        raise Unreadable(f"format is {bundle.get('format')!r}; this version reads {FORMAT!r}")
    for part in PARTS:
        if part not in bundle:
            raise Unreadable(f"the part {part} is missing")
        _require_type(part, bundle[part], Mapping if part in LISTS else list)
    for part, inside in LISTS.items():
        if part != "ranking":
            _require_type(f"{part}.{inside}", bundle[part].get(inside), list)
    for row_place, row in ((f"rubric.criteria[{n}]", row) for n, row in enumerate(bundle["rubric"]["criteria"])):
        _require_type(row_place, row, Mapping)
        if row.get("parent") is not None:
            _require_type(f"{row_place}.parent", row["parent"], str)
        if not all(isinstance(stage, str) for stage in row.get("only_stages") or ()):
            raise Unreadable(f"{row_place}.only_stages is {row['only_stages']!r}; expected texts")
    for place, keys in KEYS.items():
        part, _, inside = place.partition(".")
        for number, row in enumerate(bundle[part][inside] if inside else bundle[part]):
            _require_type(f"{place}[{number}]", row, Mapping)
            for key, (kind, needed) in keys.items():
                if key in row or needed:
                    _require_type(f"{place}[{number}].{key}", row.get(key), kind)
    for number, seat in enumerate(bundle["assignment"]["seats"]):
        if not (isinstance(seat, list) and len(seat) == 2 and all(isinstance(name, str) for name in seat)):
            raise Unreadable(f"assignment.seats[{number}] is {seat!r}; expected [judge, entry]")
    for key, kind in (("model", str), ("top_k", list), ("draws", int), ("seed", int)):
        _require_type(f"ranking.{key}", bundle["ranking"].get(key), kind)
    if not all(isinstance(k, int) and not isinstance(k, bool) for k in bundle["ranking"]["top_k"]):
        raise Unreadable(f"ranking.top_k is {bundle['ranking']['top_k']!r}; expected whole numbers")
    if "nested_weights" in bundle["rubric"]:
        _require_type("rubric.nested_weights", bundle["rubric"]["nested_weights"], bool)
    for part in ("entries", "judges"):
        names = [row["id"] for row in bundle[part]]
        twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
        if twice is not None:
            raise Unreadable(f"{part} holds {twice} twice; expected every id once")


def _require_computed(bundle: Mapping[str, Any]) -> None:
    """What `seal` writes beside what it was given."""
    _require_type("engine", bundle.get("engine"), str)
    _require_type("ranking.entries", bundle["ranking"].get("entries"), list)
    for number, row in enumerate(bundle["ranking"]["entries"]):
        _require_type(f"ranking.entries[{number}]", row, Mapping)
    for number, sheet in enumerate(bundle["sheets"]):
        if "total" not in sheet:
            raise Unreadable(f"sheets[{number}].total is missing; expected a decimal number, as a string, or null")
        if sheet["total"] is not None:
            _require_type(f"sheets[{number}].total", sheet["total"], str)
            _decimal(sheet["total"], f"sheets[{number}].total")
    _require_type("digests", bundle.get("digests"), Mapping)
    for name in ("parts", "items"):
        _require_type(f"digests.{name}", bundle["digests"].get(name), Mapping)
    for part, items in bundle["digests"]["items"].items():
        _require_type(f"digests.items.{part}", items, list)


def _require_type(place: str, value: Any, kind: type | tuple[type, ...]) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {
            Mapping: "an object",
            dict: "an object",
            list: "a list",
            str: "a text",
            int: "a whole number",
            bool: "true or false",
        }
        found = "nothing" if value is None else type(value).__name__
        raise Unreadable(f"{place} is {found}; expected {names.get(kind, kind)}")
