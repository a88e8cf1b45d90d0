"""What an import says of its rows, as `services.importing` describes it."""

from typing import Any

from incubators.services.imports.kind import Judged, Mistaken
from incubators.services.imports.sentences import kept, told
from incubators.services.imports.verdicts import Verdict

OUTCOMES = ("new", "changed", "unchanged", "duplicate", "error")


def report_of(judged: Judged) -> dict[str, Any]:
    lines = [*map(_line_of, judged.plan.verdicts), *map(_mistaken, judged.mistaken)]
    counts = dict.fromkeys(OUTCOMES, 0)
    for line in lines:
        counts[line["outcome"]] += 1
    return {"refused": None, "counts": counts, "rows": sorted(lines, key=lambda line: line["row"])}


def told_here(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a report in the reader's language."""
    return [
        {name: told(value) if name in ("name", "reason") else _parts_told(value) for name, value in row.items()}
        for row in rows
    ]


def _parts_told(value: Any) -> Any:
    """Of matches, changes and mistakes each text."""
    if not isinstance(value, list):
        return value
    return [{name: told(text) for name, text in part.items()} for part in value]


def refusal(reason: str) -> dict[str, Any]:
    """The report on a file that was refused as a whole."""
    return {"refused": reason, "counts": dict.fromkeys(OUTCOMES, 0), "rows": []}


def _line_of(verdict: Verdict) -> dict[str, Any]:
    return {
        "row": verdict.candidate.row,
        "outcome": verdict.outcome,
        "column": verdict.column or None,
        "reason": kept(verdict.reason) or None,
        "matches": verdict.matches,
        "name": verdict.candidate.title,
        "changes": [vars(change) for change in verdict.different],
        "mistakes": [],
        "page": verdict.page,
    }


def _mistaken(mistaken: Mistaken) -> dict[str, Any]:
    mistakes = [{"column": each.column, "reason": kept(each.reason)} for each in mistaken.error.mistakes]
    return {
        "row": mistaken.row,
        "outcome": "error",
        **mistakes[0],
        "matches": [],
        "name": mistaken.title,
        "changes": [],
        "mistakes": mistakes,
        "page": "",
    }
