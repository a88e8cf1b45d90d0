"""Competitions for the access matrix: `own` is run, judged and entered by the matrix's people, `foreign` by strangers."""

from types import SimpleNamespace

from django.utils import timezone

from competitions.enums import AssignmentState, EntryState, JudgeState, QuestionKind
from competitions.services.competitions import lock_form, lock_rubric
from network_platform.people.models import User
from tests.competitions.factories import (
    AssignmentFactory,
    AttachmentFactory,
    CompetitionFactory,
    CriterionFactory,
    EntryFactory,
    FormFactory,
    JudgeFactory,
    LandFactory,
    PersonFactory,
    QuestionFactory,
    ResultsBundleFactory,
    RoleFactory,
    RoundFactory,
    RubricFactory,
    ScoreSheetFactory,
    SectionFactory,
    StartupOfTeamFactory,
    TeamMemberFactory,
)
from tests.matrix.engine import World

PARTS = ("founder", "judge", "manager", "observer", "member")


def build(world: World) -> None:
    fill(world.own, {role: world.user(role) for role in PARTS}, "KZ")
    fill(world.foreign, {role: PersonFactory(email=f"other-{role}@matrix.example") for role in PARTS}, "KG")


def fill(side: SimpleNamespace, people: dict[str, User], iso2: str) -> None:
    """`competition` is in judging with `entry`, `seat`, `sheet`, `attachment`; `open_competition` has `draft`;
    `hidden` is a draft of a competition; `announced` is over; `invited` waits for the judge's answer."""
    startup = StartupOfTeamFactory(founder=people["founder"], country=LandFactory(iso2=iso2))
    for name, trait in (("competition", "judging"), ("open_competition", "open"), ("announced", "announced")):
        setattr(side, name, made(people, **{trait: True}))
    ResultsBundleFactory(round=RoundFactory(competition=side.announced, state="announced"))
    side.hidden = made(people)
    fill_judging(side, people, startup)
    side.draft = entry_of(side.open_competition, startup)
    side.invitation = TeamMemberFactory(entry=side.draft, user=None, email=people["member"].email, joined_at=None)
    side.invited = JudgeFactory(competition=side.open_competition, user=people["judge"], state=JudgeState.INVITED)


def made(people: dict[str, User], **traits: bool) -> object:
    competition = CompetitionFactory(**traits)
    for role in ("manager", "observer"):
        RoleFactory(competition=competition, user=people[role], role=role)
    return competition


def fill_judging(side: SimpleNamespace, people: dict[str, User], startup: object) -> None:
    side.round = RoundFactory(competition=side.competition, order=1)
    side.rubric = RubricFactory(round=side.round)
    CriterionFactory(rubric=side.rubric, code="idea")
    lock_rubric(side.rubric)
    side.entry = entry_of(side.competition, startup, submitted=True, submitted__state=EntryState.IN_ROUND)
    side.attachment = AttachmentFactory(entry=side.entry)
    side.entry.standing.attachments.add(side.attachment)
    side.judge = JudgeFactory(competition=side.competition, user=people["judge"])
    side.seat = AssignmentFactory(
        round=side.round, judge=side.judge, entry=side.entry, state=AssignmentState.IN_PROGRESS
    )
    side.sheet = ScoreSheetFactory(assignment=side.seat, rubric=side.rubric, state="draft", saved_at=timezone.now())
    other = entry_of(side.competition, StartupOfTeamFactory(country=startup.country), submitted=True)
    side.uncleared = AssignmentFactory(round=side.round, judge=side.judge, entry=other, cleared_at=None)
    third = entry_of(side.competition, StartupOfTeamFactory(country=startup.country), submitted=True)
    side.handed_in = AssignmentFactory(round=side.round, judge=side.judge, entry=third, state=AssignmentState.DONE)
    ScoreSheetFactory(
        assignment=side.handed_in, rubric=side.rubric, state="submitted", total=60, submitted_at=timezone.now()
    )


def entry_of(competition: object, startup: object, **values: object) -> object:
    form = FormFactory(competition=competition) if not competition.forms.exists() else competition.forms.get()
    if form.locked_at is None:
        section = SectionFactory(form=form)
        QuestionFactory(section=section, code="solution")
        QuestionFactory(section=section, code="slides", kind=QuestionKind.FILE, required=False)
        lock_form(form)
    answers = {"solution": "Panels from cotton waste."}
    return EntryFactory(competition=competition, startup=startup, form=form, answers=answers, **values)
