"""The registry's part of the matrix: an organisation, its revisions, a claim, an import and a start-up a side."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone

from incubators.enums import (
    CallStatus,
    FiguresStatus,
    ImportStatus,
    MemberRole,
    OrganisationStatus,
    PlacementStatus,
    ProgrammeStatus,
    RevisionStatus,
    StartupRole,
)
from incubators.models import (
    BulkApproval,
    Claim,
    Cohort,
    DuplicatePair,
    FocalPoint,
    ImportRun,
    Membership,
    OpenCall,
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
from incubators.services.confirming import link_for
from incubators.services.merging import merge_organisations
from incubators.services.open_data import write_open_data
from incubators.services.searches import STOP
from incubators.yearly import last_year
from network_platform.people.models import User
from network_platform.tokens.services import digest_of
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, entry
from tests.matrix.engine import World

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def build(world: World) -> None:
    FocalPoint.objects.create(user=world.user("focal"), country=country("KZ"))
    FocalPoint.objects.create(user=world.user("deputy"), country=country("KZ"), is_deputy=True)
    fill(world, world.own, "KZ")
    fill(world, world.foreign, "KG")
    editor = world.user("org_editor")
    Membership.objects.create(user=editor, organisation=world.own.organisation, role=MemberRole.OWNER)
    Membership.objects.create(user=editor, organisation=world.own.registry_stale)
    Membership.objects.create(user=world.user("org_editor"), organisation=world.own.registry_draft)
    Membership.objects.create(user=world.user("org_editor"), organisation=world.own.registry_declined)
    SavedSearch.objects.filter(pk=world.own.registry_search.pk).update(user=world.user("member"))
    for startup in (world.own.registry_startup, world.own.registry_unused):
        StartupMember.objects.create(user=world.user("founder"), startup=startup, role=StartupRole.OWNER)
    write_open_data()


def fill(world: World, side: SimpleNamespace, iso2: str) -> None:
    side.iso2, side.year, someone = iso2.lower(), last_year(), PersonFactory()
    fill_organisations(world, side, iso2)
    fill_revisions(world, side, iso2, someone)
    fill_claims(world, side, iso2, someone)
    fill_imports(world, side, iso2, someone)
    fill_programmes(side, iso2)
    fill_figures(side)
    fill_upkeep(world, side, iso2, someone)
    fill_links(side, iso2, someone)
    fill_startups(side, iso2)
    fill_without_founder(world, side, iso2)


def fill_organisations(world: World, side: SimpleNamespace, iso2: str) -> None:
    side.organisation = OrganisationFactory(iso2=iso2, name=f"Matrix Hub {iso2}")
    side.registry_colleague, side.registry_term = PersonFactory(), PersonFactory()
    Membership.objects.create(user=side.registry_colleague, organisation=side.organisation)
    FocalPoint.objects.create(user=side.registry_term, country=country(iso2), is_deputy=True)
    side.registry_invitation = side.organisation.invitations.create(
        email=world.user("member").email if iso2 == "KZ" else "invited@matrix.example",
        token_hash=digest_of(f"invitation-{iso2}"),
        invited_by=side.registry_colleague,
        expires_at=timezone.now() + timedelta(days=1),
    )
    side.registry_stale = OrganisationFactory(
        iso2=iso2, name=f"Matrix Old {iso2}", status=OrganisationStatus.STALE, verified_until=date(2020, 1, 1)
    )
    side.registry_unclaimed = OrganisationFactory(iso2=iso2, name=f"Matrix Fund {iso2}")
    side.registry_draft = OrganisationFactory(iso2=iso2, name=f"Matrix Draft {iso2}", status=OrganisationStatus.DRAFT)
    side.registry_declined = OrganisationFactory(
        iso2=iso2, name=f"Matrix Declined {iso2}", status=OrganisationStatus.DECLINED, listed_at=None
    )
    side.registry_revision = Revision.objects.create(organisation=side.registry_draft, values=entry())


def fill_revisions(world: World, side: SimpleNamespace, iso2: str, someone: User) -> None:
    waiting = OrganisationFactory(iso2=iso2, name=f"Matrix Waiting {iso2}", status=OrganisationStatus.SUBMITTED)
    side.registry_submitted = Revision.objects.create(
        organisation=waiting,
        values=entry(),
        status=RevisionStatus.SUBMITTED,
        submitted_at=waiting.created_at,
        submitted_by=someone,
    )
    side.registry_approval = BulkApproval.objects.create(by=world.user("focal") if iso2 == "KZ" else someone)


def fill_claims(world: World, side: SimpleNamespace, iso2: str, someone: User) -> None:
    side.registry_claim = Claim.objects.create(organisation=side.registry_unclaimed, user=someone, evidence="I run it")
    claimant = world.user("member") if iso2 == "KZ" else someone
    side.registry_own_claim = Claim.objects.create(
        organisation=side.organisation,
        user=claimant,
        evidence="I run it",
        letter=ContentFile(b"%PDF-1.7", name="letter.pdf"),
        letter_name="letter.pdf",
    )
    side.registry_mailbox = f"mailbox-{iso2}"
    side.registry_own_claim.mailboxes.create(
        address=f"info@{iso2}.example",
        token_hash=digest_of(side.registry_mailbox),
        expires_at=timezone.now() + timedelta(days=1),
    )


def fill_imports(world: World, side: SimpleNamespace, iso2: str, someone: User) -> None:
    side.registry_import_run = ImportRun.objects.create(by=someone, file_name="x.csv", text="", report=REPORT)
    importer = world.user("secretariat")
    side.registry_begun_import = ImportRun.objects.create(
        by=importer, file_name="x.csv", text="name_en\n", mapping={"name_en": "name_en"}
    )
    side.registry_done_import = ImportRun.objects.create(
        by=importer,
        file_name="x.csv",
        text="",
        report=REPORT,
        status=ImportStatus.DONE,
        done_at=timezone.now(),
        before={"new": [], "changed": {}, "countries": [iso2]},
    )


def fill_programmes(side: SimpleNamespace, iso2: str) -> None:
    side.registry_programme = Programme.objects.create(organisation=side.organisation, titles={"en": f"Matrix {iso2}"})
    side.registry_begun_programme = Programme.objects.create(organisation=side.organisation, titles={"en": "Begun"})
    side.registry_cohort = Cohort.objects.create(programme=side.registry_programme, name="1", starts=date(2026, 1, 1))
    side.registry_call = OpenCall.objects.create(
        programme=side.registry_programme, opens_at=FIRST, closes_at=FIRST + timedelta(days=9), zone="Asia/Almaty"
    )
    side.registry_shown = Programme.objects.create(
        organisation=side.organisation, titles={"en": f"Matrix School {iso2}"}, status=ProgrammeStatus.PUBLISHED
    )
    now = timezone.now()
    side.registry_shown_call = OpenCall.objects.create(
        programme=side.registry_shown,
        titles={"en": f"Matrix Call {iso2}"},
        status=CallStatus.PUBLISHED,
        opens_at=now,
        closes_at=now + timedelta(days=9),
        zone="Asia/Almaty",
    )


def fill_figures(side: SimpleNamespace) -> None:
    side.registry_figures = YearlyFigures.objects.create(
        organisation=side.organisation, year=side.year - 1, status=FiguresStatus.SUBMITTED, submitted_at=FIRST
    )
    YearlyFigures.objects.create(
        organisation=side.organisation, year=side.year, status=FiguresStatus.ACCEPTED, is_published=True
    )


def fill_upkeep(world: World, side: SimpleNamespace, iso2: str, someone: User) -> None:
    side.registry_transfer = Transfer.objects.create(
        organisation=side.organisation,
        source=country("TJ"),
        target=country(iso2),
        reason="Moved",
        asked_by=someone,
    )
    side.registry_leaving = Transfer.objects.create(
        organisation=OrganisationFactory(iso2=iso2, name=f"Matrix Leaving {iso2}"),
        source=country(iso2),
        target=country("TJ"),
        reason="Moved",
        asked_by=someone,
    )
    side.registry_remark = Remark.objects.create(organisation=side.organisation, text="Wrong")
    side.registry_pair = DuplicatePair.objects.create(
        first=side.registry_stale, second=side.registry_unclaimed, score=90, signs=["name"]
    )
    twin = OrganisationFactory(iso2=iso2, name=f"Matrix Twin {iso2}")
    side.registry_merger = merge_organisations(
        kept=side.registry_unclaimed, gone=twin, by=world.user("secretariat"), reason="Twins"
    )


def fill_links(side: SimpleNamespace, iso2: str, someone: User) -> None:
    """What mails lead to: a saved search, the stopping of its mails, whether an entry is still true."""
    side.registry_search = SavedSearch.objects.create(user=someone, name="Matrix", query=f"country={side.iso2}")
    side.registry_stop = signing.dumps(str(someone.uid), salt=STOP)
    current = OrganisationFactory(iso2=iso2, name=f"Matrix Current {iso2}", verified_until=today() + timedelta(days=80))
    Membership.objects.create(user=someone, organisation=current)
    side.registry_link = link_for(current, someone)


def fill_startups(side: SimpleNamespace, iso2: str) -> None:
    Startup.objects.create(name=f"Matrix shown {iso2}", country=country(iso2), shown_at=timezone.now())
    side.registry_startup = Startup.objects.create(name=f"Matrix {iso2}", country=country(iso2))
    side.registry_unused = Startup.objects.create(name=f"Matrix unused {iso2}", country=country(iso2))
    for startup, status in (
        (side.registry_startup, PlacementStatus.PROPOSED),
        (side.registry_unused, PlacementStatus.CONFIRMED),
    ):
        made = Placement.objects.create(
            startup=startup, cohort=side.registry_cohort, status=status, entered=date(2026, 1, 1)
        )
        setattr(side, "registry_proposed" if status == PlacementStatus.PROPOSED else "registry_placed", made)


def fill_without_founder(world: World, side: SimpleNamespace, iso2: str) -> None:
    side.registry_without_founder = Startup.objects.create(
        name=f"Matrix without founder {iso2}", country=country(iso2), source_key=f"matrix {iso2}"
    )
    side.registry_without_founder.placements.create(
        cohort=side.registry_cohort, status=PlacementStatus.CONFIRMED, entered=date(2026, 1, 1)
    )
    side.registry_founder_invitation = side.registry_without_founder.invitations.create(
        email=world.user("member").email if iso2 == "KZ" else "invited@matrix.example",
        token_hash=digest_of(f"founder-{iso2}"),
        invited_by=side.registry_term,
        expires_at=timezone.now() + timedelta(days=1),
    )


REPORT = {"refused": None, "counts": {"new": 0, "changed": 0, "unchanged": 0, "duplicate": 0, "error": 0}, "rows": []}
