"""Asking, answering, expiring."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from mentors import desk
from mentors.enums import Availability, EngagementState, RequestState, RoleState, Visibility
from mentors.models import Engagement, Letter, Request
from mentors.services.engagements import move_engagement, send_letter
from mentors.services.requests import (
    MOST_A_WEEK,
    MOST_OPEN,
    accept_request,
    ask_expert,
    decline_request,
    move_request,
    places_left,
    withdraw_request,
)
from mentors.tasks import expire_requests, remind_experts
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.quoting import inside_sentence
from tests.mentors.factories import EngagementFactory, ExpertRoleFactory, PersonFactory, RequestFactory

pytestmark = pytest.mark.django_db

NEED = "We pay for waste, and nobody can tell us what it is worth."


def ask(role=None, by=None, need=NEED):
    return ask_expert(role=role or ExpertRoleFactory(), by=by or PersonFactory(), need=need, language="ru")


def accept(asked, availability=Availability.OPEN, **more):
    return accept_request(asked=asked, by=asked.expert.user, availability=availability, **more)


def test_asking_puts_one_mail_into_the_outbox_and_a_record_into_the_journal():
    asked = ask(ExpertRoleFactory(expert__user__language="ru"))

    mail, record = Message.objects.get(), Record.objects.get()
    assert asked.state == RequestState.OFFERED
    assert asked.expires_at - asked.offered_at == timedelta(days=7)
    assert (mail.template, mail.recipient, mail.language) == (
        "mentors/request_offered_expert",
        asked.expert.user,
        "ru",
    )
    assert (record.verb, record.scope, record.after) == ("request.offered", "secretariat", {"state": "offered"})


def test_no_mail_and_no_record_holds_an_address():
    asker = PersonFactory(email="canary@nowhere.example")
    asked = ask(ExpertRoleFactory(expert__user__email="bird@nowhere.example"), by=asker)
    engagement = accept(asked, message="Yes")
    send_letter(engagement=engagement, by=asker, text="Thanks")

    for mail in Message.objects.all():
        composed = compose(mail)
        assert "nowhere.example" not in composed.subject + composed.body
    assert [r for r in Record.objects.all() if "nowhere" in f"{r.before}{r.after}{r.label}{r.reason}"] == []


def test_what_people_write_stays_text_in_a_mail():
    ask(need="{{ base_url }} <b>bold</b>\r\nBcc: all@nowhere.example & more words")

    composed = compose(Message.objects.get())
    assert "> {{ base_url }} <b>bold</b>\n> Bcc: all@nowhere.example & more words" in composed.body
    assert (composed.bcc, composed.alternatives) == ([], [])


def test_the_mail_names_the_hour_in_the_experts_zone():
    with time_machine.travel(datetime(2026, 11, 20, 6, 0, tzinfo=UTC), tick=False):
        ask(ExpertRoleFactory(expert__user__time_zone="Asia/Tashkent", expert__user__language="en"))

    assert "27 November 2026, 11:00, Tashkent (UTC+5)" in compose(Message.objects.get()).body


@pytest.mark.parametrize(
    "role",
    [
        {"availability": Availability.CLOSED},
        {"visibility": Visibility.HIDDEN},
        {"state": RoleState.PAUSED},
        {"expert__user__is_active": False},
    ],
)
def test_a_role_that_takes_no_requests_cannot_be_asked(role):
    with pytest.raises(PermissionDenied):
        ask(ExpertRoleFactory(**role))

    assert Request.objects.count() == 0


def test_nobody_asks_themselves():
    role = ExpertRoleFactory()

    with pytest.raises(PermissionDenied):
        ask(role, by=role.expert.user)


def test_somebody_elses_start_up_cannot_be_named():
    from incubators.services.startups import create_startup
    from tests.mentors.factories import country

    startup = create_startup(by=PersonFactory(), name="Secret", country=country())

    with pytest.raises(PermissionDenied):
        ask_expert(role=ExpertRoleFactory(), by=PersonFactory(), need=NEED, language="ru", startup=startup)


def test_one_expert_is_asked_once_at_a_time():
    role, asker = ExpertRoleFactory(), PersonFactory()
    ask(role, by=asker)

    with pytest.raises(ValidationError):
        ask(role, by=asker)
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestFactory(role=role, asker=asker)
    assert Request.objects.count() == 1


def test_open_requests_of_one_person_are_limited():
    asker = PersonFactory()
    for _ in range(MOST_OPEN):
        ask(by=asker)

    with pytest.raises(ValidationError):
        ask(by=asker)

    assert Request.objects.offered().count() == MOST_OPEN


def test_withdrawing_is_no_way_around_the_weeks_limit():
    asker = PersonFactory()
    for _ in range(MOST_A_WEEK):
        withdraw_request(asked=ask(by=asker), by=asker)

    with pytest.raises(ValidationError):
        ask(by=asker)


def test_accepting_begins_an_engagement_and_mails_the_asker():
    asked = ask()
    Message.objects.all().delete()

    engagement = accept(asked, availability=Availability.LIMITED, message="On Monday")

    asked.refresh_from_db()
    mail = Message.objects.get()
    assert (asked.state, asked.reply, asked.answered_at is not None) == (RequestState.ACCEPTED, "On Monday", True)
    assert asked.role.availability == Availability.LIMITED
    assert (mail.template, mail.recipient) == ("mentors/request_accepted_asker", asked.asker)
    assert list(engagement.letters.values_list("text", flat=True)) == ["On Monday"]
    assert "request.accepted" in Record.objects.values_list("verb", flat=True)


def test_a_month_never_holds_more_than_its_places():
    role = ExpertRoleFactory(capacity=1)
    first, second = RequestFactory(role=role), RequestFactory(role=role)
    accept(first)

    with pytest.raises(ValidationError):
        accept(second)

    second.refresh_from_db()
    assert (second.state, Engagement.objects.count(), places_left(role)) == (RequestState.OFFERED, 1, 0)


def test_the_month_begins_at_midnight_where_the_expert_lives():
    role = ExpertRoleFactory(capacity=1, expert__time_zone="Asia/Almaty")
    EngagementFactory(request__role=role, started_at=datetime(2026, 10, 31, 18, 59, tzinfo=UTC))

    assert places_left(role, datetime(2026, 10, 31, 18, 59, tzinfo=UTC)) == 0
    assert places_left(role, datetime(2026, 10, 31, 19, 0, tzinfo=UTC)) == 1


def test_declining_tells_kindly_and_sets_availability():
    asked = ask()
    Message.objects.all().delete()

    decline_request(asked=asked, by=asked.expert.user, availability=Availability.CLOSED, reply="Ask Primer")

    asked.refresh_from_db()
    assert (asked.state, asked.role.availability) == (RequestState.DECLINED, Availability.CLOSED)
    assert "> Ask Primer" in compose(Message.objects.get()).body


def test_declining_without_words_puts_no_words_into_anybodys_mouth():
    asked = ask(by=PersonFactory(language="en"))
    Message.objects.all().delete()

    decline_request(asked=asked, by=asked.expert.user)

    mail = compose(Message.objects.get())
    assert mail.subject == f"{asked.expert} declined your request"
    assert "places are few" not in mail.body
    assert ">" not in mail.body


def test_the_expert_hears_who_withdrew_which_request():
    asked = ask(by=PersonFactory(name="Asema Askarova"), need="Our waste is worth something.\nBut what?")
    Message.objects.all().delete()

    withdraw_request(asked=asked, by=asked.asker)

    mail = compose(Message.objects.get())
    assert mail.subject == "Asema Askarova withdrew the request to you"
    assert "> Our waste is worth something.\n" in mail.body


def test_only_the_expert_answers_and_only_the_asker_withdraws():
    asked = ask()

    for stranger in (PersonFactory(), asked.asker):
        with pytest.raises(PermissionDenied):
            accept_request(asked=asked, by=stranger, availability="open")
        with pytest.raises(PermissionDenied):
            decline_request(asked=asked, by=stranger)
    with pytest.raises(PermissionDenied):
        withdraw_request(asked=asked, by=asked.expert.user)
    asked.refresh_from_db()
    assert asked.state == RequestState.OFFERED


def test_a_request_expires_after_seven_days_and_both_hear_of_it():
    with time_machine.travel(datetime(2026, 11, 20, 6, 0, tzinfo=UTC), tick=False) as clock:
        asked = ask()
        Message.objects.all().delete()
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        expire_requests()
        asked.refresh_from_db()
        assert asked.state == RequestState.OFFERED
        clock.shift(timedelta(seconds=1))
        expire_requests()
        expire_requests()

    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == (RequestState.EXPIRED, datetime(2026, 11, 27, 6, 0, tzinfo=UTC))
    assert {(mail.template, mail.recipient) for mail in Message.objects.all()} == {
        ("mentors/request_expired_asker", asked.asker),
        ("mentors/request_expired_expert", asked.expert.user),
    }
    assert Record.objects.filter(verb="request.expired", actor=None).count() == 1


def test_too_late_an_answer_is_refused_before_the_task_has_run():
    with time_machine.travel(datetime(2026, 11, 20, 6, 0, tzinfo=UTC), tick=False) as clock:
        asked = ask()
        clock.shift(timedelta(days=7))

        with pytest.raises(PermissionDenied):
            accept(asked)

    assert Engagement.objects.count() == 0


def test_the_expert_is_reminded_once_two_days_before():
    with time_machine.travel(datetime(2026, 11, 20, 6, 0, tzinfo=UTC), tick=False) as clock:
        ask()
        remind_experts()
        clock.shift(timedelta(days=5))
        remind_experts()
        remind_experts()

    assert Message.objects.filter(template="mentors/request_reminder").count() == 1


def test_answered_twice_is_refused():
    asked = ask()
    accept(asked)

    with pytest.raises(IllegalMove):
        accept(asked)
    with pytest.raises(IllegalMove):
        withdraw_request(asked=asked, by=asked.asker)
    with pytest.raises(IllegalMove):
        move_request(asked=asked, to=RequestState.EXPIRED, by=None)
    assert Engagement.objects.count() == 1


def test_usual_answer_is_the_median_and_counts_silence():
    role = ExpertRoleFactory(capacity=20)
    began = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    for hours in (5, 30, 200):
        with time_machine.travel(began, tick=False) as clock:
            asked = ask(role)
            clock.shift(timedelta(hours=hours))
            if hours < 168:
                decline_request(asked=asked, by=role.expert.user)
            else:
                expire_requests()

    role.expert.refresh_from_db()
    assert role.expert.usual_answer_hours == 30


def test_two_requests_are_too_few_to_say_how_soon_somebody_answers():
    role = ExpertRoleFactory(capacity=20)
    for _ in range(2):
        decline_request(asked=ask(role), by=role.expert.user)

    role.expert.refresh_from_db()
    assert role.expert.usual_answer_hours is None


def test_letters_go_to_the_other_of_the_two_and_end_with_the_engagement():
    engagement = accept(ask())
    asker, expert = engagement.request.asker, engagement.request.expert.user
    Message.objects.all().delete()

    send_letter(engagement=engagement, by=asker, text="Hello")
    send_letter(engagement=engagement, by=expert, text="Welcome")

    assert [(m.recipient, m.context["text"]) for m in Message.objects.order_by("pk")] == [
        (expert, "Hello"),
        (asker, "Welcome"),
    ]
    move_engagement(engagement=engagement, to=EngagementState.ENDED, by=asker)
    [told] = Message.objects.filter(template="mentors/engagement_ended")
    assert (told.recipient, told.context.keys() & {"writer", "asker", "expert"}) == (expert, set())
    with pytest.raises(PermissionDenied):
        send_letter(engagement=engagement, by=expert, text="One more")
    assert Letter.objects.count() == 2
    assert Record.objects.filter(verb="engagement.ended").count() == 1


def test_a_stranger_cannot_write():
    engagement = accept(ask())

    with pytest.raises(PermissionDenied):
        send_letter(engagement=engagement, by=PersonFactory(), text="Hello")


def test_what_was_asked_is_on_the_desk_of_who_asks_until_it_is_answered():
    asked = ask()
    asker = asked.asker

    [sent] = desk.sent_by(asker)
    of_expert = desk.sent_by(asked.expert.user)
    accept(asked)

    assert (sent.title, sent.url) == (f"Request: {inside_sentence(asked)}", f"/en/mentors/requests/{asked.uid}/")
    assert sent.detail.startswith("Sent on ")
    assert (of_expert, desk.sent_by(asker)) == ([], [])


@pytest.mark.parametrize("number", [1, 3])
def test_what_was_asked_is_one_query_on_the_desk(number, django_assert_num_queries):
    asker = PersonFactory()
    for _ in range(number):
        RequestFactory(asker=asker)

    with django_assert_num_queries(1):
        assert len(desk.sent_by(asker)) == number
