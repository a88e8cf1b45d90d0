"""Joining the shared database, and changing what stands there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from incubators.models import Country, Sector
from mentors.consents import CONTACT, PURPOSE_OF
from mentors.enums import RoleState, Visibility
from mentors.models import Expert, ExpertDraft, Expertise, ExpertLanguage, ExpertRole
from mentors.services import mails, search_text
from mentors.services.drafts import empty_draft
from mentors.services.locks import lock_experts
from mentors.services.roles import move_roles
from mentors.slugs import free_slug
from network_platform.drafts import StaleWrite
from network_platform.journal.services import record
from network_platform.people import consents
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone, update_settings

READ_BEFORE = ("name", "name_latin", "headline", "bio")
PERSONS_OWN = ("name_latin", "time_zone")
NOT_OFFERED = {RoleState.DECLINED, RoleState.WITHDRAWN}
SENDS_AGAIN = {RoleState.DRAFT, RoleState.CHANGES_REQUESTED, *NOT_OFFERED}


@dataclass(frozen=True)
class Offer:
    """What one role offers: new requests a month, and whether it takes any now."""

    capacity: int
    availability: str


@dataclass(frozen=True)
class Profile:
    """A complete profile, as the form hands it over. `headline` and `bio` are texts per language."""

    name: str
    name_latin: str
    country: Country
    time_zone: str
    headline: dict[str, str]
    bio: dict[str, str]
    languages: dict[str, str]
    offers: dict[str, Offer]
    visibility: str
    skills: Collection[Expertise] = ()
    sectors: Collection[Sector] = ()
    stages: list[str] = field(default_factory=list)


@transaction.atomic
def submit_profile(*, by: User, profile: Profile, draft: ExpertDraft | None = None) -> Expert:
    """Put the profile in force. New roles, and all roles after a change of country, wait for approval.

    Who approved a role is told by mail which of the texts they read are others now. `draft` is what the person saw and
    agreed to; raises StaleWrite if it was changed since.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if draft is not None:
        _lock_unchanged(draft)
    expert, moved_country, changed = _keep_expert(by, profile)
    suppose_zone(user=by, time_zone=profile.time_zone)
    _keep_languages(expert, profile.languages)
    roles = [_keep_role(expert, role, offer, profile) for role, offer in profile.offers.items()]
    if draft is not None:
        empty_draft(draft=draft)
    _agree(by, profile.visibility)
    _send_roles(expert, roles, by, also_approved=moved_country)
    search_text.refresh(expert)
    _keep_person(by, profile)
    _tell(expert, changed, by)
    return expert


@transaction.atomic
def follow_person(*, user: User, changed: Collection[str]) -> None:
    """The name in Latin letters and the time zone are the person's: what they change in the settings holds here."""
    for expert in lock_experts(Expert.objects.filter(user=user)):
        others = {key: getattr(user, key) for key in PERSONS_OWN if key in changed}
        others = {key: value for key, value in others.items() if value and value != getattr(expert, key)}
        if not others:
            continue
        for key, value in {**others, "updated_at": timezone.now()}.items():
            setattr(expert, key, value)
        expert.save(update_fields=[*others, "updated_at"])
        search_text.refresh(expert)
        _tell(expert, [key for key in others if key in READ_BEFORE], user)


def _keep_person(user: User, profile: Profile) -> None:
    """And what they write here holds in the settings, so that mails count hours where the person lives."""
    values = {"name": user.name, "name_latin": profile.name_latin, "time_zone": profile.time_zone}
    update_settings(user=user, language=user.language, **values)


def roles_to_send(*, user: User, profile: Profile) -> list[str]:
    """The kinds of roles that `submit_profile` would put before the focal point."""
    known = {role.role: role for role in ExpertRole.objects.filter(expert__user=user).select_related("expert")}
    stay = {
        kind
        for kind, role in known.items()
        if role.state not in SENDS_AGAIN and role.expert.country_id == profile.country.pk
    }
    return [kind for kind in profile.offers if kind not in stay]


def _lock_unchanged(draft: ExpertDraft) -> None:
    row = ExpertDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if row.version != draft.version:
        raise StaleWrite(row.version, row.content)


def _agree(user: User, visibility: str) -> None:
    """Consent to exactly what is shown; what is no longer wanted is withdrawn."""
    agreed = consents.consented_versions(user)
    wanted = {PURPOSE_OF[visibility], CONTACT} if visibility in PURPOSE_OF else set()
    for purpose in sorted({*PURPOSE_OF.values(), CONTACT}):
        stands = agreed.get(purpose) == consents.PURPOSES[purpose].version
        if purpose in wanted and not stands:
            consents.give(user=user, purpose=purpose)
        elif purpose not in wanted and purpose in agreed:
            consents.withdraw(user=user, purpose=purpose)


def _keep_expert(user: User, profile: Profile) -> tuple[Expert, bool, list[str]]:
    """The expert's row, whether it left the country whose focal point had approved it, and which texts are others."""
    known = next(iter(lock_experts(Expert.objects.filter(user=user))), None)
    expert = known or Expert(user=user)
    moved_country = known is not None and expert.country_id != profile.country.pk
    changed = [key for key in READ_BEFORE if known and getattr(expert, key) != getattr(profile, key)]
    for key in ("name", "name_latin", "country", "time_zone", "headline", "bio"):
        setattr(expert, key, getattr(profile, key))
    expert.__dict__.pop("scope", None)
    expert.updated_at = timezone.now()
    _save(expert)
    return expert, moved_country, changed


def _save(expert: Expert) -> None:
    """A new expert gets an address; where somebody of the same name joins at this moment, the next free one."""
    if expert.pk:
        expert.save()
        return
    for last in (False, False, True):
        expert.slug = free_slug(expert.name_latin or expert.name)
        try:
            with transaction.atomic():
                expert.save()
        except IntegrityError:
            if last:
                raise
        else:
            return


def _keep_languages(expert: Expert, levels: dict[str, str]) -> None:
    expert.languages.all().delete()
    ExpertLanguage.objects.bulk_create(
        ExpertLanguage(expert=expert, language=language, level=level) for language, level in levels.items()
    )


def _keep_role(expert: Expert, kind: str, offer: Offer, profile: Profile) -> ExpertRole:
    values: dict[str, Any] = {
        "capacity": offer.capacity,
        "availability": offer.availability,
        "visibility": Visibility(profile.visibility),
        "stages": profile.stages,
    }
    role, _created = ExpertRole.objects.update_or_create(expert=expert, role=kind, defaults=values)
    role.skills.set(profile.skills)
    role.sectors.set(profile.sectors)
    return role


def _send_roles(expert: Expert, roles: list[ExpertRole], by: User, *, also_approved: bool) -> None:
    """Roles left out of the profile are withdrawn; those that need an answer go to the focal point.

    A declined role that is left out stays declined; one that is offered is asked for again.
    """
    again = SENDS_AGAIN | ({RoleState.APPROVED, RoleState.PAUSED} if also_approved else set())
    left_out = expert.roles.exclude(pk__in=[role.pk for role in roles]).exclude(state__in=NOT_OFFERED)
    move_roles(roles=left_out, to=RoleState.WITHDRAWN, by=by)
    move_roles(roles=[role for role in roles if role.state in again], to=RoleState.SUBMITTED, by=by)


def _tell(expert: Expert, changed: list[str], by: User) -> None:
    """In the journal, and to the reviewers where an approved role shows what they have not read."""
    record(
        verb="expert.saved",
        thing=expert,
        by=by,
        scope=expert.scope,
        label=f"expert, {expert.country.iso2}",
        after={"fields": changed} if changed else {},
    )
    if changed and expert.roles.filter(state=RoleState.APPROVED).exists():
        mails.profile_changed(expert, changed)


@transaction.atomic
def leave(*, by: User) -> None:
    """Take the whole profile out of the database; requests already accepted go on."""
    expert = next(iter(lock_experts(Expert.objects.filter(user=by))), None)
    if expert is None:
        raise PermissionDenied
    move_roles(roles=expert.roles.exclude(state=RoleState.WITHDRAWN), to=RoleState.WITHDRAWN, by=by)
    _agree(by, Visibility.HIDDEN)
