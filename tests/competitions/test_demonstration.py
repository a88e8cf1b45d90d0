"""The demonstration: quick, repeatable, and true to its own rules."""

import hashlib
import io
import json
from collections import Counter

import pytest
from django.core.management import call_command

from competitions.demonstration import load
from competitions.demonstration.entries import NAMES_SLIDES
from competitions.enums import AssignmentState, EntryState, Phase
from competitions.judging.bundle import verify
from competitions.models import Assignment, Competition, Decision, Entry, ResultsBundle, Revision, Score, ScoreSheet
from competitions.progress import closed_at
from network_platform.people.demonstration import load_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def _loaded() -> None:
    load_people()
    call_command("load_reference")
    load(io.StringIO())


@pytest.mark.usefixtures("_loaded")
def test_three_competitions_in_three_phases_with_everybody_in_place() -> None:
    ours = Competition.objects.exclude(state="described")
    phases = {competition.slug: competition.phase for competition in ours}
    judged = Entry.objects.filter(competition__slug="network-start-up-prize")
    first = Assignment.objects.filter(
        round__competition__slug="network-start-up-prize", judge__user__email__startswith="judge1@"
    )

    assert sorted(phases.values()) == sorted([Phase.OPEN, Phase.JUDGING, Phase.ANNOUNCED])
    assert (judged.count(), judged.filter(state=EntryState.IN_ROUND).count()) == (60, 60)
    assert set(Counter(Assignment.objects.filter(entry__in=judged).values_list("entry", flat=True)).values()) == {3}
    assert (first.count(), first.filter(state=AssignmentState.DONE).count()) == (12, 7)
    assert first.filter(state=AssignmentState.RECUSED).count() == 1
    assert Decision.objects.public().filter(entry__startup__members__user__email="founder2@demo.example").exists()
    assert Entry.objects.of_team(founder()).values_list("state", flat=True).order_by("state").distinct().count() == 2


def founder():
    from network_platform.people.demonstration import person

    return person("founder@demo.example")


@pytest.mark.usefixtures("_loaded")
def test_rules_are_locked_before_entries_open_and_dates_are_whole_hours() -> None:
    for competition in Competition.objects.exclude(state="described"):
        locks = [rubric.locked_at for round_ in competition.rounds.all() for rubric in round_.rubrics.all()]
        stamps = [competition.opens_at, competition.closes_at, competition.published_at, *locks]

        assert competition.published_at < competition.opens_at
        assert max(locks) < competition.opens_at
        assert {stamp.minute for stamp in stamps} == {0}


@pytest.mark.usefixtures("_loaded")
def test_the_decision_comes_after_the_reading_and_before_the_announcement() -> None:
    announced = Competition.objects.get(state="announced")
    round_ = announced.rounds.get()

    hours = [approval.at for approval in round_.approvals.order_by("at")]

    assert [approval.role for approval in round_.approvals.order_by("at")] == ["manager", "observer"]
    assert closed_at(round_) == round_.closes_at
    assert sorted({round_.closes_at, *hours, announced.announced_at}) == [
        round_.closes_at,
        *hours,
        announced.announced_at,
    ]


@pytest.mark.usefixtures("_loaded")
def test_every_digest_fits_and_every_sheet_is_plausible() -> None:
    wrong = [
        revision.pk
        for revision in Revision.objects.all()
        if hashlib.sha256(revision.content.encode()).hexdigest() != revision.digest
    ]

    totals = [sheet.total for sheet in ScoreSheet.objects.counted() if sheet.total is not None]
    assert wrong == []
    assert 30 < sum(totals) / len(totals) < 75
    assert Score.objects.filter(not_assessable=True).exists()


@pytest.mark.usefixtures("_loaded")
def test_entries_that_speak_of_slides_have_them() -> None:
    speaking = [
        revision
        for revision in Revision.objects.all()
        if any(words in text for text in revision.answers.values() for words in NAMES_SLIDES)
    ]

    assert speaking
    assert [revision.entry.number for revision in speaking if not revision.attachments.exists()] == []


@pytest.mark.usefixtures("_loaded")
def test_loading_again_changes_nothing() -> None:
    before = Entry.objects.count(), Assignment.objects.count(), Revision.objects.count()

    load(io.StringIO())

    assert (Entry.objects.count(), Assignment.objects.count(), Revision.objects.count()) == before


@pytest.mark.usefixtures("_loaded")
def test_no_two_judges_tell_a_team_the_same() -> None:
    told = ScoreSheet.objects.exclude(feedback="").values_list("assignment__entry", "feedback")

    assert [pair for pair, often in Counter(told).items() if often > 1] == []


@pytest.mark.usefixtures("_loaded")
def test_the_announced_result_is_sealed_in_a_file_that_agrees() -> None:
    bundle = ResultsBundle.objects.get(round__competition__state="announced")

    assert verify(json.loads(bundle.content)) == []
