"""What an organisation was called before, and who goes on with the work of one that closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from incubators.enums import NameKind
from incubators.enums import OrganisationStatus as S
from incubators.listing_values import values_of
from incubators.models import Organisation
from incubators.services.listing import open_revision, submit_revision
from incubators.services.organisation_states import move_organisation
from incubators.services.review import approve_revision
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, draft, editor_of, entry, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db


def change(organisation: Organisation, by: Any, **values: Any) -> None:
    revision = open_revision(organisation=organisation, by=by)
    revision = submit_revision(revision=revision, by=by, version=revision.version, values=entry(**values))
    approve_revision(revision=revision, by=focal_point("KZ", deputy=True))


def names(organisation: Organisation) -> dict[str, Any]:
    return {name.text: (name.kind, name.until) for name in organisation.names.all()}


def test_name_that_an_approved_change_drops_stays_as_a_former_one(client: Client) -> None:
    organisation = OrganisationFactory(name="Caravan House")
    person = editor_of(organisation)

    change(organisation, person, name_en="Caravan Works")
    page = client.get(organisation.get_absolute_url()).content.decode()

    assert names(organisation)["Caravan House"] == (NameKind.ALIAS, today())
    assert "Caravan House" not in str(values_of(organisation))
    assert "Formerly, until" in page
    assert set(keys("caravan house", kind="organisation", audiences=[PUBLIC])) == {organisation.uid}
    told = client.get(f"/api/v1/organisations/{organisation.uid}/").json()["names"]
    assert {name["text"]: name["until"] for name in told}["Caravan House"] == str(today())


def test_former_name_keeps_its_day_and_goes_when_it_is_borne_again() -> None:
    organisation = OrganisationFactory(name="Caravan House")
    person = editor_of(organisation)
    change(organisation, person, name_en="Caravan Works")
    organisation.names.filter(until=today()).update(until=today() - timedelta(days=400))

    change(organisation, person, name_en="Caravan Yard")
    between = names(organisation)
    change(organisation, person, name_en="Caravan House")

    assert between["Caravan House"][1] == today() - timedelta(days=400)
    assert between["Caravan Works"][1] == today()
    assert names(organisation)["Caravan House"] == (NameKind.DISPLAY, None)


def test_names_that_nobody_has_seen_leave_no_trace() -> None:
    revision = draft(name_en="First Idea")

    approve_revision(revision=send(revision, name_en="Second Idea"), by=focal_point("KZ"))

    assert "First Idea" not in names(revision.organisation)


def test_closing_names_who_goes_on_and_both_pages_say_so(signed_in: Any, client: Client) -> None:
    closing, heir = OrganisationFactory(name="Caravan House"), OrganisationFactory(name="Юксалиш маркази")
    focal = signed_in(focal_point("KZ"))

    focal.post(
        f"/en/incubators/{closing.slug}/standing/", {"to": "closed", "reason": "Renamed", "successor": "Yuksalish"}
    )

    closing.refresh_from_db()
    assert (closing.status, closing.successor) == (S.CLOSED, heir)
    assert heir.get_absolute_url() in client.get(closing.get_absolute_url()).content.decode()
    assert closing.get_absolute_url() in client.get(heir.get_absolute_url()).content.decode()
    assert Record.objects.get().after == {"status": "closed", "organisation": str(heir.uid)}


def test_one_of_several_is_chosen_and_what_was_typed_stays(signed_in: Any) -> None:
    closing = OrganisationFactory(name="Saffron House")
    heirs = [OrganisationFactory(name=f"Caravan {word}") for word in ("Hub", "Lab")]
    focal, url = signed_in(focal_point("KZ")), f"/en/incubators/{closing.slug}/standing/"
    typed = {"to": "closed", "reason": "Renamed", "successor": "Caravan"}

    asked = focal.post(url, typed)
    focal.post(url, {**typed, "which": str(heirs[1].uid)})

    page = asked.content.decode()
    assert asked.status_code == 422
    assert all(words in page for words in ("Caravan Hub", "Caravan Lab", "Renamed", "choose one"))
    closing.refresh_from_db()
    assert closing.successor == heirs[1]


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"to": "closed", "successor": "Nowhere at all"}, "Nothing in the registry has this name."),
        ({"to": "suspended", "successor": "Heir Hub"}, "Only what is closed has a successor."),
    ],
)
def test_wrong_successor_is_refused_with_a_reason(typed: dict[str, str], mistake: str, signed_in: Any) -> None:
    closing = OrganisationFactory(name="Saffron House")
    OrganisationFactory(name="Heir Hub")

    answer = signed_in(focal_point("KZ")).post(
        f"/en/incubators/{closing.slug}/standing/", {"reason": "Because", **typed}
    )

    closing.refresh_from_db()
    assert (answer.status_code, closing.status) == (422, S.LISTED)
    assert mistake in answer.content.decode()


def test_what_is_not_listed_succeeds_nobody() -> None:
    closing = OrganisationFactory()

    for heir in (closing, OrganisationFactory(status=S.CLOSED), OrganisationFactory(status=S.DRAFT)):
        with pytest.raises(ValidationError):
            move_organisation(organisation=closing, to=S.CLOSED, by=focal_point("KZ"), reason="Gone", successor=heir)
