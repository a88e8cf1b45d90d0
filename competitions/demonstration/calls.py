"""The calls: competition, eligibility rules, form, round and rubric, from `fixtures/demonstration.yaml`."""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.utils import timezone

from competitions.enums import Aggregation, CriterionKind, RoleKind, RoundKind
from competitions.models import (
    Award,
    Competition,
    CompetitionRole,
    Criterion,
    EligibilityRule,
    FormVersion,
    Level,
    Question,
    Round,
    RubricVersion,
    Section,
    Track,
)
from competitions.services.describing import FIXTURES
from incubators.models import Country
from network_platform.people.demonstration import person

BISHKEK = ZoneInfo("Asia/Bishkek")


@cache
def texts() -> dict[str, Any]:
    return yaml.safe_load((FIXTURES / "demonstration.yaml").read_text())


def make_call(key: str, *, opens: datetime, closes: datetime, read_until: datetime) -> Competition:
    """A draft with everything that its publication needs, run by manager@ and observed by observer@."""
    told = texts()["competitions"][key]
    year = closes.year
    competition = Competition.objects.create(
        slug=told["slug"],
        scope="regional",
        names={code: name.format(year=year) for code, name in told["names"].items()},
        summaries=told["summaries"],
        prizes=told["prizes"],
        organisers=texts()["organisers"],
        year=year,
        languages=["en", "ru"],
        time_zone=BISHKEK.key,
        opens_at=opens,
        closes_at=closes,
    )
    competition.countries.set(Country.objects.all())
    for role, login in ((RoleKind.MANAGER, "manager"), (RoleKind.OBSERVER, "observer")):
        CompetitionRole.objects.create(competition=competition, user=person(f"{login}@demo.example"), role=role)
    _make_rules(competition, told)
    _make_form(competition)
    _make_round(competition, closes, read_until)
    return competition


def at(days: int, hour: int) -> datetime:
    """That hour of the organiser's clock, so many days from today."""
    today = timezone.now().astimezone(BISHKEK).date()
    return datetime.combine(today + timedelta(days=days), time(hour), tzinfo=BISHKEK)


def date_back(competition: Competition, **stamps: datetime) -> None:
    """Let it look as if it was published then; what was locked, too."""
    Competition.objects.filter(pk=competition.pk).update(**stamps)
    competition.forms.update(locked_at=stamps["published_at"])
    RubricVersion.objects.filter(round__competition=competition).update(locked_at=stamps["published_at"])


def _make_rules(competition: Competition, told: dict[str, Any]) -> None:
    for order, rule in enumerate(texts()["eligibility"]):
        EligibilityRule.objects.create(competition=competition, order=order, **rule)
    for order, track in enumerate(told.get("tracks", [])):
        Track.objects.create(competition=competition, order=order, **track)
    for order, award in enumerate(told["awards"]):
        Award.objects.create(competition=competition, order=order, **award)


def _make_form(competition: Competition) -> FormVersion:
    form = FormVersion.objects.create(competition=competition)
    for order, each in enumerate(texts()["form"]):
        section = Section.objects.create(form=form, order=order, titles=each["titles"], intros=each.get("intros", {}))
        Question.objects.bulk_create(
            Question(form=form, section=section, order=number, **question)
            for number, question in enumerate(each["questions"])
        )
    return form


def _make_round(competition: Competition, closes: datetime, read_until: datetime) -> Round:
    words = texts()["rounds"]
    reading = Round.objects.create(
        competition=competition,
        order=1,
        kind=RoundKind.SCORING,
        names=words["reading"],
        opens_at=closes,
        closes_at=read_until,
        reads_per_entry=3,
        aggregation=Aggregation.MEAN,
        aggregation_notes=words["aggregation"],
        tie_rules=words["tie"],
        coverage="0.700",
        places=3,
    )
    _make_rubric(reading)
    return reading


def _make_rubric(reading: Round) -> RubricVersion:
    rubric = RubricVersion.objects.create(round=reading)
    scale = texts()["rubric"]["scale"]
    for order, told in enumerate(texts()["rubric"]["criteria"]):
        criterion = Criterion.objects.create(
            rubric=rubric,
            order=order,
            code=told["code"],
            kind=CriterionKind.WEIGHT,
            names=told["names"],
            descriptions=told["descriptions"],
            weight=told["weight"],
            scale_min=scale["minimum"],
            scale_max=scale["maximum"],
            scale_step=scale["step"],
        )
        Level.objects.bulk_create(
            Level(criterion=criterion, value=value, texts=words) for value, words in enumerate(told["levels"])
        )
    return rubric
