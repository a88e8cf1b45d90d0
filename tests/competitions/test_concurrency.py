"""A team, its judges and a slow hand at the same moment: real threads and transactions on the database in use."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from competitions.enums import AssignmentState, EntryState, Outcome, SheetState
from competitions.models import Attachment, Competition, Entry, Revision, Round, ScoreSheet, TeamMember
from competitions.services import announcing, deciding, entries, judging, teams
from competitions.services.attachments import add_attachment, remove_attachment
from competitions.services.deciding import Choice
from incubators.models import Startup
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from tests.competitions.factories import (
    AssignmentFactory,
    EntryFactory,
    PersonFactory,
    RoundFactory,
    ScoreSheetFactory,
    StartupOfTeamFactory,
)
from tests.competitions.test_deciding import entry_with
from tests.competitions.test_uploads import pdf, upload
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database_for_threads")]

REFUSED = (
    PermissionDenied,
    IllegalMove,
    entries.EntryChanged,
    entries.EntryFrozen,
    judging.NotEditable,
    teams.TooManyInvited,
    teams.TooManyToday,
)


def send(call, **more):
    """As a request does: with an entry and a person of its own."""
    entry, person = Entry.objects.get(pk=call.entry.pk), User.objects.get(pk=call.founder.pk)
    entries.submit_entry(entry=entry, by=person, received_at=timezone.now(), **more)


def withdraw(call):
    entry, person = Entry.objects.get(pk=call.entry.pk), User.objects.get(pk=call.founder.pk)
    entries.withdraw_entry(entry=entry, by=person)


def test_sending_in_several_tabs_makes_one_submission(complete) -> None:
    answers = at_once(REFUSED, *[lambda: send(complete)] * 4)

    assert answers == ["done"] * 4
    assert (Revision.objects.count(), Message.objects.count()) == (1, 1)
    assert Record.objects.filter(verb="entry.submitted").count() == 1


def test_entries_sent_at_once_get_a_number_each(complete) -> None:
    form, competition = complete.form, complete.competition
    others = [
        EntryFactory(
            competition=competition,
            form=form,
            startup=StartupOfTeamFactory(founder=complete.founder),
            answers=complete.entry.answers,
        )
        for _ in range(3)
    ]

    answers = at_once(
        REFUSED,
        *(
            lambda one=one: entries.submit_entry(entry=one, by=complete.founder, received_at=timezone.now())
            for one in [complete.entry, *others]
        ),
    )

    assert answers == ["done"] * 4
    assert sorted(Entry.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_a_submission_keeps_the_files_it_names_whoever_removes_them_meanwhile(complete) -> None:
    question = complete.form.questions.get(code="slides")
    for turn in range(5):
        kept = add_attachment(
            entry=complete.entry, question=question, upload=upload(pdf(turn + 1)), by=complete.founder
        )
        Entry.objects.update(answers={"solution": f"Panels {turn}", "jobs": "12"})

        answers = at_once(
            REFUSED,
            lambda: send(complete),
            lambda kept=kept: remove_attachment(attachment=Attachment.objects.get(pk=kept.pk), by=complete.founder),
        )

        assert answers == ["done", "done"]
        for held in Revision.objects.get(number=turn + 1).attachments.all():
            assert held.file.storage.exists(held.file.name)
        assert not Attachment.objects.current().exists()


def test_what_is_typed_while_it_is_sent_is_not_sent_unseen(complete) -> None:
    entry = Entry.objects.get()
    reviewed = entries.draft_digest(entry, [])

    answers = at_once(
        REFUSED,
        lambda: send(complete, reviewed=reviewed),
        lambda: entries.save_answers(entry=entry, values={"solution": "Half a sen"}, based_on=0),
    )

    assert answers[0] in ("done", "EntryChanged")
    assert answers[1] == "done"
    assert [row.answers["solution"] for row in Revision.objects.all()] in ([], ["Panels from cotton waste."])
    assert Entry.objects.get().answers["solution"] == "Half a sen"


def test_withdrawing_and_sending_at_once_end_withdrawn(complete) -> None:
    answers = at_once(REFUSED, lambda: withdraw(complete), lambda: send(complete))

    assert answers[0] == "done"
    assert answers[1] in ("done", "EntryFrozen")
    assert Entry.objects.get().state == EntryState.WITHDRAWN


def test_withdrawing_in_several_tabs_happens_once(complete) -> None:
    send(complete)

    answers = at_once(REFUSED, *[lambda: withdraw(complete)] * 3)

    assert answers == ["done"] * 3
    assert Record.objects.filter(verb="entry.withdrawn").count() == 1
    assert Message.objects.filter(template="competitions/entry_moved").count() == 1


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_judge_who_scores_while_the_team_withdraws_leaves_nothing_that_counts(complete, is_begun) -> None:
    send(complete)
    Competition.objects.update(closes_at=timezone.now())
    entries.move_entry(entry=Entry.objects.get(), to=EntryState.IN_ROUND, by=None)
    state = AssignmentState.IN_PROGRESS if is_begun else AssignmentState.ACTIVE
    seat = AssignmentFactory(round=complete.round, entry=Entry.objects.get(), state=state)
    if is_begun:
        ScoreSheetFactory(assignment=seat, rubric=complete.rubric, state=SheetState.DRAFT)
    criteria = list(complete.rubric.criteria.select_related("rubric"))
    marks = {criterion.pk: judging.Mark(criterion.scale_max) for criterion in criteria}

    def score() -> None:
        judging.save_sheet(assignment=seat, data=judging.SheetInput(marks=marks), based_on=0, by=seat.judge.user)
        judging.submit_sheet(assignment=seat, criteria=criteria, by=seat.judge.user)

    answers = at_once(REFUSED, lambda: withdraw(complete), score)

    seat.refresh_from_db()
    assert answers[0] == "done"
    assert seat.state == AssignmentState.RELEASED
    assert not ScoreSheet.objects.exclude(state=SheetState.VOID).exists()
    assert not ScoreSheet.objects.counted().exists()


def test_withdrawing_while_the_winners_are_announced_ends_one_way(db) -> None:
    round_ = RoundFactory()
    manager, observer = PersonFactory(), PersonFactory()
    best, second = (entry_with(round_, total) for total in ("90", "80"))
    founder = second.startup.members.get().user
    deciding.close_round(round=round_, by=manager)
    choices = [Choice(best, Outcome.WINNER), Choice(second, Outcome.NOT_SELECTED)]
    deciding.propose(round=round_, choices=choices, by=manager)
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))

    answers = at_once(
        REFUSED,
        lambda: entries.withdraw_entry(entry=Entry.objects.get(pk=second.pk), by=founder),
        lambda: announcing.announce(round=Round.objects.get(), by=manager),
    )

    state = Entry.objects.get(pk=second.pk).state
    assert answers[1] == "done"
    assert (answers[0], state) in [("done", EntryState.WITHDRAWN), ("PermissionDenied", EntryState.NOT_SELECTED)]
    assert Entry.objects.get(pk=best.pk).state == EntryState.WINNER
    sheets = ScoreSheet.objects.order_by("total").values_list("state", flat=True)
    assert list(sheets) == ["void" if state == EntryState.WITHDRAWN else "final", "final"]


def test_invitations_sent_at_once_stay_within_the_days_letters(call) -> None:
    answers = at_once(
        REFUSED,
        *(
            lambda number=number: teams.invite_member(
                entry=call.entry, email=f"stranger{number}@test.example", by=call.founder
            )
            for number in range(teams.MOST_A_DAY + 3)
        ),
    )

    assert answers.count("done") == Message.objects.count() == teams.MOST_A_DAY


def test_the_same_person_is_invited_once(call) -> None:
    answers = at_once(
        REFUSED, *[lambda: teams.invite_member(entry=call.entry, email="friend@test.example", by=call.founder)] * 3
    )

    assert answers == ["done"] * 3
    assert (Message.objects.count(), TeamMember.objects.count()) == (1, 1)


def test_joining_and_taking_back_at_once_leave_one_of_them(call) -> None:
    friend = PersonFactory()
    teams.invite_member(entry=call.entry, email=friend.email, by=call.founder)

    def member() -> TeamMember:
        return TeamMember.objects.get()

    answers = at_once(
        REFUSED,
        lambda: teams.join_team(member=member(), by=friend),
        lambda: teams.remove_member(member=member(), by=call.founder),
    )

    assert answers[1] == "done"
    assert answers[0] in ("done", "PermissionDenied")
    assert not Entry.objects.of_team(friend).exists()


def test_a_double_click_begins_one_start_up_and_one_draft(call) -> None:
    person, land = PersonFactory(), call.startup.country

    def begin() -> None:
        described = {"name": "New firm", "country": land, "stage": "idea"}
        entries.start_entry_described(
            competition=call.competition, by=person, described=described, confirmed=frozenset(), language="en"
        )

    answers = at_once(REFUSED, begin, begin, begin)

    assert answers == ["done"] * 3
    assert Startup.objects.filter(name="New firm").count() == 1
    assert Entry.objects.filter(startup__name="New firm").count() == 1
