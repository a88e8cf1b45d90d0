"""Results that anybody can check: one JSON file with what went in and what came out, and digests of every part.

`seal` writes it, `verify` recomputes it: every total from its scores, the ranking from the totals, every digest from
its part. `bundle.schema.json` is the format. Judges stand in it under pseudonyms.

Canonical bytes are JSON in UTF-8 with sorted keys, no spaces, no digits that are not there: numbers that decide
(scores, weights, totals) are strings of decimals, computed floats are rounded to nine significant digits. A digest is
the SHA-256 of these bytes.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from .marks import Marks, NotComparable
from .ranking import Ranking, rank
from .schema import Schema, shown
from .totals import Criterion, Kind, Rubric

FORMAT = "judging-results/1"
# Another number where the same input gives another result. The name is the format's, whatever the folder is called.
ENGINE = "competitions.judging 4"
DIGITS = 9  # of computed floats
DEEPEST = 60  # lists and objects inside each other
LARGEST_WHOLE = 10**300
PARTS = ("rubric", "entries", "judges", "assignment", "recusals", "sheets", "ranking", "decisions")
LISTS = {
    "rubric": "criteria",
    "assignment": "seats",
    "ranking": "entries",
}  # what is digested item by item within a part
MAY_BE_ABSENT = ("recusals", "decisions")  # from what is sealed: there were none
COMPUTED = ("format", "engine", "digests")  # what `seal` writes itself, whatever it is given
NOT_YET = {
    "whole": "0" * 64,
    "parts": dict.fromkeys(PARTS, "0" * 64),
    "items": {part: [] for part in PARTS},
}


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
    """The bytes of a JSON value that are the same however it was written. Raises ValueError for an infinity or half a
    character, TypeError for what is no JSON.
    """
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_in(text: str) -> str:
    """As digests are written here: 64 hexadecimal digits, small. Raises ValueError for what is none."""
    found = text.strip().lower() if isinstance(text, str) else ""
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise ValueError(f"{text!r} is no digest; expected 64 hexadecimal digits")
    return found


def _plain(value: Any, *, short: bool = True) -> Any:
    """As `json.loads` would give it; `short`: floats rounded, and null for one that is no number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, short=short) for key, item in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence | np.ndarray):
        return [_plain(item, short=short) for item in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return _number(float(value)) if short else float(value)
    return _written(value) if isinstance(value, Decimal) else value


def _written(number: Decimal) -> str:
    """All of its digits, without an exponent."""
    return f"{number:f}"


def _short(value: float) -> float:
    rounded = float(f"{value:.{DIGITS}g}")
    return 0.0 if rounded == 0 else rounded


def seal(content: Mapping[str, Any]) -> dict[str, Any]:
    """A bundle of `content` (the parts but for what is computed) with totals, ranking and digests.

    `content["ranking"]` gives model, top_k, draws and seed. `recusals` and `decisions` may be absent where there are
    none. Scores, weights and what else is written as a decimal may be given as numbers. What was computed before
    (totals, ranking, digests) is computed anew.

    Raises Unreadable for whatever `verify` would not agree with: an unknown or a missing part, a number that is none, a
    sheet without a seat; NotComparable and ArithmeticError as `rank` does.
    """
    bundle = _to_seal(content)
    _require_shape({**bundle, "digests": NOT_YET})
    fault = next(chain(_seat_faults(bundle), _decision_faults(bundle)), None)
    if fault is not None:
        raise Unreadable(str(fault))
    stages = {entry["id"]: entry.get("stage", "") for entry in bundle["entries"]}
    try:
        rubric = rubric_of(bundle["rubric"])
        rubric.shares()
        for number, sheet in enumerate(bundle["sheets"]):
            try:
                sheet["total"] = _total(bundle, rubric, stages, sheet)
            except Unreadable as error:
                raise Unreadable(f"sheets[{number}].scores: {error}") from error
        bundle["ranking"]["entries"] = ranked_rows(bundle)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    bundle["digests"] = digests_of(bundle)
    _require_shape(bundle)
    return bundle


def _to_seal(content: Mapping[str, Any]) -> dict[str, Any]:
    """The parts as they will stand in the file, nothing computed yet."""
    if not isinstance(content, Mapping):
        raise Unreadable(f"the content is {shown(content)}; expected an object with the parts {', '.join(PARTS)}")
    _require_json("", content)
    if content.get("format", FORMAT) != FORMAT:
        raise Unreadable(f"format is {content['format']!r}; this version writes {FORMAT!r}")
    unknown = next((name for name in content if name not in (*PARTS, *COMPUTED)), None)
    if unknown is not None:
        raise Unreadable(f"{unknown} is not known here; expected the parts {', '.join(PARTS)}")
    absent: dict[str, Any] = {part: [] for part in MAY_BE_ABSENT}
    given = {part: content[part] for part in PARTS if part in content}
    bundle = _plain({"format": FORMAT, "engine": ENGINE, **absent, **given}, short=False)
    for where, names in _decimals_of(bundle):
        where.update({name: _as_text(where[name]) for name in names if name in where})
    for sheet in _objects(bundle.get("sheets")):
        sheet["total"] = None
    if isinstance(bundle.get("ranking"), dict):
        bundle["ranking"]["entries"] = []
    return _plain(bundle)


def _decimals_of(bundle: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Sequence[str]]]:
    """Objects with decimals in them, and the names of these."""
    for rubric in _objects([bundle.get("rubric")]):
        yield rubric, ("coverage",)
        for criterion in _objects(rubric.get("criteria")):
            yield criterion, ("weight", "minimum", "maximum", "step")
    for sheet in _objects(bundle.get("sheets")):
        for scores in _objects([sheet.get("scores")]):
            yield scores, tuple(scores)


def _objects(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _as_text(value: Any) -> Any:
    """A number as the decimal that it was written as; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return _written(Decimal(repr(value)))


def digests_of(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Digest of each part, of each item of the parts that are lists, and of the whole."""
    parts = {part: digest(bundle[part]) for part in PARTS}
    items = {part: [digest(item) for item in _items(bundle, part)] for part in PARTS}
    whole = digest({"format": bundle["format"], "engine": bundle["engine"], "parts": parts})
    return {"whole": whole, "parts": parts, "items": items}


def _items(bundle: Mapping[str, Any], part: str) -> Sequence[Any]:
    return bundle[part][LISTS[part]] if part in LISTS else bundle[part]


def verify(bundle: Any, *, whole: str | None = None) -> list[Fault]:
    """What does not agree in a bundle; empty if everything does.

    bundle   as `json.loads` gives it
    whole    the digest of the whole that was announced with the result: only it tells of somebody who changed a bundle
             and computed everything in it again

    A ranking that cannot be recomputed, as where `rank` raises NotComparable or ArithmeticError, is a fault too. Raises
    Unreadable if it is no results bundle: another format, a part that is missing or unknown, a value of another kind
    than `bundle.schema.json` says; ValueError if `whole` is no digest.
    """
    whole = None if whole is None else digest_in(whole)
    _require_shape(bundle)
    faults = [
        *_digest_faults(bundle, whole),
        *_seat_faults(bundle),
        *_decision_faults(bundle),
        *_total_faults(bundle),
        *_ranking_faults(bundle),
    ]
    if bundle["engine"] == ENGINE or (not faults and _is_earlier(bundle["engine"])):
        return faults
    words = f"is {bundle['engine']!r}; this is {ENGINE!r}, which may rank a little differently"
    return [Fault("engine", words), *faults]


def _is_earlier(engine: str) -> bool:
    """Whether this package had that number before: what it computed agrees if it comes out the same now."""
    name, _, number = ENGINE.rpartition(" ")
    return engine in {f"{name} {earlier}" for earlier in range(1, int(number))}


def _digest_faults(bundle: Mapping[str, Any], whole: str | None) -> Iterator[Fault]:
    told, found = bundle["digests"], digests_of(bundle)
    for part in PARTS:
        inside = f"{part}.{LISTS[part]}" if part in LISTS else part
        before, now = told["items"][part], found["items"][part]
        if len(before) != len(now):
            yield Fault(inside, f"has {len(now)} items; {len(before)} were sealed")
        changed = [number for number, (a, b) in enumerate(zip(before, now, strict=False)) if a != b]
        for number in changed:
            yield Fault(f"{inside}[{number}]", f"was changed after it was sealed{_named(_items(bundle, part)[number])}")
        if told["parts"][part] != found["parts"][part] and not changed and len(before) == len(now):
            beside = [key for key in bundle[part] if key != LISTS.get(part)] if part in LISTS else []
            yield Fault(part, f"was changed after it was sealed, in {' or '.join(beside)}" if beside else "was changed")
    if told["whole"] != found["whole"] and told["parts"] == found["parts"]:
        yield Fault("digests.whole", "does not agree with the parts, the format and the engine")
    if whole is not None and found["whole"] != whole:
        yield Fault("digests.whole", f"the whole is {found['whole']}; {whole} was announced")


def _named(item: Any) -> str:
    if not isinstance(item, Mapping):
        return f" ({', '.join(map(str, item))})" if isinstance(item, list) else ""
    names = [f"{key} {item[key]}" for key in ("judge", "entry", "id", "code") if key in item]
    return f" ({', '.join(names)})" if names else ""


def _seat_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    seats = [tuple(seat) for seat in bundle["assignment"]["seats"]]
    recused = {(row["judge"], row["entry"]) for row in bundle["recusals"]}
    known = _both_known(bundle)
    for number, pair in enumerate(seats):
        place, (judge, entry) = f"assignment.seats[{number}]", pair
        if not known(pair):
            yield Fault(place, f"names judge {judge} and entry {entry}, one of which is not in the bundle")
        if pair in recused:
            yield Fault(place, f"judge {judge} stepped back from entry {entry} and has a seat for it")
    for number in _again(seats):
        yield Fault(f"assignment.seats[{number}]", "judge {} has a seat for entry {} already".format(*seats[number]))
    yield from _sheet_faults(bundle, frozenset(seats), recused)
    for number, row in enumerate(bundle["recusals"]):
        if not known((row["judge"], row["entry"])):
            yield Fault(f"recusals[{number}]", f"names judge {row['judge']} and entry {row['entry']}, not both in here")
    entries = {entry["id"] for entry in bundle["entries"]}
    for number, row in enumerate(bundle["decisions"]):
        if row["entry"] not in entries:
            yield Fault(f"decisions[{number}]", f"names entry {row['entry']}, which is not in the bundle")


def _sheet_faults(
    bundle: Mapping[str, Any], seats: frozenset[tuple[str, ...]], recused: set[tuple[str, str]]
) -> Iterator[Fault]:
    sheets = [(sheet["judge"], sheet["entry"]) for sheet in bundle["sheets"]]
    for number in _again(sheets):
        yield Fault(f"sheets[{number}]", "is a second sheet of judge {} on entry {}".format(*sheets[number]))
    for number, pair in enumerate(sheets):
        if pair not in seats:
            yield Fault(f"sheets[{number}]", f"judge {pair[0]} has no seat for entry {pair[1]}")
        if pair in recused:
            yield Fault(f"sheets[{number}]", f"judge {pair[0]} stepped back from entry {pair[1]} and has a sheet")


def _both_known(bundle: Mapping[str, Any]) -> Callable[[tuple[str, ...]], bool]:
    judges, entries = ({row["id"] for row in bundle[part]} for part in ("judges", "entries"))
    return lambda pair: pair[0] in judges and pair[1] in entries


def _again(pairs: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """The numbers of those that stand further up already."""
    seen: set[tuple[str, ...]] = set()
    for number, pair in enumerate(pairs):
        if pair in seen:
            yield number
        seen.add(pair)


def _decision_faults(bundle: Mapping[str, Any]) -> Iterator[Fault]:
    """An entry of two outcomes."""
    first: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(bundle["decisions"]):
        before, outcome = first.setdefault(row["entry"], (number, row["outcome"]))
        if outcome != row["outcome"]:
            yield Fault(
                f"decisions[{number}].outcome",
                f"is {row['outcome']}; decisions[{before}] says {outcome} of the same entry (entry {row['entry']})",
            )


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
    except (ValueError, ArithmeticError, NotComparable) as error:
        yield Fault("ranking", f"cannot be recomputed: {error}")
        return
    told = bundle["ranking"]["entries"]
    if len(told) != len(rows):
        yield Fault("ranking.entries", f"has {len(told)} rows; the sheets give {len(rows)}")
    for number, (row, expected) in enumerate(zip(told, rows, strict=False)):
        for key, right in expected.items():
            if canonical(row[key]) != canonical(right):  # 1, 1.0 and true are equal to Python and not to a reader
                where = f"ranking.entries[{number}].{key}"
                yield Fault(where, f"is {row[key]}; the sheets give {right} (entry {expected['entry']})")


def rubric_of(part: Mapping[str, Any]) -> Rubric:
    """The rubric of a bundle's part. Raises ValueError as `Rubric` does."""
    criteria = tuple(
        Criterion(
            code=row["code"],
            kind=Kind(row["kind"]),
            **{name: _decimal(row.get(name)) for name in ("weight", "minimum", "maximum", "step")},
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
    scores = {code: _decimal(value) for code, value in sheet["scores"].items()}
    try:
        total = own.total(scores, coverage=Decimal(bundle["rubric"].get("coverage", "1")))
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return None if total.value is None else _written(total.value)


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
                "adjusted": _number(ranking.score[index]),
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


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@cache
def _schema() -> Schema:
    return Schema(json.loads((Path(__file__).parent / "bundle.schema.json").read_text(encoding="utf-8")))


def _require_shape(bundle: Any) -> None:
    """Raise Unreadable for whatever the schema refuses, and for what JSON cannot say in one way."""
    if not isinstance(bundle, dict):
        raise Unreadable("expected a JSON object with the parts " + ", ".join(PARTS))
    if bundle.get("format") != FORMAT:
        raise Unreadable(f"format is {bundle.get('format')!r}; this version reads {FORMAT!r}")
    missing = next((part for part in PARTS if part not in bundle), None)
    if missing is not None:
        raise Unreadable(f"the part {missing} is missing; expected {', '.join(PARTS)}")
    _require_json("", bundle, sealed=True)
    misfit = next(_schema().misfits(bundle), None)
    if misfit is not None:
        raise Unreadable(str(misfit))
    for part in ("entries", "judges"):
        twice = [name for name, times in Counter(row["id"] for row in bundle[part]).items() if times > 1]
        if twice:
            raise Unreadable(f"{part} holds {twice[0]} twice; expected every id once")


def _require_json(place: str, value: Any, *, sealed: bool = False, depth: int = 0) -> None:
    """Raise Unreadable for what canonical bytes could not tell from something else, or could not hold.

    `sealed`: floats have no more digits than these bytes keep.
    """
    if depth > DEEPEST:
        raise Unreadable(
            f"{place[:80]}… stands too deep; expected at most {DEEPEST} lists and objects inside each other"
        )
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise Unreadable(f"{place or 'the content'} has the key {key!r}; expected a text")
            _require_text(f"a key of {place or 'the content'}", key)
            _require_json(f"{place}.{key}" if place else key, item, sealed=sealed, depth=depth + 1)
    elif isinstance(value, str):
        _require_text(place, value)
    elif isinstance(value, list | tuple | np.ndarray):
        for number, item in enumerate(value):
            _require_json(f"{place}[{number}]", item, sealed=sealed, depth=depth + 1)
    elif value is not None and not isinstance(value, bool | np.bool_):
        _require_number(place, value, sealed=sealed)


def _require_text(place: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(f"{place} holds half a character; expected whole ones") from error


def _require_number(place: str, value: Any, *, sealed: bool) -> None:
    if not isinstance(value, int | float | Decimal | np.integer | np.floating):
        raise Unreadable(f"{place} is of the type {type(value).__name__}; expected what JSON can hold")
    if not isinstance(value, int | np.integer):
        finite = value.is_finite() if isinstance(value, Decimal) else np.isfinite(value)
        if not finite:
            raise Unreadable(f"{place} is {value}; expected a finite number")
    if abs(value) > LARGEST_WHOLE:  # type: ignore[operator]
        raise Unreadable(f"{place} is too large; expected a number of at most 300 digits")
    if sealed and isinstance(value, float) and value != _short(value):
        raise Unreadable(f"{place} is {value!r}; expected at most {DIGITS} digits")
