"""The focal point's queue of experts; the secretariat sees every country's."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incubators.rules import is_reviewer
from mentors.addresses import has_address
from mentors.forms import ReviewForm
from mentors.models import Expert, ExpertRole
from mentors.services.roles import move_roles
from mentors.trails import trail
from mentors.views.public import described
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken


@login_required
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Who waits, the longest waiting first, and whom this country already has."""
    if not is_reviewer(request.user):
        raise PermissionDenied
    return render(
        request, "mentors/queue.html", {"waiting": waiting_for(request.user), "others": _others(request.user)}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """One expert's roles, everything they ask to be shown, and the answer."""
    roles = list(
        ExpertRole.objects.reviewable_by(request.user)
        .filter(expert__uid=uid)
        .with_people()
        .prefetch_related("skills", "sectors", "expert__languages")
    )
    if not roles:
        raise Http404
    form = ReviewForm(request.POST or None, roles=roles)
    key = f"expert-review:{uid}:{request.user.uid}"
    if request.method == "POST" and form.is_valid() and _answer(request, form, key):
        return redirect("mentors:queue")
    expert = roles[0].expert
    for role in roles:
        role.expert = expert
    context = {
        **described(request, expert, roles),
        "addresses": any(has_address(text) for text in (*expert.headline.values(), *expert.bio.values())),
        "form": form,
        "key": key,
        "version": expert.version,
        "waiting": waiting_for(request.user),
        "events": trail(request.user, roles),
    }
    return render(request, "mentors/review.html", context)


def waiting_for(user: User) -> list[Expert]:
    """Experts with roles to answer for, each with `roles_waiting` and `since`."""
    found: dict[int, Expert] = {}
    for role in ExpertRole.objects.reviewable_by(user).waiting().with_people().order_by("state_at", "pk"):
        expert = found.setdefault(role.expert_id, role.expert)
        expert.roles_waiting = [*getattr(expert, "roles_waiting", []), role]
        expert.since = min(getattr(expert, "since", role.state_at), role.state_at)
    return list(found.values())


def _others(user: User) -> list[ExpertRole]:
    rows = ExpertRole.objects.reviewable_by(user).exclude(state="submitted").with_people()
    return list(rows.order_by("-state_at", "pk")[:50])


def _answer(request: SignedInRequest, form: ReviewForm, key: str) -> bool:
    data = form.cleaned_data
    try:
        move_roles(
            roles=form.chosen(),
            to=data["answer"],
            by=request.user,
            reason=data["reason"],
            seen=request.POST.get("version", ""),
        )
    except IllegalMove:
        form.add_error(None, _("Somebody has answered in the meantime. The page shows how it stands now."))
        return False
    except StaleWrite:
        form.add_error(None, _("This changed since you opened it. The page shows how it stands now."))
        return False
    say_taken(request, _("Your answer is sent."), key)
    return True
