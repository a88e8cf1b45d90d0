"""Data of the registry. Import from here: `from incubators.models import Organisation`."""

from incubators.models.claims import Claim
from incubators.models.imports import ImportRun
from incubators.models.offices import FocalPoint
from incubators.models.organisations import (
    Confirmation,
    Membership,
    Organisation,
    OrganisationName,
    RegistryState,
)
from incubators.models.reference import City, Country, Language, Sdg, Sector
from incubators.models.revisions import Revision
from incubators.models.startups import Startup, StartupMember

__all__ = [
    "City",
    "Claim",
    "Confirmation",
    "Country",
    "FocalPoint",
    "ImportRun",
    "Language",
    "Membership",
    "Organisation",
    "OrganisationName",
    "RegistryState",
    "Revision",
    "Sdg",
    "Sector",
    "Startup",
    "StartupMember",
]
