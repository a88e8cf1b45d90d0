"""Invented people for the demonstration, one for each part that somebody can play."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from network_platform.background.models import Message, MessageState
from network_platform.people.models import EDITORS, SECRETARIAT, User

# Printed by `manage.py demo`, which refuses outside development and test.
PASSWORD = "network-demo"  # noqa: S105  # nosec B105
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Part:
    """One login. `name` is in the own script; both names say that nobody is called so."""

    login: str
    name: str
    name_latin: str
    language: str
    time_zone: str
    groups: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


PARTS = (
    Part("secretariat", "Sekretaria Sample", "Sekretaria Sample", "en", "UTC", (SECRETARIAT,)),
    Part("focal.kz", "Нұрлы Үлгібаева", "Nurly Ulgibayeva", "ru", "Asia/Almaty"),
    Part("focal.kg", "Үлгү Мисалова", "Ulgu Misalova", "ru", "Asia/Bishkek"),
    Part("focal.tj", "Намуна Мисолзода", "Namuna Misolzoda", "ru", "Asia/Dushanbe"),
    Part("focal.uz", "Namuna Misolova", "Namuna Misolova", "en", "Asia/Tashkent"),
    Part("focal.az", "Nümunə Misalzadə", "Numune Misalzade", "en", "Asia/Baku"),
    Part("editor", "Үлгі Мәтінбаев", "Ulgi Matinbayev", "ru", "Asia/Almaty", (EDITORS,)),
    Part("incubator", "Хаб Примеров", "Hab Primerov", "ru", "Asia/Almaty"),
    Part("founder", "Старт Образцова", "Start Obraztsova", "ru", "Asia/Almaty"),
    Part("founder2", "Startbek Namunayev", "Startbek Namunayev", "en", "Asia/Tashkent"),
    Part("manager", "Конкурсия Примерова", "Konkursiya Primerova", "ru", "Asia/Bishkek"),
    Part("observer", "Vera Examplesson", "Vera Examplesson", "en", "Europe/Zurich"),
    Part("judge1", "Судейкин Первый-Пример", "Sudeikin Pervy-Primer", "ru", "Asia/Almaty"),
    Part("judge2", "Judy Secondsample", "Judy Secondsample", "en", "Europe/London"),
    Part("judge3", "Баа Үчүнчүбекова", "Baa Uchunchubekova", "ru", "Asia/Bishkek"),
    Part("judge4", "Hakam Toʻrtinchiyev", "Hakam Tortinchiyev", "en", "Asia/Tashkent"),
    Part("judge5", "Довар Панҷумзода", "Dovar Panjumzoda", "ru", "Asia/Dushanbe"),
    Part("judge6", "Münsif Altıncızadə", "Munsif Altinjizade", "en", "Asia/Baku"),
    Part("judge7", "Төреші Жетіншіева", "Toreshi Zhetinshiyeva", "ru", "Asia/Almaty"),
    Part("judge8", "Emin Sekizinjiýew", "Emin Sekizinjiyev", "en", "Asia/Ashgabat"),
    Part("judge9", "Оценка Девятова", "Otsenka Devyatova", "ru", "Asia/Tashkent"),
    Part("judge10", "Baha Oʻninchiyeva", "Baha Oninchiyeva", "en", "Asia/Tashkent"),
    Part("judge11", "نمونه مثالی", "Namuna Mesali", "en", "Asia/Kabul"),
    Part("judge12", "Балл Двенадцатов", "Ball Dvenadtsatov", "ru", "Asia/Bishkek"),
    Part("mentor", "Тәлімгер Үлгіұлы", "Talimger Ulgiuly", "ru", "Asia/Almaty"),
    Part("tracker", "Трекер Неделькина", "Treker Nedelkina", "ru", "Asia/Bishkek"),
    Part("trainer", "Ustoz Namunaqulov", "Ustoz Namunaqulov", "en", "Asia/Tashkent"),
)


def person(email: str) -> User:
    """A demonstration login, for the apps above."""
    return User.objects.get(email=email)


@contextmanager
def past_mails(templates: str) -> Iterator[None]:
    """Mails that are put into the outbox inside, from `templates` on, tell of an invented past: they count as sent."""
    newest = Message.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    yield
    made = Message.objects.filter(pk__gt=newest, template__startswith=templates, state=MessageState.QUEUED)
    made.update(state=MessageState.SENT, sent_at=timezone.now())


@transaction.atomic
def load_people() -> None:
    """Create what is missing. Every login shares one hash, computed once with the real hasher."""
    encoded = make_password(PASSWORD)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in (SECRETARIAT, EDITORS)}
    for part in PARTS:
        create_person(part, encoded, groups)


def create_person(part: Part, encoded: str, groups: dict[str, Group]) -> User:
    user, created = User.objects.get_or_create(
        email=part.email,
        defaults={
            "name": part.name,
            "name_latin": part.name_latin,
            "language": part.language,
            "time_zone": part.time_zone,
            "password": encoded,
        },
    )
    if created:
        user.groups.add(*(groups[name] for name in part.groups))
    EmailAddress.objects.get_or_create(user=user, email=part.email, defaults={"verified": True, "primary": True})
    return user
