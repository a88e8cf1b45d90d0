"""An organisation moves to another country when both sides want it, and never by one person's hand."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incubators.enums import OrganisationStatus, TransferStatus
from incubators.models import City, FocalPoint, Organisation, Transfer
from incubators.services.organisation_states import move_organisation
from incubators.services.transfers import answer_transfer, ask_for_transfer, withdraw_transfer
from network_platform.background.models import Message
from network_platform.changes.models import Change
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of, focal_point, secretary

pytestmark = pytest.mark.django_db
A = TransferStatus.ACCEPTED


def asked(by: User | None = None, organisation: Organisation | None = None) -> Transfer:
    organisation = organisation or OrganisationFactory(name="Leaving Hub")
    by = by or focal_point("KZ", email="from@registry.example")
    return ask_for_transfer(organisation=organisation, target=country("KG"), by=by, reason="Moved to Osh")


def test_accepted_transfer_moves_the_entry_and_both_journals_know() -> None:
    organisation = OrganisationFactory(name="Leaving Hub", city=City.objects.get(slug="almaty"))
    editor_of(organisation, email="editor@registry.example")
    taker = focal_point("KG", email="to@registry.example")

    transfer = asked(organisation=organisation)
    before = Organisation.objects.get(pk=organisation.pk).country.iso2
    answer_transfer(transfer=transfer, to=A, by=taker)

    organisation.refresh_from_db()
    assert (before, organisation.country.iso2, organisation.city) == ("KZ", "KG", None)
    assert list(Record.objects.order_by("number").values_list("verb", "scope")) == [
        ("transfer.asked", "country:KZ"),
        ("transfer.asked", "country:KG"),
        ("transfer.accepted", "country:KZ"),
        ("transfer.accepted", "country:KG"),
    ]
    assert set(Message.objects.values_list("template", "address")) == {
        ("incubators/transfer_asked", "to@registry.example"),
        ("incubators/transfer_accepted", "from@registry.example"),
        ("incubators/transfer_accepted", "editor@registry.example"),
    }


def test_closing_takes_the_question_back() -> None:
    transfer, taker = asked(), focal_point("KG")

    move_organisation(
        organisation=transfer.organisation, to=OrganisationStatus.CLOSED, by=focal_point("KZ"), reason="It is gone"
    )

    transfer.refresh_from_db()
    assert transfer.status == TransferStatus.WITHDRAWN
    assert not Transfer.objects.answerable_by(taker).exists()
    scopes = Record.objects.filter(verb="transfer.withdrawn").values_list("scope", flat=True)
    assert sorted(scopes) == ["country:KG", "country:KZ"]


def test_the_feed_tells_of_a_transfer_once_it_is_accepted() -> None:
    transfer = asked()
    assert not Change.objects.exists()

    answer_transfer(transfer=transfer, to=TransferStatus.ACCEPTED, by=secretary())

    assert [(each.event, each.country) for each in Change.objects.all()] == [
        ("organisation.changed", transfer.target.iso2)
    ]


def test_refusing_needs_a_reason_and_leaves_everything() -> None:
    transfer, taker = asked(), focal_point("KG")

    with pytest.raises(ValidationError):
        answer_transfer(transfer=transfer, to=TransferStatus.REFUSED, by=taker)
    answer_transfer(transfer=transfer, to=TransferStatus.REFUSED, by=taker, answer="Not here")
    with pytest.raises(IllegalMove):
        answer_transfer(transfer=transfer, to=A, by=taker)

    assert Organisation.objects.get().country.iso2 == "KZ"
    assert Message.objects.get(template="incubators/transfer_refused").context["answer"] == "Not here"


def test_nobody_moves_an_organisation_alone() -> None:
    both, office = focal_point("KZ"), secretary()
    FocalPoint.objects.create(user=both, country=country("KG"))

    for person in (both, office):
        transfer = asked(by=person, organisation=OrganisationFactory())
        with pytest.raises(PermissionDenied):
            answer_transfer(transfer=transfer, to=A, by=person)

    assert set(Organisation.objects.values_list("country__iso2", flat=True)) == {"KZ"}


@pytest.mark.parametrize("who", [lambda: focal_point("KZ"), lambda: focal_point("TJ"), PersonFactory])
def test_only_the_other_country_answers(who: Any) -> None:
    transfer = asked()

    with pytest.raises(PermissionDenied):
        answer_transfer(transfer=transfer, to=A, by=who())


def test_a_wish_is_asked_once_and_taken_back_by_those_who_asked() -> None:
    organisation, focal = OrganisationFactory(), focal_point("KZ")
    transfer, again = asked(focal, organisation), asked(focal, organisation)

    with pytest.raises(PermissionDenied):
        withdraw_transfer(transfer=transfer, by=focal_point("KG"))
    withdraw_transfer(transfer=transfer, by=focal_point("KZ", deputy=True))

    assert again == transfer
    assert Transfer.objects.get().status == TransferStatus.WITHDRAWN


def test_pages_ask_and_answer(signed_in: Any) -> None:
    organisation = OrganisationFactory(name="Leaving Hub")
    giver, taker = signed_in(focal_point("KZ")), signed_in(focal_point("KG"))
    url = f"/en/incubators/{organisation.slug}/transfer/"

    wrong = giver.post(url, {"target": "KZ", "reason": "Because"})
    giver.post(url, {"target": "KG", "reason": "Moved to Osh"})
    page = giver.get(url).content.decode()
    queue = taker.get("/en/incubators/queue/").content.decode()
    uid = Transfer.objects.get().uid
    refused = taker.post(f"/en/incubators/transfers/{uid}/", {"to": "refused", "answer": ""})
    taker.post(f"/en/incubators/transfers/{uid}/", {"to": "accepted", "answer": ""})

    organisation.refresh_from_db()
    assert (wrong.status_code, "Because" in wrong.content.decode()) == (422, True)
    assert "has not answered yet" in page
    assert "Leaving Hub" in queue
    assert (refused.status_code, organisation.country.iso2) == (422, "KG")
