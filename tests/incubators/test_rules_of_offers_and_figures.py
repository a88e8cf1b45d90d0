"""Rules of programmes, start-ups, figures and upkeep, and their twins: every role and state."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from incubators import rules
from incubators.enums import (
    PUBLIC_STATUSES,
    CallStatus,
    FiguresStatus,
    OrganisationStatus,
    PairStatus,
    PlacementStatus,
    ProgrammeStatus,
    RemarkStatus,
    StartupRole,
    TransferStatus,
)
from incubators.models import (
    Cohort,
    DuplicatePair,
    OpenCall,
    Organisation,
    Placement,
    Programme,
    Remark,
    Startup,
    StartupMember,
    Transfer,
    YearlyFigures,
)
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of, focal_point, secretary
from tests.incubators.test_rules_of_organisations import People, agree

pytestmark = pytest.mark.django_db
SHOWN = (OrganisationStatus.LISTED, OrganisationStatus.DRAFT)
REVIEWERS = {"focal", "deputy", "secretariat"}


@pytest.fixture
def people() -> People:
    return {
        "visitor": AnonymousUser(),
        "member": PersonFactory(),
        "focal": focal_point("KZ"),
        "deputy": focal_point("KZ", deputy=True),
        "foreign": focal_point("KG"),
        "secretariat": secretary(),
        "closed": focal_point("KZ", is_active=False),
    }


def programme_of(organisation: Organisation, status: str = ProgrammeStatus.PUBLISHED) -> Programme:
    return Programme.objects.create(organisation=organisation, status=status, titles={"en": "Sample programme"})


def startup(**fields: Any) -> Startup:
    return Startup.objects.create(name="Sample start-up", country=country(), **fields)


def founder_of(made: Startup) -> Any:
    user = PersonFactory()
    StartupMember.objects.create(startup=made, user=user, role=StartupRole.OWNER)
    return user


@pytest.mark.parametrize("listing", SHOWN)
@pytest.mark.parametrize("status", ProgrammeStatus)
def test_programme_is_seen_by_all_once_published(status: str, listing: str, people: People) -> None:
    programme = programme_of(OrganisationFactory(status=listing), status)
    people["editor"] = editor_of(programme.organisation)

    may = agree(rules.can_view_programme, Programme.objects.visible_to, people, programme)

    if status == ProgrammeStatus.DRAFT:
        assert may == {"editor"}
    else:
        assert may == (set(people) if listing in PUBLIC_STATUSES else {*REVIEWERS, "editor"})


@pytest.mark.parametrize("listing", [*SHOWN, OrganisationStatus.CLOSED])
def test_programme_and_its_calls_are_written_by_the_editors_alone(listing: str, people: People) -> None:
    programme = programme_of(OrganisationFactory(status=listing))
    now = timezone.now()
    call = OpenCall.objects.create(
        programme=programme, opens_at=now, closes_at=now + timedelta(days=1), zone="Asia/Almaty"
    )
    people["editor"] = editor_of(programme.organisation)

    may = agree(rules.can_edit_programme, Programme.objects.editable_by, people, programme)

    assert may == (set() if listing == OrganisationStatus.CLOSED else {"editor"})
    assert agree(rules.can_edit_call, OpenCall.objects.editable_by, people, call) == may


@pytest.mark.parametrize("status", CallStatus)
@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("listing", [OrganisationStatus.LISTED, OrganisationStatus.SUSPENDED])
def test_call_is_seen_by_all_when_it_and_its_programme_are(
    status: str, running: bool, listing: str, people: People
) -> None:
    programme = programme_of(
        OrganisationFactory(status=listing), ProgrammeStatus.PUBLISHED if running else ProgrammeStatus.DRAFT
    )
    now = timezone.now()
    call = OpenCall.objects.create(
        programme=programme, opens_at=now, closes_at=now + timedelta(days=1), zone="Asia/Almaty", status=status
    )
    people["editor"] = editor_of(programme.organisation)

    may = agree(rules.can_view_call, OpenCall.objects.visible_to, people, call)

    public = running and listing == OrganisationStatus.LISTED and status in (CallStatus.PUBLISHED, CallStatus.CLOSED)
    assert may == (set(people) if public else {"editor"})


@pytest.mark.parametrize(("shown", "imported", "kept"), [(s, i, k) for s in (0, 1) for i in (0, 1) for k in (0, 1)])
def test_start_up_is_seen_by_its_team_until_they_show_it(shown: int, imported: int, kept: int, people: People) -> None:
    made = startup(shown_at=timezone.now() if shown else None, source_key="sample" if imported else "")
    if kept:
        people["founder"] = founder_of(made)

    may = agree(rules.can_view_startup, Startup.objects.visible_to, people, made)

    if shown:
        assert may == set(people)
    else:
        served = {"focal", "deputy"} if imported and not kept else set()
        assert may == {"secretariat", *served, *(["founder"] if kept else [])}


@pytest.mark.parametrize("status", PlacementStatus)
@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("running", [False, True])
def test_placement_is_public_when_both_sides_show_it(status: str, shown: bool, running: bool, people: People) -> None:
    programme = programme_of(OrganisationFactory(), ProgrammeStatus.PUBLISHED if running else ProgrammeStatus.DRAFT)
    cohort = Cohort.objects.create(programme=programme, name="2026", starts=date(2026, 1, 1))
    made = startup(shown_at=timezone.now() if shown else None)
    placement = Placement.objects.create(startup=made, cohort=cohort, status=status, entered=date(2026, 2, 1))
    people["editor"], people["founder"] = editor_of(programme.organisation), founder_of(made)

    may = agree(rules.can_view_placement, Placement.objects.visible_to, people, placement)

    public = status == PlacementStatus.CONFIRMED and shown and running
    assert may == (set(people) if public else {"editor", "founder"})
    may_answer = agree(rules.can_answer_placement, Placement.objects.answerable_by, people, placement)
    assert may_answer == (set() if status == PlacementStatus.WITHDRAWN else {"founder"})
    assert agree(rules.can_edit_placement, Placement.objects.editable_by, people, placement) == {"editor"}


@pytest.mark.parametrize("status", FiguresStatus)
@pytest.mark.parametrize("published", [False, True])
def test_figures_are_public_when_accepted_and_published(status: str, published: bool, people: People) -> None:
    organisation = OrganisationFactory()
    figures = YearlyFigures.objects.create(organisation=organisation, year=2025, status=status, is_published=published)
    people["editor"] = editor_of(organisation)
    organisation.memberships.create(user=people["deputy"])

    may = agree(rules.can_view_figures, YearlyFigures.objects.visible_to, people, figures)

    if status == FiguresStatus.DRAFT:
        assert may == {"editor", "deputy"}
    else:
        public = status == FiguresStatus.ACCEPTED and published
        assert may == (set(people) if public else {*REVIEWERS, "editor"})
    may_write = agree(rules.can_edit_figures, YearlyFigures.objects.editable_by, people, figures)
    assert may_write == ({"editor", "deputy"} if status in (FiguresStatus.DRAFT, FiguresStatus.QUERIED) else set())
    may_answer = agree(rules.can_review_figures, YearlyFigures.objects.reviewable_by, people, figures)
    may_publish = agree(rules.can_publish_figures, YearlyFigures.objects.publishable_by, people, figures)
    assert may_publish == ({"editor", "deputy"} if status == FiguresStatus.ACCEPTED else set())
    may_withdraw = agree(rules.can_withdraw_figures, YearlyFigures.objects.withdrawable_by, people, figures)
    assert may_withdraw == ({"editor", "deputy"} if status == FiguresStatus.SUBMITTED else set())
    answerable = status in (FiguresStatus.SUBMITTED, FiguresStatus.ACCEPTED)
    assert may_answer == ({"focal", "secretariat"} if answerable else set())


def test_figures_of_a_suspended_organisation_are_not_public(people: People) -> None:
    organisation = OrganisationFactory(status=OrganisationStatus.SUSPENDED)
    figures = YearlyFigures.objects.create(
        organisation=organisation, year=2025, status=FiguresStatus.ACCEPTED, is_published=True
    )

    assert agree(rules.can_view_figures, YearlyFigures.objects.visible_to, people, figures) == REVIEWERS


@pytest.mark.parametrize(("iso2", "may"), [("KZ", REVIEWERS), ("KG", {"secretariat"})])
def test_likely_duplicates_are_seen_by_who_serves_both(iso2: str, may: set[str], people: People) -> None:
    first, second = OrganisationFactory(), OrganisationFactory(iso2=iso2)
    pair = DuplicatePair.objects.create(first=first, second=second, score=90, status=PairStatus.OPEN)

    assert agree(rules.can_view_pair, DuplicatePair.objects.visible_to, people, pair) == may


@pytest.mark.parametrize("status", TransferStatus)
def test_transfer_is_answered_by_the_other_side(status: str, people: People) -> None:
    people["target"] = focal_point("UZ")
    transfer = Transfer.objects.create(
        organisation=OrganisationFactory(),
        source=country("KZ"),
        target=country("UZ"),
        status=status,
        asked_by=people["secretariat"],
    )

    may = agree(rules.can_answer_transfer, Transfer.objects.answerable_by, people, transfer)

    assert may == ({"target"} if status == TransferStatus.OPEN else set())


@pytest.mark.parametrize("status", TransferStatus)
def test_wish_is_taken_back_by_the_side_that_asked(status: str, people: People) -> None:
    people["target"] = focal_point("UZ")
    transfer = Transfer.objects.create(
        organisation=OrganisationFactory(), source=country("KZ"), target=country("UZ"), status=status
    )

    may = agree(rules.can_withdraw_transfer, Transfer.objects.withdrawable_by, people, transfer)

    assert may == (REVIEWERS if status == TransferStatus.OPEN else set())


@pytest.mark.parametrize("status", RemarkStatus)
def test_remark_is_answered_once(status: str, people: People) -> None:
    remark = Remark.objects.create(organisation=OrganisationFactory(), text="The site is gone.", status=status)

    may = agree(rules.can_answer_remark, Remark.objects.answerable_by, people, remark)

    assert may == (REVIEWERS if status == RemarkStatus.OPEN else set())


def test_remarks_are_read_by_who_serves_the_country(people: People) -> None:
    remark = Remark.objects.create(organisation=OrganisationFactory(), text="The site is gone.")
    people["editor"] = editor_of(remark.organisation)

    assert agree(rules.can_view_remark, Remark.objects.visible_to, people, remark) == REVIEWERS
