"""The judge's pages: who gets in, what autosave answers, what a bad form keeps, how many queries."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from competitions import desk
from competitions.models import Assignment, Judge, Round, ScoreSheet
from competitions.progress import desks_of
from competitions.services import assigning
from network_platform.background.models import Message
from network_platform.people.models import User
from tests.competitions.factories import (
    AssignmentFactory,
    CriterionFactory,
    JudgeFactory,
    QuestionFactory,
    RevisionFactory,
    RoleFactory,
    RoundFactory,
    RubricFactory,
    ScoreSheetFactory,
    SectionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Assignment:
    seat = AssignmentFactory()
    rubric = RubricFactory(round=seat.round)
    CriterionFactory(rubric=rubric, code="idea", weight=70)
    CriterionFactory(rubric=rubric, code="team", weight=30)
    section = SectionFactory(form=seat.entry.form)
    QuestionFactory(section=section, code="solution")
    QuestionFactory(section=section, code="phone", shown_to_judges=False)
    for version in (rubric, seat.entry.form):
        type(version).objects.filter(pk=version.pk).update(locked_at=timezone.now(), digest=uuid.uuid4().hex)
    return seat


def address(name: str, seat: Assignment) -> str:
    return reverse(f"competitions:{name}", args=[seat.uid])


def said_in(answer) -> str:
    """The notices that an answer leaves for the next page."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_the_sheet_shows_the_entry_and_every_level(seat, signed_in) -> None:
    page = signed_in(seat.judge.user).get(address("judge-sheet", seat)).content.decode()

    assert "Panels from cotton waste." in page
    assert page.count('type="radio"') == 2 * 7
    assert 'name="score-idea" value="n"' in page


def test_nobody_else_opens_the_sheet(seat, signed_in) -> None:
    other = AssignmentFactory(round=seat.round).judge.user

    answer = signed_in(other).get(address("judge-sheet", seat))

    assert answer.status_code == 404


def test_an_entry_is_closed_until_the_question_of_conflict_is_answered(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)

    answer = signed_in(seat.judge.user).get(address("judge-sheet", seat))

    assert answer["Location"] == reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])


def test_conflicts_are_declared_in_one_pass_and_open_the_rest(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)
    other = AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)
    client = signed_in(seat.judge.user)
    page = reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])

    shown = client.get(page).content.decode()
    both = {"shown": [seat.uid, other.uid], f"conflict-{other.uid}": "on"}
    refused = client.post(page, both)
    client.post(page, both | {f"reason-{other.uid}": "my former firm"})

    assert seat.entry.startup.name in shown
    assert "Say in a few words" in refused.content.decode()
    assert Assignment.objects.get(pk=other.pk).state == "recused"
    assert client.get(address("judge-sheet", seat)).status_code == 200


def test_conflicts_stay_on_the_device_until_they_are_declared(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)
    client, competition = signed_in(seat.judge.user), seat.round.competition
    page, desk = reverse("competitions:judge-conflicts", args=[competition.slug]), reverse("competitions:judging")
    key = f"conflicts:{competition.uid}:{seat.judge.user.uid}"

    form, before = client.get(page).content.decode(), client.get(desk).content.decode()
    after = client.post(page, {"shown": [seat.uid]}, follow=True).content.decode()

    assert f'data-keeps data-key="{key}"' in form
    assert [f'data-clears="{key}"' in html for html in (before, after)] == [False, True]


def test_a_seat_that_was_not_on_the_page_stays_uncleared(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)
    client = signed_in(seat.judge.user)
    page = reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])
    client.get(page)
    late = AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)

    client.post(page, {"shown": [seat.uid]})

    assert Assignment.objects.get(pk=seat.pk).cleared_at is not None
    assert Assignment.objects.get(pk=late.pk).cleared_at is None


@pytest.mark.parametrize("state", ["invited", "declined", "removed"])
def test_only_judges_who_accepted_the_rules_read_and_score(seat, signed_in, state: str) -> None:
    seat.judge.state = state
    seat.judge.save()
    client = signed_in(seat.judge.user)

    answers = [
        client.get(address("judge-sheet", seat)),
        client.post(address("judge-autosave", seat), {"version": 0, "score-idea": "3"}),
        client.get(reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 302]
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("change", [{"state": "draft"}, {"opens_at": timezone.now() + timedelta(days=1)}])
def test_nothing_is_read_before_the_round_begins(seat, signed_in, change) -> None:
    type(seat.round).objects.update(**change)

    assert signed_in(seat.judge.user).get(address("judge-sheet", seat)).status_code == 404


def test_after_the_announcement_judges_read_no_entry(seat, signed_in) -> None:
    type(seat.round).objects.update(state="announced")

    answer = signed_in(seat.judge.user).get(address("judge-sheet", seat))

    assert answer["Location"] == reverse("competitions:judging")


@pytest.mark.parametrize("state", ["ranked", "announced"])
@pytest.mark.parametrize("begun", [True, False])
def test_what_is_sent_after_the_round_closed_comes_back_to_be_copied(seat, signed_in, state: str, begun: bool) -> None:
    client = signed_in(seat.judge.user)
    if begun:
        client.post(address("judge-autosave", seat), {"version": 0, "feedback": "Saved in time."})
    Round.objects.update(state=state)

    sent = {"version": 1, "score-idea": "5", "score-team": "n", "feedback": "Typed too late.", "submit": "1"}
    answer = client.post(address("judge-sheet", seat), sent)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This round is closed." in page
    assert '<dd dir="auto">Typed too late.</dd>' in page
    assert '<dd dir="auto">cannot assess</dd>' in page
    assert ("Saved in time.</textarea>" in page.replace("\n", "")) is begun
    assert [sheet.feedback for sheet in ScoreSheet.objects.all()] == ["Saved in time."] * begun


@pytest.mark.parametrize("state", ["ranked", "announced"])
def test_a_begun_sheet_of_a_closed_round_is_read_and_not_written(seat, signed_in, state: str) -> None:
    client = signed_in(seat.judge.user)
    client.post(address("judge-autosave", seat), {"version": 0, "feedback": "Saved in time."})
    Round.objects.update(state=state)

    page = client.get(address("judge-sheet", seat)).content.decode()

    assert "This round is closed. What was not submitted does not count." in page
    assert "Saved in time." in page
    assert "You did not hand it in, so that the team does not read it." in page
    assert "Say one thing that works" not in page
    assert "data-autosave" not in page
    assert ("Panels from cotton waste." in page) is (state != "announced")
    assert ("you did not hand it in" in page) is (state == "announced")
    assert "What you handed in stays readable" not in page
    assert address("judge-sheet", seat) in client.get(reverse("competitions:judging")).content.decode()


def test_conflicts_declared_after_the_round_closed_change_nothing(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)
    Round.objects.update(state="ranked")
    page = reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])

    answer = signed_in(seat.judge.user).post(
        page, {"shown": [seat.uid], f"conflict-{seat.uid}": "on", f"reason-{seat.uid}": "my former firm"}
    )

    assert answer["Location"] == reverse("competitions:judging")
    assert Assignment.objects.get().state == "active"


def test_everything_wrong_with_a_sheet_is_said_at_once(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)

    answer = client.post(
        address("judge-sheet", seat), {"version": 0, "score-idea": "3", "feedback": "x" * 2001, "submit": "1"}
    )

    page = answer.content.decode()
    assert "2 answers need another look" in page
    assert "Choose a level, or say that you cannot assess it." in page


def test_the_bar_counts_what_was_sent_with_mistakes(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)

    page = client.post(address("judge-sheet", seat), {"version": 0, "score-idea": "3", "submit": "1"}).content.decode()

    assert "criteria: 1 of 2</span>" in page


def test_autosave_says_what_keeps_the_sheet_from_being_submitted(seat, signed_in) -> None:
    answer = signed_in(seat.judge.user).post(
        address("judge-autosave", seat), {"version": 0, "score-idea": "3", "feedback": "x" * 2001}
    )

    said = answer.json()
    assert list(said["wrong"]) == ["feedback"]
    assert said["words"] == "One answer needs another look"


def test_declining_frees_the_seats(seat, signed_in) -> None:
    seat.judge.state = "invited"
    seat.judge.save()

    signed_in(seat.judge.user).post(
        reverse("competitions:judge-invitation", args=[seat.round.competition.slug]), {"answer": "decline"}
    )

    assert Assignment.objects.get().state == "released"


def test_an_empty_post_says_what_is_missing(seat, signed_in) -> None:
    assert signed_in(seat.judge.user).post(address("judge-sheet", seat)).status_code == 422


def test_the_second_click_on_submit_tells_that_the_sheet_is_in(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    scores = {"version": 0, "score-idea": "3", "score-team": "4", "submit": "1"}
    client.post(address("judge-sheet", seat), scores)

    again = client.post(address("judge-sheet", seat), scores, follow=True)

    assert again.status_code == 200
    assert "You submitted these scores" in again.content.decode()


def test_autosave_answers_with_the_new_version_and_with_a_conflict(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    page = address("judge-autosave", seat)

    first = client.post(page, {"version": 0, "score-idea": "3", "feedback": "Good"})
    stale = client.post(page, {"version": 0, "score-idea": "5"})

    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert (stale.status_code, stale.json()["version"]) == (409, 1)
    assert stale.json()["theirs"] == {"feedback": "Good", "private_note": "", "score-idea": "3"}


def test_autosave_repeats_happen_once(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    headers = {"X-Save-Id": str(uuid.uuid4())}

    for _ in range(2):
        answer = client.post(address("judge-autosave", seat), {"version": 0, "score-idea": "3"}, headers=headers)

    assert answer.json()["version"] == ScoreSheet.objects.get().version == 1


def test_autosave_keeps_what_is_sound_beside_what_is_not(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)

    client.post(address("judge-autosave", seat), {"version": 0, "score-idea": "99", "score-team": "5", "feedback": "x"})

    sheet = ScoreSheet.objects.get()
    assert {score.criterion.code: score.value for score in sheet.scores.all()} == {"team": D(5)}
    assert sheet.feedback == "x"


def test_text_that_is_too_long_is_kept_until_it_is_cut_by_hand(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    long = "line\r\n" * 500

    client.post(address("judge-autosave", seat), {"version": 0, "feedback": long})
    kept = ScoreSheet.objects.get().feedback
    answer = client.post(
        address("judge-sheet", seat),
        {"version": 1, "score-idea": "3", "score-team": "3", "feedback": long, "submit": "1"},
    )

    assert kept == "line\n" * 500
    assert answer.status_code == 422
    assert 'name="version" value="2"' in answer.content.decode()
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.feedback.count("line")) == ("draft", 500)


def test_autosave_is_refused_when_the_round_is_closed(seat, signed_in) -> None:
    seat.round.state = "closed"
    seat.round.save()

    answer = signed_in(seat.judge.user).post(address("judge-autosave", seat), {"version": 0, "score-idea": "3"})

    assert answer.status_code == 403
    assert not ScoreSheet.objects.exists()


def test_submitting_with_a_gap_says_where_and_keeps_the_rest(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)

    answer = client.post(
        address("judge-sheet", seat), {"version": 0, "score-idea": "3", "feedback": "Keep me", "submit": "1"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a level, or say that you cannot assess it." in page
    assert "Keep me" in page
    assert 'name="version" value="1"' in page
    assert ScoreSheet.objects.get().state == "draft"


def test_submitting_leads_to_the_next_entry(seat, signed_in) -> None:
    nxt = AssignmentFactory(round=seat.round, judge=seat.judge, position=2)
    client = signed_in(seat.judge.user)

    answer = client.post(
        address("judge-sheet", seat), {"version": 0, "score-idea": "3", "score-team": "2", "submit": "1"}
    )

    assert answer["Location"].endswith(address("judge-sheet", nxt))
    assert said_in(answer) == f"Entry {seat.entry} is scored: 54.0"
    assert ScoreSheet.objects.get().state == "submitted"


def test_a_sheet_below_the_coverage_is_handed_in_only_by_whoever_says_so(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    scores = {"score-idea": "3", "score-team": "n"}

    asked = client.post(address("judge-sheet", seat), scores | {"version": 0, "submit": "1"})
    before = ScoreSheet.objects.get().state
    shown = client.get(address("judge-sheet", seat)).content.decode()
    client.post(address("judge-sheet", seat), scores | {"version": 1, "submit": "without-total"})

    page = asked.content.decode()
    assert (asked.status_code, before) == (422, "draft")
    assert "You assessed 70 % of the weights; a sheet needs 100 % to have a total." in page
    assert 'value="without-total"' in page
    assert "No total: too little is assessed" in shown
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.total) == ("submitted", None)


def test_the_mistakes_of_a_refused_sheet_come_first(seat, signed_in) -> None:
    page = signed_in(seat.judge.user).post(address("judge-sheet", seat), {"version": 0, "submit": "1"}).content.decode()

    assert page.index("summary-title") < page.index('id="entry"')


def handed_in(seat: Assignment) -> ScoreSheet:
    Assignment.objects.filter(pk=seat.pk).update(state="done")
    return ScoreSheetFactory(
        assignment=seat, state="submitted", total=60, submitted_at=timezone.now(), feedback="Weigh it again."
    )


def test_after_the_announcement_judges_reread_their_own_sheet_and_no_entry(seat, signed_in) -> None:
    handed_in(seat)
    type(seat.round).objects.update(state="announced")
    client = signed_in(seat.judge.user)

    answer = client.get(address("judge-sheet", seat))
    posted = client.post(address("judge-sheet", seat), {"version": 0, "score-idea": "5"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Weigh it again." in page
    assert "Panels from cotton waste." not in page
    assert posted.status_code == 403


def test_a_closed_round_asks_nothing_of_its_judges(seat, signed_in) -> None:
    other = AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)
    handed_in(seat)
    type(seat.round).objects.update(state="ranked")

    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()

    assert "This round is closed. Thank you." in page
    assert "Declare conflicts" not in page
    assert address("judge-sheet", seat) in page
    assert address("judge-sheet", other) not in page


@pytest.mark.parametrize("state", ["active", "in_progress"])
def test_what_a_closed_round_left_undone_is_not_called_to_do(seat, signed_in, state: str) -> None:
    Assignment.objects.update(state=state)
    client, queue = signed_in(seat.judge.user), reverse("competitions:judging")
    before = client.get(queue).content.decode()
    Round.objects.update(state="ranked")

    after = client.get(queue).content.decode()

    assert "not handed in" not in before
    assert [word in after for word in ("not handed in", ">to do", ">begun")] == [True, False, False]


def test_who_handed_in_nothing_is_not_thanked_and_offered_no_entry_that_leads_nowhere(seat, signed_in) -> None:
    client, queue = signed_in(seat.judge.user), reverse("competitions:judging")
    open_ = client.get(queue).content.decode()
    pages = []
    for state in ("ranked", "announced"):
        Round.objects.update(state=state)
        pages.append(client.get(queue).content.decode())

    assert 'class="tiles"' in open_
    assert [("Thank you" in page, 'class="tiles"' in page) for page in pages] == [(False, False)] * 2
    assert ["You handed in no score sheet." in page for page in pages] == [True, True]


def test_a_sheet_never_begun_says_why_it_does_not_open_any_more(seat, signed_in) -> None:
    Round.objects.update(state="announced")

    answer = signed_in(seat.judge.user).get(address("judge-sheet", seat))

    assert answer.url == reverse("competitions:judging")
    assert said_in(answer) == f"{seat.entry} is closed: the round is over, and you began no sheet."


def test_after_the_announcement_the_queue_leads_to_the_result(seat, signed_in) -> None:
    Round.objects.update(state="announced")

    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()

    result = reverse("competitions:detail", args=[seat.round.competition.slug])
    assert f'<a href="{result}#winners">See the public result</a>' in page


def test_of_rounds_that_are_over_the_last_stands_first(seat) -> None:
    user, now = seat.judge.user, timezone.now()
    ends = {"ranked": now - timedelta(days=2), "announced": now - timedelta(days=60)}
    over = [RoundFactory(state=state, closes_at=end) for state, end in ends.items()]
    for each in over:
        AssignmentFactory(round=each, judge=JudgeFactory(competition=each.competition, user=user))

    assert [desk.round for desk in desks_of(user)] == [seat.round, *over]


def test_conflicts_come_before_going_on(seat, signed_in) -> None:
    AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)

    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()

    assert page.count('<a class="btn" ') == 1
    assert "Declare conflicts" in page


def test_stepping_back_is_told_to_the_managers_without_the_reason(seat, signed_in) -> None:
    manager = RoleFactory(competition=seat.round.competition).user

    signed_in(seat.judge.user).post(address("judge-recuse", seat), {"reason": "sister"})

    message = Message.objects.get()
    assert (message.template, message.recipient) == ("competitions/judge_recused", manager)
    assert message.context["entries"] == seat.entry.number
    assert "sister" not in str(message.context)


@pytest.mark.parametrize("change", [{"state": "closed"}, {"closes_at": timezone.now() - timedelta(hours=1)}])
def test_an_invitation_cannot_be_accepted_once_the_reading_is_over(change, signed_in) -> None:
    judge = JudgeFactory(state="invited")
    RoundFactory(competition=judge.competition)
    Round.objects.update(**change)
    page = reverse("competitions:judge-invitation", args=[judge.competition.slug])
    client = signed_in(judge.user)

    shown = client.get(page).content.decode()
    client.post(page, {"answer": "accept"})

    assert "The reading is over" in shown
    assert "You are asked to judge" not in client.get(reverse("competitions:judging")).content.decode()
    judge.refresh_from_db()
    assert judge.state == "invited"


def test_the_invitation_says_until_when_how_many_and_whom_to_ask(signed_in) -> None:
    judge = JudgeFactory(state="invited", capacity=7)
    round_ = RoundFactory(competition=judge.competition)
    manager = RoleFactory(competition=judge.competition).user

    page = signed_in(judge.user).get(reverse("competitions:judge-invitation", args=[judge.competition.slug]))

    words = page.content.decode()
    assert manager.email in words
    assert '<dd class="num">7</dd>' in words
    assert f"{round_.closes_at:%Y}" in words


def test_a_stale_plain_save_shows_both_texts_and_loses_nothing(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    client.post(address("judge-autosave", seat), {"version": 0, "feedback": "from the other tab"})

    answer = client.post(address("judge-sheet", seat), {"version": 0, "feedback": "mine", "save": "1"})

    page = answer.content.decode()
    assert "from the other tab" in page
    assert ">mine</textarea>" in page.replace("\n", "")
    again = client.post(address("judge-sheet", seat), {"version": 1, "feedback": "mine", "save": "1"})
    assert again.status_code == 302
    assert ScoreSheet.objects.get().feedback == "mine"


def shown(client, seat) -> dict:
    """What a sheet that was opened now sends besides what is typed."""
    context = client.get(address("judge-sheet", seat)).context
    return {"version": context["form"]["version"].value(), "seen": str(context["seen"])}


def test_two_windows_that_change_different_fields_do_not_meet(seat, signed_in) -> None:
    client, save_id = signed_in(seat.judge.user), {"X-Save-Id": str(uuid.uuid4())}
    page, first = shown(client, seat), {"score-idea": "3", "feedback": "Good"}
    client.post(address("judge-autosave", seat), {**page, **first})

    sent = {**page, "score-team": "4", "private_note": "Ask"}
    answers = [client.post(address("judge-autosave", seat), sent, headers=save_id) for _ in range(2)]
    clash = client.post(address("judge-autosave", seat), {**page, "score-idea": "5"})

    assert [answer.json()["theirs"] for answer in answers] == [first, first]
    assert [answer.json()["version"] for answer in answers] == [2, 2]
    assert (clash.status_code, clash.json()["theirs"]) == (409, {"score-idea": "3"})
    sheet = ScoreSheet.objects.get()
    marks = {score.criterion.code: score.value for score in sheet.scores.all()}
    assert (marks, sheet.feedback, sheet.private_note) == ({"idea": 3, "team": 4}, "Good", "Ask")


def test_a_plain_sheet_keeps_what_the_other_window_wrote(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    page = shown(client, seat)
    client.post(address("judge-autosave", seat), {**page, "score-idea": "3", "feedback": "Good"})

    asked = client.post(address("judge-sheet", seat), {**page, "score-idea": "5", "private_note": "Ask"})
    decided = {"version": asked.context["form"]["version"].value(), "seen": str(asked.context["seen"])}
    typed = {"score-idea": "5", "feedback": "Good", "private_note": "Ask"}
    client.post(address("judge-sheet", seat), {**decided, **typed})

    sheet = ScoreSheet.objects.get()
    assert asked.context["form"].theirs == {"score-idea": "3"}
    assert asked.context["form"]["feedback"].value() == "Good"
    assert (sheet.feedback, sheet.private_note) == ("Good", "Ask")
    assert sheet.scores.get(criterion__code="idea").value == 5


def test_a_sheet_whose_last_save_was_never_answered_does_not_meet_itself(seat, signed_in) -> None:
    client = signed_in(seat.judge.user)
    page, sent = shown(client, seat), {"score-idea": "3", "feedback": "Goo"}
    client.post(address("judge-autosave", seat), {**page, **sent})

    own = {**page, "unheard": urlencode(sent), "score-idea": "4", "feedback": "Good", "save": "1"}
    saved = client.post(address("judge-sheet", seat), own)
    client.post(address("judge-autosave", seat), {**shown(client, seat), "score-idea": "1", "feedback": "Good"})
    asked = client.post(address("judge-sheet", seat), {**own, "score-idea": "5"})

    assert (saved.status_code, asked.status_code) == (302, 422)
    assert asked.context["form"].theirs == {"score-idea": "1"}


def test_a_blind_round_hides_who_applies(seat, signed_in) -> None:
    seat.round.is_blind = True
    seat.round.save()

    page = signed_in(seat.judge.user).get(address("judge-sheet", seat)).content.decode()

    assert seat.entry.startup.name not in page


def test_questions_not_meant_for_judges_stay_hidden(seat, signed_in) -> None:
    page = signed_in(seat.judge.user).get(address("judge-sheet", seat)).content.decode()

    assert "Question phone?" not in page


def test_the_queue_counts_what_is_left(seat, signed_in) -> None:
    AssignmentFactory(round=seat.round, judge=seat.judge, state="done")

    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()

    assert "1 of 2 scored" in page


def test_accepting_the_invitation(signed_in) -> None:
    judge = JudgeFactory(state="invited")
    page = reverse("competitions:judge-invitation", args=[judge.competition.slug])

    shown = signed_in(judge.user).get(page).content.decode()
    signed_in(judge.user).post(page, {"answer": "accept"})

    assert "What you agree to" in shown
    judge.refresh_from_db()
    assert judge.state == "accepted"


@pytest.mark.parametrize("more", [0, 2])
def test_query_counts_do_not_grow(seat, signed_in, django_assert_max_num_queries, more: int) -> None:
    for position in range(more):
        AssignmentFactory(round=seat.round, judge=seat.judge, position=position + 2)
    client = signed_in(seat.judge.user)
    client.get(address("judge-sheet", seat))

    with django_assert_max_num_queries(6):
        client.get(address("judge-sheet", seat))
    with django_assert_max_num_queries(6):
        client.get(reverse("competitions:judging"))


def test_saving_a_score_takes_8_queries(seat, signed_in, django_assert_num_queries) -> None:
    client = signed_in(seat.judge.user)
    client.post(address("judge-autosave", seat), {"version": 0, "score-idea": "3"})

    with django_assert_num_queries(8):
        client.post(address("judge-autosave", seat), {"version": 1, "score-idea": "5", "score-team": "0"})


def test_the_name_of_a_language_begins_small_in_russian(seat, signed_in) -> None:
    seat.entry.standing = RevisionFactory(entry=seat.entry, language="ru")
    seat.entry.save()

    page = signed_in(seat.judge.user).get(f"/ru/judging/sheets/{seat.uid}/").content.decode()

    assert "язык заявки: русский" in page


def test_the_desk_always_leads_to_judging_and_to_the_own_competitions(seat) -> None:
    competition = seat.round.competition
    people = {
        "judge": seat.judge.user,
        "manager": RoleFactory(competition=competition).user,
        "observer": RoleFactory(competition=competition, role="observer").user,
        "former": RoleFactory(competition=competition, ended_at=timezone.now()).user,
    }

    areas = {who: [(str(area.title), area.url) for area in desk.areas_of(person)] for who, person in people.items()}

    manage = reverse("competitions:manage", args=[competition.slug])
    assert areas == {
        "judge": [("My judging", reverse("competitions:judging"))],
        "manager": [(f"You manage: {competition}", manage)],
        "observer": [(f"You observe: {competition}", manage)],
        "former": [],
    }


def test_a_visitor_with_an_invitation_gets_a_code_at_its_address(client) -> None:
    judge = JudgeFactory(state="invited")
    page = reverse("competitions:judge-invitation", args=[judge.competition.slug])

    Judge.objects.update(invited_at=timezone.now() - timedelta(days=1))
    judge.refresh_from_db()
    assigning.invite_again(judge=judge, by=RoleFactory(competition=judge.competition).user)

    with_link = client.get(Message.objects.get(template="competitions/judge_invited").context["path"])
    guessed = [client.get(f"{page}{query}") for query in ("", f"?invitation={judge.uid}", f"?invitation={judge.pk}")]
    code = client.get(with_link.context["code"])

    assert with_link.status_code == 403
    assert str(judge.competition) in with_link.content.decode()
    assert {answer.status_code for answer in guessed} == {302}
    assert not any(judge.user.email in answer["Location"] for answer in guessed)
    assert code.context["form"]["email"].value() == judge.user.email
    assert f'value="{page}"' in code.content.decode()


def test_answers_to_an_invitation_are_thanked_for(signed_in) -> None:
    accepting, declining = JudgeFactory(state="invited"), JudgeFactory(state="invited")

    said = [
        said_in(
            signed_in(judge.user).post(
                reverse("competitions:judge-invitation", args=[judge.competition.slug]), {"answer": answer}
            )
        )
        for judge, answer in ((accepting, "accept"), (declining, "decline"))
    ]

    assert said == [
        "You accepted, thank you. A mail tells you when there are entries to read; they will be here.",
        "You declined. Thank you for answering.",
    ]


def test_desk_and_queue_count_apart_what_waits_for_the_question_of_conflict(seat, signed_in) -> None:
    waiting = [AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None) for _n in range(3)]
    AssignmentFactory(round=seat.round, judge=seat.judge, state="done")
    AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None, state="recused")
    conflicts = reverse("competitions:judge-conflicts", args=[seat.round.competition.slug])

    on_desk = [str(line.title) for line in desk.waiting_for(seat.judge.user)]
    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()
    Assignment.objects.filter(pk=seat.pk).update(state="done")
    only_conflicts = [str(line.title) for line in desk.waiting_for(seat.judge.user)]

    assert on_desk == ["1 entry waits for your score; first tell about conflicts for 3"]
    assert only_conflicts == ["Tell about conflicts for 3 entries"]
    assert "1 of 5 scored" in page
    assert "1 entry given up" in page
    assert page.count('<li class="d-flex') == page.count('aria-label="Entry ') == 6
    assert page.count("conflicts first</span>") == page.count(f'<a class="hit" href="{conflicts}">') == 3
    assert page.count(", conflicts first") == 3
    assert not any(one.entry.startup.name in page for one in waiting)


def test_no_list_of_names_stands_empty_while_entries_wait_for_conflicts(seat, signed_in) -> None:
    Assignment.objects.update(cleared_at=None)

    page = signed_in(seat.judge.user).get(reverse("competitions:judging")).content.decode()

    assert "<summary>Your entries</summary>" not in page


def test_the_bar_of_a_sheet_says_only_the_hour_of_a_save_of_today(seat, signed_in) -> None:
    User.objects.update(time_zone="Asia/Almaty")
    client = signed_in(seat.judge.user)

    said = client.post(address("judge-autosave", seat), {"version": 0, "score-idea": "3"}).json()
    today = client.get(address("judge-sheet", seat)).content.decode()
    ScoreSheet.objects.update(saved_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    later = client.get(address("judge-sheet", seat)).content.decode()

    assert len(said["when"]) == len("18:00")
    assert f">{said['when']}</time>" in today
    assert ">4\xa0March\xa02026</time></span>" in later
