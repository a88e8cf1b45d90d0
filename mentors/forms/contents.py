"""What the profile form holds, as plain values: typed, taken from a standing profile, or to begin with."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from mentors.enums import RoleKind, RoleState, SpokenLanguage, Visibility
from mentors.forms.profile import TEXTS, ProfileForm
from mentors.models import Expert
from network_platform.people.models import User
from network_platform.people.services.settings import NOT_CHOSEN
from network_platform.typed import without_nul

LONGEST_KEPT = 10_000
MULTIPLE = ("roles", "skills", "sectors", "stages")
NAMES = [
    *(name for name in ProfileForm.base_fields if name != "version"),
    *(f"language_{code}" for code in SpokenLanguage.values),
    *(f"{name}_{role}" for role in RoleKind for name in ("capacity", "availability")),
]


def typed(data: QueryDict) -> dict[str, Any]:
    """What came in of the form's fields, however incomplete: lists stay lists, lengths are bounded."""
    return {
        name: [without_nul(value)[:40] for value in data.getlist(name)[:60]]
        if name in MULTIPLE
        else without_nul(data.get(name, ""))[:LONGEST_KEPT]
        for name in NAMES
    }


@dataclass(frozen=True)
class Difference:
    """A field that was filled in two ways, in the words of the form."""

    label: str | Promise
    mine: str
    theirs: str


def differences(form: ProfileForm, mine: dict[str, Any], theirs: dict[str, Any]) -> list[Difference]:
    """What stands otherwise in `theirs`; a field that it does not know is empty there."""
    return [
        Difference(form[name].label, _in_words(form, name, mine[name]), _in_words(form, name, theirs.get(name)))
        for name in NAMES
        if (mine[name] or None) != (theirs.get(name) or None)
    ]


def _in_words(form: ProfileForm, name: str, value: Any) -> str:
    """Labels instead of codes."""
    labels = {str(code): str(label) for code, label in getattr(form.fields[name], "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(each), str(each)) for each in values if each not in (None, ""))


def content_of(expert: Expert) -> dict[str, Any]:
    """A standing profile as the form holds it. A declined role is not ticked: to tick it is to ask for it again."""
    roles = [role for role in expert.roles.prefetch_related("skills", "sectors") if role.state != RoleState.WITHDRAWN]
    own = next((code for code in (*expert.headline, *expert.bio) if code not in TEXTS), "")
    content: dict[str, Any] = {
        "name": expert.name,
        "name_latin": expert.name_latin,
        "country": expert.country.iso2,
        "time_zone": expert.time_zone,
        "roles": [role.role for role in roles if role.state != RoleState.DECLINED],
        "own_language": own,
        "skills": sorted({skill.code for role in roles for skill in role.skills.all()}),
        "sectors": sorted({sector.code for role in roles for sector in role.sectors.all()}),
        "stages": sorted({stage for role in roles for stage in role.stages}),
        "visibility": roles[0].visibility if roles else "",
    }
    for text, code in (("en", "en"), ("ru", "ru"), ("own", own)):
        content[f"headline_{text}"] = expert.headline.get(code, "")
        content[f"bio_{text}"] = expert.bio.get(code, "")
    content.update({f"language_{spoken.language}": spoken.level for spoken in expert.languages.all()})
    for role in roles:
        content |= {f"capacity_{role.role}": role.capacity, f"availability_{role.role}": role.availability}
    return content


def content_for(user: User) -> dict[str, Any]:
    """Where a first profile begins."""
    return {
        "name": user.name,
        "name_latin": user.name_latin,
        "time_zone": "" if user.time_zone == NOT_CHOSEN else user.time_zone,
        "visibility": Visibility.PUBLIC,
    }
