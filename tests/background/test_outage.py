"""A killed worker and a killed broker lose no message and send none twice: real processes, real mail server."""

from collections import Counter

import pytest
from django.db import transaction

from network_platform.background.models import Message, MessageState
from network_platform.background.services import send_message
from tests.background.stack import Stack, sending_to, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_for_threads"),
    pytest.mark.timeout(180),
]


@pytest.fixture
def stack(database_for_threads, tmp_path):
    stack = Stack(tmp_path)
    stack.start_broker()
    with sending_to(stack.environment["CELERY_BROKER_URL"]):
        yield stack
    stack.stop()


def queue(numbers):
    for number in numbers:
        with transaction.atomic():
            send_message(
                template="people/groups_changed",
                to=f"reader{number}@mail.example",
                dedupe_key=f"test:{number}",
                context={"added": ["editors"], "removed": []},
            )


def everything_sent():
    return not Message.objects.exclude(state=MessageState.SENT).exists()


def test_each_of_forty_messages_arrives_once(stack):
    broker, mail = stack.running[0], stack.mail
    worker, _beat = stack.start_worker(), stack.start_beat()
    queue(range(25))

    wait_for(lambda: len(mail.accepted) >= 5, f"mails arrive\n{stack.log()}", 60)
    mail.holding = True
    wait_for(lambda: mail.held == 2, "both processes of the worker talk to the mail server", 20)
    stack.kill(worker)
    assert Message.objects.filter(state=MessageState.SENDING).count() == 2
    mail.holding = False

    stack.start_worker()
    wait_for(lambda: len(mail.accepted) >= 10, f"the new worker sends\n{stack.log()}", 60)
    stack.kill(broker)
    queue(range(25, 40))
    stack.start_broker()
    wait_for(everything_sent, "every row is marked sent", 90)

    assert Counter(address for address, _ in mail.accepted) == {f"reader{n}@mail.example": 1 for n in range(40)}
    assert Message.objects.filter(attempts__gt=1).count() >= 2
    assert {f"<{message.uid}@127.0.0.1>" for message in Message.objects.all()} == {mid for _, mid in mail.accepted}
