"""Anybody says that something is wrong; the country's office answers; the address stays secret and is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from incubators.enums import OrganisationStatus, RemarkStatus
from incubators.models import Organisation, Remark
from incubators.services.remarks import ADDRESSES_KEPT, MOST_A_DAY, TooManyRemarksError, answer_remark, make_remark
from incubators.tasks import tidy_desk
from network_platform.background.delivery import compose
from network_platform.background.models import Message, MessageState
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.incubators.factories import OrganisationFactory, PersonFactory, focal_point, secretary

pytestmark = pytest.mark.django_db
TYPED = {"group": "facts", "text": "<b>The phone</b> is wrong", "address": "reader@secret.example"}


def made(organisation: Organisation | None = None, **more: Any) -> Remark:
    told = {"text": "The phone is wrong", "language": "ru", "by": None, **more}
    return make_remark(organisation=organisation or OrganisationFactory(), **told)


def test_visitor_writes_and_the_focal_point_reads_it_without_the_address(client: Client, signed_in: Any) -> None:
    organisation, focal = OrganisationFactory(name="Falcon Hub"), signed_in(focal_point("KZ"))

    answer = client.post(f"/ru/incubators/{organisation.slug}/wrong/", TYPED)
    remark = Remark.objects.get()
    queue = focal.get("/en/incubators/queue/").content.decode()
    page = focal.get(f"/en/incubators/remarks/{remark.uid}/").content.decode()
    public = client.get(organisation.get_absolute_url()).content.decode()

    assert answer["Location"] == f"/ru/incubators/{organisation.slug}/"
    assert (remark.text, remark.group, remark.language, remark.by) == (TYPED["text"], "facts", "ru", None)
    assert "Falcon Hub" in queue
    assert "&lt;b&gt;The phone&lt;/b&gt; is wrong" in page
    assert "reader@secret.example" not in queue + page + public


def test_a_remark_stays_on_the_device_of_who_is_signed_in(client: Client, signed_in: Any) -> None:
    """Not of a visitor: the next one at the same device would read it."""
    organisation, person = OrganisationFactory(), PersonFactory(language="en")
    page, reader = f"/en/incubators/{organisation.slug}/wrong/", signed_in(person)
    key = f"remark:{organisation.uid}:{person.uid}"

    form, wrong = reader.get(page).content.decode(), reader.post(page, TYPED | {"text": ""}).content.decode()
    taken, visitors = reader.post(page, TYPED, follow=True).content.decode(), client.get(page).content.decode()

    assert [f'data-keeps data-key="{key}"' in html for html in (form, wrong)] == [True, True]
    assert f'data-clears="{key}"' in taken
    assert ("data-keeps" in visitors, "autosave.js" in visitors) == (False, False)


@pytest.mark.parametrize("to", [RemarkStatus.MENDED, RemarkStatus.SET_ASIDE])
def test_writer_gets_one_mail_in_their_language_and_the_address_is_forgotten(to: RemarkStatus) -> None:
    remark, focal = made(address="reader@secret.example"), focal_point("KZ")

    answer_remark(remark=remark, to=to, by=focal)
    with pytest.raises(IllegalMove):
        answer_remark(remark=remark, to=to, by=focal)

    remark.refresh_from_db()
    assert (remark.status, remark.address, remark.answered_by) == (to, "", focal)
    mail = Message.objects.get(recipient=None)
    assert (mail.template, mail.address, mail.language) == (f"incubators/remark_{to}", "reader@secret.example", "ru")
    told = Record.objects.get()
    assert (told.verb, told.scope) == (f"remark.{to}", "country:KZ")
    assert "secret.example" not in f"{told.label}{told.before}{told.after}{told.reason}"


def test_without_an_address_nobody_is_written_to() -> None:
    answer_remark(remark=made(), to=RemarkStatus.MENDED, by=focal_point("KZ"))

    assert not Message.objects.exists()


def test_strangers_answer_nothing() -> None:
    remark = made()

    for person in (focal_point("KG"), PersonFactory()):
        with pytest.raises(PermissionDenied):
            answer_remark(remark=remark, to=RemarkStatus.MENDED, by=person)


def test_trap_takes_programs_and_keeps_nothing(client: Client) -> None:
    organisation = OrganisationFactory()

    answer = client.post(f"/en/incubators/{organisation.slug}/wrong/", {**TYPED, "company": "Cheap pills"})

    assert (answer.status_code, Remark.objects.count()) == (302, 0)


def test_wrong_input_is_told_and_kept(client: Client) -> None:
    organisation = OrganisationFactory()

    answer = client.post(f"/en/incubators/{organisation.slug}/wrong/", {"text": "Kept text", "address": "no address"})

    assert (answer.status_code, Remark.objects.count()) == (422, 0)
    assert all(words in answer.content.decode() for words in ("Kept text", "no address"))


def test_one_place_sends_a_few_a_minute(kept_pages: None, client: Client) -> None:
    organisations = [OrganisationFactory() for _ in range(6)]

    answers = [client.post(f"/en/incubators/{each.slug}/wrong/", {"text": "Wrong"}) for each in organisations]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Wrong" in answers[-1].content.decode()


def test_one_organisation_and_one_address_have_their_limits() -> None:
    organisation = OrganisationFactory()
    for _ in range(MOST_A_DAY):
        made(organisation, address="same@secret.example")

    for more in ({"organisation": organisation}, {"address": "Same@secret.example"}):
        with pytest.raises(TooManyRemarksError):
            made(**more)


@pytest.mark.parametrize("status", [OrganisationStatus.DRAFT, OrganisationStatus.SUSPENDED, OrganisationStatus.CLOSED])
def test_only_what_is_listed_can_be_remarked_upon(status: str, client: Client) -> None:
    organisation = OrganisationFactory(status=status)

    answers = [client.get(f"/en/incubators/{slug}/wrong/") for slug in (organisation.slug, "nowhere")]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("number", [1, 3])
def test_queue_needs_the_same_queries_for_one_and_three(
    number: int, signed_in: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(focal_point("KZ"))
    for _ in range(number):
        made()

    with django_assert_num_queries(12):
        client.get("/en/incubators/queue/")


def test_who_answers_gets_one_mail_an_entry_and_day_in_their_language() -> None:
    organisation, focal = OrganisationFactory(name="Falcon Hub"), focal_point("KZ", language="ru")
    other = OrganisationFactory(name="Steppe Hub")

    first = made(organisation, text="secret words")
    made(organisation)
    made(other)

    mails = Message.objects.filter(template="incubators/remark_made").order_by("pk")
    assert [(mail.recipient, mail.language, mail.context["titles"]["en"]) for mail in mails] == [
        (focal, "ru", "Falcon Hub"),
        (focal, "ru", "Steppe Hub"),
    ]
    assert mails[0].context["path"] == f"/ru/incubators/remarks/{first.uid}/"
    assert "secret words" not in compose(mails[0]).body


def test_remark_of_a_country_without_an_office_goes_to_the_secretariat() -> None:
    person = secretary()

    made()

    assert Message.objects.get().recipient == person


def test_address_of_the_reader_leaves_the_outbox_once_the_answer_has_left() -> None:
    focal = focal_point("KZ")
    for state in MessageState.values:
        remark = made(address=f"{state}@secret.example")
        answer_remark(remark=remark, to=RemarkStatus.MENDED, by=focal)
        Message.objects.filter(address=f"{state}@secret.example").update(state=state)
    old = answer_remark(remark=made(address="old@secret.example"), to=RemarkStatus.MENDED, by=focal)
    Message.objects.filter(dedupe_key__endswith=str(old.uid)).update(
        state=MessageState.FAILED, created_at=timezone.now() - ADDRESSES_KEPT - timedelta(days=1)
    )

    tidy_desk()

    kept = Message.objects.filter(template="incubators/remark_mended").exclude(address="")
    assert sorted(kept.values_list("address", flat=True)) == [
        "failed@secret.example",
        "queued@secret.example",
        "sending@secret.example",
    ]
