"""An expert as a row of the list shows them: lines of words, joined here because a template is slow at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mentors.enums import Availability
from mentors.models import Expert, ExpertRole
from mentors.texts import Text

MOST_SKILLS = 3


@dataclass(frozen=True)
class Card:
    slug: str
    name: str
    other_name: str
    headline: Text
    roles: str
    skills: str
    country: str
    languages: str
    hours: str
    usual_answer: str
    open_role: ExpertRole


def card_of(expert: Expert) -> Card:
    """`expert` comes with its `shown_roles`."""
    open_role = soonest(expert.shown_roles)
    return Card(
        slug=expert.slug,
        name=expert.name,
        other_name=expert.other_name,
        headline=expert.headline_here,
        roles=joined(role.get_role_display() for role in expert.shown_roles),
        skills=" · ".join(str(skill) for skill in list(open_role.skills.all())[:MOST_SKILLS]),
        country=str(expert.country),
        languages=joined(spoken.get_language_display() for spoken in expert.languages.all()),
        hours=expert.hours_shared or expert.zone_here,
        usual_answer=expert.usual_answer,
        open_role=open_role,
    )


def soonest(roles: list[ExpertRole]) -> ExpertRole:
    """The role that takes requests soonest."""
    order = list(Availability.values)
    return min(roles, key=lambda role: order.index(role.availability))


def joined(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)
