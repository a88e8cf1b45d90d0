"""A person's data: all of it for them, and none of it once they are gone."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from mentors.enums import EngagementState, RequestState, RoleState, Visibility
from mentors.models import Engagement, Expert, ExpertDraft, ExpertRole, Letter, Request
from mentors.services.engagements import move_engagement
from mentors.services.locks import lock_experts
from mentors.services.requests import move_request
from mentors.services.roles import move_roles
from network_platform.people.models import User


def personal_data(user: User) -> dict[str, Any]:
    """JSON-ready."""
    expert = Expert.objects.filter(user=user).select_related("country").first()
    draft = ExpertDraft.objects.filter(user=user).first()
    letters = Letter.objects.filter(author=user)
    return {
        "profile": _profile(expert) if expert else None,
        "draft": draft.content if draft else {},
        "requests_made": [_request(asked) for asked in Request.objects.made_by(user).with_people()],
        "requests_received": [_answer(asked) for asked in Request.objects.put_to(user).with_people()],
        "messages_written": [{"at": letter.sent_at.isoformat(), "text": letter.text} for letter in letters],
    }


@transaction.atomic
def erase(user: User) -> None:
    """Names, texts and what was written go; that a request was made, and how it ended, stays as a figure."""
    asked_by_them = Request.objects.made_by(user).offered()
    lock_experts(Expert.objects.filter(Q(user=user) | Q(pk__in=asked_by_them.values("expert"))))
    ExpertDraft.objects.filter(user=user).delete()
    for asked in asked_by_them:
        move_request(asked=asked, to=RequestState.WITHDRAWN, by=None)
    for engagement in Engagement.objects.writable_by(user).order_by("pk"):
        move_engagement(engagement=engagement, to=EngagementState.ENDED, by=user, is_erased=True)
    Request.objects.made_by(user).update(need="")
    Letter.objects.filter(author=user).update(text="")
    expert = Expert.objects.filter(user=user).first()
    if expert is not None:
        _erase_expert(expert)


def _erase_expert(expert: Expert) -> None:
    expert.requests.update(reply="")
    move_roles(roles=expert.roles.exclude(state=RoleState.WITHDRAWN), to=RoleState.WITHDRAWN, by=None)
    ExpertRole.objects.filter(expert=expert).update(visibility=Visibility.HIDDEN, state_reason="")
    expert.languages.all().delete()
    Expert.objects.filter(pk=expert.pk).update(
        slug=f"former-{expert.uid}", name="", name_latin="", headline={}, bio={}, usual_answer_hours=None
    )
    for asked in expert.requests.offered():
        move_request(asked=asked, to=RequestState.DECLINED, by=None)


def _profile(expert: Expert) -> dict[str, Any]:
    return {
        "name": expert.name,
        "name_latin": expert.name_latin,
        "country": expert.country.iso2,
        "time_zone": expert.time_zone,
        "headline": expert.headline,
        "bio": expert.bio,
        "languages": {spoken.language: spoken.level for spoken in expert.languages.all()},
        "joined_at": expert.joined_at.isoformat(),
        "roles": [_role(role) for role in expert.roles.prefetch_related("skills", "sectors")],
    }


def _role(role: ExpertRole) -> dict[str, Any]:
    return {
        "role": role.role,
        "state": role.state,
        "reason": role.state_reason,
        "visibility": role.visibility,
        "availability": role.availability,
        "capacity": role.capacity,
        "skills": [skill.code for skill in role.skills.all()],
        "sectors": [sector.code for sector in role.sectors.all()],
        "stages": role.stages,
    }


def _request(asked: Request) -> dict[str, Any]:
    return {"to": str(asked.expert), "need": asked.need, "language": asked.language, **_course(asked)}


def _answer(asked: Request) -> dict[str, Any]:
    """What others wrote is theirs; the person's own part is the answer."""
    return {"reply": asked.reply, **_course(asked)}


def _course(asked: Request) -> dict[str, Any]:
    return {
        "state": asked.state,
        "role": asked.role.role,
        "sent": asked.offered_at.isoformat() if asked.offered_at else None,
        "closed": asked.answered_at.isoformat() if asked.answered_at else None,
    }
