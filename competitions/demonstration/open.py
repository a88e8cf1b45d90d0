"""The competition that takes applications now; founder@ has a draft in it."""

from competitions.demonstration.calls import at, date_back, make_call
from competitions.demonstration.people import founders_startup
from competitions.models import Competition
from competitions.services.competitions import publish_competition
from competitions.services.entries import save_answers, start_entry
from network_platform.people.demonstration import person

DRAFT = {
    "team": "Нас четверо. Алия — агроном, девять лет работала в хлопковом хозяйстве. Тимур пишет программы, "
    "Данияр собирает датчики, Сауле ведёт продажи. Двое работают полный день с апреля.",
    "solution_name": "Полив по датчику",
    "problem": "Хозяйства поливают по календарю и теряют около трети воды. Мы спросили девять хозяйств под Шымкентом; "
    "семь в прошлом году платили за подвоз воды.",
}


def load_open() -> bool:
    if Competition.objects.filter(slug="circular-economy").exists():
        return False
    competition = make_call("open", opens=at(-14, 9), closes=at(21, 18), read_until=at(56, 18))
    publish_competition(competition=competition, by=person("manager@demo.example"))
    date_back(competition, published_at=at(-16, 18))
    _begin_draft(competition)
    return True


def _begin_draft(competition: Competition) -> None:
    founder = person("founder@demo.example")
    startup = founders_startup()
    statements = competition.eligibility_rules.filter(kind="statement").values_list("pk", flat=True)
    draft = start_entry(
        competition=competition, startup=startup, by=founder, language="ru", confirmed=frozenset(statements)
    )
    save_answers(entry=draft, values=DRAFT, based_on=0)
