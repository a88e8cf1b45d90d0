"""One row, one mail."""

import threading
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from network_platform.background.delivery import MOST_ATTEMPTS, claim, deliver, mark_sent, message_id, postpone
from network_platform.background.models import Heartbeat, Message, MessageState
from network_platform.background.services import (
    Letter,
    forget_addressees,
    forget_old_contents,
    retry_message,
    send_message,
    send_messages,
    withdraw_messages,
)
from network_platform.background.tasks import deliver_messages, forget_contents, heartbeat, sweep_messages
from tests.background.factories import make_message
from tests.journal.factories import MemberFactory, SecretaryFactory


def test_a_message_is_asked_for_once(db):
    person = MemberFactory(language="ru")

    first = send_message(template="people/groups_changed", to=person, dedupe_key="same", context={"added": ["editors"]})
    second = send_message(template="people/groups_changed", to=person, dedupe_key="same", context={"added": []})

    assert first == second
    assert Message.objects.get().context == {"added": ["editors"]}
    assert (first.address, first.language, first.state) == (person.email, "ru", "queued")


def test_many_messages_are_asked_for_once_each(db, django_capture_on_commit_callbacks, django_assert_num_queries):
    named, *people = MemberFactory.create_batch(4, language="ru")
    send_message(template="people/groups_changed", to=people[0], dedupe_key="key 0", context={"added": ["editors"]})
    letters = [
        Letter("people/groups_changed", person, f"key {n}", context={"added": []}, about=[named])
        for n, person in enumerate(people)
    ]

    with django_capture_on_commit_callbacks() as waiting, django_assert_num_queries(3):
        send_messages(letters)
    deliver_messages(list(Message.objects.values_list("pk", flat=True)))

    rows = Message.objects.order_by("dedupe_key")
    assert [row.context for row in rows] == [{"added": ["editors"]}, {"added": []}, {"added": []}]
    assert [(row.address, row.language, row.state) for row in rows] == [(each.email, "ru", "sent") for each in people]
    assert [list(row.about.all()) for row in rows] == [[], [named], [named]]
    assert len(waiting) == 1


def test_delivery_sends_in_the_recipients_language(db):
    message = make_message(to=MemberFactory(language="ru"))

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 1, "")
    assert mail.outbox[0].to == [message.address]
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{message.uid}@127.0.0.1>"
    assert "/ru/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "fields",
    [
        {"state": MessageState.SENT},
        {"state": MessageState.FAILED},
        {"due_at": timezone.now() + timedelta(hours=9)},
        {"state": MessageState.SENDING, "claimed_at": timezone.now() + timedelta(hours=9)},
    ],
)
def test_what_is_not_due_is_left_alone(db, fields):
    message = make_message(**fields)

    deliver(message.pk)
    sweep_messages()

    assert mail.outbox == []
    assert Message.objects.get().state == message.state


def test_mail_with_a_later_hour_waits_for_the_sweep_after_it(db, django_capture_on_commit_callbacks):
    later = timezone.now() + timedelta(minutes=5)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        send_message(template="people/groups_changed", to=MemberFactory(), dedupe_key="later", not_before=later)
    sweep_messages()
    early = len(mail.outbox)

    with time_machine.travel(later, tick=False):
        sweep_messages()

    assert (callbacks, early, len(mail.outbox)) == ([], 0, 1)


@pytest.mark.parametrize(
    ("state", "attempts"), [(MessageState.SENDING, 1), (MessageState.SENT, 1), (MessageState.QUEUED, 1)]
)
def test_mails_are_withdrawn_together_or_not_at_all(db, state, attempts):
    first, second = make_message(dedupe_key="bulk:1:a"), make_message(dedupe_key="bulk:1:b")
    other = make_message(dedupe_key="bulk:10:a")
    Message.objects.filter(pk=second.pk).update(state=state, attempts=attempts)

    refused = withdraw_messages(keys_begin="bulk:1:")
    kept = Message.objects.count()
    Message.objects.filter(pk=second.pk).update(state=MessageState.QUEUED, attempts=0)

    assert (refused, kept, withdraw_messages(keys_begin="bulk:1:")) == (False, 3, True)
    assert list(Message.objects.all()) == [other]
    assert first.state == MessageState.QUEUED


@pytest.mark.parametrize(
    ("state", "attempts", "left"),
    [
        (MessageState.QUEUED, 0, []),
        (MessageState.QUEUED, 1, ["late"]),
        (MessageState.FAILED, 8, ["late"]),
        (MessageState.SENDING, 1, ["sending"]),
        (MessageState.SENT, 1, ["sent"]),
    ],
)
def test_mails_to_an_address_that_is_forgotten_leave_no_trace_of_it(db, state, attempts, left):
    asked = make_message(dedupe_key="one", to="invited@hub.example")
    other = make_message(dedupe_key="one:b")
    Message.objects.filter(pk=asked.pk).update(state=state, attempts=attempts, error="refused: invited@hub.example")

    forget_addressees(keys=["one", "none"])

    rows = Message.objects.exclude(pk=other.pk)
    assert [row.state for row in rows] == left
    assert [(row.address, row.context, row.error) for row in rows] == [("", {}, "")] * len(left)
    other.refresh_from_db()
    assert (other.state, other.address != "") == ("queued", True)


def test_a_worker_that_fails_on_a_forgotten_mail_gives_it_up(db):
    message = make_message(dedupe_key="one", to="invited@hub.example")
    held = claim(message.pk)

    forget_addressees(keys=["one"])
    postpone(held, ConnectionError("invited@hub.example refused"))
    with time_machine.travel(timezone.now() + settings.MAIL_LEASE + timedelta(seconds=1), tick=False):
        sweep_messages()

    left = Message.objects.get()
    assert (left.state, left.address, left.error, mail.outbox) == ("late", "", "", [])


def test_a_silent_workers_row_is_taken_over_after_its_lease(db):
    message = make_message()
    claim(message.pk)

    assert claim(message.pk) is None
    with time_machine.travel(timezone.now() + settings.MAIL_LEASE + timedelta(seconds=1), tick=False):
        sweep_messages()

    assert Message.objects.get().state == MessageState.SENT
    assert len(mail.outbox) == 1


def test_a_repeat_after_acceptance_carries_the_same_message_id(db):
    message = make_message()
    deliver(message.pk)
    Message.objects.update(state=MessageState.SENDING, claimed_at=timezone.now() - settings.MAIL_LEASE)

    sweep_messages()

    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [message_id(message)] * 2


def test_a_late_failure_does_not_touch_what_another_worker_holds(db):
    message = make_message()
    lost = claim(message.pk)
    Message.objects.update(claimed_at=timezone.now() - settings.MAIL_LEASE - timedelta(seconds=1))
    held = claim(message.pk)

    postpone(lost, OSError("too late"))

    message.refresh_from_db()
    assert (message.state, message.claimed_at, message.error) == (MessageState.SENDING, held.claimed_at, "")


def test_failures_wait_longer_each_time_and_end(db):
    message = make_message(template="people/no_such_template")
    waits = []

    for _ in range(MOST_ATTEMPTS):
        Message.objects.update(due_at=timezone.now())
        deliver(message.pk)
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds() / 60))

    assert waits[:4] == [1, 2, 4, 8]
    assert message.state == MessageState.FAILED
    assert message.error.startswith("TemplateDoesNotExist")
    sweep_messages()
    assert Message.objects.get().attempts == MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_for_threads")
def test_of_many_workers_one_claims():
    message, claimed, barrier = make_message(), [], threading.Barrier(6)

    def work():
        barrier.wait()
        claimed.append(claim(message.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == 6
    assert [each.pk for each in claimed if each] == [message.pk]
    assert Message.objects.get().attempts == 1


def test_a_lost_broker_leaves_the_row_to_the_sweeper(db, monkeypatch, django_capture_on_commit_callbacks):
    tries = []

    def refuse(*args, **kwargs):
        tries.append(args)
        raise ConnectionError("no broker")

    monkeypatch.setattr(current_app, "send_task", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        make_message()
        make_message()
    sweep_messages()

    assert list(Message.objects.values_list("state", flat=True)) == [MessageState.SENT] * 2
    assert len(tries) == 1


def test_contents_are_forgotten_a_month_after_sending(db):
    old = make_message(state=MessageState.SENT, sent_at=timezone.now() - timedelta(days=31))
    recent = make_message(state=MessageState.SENT, sent_at=timezone.now() - timedelta(days=29))
    waiting = make_message(created_at=timezone.now() - timedelta(days=90))

    forget_contents()

    assert list(Message.objects.filter(context={})) == [old]
    assert set(Message.objects.exclude(context={})) == {recent, waiting}
    assert forget_old_contents() == 0


def test_contents_of_what_failed_are_forgotten_a_month_after(db):
    long_ago = timezone.now() - timedelta(days=31)
    old = make_message(state=MessageState.FAILED, created_at=long_ago)
    recent = make_message(state=MessageState.FAILED)

    forget_contents()

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.state, old.context) == (MessageState.LATE, {})
    assert (recent.state, recent.context["added"]) == (MessageState.FAILED, ["editors"])


LATE = {"last_moment": timezone.now() - timedelta(seconds=1), "context": {"code": "123456"}}


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.FAILED])
def test_past_its_last_moment_a_message_is_neither_sent_nor_kept_nor_retried(db, state):
    message = make_message(state=state, **LATE)

    deliver(message.pk)
    retry_message(message=message, by=SecretaryFactory())
    deliver(message.pk)
    sweep_messages()

    message.refresh_from_db()
    assert mail.outbox == []
    assert (message.state, message.context, message.attempts) == (MessageState.LATE, {}, 0)


def test_past_its_last_moment_a_silent_workers_row_is_given_up(db):
    held, left = make_message(**LATE), make_message(**LATE)
    Message.objects.filter(pk=held.pk).update(state=MessageState.SENDING, claimed_at=timezone.now())
    lost = timezone.now() - settings.MAIL_LEASE - timedelta(seconds=1)
    Message.objects.filter(pk=left.pk).update(state=MessageState.SENDING, claimed_at=lost)

    sweep_messages()

    assert dict(Message.objects.values_list("pk", "state")) == {held.pk: "sending", left.pk: "late"}


def test_before_its_last_moment_a_message_is_sent(db):
    message = make_message(last_moment=timezone.now() + timedelta(minutes=10))

    deliver(message.pk)

    assert Message.objects.get().state == MessageState.SENT


def test_a_message_that_ends_every_worker_is_not_tried_for_ever(db):
    message, tries = make_message(), 0

    while claim(message.pk) and tries < 50:
        tries += 1
        Message.objects.update(claimed_at=timezone.now() - settings.MAIL_LEASE - timedelta(seconds=1))
    sweep_messages()

    message.refresh_from_db()
    assert (tries, message.state, mail.outbox) == (MOST_ATTEMPTS, MessageState.FAILED, [])
    assert message.error != ""


def test_what_was_forgotten_while_it_was_sent_stays_forgotten(db):
    message = make_message()
    held = claim(message.pk)
    Message.objects.update(context={})

    mark_sent(held)

    message.refresh_from_db()
    assert (message.state, message.context) == (MessageState.SENT, {})


def test_beat_leaves_a_sign(db):
    heartbeat()
    heartbeat()

    assert timezone.now() - Heartbeat.objects.get().at < timedelta(minutes=1)
