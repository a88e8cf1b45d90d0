"""States and legal moves of the registry.

Until it is listed, an organisation moves with its first revision (`services/review.py: FIRST_REVISION`); from then on
each moves by itself.
"""

from incubators.enums import (
    CallStatus,
    FiguresStatus,
    InvitationStatus,
    PairStatus,
    PlacementStatus,
    ProgrammeStatus,
    RemarkStatus,
    TransferStatus,
)
from incubators.enums import ClaimStatus as C
from incubators.enums import OrganisationStatus as S
from incubators.enums import RevisionStatus as R
from network_platform.lifecycle import Lifecycle, Move

EDITORS = "its editors"
REVIEWERS = "the country's focal point, the secretariat"
CLOCK = "the platform"
FOUNDERS = "the start-up's team"
SECRETARIAT = "the secretariat"
UNDOING = f"{REVIEWERS}, undoing an approval of several within minutes"

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
        Move(S.LISTED, S.STALE, "organisation.went_stale", f"{CLOCK}; {UNDOING}"),
        Move(S.LISTED, S.SUBMITTED, "organisation.approval_undone", UNDOING),
        Move(S.STALE, S.LISTED, "organisation.refreshed", f"{EDITORS}, {REVIEWERS}"),
        Move(S.LISTED, S.SUSPENDED, "organisation.suspended", REVIEWERS, needs_reason=True),
        Move(S.STALE, S.SUSPENDED, "organisation.suspended", REVIEWERS, needs_reason=True),
        Move(S.SUSPENDED, S.LISTED, "organisation.reinstated", REVIEWERS, needs_reason=True),
        Move(S.LISTED, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
        Move(S.STALE, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
        Move(S.SUSPENDED, S.CLOSED, "organisation.closed", REVIEWERS, needs_reason=True),
        *(
            Move(S.CLOSED, before, "organisation.restored", f"{SECRETARIAT}, undoing a merger within 30 days")
            for before in (S.LISTED, S.STALE, S.SUSPENDED)
        ),
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
        Move(R.APPROVED, R.SUBMITTED, "revision.approval_undone", UNDOING),
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

INVITATION = Lifecycle(
    "invitation",
    InvitationStatus,
    [
        Move(InvitationStatus.OPEN, InvitationStatus.ACCEPTED, "organisation.editor_joined", "who was invited"),
        Move(
            InvitationStatus.OPEN,
            InvitationStatus.WITHDRAWN,
            "organisation.invitation_withdrawn",
            f"{EDITORS}; {CLOCK} once the inviter edits no longer or the address has accepted another",
        ),
    ],
)

FOUNDER_INVITATION = Lifecycle(
    "invitation of a founder",
    InvitationStatus,
    [
        Move(InvitationStatus.OPEN, InvitationStatus.ACCEPTED, "startup.founder_joined", "who was invited"),
        Move(
            InvitationStatus.OPEN,
            InvitationStatus.WITHDRAWN,
            "startup.invitation_withdrawn",
            f"{REVIEWERS}, editors of an organisation that had it in a cohort; another invitation in its place",
        ),
    ],
)

PROGRAMME = Lifecycle(
    "programme",
    ProgrammeStatus,
    [
        Move(ProgrammeStatus.DRAFT, ProgrammeStatus.PUBLISHED, "programme.published", EDITORS),
        Move(ProgrammeStatus.PUBLISHED, ProgrammeStatus.ENDED, "programme.ended", EDITORS),
        Move(ProgrammeStatus.ENDED, ProgrammeStatus.PUBLISHED, "programme.resumed", EDITORS),
    ],
)

CALL = Lifecycle(
    "call",
    CallStatus,
    [
        Move(CallStatus.DRAFT, CallStatus.PUBLISHED, "call.published", EDITORS),
        Move(CallStatus.PUBLISHED, CallStatus.CLOSED, "call.closed", f"{EDITORS}, {CLOCK} at the end"),
        Move(CallStatus.PUBLISHED, CallStatus.WITHDRAWN, "call.withdrawn", EDITORS, needs_reason=True),
        Move(CallStatus.CLOSED, CallStatus.PUBLISHED, "call.reopened", f"{EDITORS}, with a later end"),
    ],
)

PLACEMENT = Lifecycle(
    "placement",
    PlacementStatus,
    [
        Move(PlacementStatus.PROPOSED, PlacementStatus.CONFIRMED, "placement.confirmed", FOUNDERS),
        Move(PlacementStatus.PROPOSED, PlacementStatus.REFUSED, "placement.refused", FOUNDERS),
        Move(PlacementStatus.PROPOSED, PlacementStatus.WITHDRAWN, "placement.withdrawn", EDITORS),
        Move(PlacementStatus.CONFIRMED, PlacementStatus.REFUSED, "placement.refused", FOUNDERS),
        Move(PlacementStatus.REFUSED, PlacementStatus.CONFIRMED, "placement.confirmed", FOUNDERS),
        Move(PlacementStatus.REFUSED, PlacementStatus.PROPOSED, "placement.proposed", EDITORS),
        Move(PlacementStatus.WITHDRAWN, PlacementStatus.PROPOSED, "placement.proposed", EDITORS),
    ],
)

FIGURES = Lifecycle(
    "yearly figures",
    FiguresStatus,
    [
        Move(FiguresStatus.DRAFT, FiguresStatus.SUBMITTED, "figures.submitted", EDITORS),
        Move(FiguresStatus.SUBMITTED, FiguresStatus.DRAFT, "figures.withdrawn", EDITORS),
        Move(FiguresStatus.SUBMITTED, FiguresStatus.QUERIED, "figures.queried", REVIEWERS, needs_reason=True),
        Move(FiguresStatus.SUBMITTED, FiguresStatus.ACCEPTED, "figures.accepted", REVIEWERS),
        Move(FiguresStatus.QUERIED, FiguresStatus.SUBMITTED, "figures.submitted", EDITORS),
        Move(FiguresStatus.ACCEPTED, FiguresStatus.QUERIED, "figures.queried", REVIEWERS, needs_reason=True),
    ],
)

PAIR = Lifecycle(
    "likely duplicate",
    PairStatus,
    [
        Move(PairStatus.OPEN, PairStatus.DIFFERENT, "pair.different", REVIEWERS),
        Move(PairStatus.OPEN, PairStatus.MERGED, "pair.merged", SECRETARIAT),
        Move(PairStatus.DIFFERENT, PairStatus.OPEN, "pair.reopened", REVIEWERS),
        Move(PairStatus.MERGED, PairStatus.OPEN, "pair.reopened", f"{SECRETARIAT}, within 30 days"),
    ],
)

TRANSFER = Lifecycle(
    "transfer",
    TransferStatus,
    [
        Move(TransferStatus.OPEN, TransferStatus.ACCEPTED, "transfer.accepted", "the other country's focal point"),
        Move(TransferStatus.OPEN, TransferStatus.REFUSED, "transfer.refused", "the other country's focal point"),
        Move(TransferStatus.OPEN, TransferStatus.WITHDRAWN, "transfer.withdrawn", "who asked for it"),
    ],
)

REMARK = Lifecycle(
    "remark",
    RemarkStatus,
    [
        Move(RemarkStatus.OPEN, RemarkStatus.MENDED, "remark.mended", REVIEWERS),
        Move(RemarkStatus.OPEN, RemarkStatus.SET_ASIDE, "remark.set_aside", REVIEWERS),
    ],
)
