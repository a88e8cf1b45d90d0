"""Real competitions run elsewhere, from `fixtures/described.yaml`, as rows of the same models that ours use.

What a source says and no field holds (funnels, partners, doubts) stays in `facts`. Russian texts come from
`fixtures/described.ru.yaml`, keyed by the English ones.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from anyascii import anyascii
from django.db import transaction
from django.utils.text import slugify

from competitions.enums import (
    Aggregation,
    CompetitionScope,
    CompetitionState,
    CriterionKind,
    RoundKind,
    RuleKind,
)
from competitions.models import (
    Competition,
    Criterion,
    EligibilityRule,
    Round,
    RubricVersion,
    Source,
    Track,
)
from competitions.services.competitions import index_competition
from incubators.models import Country

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
HELD = {"id", "name", "year", "edition", "organiser", "scope", "eligibility", "tracks", "rounds", "rubric", "languages"}
HELD |= {"sources", "aggregation"}
# A source's stage under our name.
STAGES = {"development": "prototype_mvp"}
ROUND_HELD = {"name", "start", "end", "date", "note"}
CRITERION_WORDS = {"name", "description", "weight_percent", "max_points", "bonus"}
ROUND_KINDS = (
    (RoundKind.PUBLIC_VOTE, r"\bvot"),
    (RoundKind.PROGRAMME, r"programme|training|boot ?camp|course|coaching|incubation|internship"),
    (RoundKind.SCREENING, r"selection|screen|initial|preliminary"),
    (RoundKind.PITCH, r"pitch|final|demo day|interview"),
    (RoundKind.SCORING, r"jury|assessment|evaluation|committee"),
)
AGGREGATIONS = (
    (Aggregation.COLLEGIAL, r"collegial"),
    (Aggregation.SUM, r"\bsummed\b"),
    (Aggregation.PUBLIC_VOTE, r"\bpublic voting\b"),
)


def read_described() -> list[dict[str, Any]]:
    return list(yaml.safe_load((FIXTURES / "described.yaml").read_text())["competitions"])


@cache
def _russian() -> Mapping[str, str]:
    path = FIXTURES / "described.ru.yaml"
    return yaml.safe_load(path.read_text()) if path.exists() else {}


def texts(english: str | None) -> dict[str, str]:
    """The text per language; only English where nobody has translated it."""
    if not english:
        return {}
    russian = _russian().get(english)
    return {"en": english, "ru": russian} if russian else {"en": english}


def describe_all(records: Iterable[Mapping[str, Any]]) -> list[Competition]:
    return [describe_competition(record) for record in records]


@transaction.atomic
def describe_competition(record: Mapping[str, Any]) -> Competition:
    """Make or renew one described competition with everything below it. Safe to repeat."""
    values = {
        "state": CompetitionState.DESCRIBED,
        "scope": CompetitionScope(record["scope"]) if record.get("scope") else "",
        "names": texts(record["name"]),
        "organisers": texts(record["organiser"]),
        "year": record.get("year"),
        "edition": record.get("edition") or "",
        "languages": record.get("languages") or [],
        "facts": {key: value for key, value in record.items() if key not in HELD and value is not None},
    }
    competition, _ = Competition.objects.update_or_create(slug=record["id"], defaults=values)
    competition.countries.set(Country.objects.filter(iso2__in=_countries(record)))
    _replace_parts(competition, record)
    index_competition(competition)
    return competition


def _countries(record: Mapping[str, Any]) -> list[str]:
    eligible = record.get("countries_eligible") or {}
    return eligible.get("iso2_speca") or eligible.get("iso2") or []


def _replace_parts(competition: Competition, record: Mapping[str, Any]) -> None:
    for rows in (competition.sources, competition.tracks, competition.eligibility_rules, competition.rounds):
        rows.all().delete()
    Source.objects.bulk_create(
        Source(competition=competition, order=i, url=source["url"], said=source.get("said", ""))
        for i, source in enumerate(record.get("sources") or [])
    )
    EligibilityRule.objects.bulk_create(
        EligibilityRule(competition=competition, order=i, kind=RuleKind.STATEMENT, statements=texts(line))
        for i, line in enumerate(record.get("eligibility") or [])
    )
    _make_tracks(competition, record.get("tracks"))
    rounds = [_make_round(competition, i, each) for i, each in enumerate(record.get("rounds") or [])]
    if record.get("rubric") or record.get("aggregation"):
        _make_judging(competition, rounds, record)


def _make_tracks(competition: Competition, tracks: Any) -> None:
    """Names, or {"area", "name", "note"} where a competition has areas; anything else is a fact."""
    if not isinstance(tracks, list):
        _add_facts(competition, {"tracks": tracks} if tracks else {})
        return
    areas: dict[str, Track] = {}
    for order, track in enumerate(tracks):
        each = track if isinstance(track, dict) else {"name": track}
        area = each.get("area")
        if area and area not in areas:
            code = f"area-{slugify(area)}"
            areas[area] = Track.objects.create(competition=competition, order=order, code=code, names=texts(area))
        Track.objects.create(
            competition=competition,
            parent=areas.get(area) if area else None,
            order=order,
            code=_code(each["name"]),
            names=texts(each["name"]),
            notes=texts(each.get("note")),
        )


def _make_round(competition: Competition, order: int, each: Mapping[str, Any]) -> Round:
    date = str(each["date"]) if each.get("date") else ""
    return Round.objects.create(
        competition=competition,
        order=order,
        kind=_guess(ROUND_KINDS, each["name"]) or RoundKind.OTHER,
        names=texts(each["name"]),
        notes=texts(each.get("note")),
        stated_start=str(each.get("start") or date),
        stated_end=str(each.get("end") or date),
        facts={key: value for key, value in each.items() if key not in ROUND_HELD},
    )


def _make_judging(competition: Competition, rounds: list[Round], record: Mapping[str, Any]) -> None:
    """The rubric and the way of adding up belong to the round in which judges score, stated or not."""
    judged = [each for each in rounds if each.kind in (RoundKind.SCORING, RoundKind.PITCH)]
    scored = next(iter(judged), None) or _make_round(competition, len(rounds), {"name": "Judging"})
    scored.aggregation = _guess(AGGREGATIONS, record.get("aggregation") or "")
    scored.aggregation_notes = texts(record.get("aggregation"))
    scored.save(update_fields=["aggregation", "aggregation_notes"])
    if record.get("rubric"):
        _make_rubric(scored, record["rubric"])


def _make_rubric(scored: Round, rubric: Mapping[str, Any]) -> None:
    version = RubricVersion.objects.create(
        round=scored,
        is_ordered=rubric.get("ordered", True),
        notes=texts(rubric.get("note")),
        facts={"scale": rubric["scale"]} if rubric.get("scale") else {},
    )
    stages = rubric.get("by_stage") or [{"stage": None, "criteria": rubric["criteria"]}]
    numbered = [(each["stage"], criterion) for each in stages for criterion in each["criteria"]]
    for order, (stage, criterion) in enumerate(numbered):
        _make_criterion(version, order, criterion, stage, rubric)


def _make_criterion(
    version: RubricVersion, order: int, each: Mapping[str, Any], stage: str | None, rubric: Mapping[str, Any]
) -> None:
    Criterion.objects.create(
        rubric=version,
        order=order,
        code=_code(f"{stage}-{each['name']}" if stage else each["name"]),
        kind=_criterion_kind(each, rubric.get("note") or ""),
        names=texts(each["name"]),
        descriptions=texts(each.get("description")),
        weight=each.get("weight_percent"),
        scale_min=0 if each.get("max_points") else None,
        scale_max=each.get("max_points"),
        required=not each.get("bonus", False),
        only_stages=[STAGES.get(stage, stage)] if stage else [],
    )


def _criterion_kind(each: Mapping[str, Any], note: str) -> CriterionKind:
    if each.get("bonus"):
        return CriterionKind.BONUS
    if each.get("weight_percent") is not None:
        return CriterionKind.WEIGHT
    if each.get("max_points") is not None:
        return CriterionKind.POINTS
    return CriterionKind.FILTER if "filters, not scores" in note else CriterionKind.NONE


def _guess(table: Iterable[tuple[Any, str]], words: str) -> Any:
    return next((kind for kind, pattern in table if re.search(pattern, words, re.IGNORECASE)), "")


def _code(name: str) -> str:
    return slugify(anyascii(name))[:60]


def _add_facts(competition: Competition, facts: Mapping[str, Any]) -> None:
    competition.facts = {**competition.facts, **facts}
    competition.save(update_fields=["facts"])
