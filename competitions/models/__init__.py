from competitions.models.competition import (
    Award,
    Competition,
    CompetitionRole,
    EligibilityRule,
    Round,
    Source,
    Track,
)
from competitions.models.entry import Attachment, Entry, Revision, TeamMember
from competitions.models.form import FormVersion, Question, Section
from competitions.models.judge import Assignment, Conflict, Judge
from competitions.models.result import Approval, Decision, Ranking, RankRow, ResultsBundle
from competitions.models.rubric import Criterion, Level, RubricVersion
from competitions.models.sheet import Score, ScoreSheet

__all__ = [
    "Approval",
    "Assignment",
    "Attachment",
    "Award",
    "Competition",
    "CompetitionRole",
    "Conflict",
    "Criterion",
    "Decision",
    "EligibilityRule",
    "Entry",
    "FormVersion",
    "Judge",
    "Level",
    "Question",
    "RankRow",
    "ResultsBundle",
    "Ranking",
    "Revision",
    "Round",
    "RubricVersion",
    "Score",
    "ScoreSheet",
    "Section",
    "Source",
    "TeamMember",
    "Track",
]
