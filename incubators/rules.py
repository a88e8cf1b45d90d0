"""Who may. What is shown as a list has a twin among the querysets, which says "Twin of `rules.can_<verb>_<noun>`";
`test_rules_of_organisations.py` and `test_rules_of_offers_and_figures.py` walk all roles and states through both. Rules
without a twin are named in `tests/ground/test_rules_and_twins.py`.
"""

from django.utils import timezone

from incubators.enums import (
    ANSWERABLE_FIGURES,
    ANSWERABLE_PLACEMENTS,
    MOVABLE,
    OPEN_REVISIONS,
    WITH_EDITORS,
    CallStatus,
    ClaimStatus,
    FiguresStatus,
    MemberRole,
    OrganisationStatus,
    PlacementStatus,
    ProgrammeStatus,
    RemarkStatus,
    RevisionStatus,
    StartupRole,
    TransferStatus,
)
from incubators.models import (
    BulkApproval,
    Claim,
    Country,
    DuplicatePair,
    FocalPoint,
    FounderInvitation,
    ImportRun,
    Invitation,
    Membership,
    OpenCall,
    Organisation,
    Placement,
    Programme,
    Remark,
    Revision,
    SavedSearch,
    Startup,
    StartupMember,
    Transfer,
    YearlyFigures,
)
from incubators.models.programmes import SHOWN_PROGRAMMES
from network_platform.people.models import User
from network_platform.people.rules import Person, is_active

# Who somebody is.


def countries_of(user: Person) -> frozenset[str]:
    """The iso2 codes for which the user is focal point or deputy today; one query a request."""
    if not is_active(user):
        return frozenset()
    if not hasattr(user, "_focal_countries"):
        terms = FocalPoint.objects.current().filter(user=user)
        user._focal_countries = frozenset(terms.values_list("country__iso2", flat=True))
    return user._focal_countries


def edits_organisations(user: Person) -> bool:
    """Of whatever state; one query a request."""
    if not is_active(user):
        return False
    if not hasattr(user, "_edits_organisations"):
        user._edits_organisations = Membership.objects.filter(user=user).exists()
    return user._edits_organisations


def is_focal_point_of(user: Person, country: Country) -> bool:
    return country.iso2 in countries_of(user)


def serves_country(user: Person, country: Country) -> bool:
    """May decide for the country: its focal point or deputy, and the secretariat for all."""
    return is_active(user) and (user.is_secretariat or is_focal_point_of(user, country))


def is_reviewer(user: Person) -> bool:
    """Has a queue at all."""
    return is_active(user) and (user.is_secretariat or bool(countries_of(user)))


# Imports.


def can_import(user: Person) -> bool:
    """Whatever kind of thing, for the countries that they serve."""
    return is_reviewer(user)


def can_undo_import(user: Person, run: ImportRun) -> bool:
    """Who imported it, and the secretariat, for a day."""
    return run.can_still_be_undone and is_active(user) and (user.is_secretariat or run.by_id == user.pk)


# Organisations, and who edits them.


def is_member_of(user: Person, organisation: Organisation) -> bool:
    """Whether they are one of its editors, the owner among them: each has a `Membership`."""
    return is_active(user) and Membership.objects.filter(user=user, organisation=organisation).exists()


def can_view_organisation(user: Person, organisation: Organisation) -> bool:
    """Everybody in the states of `PUBLIC_STATUSES`; its editors and who serves the country in every state."""
    return organisation.is_public or serves_country(user, organisation.country) or is_member_of(user, organisation)


def can_edit_organisation(user: Person, organisation: Organisation) -> bool:
    """Its editors, until it is closed: what was declined can be corrected and sent again. Nobody else: who serves the
    country asks for changes (`can_review_revision`), and an import changes only what `kept_by_nobody` finds.
    """
    return organisation.status != OrganisationStatus.CLOSED and is_member_of(user, organisation)


def can_review_organisation(user: Person, organisation: Organisation) -> bool:
    """Who serves its country, whatever its state."""
    return serves_country(user, organisation.country)


def can_view_source_note(user: Person, organisation: Organisation) -> bool:
    """Its editors, and who serves the country: the notes on its source are working notes."""
    return can_edit_organisation(user, organisation) or can_review_organisation(user, organisation)


def can_move_organisation(user: Person, organisation: Organisation) -> bool:
    """Suspend, close, reinstate: who serves the country, but never an organisation that they edit themselves."""
    return (
        organisation.listed_at is not None
        and organisation.status in MOVABLE
        and can_review_organisation(user, organisation)
        and not is_member_of(user, organisation)
    )


def can_confirm_organisation(user: Person, organisation: Organisation) -> bool:
    """Say of an entry that was approved once that it is still true: its editors, and who serves the country."""
    confirmed = organisation.status == OrganisationStatus.LISTED and organisation.verified_until is not None
    return (confirmed or organisation.status == OrganisationStatus.STALE) and (
        can_review_organisation(user, organisation) or is_member_of(user, organisation)
    )


def can_end_membership(user: Person, membership: Membership) -> bool:
    """The person, the owner, and who serves the country. The author of what was never listed can discard it."""
    organisation = membership.organisation
    return (
        is_active(user)
        and organisation.listed_at is not None
        and (
            membership.user_id == user.pk
            or can_review_organisation(user, organisation)
            or Membership.objects.filter(user=user, organisation=organisation, role=MemberRole.OWNER).exists()
        )
    )


def can_view_editors(user: Person, organisation: Organisation) -> bool:
    """Who edits an entry is known to those who edit it and to those who serve the country."""
    return can_review_organisation(user, organisation) or is_member_of(user, organisation)


def can_remove_declined(user: Person, organisation: Organisation) -> bool:
    """Its editors, of what was declined and never listed, while nothing of it is being written anew."""
    declined = organisation.status == OrganisationStatus.DECLINED and organisation.listed_at is None
    return (
        declined
        and can_edit_organisation(user, organisation)
        and not organisation.revisions.filter(status__in=OPEN_REVISIONS).exists()
    )


def can_invite_editor(user: Person, organisation: Organisation) -> bool:
    """Its editors, once it was listed: ask somebody by e-mail to edit it too, or to take it over."""
    return organisation.listed_at is not None and can_edit_organisation(user, organisation)


def can_withdraw_invitation(user: Person, invitation: Invitation) -> bool:
    """The organisation's editors, while it waits for an answer."""
    return invitation.is_open and can_edit_organisation(user, invitation.organisation)


def can_accept_invitation(user: Person, invitation: Invitation) -> bool:
    """Who reads mail at the address, while whoever invited them still edits the entry."""
    organisation = invitation.organisation
    return (
        invitation.is_open
        and is_active(user)
        and user.email.lower() == invitation.email
        and user.pk != invitation.invited_by_id
        and can_edit_organisation(invitation.invited_by, organisation)
    )


# Focal points.


def can_appoint_focal_points(user: Person) -> bool:
    """The secretariat."""
    return is_active(user) and user.is_secretariat


def can_appoint_focal_point(user: Person, person: User) -> bool:
    """The secretariat, but nobody themselves; and only somebody who can sign in."""
    return can_appoint_focal_points(user) and person.is_active and person.pk != user.pk


def can_end_term(user: Person, term: FocalPoint) -> bool:
    """The secretariat, of a term that lasts, but nobody their own."""
    return can_appoint_focal_points(user) and term.is_current and term.user_id != user.pk


# Revisions.


def can_view_revision(user: Person, revision: Revision) -> bool:
    """The organisation's editors, and who serves its country."""
    organisation = revision.organisation
    return can_review_organisation(user, organisation) or is_member_of(user, organisation)


def can_edit_revision(user: Person, revision: Revision) -> bool:
    """The organisation's editors, until it is sent; again when changes are requested."""
    return revision.status in WITH_EDITORS and can_edit_organisation(user, revision.organisation)


def can_withdraw_revision(user: Person, revision: Revision) -> bool:
    """The organisation's editors, until it is answered."""
    return revision.status == RevisionStatus.SUBMITTED and can_edit_organisation(user, revision.organisation)


def can_review_revision(user: Person, revision: Revision) -> bool:
    """Who serves the country, but never the entry of an organisation that they edit themselves."""
    return (
        revision.status == RevisionStatus.SUBMITTED
        and can_review_organisation(user, revision.organisation)
        and not is_member_of(user, revision.organisation)
    )


def can_undo_approval(user: Person, approval: BulkApproval) -> bool:
    """Who approved them, and the secretariat, until the mails leave."""
    mine = is_active(user) and (user.is_secretariat or approval.by_id == user.pk)
    return mine and approval.undone_at is None and timezone.now() < approval.undo_until


# Claims.


def can_claim_organisation(user: Person, organisation: Organisation) -> bool:
    """Anybody signed in, for an organisation that has a public page, unless they edit it already."""
    return is_active(user) and organisation.is_public and not is_member_of(user, organisation)


def can_review_claim(user: Person, claim: Claim) -> bool:
    """Who serves the country, but never their own claim nor one on an organisation that they edit."""
    return (
        claim.status == ClaimStatus.OPEN
        and can_review_organisation(user, claim.organisation)
        and claim.user_id != user.pk
        and not is_member_of(user, claim.organisation)
    )


def can_support_claim(user: Person, claim: Claim) -> bool:
    """Add evidence to it: who claims, until it is answered."""
    return claim.status == ClaimStatus.OPEN and is_active(user) and claim.user_id == user.pk


def can_view_letter(user: Person, claim: Claim) -> bool:
    """The claimant; who may answer the claim; then who has answered it, and the secretariat."""
    if not claim.letter or not is_active(user):
        return False
    if claim.status == ClaimStatus.OPEN:
        return claim.user_id == user.pk or can_review_claim(user, claim)
    return user.pk in (claim.user_id, claim.decided_by_id) or user.is_secretariat


# Start-ups and their founders.


def can_edit_startup(user: Person, startup: Startup) -> bool:
    """Its team."""
    return is_active(user) and StartupMember.objects.filter(user=user, startup=startup).exists()


def can_remove_startup(user: Person, startup: Startup) -> bool:
    """Its owner, while no application was ever begun with it."""
    return (
        is_active(user)
        and StartupMember.objects.filter(user=user, startup=startup, role=StartupRole.OWNER).exists()
        and not startup.entries.exists()
    )


def can_view_startup(user: Person, startup: Startup) -> bool:
    """The team, the secretariat, and everybody once its founders show it; what nobody keeps, who serves the country."""
    if startup.shown_at is not None or can_edit_startup(user, startup):
        return True
    of_nobody = startup.source_key != "" and not startup.members.exists()
    return (is_active(user) and user.is_secretariat) or (of_nobody and serves_country(user, startup.country))


def can_invite_founder(user: Person, startup: Startup) -> bool:
    """Of an imported start-up without a founder, with which nobody has applied: who serves the country, and who edits
    an organisation, once listed, in whose cohort its founders were.
    """
    if startup.source_key == "" or not is_active(user):
        return False
    if startup.members.exists() or startup.entries.exists():
        return False
    own = startup.hosts().filter(memberships__user=user)
    return serves_country(user, startup.country) or any(can_invite_editor(user, host) for host in own)


def can_withdraw_founder_invitation(user: Person, invitation: FounderInvitation) -> bool:
    """Whoever may invite a founder of the start-up, while it waits for an answer."""
    return invitation.is_open and can_invite_founder(user, invitation.startup)


def can_accept_founder_invitation(user: Person, invitation: FounderInvitation) -> bool:
    """Who reads mail at the address, while the start-up has no founder and the inviter may hand it out."""
    return (
        invitation.is_open
        and is_active(user)
        and user.email.lower() == invitation.email
        and user.pk != invitation.invited_by_id
        and can_invite_founder(invitation.invited_by, invitation.startup)
    )


# Programmes, calls, placements.


def can_edit_programme(user: Person, programme: Programme) -> bool:
    """The organisation's editors, until the organisation is closed."""
    return can_edit_organisation(user, programme.organisation)


def can_delete_programme(user: Person, programme: Programme) -> bool:
    """Its editors a draft, unless a start-up was asked about it or a call was published. Twin: `deletable_by`."""
    return (
        programme.status == ProgrammeStatus.DRAFT
        and can_edit_programme(user, programme)
        and not programme.calls.exclude(status=CallStatus.DRAFT).exists()
        and not Placement.objects.filter(cohort__programme=programme).exists()
    )


def can_view_programme(user: Person, programme: Programme) -> bool:
    """Everybody what is published; a draft its editors, and nobody who serves the country."""
    organisation = programme.organisation
    if is_member_of(user, organisation):
        return True
    return programme.status in SHOWN_PROGRAMMES and (
        organisation.is_public or can_review_organisation(user, organisation)
    )


def can_edit_call(user: Person, call: OpenCall) -> bool:
    """Who edits its programme."""
    return can_edit_programme(user, call.programme)


def can_view_call(user: Person, call: OpenCall) -> bool:
    """Everybody what is published; a draft its editors."""
    return call.is_public or is_member_of(user, call.programme.organisation)


def can_edit_placement(user: Person, placement: Placement) -> bool:
    """Propose it, take it back, say how it ended: the organisation's editors."""
    return can_edit_programme(user, placement.cohort.programme)


def can_answer_placement(user: Person, placement: Placement) -> bool:
    """The start-up's team, and later too: a yes can be taken back, and so can a no."""
    return placement.status in ANSWERABLE_PLACEMENTS and can_edit_startup(user, placement.startup)


def can_view_placement(user: Person, placement: Placement) -> bool:
    """Both sides; everybody, when it is confirmed and both the start-up and the programme are public."""
    programme = placement.cohort.programme
    shown = (
        placement.status == PlacementStatus.CONFIRMED
        and placement.startup.shown_at is not None
        and programme.status in SHOWN_PROGRAMMES
        and programme.organisation.is_public
    )
    return shown or can_edit_startup(user, placement.startup) or can_edit_programme(user, programme)


# Figures.


def can_edit_figures(user: Person, figures: YearlyFigures) -> bool:
    """The organisation's editors, until they are sent; again when they took them back or there is a question."""
    return figures.is_open and can_edit_organisation(user, figures.organisation)


def can_withdraw_figures(user: Person, figures: YearlyFigures) -> bool:
    """Take back what nobody has answered yet: the organisation's editors."""
    return figures.status == FiguresStatus.SUBMITTED and can_edit_organisation(user, figures.organisation)


def can_review_figures(user: Person, figures: YearlyFigures) -> bool:
    """Who serves the country, but never the figures of an organisation that they edit themselves."""
    return (
        figures.status in ANSWERABLE_FIGURES
        and can_review_organisation(user, figures.organisation)
        and not is_member_of(user, figures.organisation)
    )


def can_publish_figures(user: Person, figures: YearlyFigures) -> bool:
    """Show accepted figures on the organisation's page, or take them off it: its editors."""
    return figures.status == FiguresStatus.ACCEPTED and can_edit_organisation(user, figures.organisation)


def can_define_indicators(user: Person) -> bool:
    """What all countries are asked is the secretariat's."""
    return is_active(user) and user.is_secretariat


def can_view_figures(user: Person, figures: YearlyFigures) -> bool:
    """The organisation's editors; once sent who serves the country; everybody what is accepted and published."""
    if figures.is_public or is_member_of(user, figures.organisation):
        return True
    return figures.status != FiguresStatus.DRAFT and can_review_organisation(user, figures.organisation)


# Upkeep: likely duplicates, transfers, remarks of readers.


def can_view_pair(user: Person, pair: DuplicatePair) -> bool:
    """Who serves the countries of both."""
    return can_review_organisation(user, pair.first) and can_review_organisation(user, pair.second)


def can_merge_organisations(user: Person) -> bool:
    """The secretariat."""
    return is_active(user) and user.is_secretariat


def can_ask_for_transfer(user: Person, organisation: Organisation) -> bool:
    """Who serves the country that it would leave, unless they edit it themselves."""
    return can_move_organisation(user, organisation)


def can_answer_transfer(user: Person, transfer: Transfer) -> bool:
    """Who serves the country that it would come to, but never who asked: it takes both sides."""
    return (
        transfer.status == TransferStatus.OPEN
        and serves_country(user, transfer.target)
        and transfer.asked_by_id != user.pk
    )


def can_withdraw_transfer(user: Person, transfer: Transfer) -> bool:
    """Who serves the country that asked, until the other answers."""
    return transfer.status == TransferStatus.OPEN and serves_country(user, transfer.source)


def can_answer_remark(user: Person, remark: Remark) -> bool:
    """Who serves the organisation's country, until somebody has answered."""
    return remark.status == RemarkStatus.OPEN and can_view_remark(user, remark)


def can_view_remark(user: Person, remark: Remark) -> bool:
    """Who serves the organisation's country."""
    return can_review_organisation(user, remark.organisation)


# Saved searches.


def can_change_search(user: Person, search: SavedSearch) -> bool:
    """Whoever saved it."""
    return is_active(user) and search.user_id == user.pk
