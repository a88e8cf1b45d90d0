"""States of an expert's role, a request and an engagement, and their legal moves."""

from mentors.enums import EngagementState, RequestState, RoleState
from network_platform.lifecycle import Lifecycle, Move

EXPERT = "the expert"
REVIEWER = "the country's focal point or the secretariat"
ASKER = "the person who asks"
PLATFORM = "the platform"

ROLE = Lifecycle(
    "expert role",
    RoleState,
    [
        Move(RoleState.DRAFT, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.SUBMITTED, RoleState.APPROVED, "expert_role.approved", REVIEWER),
        Move(RoleState.SUBMITTED, RoleState.CHANGES_REQUESTED, "expert_role.changes_requested", REVIEWER, True),
        Move(RoleState.SUBMITTED, RoleState.DECLINED, "expert_role.declined", REVIEWER, True),
        Move(RoleState.CHANGES_REQUESTED, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.DECLINED, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.WITHDRAWN, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.APPROVED, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.PAUSED, RoleState.SUBMITTED, "expert_role.submitted", EXPERT),
        Move(RoleState.APPROVED, RoleState.PAUSED, "expert_role.paused", EXPERT),
        Move(RoleState.PAUSED, RoleState.APPROVED, "expert_role.resumed", EXPERT),
        Move(RoleState.APPROVED, RoleState.CHANGES_REQUESTED, "expert_role.changes_requested", REVIEWER, True),
        Move(RoleState.PAUSED, RoleState.CHANGES_REQUESTED, "expert_role.changes_requested", REVIEWER, True),
        *(
            Move(state, RoleState.WITHDRAWN, "expert_role.withdrawn", EXPERT)
            for state in RoleState
            if state != RoleState.WITHDRAWN
        ),
    ],
)

REQUEST = Lifecycle(
    "request",
    RequestState,
    [
        Move(RequestState.DRAFT, RequestState.OFFERED, "request.offered", ASKER),
        Move(RequestState.DRAFT, RequestState.WITHDRAWN, "request.withdrawn", ASKER),
        Move(RequestState.OFFERED, RequestState.ACCEPTED, "request.accepted", EXPERT),
        Move(RequestState.OFFERED, RequestState.DECLINED, "request.declined", EXPERT),
        Move(RequestState.OFFERED, RequestState.EXPIRED, "request.expired", PLATFORM),
        Move(RequestState.OFFERED, RequestState.WITHDRAWN, "request.withdrawn", ASKER),
    ],
)

ENGAGEMENT = Lifecycle(
    "engagement",
    EngagementState,
    [Move(EngagementState.ACTIVE, EngagementState.ENDED, "engagement.ended", "either of the two")],
)
