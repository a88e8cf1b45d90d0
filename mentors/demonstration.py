"""Forty invented experts of seven countries, and a few requests in every state."""

from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO, cast

import yaml
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from incubators.models import Country, Sector, Startup
from mentors.enums import Availability, RequestState, RoleKind, RoleState, Visibility
from mentors.models import Engagement, Expert, Expertise, ExpertRole, Letter, Request
from mentors.services.answers import remember_answer_time
from mentors.services.engagements import send_letter
from mentors.services.profiles import Offer, Profile, submit_profile
from mentors.services.requests import accept_request, ask_expert, decline_request, move_request
from mentors.services.roles import move_roles
from network_platform.background.models import Message, MessageState
from network_platform.people.demonstration import person
from network_platform.people.models import User

FILE = Path(__file__).resolve().parent / "fixtures" / "demonstration.yaml"
OWN = {
    "KZ": ("kk", "Стартаптарға көмектесемін"),
    "KG": ("ky", "Стартаптарга жардам берем"),
    "TJ": ("tg", "Ба стартапҳо кӯмак мекунам"),
    "TM": ("tk", "Startaplara kömek edýärin"),
    "UZ": ("uz", "Startaplarga yordam beraman"),
    "AZ": ("az", "Startaplara kömək edirəm"),
    "AF": ("prs", "به استارتاپ‌ها کمک می‌کنم"),
}
BIO = {
    "en": (
        "This person is invented for the demonstration. A real profile tells in a few lines what the person has done, "
        "what went wrong, and which questions are welcome."
    ),
    "ru": (
        "Этот человек придуман для демонстрации. В настоящем профиле человек в нескольких строках рассказывает, "
        "что сделал, что не получилось и с какими вопросами к нему приходить."
    ),
}
NEEDS = {
    "waiting": (
        "Мы делаем капельное орошение для малых хозяйств. Семь фермеров готовы платить, но каждый просит рассрочку "
        "до урожая. Помогите посчитать, при какой цене мы это выдержим и с кем из банков говорить сначала."
    ),
    "accepted": (
        "Ищем трекера на восемь недель: команда из четырёх человек, первые десять продаж, не понимаем, почему "
        "не покупают повторно."
    ),
    "declined": "We would like a two-day training on customer interviews for twelve founders in Fergana, in Uzbek.",
    "weekly": (
        "Нас трое, есть первые двенадцать платящих клиентов. Каждую неделю берёмся за новое и ничего не доводим до "
        "конца. Нужен человек, который раз в неделю спросит, что проверили и что узнали."
    ),
    "lesson": (
        "Хотим провести у себя день о разговорах с клиентами: восемь человек, все впервые. Возьмётесь провести его "
        "на русском и чего ждёте от нас заранее?"
    ),
    "expired": "Could you look at our term sheet before Friday? It is two pages.",
    "past": "How do others of our size set a price for the first ten customers?",
}


@transaction.atomic
def load(stdout: TextIO) -> None:
    """Safe to repeat: who is there stays as they are."""
    newest = Message.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for number, row in enumerate(rows, start=1):
        join(row, person_of(row, number), number)
    if not Request.objects.exists():
        load_requests()
    settle_mails(after=newest)
    stdout.write(f"Experts: {Expert.objects.count()}, requests: {Request.objects.count()}.")


def settle_mails(*, after: int) -> None:
    """Mails about what is long over count as sent; those about what still waits go out."""
    waiting = [
        *Request.objects.offered().values_list("uid", flat=True),
        *ExpertRole.objects.waiting().values_list("uid", flat=True),
    ]
    mails = Message.objects.filter(pk__gt=after, template__startswith="mentors/", state=MessageState.QUEUED)
    for uid in waiting:
        mails = mails.exclude(Q(dedupe_key__contains=f"/{uid}") & ~Q(template="mentors/role_received"))
    mails.update(state=MessageState.SENT, sent_at=timezone.now())


def person_of(row: dict[str, Any], number: int) -> User:
    """The demonstration login, or an account that nobody can sign in to."""
    if "login" in row:
        return person(f"{row['login']}@demo.example")
    email = f"expert{number:02}@demo.example"
    found = User.objects.filter(email=email).first()
    country = Country.objects.get(iso2=row["country"])
    return found or User.objects.create_user(
        email,
        name=row["name"],
        name_latin=row["latin"],
        language="en" if row["country"] in {"AF", "AZ", "TM"} else "ru",
        time_zone=country.time_zone,
    )


def join(row: dict[str, Any], user: User, number: int) -> None:
    if Expert.objects.filter(user=user).exists():
        return
    expert = submit_profile(by=user, profile=profile_of(row, user, number))
    if row.get("state", RoleState.APPROVED) == RoleState.APPROVED:
        move_roles(roles=expert.roles.all(), to=RoleState.APPROVED, by=person("secretariat@demo.example"))
    joined = timezone.now() - timedelta(days=200 - 4 * number)
    Expert.objects.filter(pk=expert.pk).update(joined_at=joined, updated_at=joined)


def profile_of(row: dict[str, Any], user: User, number: int) -> Profile:
    country = Country.objects.get(iso2=row["country"])
    own, own_line = OWN[row["country"]]
    offer = Offer(row.get("capacity", 1 + number % 4), row.get("availability", Availability.OPEN))
    second = {"en": "fluent"} if number % 3 else {"en": "working"}
    russian = {} if row["country"] in {"AF", "TM"} and number % 2 else {"ru": "fluent"}
    return Profile(
        name=user.name,
        name_latin=user.name_latin,
        country=country,
        time_zone=country.time_zone,
        headline={"en": row["en"], "ru": row["ru"], own: own_line},
        bio=BIO,
        languages={own: "native", **russian, **second},
        offers={RoleKind(role): offer for role in row["roles"]},
        visibility=row.get("visibility", Visibility.PUBLIC),
        skills=list(Expertise.objects.filter(code__in=row["skills"])),
        sectors=list(Sector.objects.filter(code__in=row["sectors"])),
        stages=["idea", "prototype_mvp", "early_revenue", "growth", "scale"][number % 3 : number % 3 + 2],
    )


def load_requests() -> None:
    """One in every state; one waits for an answer from each of the logins who are experts."""
    founder, founder2, hub = (person(f"{login}@demo.example") for login in ("founder", "founder2", "incubator"))
    mentor, tracker, trainer = (person(f"{login}@demo.example") for login in ("mentor", "tracker", "trainer"))
    for days, hours in ((90, 20), (60, 30), (40, 9)):
        for expert in (mentor, tracker, trainer):
            put(founder2, expert, "past", days_ago=days, answer=RequestState.DECLINED, hours=hours)
    put(founder2, trainer, "declined", days_ago=4, answer=RequestState.DECLINED, hours=26)
    put(hub, User.objects.get(email="expert32@demo.example"), "expired", days_ago=9, answer=RequestState.EXPIRED)
    accepted = put(founder, tracker, "accepted", days_ago=12, answer=RequestState.ACCEPTED, hours=30)
    talk(accepted, founder, tracker)
    put(founder, mentor, "waiting")
    put(founder2, tracker, "weekly")
    put(founder2, trainer, "lesson")


def put(
    asker: User, expert: User, need: str, *, days_ago: int = 0, answer: str = RequestState.OFFERED, hours: int = 168
) -> Request:
    role = cast(ExpertRole, expert.expert.roles.order_by("-role").first())
    own = Startup.objects.editable_by(asker).first()
    language = "ru" if expert.expert.languages.filter(language="ru").exists() else "en"
    asked = ask_expert(role=role, by=asker, need=NEEDS[need], language=language, startup=own)
    asked.skills.set(role.skills.all()[:1])
    if answer == RequestState.ACCEPTED:
        accept_request(asked=asked, by=expert, availability=role.availability, message="Давайте начнём в понедельник.")
    elif answer == RequestState.DECLINED:
        words = "A fine idea, but my autumn is full. Ask again in January." if need == "declined" else ""
        decline_request(asked=asked, by=expert, reply=words)
    elif answer == RequestState.EXPIRED:
        move_request(asked=asked, to=RequestState.EXPIRED, by=None)
    if days_ago:  # what waits began now: its mail names the day until which it can be answered
        backdate(asked, days_ago, hours)
    return asked


def backdate(asked: Request, days: int, hours: int) -> None:
    began = timezone.now() - timedelta(days=days)
    times = {"created_at": began, "offered_at": began, "expires_at": began + timedelta(days=7)}
    Request.objects.filter(pk=asked.pk).update(**times)
    Request.objects.filter(pk=asked.pk, answered_at__isnull=False).update(answered_at=began + timedelta(hours=hours))
    if days > 14:
        Request.objects.filter(pk=asked.pk).update(read_at=began + timedelta(days=7))
    Engagement.objects.filter(request=asked).update(started_at=began + timedelta(hours=hours))
    remember_answer_time(Expert.objects.get(pk=asked.expert_id))


def talk(asked: Request, founder: User, tracker: User) -> None:
    engagement = Engagement.objects.get(request=asked)
    send_letter(engagement=engagement, by=founder, text="Спасибо! В понедельник в 10:00 по Алматы нам подходит.")
    send_letter(engagement=engagement, by=tracker, text="Принесите, пожалуйста, список последних десяти покупателей.")
    *read, newest = Letter.objects.filter(engagement=engagement)
    for number, letter in enumerate([*read, newest]):
        letter.sent_at = timezone.now() - timedelta(days=10 - number)
        letter.read_at = letter.sent_at + timedelta(hours=5) if letter != newest else None
        letter.save(update_fields=["sent_at", "read_at"])
    Request.objects.filter(pk=asked.pk).update(read_at=read[0].read_at)
