"""Competitions as tests need them: `CompetitionFactory(open=True)`, then rounds, rubrics, entries, seats, sheets."""

import hashlib
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from competitions.enums import (
    Aggregation,
    CompetitionState,
    CriterionKind,
    EntryState,
    JudgeState,
    QuestionKind,
    RoleKind,
    RoundState,
)
from competitions.models import (
    Assignment,
    Attachment,
    Award,
    Competition,
    CompetitionRole,
    Conflict,
    Criterion,
    Decision,
    EligibilityRule,
    Entry,
    FormVersion,
    Judge,
    Level,
    Question,
    Ranking,
    ResultsBundle,
    Revision,
    Round,
    RubricVersion,
    Score,
    ScoreSheet,
    Section,
    TeamMember,
    Track,
)
from incubators.models import Country, Startup, StartupMember
from network_platform.people.models import User


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@test.example")
    name = factory.Sequence(lambda n: f"Person {n}")


class LandFactory(factory.django.DjangoModelFactory):
    """One of the seven, Kazakhstan unless told."""

    class Meta:
        model = Country
        django_get_or_create = ("iso2",)

    iso2 = "KZ"
    slug = factory.LazyAttribute(lambda o: o.iso2.lower())
    names = factory.LazyAttribute(lambda o: {"en": f"Country {o.iso2}", "ru": f"Страна {o.iso2}"})
    time_zone = "Asia/Almaty"
    currency = "KZT"
    languages = factory.List(["kk", "ru"])


class StartupOfTeamFactory(factory.django.DjangoModelFactory):
    """`StartupOfTeamFactory(founder=user)`: a profile complete enough to apply."""

    class Meta:
        model = Startup
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Start-up {n}")
    country = factory.SubFactory(LandFactory)
    stage = "prototype_mvp"
    summary = "Panels from cotton waste."

    @factory.post_generation
    def founder(self, create: bool, extracted: User | None, **kwargs: Any) -> None:
        if extracted:
            StartupMember.objects.create(startup=self, user=extracted, role="owner")


class CompetitionFactory(factory.django.DjangoModelFactory):
    """Traits: draft by default; `open`, `judging`, `announced`, `described`."""

    class Meta:
        model = Competition

    class Params:
        open = factory.Trait(
            state=CompetitionState.PUBLISHED,
            opens_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=10)),
            closes_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=20)),
            published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=11)),
        )
        judging = factory.Trait(
            state=CompetitionState.PUBLISHED,
            opens_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=40)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=10)),
            published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=41)),
        )
        announced = factory.Trait(
            state=CompetitionState.ANNOUNCED,
            opens_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=140)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=100)),
            published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=141)),
            announced_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=30)),
        )
        described = factory.Trait(state=CompetitionState.DESCRIBED)

    slug = factory.Sequence(lambda n: f"competition-{n}")
    names = factory.Sequence(lambda n: {"en": f"Competition {n}", "ru": f"Конкурс {n}"})
    summaries = factory.LazyFunction(lambda: {"en": "A call for teams.", "ru": "Приглашение для команд."})
    organisers = factory.LazyFunction(lambda: {"en": "The network", "ru": "Сеть"})
    year = 2026
    languages = factory.LazyFunction(lambda: ["en", "ru"])
    time_zone = "Asia/Bishkek"


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CompetitionRole

    competition = factory.SubFactory(CompetitionFactory)
    user = factory.SubFactory(PersonFactory)
    role = RoleKind.MANAGER


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EligibilityRule

    competition = factory.SubFactory(CompetitionFactory)
    kind = "country"
    parameters = factory.LazyFunction(lambda: {"countries": ["KZ"]})
    statements = factory.LazyFunction(lambda: {"en": "From Kazakhstan.", "ru": "Из Казахстана."})
    messages = factory.LazyFunction(lambda: {"en": "Only Kazakhstan.", "ru": "Только Казахстан."})


class TrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Track

    competition = factory.SubFactory(CompetitionFactory)
    code = factory.Sequence(lambda n: f"track-{n}")
    names = factory.LazyFunction(lambda: {"en": "Water", "ru": "Вода"})


class AwardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Award

    competition = factory.SubFactory(CompetitionFactory)
    names = factory.LazyFunction(lambda: {"en": "Main award", "ru": "Главная награда"})


class RoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Round

    competition = factory.SubFactory(CompetitionFactory, judging=True)
    order = factory.Sequence(lambda n: n + 1)
    state = RoundState.OPEN
    names = factory.LazyFunction(lambda: {"en": "Reading", "ru": "Чтение"})
    aggregation = Aggregation.MEAN
    reads_per_entry = 3
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class RubricFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RubricVersion

    round = factory.SubFactory(RoundFactory)


class CriterionFactory(factory.django.DjangoModelFactory):
    """A weighted criterion on 0 to 5, with levels in words at 0, 3 and 5."""

    class Meta:
        model = Criterion
        skip_postgeneration_save = True

    rubric = factory.SubFactory(RubricFactory)
    order = factory.Sequence(lambda n: n)
    code = factory.Sequence(lambda n: f"criterion-{n}")
    kind = CriterionKind.WEIGHT
    names = factory.LazyAttribute(lambda o: {"en": f"Criterion {o.code}", "ru": f"Критерий {o.code}"})
    weight = 50
    scale_min = 0
    scale_max = 5
    scale_step = 1

    @factory.post_generation
    def levels(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for value in (0, 3, 5) if extracted is None else extracted:
            Level.objects.create(criterion=self, value=value, texts={"en": f"Level {value}", "ru": f"Уровень {value}"})


class FormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormVersion

    competition = factory.SubFactory(CompetitionFactory, open=True)


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    form = factory.SubFactory(FormFactory)
    order = factory.Sequence(lambda n: n)
    titles = factory.Sequence(lambda n: {"en": f"Section {n}", "ru": f"Раздел {n}"})


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    section = factory.SubFactory(SectionFactory)
    form = factory.SelfAttribute("section.form")
    order = factory.Sequence(lambda n: n)
    code = factory.Sequence(lambda n: f"question-{n}")
    kind = QuestionKind.LONG_TEXT
    texts = factory.LazyAttribute(lambda o: {"en": f"Question {o.code}?", "ru": f"Вопрос {o.code}?"})
    required = True
    max_length = 1200


class EntryFactory(factory.django.DjangoModelFactory):
    """A draft. `EntryFactory(submitted=True)` has a number and a standing submission."""

    class Meta:
        model = Entry
        skip_postgeneration_save = True

    competition = factory.SubFactory(CompetitionFactory, open=True)
    startup = factory.SubFactory(StartupOfTeamFactory)
    form = factory.LazyAttribute(
        lambda o: (
            FormVersion.objects.filter(competition=o.competition).first() or FormFactory(competition=o.competition)
        )
    )
    language = "en"

    @factory.post_generation
    def submitted(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted:
            self.serial = (Entry.objects.filter(competition=self.competition).count()) + 1000
            self.standing = RevisionFactory(entry=self)
            self.state = kwargs.get("state", EntryState.SUBMITTED)
            self.save()


class RevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Revision

    entry = factory.SubFactory(EntryFactory)
    number = factory.LazyAttribute(lambda o: o.entry.revisions.count() + 1)
    form = factory.SelfAttribute("entry.form")
    answers = factory.LazyAttribute(lambda o: o.entry.answers or {"solution": "Panels from cotton waste."})
    content = factory.LazyAttribute(lambda o: '{"answers":{}}')
    digest = factory.LazyAttribute(lambda o: hashlib.sha256(o.content.encode()).hexdigest())
    language = "en"
    received_at = factory.LazyFunction(timezone.now)


class TeamMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMember

    entry = factory.SubFactory(EntryFactory)
    user = factory.SubFactory(PersonFactory)
    email = factory.SelfAttribute("user.email")
    joined_at = factory.LazyFunction(timezone.now)


class AttachmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attachment

    entry = factory.SubFactory(EntryFactory)
    question = "slides"
    file = factory.django.FileField(filename="x.pdf", data=b"%PDF-1.4 test")
    name = "slides.pdf"
    size = 13
    sha256 = factory.Sequence(lambda n: f"{n:064d}")


class JudgeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Judge

    competition = factory.SubFactory(CompetitionFactory, judging=True)
    user = factory.SubFactory(PersonFactory)
    state = JudgeState.ACCEPTED
    languages = factory.LazyFunction(lambda: ["en", "ru"])


class AssignmentFactory(factory.django.DjangoModelFactory):
    """A cleared seat: `AssignmentFactory(round=round, entry=entry, judge=judge)`."""

    class Meta:
        model = Assignment

    round = factory.SubFactory(RoundFactory)
    judge = factory.SubFactory(JudgeFactory, competition=factory.SelfAttribute("..round.competition"))
    entry = factory.SubFactory(EntryFactory, competition=factory.SelfAttribute("..round.competition"), submitted=True)
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    cleared_at = factory.LazyFunction(timezone.now)


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conflict

    judge = factory.SubFactory(JudgeFactory)
    entry = factory.SubFactory(EntryFactory, competition=factory.SelfAttribute("..judge.competition"), submitted=True)


class ScoreSheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoreSheet

    assignment = factory.SubFactory(AssignmentFactory)
    rubric = factory.LazyAttribute(
        lambda o: (
            RubricVersion.objects.filter(round=o.assignment.round, is_current=True).first()
            or RubricFactory(round=o.assignment.round)
        )
    )
    revision = factory.SelfAttribute("assignment.entry.standing")


class ScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Score

    sheet = factory.SubFactory(ScoreSheetFactory)
    criterion = factory.SubFactory(CriterionFactory, rubric=factory.SelfAttribute("..sheet.rubric"))
    value = 3


class RankingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ranking

    round = factory.SubFactory(RoundFactory)
    inputs_digest = factory.Sequence(lambda n: f"{n:064d}")
    method = "mean"


class ResultsBundleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResultsBundle

    round = factory.SubFactory(RoundFactory)
    content = "{}"
    digest = factory.Sequence(lambda n: f"{n:064d}")


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    round = factory.SubFactory(RoundFactory)
    entry = factory.SubFactory(EntryFactory, competition=factory.SelfAttribute("..round.competition"), submitted=True)
    outcome = "winner"
