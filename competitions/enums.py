"""Words: states, kinds and roles. The order within a class is the order in which people meet them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CompetitionState(models.TextChoices):
    """`DESCRIBED`: a real competition run elsewhere, described from its sources; it takes no entries here."""

    DRAFT = "draft", pgettext_lazy("competition", "draft")
    PUBLISHED = "published", pgettext_lazy("competition", "published")
    ANNOUNCED = "announced", pgettext_lazy("competition", "winners announced")
    CANCELLED = "cancelled", pgettext_lazy("competition", "cancelled")
    DESCRIBED = "described", pgettext_lazy("competition", "run elsewhere")


class Phase(models.TextChoices):
    """Where a competition stands for the public, from its state and the hour."""

    OPEN = "open", pgettext_lazy("competition", "open for applications")
    COMING = "coming", pgettext_lazy("competition", "opens soon")
    JUDGING = "judging", pgettext_lazy("competition", "being judged")
    ANNOUNCED = "announced", pgettext_lazy("competition", "winners announced")
    CANCELLED = "cancelled", pgettext_lazy("competition", "cancelled")
    DESCRIBED = "described", pgettext_lazy("competition", "run elsewhere")
    DRAFT = "draft", pgettext_lazy("competition", "draft")


class CompetitionScope(models.TextChoices):
    NATIONAL = "national", pgettext_lazy("competition", "national")
    REGIONAL = "regional", pgettext_lazy("competition", "regional")
    GLOBAL = "global", pgettext_lazy("competition", "global")


class RoleKind(models.TextChoices):
    MANAGER = "manager", _("competition manager")
    OBSERVER = "observer", _("observer")


class RuleKind(models.TextChoices):
    """What an eligibility rule compares. `STATEMENT` is said in words and confirmed by the applicant."""

    COUNTRY = "country", _("country of the start-up")
    FOUNDED_AFTER = "founded_after", _("founded on or after a date")
    COMPANY_AGE = "company_age", _("age of the company in years")
    STAGE = "stage", _("stage")
    SECTOR = "sector", _("sector")
    TEAM_SIZE = "team_size", _("size of the team")
    ONE_ENTRY = "one_entry", _("one entry only")
    STATEMENT = "statement", _("statement confirmed by the applicant")


class RuleEffect(models.TextChoices):
    BLOCK = "block", pgettext_lazy("eligibility rule", "stops the application")
    WARN = "warn", pgettext_lazy("eligibility rule", "warns")


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", _("short text")
    LONG_TEXT = "long_text", _("long text")
    CHOICE = "choice", _("choice")
    NUMBER = "number", _("number")
    WHOLE = "whole_number", _("whole number")
    FILE = "file", _("file")
    URL = "url", _("web address")


class RoundKind(models.TextChoices):
    SCREENING = "screening", pgettext_lazy("round", "screening")
    SCORING = "scoring", pgettext_lazy("round", "reading by judges")
    PITCH = "pitch", pgettext_lazy("round", "pitch")
    PUBLIC_VOTE = "public_vote", pgettext_lazy("round", "public vote")
    PROGRAMME = "programme", pgettext_lazy("round", "training or programme")
    OTHER = "other", pgettext_lazy("round", "stage")


class RoundState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("round", "being prepared")
    OPEN = "open", pgettext_lazy("round", "judges are reading")
    CLOSED = "closed", pgettext_lazy("round", "reading closed")
    SCORED = "scored", pgettext_lazy("round", "all scores in")
    RANKED = "ranked", pgettext_lazy("round", "ranked")
    PROPOSED = "proposed", pgettext_lazy("round", "decision proposed")
    APPROVED = "approved", pgettext_lazy("round", "decision approved")
    ANNOUNCED = "announced", pgettext_lazy("round", "announced")


class Aggregation(models.TextChoices):
    """How sheet totals become a result: declared before the first score."""

    MEAN = "mean", _("mean of the judges’ totals")
    TRIMMED_MEAN = "trimmed_mean", _("mean without the highest and the lowest total")
    MEDIAN = "median", _("median of the judges’ totals")
    SUM = "sum", _("sum of the judges’ totals")
    RANK_POINTS = "rank_points", _("points for each judge’s ranks")
    ADJUSTED = "adjusted", _("mean with the judges’ severity taken out")
    PUBLIC_VOTE = "public_vote", _("public vote")
    COLLEGIAL = "collegial", _("joint decision of the panel")


class WeightsOf(models.TextChoices):
    """What a criterion's weight is a percentage of, when criteria are nested."""

    WHOLE = "whole", _("of the whole")
    PARENT = "parent", _("of the criterion above")


class CriterionKind(models.TextChoices):
    """How a criterion counts: by weight, by its points, equally, on top, or as a condition."""

    WEIGHT = "weight", pgettext_lazy("criterion", "weight in per cent")
    POINTS = "points", pgettext_lazy("criterion", "points")
    NONE = "none", pgettext_lazy("criterion", "no stated weight")
    BONUS = "bonus", pgettext_lazy("criterion", "bonus points")
    FILTER = "filter", pgettext_lazy("criterion", "condition to be met")


class EntryState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("entry", "draft")
    SUBMITTED = "submitted", pgettext_lazy("entry", "submitted")
    MORE_INFORMATION = "more_information", pgettext_lazy("entry", "more information asked")
    ELIGIBLE = "eligible", pgettext_lazy("entry", "eligible")
    INELIGIBLE = "ineligible", pgettext_lazy("entry", "not eligible")
    IN_ROUND = "in_round", pgettext_lazy("entry", "being judged")
    ADVANCED = "advanced", pgettext_lazy("entry", "in the next round")
    WINNER = "winner", pgettext_lazy("entry", "winner")
    RESERVE = "reserve", pgettext_lazy("entry", "on the reserve list")
    NOT_SELECTED = "not_selected", pgettext_lazy("entry", "not selected")
    WITHDRAWN = "withdrawn", pgettext_lazy("entry", "withdrawn")


class JudgeState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("judge", "invited")
    ACCEPTED = "accepted", pgettext_lazy("judge", "accepted")
    DECLINED = "declined", pgettext_lazy("judge", "declined")
    REMOVED = "removed", pgettext_lazy("judge", "removed")


class ConflictSource(models.TextChoices):
    DECLARED = "declared", pgettext_lazy("conflict", "declared by the judge")
    DERIVED = "derived", pgettext_lazy("conflict", "found by the platform")


class ConflictState(models.TextChoices):
    SUSPECTED = "suspected", pgettext_lazy("conflict", "to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("conflict", "confirmed")
    LIFTED = "lifted", pgettext_lazy("conflict", "lifted")


class AssignmentKind(models.TextChoices):
    """Only the sheets of `READING` assignments enter a ranking."""

    READING = "reading", pgettext_lazy("assignment", "reading")
    SHADOW = "shadow", pgettext_lazy("assignment", "trainee’s reading, does not count")
    ANCHOR = "anchor", pgettext_lazy("assignment", "sample entry for calibration")


class AssignmentState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("assignment", "proposed")
    ACTIVE = "active", pgettext_lazy("assignment", "to read")
    IN_PROGRESS = "in_progress", pgettext_lazy("assignment", "begun")
    DONE = "done", pgettext_lazy("assignment", "done")
    DECLINED = "declined", pgettext_lazy("assignment", "declined")
    RECUSED = "recused", pgettext_lazy("assignment", "recused")
    RELEASED = "released", pgettext_lazy("assignment", "released")
    QUARANTINED = "quarantined", pgettext_lazy("assignment", "set aside for a conflict")


class SheetState(models.TextChoices):
    EMPTY = "empty", pgettext_lazy("score sheet", "empty")
    DRAFT = "draft", pgettext_lazy("score sheet", "draft")
    SUBMITTED = "submitted", pgettext_lazy("score sheet", "submitted")
    REOPENED = "reopened", pgettext_lazy("score sheet", "reopened")
    FINAL = "final", pgettext_lazy("score sheet", "final")
    STALE = "stale", pgettext_lazy("score sheet", "the entry changed")
    VOID = "void", pgettext_lazy("score sheet", "void")


class Outcome(models.TextChoices):
    WINNER = "winner", pgettext_lazy("decision", "winner")
    RESERVE = "reserve", pgettext_lazy("decision", "reserve")
    ADVANCED = "advanced", pgettext_lazy("decision", "goes on")
    NOT_SELECTED = "not_selected", pgettext_lazy("decision", "not selected")


SUBMITTED_STATES = frozenset(EntryState.values) - {EntryState.DRAFT, EntryState.WITHDRAWN}
WITHDRAWABLE_STATES = (
    EntryState.DRAFT,
    EntryState.SUBMITTED,
    EntryState.MORE_INFORMATION,
    EntryState.ELIGIBLE,
    EntryState.IN_ROUND,
    EntryState.ADVANCED,
)
HIDDEN_ASSIGNMENTS = frozenset({AssignmentState.PROPOSED, AssignmentState.RELEASED})
OPEN_ASSIGNMENTS = frozenset({AssignmentState.ACTIVE, AssignmentState.IN_PROGRESS})
READABLE_ASSIGNMENTS = OPEN_ASSIGNMENTS | {AssignmentState.DONE}
OVER_STATES = frozenset(RoundState.values) - {RoundState.DRAFT, RoundState.OPEN}
DECIDED_STATES = frozenset({RoundState.PROPOSED, RoundState.APPROVED, RoundState.ANNOUNCED})
COUNTED_SHEETS = frozenset({SheetState.SUBMITTED, SheetState.FINAL})
EDITABLE_SHEETS = frozenset({SheetState.EMPTY, SheetState.DRAFT, SheetState.REOPENED, SheetState.STALE})
READ_STATES = SUBMITTED_STATES - {EntryState.INELIGIBLE, EntryState.MORE_INFORMATION}
JUDGED_STATES = frozenset({EntryState.SUBMITTED, EntryState.ELIGIBLE, EntryState.IN_ROUND, EntryState.ADVANCED})
