"""The services of a team: start, save, submit, withdraw."""

import hashlib
import json
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from competitions.enums import EntryState
from competitions.models import Competition, Entry, Revision
from competitions.services import entries
from network_platform.background.models import Message
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.competitions.factories import (
    EntryFactory,
    PersonFactory,
    RuleFactory,
    StartupOfTeamFactory,
    TeamMemberFactory,
)


def submit(call, **changes):
    received_at = changes.pop("received_at", None) or timezone.now()
    return entries.submit_entry(entry=call.entry, by=changes.pop("by", call.founder), received_at=received_at)


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
