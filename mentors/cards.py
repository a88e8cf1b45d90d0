"""An expert as a row of the list shows them: lines of words, joined here because a template is slow at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from incubators.profiles import Text
from mentors.enums import Availability, RoleKind, SpokenLanguage
from mentors.models import Expert, Expertise, ExpertRole
from network_platform.languages import in_language

MOST_SKILLS = 3
ORDER = list(Availability.values)


@dataclass(frozen=True)
class Card:
    slug: str
    name: str
    other_name: str
    headline: Text
    roles: str
    skills: list[str]
    country: str
    languages: str
    hours: str
    usual_answer: str
    availability: Availability


def cards_of(experts: Iterable[Expert]) -> list[Card]:
    """`experts` come from `with_cards`."""
    labels = Expertise.objects.labels()
    return [_card(expert, labels) for expert in experts]


def _card(expert: Expert, labels: dict[str, dict[str, str]]) -> Card:
    soonest = min(expert.shown_roles, key=lambda role: ORDER.index(role.availability))
    return Card(
        slug=expert.slug,
        name=expert.name,
        other_name=expert.other_name,
        headline=expert.headline_here,
        roles=roles_in_words(expert.shown_roles),
        skills=[in_language(labels[code]) for code in soonest.skill_codes[:MOST_SKILLS]],
        country=str(expert.country),
        languages=languages_in_words(expert.spoken),
        hours=expert.hours_shared or expert.zone_here,
        usual_answer=expert.usual_answer,
        availability=Availability(soonest.availability),
    )


def roles_in_words(roles: Iterable[ExpertRole]) -> str:
    """`Mentor, tracker`."""
    first, *others = [str(RoleKind(role.role).label) for role in roles] or [""]
    return ", ".join([first, *(label.lower() for label in others)])


def languages_in_words(codes: Iterable[str]) -> str:
    return ", ".join(str(SpokenLanguage(code).label) for code in codes)
