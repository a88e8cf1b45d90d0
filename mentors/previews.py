"""A profile that is still being typed, drawn as the page will show it."""

from dataclasses import dataclass
from typing import Any, cast

from mentors.enums import RoleState
from mentors.models import Expert, ExpertLanguage, ExpertRole
from mentors.services.profiles import Profile
from network_platform.people.models import User

NOT_SAVED = -1  # relations of a row without a key cannot be read, not even from memory


@dataclass(frozen=True)
class Shown:
    """Rows in memory; nothing of them is saved."""

    expert: Expert
    roles: list[ExpertRole]


def expert_as_typed(user: User, profile: Profile) -> Shown:
    kept = Expert.objects.filter(user=user).first()
    expert = Expert(
        pk=kept.pk if kept else NOT_SAVED,
        user=user,
        slug=kept.slug if kept else "",
        name=profile.name,
        name_latin=profile.name_latin,
        country=profile.country,
        time_zone=profile.time_zone,
        headline=profile.headline,
        bio=profile.bio,
        usual_answer_hours=kept.usual_answer_hours if kept else None,
    )
    spoken = [ExpertLanguage(expert=expert, language=code, level=level) for code, level in profile.languages.items()]
    cast(Any, expert)._prefetched_objects_cache = {"languages": spoken}
    return Shown(expert, [_role(expert, kind, profile) for kind in profile.offers])


def _role(expert: Expert, kind: str, profile: Profile) -> ExpertRole:
    offer = profile.offers[kind]
    role = ExpertRole(
        pk=NOT_SAVED,
        expert=expert,
        role=kind,
        stages=profile.stages,
        capacity=offer.capacity,
        availability=offer.availability,
        visibility=profile.visibility,
        state=RoleState.DRAFT,
    )
    cast(Any, role)._prefetched_objects_cache = {"skills": list(profile.skills), "sectors": list(profile.sectors)}
    return role
