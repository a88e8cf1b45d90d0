"""The manager's pages: reading, inviting, giving seats, closing, deciding; observers approve; others are kept out."""

import csv
import re
from datetime import timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from competitions import desk, rules
from competitions.enums import RoleKind, RoundState
from competitions.models import Assignment, Competition, Conflict, Decision, Entry, Judge, Round, ScoreSheet
from competitions.services import announcing, deciding
from incubators.models import Country, Startup
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.competitions.factories import (
    AssignmentFactory,
    AwardFactory,
    ConflictFactory,
    EntryFactory,
    JudgeFactory,
    PersonFactory,
    RoleFactory,
    RoundFactory,
    ScoreSheetFactory,
)

pytestmark = pytest.mark.django_db
PAGES = ("manage", "manage-entries", "manage-judges", "manage-decision")


@pytest.fixture
def round_() -> Round:
    round_ = RoundFactory()
    JudgeFactory(competition=round_.competition)
    return round_


@pytest.fixture
def manager(round_: Round):
    return RoleFactory(competition=round_.competition, role=RoleKind.MANAGER).user


@pytest.fixture
def observer(round_: Round):
    return RoleFactory(competition=round_.competition, role=RoleKind.OBSERVER).user


def page_of(name: str, round_: Round, *more: object) -> str:
    return reverse(f"competitions:{name}", args=[round_.competition.slug, *more])


def said_in(answer) -> str:
    """The notices that an answer leaves for the next page."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def scored_entry(round_: Round, total: str):
    seat = AssignmentFactory(round=round_, entry=EntryFactory(competition=round_.competition, submitted=True))
    Assignment.objects.filter(pk=seat.pk).update(state="done")
    ScoreSheetFactory(assignment=seat, state="submitted", total=D(total), submitted_at=seat.assigned_at)
    return seat.entry


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_to_those_who_run_or_observe_and_to_nobody_else(name, round_, manager, observer, signed_in) -> None:
    page = page_of(name, round_)
    judge = AssignmentFactory(round=round_).judge.user

    answers = {
        who: signed_in(user).get(page).status_code
        for who, user in {"manager": manager, "observer": observer, "judge": judge, "other": PersonFactory()}.items()
    }

    assert answers == {"manager": 200, "observer": 200, "judge": 404, "other": 404}


def test_inviting_makes_an_account_and_one_mail(round_, manager, signed_in) -> None:
    form = {"email": "Jury.One@test.example", "name": "Jury One", "language": "ru"}

    answers = [signed_in(manager).post(page_of("manage-judges", round_), form) for _ in range(2)]

    judge = Judge.objects.get(user__email="jury.one@test.example")
    assert (judge.state, judge.user.has_usable_password()) == ("invited", False)
    assert Message.objects.get().template == "competitions/judge_invited"
    assert "Jury One is on the panel already: invited. Nothing was sent." in answers[1].content.decode()


def test_a_country_that_may_be_left_out_is_offered_by_a_dash(round_, manager, signed_in) -> None:
    page = signed_in(manager).get(page_of("manage-judges", round_)).content.decode()

    assert '<option value="" selected>—</option>' in page
    assert "---------" not in page


def test_those_who_run_or_observe_it_are_not_invited(round_, manager, observer, signed_in) -> None:
    for person in (manager, observer):
        form = {"email": person.email.upper(), "name": "A", "language": "en"}
        answer = signed_in(manager).post(page_of("manage-judges", round_), form)
        assert "cannot judge it. Nothing was sent." in answer.content.decode()

    assert not Message.objects.exists()
    assert Judge.objects.count() == 1


def test_an_invitation_is_sent_again_and_withdrawn(round_, manager, signed_in) -> None:
    page = page_of("manage-judges", round_)
    client = signed_in(manager)
    client.post(page, {"email": "jury@test.example", "name": "Jury One", "language": "ru"})
    invited = Judge.objects.get(state="invited")
    seat = AssignmentFactory(round=round_, judge=invited)

    too_soon = said_in(client.post(page, {"judge": invited.uid, "again": "1"}))
    Judge.objects.filter(pk=invited.pk).update(invited_at=timezone.now() - timedelta(hours=2))
    client.post(page, {"judge": invited.uid, "again": "1"})
    client.post(page, {"judge": invited.uid, "withdraw": "1"})
    gone = client.post(page, {"judge": invited.uid, "again": "1"})

    assert "within the last hour" in too_soon
    assert Message.objects.filter(template="competitions/judge_invited").count() == 2
    assert gone.status_code == 404
    invited.refresh_from_db()
    seat.refresh_from_db()
    assert (invited.state, seat.state) == ("removed", "released")


def test_an_accepted_judge_is_not_withdrawn(round_, manager, signed_in) -> None:
    judge = Judge.objects.get()

    answer = signed_in(manager).post(page_of("manage-judges", round_), {"judge": judge.uid, "withdraw": "1"})

    assert answer.status_code == 404


def test_observers_cannot_invite(round_, observer, signed_in) -> None:
    answer = signed_in(observer).post(page_of("manage-judges", round_), {"email": "a@b.example", "name": "A"})

    assert answer.status_code == 403
    assert Judge.objects.count() == 1


def test_seats_are_given_and_taken_back_by_ticks(round_, manager, signed_in) -> None:
    judge = Judge.objects.get()
    first, second = (EntryFactory(competition=round_.competition, submitted=True) for _ in range(2))
    page = page_of("manage-seats", round_, judge.uid)
    client = signed_in(manager)

    client.post(page, {"entries": [first.uid, second.uid]})
    client.post(page, {"entries": [second.uid], "before": [first.uid, second.uid]})

    states = dict(Assignment.objects.values_list("entry_id", "state"))
    assert states == {first.pk: "released", second.pk: "active"}
    second.refresh_from_db()
    assert second.state == "in_round"
    assert Message.objects.filter(template="competitions/entries_to_read").count() == 1


def test_what_a_colleague_gave_meanwhile_stays(round_, manager, signed_in) -> None:
    judge = Judge.objects.get()
    mine, theirs = (EntryFactory(competition=round_.competition, submitted=True) for _ in range(2))
    page = page_of("manage-seats", round_, judge.uid)
    client = signed_in(manager)
    shown = client.get(page).content.decode()

    client.post(page, {"entries": [theirs.uid]})
    client.post(page, {"entries": [mine.uid]})

    assert 'name="before"' not in shown
    assert f'name="before" value="{mine.uid}"' in client.get(page).content.decode()
    assert set(Assignment.objects.values_list("state", flat=True)) == {"active"}


def test_before_the_deadline_no_seat_is_given(round_, manager, signed_in) -> None:
    Competition.objects.update(closes_at=timezone.now() + timedelta(days=1))
    entry = EntryFactory(competition=round_.competition, submitted=True)

    answer = signed_in(manager).post(page_of("manage-seats", round_, Judge.objects.get().uid), {"entries": [entry.uid]})

    assert answer.status_code == 403
    assert not Assignment.objects.exists()


def test_an_entry_with_a_conflict_is_refused_and_nothing_changes(round_, manager, signed_in) -> None:
    judge = Judge.objects.get()
    tied = ConflictFactory(judge=judge, entry=EntryFactory(competition=round_.competition, submitted=True)).entry
    free = EntryFactory(competition=round_.competition, submitted=True)

    answer = signed_in(manager).post(
        page_of("manage-seats", round_, judge.uid), {"entries": [tied.uid, free.uid]}, follow=True
    )

    assert "has a conflict of interest" in answer.content.decode()
    assert not Assignment.objects.exists()
    assert Conflict.objects.count() == 1


def test_entries_of_another_competition_cannot_be_given(round_, manager, signed_in) -> None:
    foreign = EntryFactory(submitted=True)

    signed_in(manager).post(page_of("manage-seats", round_, Judge.objects.get().uid), {"entries": [foreign.uid]})

    assert not Assignment.objects.exists()


def test_closing_says_first_what_is_missing(round_, manager, signed_in) -> None:
    AssignmentFactory(round=round_, judge=Judge.objects.get())
    page = page_of("manage-round", round_, round_.uid, "close")

    asked = signed_in(manager).get(page).content.decode()
    signed_in(manager).post(page)

    assert "0 of 1" in asked
    assert "it lies ahead" in asked
    assert Round.objects.get().state == RoundState.RANKED


def test_closing_counts_score_sheets_and_not_seats(round_, manager, signed_in) -> None:
    full, few = (EntryFactory(competition=round_.competition, submitted=True) for _ in range(2))
    for entry, sheets in ((full, 3), (few, 2)):
        for _ in range(sheets):
            seat = AssignmentFactory(round=round_, entry=entry, state="done")
            ScoreSheetFactory(assignment=seat, state="submitted", total=50, submitted_at=timezone.now())
    given = EntryFactory(competition=round_.competition, submitted=True)
    for _ in range(3):
        AssignmentFactory(round=round_, entry=given)
    client = signed_in(manager)

    facts = client.get(page_of("manage-round", round_, round_.uid, "close")).context["facts"]

    counted = {fact.url.partition("?sheets=")[2]: fact.value for fact in facts if "?sheets=" in fact.url}
    assert counted == {"few": "2 of 3", "none": "1 of 3"}
    for fact in facts:
        if fact.url:
            assert client.get(fact.url).context["list"].total == int(fact.value[0])


def test_a_returned_decision_tells_its_reason_until_the_next_proposal(round_, manager, observer, signed_in) -> None:
    winner = scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)
    deciding.return_it(round=round_, by=observer, reason="A sheet was overlooked.")
    client, pages = signed_in(manager), [page_of("manage-decision", round_), page_of("manage", round_)]

    told = ["A sheet was overlooked." in client.get(page).content.decode() for page in pages]
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)
    later = ["A sheet was overlooked." in client.get(page).content.decode() for page in pages]

    assert (told, later) == ([True, True], [False, False])


def test_a_proposal_withdrawn_by_its_maker_is_told_in_other_words(round_, manager, observer, signed_in) -> None:
    winner = scored_entry(round_, "90")
    other = RoleFactory(competition=round_.competition, role=RoleKind.MANAGER).user
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)
    page = page_of("manage-round", round_, round_.uid, "return")

    answer = signed_in(manager).post(page, {"reason": "The award was wrong."})

    told = signed_in(other).get(page_of("manage-decision", round_)).content.decode()
    assert said_in(answer) == "Your proposal is withdrawn. The decision can be made again."
    assert f"{manager} withdrew their proposal." in told
    mail = Message.objects.get(template="competitions/decision_returned")
    assert (mail.recipient, mail.context["is_withdrawn"]) == (other, True)


def test_what_comes_next_is_the_one_button_that_stands_out_and_the_first(round_, manager, observer, signed_in) -> None:
    best = scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[deciding.Choice(best, "winner")], by=manager)

    def buttons_of(person) -> list[tuple[str, str]]:
        page = signed_in(person).get(page_of("manage-decision", round_)).content.decode()
        return re.findall(r'<a class="(btn[^"]*)" href="[^"]*/([a-z-]+)/">', page.partition('class="dock"')[2])

    assert buttons_of(observer) == [("btn slim", "approve"), ("btn second slim", "return")]
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    assert buttons_of(manager) == [
        ("btn slim", "announce"),
        ("btn second slim", "reopen"),
        ("btn second slim", "return"),
    ]


def test_approving_names_who_proposed_apart_from_who_approved(round_, manager, observer, signed_in) -> None:
    winner = scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)

    page = signed_in(observer).get(page_of("manage-round", round_, round_.uid, "approve"))

    facts = {fact.name: fact.value for fact in page.context["facts"]}
    assert (facts["Proposed by"], facts["Approved by"]) == (str(manager), "nobody yet")


def test_the_overview_says_when_scoring_stopped(round_, manager, signed_in) -> None:
    scored_entry(round_, "90")
    page, client = page_of("manage", round_), signed_in(manager)

    before = client.get(page).content.decode()
    deciding.close_round(round=round_, by=manager)
    after = client.get(page).content.decode()

    assert ("Scores until" in before, "<dt>Closed</dt>" in before) == (True, False)
    assert ("Scores until" in after, "<dt>Closed</dt>" in after) == (False, True)


def test_the_overview_says_what_comes_next(round_, manager, observer, signed_in) -> None:
    winner = scored_entry(round_, "90")
    page = page_of("manage", round_)

    def said(person) -> tuple[str, str]:
        step = signed_in(person).get(page).context["next"]
        return step.words, step.url.rstrip("/").rpartition("/")[2]

    steps = [said(manager)]
    deciding.close_round(round=round_, by=manager)
    steps += [said(manager), said(observer)]
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)
    steps += [said(manager), said(observer)]
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    steps += [said(manager)]

    assert steps == [
        ("Next: close the round. All score sheets are handed in.", "close"),
        ("Next: propose a decision.", "decision"),
        ("Next: a manager who did not score proposes a decision.", "decision"),
        ("Next: an observer has to approve the decision.", "decision"),
        ("Next: you approve or return the decision.", "approve"),
        ("Next: announce the winners.", "announce"),
    ]


def first_act(page: str) -> str:
    """What the one filled button of a page says."""
    return re.search(r'<a class="btn slim"[^>]*>([^<]*)', page)[1]


@pytest.mark.parametrize("name", ["manage", "manage-decision"])
def test_while_score_sheets_are_missing_judges_are_reminded_first(name, round_, manager, observer, signed_in) -> None:
    scored_entry(round_, "90")
    seat = AssignmentFactory(round=round_, state="active")
    client, address = signed_in(manager), page_of(name, round_)

    missing = client.get(address).content.decode()
    seen = signed_in(observer).get(address).content.decode()
    Assignment.objects.filter(pk=seat.pk).update(state="done")
    complete = client.get(address).content.decode()

    assert "Judging goes on: 1 of 2 score sheets are handed in." in missing
    assert "Entries that have fewer score sheets than the 3 asked: 2 of 2." in missing
    assert (first_act(missing), first_act(complete)) == ("Remind the judges", "Close the round")
    assert 'class="btn' not in seen.partition("<main")[2].partition("</main>")[0]


def test_after_its_end_the_first_act_closes_the_round(round_, manager, signed_in) -> None:
    AssignmentFactory(round=round_, state="active")
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - timedelta(hours=1))

    page = signed_in(manager).get(page_of("manage", round_)).content.decode()

    assert "The end of the round has passed; 0 of 1 score sheets are handed in. Next: close it." in page
    assert first_act(page) == "Close the round"


def test_an_open_round_without_seats_leads_to_its_judges(round_, manager, signed_in) -> None:
    page = signed_in(manager).get(page_of("manage", round_)).content.decode()

    assert "The round is open and no judge has an entry. Next: give entries to judges." in page
    assert first_act(page) == "Judges"


def test_one_reason_serves_all_entries_that_nobody_read(round_, manager, signed_in) -> None:
    winner = scored_entry(round_, "90")
    unread = [EntryFactory(competition=round_.competition, submitted=True) for _ in range(2)]
    deciding.close_round(round=round_, by=manager)
    form = {f"outcome-{winner.uid}": "winner"} | {f"outcome-{one.uid}": "not_selected" for one in unread}
    client, page = signed_in(manager), page_of("manage-decision", round_)

    refused = client.post(page, form).content.decode()
    client.post(page, form | {"unread": "no judge was found"})

    numbers = ", ".join(f'<span class="nowrap">{one.number}</span>' for one in unread[:2])
    assert f"No score sheet counts for {numbers}" in refused
    assert set(Decision.objects.exclude(entry=winner).values_list("reason", flat=True)) == {"no judge was found"}


def test_whoever_proposed_withdraws_in_words_of_their_own(round_, manager, observer, signed_in) -> None:
    winner = scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[deciding.Choice(winner, "winner")], by=manager)
    page = page_of("manage-decision", round_)

    own, other = (signed_in(person).get(page).content.decode() for person in (manager, observer))

    assert ("Withdraw the proposal" in own, "Return the decision" in own) == (True, False)
    assert ("Withdraw the proposal" in other, "Return the decision" in other) == (False, True)


def test_an_entry_is_given_to_a_judge_from_its_own_page(round_, manager, observer, signed_in) -> None:
    free = Judge.objects.get()
    seat = AssignmentFactory(round=round_)
    tied = ConflictFactory(judge=JudgeFactory(competition=round_.competition), entry=seat.entry, reason="cousin").judge
    page = page_of("manage-entry", round_, seat.entry.uid)
    client = signed_in(manager)

    shown = client.get(page)
    client.post(page, {"judge": free.uid})
    refused = client.post(page, {"judge": tied.uid})
    by_observer = signed_in(observer).post(page, {"judge": free.uid})

    words = {line.judge.pk: line.word for line in shown.context["seats"]}
    assert words == {free.pk: "", seat.judge.pk: "to read", tied.pk: "stepped back: conflict of interest"}
    assert "cousin" in shown.content.decode()
    assert "cousin" not in signed_in(observer).get(page).content.decode()
    assert set(seat.entry.assignments.values_list("judge", flat=True)) == {seat.judge.pk, free.pk}
    assert "has a conflict of interest" in said_in(refused)
    assert by_observer.status_code == 403


def test_managers_alone_read_what_connects_judges_with_teams(round_, manager, observer, signed_in) -> None:
    tie = ConflictFactory(judge=Judge.objects.get(), reason="A cousin.")
    page = page_of("manage-judges", round_)

    told, kept = (signed_in(person).get(page).content.decode() for person in (manager, observer))

    assert ("A cousin." in told, tie.entry.number in told) == (True, True)
    assert "A cousin." not in kept


def test_a_manager_gives_a_sheet_back_and_its_judge_is_told_why(round_, manager, signed_in) -> None:
    entry = scored_entry(round_, "90")
    sheet = ScoreSheet.objects.get()
    page, client = page_of("manage-give-back", round_, sheet.uid), signed_in(manager)

    link = page in client.get(page_of("manage-entry", round_, entry.uid)).content.decode()
    refused = client.post(page, {"reason": "no"})
    client.post(page, {"reason": "Two lines are swapped."})
    again = client.post(page, {"reason": "Two lines are swapped."})

    sheet.refresh_from_db()
    message = Message.objects.get()
    shown = client.get(page_of("manage-entry", round_, entry.uid))
    assert (link, refused.status_code) == (True, 200)
    assert "with its judge already" in said_in(again)
    assert shown.context["sheets"] == []
    assert not ScoreSheet.objects.visible_to(manager).exists()
    assert not rules.can_view_sheet(manager, sheet)
    assert (sheet.state, sheet.assignment.state) == ("reopened", "in_progress")
    assert (message.recipient, message.context["reason"]) == (sheet.assignment.judge.user, "Two lines are swapped.")
    assert Record.objects.filter(verb="sheet.reopened").get().reason == "Two lines are swapped."


@pytest.mark.parametrize("why", ["closed", "judges", "observes"])
def test_no_sheet_is_given_back_by_those_who_may_not(round_, manager, observer, signed_in, why: str) -> None:
    scored_entry(round_, "90")
    sheet = ScoreSheet.objects.get()
    if why == "closed":
        Round.objects.update(state="ranked")
    if why == "judges":
        AssignmentFactory(round=round_, judge=JudgeFactory(competition=round_.competition, user=manager))
    person = observer if why == "observes" else manager

    answer = signed_in(person).post(page_of("manage-give-back", round_, sheet.uid), {"reason": "Swapped lines."})

    assert answer.status_code == 403
    assert ScoreSheet.objects.get().state == "submitted"


def test_seats_can_be_narrowed_to_entries_short_of_readers(round_, manager, signed_in) -> None:
    full = AssignmentFactory(round=round_).entry
    for _ in range(2):
        AssignmentFactory(round=round_, entry=full)
    short = EntryFactory(competition=round_.competition, submitted=True)
    page = page_of("manage-seats", round_, Judge.objects.order_by("pk").first().uid)

    found = signed_in(manager).get(f"{page}?reads=short").context["choices"]

    assert [choice.entry for choice in found] == [short]


def test_a_reminder_says_who_is_left_out_and_is_not_sent_twice_within_an_hour(round_, manager, signed_in) -> None:
    late = AssignmentFactory(round=round_).judge
    AssignmentFactory(round=round_, judge=late)
    invited = JudgeFactory(competition=round_.competition, state="invited")
    page = page_of("manage-round", round_, round_.uid, "remind")
    client = signed_in(manager)

    first = {fact.name: fact.value for fact in client.get(page).context["facts"]}
    client.post(page)
    second = {fact.name: fact.value for fact in client.get(page).context["facts"]}
    again = said_in(client.post(page))
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    for _press in range(2):
        client.post(page, {"again": "on"})

    assert first["A mail goes to"] == f"<bdi>{late}</bdi>: 2 entries left"
    assert first["Not to them: the invitation is not answered"] == f"<bdi>{invited}</bdi>"
    assert second["A mail goes to"] == "nobody"
    assert "written to today at" in second["Not to them: written to within the last hour"]
    assert "No mail was sent" in again
    mails = Message.objects.filter(template="competitions/entries_to_read")
    assert [mail.context["left"] for mail in mails] == [2, 2]


def test_names_in_what_an_act_tells_stand_apart_and_are_no_markup(round_, manager, signed_in) -> None:
    late = AssignmentFactory(round=round_).judge.user
    late.name = late.name_latin = "دانا <b>"
    late.save()
    client = signed_in(manager)

    pages = [client.get(page_of("manage-round", round_, round_.uid, act)) for act in ("remind", "close")]

    assert "<bdi>دانا &lt;b&gt;</bdi>: 1 entry left" in pages[0].content.decode()
    assert "<bdi>دانا &lt;b&gt;</bdi></dd>" in pages[1].content.decode()


@pytest.mark.parametrize("act", ["close", "remind", "announce", "reopen", "nonsense"])
def test_acts_are_refused_to_those_who_may_not(round_, observer, signed_in, act: str) -> None:
    answer = signed_in(observer).post(page_of("manage-round", round_, round_.uid, act), {"reason": "x"})

    assert answer.status_code in (403, 404)
    assert Round.objects.get().state == RoundState.OPEN


def test_from_means_to_announcement_by_two_people(round_, manager, observer, signed_in) -> None:
    winner, other = scored_entry(round_, "90"), scored_entry(round_, "80")
    award = AwardFactory(competition=round_.competition)
    deciding.close_round(round=round_, by=manager)
    decision = page_of("manage-decision", round_)
    form = {
        f"outcome-{winner.uid}": "winner",
        f"award-{winner.uid}": award.pk,
        f"outcome-{other.uid}": "not_selected",
    }

    signed_in(manager).post(decision, form)
    approve, announce = (page_of("manage-round", round_, round_.uid, act) for act in ("approve", "announce"))
    too_early = signed_in(manager).post(announce)
    own_key_twice = signed_in(manager).post(approve)
    approval = signed_in(observer).get(approve)
    signed_in(observer).post(approve, {"read": approval.context["form"]["read"].value()})
    signed_in(manager).post(announce)
    again = signed_in(manager).post(announce, follow=True)

    assert "moved on" in said_in(too_early)
    assert own_key_twice.status_code == 403
    assert str(award) in approval.content.decode()
    assert "moved on" in again.content.decode()
    assert Competition.objects.get().state == "announced"
    assert Decision.objects.public().get().award == award


def test_a_round_past_its_end_is_opened_again_with_a_new_one(round_, manager, signed_in) -> None:
    scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    Round.objects.update(closes_at=timezone.now() - timedelta(days=1))
    page = page_of("manage-round", round_, round_.uid, "reopen")
    client = signed_in(manager)
    ahead = (timezone.now() + timedelta(days=3)).astimezone(ZoneInfo("Asia/Bishkek"))

    over = client.post(page, {"reason": "a judge fell ill", "until": "2020-01-01T10:00"})
    client.post(page, {"reason": "a judge fell ill", "until": f"{ahead:%Y-%m-%dT%H:%M}"})

    assert "lies ahead" in over.content.decode()
    assert "a judge fell ill" in over.content.decode()
    again = Round.objects.get()
    assert (again.state, again.closes_at) == (RoundState.OPEN, ahead.replace(second=0, microsecond=0))


def test_the_end_of_an_open_round_is_moved_and_its_judges_are_told(round_, manager, signed_in) -> None:
    late, ready = AssignmentFactory(round=round_).judge, AssignmentFactory(round=round_, state="done").judge
    page = page_of("manage-round", round_, round_.uid, "move-end")
    ahead = (timezone.now() + timedelta(days=9)).astimezone(ZoneInfo("Asia/Bishkek"))
    client = signed_in(manager)
    before = Round.objects.get().closes_at

    without_reason = client.post(page, {"reason": "", "until": f"{ahead:%Y-%m-%dT%H:%M}"})
    past = client.post(page, {"reason": "the snow closed the road", "until": "2020-01-01T10:00"})
    unmoved = Round.objects.get().closes_at
    client.post(page, {"reason": "the snow closed the road", "until": f"{ahead:%Y-%m-%dT%H:%M}"})

    assert without_reason.context["form"].errors.keys() == {"reason"}
    assert "lies ahead" in past.content.decode()
    assert unmoved == before
    moved = Round.objects.get()
    assert (moved.state, moved.closes_at) == (RoundState.OPEN, ahead.replace(second=0, microsecond=0))
    mails = Message.objects.filter(template="competitions/end_moved")
    assert [mail.recipient for mail in mails] == [late.user] != [ready.user]
    mail = mails.get()
    assert mail.context["reason"] == "the snow closed the road"
    subject = render_to_string("email/competitions/end_moved.subject.txt", mail.context)
    assert subject.startswith("New deadline for scoring: ")
    assert "untranslated" in client.get(page).context["form"].fields["reason"].help_text
    record = Record.objects.get(verb="round.end_moved")
    assert (record.actor, record.reason) == (manager, "the snow closed the road")


@pytest.mark.parametrize(
    ("state", "act", "days", "offered"),
    [
        ("open", "move-end", 3, 3),
        ("open", "move-end", -2, 7),
        ("ranked", "reopen", 3, 3),
        ("ranked", "reopen", -2, 7),
    ],
)
def test_the_end_offered_is_the_present_one_or_the_same_hour_in_a_week(
    round_, manager, signed_in, state: str, act: str, days: int, offered: int
) -> None:
    now = timezone.now().astimezone(ZoneInfo("Asia/Bishkek"))
    end = (now + timedelta(days=days)).replace(hour=18, minute=30, second=0, microsecond=0)
    Round.objects.update(state=state, closes_at=end)

    page = signed_in(manager).get(page_of("manage-round", round_, round_.uid, act)).content.decode()

    [field] = re.findall(r'<input[^>]*name="until"[^>]*>', page)
    assert f'value="{now + timedelta(days=offered):%Y-%m-%d}T18:30"' in field


def test_an_end_moved_there_and_back_is_told_each_time_and_the_same_end_never(round_, manager) -> None:
    AssignmentFactory(round=round_)
    soon, later = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=5)

    for until in (soon, later, soon, soon):
        deciding.move_end(round=round_, until=until, by=manager, reason="the snow closed the road")

    assert Message.objects.filter(template="competitions/end_moved").count() == 3
    assert Record.objects.filter(verb="round.end_moved").count() == 3


@pytest.mark.parametrize("state", [state for state in RoundState if state != RoundState.OPEN])
def test_only_the_end_of_an_open_round_is_moved(round_, manager, state: str) -> None:
    Round.objects.update(state=state)

    with pytest.raises(IllegalMove):
        deciding.move_end(
            round=round_, until=timezone.now() + timedelta(days=3), by=manager, reason="the snow closed the road"
        )

    assert not Message.objects.exists()


def test_an_end_does_not_come_before_its_round_begins(round_, manager) -> None:
    begins = timezone.now() + timedelta(days=2)
    Round.objects.update(opens_at=begins, closes_at=begins + timedelta(days=2))

    with pytest.raises(deciding.EndPassed):
        deciding.move_end(round=round_, until=begins, by=manager, reason="the snow closed the road")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 3), ("E-1002", 1), ("1002", 1), ("е-1002", 1), ("2", 0), ("kumys", 1), ("кумыс", 1), ("Кум", 1),
        ("kumys lab", 1), ("kumys hub", 0), ("–", 0),
    ],
)  # fmt: skip
def test_entries_are_found_by_number_and_by_name_in_any_script(round_, manager, signed_in, asked: str, found: int):
    for name in ("Kumys Lab", "Шёлк и хлопок", "Solar Yurt"):
        EntryFactory(competition=round_.competition, submitted=True, startup__name=name)

    shown = signed_in(manager).get(page_of("manage-entries", round_), {"q": asked}).context["list"]

    assert shown.total == found


def test_words_and_filters_hold_together(round_, manager, signed_in) -> None:
    for name in ("Kumys Lab", "Kumys Yurt"):
        EntryFactory(competition=round_.competition, submitted=True, startup__name=name)
    page = page_of("manage-entries", round_)

    shown = signed_in(manager).get(page, {"q": "kumys", "state": "submitted"})

    assert shown.context["list"].total == 2
    assert '<input type="hidden" name="q" value="kumys">' in shown.content.decode()
    assert shown.context["list"].table_url == "export.csv?q=kumys&state=submitted"


def test_a_filter_that_finds_nothing_is_named_and_can_be_taken_away(round_, manager, signed_in) -> None:
    EntryFactory(competition=round_.competition, submitted=True)
    page, client = page_of("manage-entries", round_), signed_in(manager)

    shown = [client.get(page, query).content.decode() for query in ({"country": "zz"}, {"state": "draft"})]

    chip = f'<a class="chip on" href="{page}?">'
    assert f"{chip}Country: not in this list" in shown[0]
    assert f"{chip}Draft" in shown[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_as_a_table_has_means_once_the_round_is_closed(
    round_, manager, signed_in, django_assert_num_queries, count: int
) -> None:
    first, *_ = [scored_entry(round_, f"{90 - n}") for n in range(count)]
    page, client = page_of("manage-entries-csv", round_), signed_in(manager)

    def rows() -> list[dict[str, str]]:
        text = b"".join(client.get(page).streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(text.splitlines()))

    before = rows()
    deciding.close_round(round=round_, by=manager)
    rows()
    with django_assert_num_queries(10):
        after = rows()

    assert {row["mean"] for row in before} == {""}
    assert [row["number"] for row in after] == [entry.number for entry in Entry.objects.order_by("serial")]
    assert (after[0]["rank"], after[0]["mean"], after[0]["startup"]) == ("1", "90.0000", first.startup.name)


def decided(round_: Round, manager, observer) -> tuple[Entry, Entry]:
    """The lower of two entries wins, with an award and a reason."""
    best, winner = scored_entry(round_, "90"), scored_entry(round_, "80")
    deciding.close_round(round=round_, by=manager)
    award = AwardFactory(competition=round_.competition)
    choices = [
        deciding.Choice(best, "reserve"),
        deciding.Choice(winner, "winner", award, "It serves more villages."),
    ]
    deciding.propose(round=round_, choices=choices, by=manager)
    return best, winner


def table_of(client, round_: Round) -> list[dict[str, str]]:
    text = b"".join(client.get(page_of("manage-entries-csv", round_)).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_the_table_and_the_entry_tell_what_was_decided_and_why(
    round_, manager, observer, signed_in, django_assert_num_queries
) -> None:
    best, winner = decided(round_, manager, observer)
    client = signed_in(observer)
    table_of(client, round_)

    with django_assert_num_queries(11):
        rows = table_of(client, round_)
    pages = [client.get(page_of("manage-entry", round_, one.uid)).content.decode() for one in (best, winner)]

    told = {row["number"]: (row["outcome"], row["award"], row["reason"]) for row in rows}
    assert told == {
        best.number: ("reserve", "", ""),
        winner.number: ("winner", "Main award", "It serves more villages."),
    }
    assert ["Main award" in page and "It serves more villages." in page for page in pages] == [False, True]
    assert all("<dt>Outcome</dt>" in page for page in pages)


@pytest.mark.parametrize("why", ["returned", "hidden"])
def test_no_decision_is_told_that_does_not_stand_or_is_hidden(
    round_, manager, observer, signed_in, monkeypatch, why: str
) -> None:
    _, winner = decided(round_, manager, observer)
    if why == "returned":
        deciding.return_it(round=round_, by=observer, reason="A sheet was overlooked.")
    else:
        monkeypatch.setattr(rules, "can_see_others_scores", lambda user, round_: False)
    client = signed_in(manager)

    rows = table_of(client, round_)
    page = client.get(page_of("manage-entry", round_, winner.uid)).content.decode()

    assert {(row["outcome"], row["award"], row["reason"]) for row in rows} == {("", "", "")}
    assert "It serves more villages." not in page


def test_the_overview_of_an_announced_round_leads_to_the_public_result(round_, manager, observer, signed_in) -> None:
    decided(round_, manager, observer)
    AssignmentFactory(round=round_)
    page, client = page_of("manage", round_), signed_in(manager)

    before = client.get(page).content.decode()
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    announcing.announce(round=round_, by=manager)
    after = client.get(page).content.decode()

    result = f'href="{reverse("competitions:detail", args=[round_.competition.slug])}">See the public result'
    assert (result in before, result in after) == (False, True)


@pytest.mark.parametrize("name", ["manage", "manage-judges"])
def test_what_judges_left_undone_is_said_plainly_once_the_round_is_closed(round_, manager, signed_in, name) -> None:
    AssignmentFactory(round=round_)
    page, client = page_of(name, round_), signed_in(manager)

    before = client.get(page).content.decode()
    deciding.close_round(round=round_, by=manager)
    after = client.get(page).content.decode()

    assert 'data-label="Left"><strong>1</strong>' in before
    assert 'data-label="Not handed in">1<' in after


def test_what_a_judge_was_given_is_listed_once_the_round_is_closed(
    round_, manager, signed_in, django_assert_num_queries
) -> None:
    judge = Judge.objects.get()
    states = ("done", "in_progress", "active", "recused", "released")
    seats = [AssignmentFactory(round=round_, judge=judge, state=state) for state in states]
    deciding.close_round(round=round_, by=manager)
    page, client = page_of("manage-seats", round_, judge.uid), signed_in(manager)
    client.get(page)

    with django_assert_num_queries(8):
        shown = client.get(page)

    words = ["scored", "not handed in", "not handed in", "recused"]
    assert [(one.entry, one.word) for one in shown.context["given"]] == [
        (seat.entry, word) for seat, word in zip(seats, words, strict=False)
    ]
    text = shown.content.decode()
    assert "checkbox" not in text
    assert "Entries can be given" not in text
    assert [seat.entry.number in text for seat in seats] == [True, True, True, True, False]


def test_the_overview_counts_entries_short_of_judges_and_of_score_sheets_apart(round_, manager, signed_in) -> None:
    full, given = (EntryFactory(competition=round_.competition, submitted=True) for _ in range(2))
    EntryFactory(competition=round_.competition, submitted=True)
    for entry, state in ((full, "done"), (given, "active")):
        for _ in range(3):
            seat = AssignmentFactory(round=round_, entry=entry, state=state)
            if state == "done":
                ScoreSheetFactory(assignment=seat, state="submitted", total=50, submitted_at=timezone.now())

    text = signed_in(manager).get(page_of("manage", round_)).content.decode()

    entries = page_of("manage-entries", round_)
    assert f'fewer judges than the 3 asked</dt><dd class="num"><a href="{entries}?reads=short">1</a>' in text
    assert f'fewer score sheets than the 3 asked</dt><dd class="num"><a href="{entries}?sheets=few">2</a>' in text


def test_an_entry_that_lacks_a_judge_stands_on_the_managers_desk(round_: Round, manager, observer) -> None:
    entry = EntryFactory(competition=round_.competition, submitted=True)
    seats = [AssignmentFactory(round=round_, entry=entry, state="active") for _ in range(3)]
    full = desk.waiting_for(manager)
    Assignment.objects.filter(pk=seats[0].pk).update(state="recused")

    [waiting] = desk.waiting_for(manager)

    assert full == []
    assert waiting.title == "Find a judge for 1 entry"
    assert waiting.url == f"{page_of('manage-entries', round_)}?reads=short"
    assert desk.waiting_for(observer) == []


@pytest.mark.parametrize("state", ["done", "in_progress", "active"])
def test_who_judged_neither_proposes_nor_approves(round_, manager, observer, signed_in, state: str) -> None:
    winner = scored_entry(round_, "90")
    for person in (manager, observer):
        judge = JudgeFactory(competition=round_.competition, user=person)
        AssignmentFactory(round=round_, judge=judge, entry=winner, state=state)
    deciding.close_round(round=round_, by=manager)
    form = {f"outcome-{winner.uid}": "winner"}

    proposed = signed_in(manager).post(page_of("manage-decision", round_), form)
    deciding.propose(
        round=round_, choices=[deciding.Choice(winner, "winner")], by=RoleFactory(competition=round_.competition).user
    )
    approved = signed_in(observer).post(
        page_of("manage-round", round_, round_.uid, "approve"), {"read": deciding.decisions_digest(round_)}
    )

    assert (proposed.status_code, approved.status_code) == (403, 403)
    assert Round.objects.get().state == RoundState.PROPOSED


def test_a_manager_who_handed_in_sees_no_scores_while_they_could_be_taken_back(round_, manager, signed_in) -> None:
    seat = AssignmentFactory(round=round_, judge=JudgeFactory(competition=round_.competition, user=manager))
    Assignment.objects.filter(pk=seat.pk).update(state="done")

    answer = signed_in(manager).get(page_of("manage-decision", round_))

    assert answer.status_code == 403


def test_a_departure_from_the_ranking_without_reason_keeps_the_choices(round_, manager, signed_in) -> None:
    best, second = scored_entry(round_, "90"), scored_entry(round_, "80")
    deciding.close_round(round=round_, by=manager)

    answer = signed_in(manager).post(
        page_of("manage-decision", round_), {f"outcome-{best.uid}": "reserve", f"outcome-{second.uid}": "winner"}
    )

    page = answer.content.decode()
    number = f'<span class="nowrap">{best.number}</span>'
    assert page.count(f"Passed over, though level or higher: {number}. Say why.") == 2
    assert '<option value="winner" selected>' in page
    assert not Decision.objects.exists()


def test_the_observer_reads_first_which_winners_depart_from_the_ranking(round_, manager, observer, signed_in) -> None:
    best, second, third = (scored_entry(round_, total) for total in ("90", "80", "70"))
    award = AwardFactory(competition=round_.competition)
    deciding.close_round(round=round_, by=manager)
    choices = [
        deciding.Choice(best, "not_selected"),
        deciding.Choice(second, "reserve"),
        deciding.Choice(third, "winner", award, "It serves more villages."),
    ]
    deciding.propose(round=round_, choices=choices, by=manager)

    page = signed_in(observer).get(page_of("manage-decision", round_)).content.decode()
    approval = signed_in(observer).get(page_of("manage-round", round_, round_.uid, "approve")).context["facts"]
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    announcement = signed_in(manager).get(page_of("manage-round", round_, round_.uid, "announce")).context["facts"]

    def named(entry: Entry) -> str:
        return f'<span class="nowrap">{entry.number}</span> <bdi>{entry.startup.name}</bdi>'

    winner = f"{named(third)}\xa0– rank 3, mean 70.00\xa0– <bdi>{award}</bdi>"
    passed = ", ".join(f"{named(one)}\xa0– {how}" for one, how in (
        (best, "rank 1, mean 90.00"), (second, "rank 2, mean 80.00"),
    ))  # fmt: skip
    for words in (winner, passed, "It serves more villages."):
        assert words in page[: page.index("<table")]
    for first in (approval[0], announcement[0]):
        assert (first.name, first.is_warning) == ("Winners that depart from the ranking", True)
        assert (
            first.value
            == f"{winner}\nPassed over, though level or higher: {passed}\nReason: <bdi>It serves more villages.</bdi>"
        )


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("ranked", "To be decided"),
        ("proposed", "Decision proposed, to be approved"),
        ("approved", "Decided, to be announced"),
    ],
)
def test_the_overview_says_how_far_the_decision_is(round_, manager, signed_in, state: str, word: str) -> None:
    EntryFactory(competition=round_.competition, submitted=True)
    Entry.objects.update(state="in_round")
    Round.objects.update(state=state)

    page = signed_in(manager).get(page_of("manage", round_)).content.decode()

    assert f"<dt>{word}</dt>" in page


@pytest.mark.parametrize(("state", "word"), [("active", "not handed in"), ("done", "scored")])
def test_when_the_round_is_over_a_seat_says_what_came_of_it(round_, manager, signed_in, state: str, word: str) -> None:
    seat = AssignmentFactory(round=round_, state=state)
    Round.objects.update(state="ranked")

    page = signed_in(manager).get(page_of("manage-entry", round_, seat.entry.uid))

    assert [one.word for one in page.context["seats"] if one.word] == [word]


def test_a_mean_reads_the_same_in_the_table_and_in_the_departure(round_, manager, observer, signed_in) -> None:
    best, second = scored_entry(round_, "91.665"), scored_entry(round_, "80")
    deciding.close_round(round=round_, by=manager)
    reason = "It serves more villages."
    choices = [deciding.Choice(best, "reserve"), deciding.Choice(second, "winner", reason=reason)]
    deciding.propose(round=round_, choices=choices, by=manager)
    client = signed_in(observer)

    page = client.get(page_of("manage-decision", round_)).content.decode()
    facts = client.get(page_of("manage-round", round_, round_.uid, "approve")).context["facts"]

    assert "<strong>91.67</strong>" in page
    assert "rank 1, mean 91.67" in page
    assert "mean 91.66" not in page
    for entry in (best, second):
        whole = f'<span class="nowrap">{entry.number}</span> <bdi>{entry.startup.name}</bdi>'
        assert whole in page
        assert whole in facts[0].value
    assert {fact.name: fact.value for fact in facts}["Other reasons given"] == "none"


def test_a_decision_in_the_order_of_the_ranking_departs_from_nothing(round_, manager, observer, signed_in) -> None:
    best, second = scored_entry(round_, "90"), scored_entry(round_, "80")
    deciding.close_round(round=round_, by=manager)
    choices = [deciding.Choice(best, "winner"), deciding.Choice(second, "reserve")]
    deciding.propose(round=round_, choices=choices, by=manager)

    page = signed_in(observer).get(page_of("manage-decision", round_)).content.decode()
    fact = signed_in(observer).get(page_of("manage-round", round_, round_.uid, "approve")).context["facts"][0]

    assert "depart from the ranking" not in page
    assert (fact.name, fact.value, fact.is_warning) == ("Winners that depart from the ranking", "none", False)


@pytest.mark.parametrize("count", [2, 6])
def test_departures_take_no_query_of_their_own_for_each_entry(
    round_, manager, observer, signed_in, django_assert_num_queries, count: int
) -> None:
    *others, winner = (scored_entry(round_, f"{90 - n}") for n in range(count))
    deciding.close_round(round=round_, by=manager)
    choices = [deciding.Choice(one, "not_selected") for one in others]
    choices.append(deciding.Choice(winner, "winner", reason="It serves more villages."))
    deciding.propose(round=round_, choices=choices, by=manager)
    client = signed_in(observer)
    pages = [page_of("manage-decision", round_), page_of("manage-round", round_, round_.uid, "approve")]
    for page in pages:
        client.get(page)

    for page, queries in zip(pages, (17, 12), strict=True):
        with django_assert_num_queries(queries):
            client.get(page)


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_to_decide_upon_takes_no_query_for_each_entry(
    round_, manager, signed_in, django_assert_num_queries, count: int
) -> None:
    for n in range(count):
        scored_entry(round_, f"{90 - n}")
    deciding.close_round(round=round_, by=manager)
    page, client = page_of("manage-decision", round_), signed_in(manager)
    client.get(page)

    with django_assert_num_queries(11):
        shown = client.get(page).content.decode()

    assert shown.count('<select class="form-select" name="outcome-') == count


def test_what_people_wrote_is_text_in_the_table_to_decide_upon(round_, manager, observer, signed_in) -> None:
    entry, said = scored_entry(round_, "90"), '<b>"Kumys" & Co</b>'
    type(entry.startup).objects.filter(pk=entry.startup_id).update(name=said)
    deciding.close_round(round=round_, by=manager)
    AwardFactory(competition=round_.competition, names={"en": said})
    page, client = page_of("manage-decision", round_), signed_in(manager)
    refused = {f"outcome-{entry.uid}": "not_selected", f"reason-{entry.uid}": said}

    pages = [client.get(page), client.post(page, refused)]
    award = round_.competition.awards.get()
    deciding.propose(round=round_, choices=[deciding.Choice(entry, "winner", award, said)], by=manager)
    pages.append(signed_in(observer).get(page))

    escaped = "&lt;b&gt;&quot;Kumys&quot; &amp; Co&lt;/b&gt;"
    texts = [each.content.decode() for each in pages]
    assert [text.count(escaped) for text in texts] == [2, 3, 3]
    assert not any("Kumys" in text.replace(escaped, "") for text in texts)


def test_a_manager_who_still_judges_sees_no_scores(round_, manager, signed_in) -> None:
    judge = JudgeFactory(competition=round_.competition, user=manager)
    AssignmentFactory(round=round_, judge=judge)
    entry = scored_entry(round_, "77.7")

    decision = signed_in(manager).get(page_of("manage-decision", round_))
    one = signed_in(manager).get(page_of("manage-entry", round_, entry.uid)).content.decode()

    assert decision.status_code == 403
    assert "77.7" not in one


def test_private_notes_never_reach_the_manager(round_, manager, signed_in) -> None:
    entry = scored_entry(round_, "77.7")
    entry.assignments.get().sheet.__class__.objects.update(private_note="CANARY-NOTE", feedback="Fine work")

    page = signed_in(manager).get(page_of("manage-entry", round_, entry.uid)).content.decode()

    assert "Fine work" in page
    assert "CANARY-NOTE" not in page


@pytest.mark.parametrize("name", PAGES)
def test_query_counts_do_not_grow(name, round_, manager, signed_in, django_assert_max_num_queries) -> None:
    scored_entry(round_, "90")
    client = signed_in(manager)
    for _ in range(3):
        scored_entry(round_, "80")
    deciding.compute_means(round=round_, by=manager)

    with django_assert_max_num_queries(14):
        client.get(page_of(name, round_))


def test_a_decision_that_came_back_is_called_so_on_the_desk(round_, manager, observer, signed_in) -> None:
    winner, client = scored_entry(round_, "90"), signed_in(manager)
    choices = [deciding.Choice(winner, "winner")]
    deciding.close_round(round=round_, by=manager)
    first = client.get("/en/desk/").content.decode()
    deciding.propose(round=round_, choices=choices, by=manager)
    deciding.return_it(round=round_, by=observer, reason="A sheet was overlooked.")

    returned = client.get("/en/desk/").content.decode()
    deciding.reopen_round(round=round_, by=manager, reason="A sheet was overlooked.", until=in_two_days())
    deciding.close_round(round=round_, by=manager)
    anew = client.get("/en/desk/").content.decode()

    told = "The decision came back: decide again"
    assert [(told in page, "Decide who wins" in page) for page in (first, returned, anew)] == [
        (False, True),
        (True, False),
        (False, True),
    ]


def in_two_days():
    return timezone.now() + timedelta(days=2)


@pytest.mark.parametrize(
    "how", ["E-1001", "e\N{NON-BREAKING HYPHEN}1001", "\N{CYRILLIC CAPITAL LETTER IE}-1001", "name"]
)
def test_a_public_reason_names_no_entry_that_does_not_win(round_, manager, signed_in, how: str) -> None:
    loser, winner = scored_entry(round_, "90"), scored_entry(round_, "80")
    deciding.close_round(round=round_, by=manager)
    named = loser.startup.name if how == "name" else how
    form = {f"outcome-{loser.uid}": "not_selected", f"outcome-{winner.uid}": "winner"}
    reason = f"Its plan is riper than that of {named}."

    answer = signed_in(manager).post(page_of("manage-decision", round_), form | {f"reason-{winner.uid}": reason})

    page = answer.content.decode()
    assert loser.number == "E-1001"
    assert f'It names <span class="nowrap">{loser.number}</span> {loser.startup.name}.' in page
    assert reason in page
    assert not Decision.objects.exists()


def controls_of(page: str, entry: Entry) -> dict[str, str]:
    """Part of the decision about this entry -> the tag of its control."""
    tags = re.findall(rf'<(?:select|textarea) [^>]*name="(\w+)-{entry.uid}"[^>]*>', page)
    return {part: re.search(rf'<[^>]*name="{part}-{entry.uid}"[^>]*>', page)[0] for part in tags}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"outcome": "winner", "award": "twice"}, {"award"}),
        ({"outcome": "nonsense"}, {"outcome"}),
        ({"outcome": "winner", "reason": "so"}, {"reason"}),
        ({"outcome": "reserve", "award": "first", "reason": "so"}, {"award", "reason"}),
    ],
)
def test_a_mistake_is_marked_at_the_control_that_it_is_about(round_, manager, signed_in, sent, wrong) -> None:
    first, second = scored_entry(round_, "90"), scored_entry(round_, "80")
    award = AwardFactory(competition=round_.competition, places=1)
    deciding.close_round(round=round_, by=manager)
    form = {f"outcome-{first.uid}": "winner", f"award-{first.uid}": award.pk if sent.get("award") == "twice" else ""}
    values = sent | ({"award": award.pk} if "award" in sent else {})
    form |= {f"{part}-{second.uid}": value for part, value in values.items()}

    page = signed_in(manager).post(page_of("manage-decision", round_), form).content.decode()

    controls = controls_of(page, second)
    row = page[page.index(f'name="outcome-{second.uid}"') :].partition("</tr>")[0]
    assert {part for part, tag in controls.items() if 'aria-invalid="true"' in tag} == wrong
    for part in wrong:
        assert f'aria-describedby="id_{part}-{second.uid}_error"' in controls[part]
        assert f'<div id="id_{part}-{second.uid}_error">' in row
    assert ('<details class="more" open' in row) is ("reason" in wrong)
    assert not any("aria-invalid" in tag for tag in controls_of(page, first).values())


def test_the_reason_has_room_and_says_in_which_language_it_is_read(round_, manager, signed_in) -> None:
    entry = scored_entry(round_, "90")
    Competition.objects.update(languages=["en", "ru"])
    deciding.close_round(round=round_, by=manager)

    page = signed_in(manager).get(page_of("manage-decision", round_)).content.decode()

    assert controls_of(page, entry)["reason"].startswith("<textarea")
    assert "shown as you write it, without translation" in page
    assert "English, Russian" in page


def test_the_count_of_a_decision_is_shown_by_the_script_that_keeps_it_true(round_, manager, signed_in) -> None:
    scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)

    page = signed_in(manager).get(page_of("manage-decision", round_)).content.decode()

    assert re.search(r'<p class="[^"]*tally[^"]*"[^>]* hidden', page)


def test_a_public_reason_may_name_the_winner_and_words_that_only_hold_a_name(round_, manager, signed_in) -> None:
    loser, winner = scored_entry(round_, "90"), scored_entry(round_, "80")
    Startup.objects.filter(pk=loser.startup_id).update(name="Aral")
    Startup.objects.filter(pk=winner.startup_id).update(name="Aral Water")
    deciding.close_round(round=round_, by=manager)
    form = {f"outcome-{loser.uid}": "not_selected", f"outcome-{winner.uid}": "winner"}
    reason = f"Aral Water ({winner.number}) serves the Aralsk region, E-10011 villages."

    signed_in(manager).post(page_of("manage-decision", round_), form | {f"reason-{winner.uid}": reason})

    assert Decision.objects.get(entry=winner).reason == reason


def test_nobody_scores_an_entry_once_the_round_is_closed(round_, manager, signed_in) -> None:
    one = scored_entry(round_, "90")
    Entry.objects.filter(pk=one.pk).update(state="in_round")
    client = signed_in(manager)
    pages = [page_of("manage", round_), page_of("manage-entries", round_), page_of("manage-entry", round_, one.uid)]

    open_ = [client.get(page).content.decode() for page in pages]
    deciding.close_round(round=round_, by=manager)
    closed = [client.get(page).content.decode() for page in pages]

    assert ["being judged" in page.lower() for page in open_ + closed] == [True] * 3 + [False] * 3
    assert ["to be decided" in page.lower() for page in open_ + closed] == [False] * 3 + [True] * 3


def test_giving_an_entry_leads_back_to_its_page_where_it_is_told(round_, manager, signed_in) -> None:
    seat = AssignmentFactory(round=round_)
    page = page_of("manage-entry", round_, seat.entry.uid)
    client = signed_in(manager)

    answer = client.post(page, {"judge": Judge.objects.exclude(pk=seat.judge_id).get().uid})

    assert answer.url == page
    assert 'role="status"' in client.get(page).content.decode()


@pytest.mark.parametrize(("iso2", "is_marked"), [("KZ", True), ("KG", False)])
def test_a_manager_who_gives_an_entry_sees_where_judges_come_from(round_, manager, signed_in, iso2, is_marked) -> None:
    entry = AssignmentFactory(round=round_).entry
    Startup.objects.update(country=Country.objects.get(iso2="KZ"))
    JudgeFactory(competition=round_.competition, country=Country.objects.get(iso2=iso2))

    html = signed_in(manager).get(page_of("manage-entry", round_, entry.uid)).content.decode()

    assert str(Country.objects.get(iso2=iso2)) in html
    assert (", as the start-up</strong>" in html) == is_marked


def test_the_decision_says_that_the_results_file_is_being_made_until_it_is_there(round_, manager, signed_in) -> None:
    scored_entry(round_, "90")
    deciding.close_round(round=round_, by=manager)
    client, page = signed_in(manager), page_of("manage-decision", round_)
    before = client.get(page).content.decode()
    Round.objects.update(state="announced")

    assert ["results file is being made" in html for html in (before, client.get(page).content.decode())] == [
        False,
        True,
    ]
