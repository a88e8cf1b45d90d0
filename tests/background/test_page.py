"""The secretariat's page about messages."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from network_platform.background import desk
from network_platform.background.models import Message, MessageState
from network_platform.background.pages import PAGE_SIZE
from network_platform.background.rules import can_manage_messages
from network_platform.background.titles import title_of
from network_platform.environment import BASE_DIR
from network_platform.journal.models import Record
from tests.background.factories import make_message
from tests.journal.factories import MemberFactory, SecretaryFactory


@pytest.fixture
def secretary(db):
    return SecretaryFactory()


@pytest.fixture
def secretariat(signed_in, secretary):
    return signed_in(secretary)


def test_rule_and_rows_agree(db, secretary):
    make_message()

    for user in (MemberFactory(), secretary):
        assert Message.objects.visible_to(user).exists() == can_manage_messages(user)
    assert can_manage_messages(secretary)


def test_message_whose_address_was_forgotten_says_so(secretariat):
    forgotten, named = make_message(address=""), make_message(recipient=MemberFactory())

    html = secretariat.get("/en/messages/").content.decode()

    assert (html.count("address forgotten"), forgotten.recipient, named.address in html) == (1, None, True)


def test_others_see_nothing_and_retry_nothing(client, signed_in, db):
    message = make_message(state=MessageState.FAILED)
    member = signed_in(MemberFactory())
    retry = reverse("message-retry", args=[message.uid])

    answers = [member.get("/en/messages/"), member.post(retry), member.post("/en/messages/retry/")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert client.get("/en/messages/")["Location"].startswith("/en/accounts/login/")
    assert client.post(retry)["Location"].startswith("/en/accounts/login/")
    assert Message.objects.get().state == MessageState.FAILED


def test_page_shows_states_but_no_contents(secretariat):
    make_message(to=MemberFactory(name="<i>Айгуль</i>"), state=MessageState.SENT, context={"code": "kanareika"})
    make_message(state=MessageState.FAILED, error="SMTPServerDisconnected: <b>")

    html = secretariat.get("/en/messages/").content.decode()
    failed = secretariat.get("/en/messages/?state=failed").content.decode()

    assert "&lt;i&gt;Айгуль" in html
    assert "SMTPServerDisconnected: &lt;b&gt;" in html
    assert "kanareika" not in html
    assert "Айгуль" not in failed
    assert "Try all failed ones again" in failed
    assert re.findall(r"\?state=(\w+)", html) == ["sent", "failed"]


SUBJECTS = sorted((BASE_DIR / "templates" / "email").rglob("*.subject.txt"))


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.name)
def test_kind_of_a_message_is_told_in_words(path):
    template = str(path.relative_to(BASE_DIR / "templates" / "email")).removesuffix(".subject.txt")

    with override("ru"):
        title = title_of(template)

    assert not re.search("[A-Za-z{}]", title)
    assert title
    assert not title.endswith(": …")
    assert title_of("nobody/knows") == ""


def test_page_names_messages_in_words(secretariat):
    make_message(template="people/groups_changed")
    make_message(template="nobody/knows")

    page = secretariat.get("/en/messages/").content.decode()

    assert "Your role was changed" in page
    assert "groups_changed" not in page
    assert "nobody/knows" not in page
    assert " in English · " in " ".join(page.split())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SMTPRecipientsRefused: {'a@b.c': (550, b'No such user')}", "The mail server refuses this address."),
        ("SMTPAuthenticationError: (535, b'no')", "The mail server refuses the platform itself."),
        ("SMTPSenderRefused: (530, b'no', 'a@b.c')", "The mail server refuses the platform itself."),
        ("ConnectionRefusedError: [Errno 111]", "The mail server was not reached."),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "The mail server was not reached."),
        ("gaierror: [Errno -2] Name or service not known", "The mail server was not reached."),
        ("SMTPDataError: (554, b'spam')", "The mail server refuses this mail."),
        ("TemplateSyntaxError: x", "The platform could not make this mail."),
        ("Every worker that took it ended before it was done.", "The platform could not make this mail."),
    ],
)
def test_what_went_wrong_is_told_in_words_with_the_program_s_own_below(secretariat, error, words):
    make_message(state=MessageState.FAILED, error=error)

    page = unescape(secretariat.get("/en/messages/").content.decode())

    assert page.count(words) == 1
    assert page.index("<details") < page.index(error) < page.index("</details>", page.index(error))


def test_journal_tells_a_retry_in_words(secretariat):
    message = make_message(template="people/groups_changed", state=MessageState.FAILED)
    unknown = make_message(template="nobody/knows", state=MessageState.FAILED)
    for each in (message, unknown):
        secretariat.post(reverse("message-retry", args=[each.uid]))

    page = secretariat.get("/ru/journal/").content.decode()

    assert page.count('<del dir="auto">не ушло</del> → <ins dir="auto">в очереди</ins>') == 2
    assert '<span dir="auto">Ваша роль изменена</span>' in page
    assert "groups_changed" not in page
    assert "queued" not in page


def test_a_failed_message_is_retried_and_journaled(secretariat, secretary, django_capture_on_commit_callbacks):
    message = make_message(state=MessageState.FAILED, attempts=8)

    secretariat.post(reverse("message-retry", args=[message.uid]))

    message.refresh_from_db()
    record = Record.objects.get(verb="message.retried")
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    assert (record.actor, record.thing_uid, record.after) == (secretary, str(message.uid), {"state": "queued"})


def test_a_sent_message_is_never_sent_again(secretariat):
    message = make_message(state=MessageState.SENT)

    secretariat.post(reverse("message-retry", args=[message.uid]))

    assert Message.objects.get().state == MessageState.SENT
    assert not Record.objects.exists()


def test_all_failed_ones_are_retried(secretariat):
    for state in (MessageState.FAILED, MessageState.FAILED, MessageState.SENT):
        make_message(state=state)

    secretariat.post("/en/messages/retry/")

    assert Message.objects.filter(state=MessageState.QUEUED).count() == 2
    assert Record.objects.filter(verb="message.retried").count() == 2


def test_pages_go_on_by_key(secretariat):
    made = [make_message() for _ in range(PAGE_SIZE + 2)]

    first = secretariat.get("/en/messages/?state=queued").context["page"]
    second = secretariat.get(f"/en/messages/?state=queued&before={first.older}").context["page"]

    assert first.messages == made[:1:-1]
    assert (second.messages, second.older) == (made[1::-1], 0)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_it_shows(secretariat, count):
    for _ in range(count):
        make_message(to=MemberFactory())
    secretariat.get("/en/messages/")

    with CaptureQueriesContext(connection) as captured:
        html = secretariat.get("/en/messages/").content.decode()

    assert html.count("Your role was changed") == count
    assert sum("background_message" in query["sql"] for query in captured.captured_queries) == 2


def test_desk_tells_the_secretariat_of_failures(db, secretary):
    make_message(state=MessageState.FAILED)

    assert [item.count for item in desk.waiting_for(secretary)] == [1]
    assert desk.waiting_for(MemberFactory()) == []


def test_own_data_names_the_mails_but_not_their_contents(db):
    person = MemberFactory()
    make_message(to=person, context={"code": "kanareika"})
    make_message()

    told = desk.personal_data(person)["messages"]

    assert [row["address"] for row in told] == [person.email]
    assert "kanareika" not in str(told)
