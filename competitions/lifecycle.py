"""States and legal moves of competitions, entries, rounds, assignments and score sheets."""

from competitions.enums import (
    WITHDRAWABLE_STATES,
    AssignmentState,
    CompetitionState,
    EntryState,
    RoundState,
    SheetState,
)
from network_platform.lifecycle import Lifecycle, Move

C, E, R, A, S = CompetitionState, EntryState, RoundState, AssignmentState, SheetState

MANAGER = "a manager of the competition, the secretariat"
TEAM = "the start-up's team"
STARTUP = "the start-up's own members"
PLATFORM = "the platform, on announcement"

COMPETITION = Lifecycle(
    "competition",
    CompetitionState,
    [
        Move(C.DRAFT, C.PUBLISHED, "competition.published", MANAGER),
        Move(C.PUBLISHED, C.ANNOUNCED, "competition.announced", "a manager, after an observer approved"),
        Move(C.DRAFT, C.CANCELLED, "competition.cancelled", MANAGER, needs_reason=True),
        Move(C.PUBLISHED, C.CANCELLED, "competition.cancelled", MANAGER, needs_reason=True),
    ],
)

JUDGED = (E.SUBMITTED, E.ELIGIBLE, E.IN_ROUND, E.ADVANCED)
OUTCOMES = {E.WINNER: "entry.won", E.RESERVE: "entry.put_on_reserve", E.NOT_SELECTED: "entry.not_selected"}

ENTRY = Lifecycle(
    "entry",
    EntryState,
    [
        Move(E.DRAFT, E.SUBMITTED, "entry.submitted", TEAM),
        Move(E.SUBMITTED, E.SUBMITTED, "entry.submitted_again", TEAM),
        Move(E.SUBMITTED, E.MORE_INFORMATION, "entry.more_information_asked", MANAGER, needs_reason=True),
        Move(E.MORE_INFORMATION, E.SUBMITTED, "entry.submitted_again", TEAM),
        Move(E.SUBMITTED, E.ELIGIBLE, "entry.found_eligible", MANAGER),
        Move(E.SUBMITTED, E.INELIGIBLE, "entry.found_ineligible", MANAGER, needs_reason=True),
        Move(E.INELIGIBLE, E.ELIGIBLE, "entry.found_eligible", MANAGER, needs_reason=True),
        Move(E.SUBMITTED, E.IN_ROUND, "entry.put_to_judges", MANAGER),
        Move(E.ELIGIBLE, E.IN_ROUND, "entry.put_to_judges", MANAGER),
        Move(E.ADVANCED, E.IN_ROUND, "entry.put_to_judges", MANAGER),
        Move(E.IN_ROUND, E.ADVANCED, "entry.advanced", MANAGER),
        *(Move(state, to, verb, PLATFORM) for state in JUDGED for to, verb in OUTCOMES.items()),
        *(Move(state, E.WITHDRAWN, "entry.withdrawn", STARTUP) for state in WITHDRAWABLE_STATES),
    ],
)

REOPENABLE = (R.CLOSED, R.SCORED, R.RANKED, R.PROPOSED, R.APPROVED)

ROUND = Lifecycle(
    "round",
    RoundState,
    [
        Move(R.DRAFT, R.OPEN, "round.opened", MANAGER),
        Move(R.OPEN, R.CLOSED, "round.closed", MANAGER),
        Move(R.CLOSED, R.SCORED, "round.scored", MANAGER),
        Move(R.SCORED, R.RANKED, "round.ranked", MANAGER),
        Move(R.RANKED, R.PROPOSED, "round.decision_proposed", MANAGER),
        Move(R.PROPOSED, R.RANKED, "round.decision_returned", "an observer, a manager", needs_reason=True),
        Move(R.APPROVED, R.RANKED, "round.decision_returned", MANAGER, needs_reason=True),
        Move(R.PROPOSED, R.APPROVED, "round.decision_approved", "an observer of the competition who did not score"),
        Move(R.APPROVED, R.ANNOUNCED, "round.announced", MANAGER),
        *(Move(state, R.OPEN, "round.reopened", MANAGER, needs_reason=True) for state in REOPENABLE),
    ],
)

JUDGE = "the judge"
RELEASER = "a manager, the platform when the entry is withdrawn"
LIVE = (A.ACTIVE, A.IN_PROGRESS, A.DONE)
RELEASABLE = (A.PROPOSED, *LIVE)

ASSIGNMENT = Lifecycle(
    "assignment",
    AssignmentState,
    [
        Move(A.PROPOSED, A.ACTIVE, "assignment.activated", MANAGER),
        Move(A.PROPOSED, A.RELEASED, "assignment.released", RELEASER),
        Move(A.ACTIVE, A.IN_PROGRESS, "assignment.begun", JUDGE),
        Move(A.ACTIVE, A.DONE, "assignment.done", JUDGE),
        Move(A.IN_PROGRESS, A.DONE, "assignment.done", JUDGE),
        Move(A.DONE, A.IN_PROGRESS, "assignment.reopened", "the judge, a manager"),
        Move(A.ACTIVE, A.DECLINED, "assignment.declined", JUDGE, needs_reason=True),
        *(Move(state, A.RECUSED, "assignment.recused", JUDGE, needs_reason=True) for state in RELEASABLE),
        *(Move(state, A.QUARANTINED, "assignment.quarantined", "the platform, a manager") for state in LIVE),
        Move(A.QUARANTINED, A.ACTIVE, "assignment.restored", MANAGER, needs_reason=True),
        Move(A.ACTIVE, A.RELEASED, "assignment.released", RELEASER),
        Move(A.IN_PROGRESS, A.RELEASED, "assignment.released", RELEASER, needs_reason=True),
        Move(A.DONE, A.RELEASED, "assignment.released", "the platform, when the entry is withdrawn", needs_reason=True),
        Move(A.RELEASED, A.ACTIVE, "assignment.activated", MANAGER),
        Move(A.DECLINED, A.ACTIVE, "assignment.activated", MANAGER),
    ],
)

VOIDER = "a manager, the platform at a recusal or a withdrawal"
VOIDABLE = (S.EMPTY, S.DRAFT, S.SUBMITTED, S.REOPENED, S.STALE)

SHEET = Lifecycle(
    "score sheet",
    SheetState,
    [
        Move(S.EMPTY, S.DRAFT, "sheet.begun", JUDGE),
        Move(S.EMPTY, S.SUBMITTED, "sheet.submitted", JUDGE),
        Move(S.DRAFT, S.SUBMITTED, "sheet.submitted", JUDGE),
        Move(
            S.SUBMITTED, S.REOPENED, "sheet.reopened", "the judge while the round is open, a manager", needs_reason=True
        ),
        Move(S.REOPENED, S.SUBMITTED, "sheet.submitted", JUDGE),
        Move(S.SUBMITTED, S.FINAL, "sheet.made_final", "the platform, on announcement"),
        *(
            Move(state, S.STALE, "sheet.stale", "the platform, when the entry changes")
            for state in (S.DRAFT, S.SUBMITTED, S.REOPENED)
        ),
        Move(S.STALE, S.SUBMITTED, "sheet.submitted", JUDGE),
        *(Move(state, S.VOID, "sheet.voided", VOIDER, needs_reason=True) for state in VOIDABLE),
    ],
)
