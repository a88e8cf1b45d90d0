"""Who takes part: the demonstration's logins, and invented start-ups."""

from competitions.enums import JudgeState
from competitions.models import Competition, Judge
from incubators.demonstration import sample_startups
from incubators.models import Country, Startup
from network_platform.people.demonstration import person
from network_platform.people.models import User

HOME = {
    "Asia/Almaty": "KZ",
    "Asia/Bishkek": "KG",
    "Asia/Tashkent": "UZ",
    "Asia/Dushanbe": "TJ",
    "Asia/Baku": "AZ",
    "Asia/Ashgabat": "TM",
    "Asia/Kabul": "AF",
}


def founders_startup() -> Startup:
    return sample_startups(1)[0]


def second_founders_startup() -> Startup:
    return sample_startups(2)[1]


def startups(count: int) -> list[Startup]:
    """Invented ones, the same every time: first that of founder@, never that of founder2@."""
    first, _second, *others = sample_startups(count + 1)
    return [first, *others]


def seat_judges(competition: Competition) -> list[Judge]:
    """judge1@ to judge12@, with a country where their clock says one; all accepted."""
    countries = {country.iso2: country for country in Country.objects.all()}
    people = [person(f"judge{number}@demo.example") for number in range(1, 13)]
    return Judge.objects.bulk_create(_seat(competition, user, countries) for user in people)


def _seat(competition: Competition, user: User, countries: dict[str, Country]) -> Judge:
    return Judge(
        competition=competition,
        user=user,
        state=JudgeState.ACCEPTED,
        country=countries.get(HOME.get(user.time_zone, "")),
        languages=sorted({"en", user.language}),
        answered_at=competition.closes_at,
        rules_signed_at=competition.closes_at,
    )
