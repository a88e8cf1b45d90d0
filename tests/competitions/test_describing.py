"""The model expresses every real competition we know, and kinds that we have not met."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from competitions.enums import CriterionKind, WeightsOf
from competitions.models import Competition, Criterion, Round
from competitions.services.describing import describe_all, describe_competition, read_described

pytestmark = pytest.mark.django_db

RECORDS = read_described()


@pytest.fixture
def _countries() -> None:
    call_command("load_reference")


def told_again(competition: Competition) -> dict:
    """What the rows say, in the shape of the fixture: only what the fixture says in a regular way."""
    rounds = [
        {"name": each.names["en"], "start": each.stated_start, "end": each.stated_end}
        for each in competition.rounds.all()
    ]
    criteria = Criterion.objects.filter(rubric__round__competition=competition).order_by("order")
    return {
        "name": competition.names["en"],
        "year": competition.year,
        "organiser": competition.organisers["en"],
        "eligibility": [rule.statements["en"] for rule in competition.eligibility_rules.all()],
        "tracks": [track.names["en"] for track in competition.tracks.exclude(code__startswith="area-")],
        "rounds": rounds,
        "criteria": [(c.names["en"], c.weight, c.scale_max, c.kind == "bonus") for c in criteria],
        "sources": [source.url for source in competition.sources.all()],
    }


def told(record: dict) -> dict:
    tracks = record.get("tracks") if isinstance(record.get("tracks"), list) else []
    rubric = record.get("rubric") or {}
    stages = rubric.get("by_stage") or [{"criteria": rubric.get("criteria", [])}]
    rounds = [
        {
            "name": each["name"],
            "start": str(each.get("start") or each.get("date") or ""),
            "end": str(each.get("end") or each.get("date") or ""),
        }
        for each in record.get("rounds") or []
    ]
    return {
        "name": record["name"],
        "year": record.get("year"),
        "organiser": record["organiser"],
        "eligibility": record.get("eligibility") or [],
        "tracks": [track["name"] if isinstance(track, dict) else track for track in tracks],
        "rounds": rounds,
        "criteria": [
            (c["name"], c.get("weight_percent"), c.get("max_points"), c.get("bonus", False))
            for stage in stages
            for c in stage["criteria"]
        ],
        "sources": [source["url"] for source in record["sources"]],
    }


@pytest.mark.usefixtures("_countries")
@pytest.mark.parametrize("record", RECORDS, ids=[record["id"] for record in RECORDS])
def test_the_rows_say_what_the_source_says(record) -> None:
    competition = describe_competition(record)

    again = told_again(competition)
    if not any(each["name"] == "Judging" for each in told(record)["rounds"]):
        again["rounds"] = [each for each in again["rounds"] if each["name"] != "Judging"]
    assert again == told(record)


@pytest.mark.usefixtures("_countries")
def test_describing_again_changes_nothing() -> None:
    first = describe_all(RECORDS)
    rows = Round.objects.count(), Criterion.objects.count()

    again = describe_all(RECORDS)

    assert (len(first), Competition.objects.count()) == (28, 28)
    assert [each.pk for each in first] == [each.pk for each in again]
    assert (Round.objects.count(), Criterion.objects.count()) == rows


@pytest.mark.usefixtures("_countries")
def test_the_way_of_adding_up_is_a_declared_choice() -> None:
    describe_all(RECORDS)
    ways = dict(Round.objects.exclude(aggregation="").values_list("competition__slug", "aggregation"))

    assert ways == {
        "unido-itpo-italy-award-2019": "collegial",
        "president-tech-award-2023": "public_vote",
        "apec-acabt-yes-2019": "sum",
    }


@pytest.mark.usefixtures("_countries")
def test_every_description_reads_in_english_and_russian() -> None:
    found = describe_all(RECORDS)

    rows = [(each, ("names", "organisers")) for each in found]
    rows += [(each, ("names", "notes", "aggregation_notes")) for each in Round.objects.all()]
    rows += [(each, ("names", "descriptions")) for each in Criterion.objects.all()]
    for competition in found:
        rows += [(each, ("names",)) for each in competition.tracks.all()]
        rows += [(each, ("statements",)) for each in competition.eligibility_rules.all()]
    half = [
        (row, name) for row, names in rows for name in names if set(getattr(row, name)) not in ({"en", "ru"}, set())
    ]
    assert half == []


UNSEEN = {
    "id": "unseen",
    "name": "Unseen",
    "organiser": "Nobody",
    "sources": [],
    "rubric": {"criteria": [{"name": "One", "weight_percent": 60}, {"name": "Two", "max_points": 40}]},
    "aggregation": "points for ranks",
}


def test_a_rubric_without_rounds_gets_a_round() -> None:
    competition = describe_competition(UNSEEN)

    kinds = Criterion.objects.filter(rubric__round=competition.rounds.get()).values_list("kind", "weight", "scale_max")
    assert list(kinds) == [("weight", Decimal(60), None), ("points", None, Decimal(40))]


def test_weights_may_be_nested_and_scales_of_any_size() -> None:
    from tests.competitions.factories import CriterionFactory, RubricFactory

    rubric = RubricFactory(weights_of=WeightsOf.PARENT)
    parent = CriterionFactory(rubric=rubric, weight=60, scale_min=None, scale_max=None, levels=[])
    for top, step, count in ((5, 1, 6), (10, "0.5", 19), (100, 5, 21)):
        child = CriterionFactory(
            rubric=rubric,
            parent=parent,
            weight=20,
            scale_min=1 if top == 10 else 0,
            scale_max=top,
            scale_step=step,
            levels=[],
        )
        child.refresh_from_db()
        assert len(child.allowed_values()) == count
    CriterionFactory(rubric=rubric, kind=CriterionKind.BONUS, weight=None, scale_max=3, only_stages=["idea"])

    assert rubric.criteria.scored().count() == 4
    assert rubric.criteria.get(kind="bonus").applies_to(stage="growth", track="") is False
