"""The file in which an announced result is sealed: it agrees with the result, tells of no person, and is for few."""

import json
import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from competitions import tasks
from competitions.enums import Outcome, RoleKind
from competitions.judging.bundle import verify
from competitions.models import Assignment, Competition, Entry, RankRow, ResultsBundle, Round, ScoreSheet
from competitions.services import announcing, deciding
from competitions.services.competitions import lock_rubric
from competitions.services.deciding import Choice
from competitions.services.definitions import criteria_of
from competitions.services.entries import withdraw_entry
from competitions.services.judging import Mark, total_of
from network_platform.journal.models import Record
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db
W, N = Outcome.WINNER, Outcome.NOT_SELECTED
PAGE = "/en/competitions/sealed/"
FILE = f"{PAGE}manage/results.json"
PERSONAL = "CANARY"


class Judged:
    """Four entries, two judges with a sheet on each of the first three; the second judge stepped back from the last."""

    def __init__(self, **limits: object) -> None:
        competition = make.CompetitionFactory(judging=True, slug="sealed")
        self.round = make.RoundFactory(competition=competition, coverage=D("0.5"), reads_per_entry=2)
        self.rubric = make.RubricFactory(round=self.round)
        make.CriterionFactory(rubric=self.rubric, code="idea", weight=70)
        make.CriterionFactory(rubric=self.rubric, code="team", weight=30, **limits)
        lock_rubric(self.rubric)
        self.manager = make.RoleFactory(competition=competition, role=RoleKind.MANAGER).user
        self.observer = make.RoleFactory(competition=competition, role=RoleKind.OBSERVER).user
        self.judges = [self._judge(number) for number in range(2)]
        self.track = make.TrackFactory(competition=competition, code="green")
        self.entries = [self._entry(number) for number in range(4)]
        for entry, marks in zip(self.entries, [((5, 5), (5, 4)), ((4, 3), (4, None)), ((4, 3), (1, 1))], strict=False):
            for judge, values in zip(self.judges, marks, strict=True):
                self._sheet(entry, judge, values)
        make.AssignmentFactory(round=self.round, entry=self.entries[3], judge=self.judges[1], state="recused")

    def _judge(self, number: int):
        return make.JudgeFactory(
            competition=self.round.competition,
            affiliation=f"{PERSONAL} firm",
            user=make.PersonFactory(name=f"{PERSONAL} {number}", email=f"canary{number}@test.example"),
        )

    def _entry(self, number: int) -> Entry:
        founder = make.PersonFactory(name=f"{PERSONAL} founder {number}")
        startup = make.StartupOfTeamFactory(name=f"{PERSONAL} start-up {number}", founder=founder)
        entry = make.EntryFactory(competition=self.round.competition, startup=startup, submitted=True)
        entry.stage, entry.track = ("idea", None) if number == 2 else ("growth", self.track)
        entry.save()
        return entry

    def _sheet(self, entry: Entry, judge, values) -> None:
        seat = make.AssignmentFactory(round=self.round, entry=entry, judge=judge, state="done")
        track = entry.track.code if entry.track else ""
        asked = [one for one in criteria_of(self.rubric) if one.applies_to(stage=entry.stage, track=track)]
        marks = {
            one.pk: Mark(D(v) if v is not None else None, v is None) for one, v in zip(asked, values, strict=False)
        }
        total = total_of(round=self.round, criteria=asked, marks=marks)
        sheet = make.ScoreSheetFactory(
            assignment=seat, state="submitted", total=total.value, submitted_at=timezone.now(),
            feedback=f"{PERSONAL} feedback", private_note=f"{PERSONAL} note",
        )  # fmt: skip
        for criterion, mark in marks.items():
            make.ScoreFactory(
                sheet=sheet, criterion_id=criterion, criterion=None, value=mark.value,
                not_assessable=mark.not_assessable, comment=f"{PERSONAL} comment",
            )  # fmt: skip

    def decide(self) -> None:
        deciding.close_round(round=self.round, by=self.manager)
        choices = [Choice(entry, N) for entry in self.entries]
        choices[0] = Choice(self.entries[0], W, make.AwardFactory(competition=self.round.competition))
        choices[3] = Choice(self.entries[3], N, reason="no judge of this field was found")
        deciding.propose(round=self.round, choices=choices, by=self.manager)
        deciding.approve(round=self.round, by=self.observer, read=deciding.decisions_digest(self.round))

    def announce(self) -> ResultsBundle | None:
        announcing.announce(round=self.round, by=self.manager)
        tasks.seal_results(self.round.pk)
        cache.clear()
        return ResultsBundle.objects.filter(round=self.round).first()


@pytest.fixture
def judged(db: None) -> Judged:
    return Judged()


@pytest.mark.parametrize("limits", [{}, {"only_stages": ["growth"]}, {"only_tracks": ["green"]}])
def test_the_file_agrees_with_itself_and_with_the_result(db, limits) -> None:
    judged = Judged(**limits)
    judged.decide()

    sealed = judged.announce()

    bundle = json.loads(sealed.content)
    rows = {row.entry.number: row for row in RankRow.objects.select_related("entry")}
    assert verify(bundle) == []
    assert bundle["digests"]["whole"] == sealed.digest
    assert len(bundle["sheets"]) == 6
    for row in bundle["ranking"]["entries"]:
        assert (row["rank"] or None, row["raw_mean"]) == (
            rows[row["entry"]].rank,
            None if rows[row["entry"]].score is None else pytest.approx(float(rows[row["entry"]].score)),
        )
    assert [each["outcome"] for each in bundle["decisions"]] == ["winner", *["not_selected"] * 3]
    assert bundle["decisions"][0]["award"] == "Main award"
    assert Record.objects.get(verb="round.results_sealed").after == {"results_digest": sealed.digest}


def test_a_file_is_made_once_and_only_of_what_is_announced(judged) -> None:
    judged.decide()
    tasks.seal_results(judged.round.pk)
    before = ResultsBundle.objects.count()
    first = judged.announce()

    tasks.seal_results(judged.round.pk)
    swept = tasks.sweep_results()

    assert (before, swept, ResultsBundle.objects.get()) == (0, 0, first)
    assert Record.objects.filter(verb="round.results_sealed").count() == 1


def test_what_a_lost_broker_left_behind_is_sealed_within_a_day(judged) -> None:
    judged.decide()
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        announcing.announce(round=judged.round, by=judged.manager)
    late = tasks.sweep_results()
    Competition.objects.update(announced_at=timezone.now() - timedelta(hours=23))

    assert (late, tasks.sweep_results(), ResultsBundle.objects.count()) == (0, 1, 1)


def test_the_file_tells_of_no_person(judged) -> None:
    judged.decide()

    content = judged.announce().content

    bundle = json.loads(content)
    names = [judge["id"] for judge in bundle["judges"]]
    known = [str(value) for judge in judged.judges for value in (judge.uid, judge.user.uid, judge.user.email)]
    assert PERSONAL not in content
    assert not any(value in content for value in known)
    assert all(re.fullmatch(r"J-[0-9a-f]{16}", name) for name in names)
    assert names == sorted(names)
    assert [set(row) for row in bundle["recusals"]] == [{"judge", "entry"}]


def test_one_changed_score_is_found(judged) -> None:
    judged.decide()
    bundle = json.loads(judged.announce().content)

    bundle["sheets"][0]["scores"]["idea"] = "1"

    assert "sheets[0]" in {fault.place for fault in verify(bundle)}


def test_an_entry_withdrawn_after_the_ranking_is_not_in_the_file(judged) -> None:
    judged.decide()
    lost = judged.entries[2]
    withdraw_entry(entry=lost, by=lost.startup.members.get().user)

    content = judged.announce().content

    assert lost.number not in content
    assert verify(json.loads(content)) == []


@pytest.mark.parametrize("how", ["another total", "no common judge"])
def test_what_cannot_be_computed_again_is_announced_without_a_file(judged, how, client) -> None:
    if how == "another total":
        ScoreSheet.objects.filter(assignment__entry=judged.entries[2]).update(total=D(50))
    else:
        for entry in judged.entries[1:3]:
            ScoreSheet.objects.filter(assignment__entry=entry, assignment__judge=judged.judges[0]).update(state="void")
        ScoreSheet.objects.filter(assignment__entry=judged.entries[0], assignment__judge=judged.judges[1]).update(
            state="void"
        )
    judged.decide()

    assert judged.announce() is None
    assert Round.objects.get().state == "announced"
    assert "Digest of the results file" not in client.get(PAGE).content.decode()
    assert not Record.objects.filter(verb="round.results_sealed").exists()


def test_everybody_reads_the_digest_and_only_those_who_observe_get_the_file(judged, signed_in, client) -> None:
    judged.decide()
    before = client.get(PAGE).content.decode(), signed_in(judged.manager).get(FILE).status_code
    sealed = judged.announce()

    public = client.get(PAGE).content.decode()
    people = [judged.manager, judged.observer, judged.judges[0].user, judged.entries[0].startup.members.get().user]
    answers = [signed_in(person).get(FILE) for person in people]

    assert ("results file" in before[0], before[1]) == (False, 404)
    assert "<wbr>".join(re.findall(".{16}", sealed.digest)) in public
    assert "python -m competitions.judging verify" in public
    assert [answer.status_code for answer in answers] == [200, 200, 404, 404]
    assert answers[0].content.decode() == sealed.content
    assert answers[0]["Content-Disposition"] == 'attachment; filename="sealed-results.json"'
    assert "no-store" in answers[0]["Cache-Control"]
    assert client.get(FILE).status_code == 302


def test_the_page_of_the_decision_leads_to_the_file(judged, signed_in) -> None:
    judged.decide()
    page = f"{PAGE}manage/decision/"
    before = signed_in(judged.observer).get(page).content.decode()
    sealed = judged.announce()

    after = signed_in(judged.observer).get(page).content.decode()

    assert FILE not in before
    assert f'href="{FILE}"' in after
    assert sealed.digest in after.replace("<wbr>", "")


def test_the_database_keeps_the_file_as_it_is(judged) -> None:
    judged.decide()
    judged.announce()

    for write in (lambda: ResultsBundle.objects.update(digest="0" * 64), ResultsBundle.objects.all().delete):
        with pytest.raises(DatabaseError, match="results_bundle_never_changed"), transaction.atomic():
            write()
    assert Assignment.objects.filter(state="recused").count() == 1
