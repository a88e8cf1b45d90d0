"""The services of a team: start, save, submit, withdraw."""

import hashlib
import json
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from competitions import rules
from competitions.enums import AssignmentState, EntryState
from competitions.models import Competition, Entry, Revision, ScoreSheet, TeamMember
from competitions.services import entries, teams
from incubators.models import Startup
from incubators.rules import can_remove_startup
from incubators.services.startups import remove_startup
from network_platform.background.models import Message
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.competitions.factories import (
    AssignmentFactory,
    AttachmentFactory,
    DecisionFactory,
    EntryFactory,
    PersonFactory,
    RuleFactory,
    ScoreSheetFactory,
    StartupOfTeamFactory,
    TeamMemberFactory,
)


def submit(call, **changes):
    received_at = changes.pop("received_at", None) or timezone.now()
    by = changes.pop("by", call.founder)
    return entries.submit_entry(entry=call.entry, by=by, received_at=received_at, **changes)


def seen(call) -> str:
    """What somebody who opens the review page now is shown."""
    entry = Entry.objects.get(pk=call.entry.pk)
    return entries.draft_digest(entry, list(entry.attachments.current()))


def test_start_gives_a_draft_and_the_same_one_again(call) -> None:
    startup = StartupOfTeamFactory(founder=call.founder)

    first = entries.start_entry(competition=call.competition, startup=startup, by=call.founder, language="ru")
    again = entries.start_entry(competition=call.competition, startup=startup, by=call.founder, language="ru")

    assert (first.state, first.language, first.stage) == (EntryState.DRAFT, "ru", "prototype_mvp")
    assert first == again
    record = Record.objects.get()
    assert (record.verb, record.scope) == ("entry.started", f"person:{call.founder.uid}")


def test_start_refuses_a_start_up_of_others(call) -> None:
    with pytest.raises(PermissionDenied):
        entries.start_entry(competition=call.competition, startup=call.startup, by=PersonFactory(), language="en")

    assert Entry.objects.get() == call.entry


def test_start_refuses_outside_the_window(call) -> None:
    startup = StartupOfTeamFactory(founder=call.founder)

    with pytest.raises(entries.DeadlinePassed):
        entries.start_entry(
            competition=call.competition,
            startup=startup,
            by=call.founder,
            language="en",
            now=call.competition.closes_at + timedelta(seconds=1),
        )

    assert not startup.entries.exists()


def test_save_merges_answers_to_different_questions(call) -> None:
    first, second = Entry.objects.get(), Entry.objects.get()

    entries.save_answers(entry=first, values={"solution": "Mine"}, based_on=0)
    entries.save_answers(entry=second, values={"jobs": "4"}, based_on=0)

    call.entry.refresh_from_db()
    assert call.entry.answers == {"solution": "Mine", "jobs": "4"}
    assert call.entry.version == 2


def test_save_refuses_a_stale_text_and_names_what_stands(call) -> None:
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "First tab"}, based_on=0)

    with pytest.raises(StaleWrite) as stale:
        entries.save_answers(entry=Entry.objects.get(), values={"solution": "Second tab"}, based_on=0)

    assert (stale.value.version, stale.value.theirs) == (1, {"solution": "First tab"})
    assert Entry.objects.get().answers == {"solution": "First tab"}


def test_save_repeated_with_the_same_id_happens_once(call) -> None:
    save_id = uuid.uuid4()
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "Once"}, based_on=0, save_id=save_id)

    again = entries.save_answers(entry=Entry.objects.get(), values={"solution": "Once"}, based_on=0, save_id=save_id)

    assert (again.version, again.answers) == (1, {"solution": "Once"})


def test_save_of_what_is_there_changes_nothing(call) -> None:
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "Same"}, based_on=0)

    again = entries.save_answers(entry=Entry.objects.get(), values={"solution": "Same"}, based_on=0)

    assert again.version == 1


def test_save_keeps_what_no_database_keeps_out(call) -> None:
    saved = entries.save_answers(entry=Entry.objects.get(), values={"solution": "a\x00b\r\nc"}, based_on=0)

    assert saved.answers["solution"] == "ab\nc"


def test_submit_freezes_numbers_and_tells(complete) -> None:
    complete.competition.grace = timedelta(0)

    revision = submit(complete)

    entry = Entry.objects.get()
    assert (entry.number, entry.state, entry.standing) == ("E-0001", EntryState.SUBMITTED, revision)
    message = Message.objects.get()
    assert (message.template, message.recipient) == ("competitions/receipt", complete.founder)
    assert message.context["digest"] == revision.digest
    record = Record.objects.get()
    assert (record.verb, record.scope) == ("entry.submitted", complete.competition.scope_token)
    assert record.after == {"state": "submitted", "submission": 1, "digest": revision.digest}
    assert "cotton" not in json.dumps([record.before, record.after, record.label])


def test_the_digest_can_be_computed_again_by_anybody(complete) -> None:
    revision = submit(complete)

    content = json.loads(revision.content)

    assert hashlib.sha256(revision.content.encode()).hexdigest() == revision.digest
    assert content["answers"] == {"solution": "Panels from cotton waste.", "jobs": "12"}
    assert content["received_at"] == revision.received_at.isoformat()


def test_submit_again_makes_a_new_revision_and_the_last_stands(complete) -> None:
    first = submit(complete)
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "Better panels."}, based_on=0)

    second = submit(complete)

    entry = Entry.objects.get()
    assert (first.number, second.number, entry.standing, entry.number) == (1, 2, second, "E-0001")
    assert list(Record.objects.values_list("verb", flat=True)) == ["entry.submitted_again", "entry.submitted"]


def test_submit_of_the_same_content_happens_once(complete) -> None:
    first = submit(complete)

    again = submit(complete, received_at=timezone.now() + timedelta(minutes=1))

    assert again == first
    assert (Revision.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(("late", "accepted"), [(-1, True), (0, True), (1, False)])
def test_submit_counts_the_time_of_receipt(complete, late, accepted) -> None:
    received_at = complete.competition.closes_at + timedelta(microseconds=late)

    with suppress(entries.DeadlinePassed):
        submit(complete, received_at=received_at)

    entry = Entry.objects.get()
    assert (entry.state == EntryState.SUBMITTED) is accepted
    assert Revision.objects.exists() is accepted


def test_submit_knows_the_declared_grace(complete) -> None:
    Competition.objects.update(grace=timedelta(minutes=5))
    complete.entry.refresh_from_db()

    revision = submit(complete, received_at=complete.competition.closes_at + timedelta(minutes=5))

    assert revision.received_at > complete.competition.closes_at


def test_submit_names_what_is_missing(call) -> None:
    with pytest.raises(entries.EntryIncomplete) as incomplete:
        submit(call)

    assert set(incomplete.value.problems) == {"solution", "jobs"}
    assert (Entry.objects.get().state, Message.objects.count()) == (EntryState.DRAFT, 0)


def test_submit_asks_the_rules_again(complete) -> None:
    RuleFactory(competition=complete.competition, parameters={"countries": ["KG"]})

    with pytest.raises(entries.NotEligible) as refused:
        submit(complete)

    assert [finding.words for finding in refused.value.findings] == ["Only Kazakhstan."]


def test_submit_refuses_strangers(complete) -> None:
    with pytest.raises(PermissionDenied):
        submit(complete, by=PersonFactory())

    assert Entry.objects.get().state == EntryState.DRAFT


def test_a_member_who_joined_may_submit(complete) -> None:
    member = TeamMemberFactory(entry=complete.entry).user

    assert submit(complete, by=member).submitted_by == member


def test_numbers_are_given_once_each(complete) -> None:
    other = EntryFactory(
        competition=complete.competition,
        form=complete.form,
        startup=StartupOfTeamFactory(founder=complete.founder),
        answers=complete.entry.answers,
    )
    submit(complete)

    entries.submit_entry(entry=other, by=complete.founder, received_at=timezone.now())

    assert sorted(entry.number for entry in Entry.objects.all()) == ["E-0001", "E-0002"]


def test_withdraw_tells_the_team_and_leaves_the_submission(complete) -> None:
    revision = submit(complete)
    entry = Entry.objects.get()

    entries.withdraw_entry(entry=entry, by=complete.founder)

    entry.refresh_from_db()
    assert (entry.state, entry.standing) == (EntryState.WITHDRAWN, revision)
    assert Message.objects.filter(template="competitions/entry_moved").get().context["state"] == "withdrawn"
    assert Record.objects.first().verb == "entry.withdrawn"


def test_a_withdrawn_entry_cannot_come_back(complete) -> None:
    submit(complete)
    entry = entries.withdraw_entry(entry=Entry.objects.get(), by=complete.founder)

    with pytest.raises(IllegalMove):
        entries.move_entry(entry=entry, to=EntryState.SUBMITTED, by=complete.founder)


def test_a_move_that_needs_a_reason_asks_for_it(complete) -> None:
    submit(complete)

    with pytest.raises(entries.ReasonMissing):
        entries.move_entry(entry=Entry.objects.get(), to=EntryState.INELIGIBLE, by=None)

    assert Entry.objects.get().state == EntryState.SUBMITTED


def described(call, by, **changes):
    facts = {"name": "New firm", "country": call.startup.country, "stage": "idea"} | changes
    return entries.start_entry_described(
        competition=call.competition, by=by, described=facts, confirmed=frozenset(), language="en"
    )


def test_of_a_start_up_described_twice_there_is_one_with_what_was_typed_last(call) -> None:
    first = described(call, call.founder)
    again = described(call, call.founder, stage="growth", team_size=4)
    others = described(call, PersonFactory())

    assert first == again
    assert set(Startup.objects.filter(name="New firm")) == {first.startup, others.startup}
    first.startup.refresh_from_db()
    assert (first.startup.stage, first.startup.team_size) == ("growth", 4)


def test_of_a_start_up_described_nothing_is_stored_unless_it_passes(call) -> None:
    RuleFactory(competition=call.competition, kind="team_size", parameters={"minimum": 2})

    with pytest.raises(entries.NotEligible):
        described(call, call.founder, team_size=1)
    assert not Startup.objects.filter(name="New firm").exists()

    entry = described(call, call.founder, team_size=2)
    with pytest.raises(entries.NotEligible):
        described(call, call.founder, team_size=1)
    assert Startup.objects.get(pk=entry.startup_id).team_size == 2


def test_a_start_up_with_an_entry_is_not_removed(call) -> None:
    unused = StartupOfTeamFactory(founder=call.founder)

    assert list(Startup.objects.removable_by(call.founder)) == [unused]
    assert [can_remove_startup(call.founder, each) for each in (call.startup, unused)] == [False, True]
    with pytest.raises(PermissionDenied):
        remove_startup(startup=call.startup, by=call.founder)


def test_who_may_delete_a_draft_is_one_rule(complete) -> None:
    helper = TeamMemberFactory(entry=complete.entry).user
    people = {"founder": complete.founder, "helper": helper, "stranger": PersonFactory(), "visitor": AnonymousUser()}

    def may() -> set[str]:
        entry = Entry.objects.get()
        by_rule = {name for name, person in people.items() if rules.can_delete_draft(person, entry)}
        by_twin = {name for name, person in people.items() if Entry.objects.deletable_by(person).exists()}
        assert by_rule == by_twin
        return by_rule

    assert may() == {"founder"}
    submit(complete)
    assert may() == set()


def test_a_stage_is_that_of_the_profile_else_that_of_the_entry(complete) -> None:
    Startup.objects.filter(pk=complete.startup.pk).update(stage="")
    Entry.objects.update(stage="growth")
    RuleFactory(competition=complete.competition, kind="stage", parameters={"stages": ["growth"]})

    assert submit(complete).entry.stage == "growth"
    Startup.objects.filter(pk=complete.startup.pk).update(stage="idea")
    with pytest.raises(entries.NotEligible):
        submit(complete)


def test_submit_sends_only_what_was_reviewed(complete) -> None:
    reviewed = seen(complete)
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "Half a sen"}, based_on=0)

    with pytest.raises(entries.EntryChanged):
        submit(complete, reviewed=reviewed)

    assert (Entry.objects.get().state, Revision.objects.count()) == (EntryState.DRAFT, 0)


def test_a_file_added_after_the_review_is_noticed(complete) -> None:
    reviewed = seen(complete)
    AttachmentFactory(entry=complete.entry)

    with pytest.raises(entries.EntryChanged):
        submit(complete, reviewed=reviewed)

    assert submit(complete, reviewed=seen(complete)).number == 1


def test_an_entry_that_judges_have_is_frozen_and_not_late(complete) -> None:
    revision = submit(complete)
    entries.move_entry(entry=Entry.objects.get(), to=EntryState.IN_ROUND, by=None)
    entries.save_answers(entry=Entry.objects.get(), values={"solution": "Better"}, based_on=0)

    with pytest.raises(entries.EntryFrozen):
        submit(complete)
    with pytest.raises(entries.DeadlinePassed):
        submit(complete, received_at=complete.competition.closes_at + timedelta(seconds=1))

    assert Entry.objects.get().standing == revision


def test_sending_again_unchanged_answers_the_organiser(complete) -> None:
    submit(complete)
    entries.move_entry(entry=Entry.objects.get(), to=EntryState.MORE_INFORMATION, by=None, reason="Is this all?")

    again = submit(complete, received_at=complete.competition.closes_at + timedelta(days=1))

    entry = Entry.objects.get()
    assert (again.number, entry.standing, entry.state) == (2, again, EntryState.SUBMITTED)
    assert Record.objects.first().verb == "entry.submitted_again"


# -- withdrawal while judges work


@pytest.fixture
def judged(complete):
    """Submitted, with seats of judges in every state in which one can be, and another entry beside it."""
    submit(complete)
    entries.move_entry(entry=Entry.objects.get(), to=EntryState.IN_ROUND, by=None)
    entry = complete.entry = Entry.objects.get()
    complete.seats = {
        state: AssignmentFactory(round=complete.round, entry=entry, state=state) for state in AssignmentState.values
    }
    sheets = {"in_progress": "draft", "done": "submitted", "recused": "void"}
    complete.sheets = {
        state: ScoreSheetFactory(
            assignment=complete.seats[state],
            rubric=complete.rubric,
            state=sheet,
            total=70,
            submitted_at=timezone.now(),
        )
        for state, sheet in sheets.items()
    }
    complete.other = AssignmentFactory(round=complete.round, state="done")
    ScoreSheetFactory(assignment=complete.other, rubric=complete.rubric, state="submitted", submitted_at=timezone.now())
    return complete


def states_of(things) -> dict[str, str]:
    for thing in things.values():
        thing.refresh_from_db()
    return {before: str(thing.state) for before, thing in things.items()}


@pytest.mark.parametrize("round_state", ["open", "closed", "scored", "ranked", "proposed", "approved"])
def test_withdrawing_takes_the_entry_from_its_judges(judged, round_state) -> None:
    judged.round.state = round_state
    judged.round.save()
    DecisionFactory(round=judged.round, entry=judged.entry)

    entries.withdraw_entry(entry=judged.entry, by=judged.founder)

    assert Entry.objects.get(pk=judged.entry.pk).state == EntryState.WITHDRAWN
    given_up = dict.fromkeys(("proposed", "active", "in_progress", "done"), "released")
    assert states_of(judged.seats) == {state: state for state in AssignmentState.values} | given_up
    assert states_of(judged.sheets) == {"in_progress": "void", "done": "void", "recused": "void"}
    assert [sheet.assignment for sheet in ScoreSheet.objects.counted()] == [judged.other]


def test_what_a_withdrawal_takes_from_judges_is_in_the_journal(judged) -> None:
    entries.withdraw_entry(entry=judged.entry, by=judged.founder)

    written = Record.objects.filter(reason="entry withdrawn")
    assert sorted(written.values_list("verb", flat=True)) == ["assignment.released"] * 4 + ["sheet.voided"] * 2
    assert set(written.values_list("actor", "scope")) == {(None, judged.competition.scope_token)}
    assert Record.objects.get(verb="entry.withdrawn").actor == judged.founder


def test_withdrawing_twice_happens_once(complete) -> None:
    submit(complete)
    stale = Entry.objects.get()

    for entry in (Entry.objects.get(), stale):
        assert entries.withdraw_entry(entry=entry, by=complete.founder).state == EntryState.WITHDRAWN

    assert Record.objects.filter(verb="entry.withdrawn").count() == 1
    assert Message.objects.filter(template="competitions/entry_moved").count() == 1


def test_an_announced_entry_is_not_withdrawn_by_a_page_left_open(complete) -> None:
    submit(complete)
    stale = Entry.objects.select_related("competition").get()
    Entry.objects.update(state=EntryState.WINNER)
    Competition.objects.update(state="announced", announced_at=timezone.now())

    with pytest.raises(PermissionDenied):
        entries.withdraw_entry(entry=stale, by=complete.founder)

    assert Entry.objects.get().state == EntryState.WINNER


def test_a_helper_writes_but_does_not_withdraw(complete) -> None:
    helper = TeamMemberFactory(entry=complete.entry).user
    submit(complete, by=helper)

    with pytest.raises(PermissionDenied):
        entries.withdraw_entry(entry=Entry.objects.get(), by=helper)

    assert Entry.objects.get().state == EntryState.SUBMITTED


# -- the team


def test_taking_invitations_back_does_not_make_room_for_more_letters(call) -> None:
    for number in range(teams.MOST_A_DAY):
        member = teams.invite_member(entry=call.entry, email=f"stranger{number}@test.example", by=call.founder)
        teams.remove_member(member=member, by=call.founder)

    with pytest.raises(teams.TooManyToday):
        teams.invite_member(entry=call.entry, email="one-more@test.example", by=call.founder)

    assert Message.objects.count() == teams.MOST_A_DAY
    assert not TeamMember.objects.current().exists()
    assert not TeamMember.objects.exclude(email="").exists()


def test_letters_are_counted_for_the_person_over_all_entries(call) -> None:
    entries_of_hers = [EntryFactory(competition=call.competition, form=call.form) for _ in range(2)]
    for entry in entries_of_hers:
        TeamMemberFactory(entry=entry, user=call.founder, invited_at=timezone.now() - timedelta(days=30))
    for number in range(teams.MOST_A_DAY):
        entry = entries_of_hers[number % 2]
        teams.invite_member(entry=entry, email=f"stranger{number}@test.example", by=call.founder)

    with pytest.raises(teams.TooManyToday):
        teams.invite_member(entry=call.entry, email="one-more@test.example", by=call.founder)

    TeamMember.objects.update(invited_at=timezone.now() - timedelta(days=1, minutes=1))
    assert teams.invite_member(entry=call.entry, email="next-day@test.example", by=call.founder)


def test_an_invitation_taken_back_opens_nothing(call) -> None:
    friend = PersonFactory()
    member = teams.invite_member(entry=call.entry, email=friend.email, by=call.founder)
    teams.remove_member(member=member, by=call.founder)

    with pytest.raises(PermissionDenied):
        teams.join_team(member=member, by=friend)

    again = teams.invite_member(entry=call.entry, email=friend.email, by=call.founder)
    teams.join_team(member=again, by=friend)
    assert list(Entry.objects.of_team(friend)) == [call.entry]


def test_who_invited_is_told_that_somebody_joined(call, client) -> None:
    friend = PersonFactory(name="Aigerim Sample")
    member = teams.invite_member(entry=call.entry, email=friend.email, by=call.founder)

    teams.join_team(member=member, by=friend)

    told = Message.objects.get(template="competitions/member_joined")
    client.force_login(call.founder)
    page = client.get(told.context["path"])
    assert (told.recipient, page.status_code) == (call.founder, 200)
    assert "Aigerim Sample" in page.content.decode()


def test_who_may_remove_whom_is_one_rule(call) -> None:
    helper, other = TeamMemberFactory(entry=call.entry), TeamMemberFactory(entry=call.entry)
    invited = TeamMemberFactory(entry=call.entry, user=None, email="invited@test.example", joined_at=None)
    gone = TeamMemberFactory(entry=call.entry, user=None, email="", joined_at=None)
    people = {"founder": call.founder, "helper": helper.user, "stranger": PersonFactory(), "visitor": AnonymousUser()}
    allowed = {"founder": {helper, other, invited}, "helper": {helper, invited}, "stranger": set(), "visitor": set()}
    late = {"founder": {helper, other, invited}, "helper": {helper}, "stranger": set(), "visitor": set()}

    for expected in (allowed, late):
        for name, person in people.items():
            members = [helper, other, invited, gone]
            by_rule = {m for m in members if rules.can_remove_member(person, TeamMember.objects.get(pk=m.pk))}
            assert by_rule == set(TeamMember.objects.removable_by(person)) == expected[name], name
        Competition.objects.update(closes_at=timezone.now() - timedelta(hours=1))


def test_a_helper_who_was_removed_is_of_the_team_no_more(call) -> None:
    helper, other = TeamMemberFactory(entry=call.entry), TeamMemberFactory(entry=call.entry)

    with pytest.raises(PermissionDenied):
        teams.remove_member(member=helper, by=other.user)
    teams.remove_member(member=helper, by=call.founder)

    assert not Entry.objects.of_team(helper.user).exists()
    assert list(TeamMember.objects.current()) == [other]
    assert Record.objects.filter(verb="entry.member_removed").count() == 1
