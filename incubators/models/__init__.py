"""Data of the registry. Import from here: `from incubators.models import Organisation`."""

from incubators.models.approvals import BulkApproval
from incubators.models.claims import Claim, Mailbox
from incubators.models.figures import Definition, Figure, Indicator, YearlyFigures
from incubators.models.founders import FounderInvitation
from incubators.models.imports import ColumnMapping, ImportRun
from incubators.models.invitations import Invitation
from incubators.models.offices import FocalPoint
from incubators.models.open_data import OpenDataDump
from incubators.models.organisations import (
    Confirmation,
    Membership,
    Organisation,
    OrganisationName,
    RegistryState,
)
from incubators.models.placements import Placement
from incubators.models.places import ComparedPlace, SumPlace
from incubators.models.programmes import Cohort, OpenCall, Programme
from incubators.models.reference import City, Country, Language, Sdg, Sector
from incubators.models.revisions import Revision
from incubators.models.searches import SavedSearch
from incubators.models.startups import Startup, StartupMember
from incubators.models.upkeep import DuplicatePair, FormerAddress, Merger, Remark, Transfer

__all__ = [
    "BulkApproval",
    "City",
    "Claim",
    "Cohort",
    "ColumnMapping",
    "ComparedPlace",
    "Confirmation",
    "Country",
    "Definition",
    "DuplicatePair",
    "Figure",
    "FocalPoint",
    "FormerAddress",
    "FounderInvitation",
    "ImportRun",
    "Indicator",
    "Invitation",
    "Language",
    "Mailbox",
    "Membership",
    "Merger",
    "OpenCall",
    "OpenDataDump",
    "Organisation",
    "OrganisationName",
    "Placement",
    "Programme",
    "RegistryState",
    "Remark",
    "Revision",
    "SavedSearch",
    "Sdg",
    "Sector",
    "Startup",
    "StartupMember",
    "SumPlace",
    "Transfer",
    "YearlyFigures",
]
