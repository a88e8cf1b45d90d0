"""States and legal moves of the registry."""

from incubators.enums import ClaimStatus as C
from incubators.enums import OrganisationStatus as S
from incubators.enums import RevisionStatus as R
from network_platform.lifecycle import Lifecycle, Move

EDITORS = "its editors"
REVIEWERS = "the country's focal point, the secretariat"
CLOCK = "the platform"

ORGANISATION = Lifecycle(
    "organisation",
    S,
    [
        Move(S.DRAFT, S.SUBMITTED, "organisation.submitted", EDITORS),
        Move(S.SUBMITTED, S.DRAFT, "organisation.withdrawn", EDITORS),
        Move(S.SUBMITTED, S.LISTED, "organisation.listed", REVIEWERS),
        Move(S.SUBMITTED, S.CHANGES_REQUESTED, "organisation.changes_requested", REVIEWERS),
        Move(S.SUBMITTED, S.DECLINED, "organisation.declined", REVIEWERS, needs_reason=True),
        Move(S.CHANGES_REQUESTED, S.SUBMITTED, "organisation.submitted", EDITORS),
        Move(S.DECLINED, S.SUBMITTED, "organisation.submitted", EDITORS),
        Move(S.LISTED, S.STALE, "organisation.went_stale", CLOCK),
        Move(S.STALE, S.LISTED, "organisation.refreshed", f"{EDITORS}, {REVIEWERS}"),
        Move(S.LISTED, S.SUSPENDED, "organisation.suspended", REVIEWERS, needs_reason=True),
        Move(S.STALE, S.SUSPENDED, "organisation.suspended", REVIEWERS, needs_reason=True),
        Move(S.SUSPENDED, S.LISTED, "organisation.reinstated", REVIEWERS, needs_reason=True),
        Move(S.LISTED, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
        Move(S.STALE, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
        Move(S.SUSPENDED, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
    ],
)

REVISION = Lifecycle(
    "revision",
    R,
    [
        Move(R.DRAFT, R.SUBMITTED, "revision.submitted", EDITORS),
        Move(R.SUBMITTED, R.DRAFT, "revision.withdrawn", EDITORS),
        Move(R.CHANGES_REQUESTED, R.SUBMITTED, "revision.submitted", EDITORS),
        Move(R.SUBMITTED, R.APPROVED, "revision.approved", REVIEWERS),
        Move(R.SUBMITTED, R.CHANGES_REQUESTED, "revision.changes_requested", REVIEWERS),
        Move(R.SUBMITTED, R.DECLINED, "revision.declined", REVIEWERS, needs_reason=True),
    ],
)

CLAIM = Lifecycle(
    "claim",
    C,
    [
        Move(C.OPEN, C.GRANTED, "claim.granted", REVIEWERS),
        Move(C.OPEN, C.REFUSED, "claim.refused", REVIEWERS, needs_reason=True),
    ],
)
