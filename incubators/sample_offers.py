"""Programmes, calls and placements of the demonstration's invented organisations. Days are relative to today."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incubators.enums import CallStatus, PlacementStatus, ProgrammeStatus
from incubators.models import Cohort, Organisation, Placement, Programme, Sector, Startup
from incubators.services.placements import answer_placement, end_placement, propose_placement
from incubators.services.programmes import create_call, create_programme, move_call, move_programme, save_cohort
from incubators.services.showing import show_startup
from network_platform.people.models import User
from network_platform.zones import today


@dataclass(frozen=True)
class Offer:
    """One programme. `calls` are (titles, days until it opens, days until it closes); `ago` is when a cohort began."""

    kind: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    weeks: int
    sectors: tuple[str, ...]
    cohort: tuple[dict[str, str], int]
    calls: tuple[tuple[dict[str, str], int, int], ...] = ()
    startups: tuple[int, ...] = field(default=())
    asked: tuple[int, ...] = field(default=())


OFFERS = {
    "KZ": (
        Offer(
            "incubation",
            {"en": "Sample Incubation", "ru": "Инкубация-пример", "kk": "Үлгі инкубация"},
            {
                "en": "Invented for the demonstration. Six months with a tracker, desks and a test customer; free.",
                "ru": "Придумано для показа. Полгода с трекером, рабочими местами и первым заказчиком, бесплатно.",
            },
            26,
            ("circular", "agritech"),
            ({"en": "Spring cohort", "ru": "Весенний набор"}, 240),
            (
                ({"en": "Call for circular teams", "ru": "Набор команд экономики замкнутого цикла"}, -10, 21),
                ({"en": "Call of the spring cohort", "ru": "Набор весеннего потока"}, -300, -245),
            ),
            (5, 10, 13),
            (0,),
        ),
        Offer(
            "training",
            {"en": "Sample Export School", "ru": "Школа экспорта – пример"},
            {
                "en": "Invented for the demonstration. Ten evenings on customs, certificates and first buyers abroad.",
                "ru": "Придумано для показа. Десять вечеров о таможне, сертификатах и первых покупателях за рубежом.",
            },
            10,
            ("ecommerce",),
            ({"en": "First school", "ru": "Первая школа"}, 60),
            (({"en": "Places in the second school", "ru": "Места во второй школе"}, 12, 45),),
        ),
    ),
    "UZ": (
        Offer(
            "acceleration",
            {"en": "Sample Acceleration", "ru": "Акселерация-пример", "uz": "Namuna akseleratsiya"},
            {
                "en": "Invented for the demonstration. Three months for teams with first sales.",
                "ru": "Придумано для показа. Три месяца для команд с первыми продажами.",
            },
            12,
            ("fintech", "ai"),
            ({"en": "Autumn cohort", "ru": "Осенний набор"}, 80),
            (({"en": "Call for fintech and AI", "ru": "Набор: финтех и ИИ"}, -5, 9),),
            (6, 11),
            (1,),
        ),
    ),
}


def offer(organisation: Organisation, *, by: User, startups: list[Startup]) -> None:
    """What the organisation of this country offers; a second time nothing changes."""
    if not organisation.programmes.exists():
        for told in OFFERS.get(organisation.country.iso2, ()):
            make_offer(told, organisation, by, startups)


def make_offer(told: Offer, organisation: Organisation, by: User, startups: list[Startup]) -> None:
    programme = create_programme(
        organisation=organisation,
        by=by,
        kind=told.kind,
        titles=told.titles,
        descriptions=told.descriptions,
        languages=["ru", "en"],
        weeks=told.weeks,
        website="https://sample.example/programme",
        sectors=Sector.objects.filter(code__in=told.sectors),
    )
    programme = move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=by)
    names, ago = told.cohort
    starts = today() - timedelta(days=ago)
    ends = starts + timedelta(weeks=told.weeks)
    cohort = save_cohort(programme=programme, by=by, name=names["ru"], starts=starts, ends=ends, places=12)
    for titles, opens, closes in told.calls:
        make_call(programme, by, titles, opens, closes)
    for number in told.startups:
        place(startups[number], cohort, by, graduated=ends < today())
    for number in told.asked:
        ask(startups[number], cohort, by)


def make_call(programme: Programme, by: User, titles: dict[str, str], opens: int, closes: int) -> None:
    """What is over was closed by the clock."""
    zone = programme.organisation.country.time_zone
    call = create_call(
        programme=programme,
        by=by,
        titles=titles,
        descriptions=programme.descriptions,
        opens_at=_at(today() + timedelta(days=opens), time(9), zone),
        closes_at=_at(today() + timedelta(days=closes), time(18), zone),
        zone=zone,
        apply_url="https://sample.example/apply",
    )
    if closes > 0:
        move_call(call=call, to=CallStatus.PUBLISHED, by=by)
    else:
        call.status = CallStatus.CLOSED
        call.save(update_fields=["status"])


def place(startup: Startup, cohort: Cohort, by: User, *, graduated: bool) -> None:
    """Confirmed by the founder, who shows the profile."""
    founder = ask(startup, cohort, by)
    placement = Placement.objects.get(startup=startup, cohort=cohort)
    placement = answer_placement(placement=placement, to=PlacementStatus.CONFIRMED, by=founder)
    show_startup(startup=startup, by=founder, agrees=True)
    if graduated:
        end_placement(placement=placement, by=by, left=cohort.ends, outcome="graduated")


def ask(startup: Startup, cohort: Cohort, by: User) -> User:
    founder = startup.members.select_related("user").order_by("pk")[0].user
    propose_placement(cohort=cohort, by=by, name=startup.name, email=founder.email, entered=cohort.starts)
    return founder


def _at(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone))
