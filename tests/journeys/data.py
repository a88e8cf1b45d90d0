"""What a journey finds when it begins: made inside the running platform, apart for every variant."""

from datetime import timedelta
from decimal import Decimal as D

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from competitions.enums import OPEN_ASSIGNMENTS, EntryState, RoleKind
from competitions.models import Assignment, Competition, Entry, FormVersion, Round, RubricVersion
from competitions.services.digests import form_digest, rubric_digest
from incubators.models import Country, Organisation
from incubators.services.startups import create_startup
from mentors.models import Expert
from mentors.services.search_text import refresh
from network_platform.background.models import Message, MessageState
from network_platform.journal.services import broken_records
from network_platform.people.models import User
from network_platform.people.sessions import SessionStore
from tests.competitions.factories import (
    AssignmentFactory,
    AwardFactory,
    CompetitionFactory,
    CriterionFactory,
    EntryFactory,
    JudgeFactory,
    QuestionFactory,
    RoleFactory,
    RoundFactory,
    RubricFactory,
    ScoreFactory,
    ScoreSheetFactory,
    SectionFactory,
    StartupOfTeamFactory,
)
from tests.incubators.factories import OrganisationFactory
from tests.mentors.factories import ExpertFactory, ExpertRoleFactory
from tests.people.factories import encoded

PASSWORD = "network-demo"  # noqa: S105 - the demonstration's


def person(login: str, language: str) -> str:
    """An account that can sign in; returns its address."""
    email = f"{login}@journey.example"
    if not User.objects.filter(email=email).exists():
        user = User.objects.create(
            email=email,
            password=encoded(PASSWORD, "default"),
            name=f"Journey {login}",
            language=language,
            time_zone="Asia/Almaty",
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return email


def session(email: str) -> dict[str, str]:
    """A cookie that signs this person in: no password is typed, so nobody has to wait for the limit of sign-ins."""
    user, store = User.objects.get(email=email), SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": store.session_key}


def hub(tag: str, language: str) -> dict[str, str]:
    """A listed organisation with an editor, and a founder with a start-up that nobody else reads."""
    editor, founder = person(f"hub-{tag}", language), person(f"supported-{tag}", language)
    organisation = OrganisationFactory(slug=f"journey-hub-{tag}", name=f"Journey Hub {tag}")
    organisation.memberships.create(user=User.objects.get(email=editor))
    startup = create_startup(
        by=User.objects.get(email=founder), name=f"Journey Supported {tag}", country=organisation.country
    )
    made = {"slug": organisation.slug, "startup": startup.name, "profile": f"/startups/{startup.uid}/"}
    return made | {"editor": editor, "founder": founder}


def judging(tag: str, language: str) -> dict[str, str]:
    """A competition being judged: two entries, one judge with both seats still to clear, manager and observer."""
    people = {role: person(f"{role}-{tag}", language) for role in ("judge", "manager", "observer", "team")}
    users = {role: User.objects.get(email=email) for role, email in people.items()}
    now = timezone.now()
    competition = CompetitionFactory(judging=True, slug=f"journey-{tag}", names=_names(tag))
    for role in (RoleKind.MANAGER, RoleKind.OBSERVER):
        RoleFactory(competition=competition, user=users[role], role=role)
    AwardFactory(competition=competition)
    round_ = RoundFactory(
        competition=competition, reads_per_entry=1, coverage=D("0.6"), closes_at=now + timedelta(days=5)
    )
    form = _form(competition)
    _rubric(round_)
    judge = JudgeFactory(competition=competition, user=users["judge"])
    for number in (1, 2):
        startup = StartupOfTeamFactory(name=f"Sample {tag} {number}", founder=users["team"] if number == 1 else None)
        entry = EntryFactory(competition=competition, startup=startup, form=form, submitted=True)
        AssignmentFactory(round=round_, judge=judge, entry=entry, position=number, cleared_at=None)
    return people | {"slug": competition.slug}


def scored(tag: str, language: str) -> dict[str, str]:
    """The same with all sheets handed in: 100 and 80."""
    made = judging(tag, language)
    competition = Competition.objects.get(slug=made["slug"])
    round_ = competition.rounds.get()
    for seat, value in zip(round_.assignments.order_by("position"), (D(5), D(4)), strict=True):
        handed_in = {"state": "submitted", "coverage": 1, "submitted_at": timezone.now()}
        sheet = ScoreSheetFactory(assignment=seat, total=value * 20, **handed_in)
        for criterion in sheet.rubric.criteria.all():
            ScoreFactory(sheet=sheet, criterion=criterion, value=value)
        round_.assignments.filter(pk=seat.pk).update(state="done", cleared_at=timezone.now())
    return made


def _names(tag: str) -> dict[str, str]:
    return {"en": f"Journey prize {tag}", "ru": f"Премия «Путь» {tag}"}


def _form(competition: Competition) -> FormVersion:
    form = FormVersion.objects.create(competition=competition)
    section = SectionFactory(form=form)
    QuestionFactory(
        section=section, form=form, code="solution", texts={"en": "What do you do?", "ru": "Что вы делаете?"}
    )
    FormVersion.objects.filter(pk=form.pk).update(locked_at=timezone.now(), digest=form_digest(form))
    return FormVersion.objects.get(pk=form.pk)


def _rubric(round_: Round) -> RubricVersion:
    rubric = RubricFactory(round=round_)
    for code, weight, names in (("idea", 70, ("Idea", "Идея")), ("team", 30, ("Team", "Команда"))):
        CriterionFactory(rubric=rubric, code=code, weight=weight, names=dict(zip(("en", "ru"), names, strict=True)))
    RubricVersion.objects.filter(pk=rubric.pk).update(locked_at=timezone.now(), digest=rubric_digest(rubric))
    return rubric


def mentor(tag: str, language: str) -> dict[str, str]:
    """An approved mentor whom everybody sees, and a founder who may ask."""
    emails = {role: person(f"{role}-mentor-{tag}", language) for role in ("asker", "expert")}
    word = "".join(letter for letter in tag if letter.isalpha()) + ("wide" if tag.startswith("1280") else "narrow")
    expert = ExpertFactory(
        user=User.objects.get(email=emails["expert"]),
        slug=f"journey-{tag}",
        name=f"Үлгі Мысалов{word}",
        name_latin=f"Ulgi Mysalov{word}",
    )
    ExpertRoleFactory(expert=expert)
    refresh(expert)
    return emails | {"name": expert.name}


def application() -> tuple[str, str]:
    """The demonstration founder's address and the first page of the form of the draft."""
    email = "founder@demo.example"
    draft = Entry.objects.of_team(User.objects.get(email=email)).get(state=EntryState.DRAFT)
    return email, f"/competitions/entries/{draft.uid}/1/"


def sheet() -> tuple[str, str]:
    """The demonstration judge's address and the sheet of an entry that is left to score."""
    email = "judge1@demo.example"
    left = Assignment.objects.of_judge(User.objects.get(email=email)).filter(state__in=OPEN_ASSIGNMENTS)
    return email, f"/judging/sheets/{left.exclude(cleared_at=None).first().uid}/"


def demonstration() -> dict[str, object]:
    """What the demonstration holds."""
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    return {
        "countries": Country.objects.count(),
        "organisations": Organisation.objects.count(),
        "experts": Expert.objects.count(),
        "entries in judging": Entry.objects.filter(competition__slug="network-start-up-prize").submitted().count(),
        "competitions": sorted(set(Competition.objects.values_list("state", flat=True))),
        "mails waiting": waiting.count(),
        "broken records": list(broken_records()),
    }
