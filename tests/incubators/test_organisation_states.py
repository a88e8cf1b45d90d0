"""A listing grows old, is confirmed, suspended, closed and reinstated: row, journal, mail, and what the page says."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client

from incubators.enums import MOVABLE, FieldGroup, OrganisationStatus, Origin
from incubators.lifecycle import ORGANISATION
from incubators.models import Confirmation, Membership, Organisation
from incubators.profiles import badge_of
from incubators.services.confirming import CONFIRMED_FOR
from incubators.services.listing import open_revision, submit_revision
from incubators.services.organisation_states import move_organisation
from incubators.services.review import approve_revision
from incubators.tasks import age
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove, Move
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from network_platform.zones import today
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    editor_of,
    entry,
    focal_point,
    secretary,
    verified,
)

pytestmark = pytest.mark.django_db
S = OrganisationStatus
YESTERDAY = timedelta(days=1)


def overdue(**fields: Any) -> Organisation:
    return OrganisationFactory(origin=Origin.EDITOR, verified_until=today() - YESTERDAY, **fields)


def stale(**fields: Any) -> Organisation:
    return overdue(status=S.STALE, **fields)


def verbs() -> list[str]:
    return list(Record.objects.order_by("number").values_list("verb", flat=True))


def test_what_nobody_confirmed_in_time_grows_old_and_its_editors_are_asked() -> None:
    old, current, imported = overdue(name="Old"), verified(name="Current"), OrganisationFactory(name="Imported")
    person = editor_of(old)
    editor_of(current)

    moved = [age(), age()]

    assert moved == [1, 0]
    statuses = {str(each): each.status for each in Organisation.objects.all()}
    assert statuses == {str(old): S.STALE, str(current): S.LISTED, str(imported): S.LISTED}
    assert list(Message.objects.values_list("template", "address")) == [("incubators/went_stale", person.email)]
    record = Record.objects.get()
    assert (record.verb, record.actor, record.scope) == ("organisation.went_stale", None, "country:KZ")


def test_nobody_makes_an_entry_old_by_hand_nor_before_its_day() -> None:
    current = verified()

    for by in (focal_point("KZ"), None):
        with pytest.raises(PermissionDenied):
            move_organisation(organisation=current, to=S.STALE, by=by)

    assert Organisation.objects.get().status == S.LISTED


@pytest.mark.parametrize("who", ["editor", "focal"])
def test_entry_that_is_still_true_is_good_for_another_year(who: str, signed_in: Any) -> None:
    organisation = stale()
    person = editor_of(organisation) if who == "editor" else focal_point("KZ")

    page = signed_in(person).get(organisation.get_absolute_url()).content.decode()
    signed_in(person).post(f"/en/incubators/{organisation.slug}/confirm/")

    organisation.refresh_from_db()
    assert "It is still true" in page
    assert page.count("true</button>") == 1
    assert (organisation.status, organisation.verified_until) == (S.LISTED, today() + CONFIRMED_FOR)
    assert Confirmation.objects.filter(organisation=organisation, by=person).count() == len(FieldGroup)
    assert verbs() == ["organisation.refreshed"]


def test_strangers_cannot_confirm(signed_in: Any) -> None:
    organisation = stale()

    answer = signed_in(PersonFactory()).post(f"/en/incubators/{organisation.slug}/confirm/")
    page = signed_in(PersonFactory()).get(organisation.get_absolute_url()).content.decode()

    assert (answer.status_code, Organisation.objects.get().status) == (404, S.STALE)
    assert "It is still true" not in page


def test_approved_change_refreshes_an_old_entry_through_the_table() -> None:
    organisation = stale()
    person = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=person)
    revision = submit_revision(revision=revision, by=person, version=revision.version, values=entry())

    approve_revision(revision=revision, by=focal_point("KZ"))

    organisation.refresh_from_db()
    assert (organisation.status, organisation.verified_until) == (S.LISTED, today() + CONFIRMED_FOR)
    assert verbs() == ["revision.submitted", "organisation.refreshed"]


def test_change_of_a_suspended_entry_does_not_bring_it_back() -> None:
    organisation = OrganisationFactory()
    person, focal = editor_of(organisation), focal_point("KZ")
    revision = open_revision(organisation=organisation, by=person)
    revision = submit_revision(revision=revision, by=person, version=revision.version, values=entry())
    move_organisation(organisation=organisation, to=S.SUSPENDED, by=focal, reason="Doubts")

    approve_revision(revision=revision, by=focal)

    assert Organisation.objects.get().status == S.SUSPENDED
    assert set(keys("steppe", kind="organisation", audiences=[PUBLIC])) == set()


@pytest.mark.parametrize(
    ("before", "to", "verb", "template"),
    [
        (S.LISTED, S.SUSPENDED, "organisation.suspended", "incubators/suspended"),
        (S.STALE, S.SUSPENDED, "organisation.suspended", "incubators/suspended"),
        (S.LISTED, S.CLOSED, "organisation.closed", "incubators/closed"),
        (S.SUSPENDED, S.LISTED, "organisation.reinstated", "incubators/reinstated"),
    ],
)
def test_reviewer_moves_a_listing_with_a_reason(signed_in: Any, before: str, to: str, verb: str, template: str) -> None:
    organisation = OrganisationFactory(status=before)
    Organisation.objects.update(listed_at=organisation.created_at)
    person, focal = editor_of(organisation), focal_point("KZ")
    path = f"/en/incubators/{organisation.slug}/standing/"

    without = signed_in(focal).post(path, {"to": to, "reason": " "})
    done = signed_in(focal).post(path, {"to": to, "reason": "They asked for it"})

    assert (without.status_code, done.url) == (422, organisation.get_absolute_url())
    assert Organisation.objects.get().status == to
    record, mail = Record.objects.get(), Message.objects.get()
    assert (record.verb, record.reason, record.actor) == (verb, "They asked for it", focal)
    assert (mail.template, mail.address, mail.context["reason"]) == (template, person.email, "They asked for it")


def test_only_moves_of_the_table_are_offered(signed_in: Any) -> None:
    focal = signed_in(focal_point("KZ"))
    offered = {}
    for status in (S.LISTED, S.STALE, S.SUSPENDED):
        organisation = OrganisationFactory(status=status)
        Organisation.objects.filter(pk=organisation.pk).update(listed_at=organisation.created_at)
        form = focal.get(f"/en/incubators/{organisation.slug}/standing/").context["form"]
        offered[status] = [value for value, _label in form.fields["to"].choices]

    assert offered == {
        S.LISTED: ["suspended", "closed"],
        S.STALE: ["suspended", "closed"],
        S.SUSPENDED: ["listed", "closed"],
    }


@pytest.mark.parametrize(
    ("status", "words"),
    [(S.LISTED, "Suspend or close"), (S.STALE, "Suspend or close"), (S.SUSPENDED, "Reinstate or close")],
)
def test_button_says_what_it_does(signed_in: Any, status: str, words: str) -> None:
    organisation = OrganisationFactory(status=status)
    Organisation.objects.filter(pk=organisation.pk).update(listed_at=organisation.created_at)

    page = signed_in(focal_point("KZ")).get(f"/en/incubators/{organisation.slug}/standing/").content.decode()

    assert f'<button class="btn">{words}</button>' in page


@pytest.mark.parametrize("move", ORGANISATION.moves, ids=lambda move: f"{move.source}-{move.target}")
def test_reviewers_move_what_was_listed_only_with_a_reason_whatever_else_the_table_has(move: Move) -> None:
    organisation = OrganisationFactory(status=move.source)
    Organisation.objects.update(listed_at=organisation.created_at, verified_until=today() - YESTERDAY)
    may = move.source in MOVABLE and move.needs_reason

    for by in (focal_point("KZ"), secretary()):
        with transaction.atomic(), nullcontext() if may else pytest.raises(PermissionDenied):
            move_organisation(organisation=organisation, to=S(move.target), by=by, reason="Because")
        status = Organisation.objects.get().status
        Organisation.objects.update(status=move.source)
        assert status == (move.target if may else move.source)


def test_focal_point_does_not_move_their_own_organisation(signed_in: Any) -> None:
    organisation = OrganisationFactory()
    focal = focal_point("KZ")
    Membership.objects.create(user=focal, organisation=organisation)

    page = signed_in(focal).get(organisation.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        move_organisation(organisation=organisation, to=S.CLOSED, by=focal, reason="x")

    assert "/standing/" not in page
    assert signed_in(focal).get(f"/en/incubators/{organisation.slug}/standing/").status_code == 404


def test_suspending_needs_a_reason_and_a_state_that_allows_it() -> None:
    organisation, focal = OrganisationFactory(), focal_point("KZ")

    with pytest.raises(ValidationError):
        move_organisation(organisation=organisation, to=S.SUSPENDED, by=focal, reason=" ")
    with pytest.raises(IllegalMove):
        move_organisation(organisation=organisation, to=S.DECLINED, by=focal, reason="x")

    assert Organisation.objects.get().status == S.LISTED
    assert not Record.objects.exists()


def test_page_says_nothing_false_after_the_year(client: Client) -> None:
    own, imported = overdue(name="Own"), OrganisationFactory(name="Found in a list")

    pages = {each: client.get(each.get_absolute_url()).content.decode() for each in (own, imported)}

    note = "Taken from a public source; nobody has confirmed it yet."
    assert [page.count(note) for page in pages.values()] == [1, 2]  # once among the meanings of the badges
    assert "Nobody has confirmed this entry for more than a year." in pages[own]
    assert "The confirmation ended on" in pages[own]
    assert "Confirmed until" not in pages[own]
    assert [str(badge_of(each).word) for each in pages] == ["Out of date", "Unverified"]


@pytest.mark.parametrize("number", [1, 3])
def test_standing_page_asks_little(signed_in: Any, number: int, django_assert_max_num_queries: Any) -> None:
    organisation = [OrganisationFactory() for _ in range(number)][-1]
    client = signed_in(focal_point("KZ"))

    with django_assert_max_num_queries(8):
        client.get(f"/en/incubators/{organisation.slug}/standing/")
    with django_assert_max_num_queries(18):
        client.get(organisation.get_absolute_url())
