"""Mails about profiles, requests and engagements. None carries anybody's address; texts of people stay texts."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext_lazy

from incubators.services.letters import reviewers_of
from mentors.enums import RequestState, RoleState
from mentors.models import Engagement, Expert, ExpertRole, Letter, Request
from network_platform.background.services import send_message
from network_platform.languages import written_in
from network_platform.people.models import User
from network_platform.zones import in_words, last_day

# What a reviewer's answer is told by, and where that mail leads.
ROLE_MAILS = {
    RoleState.APPROVED: ("role_approved", "mentors:mine"),
    RoleState.CHANGES_REQUESTED: ("role_changes_requested", "mentors:join"),
    RoleState.DECLINED: ("role_declined", "mentors:join"),
}
FIELDS = {
    "name": pgettext_lazy("field of an expert", "name"),
    "name_latin": pgettext_lazy("field of an expert", "name in Latin letters"),
    "headline": pgettext_lazy("field of an expert", "one line"),
    "bio": pgettext_lazy("field of an expert", "text about the person"),
}
REQUEST_MAILS: dict[str, tuple[str, ...]] = {
    RequestState.OFFERED: ("request_offered_expert",),
    RequestState.ACCEPTED: ("request_accepted_asker",),
    RequestState.DECLINED: ("request_declined_asker",),
    RequestState.EXPIRED: ("request_expired_asker", "request_expired_expert"),
    RequestState.WITHDRAWN: ("request_withdrawn_expert",),
}


def roles_sent(*, expert: Expert, roles: list[ExpertRole]) -> None:
    _tell_reviewers(expert, roles)
    context = {"roles": [_texts(role.get_role_display) for role in roles], "review_by": roles[0].review_by}
    _send("role_received", expert.user, _key(roles), context, ("mentors:mine", []))


def roles_answered(*, expert: Expert, roles: list[ExpertRole], to: str, reason: str, by: User | None) -> None:
    template, place = ROLE_MAILS[RoleState(to)]
    context = {
        "roles": [_texts(role.get_role_display) for role in roles],
        "others": [_standing(role) for role in _others(expert, roles)],
        "reason": reason,
        "reason_language": written_in(reason, language=by.language if by else "en"),
    }
    _send(template, expert.user, _key(roles), context, (place, []))


def profile_changed(expert: Expert, changed: list[str]) -> None:
    """To those who approved it, with the names of the texts that are others now."""
    context = {
        "expert": str(expert),
        "country": expert.country.names,
        "fields": [_texts(partial(FIELDS.__getitem__, key)) for key in changed],
    }
    for reviewer in reviewers_of(expert.country, without=[expert.user]):
        place = ("mentors:review", [expert.uid])
        _send("profile_changed", reviewer, f"{expert.uid}/{expert.version}", context, place, about=[expert.user])


def request_moved(asked: Request, by: User | None) -> None:
    """To the person who did not make this move; of an expiry both hear. `by` is None for the platform."""
    if asked.state == RequestState.WITHDRAWN and asked.offered_at is None:
        return
    for template in REQUEST_MAILS.get(asked.state, ()):
        _write_of(asked, template, names=by is not None or asked.state != RequestState.WITHDRAWN)


def remind(asked: Request) -> None:
    _write_of(asked, "request_reminder")


def letter_sent(letter: Letter) -> None:
    asked = letter.engagement.request
    to = asked.asker if letter.author_id == asked.expert.user_id else asked.expert.user
    context = {"writer": letter.author.get_full_name(), "text": letter.text}
    _send("letter", to, str(letter.uid), context, ("mentors:request", [asked.uid]), about=[letter.author])


def engagement_ended(engagement: Engagement, by: User) -> None:
    """To the other of the two. It names nobody: whoever ends it may be leaving the platform."""
    asked = engagement.request
    to = asked.asker if by.pk == asked.expert.user_id else asked.expert.user
    _send("engagement_ended", to, str(engagement.uid), {}, ("mentors:request", [asked.uid]))


def _others(expert: Expert, roles: list[ExpertRole]) -> Iterable[ExpertRole]:
    """What of the profile stays as it is."""
    return expert.roles.exclude(pk__in=[role.pk for role in roles]).exclude(state=RoleState.WITHDRAWN)


def _standing(role: ExpertRole) -> dict[str, Any]:
    return {"role": _texts(role.get_role_display), "state": _texts(role.get_state_display)}


def _tell_reviewers(expert: Expert, roles: list[ExpertRole]) -> None:
    context = {
        "expert": str(expert),
        "country": expert.country.names,
        "roles": [_texts(role.get_role_display) for role in roles],
    }
    for reviewer in reviewers_of(expert.country, without=[expert.user]):
        place = ("mentors:review", [expert.uid])
        _send("role_submitted", reviewer, _key(roles), context, place, about=[expert.user])


def _write_of(asked: Request, template: str, *, names: bool = True) -> None:
    """An expert who was erased has no name, so a mail to the asker names nobody; nor does one of an erased asker."""
    if template.endswith("_asker"):
        to, about = asked.asker, [asked.expert.user] if asked.expert.name else []
    else:
        to, about = asked.expert.user, [asked.asker]
    context = _request_context(asked) if names else {}
    _send(template, to, str(asked.uid), context, ("mentors:request", [asked.uid]), about=about if names else [])


def _request_context(asked: Request) -> dict[str, Any]:
    return {
        "asker": asked.asker.get_full_name(),
        "startup": asked.startup.name if asked.startup else "",
        "expert": str(asked.expert),
        "role": _texts(asked.role.get_role_display),
        "language": _texts(asked.get_language_display),
        "need": asked.need,
        "reply": asked.reply,
        "expires_at": asked.expires_at,
    }


def _send(
    template: str,
    to: User,
    key: str,
    context: dict[str, Any],
    place: tuple[str, list[Any]],
    *,
    about: Iterable[User] = (),
) -> None:
    if not to.is_active:
        return
    with translation.override(to.language):
        path = reverse(place[0], args=place[1])
        if moment := context.pop("expires_at", None):
            context = {**context, "until": in_words(moment, reader=to.time_zone)}
        if moment := context.pop("review_by", None):
            context = {**context, "until": last_day(moment, reader=to.time_zone)}
    send_message(
        template=f"mentors/{template}",
        to=to,
        dedupe_key=f"mentors/{template}/{to.uid}/{key}",
        context={**context, "path": path},
        about=about,
    )


def _key(roles: list[ExpertRole]) -> str:
    """One mail for one act on one expert's roles."""
    return f"{roles[0].uid}/{roles[0].state_at.isoformat()}"


def _texts(display: Callable[[], Any]) -> dict[str, str]:
    """A word of ours in every language of the platform, for the mail to choose from when it is sent."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(display())
    return found
