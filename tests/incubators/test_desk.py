"""What the ground gathers of the registry: tasks, audiences, own data, erasure, the index."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from incubators import desk
from incubators.editing import Editing
from incubators.enums import ClaimStatus, OrganisationStatus, RevisionStatus
from incubators.models import (
    City,
    Claim,
    Cohort,
    Country,
    FocalPoint,
    Membership,
    OpenCall,
    Organisation,
    Placement,
    Programme,
    Revision,
    Startup,
)
from incubators.reviewing import Queue, Review
from incubators.services.listing import open_revision
from incubators.services.review import approve_revision, decline_revision
from incubators.services.startups import create_startup
from network_platform.background.delivery import deliver
from network_platform.background.models import Message
from network_platform.people.services.erasure import erase_person
from network_platform.search.models import SearchDocument
from network_platform.search.services import reindex
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    draft,
    editor,
    editor_of,
    focal_point,
    secretary,
)
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
MINE = "/en/incubators/mine/"


def test_reviewer_is_told_how_many_wait() -> None:
    for iso2 in ("KZ", "KZ", "KG"):
        send(draft(iso2))

    waiting = desk.waiting_for(focal_point("KZ"))

    assert [(item.title, item.url, item.count) for item in waiting] == [
        ("2 listings to review", "/en/incubators/queue/", 2)
    ]


def test_editor_is_told_that_a_new_listing_was_declined_until_it_is_taken_up_again(signed_in: Any) -> None:
    revision = decline_revision(revision=send(draft()), by=focal_point("KZ"), why="other_country")
    person = editor(revision)

    told = [(item.title, item.url) for item in desk.waiting_for(person)]
    reason = signed_in(person).get(told[0][1]).content.decode()
    others = desk.waiting_for(PersonFactory())
    open_revision(organisation=revision.organisation, by=person, again=True)

    assert told == [("Declined: Steppe Sample Incubator", f"/en/incubators/{revision.organisation.slug}/edit/")]
    assert ("It is outside this country" in reason, others) == (True, [])
    assert [item.title for item in desk.waiting_for(person)] == ["Finish and send: Steppe Sample Incubator"]


def test_declined_changes_of_a_listed_entry_wait_for_nobody() -> None:
    revision = send(draft())
    decline_revision(revision=revision, by=focal_point("KZ"), why="other_country")
    Organisation.objects.update(status=OrganisationStatus.LISTED)

    assert not Revision.objects.correctable_by(editor(revision)).exists()


def test_editor_is_told_what_to_finish() -> None:
    revision = draft()
    started = [item.title for item in desk.waiting_for(editor(revision))]
    Revision.objects.update(status=RevisionStatus.CHANGES_REQUESTED)
    returned = [item.title for item in desk.waiting_for(editor(revision))]

    assert started == ["Finish and send: Steppe Sample Incubator"]
    assert returned == ["The reviewer asks for changes: Steppe Sample Incubator"]


def test_what_was_sent_stays_visible_until_it_is_answered() -> None:
    sent = send(draft())
    person = editor(sent)
    claim = Claim.objects.create(organisation=OrganisationFactory(name="Other Hub"), user=person, evidence="x")

    before = desk.sent_by(person)
    claim.status = ClaimStatus.REFUSED
    claim.save()
    approve_revision(revision=sent, by=focal_point("KZ"))

    assert [(item.title, item.url) for item in before] == [
        ("Steppe Sample Incubator", f"/en/incubators/{sent.organisation.slug}/edit/"),
        ("Claim: Other Hub", f"/en/incubators/{claim.organisation.slug}/claim/"),
    ]
    assert all(item.detail.startswith("Sent on ") for item in before)
    assert (desk.sent_by(person), desk.sent_by(PersonFactory())) == ([], [])


def test_who_edits_an_organisation_is_not_told_how_to_begin_listing(signed_in: Any) -> None:
    person = editor_of(OrganisationFactory())

    pages = [signed_in(each).get("/en/desk/").content.decode() for each in (person, PersonFactory())]

    assert ["Find or list your organisation" in page for page in pages] == [False, True]


def test_only_editor_is_warned_before_the_account_is_erased() -> None:
    alone, shared = OrganisationFactory(name="Alone"), OrganisationFactory(name="Shared")
    person = editor_of(alone)
    for each in (person, PersonFactory()):
        shared.memberships.create(user=each)
    draft(editor=person)

    lost = desk.lost_with(person)

    assert [(item.title, item.url) for item in lost] == [("Alone", f"/en/incubators/{alone.slug}/editors/")]


@pytest.mark.parametrize(
    ("number", "closed", "path"), [(1, False, "/en/incubators/hub-1/programmes/"), (2, False, MINE), (1, True, MINE)]
)
def test_editors_are_led_to_their_programmes(number: int, closed: bool, path: str) -> None:
    person = PersonFactory()
    for n in range(number):
        organisation = OrganisationFactory(slug=f"hub-{n + 1}", status="closed" if closed else "listed")
        organisation.memberships.create(user=person)

    assert [area.url for area in desk.areas_of(person)] == [MINE, path]


def test_audiences_are_the_countries_served() -> None:
    assert desk.scopes_of(focal_point("KZ")) == {"country:KZ"}
    assert desk.scopes_of(focal_point("KG", deputy=True)) == {"country:KG"}
    assert len(desk.scopes_of(secretary())) == 7
    assert desk.scopes_of(PersonFactory()) == set()


def test_only_focal_points_need_a_second_factor() -> None:
    people = [focal_point("KZ"), focal_point("KG", deputy=True), editor_of(OrganisationFactory()), PersonFactory()]

    assert [desk.needs_second_factor(person) for person in people] == [True, True, False, False]


def test_own_data_is_complete() -> None:
    person = focal_point("KZ")
    OrganisationFactory(name="Mine").memberships.create(user=person)
    create_startup(by=person, name="My start-up", country=country())

    held = desk.personal_data(person)["registry"]

    assert held["offices"][0]["country"] == "KZ"
    assert held["organisations"][0]["name"] == "Mine"
    assert held["startups"][0]["name"] == "My start-up"
    assert set(desk.roles_of(person)) == {"Focal point, Kazakhstan", "Editor, Mine", "Founder, My start-up"}


def test_erasure_drops_the_person_and_keeps_what_is_listed() -> None:
    person = focal_point("KZ")
    listed = OrganisationFactory()
    listed.memberships.create(user=person)
    own = draft(editor=person)
    shared = draft(editor=person, name_en="Shared")
    shared.organisation.memberships.create(user=PersonFactory())

    desk.erase(person)

    assert set(Organisation.objects.all()) == {listed, shared.organisation}
    assert not Membership.objects.filter(user=person).exists()
    assert not FocalPoint.objects.filter(user=person, ends=None).exists()
    assert own.organisation not in Organisation.objects.all()


def test_who_serves_the_country_is_told_of_what_nobody_edits_after_an_erasure() -> None:
    focal = focal_point("KZ")
    alone, shared = OrganisationFactory(name="Alone"), OrganisationFactory(name="Shared")
    person = editor_of(alone, name="Zebra Sample")
    for each in (person, PersonFactory()):
        shared.memberships.get_or_create(user=each)

    erase_person(user=person, by=person)

    told = Message.objects.get()
    assert (told.template, told.address) == ("incubators/left_alone", focal.email)
    deliver(told.pk)
    assert mail.outbox[0].subject == "Nobody edits it now: Alone"
    assert f"/en/incubators/{alone.slug}/" in mail.outbox[0].body
    assert "Zebra" not in mail.outbox[0].body


def test_erasure_of_the_only_focal_point_tells_the_secretariat() -> None:
    person, secretariat = focal_point("KZ"), secretary()
    OrganisationFactory(name="Alone").memberships.create(user=person)

    desk.erase(person)

    assert [message.address for message in Message.objects.all()] == [secretariat.email]


def test_names_are_those_of_the_page() -> None:
    revision = draft(display="kk", name_kk="Дала Инкубаторы")
    focal, person = focal_point("KZ"), editor(revision)
    spoken = {"en": "Steppe Sample Incubator", "ru": "Степной пример-инкубатор"}

    for language, name in spoken.items():
        with override(language):
            assert desk.waiting_for(person)[0].title.endswith(f": {name}")
            assert Editing(revision.organisation, revision).title == name
    send(revision)
    for language, name in spoken.items():
        with override(language):
            assert desk.sent_by(person)[0].title == name
            assert Queue(focal).revisions[0].title == name
            assert Review(revision, by=focal).title == name


def test_sitemap_names_what_is_public() -> None:
    listed, closed = OrganisationFactory(), OrganisationFactory(status=OrganisationStatus.CLOSED)
    draft()

    paths = set(desk.sitemap())

    assert {path for path in paths if path.startswith("/incubators/")} == {
        "/incubators/",
        f"/incubators/{listed.slug}/",
        f"/incubators/{closed.slug}/",
    }
    assert "/countries/kg/" in paths


def test_new_index_is_the_old_one() -> None:
    OrganisationFactory(descriptions={"ru": "Комнаты"})
    draft("KG")
    columns = ("kind", "key", "audience", "language", "title", "summary", "url", "title_tokens", "body_tokens")
    before = set(SearchDocument.objects.filter(kind="organisation").values_list(*columns))

    reindex()

    assert set(SearchDocument.objects.filter(kind="organisation").values_list(*columns)) == before
    assert {row[2] for row in before} == {"public", "country:KG"}


def test_doctor_hears_of_missing_countries_and_of_an_empty_secretariat() -> None:
    healthy = desk.problems()
    send(draft())
    alone = desk.problems()
    City.objects.filter(country__iso2="TM").delete()
    Country.objects.filter(iso2="TM").delete()

    assert healthy == []
    assert len(alone) == 1
    assert len(desk.problems()) == 2


def test_demonstration_may_be_loaded_again(capsys: Any) -> None:
    from io import StringIO

    from network_platform.people.demonstration import load_people

    load_people()
    counts, offered = [], []
    for _ in range(2):
        desk.load_demonstration(StringIO())
        counts.append([Organisation.objects.count(), Revision.objects.count(), FocalPoint.objects.count()])
        offered.append([each.objects.count() for each in (Programme, Cohort, OpenCall, Placement)])

    assert counts[0] == counts[1] == [156, 15, 5]
    assert offered[0] == offered[1] == [3, 3, 4, 7]
    assert (Startup.objects.public().count(), Placement.objects.public().count()) == (5, 5)
    assert not OpenCall.objects.over_at(timezone.now()).exists()
    assert Organisation.objects.public().exclude(verified_until=None).count() >= 10
    assert set(Revision.objects.values_list("status", flat=True)) == {
        "draft",
        "submitted",
        "changes_requested",
        "approved",
    }
