"""What happens on approve, on changes requested, on decline: the row, the journal, the mail, the search text."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from incubators.enums import FieldGroup, OrganisationStatus, Origin, RevisionStatus
from incubators.models import Confirmation, Revision
from incubators.services.confirming import CONFIRMED_FOR
from incubators.services.listing import open_revision, submit_revision
from incubators.services.organisation_states import move_organisation
from incubators.services.review import approve_revision, decline_revision, request_changes
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from network_platform.zones import today
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor,
    editor_of,
    entry,
    focal_point,
    secretary,
)

pytestmark = pytest.mark.django_db


def send(revision: Revision, **changes: object) -> Revision:
    return submit_revision(revision=revision, by=editor(revision), version=revision.version, values=entry(**changes))


def mails() -> list[tuple[str, str]]:
    """All but the receipts of those who sent something."""
    others = Message.objects.exclude(template="incubators/revision_receipt")
    return list(others.order_by("pk").values_list("template", "address"))


def test_submitting_tells_the_focal_point_and_is_journaled_for_the_country() -> None:
    focal = focal_point("KZ")
    focal_point("KG")

    revision = send(draft())

    assert revision.organisation.status == OrganisationStatus.SUBMITTED
    assert mails() == [("incubators/revision_submitted", focal.email)]
    record = Record.objects.get()
    assert (record.verb, record.scope) == ("organisation.submitted", "country:KZ")


def test_journal_calls_an_organisation_by_the_name_shown_first_whoever_acts() -> None:
    with override("ru"):
        revision = send(draft())
    with override("en"):
        approve_revision(revision=revision, by=focal_point("KZ"))

    assert [record.label for record in Record.objects.order_by("pk")] == ["Steppe Sample Incubator"] * 2


def test_country_without_focal_point_is_served_by_the_secretariat() -> None:
    secretariat = secretary()

    send(draft("TM"))

    assert mails() == [("incubators/revision_submitted", secretariat.email)]


def test_approval_publishes_the_entry() -> None:
    revision = send(draft())

    approve_revision(revision=revision, by=focal_point("KZ"))

    organisation = type(revision.organisation).objects.get(pk=revision.organisation_id)
    assert organisation.status == OrganisationStatus.LISTED
    assert organisation.titles == {"en": "Steppe Sample Incubator", "ru": "Степной пример-инкубатор"}
    assert (organisation.city.slug, organisation.website_host) == ("almaty", "steppe.example")
    assert sorted(organisation.sectors.values_list("code", flat=True)) == ["circular", "ict"]
    assert organisation.origin == Origin.EDITOR
    assert organisation.verified_until == today() + CONFIRMED_FOR
    assert {name.text for name in organisation.names.all()} >= {"SSI", "Steppe Lab", "Steppe House"}
    assert Confirmation.objects.filter(organisation=organisation).count() == len(FieldGroup)


def test_approval_is_mailed_journaled_and_found() -> None:
    revision = send(draft())
    words = {"kind": "organisation", "audiences": [PUBLIC]}
    before = list(keys("Степной", **words))

    approve_revision(revision=revision, by=focal_point("KZ"))

    assert before == []
    assert set(keys("степного", **words)) == {revision.organisation.uid}
    assert mails()[-1] == ("incubators/revision_approved", editor(revision).email)
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == [
        "organisation.submitted",
        "organisation.listed",
    ]


def test_requested_changes_go_back_with_comments_and_can_be_sent_again() -> None:
    focal = focal_point("KZ")
    revision = send(draft())

    revision = request_changes(revision=revision, by=focal, comments={"city": "Which one?", "website": "  "})
    returned = (revision.status, revision.organisation.status, revision.comments)
    again = send(revision, city="Astana")

    assert returned == (RevisionStatus.CHANGES_REQUESTED, OrganisationStatus.CHANGES_REQUESTED, {"city": "Which one?"})
    assert again.organisation.status == OrganisationStatus.SUBMITTED
    assert [template for template, _address in mails()] == [
        "incubators/revision_submitted",
        "incubators/revision_changes_requested",
        "incubators/revision_submitted",
    ]


def test_changes_cannot_be_requested_without_a_comment() -> None:
    revision = send(draft())

    with pytest.raises(ValidationError):
        request_changes(revision=revision, by=focal_point("KZ"), comments={"city": " "})

    assert Revision.objects.get().status == RevisionStatus.SUBMITTED


def test_declining_needs_a_reason_and_hides_nothing_from_the_editor() -> None:
    focal = focal_point("KZ")
    revision = send(draft())

    with pytest.raises(ValidationError):
        decline_revision(revision=revision, by=focal, reason=" ")
    revision = decline_revision(revision=revision, by=focal, reason="Not an incubator")

    assert revision.organisation.status == OrganisationStatus.DECLINED
    assert Message.objects.get(template="incubators/revision_declined").context["reason"] == "Not an incubator"
    assert Record.objects.get(verb="organisation.declined").reason == "Not an incubator"


def test_listed_organisation_stays_as_it_is_until_its_change_is_approved() -> None:
    organisation = OrganisationFactory(name="Old Name")
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)

    sent = submit_revision(revision=revision, by=user, version=revision.version, values=entry(name_en="New Name"))
    meanwhile = type(organisation).objects.get(pk=organisation.pk)
    approve_revision(revision=sent, by=focal_point("KZ"))

    assert (str(meanwhile), meanwhile.status) == ("Old Name", OrganisationStatus.LISTED)
    assert str(type(organisation).objects.get(pk=organisation.pk)) == "New Name"


def test_declined_change_leaves_the_listing() -> None:
    organisation = OrganisationFactory(name="Old Name")
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)
    sent = submit_revision(revision=revision, by=user, version=revision.version, values=entry(name_en="New Name"))

    decline_revision(revision=sent, by=focal_point("KZ"), reason="Wrong")

    organisation.refresh_from_db()
    assert (str(organisation), organisation.status) == ("Old Name", OrganisationStatus.LISTED)
    assert Record.objects.latest("number").verb == "revision.declined"


def test_second_answer_is_refused() -> None:
    focal = focal_point("KZ")
    revision = send(draft())
    approve_revision(revision=revision, by=focal)

    with pytest.raises(IllegalMove):
        decline_revision(revision=revision, by=focal, reason="Too late")

    assert Revision.objects.get().status == RevisionStatus.APPROVED


@pytest.mark.parametrize("who", ["foreign focal point", "its own editor", "anybody"])
def test_answer_of_somebody_not_entitled_changes_nothing(who: str) -> None:
    revision = send(draft())
    own = editor(revision)
    by = {"foreign focal point": focal_point("KG"), "its own editor": own, "anybody": PersonFactory()}[who]

    with pytest.raises(PermissionDenied):
        approve_revision(revision=revision, by=by)

    assert Revision.objects.get().status == RevisionStatus.SUBMITTED
    assert Record.objects.count() == 1


def test_closing_needs_a_reason_and_leaves_the_page() -> None:
    organisation = OrganisationFactory()

    closed = move_organisation(
        organisation=organisation, to=OrganisationStatus.CLOSED, by=focal_point("KZ"), reason="Merged"
    )

    assert closed.is_public
    assert Record.objects.get().verb == "organisation.closed"


def test_draft_cannot_be_listed_past_its_review() -> None:
    revision = send(draft())

    with pytest.raises(PermissionDenied):
        move_organisation(organisation=revision.organisation, to=OrganisationStatus.LISTED, by=focal_point("KZ"))

    revision.organisation.refresh_from_db()
    assert revision.organisation.status == OrganisationStatus.SUBMITTED
