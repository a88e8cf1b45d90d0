"""The feed of public changes and its webhooks."""

import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from incubators.enums import CallStatus, OrganisationStatus, ProgrammeStatus
from incubators.models import OpenCall, Organisation
from incubators.services.news import EVENTS, OF_VERB
from incubators.services.organisation_states import age_organisations, move_organisation
from incubators.services.programmes import close_calls, create_programme, move_call, move_programme
from incubators.services.review import approve_revision, decline_revision
from network_platform import zones
from network_platform.changes.addresses import demand_public, is_public
from network_platform.changes.delivery import MOST_ATTEMPTS, deliver
from network_platform.changes.models import Change, Delivery, DeliveryState, Endpoint
from network_platform.changes.services import (
    MOST_ENDPOINTS,
    News,
    announce,
    create_endpoint,
    delete_endpoint,
    replay_delivery,
    resume_endpoint,
)
from network_platform.changes.tasks import deliver_due
from network_platform.journal.models import Record
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.export import collect
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, editor_of, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
FEED = "/api/v1/changes/"


@pytest.fixture
def person() -> Any:
    return PersonFactory(language="en")


def tell(number: int = 1, event: str = "organisation.listed") -> list[Change]:
    return announce(News(event, uuid.uuid4(), "KZ", "/incubators/sample/") for _n in range(number))


def events() -> list[str]:
    return list(Change.objects.values_list("event", flat=True))


def listening(person: Any, url: str, *names: str) -> Endpoint:
    return create_endpoint(user=person, url=url, wanted=names or ["organisation.listed"])


def test_feed_is_read_on_from_a_cursor(client: Client) -> None:
    tell(3)

    first = client.get(FEED).json()
    again = client.get(f"{FEED}?since={first['cursor']}").json()
    tell()
    later = client.get(f"{FEED}?since={first['cursor']}").json()

    assert ([row["number"] for row in first["results"]], first["more"]) == ([1, 2, 3], False)
    assert set(first["results"][0]) == {"number", "at", "event", "uid", "country", "page"}
    assert first["results"][0]["page"].endswith("/en/incubators/sample/")
    assert (again["results"], again["cursor"]) == ([], 3)
    assert [row["number"] for row in later["results"]] == [4]


@pytest.mark.parametrize("number", [1, 3, 201])
def test_a_page_of_the_feed_is_one_query(client: Client, number: int, django_assert_num_queries: Any) -> None:
    tell(number)

    with django_assert_num_queries(1):
        page = client.get(FEED).json()

    assert (len(page["results"]), page["more"]) == (min(number, 200), number > 200)


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "9" * 19, "٣"])
def test_a_cursor_that_is_none_is_told(client: Client, since: str) -> None:
    answer = client.get(FEED, {"since": since})

    assert (answer.status_code, list(answer.json())) == (400, ["since"])


def test_what_happens_to_an_organisation_is_told_from_its_listing_on() -> None:
    focal, revision = focal_point("KZ"), send(draft())
    assert events() == []

    approve_revision(revision=revision, by=focal)
    organisation = revision.organisation
    move_organisation(organisation=organisation, to=OrganisationStatus.SUSPENDED, by=focal, reason="Asked for")
    move_organisation(organisation=organisation, to=OrganisationStatus.LISTED, by=focal, reason="Mended")
    Organisation.objects.update(verified_until=timezone.now().date() - timedelta(days=1))
    age_organisations()
    move_organisation(organisation=organisation, to=OrganisationStatus.CLOSED, by=focal, reason="It ended")

    short = [event.partition(".")[2] for event in events()]
    assert short == ["listed", "removed", "listed", "stale", "closed"]
    removed = Change.objects.get(event="organisation.removed")
    assert (removed.path, removed.country, removed.uid) == ("", "KZ", organisation.uid)


def test_what_was_never_public_and_why_something_was_refused_is_not_told(client: Client) -> None:
    decline_revision(revision=send(draft(name_en="Canary hub")), by=focal_point("KZ"), reason="Canary reason")

    assert (events(), "anary" in client.get(FEED).content.decode()) == ([], False)


def test_calls_are_told_when_published_and_when_over() -> None:
    organisation = OrganisationFactory()
    editor = editor_of(organisation)
    programme = create_programme(organisation=organisation, by=editor, titles={"en": "Programme"})
    now = timezone.now()
    call = OpenCall.objects.create(
        programme=programme, opens_at=now, closes_at=now + timedelta(days=1), zone="Asia/Almaty"
    )
    move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=editor)

    move_call(call=call, to=CallStatus.PUBLISHED, by=editor)
    OpenCall.objects.update(opens_at=now - timedelta(days=2), closes_at=now)
    close_calls()

    assert events() == ["call.opened", "call.closed"]
    assert set(Change.objects.values_list("uid", flat=True)) == {call.uid}


def test_every_event_has_its_words() -> None:
    assert set(OF_VERB.values()) <= set(EVENTS)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_what_was_rolled_back_are_not_missed() -> None:
    tell()
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    tell()

    assert list(Change.objects.values_list("number", flat=True)) == [1, 2]


def test_a_webhook_gets_the_change_with_a_signature_that_its_owner_can_check(person: Any, receiver: Any) -> None:
    endpoint = listening(person, receiver.url)
    change = tell()[0]
    tell(event="call.opened")

    assert deliver_due() == 1

    (headers, body), delivery = receiver.got[0], Delivery.objects.get()
    moment, mac = (part.partition("=")[2] for part in headers["X-Network-Signature"].split(","))
    expected = hmac.new(endpoint.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert mac == expected
    assert json.loads(body)["uid"] == str(change.uid)
    assert (headers["X-Network-Event"], headers["X-Network-Delivery"]) == ("organisation.listed", str(delivery.uid))
    assert (delivery.state, delivery.answer, delivery.sent_at is not None) == (DeliveryState.SENT, "200", True)
    assert deliver_due() == 0


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_a_yes_is_tried_again_later(person: Any, receiver: Any, status: int) -> None:
    listening(person, receiver.url)
    tell()
    receiver.status = status

    deliver_due()
    deliver_due()
    waits = Delivery.objects.get()
    Delivery.objects.update(due_at=timezone.now())
    receiver.status = 204
    deliver_due()

    taken = Delivery.objects.get()
    assert (waits.state, waits.attempts, waits.answer) == (DeliveryState.QUEUED, 1, str(status))
    assert timedelta(seconds=50) < waits.due_at - timezone.now() < timedelta(seconds=61)
    assert (taken.state, taken.attempts, len(receiver.got)) == (DeliveryState.SENT, 2, 2)
    assert receiver.got[0][0]["X-Network-Delivery"] == receiver.got[1][0]["X-Network-Delivery"]


def test_what_nobody_takes_is_given_up_and_the_address_paused_until_its_owner_goes_on(
    person: Any, receiver: Any
) -> None:
    endpoint = listening(person, receiver.url)
    tell()
    receiver.status = 500
    for _n in range(MOST_ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        deliver_due()
    tell()

    endpoint.refresh_from_db()
    assert (Delivery.objects.get().state, endpoint.paused_at is not None) == (DeliveryState.FAILED, True)
    receiver.status = 200
    resume_endpoint(endpoint=endpoint, by=person)
    deliver_due()
    tell()
    deliver_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_a_dead_address_is_named_and_a_lost_worker_takes_nothing_along(person: Any, receiver: Any) -> None:
    listening(person, receiver.url)
    tell()
    pk = Delivery.objects.get().pk
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=timezone.now())
    deliver(pk)
    assert receiver.got == []

    Delivery.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    receiver.server.shutdown()
    receiver.server.server_close()
    deliver(pk)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.answer) == (DeliveryState.QUEUED, "NewConnectionError")


def test_a_delivery_is_sent_once_more_under_its_old_id(person: Any, receiver: Any) -> None:
    listening(person, receiver.url)
    tell()
    deliver_due()
    delivery = Delivery.objects.get()

    with pytest.raises(PermissionDenied):
        replay_delivery(delivery=delivery, by=PersonFactory())
    replay_delivery(delivery=delivery, by=person)
    deliver_due()

    assert {headers["X-Network-Delivery"] for headers, _body in receiver.got} == {str(delivery.uid)}
    assert len(receiver.got) == 2


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_what_stands_behind_walls_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://2130706433/",
        "https://name:word@example.org/", "ftp://example.org/", "https://example.org:99999/", "https:///x",
        "https://no-such-name.invalid/",
    ],
)  # fmt: skip
def test_addresses_that_the_platform_does_not_call(url: str) -> None:
    with pytest.raises(ValidationError):
        demand_public(url)


def test_a_name_that_leads_behind_the_walls_by_now_is_not_called(person: Any, receiver: Any, settings: Any) -> None:
    listening(person, receiver.url)
    tell()
    settings.WEBHOOKS_TO_PRIVATE = False

    deliver_due()

    assert (Delivery.objects.get().answer, receiver.got) == ("address not public", [])


def test_webhooks_are_bounded_and_each_persons_own(person: Any, receiver: Any) -> None:
    endpoint = listening(person, receiver.url)
    with pytest.raises(ValidationError, match="there already"):
        listening(person, receiver.url)
    with pytest.raises(ValidationError, match="no such event"):
        listening(person, f"{receiver.url}&b", "journal.written")
    for n in range(1, MOST_ENDPOINTS):
        listening(person, f"{receiver.url}&n={n}")
    with pytest.raises(ValidationError, match="Delete one"):
        listening(person, f"{receiver.url}&more=1")
    with pytest.raises(PermissionDenied):
        delete_endpoint(endpoint=endpoint, by=PersonFactory())


def test_pages_of_a_webhook(signed_in: Any, person: Any, receiver: Any) -> None:
    own, other = signed_in(person), signed_in(PersonFactory())
    wrong = own.post("/en/settings/webhooks/new/", {"url": "ftp://x.example", "wanted": ["call.opened"]})
    made = own.post("/en/settings/webhooks/new/", {"url": receiver.url, "wanted": ["organisation.listed"]})
    endpoint = Endpoint.objects.get()
    tell()
    deliver_due()
    page = own.get(made.url).content.decode()
    delivery = Delivery.objects.get()

    assert (wrong.status_code, "ftp://x.example" in wrong.content.decode()) == (422, True)
    assert (endpoint.secret in page, "an organisation is listed" in page, "taken" in page) == (True, True, True)
    assert zones.in_words(delivery.change.at) in page
    assert endpoint.url in own.get("/en/settings/webhooks/").content.decode()
    assert other.get(made.url).status_code == 404
    for address in (
        f"{endpoint.uid}/delete/", f"{endpoint.uid}/resume/", f"deliveries/{delivery.uid}/replay/",
    ):  # fmt: skip
        assert other.post(f"/en/settings/webhooks/{address}").status_code == 404
    own.post(f"/en/settings/webhooks/deliveries/{delivery.uid}/replay/")
    deliver_due()
    assert len(receiver.got) == 2
    own.post(f"/en/settings/webhooks/{endpoint.uid}/delete/")
    assert not Endpoint.objects.exists()
    records = Record.objects.filter(verb__startswith="webhook").order_by("number")
    assert list(records.values_list("verb", flat=True)) == ["webhook.made", "webhook.deleted"]


def test_own_data_names_webhooks_and_erasure_takes_them(person: Any, receiver: Any) -> None:
    listening(person, receiver.url)
    tell()

    assert receiver.url in str(collect(person))
    erase_person(user=person, by=person)

    assert not Endpoint.objects.exists()


def test_a_closed_account_hears_nothing(person: Any, receiver: Any) -> None:
    listening(person, receiver.url)
    tell()
    person.is_active = False
    person.save()
    tell()

    assert (deliver_due(), Delivery.objects.count(), receiver.got) == (0, 1, [])
