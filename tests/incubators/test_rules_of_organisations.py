"""Rules of organisations, of who edits, claims and approves them, of founders, and their twins: every role and state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from incubators import rules
from incubators.enums import (
    MOVABLE,
    PUBLIC_STATUSES,
    ClaimStatus,
    InvitationStatus,
    MemberRole,
    OrganisationStatus,
    PlacementStatus,
    RevisionStatus,
)
from incubators.models import (
    BulkApproval,
    Claim,
    Cohort,
    FocalPoint,
    FounderInvitation,
    Invitation,
    Membership,
    Organisation,
    Programme,
    Revision,
    Startup,
)
from incubators.services.startups import create_startup
from network_platform.people.models import User
from network_platform.zones import today
from tests.competitions.factories import EntryFactory
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    editor_of,
    focal_point,
    secretary,
)

pytestmark = pytest.mark.django_db
S, R = OrganisationStatus, RevisionStatus
People = dict[str, User | AnonymousUser]


@pytest.fixture
def people() -> People:
    former = PersonFactory()
    FocalPoint.objects.create(
        user=former, country=country(), starts=today() - timedelta(days=90), ends=today() - timedelta(days=1)
    )
    coming = PersonFactory()
    FocalPoint.objects.create(user=coming, country=country(), starts=today() + timedelta(days=1))
    return {
        "visitor": AnonymousUser(),
        "member": PersonFactory(),
        "focal": focal_point("KZ"),
        "deputy": focal_point("KZ", deputy=True),
        "former": former,
        "coming": coming,
        "foreign": focal_point("KG"),
        "secretariat": secretary(),
        "closed": focal_point("KZ", is_active=False),
    }


def agree(rule: Callable[..., bool], twin: Callable[[User], QuerySet], people: People, thing: object) -> set[str]:
    """Who may, after checking that rule and twin agree for everybody."""
    by_rule = {name for name, user in people.items() if rule(user, thing)}
    by_twin = {name for name, user in people.items() if twin(user).filter(pk=thing.pk).exists()}
    assert by_rule == by_twin
    return by_rule


def allowed(rule: Callable[..., bool], people: People, *things: object) -> set[str]:
    """Who may, by a rule that has no twin."""
    return {name for name, user in people.items() if rule(user, *things)}


@pytest.mark.parametrize("status", S)
def test_organisation_is_visible_to_all_or_to_those_concerned(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation)

    may = agree(rules.can_view_organisation, Organisation.objects.visible_to, people, organisation)

    assert may == (set(people) if status in PUBLIC_STATUSES else {"focal", "deputy", "secretariat", "editor"})


@pytest.mark.parametrize("status", S)
def test_organisation_is_editable_by_its_editors_only(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation)

    may = agree(rules.can_edit_organisation, Organisation.objects.editable_by, people, organisation)

    assert may == (set() if status == S.CLOSED else {"editor"})


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("begun", [False, True])
def test_what_was_declined_and_never_listed_is_deleted_by_its_editors(status: str, begun: bool, people: People) -> None:
    organisation = OrganisationFactory(status=status, listed_at=None)
    people["editor"] = editor_of(organisation)
    if begun:
        organisation.revisions.create(values={})

    may = agree(rules.can_remove_declined, Organisation.objects.removable_by, people, organisation)

    assert may == ({"editor"} if status == S.DECLINED and not begun else set())


@pytest.mark.parametrize("status", S)
def test_organisation_is_reviewed_by_those_who_serve_its_country(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)

    may = agree(rules.can_review_organisation, Organisation.objects.reviewable_by, people, organisation)

    assert may == {"focal", "deputy", "secretariat"}


@pytest.mark.parametrize("status", S)
def test_organisation_is_moved_by_reviewers_but_never_their_own(status: str, people: People) -> None:
    organisation = listed_once(OrganisationFactory(status=status))
    people["editor"] = editor_of(organisation)
    organisation.memberships.create(user=people["deputy"])

    may = agree(rules.can_move_organisation, Organisation.objects.movable_by, people, organisation)

    assert may == ({"focal", "secretariat"} if status in MOVABLE else set())


@pytest.mark.parametrize("status", S)
def test_source_note_is_read_by_editors_and_reviewers(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation)

    may = allowed(rules.can_view_source_note, people, organisation)

    assert may == {"focal", "deputy", "secretariat", *([] if status == S.CLOSED else ["editor"])}


@pytest.mark.parametrize("status", S)
def test_organisation_is_claimed_by_anybody_signed_in_who_does_not_edit_it(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation)

    may = allowed(rules.can_claim_organisation, people, organisation)

    assert may == (set(people) - {"visitor", "closed", "editor"} if status in PUBLIC_STATUSES else set())


@pytest.mark.parametrize("status", S)
def test_transfer_is_asked_for_by_reviewers_but_never_of_their_own(status: str, people: People) -> None:
    organisation = listed_once(OrganisationFactory(status=status))
    people["editor"] = editor_of(organisation)
    organisation.memberships.create(user=people["deputy"])

    may = allowed(rules.can_ask_for_transfer, people, organisation)

    assert may == ({"focal", "secretariat"} if status in MOVABLE else set())


@pytest.mark.parametrize("who", ["member", "focal", "foreign", "colleague", "closed", "secretariat"])
def test_focal_point_is_appointed_by_the_secretariat_but_not_by_themselves(who: str, people: People) -> None:
    people["colleague"] = secretary()

    may = allowed(rules.can_appoint_focal_point, people, people[who])

    assert may == (set() if who == "closed" else {"secretariat", "colleague"} - {who})


def test_import_is_for_who_serves_a_country_and_the_rest_for_the_secretariat(people: People) -> None:
    people["editor"] = editor_of(OrganisationFactory())

    may = {rule: allowed(rule, people) for rule in FOR_THE_SECRETARIAT}

    assert allowed(rules.can_import, people) == {"focal", "deputy", "foreign", "secretariat"}
    assert may == dict.fromkeys(FOR_THE_SECRETARIAT, {"secretariat"})


FOR_THE_SECRETARIAT = (
    rules.can_appoint_focal_points,
    rules.can_define_indicators,
    rules.can_merge_organisations,
)


def test_what_was_never_listed_is_not_moved(people: People) -> None:
    organisation = OrganisationFactory(status=S.SUSPENDED)

    assert agree(rules.can_move_organisation, Organisation.objects.movable_by, people, organisation) == set()


@pytest.mark.parametrize("until", [None, today()])
@pytest.mark.parametrize("status", S)
def test_what_was_approved_is_confirmed_by_editors_and_reviewers(status: str, until: Any, people: People) -> None:
    organisation = listed_once(OrganisationFactory(status=status, verified_until=until))
    people["editor"] = editor_of(organisation)

    may = agree(rules.can_confirm_organisation, Organisation.objects.confirmable_by, people, organisation)

    aging = status == S.STALE or (status == S.LISTED and until)
    assert may == ({"focal", "deputy", "secretariat", "editor"} if aging else set())


@pytest.mark.parametrize("status", S)
def test_editors_are_known_to_editors_and_reviewers(status: str, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation)

    may = agree(rules.can_view_editors, Organisation.objects.editors_visible_to, people, organisation)

    assert may == {"focal", "deputy", "secretariat", "editor"}


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("status", S)
def test_editors_are_invited_by_editors_once_it_was_listed(status: str, listed: bool, people: People) -> None:
    organisation = OrganisationFactory(status=status)
    people["editor"] = editor_of(organisation, MemberRole.EDITOR)
    Organisation.objects.filter(pk=organisation.pk).update(listed_at=organisation.created_at if listed else None)
    organisation.refresh_from_db()

    may = agree(rules.can_invite_editor, Organisation.objects.inviting_for, people, organisation)

    assert may == ({"editor"} if listed and status != S.CLOSED else set())


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("status", InvitationStatus)
def test_invitation_is_withdrawn_by_editors_and_accepted_by_the_invited(
    status: str, late: bool, people: People
) -> None:
    organisation = OrganisationFactory()
    people["inviter"] = editor_of(organisation)
    people["colleague"] = editor_of(organisation, MemberRole.EDITOR)
    people["invited"] = PersonFactory(email="Invited@hub.example")
    invitation = invited(organisation, people["inviter"], status=status, late=late)

    withdraws = agree(rules.can_withdraw_invitation, Invitation.objects.withdrawable_by, people, invitation)
    accepts = agree(rules.can_accept_invitation, Invitation.objects.acceptable_by, people, invitation)

    is_open = status == InvitationStatus.OPEN and not late
    assert (withdraws, accepts) == (({"inviter", "colleague"}, {"invited"}) if is_open else (set(), set()))


@pytest.mark.parametrize("why", ["inviter left", "inviter cannot sign in", "closed", "own address"])
def test_invitation_of_who_may_not_invite_is_accepted_by_nobody(why: str, people: People) -> None:
    organisation = OrganisationFactory(status=S.CLOSED if why == "closed" else S.LISTED)
    inviter = editor_of(organisation, is_active=why != "inviter cannot sign in")
    people["invited"] = inviter if why == "own address" else PersonFactory()
    invitation = invited(organisation, inviter, email=people["invited"].email)
    if why == "inviter left":
        organisation.memberships.all().delete()

    assert agree(rules.can_accept_invitation, Invitation.objects.acceptable_by, people, invitation) == set()


def invited(
    organisation: Organisation,
    by: User,
    *,
    email: str = "invited@hub.example",
    status: str = "open",
    late: bool = False,
) -> Invitation:
    expires = timezone.now() + timedelta(days=-1 if late else 1)
    return organisation.invitations.create(
        email=email, status=status, invited_by=by, expires_at=expires, token_hash="x"
    )


@pytest.mark.parametrize("listed", [True, False])
def test_membership_is_ended_by_owner_reviewers_and_the_person(listed: bool, people: People) -> None:
    organisation = listed_once(OrganisationFactory()) if listed else OrganisationFactory(status=S.DRAFT)
    people["owner"] = editor_of(organisation)
    people["person"] = editor_of(organisation, MemberRole.EDITOR)
    people["colleague"] = editor_of(organisation, MemberRole.EDITOR)
    people["elsewhere"] = editor_of(OrganisationFactory())
    membership = Membership.objects.get(user=people["person"])

    may = agree(rules.can_end_membership, Membership.objects.endable_by, people, membership)

    assert may == ({"owner", "person", "focal", "deputy", "secretariat"} if listed else set())


@pytest.mark.parametrize("who", ["focal", "former", "coming", "holder"])
def test_term_is_ended_by_the_secretariat_while_it_lasts(who: str, people: People) -> None:
    people["holder"] = secretary()
    FocalPoint.objects.create(user=people["holder"], country=country("TJ"))
    term = FocalPoint.objects.get(user=people[who])

    may = agree(rules.can_end_term, FocalPoint.objects.endable_by, people, term)

    assert may == {"focal": {"secretariat", "holder"}, "holder": {"secretariat"}}.get(who, set())


def test_term_is_over_on_the_day_that_it_ends() -> None:
    person = PersonFactory()
    term = FocalPoint.objects.create(user=person, country=country(), starts=today(), ends=today())

    assert (term.is_current, FocalPoint.objects.current().exists()) == (False, False)
    assert rules.countries_of(person) == frozenset()


def listed_once(organisation: Organisation) -> Organisation:
    organisation.listed_at = organisation.created_at
    organisation.save()
    return organisation


@pytest.mark.parametrize("status", R)
def test_revision_is_visible_to_editors_and_reviewers(status: str, people: People) -> None:
    revision = Revision.objects.create(organisation=OrganisationFactory(), status=status)
    people["editor"] = editor_of(revision.organisation)

    may = agree(rules.can_view_revision, Revision.objects.visible_to, people, revision)

    assert may == {"focal", "deputy", "secretariat", "editor"}


@pytest.mark.parametrize("status", R)
def test_revision_is_editable_while_it_is_with_its_editors(status: str, people: People) -> None:
    revision = Revision.objects.create(organisation=OrganisationFactory(), status=status)
    people["editor"] = editor_of(revision.organisation)

    may = agree(rules.can_edit_revision, Revision.objects.editable_by, people, revision)

    assert may == ({"editor"} if status in (R.DRAFT, R.CHANGES_REQUESTED) else set())


@pytest.mark.parametrize("status", R)
def test_revision_is_taken_back_by_its_editors_until_it_is_answered(status: str, people: People) -> None:
    revision = Revision.objects.create(organisation=OrganisationFactory(), status=status)
    people["editor"] = editor_of(revision.organisation)

    may = agree(rules.can_withdraw_revision, Revision.objects.withdrawable_by, people, revision)

    assert may == ({"editor"} if status == R.SUBMITTED else set())


@pytest.mark.parametrize("status", R)
def test_revision_is_answered_by_reviewers_but_never_their_own(status: str, people: People) -> None:
    revision = Revision.objects.create(organisation=OrganisationFactory(), status=status)
    revision.organisation.memberships.create(user=people["deputy"])

    may = agree(rules.can_review_revision, Revision.objects.reviewable_by, people, revision)

    assert may == ({"focal", "secretariat"} if status == R.SUBMITTED else set())


@pytest.mark.parametrize("status", ClaimStatus)
def test_claim_is_answered_by_reviewers_but_never_their_own(status: str, people: People) -> None:
    claim = Claim.objects.create(organisation=OrganisationFactory(), user=people["deputy"], status=status)

    may = agree(rules.can_review_claim, Claim.objects.reviewable_by, people, claim)

    assert may == ({"focal", "secretariat"} if status == ClaimStatus.OPEN else set())


@pytest.mark.parametrize("status", ClaimStatus)
def test_claim_is_supported_by_the_claimant_until_it_is_answered(status: str, people: People) -> None:
    claim = Claim.objects.create(organisation=OrganisationFactory(), user=people["member"], status=status)
    people["editor"] = editor_of(claim.organisation)

    may = agree(rules.can_support_claim, Claim.objects.supportable_by, people, claim)

    assert may == ({"member"} if status == ClaimStatus.OPEN else set())


@pytest.mark.parametrize("letter", ["claims/x.pdf", ""])
@pytest.mark.parametrize("status", ClaimStatus)
def test_letter_is_read_by_the_claimant_and_those_who_answer(status: str, letter: str, people: People) -> None:
    organisation = OrganisationFactory()
    people["editor"] = editor_of(organisation)
    organisation.memberships.create(user=people["deputy"])
    decided_by = None if status == ClaimStatus.OPEN else people["focal"]
    people["colleague"] = focal_point("KZ", deputy=True)
    claim = Claim.objects.create(
        organisation=organisation, user=people["member"], status=status, letter=letter, decided_by=decided_by
    )

    may = agree(rules.can_view_letter, Claim.objects.letter_visible_to, people, claim)

    waiting = {"colleague"} if status == ClaimStatus.OPEN else set()
    assert may == ({"member", "focal", "secretariat", *waiting} if letter else set())


@pytest.mark.parametrize("over", ["", "late", "undone"])
def test_bulk_approval_is_undone_by_who_pressed_and_the_secretariat(over: str, people: People) -> None:
    now = timezone.now()
    approval = BulkApproval.objects.create(
        by=people["focal"],
        undo_until=now - timedelta(seconds=1) if over == "late" else now + timedelta(minutes=1),
        undone_at=now if over == "undone" else None,
    )

    may = agree(rules.can_undo_approval, BulkApproval.objects.undoable_by, people, approval)

    assert may == (set() if over else {"focal", "secretariat"})


def test_startup_belongs_to_its_team(people: People) -> None:
    founder = PersonFactory()
    startup = create_startup(by=founder, name="Sample", country=country())
    people["founder"] = founder

    edit = agree(rules.can_edit_startup, Startup.objects.editable_by, people, startup)
    view = agree(rules.can_view_startup, Startup.objects.visible_to, people, startup)

    assert (edit, view) == ({"founder"}, {"founder", "secretariat"})


def test_a_start_up_without_entries_is_removed_by_its_owner(people: People) -> None:
    people["founder"], people["colleague"] = PersonFactory(), PersonFactory()
    startup = create_startup(by=people["founder"], name="Sample", country=country())
    startup.members.create(user=people["colleague"])

    may = agree(rules.can_remove_startup, Startup.objects.removable_by, people, startup)

    assert may == {"founder"}


@pytest.mark.parametrize("why", ["free", "kept", "made here", "applied"])
@pytest.mark.parametrize("placement", PlacementStatus)
@pytest.mark.parametrize("status", [S.LISTED, S.STALE, S.SUSPENDED, S.CLOSED])
def test_founder_is_invited_by_who_serves_the_country_and_who_had_it_in_a_cohort(
    status: str, placement: str, why: str, people: People
) -> None:
    organisation = listed_once(OrganisationFactory(status=status))
    people["editor"] = editor_of(organisation, MemberRole.EDITOR)
    people["elsewhere"] = editor_of(listed_once(OrganisationFactory()))
    people["founder"] = PersonFactory()
    startup = imported_startup(organisation, placement, source_key="" if why == "made here" else "sample")
    if why == "kept":
        startup.members.create(user=people["founder"])
    if why == "applied":
        EntryFactory(startup=startup)

    may = agree(rules.can_invite_founder, Startup.objects.inviting_for, people, startup)

    hosts = {"editor"} if placement == PlacementStatus.CONFIRMED and status != S.CLOSED else set()
    assert may == ({"focal", "deputy", "secretariat"} | hosts if why == "free" else set())


def test_founder_is_not_invited_by_an_organisation_that_was_never_listed(people: People) -> None:
    organisation = OrganisationFactory()
    Organisation.objects.filter(pk=organisation.pk).update(listed_at=None)
    people["editor"] = editor_of(organisation)
    startup = imported_startup(organisation, PlacementStatus.CONFIRMED)

    may = agree(rules.can_invite_founder, Startup.objects.inviting_for, people, startup)

    assert may == {"focal", "deputy", "secretariat"}


@pytest.mark.parametrize("by", ["focal", "editor", "secretariat"])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("status", InvitationStatus)
def test_invitation_of_a_founder_is_withdrawn_by_who_may_invite_and_accepted_by_the_invited(
    status: str, late: bool, by: str, people: People
) -> None:
    organisation = listed_once(OrganisationFactory())
    people["editor"] = editor_of(organisation)
    people["invited"] = PersonFactory(email="Invited@hub.example")
    invitation = to_founder(organisation, people[by], status=status, late=late)

    withdraws = agree(
        rules.can_withdraw_founder_invitation, FounderInvitation.objects.withdrawable_by, people, invitation
    )
    accepts = agree(rules.can_accept_founder_invitation, FounderInvitation.objects.acceptable_by, people, invitation)

    is_open = status == InvitationStatus.OPEN and not late
    may = {"focal", "deputy", "secretariat", "editor"}
    assert (withdraws, accepts) == ((may, {"invited"}) if is_open else (set(), set()))


@pytest.mark.parametrize(
    ("by", "why"),
    [
        *((by, why) for by in ("focal", "editor", "secretariat") for why in ("cannot sign in", "own address", "kept")),
        *(("editor", why) for why in ("left", "closed", "never listed", "not placed")),
        *((by, "inviter never could") for by in ("former", "coming", "foreign", "closed", "member")),
    ],
)
def test_invitation_of_a_founder_by_who_may_not_is_accepted_by_nobody(by: str, why: str, people: People) -> None:
    organisation = listed_once(OrganisationFactory(status=S.CLOSED if why == "closed" else S.LISTED))
    people["editor"] = editor_of(organisation)
    inviter = people[by]
    people["invited"] = inviter if why == "own address" else PersonFactory()
    invitation = to_founder(organisation, inviter, email=people["invited"].email)
    if why == "cannot sign in":
        inviter.is_active = False
        inviter.save()
    if why == "kept":
        invitation.startup.members.create(user=PersonFactory())
    if why == "left":
        organisation.memberships.all().delete()
    if why == "never listed":
        Organisation.objects.filter(pk=organisation.pk).update(listed_at=None)
    if why == "not placed":
        invitation.startup.placements.update(status=PlacementStatus.REFUSED)
    invitation = FounderInvitation.objects.get(pk=invitation.pk)

    accepts = agree(rules.can_accept_founder_invitation, FounderInvitation.objects.acceptable_by, people, invitation)

    assert accepts == set()


def imported_startup(
    organisation: Organisation, placement: str = PlacementStatus.CONFIRMED, source_key: str = "sample"
) -> Startup:
    startup = Startup.objects.create(name="Sample", country=country(), source_key=source_key)
    programme = Programme.objects.create(organisation=organisation, titles={"en": "Scale"})
    cohort = Cohort.objects.create(programme=programme, name="2026", starts=today())
    startup.placements.create(cohort=cohort, status=placement, entered=today())
    return startup


def to_founder(
    organisation: Organisation,
    by: User,
    *,
    email: str = "invited@hub.example",
    status: str = "open",
    late: bool = False,
) -> FounderInvitation:
    expires = timezone.now() + timedelta(days=-1 if late else 1)
    return imported_startup(organisation).invitations.create(
        email=email, status=status, invited_by=by, expires_at=expires, token_hash="x"
    )


def test_countries_of_asks_once(people: People, django_assert_num_queries: Callable) -> None:
    focal = User.objects.get(pk=people["focal"].pk)

    with django_assert_num_queries(1):
        served = [rules.countries_of(focal), rules.countries_of(focal)]

    assert served == [frozenset({"KZ"})] * 2
