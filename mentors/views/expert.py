"""A person's own place in the database."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentors.enums import RoleKind, RoleState
from mentors.forms import AvailabilityForm, ConsentForm, ProfileForm
from mentors.forms.contents import content_for, content_of, differences, typed
from mentors.lifecycle import EXPERT, ROLE
from mentors.models import Expert, ExpertDraft, ExpertRole
from mentors.previews import expert_as_typed
from mentors.services import profiles, roles
from mentors.services.drafts import save_draft
from mentors.services.profiles import Profile
from mentors.views.public import described
from network_platform.drafts import Seen, StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.consents import agreed_by
from network_platform.people.requests import SignedInRequest, is_signed_in
from network_platform.saving import clash, save_id_of, saved_answer, seen_of, shown_in, version_of

STANDING = {RoleState.SUBMITTED, RoleState.APPROVED, RoleState.PAUSED}
MOVED: dict[str, Any] = {
    RoleState.PAUSED: gettext_lazy("paused. Nobody finds you in this role until you resume."),
    RoleState.APPROVED: gettext_lazy("shown again, and takes requests as before."),
    RoleState.WITHDRAWN: gettext_lazy("withdrawn. To come back, tick the role in your profile and send it."),
    RoleState.SUBMITTED: gettext_lazy("sent for approval."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The profile form; for visitors what it leads to, and the way to it."""
    if is_signed_in(request):
        return _profile_form(request)
    if request.method == "POST":
        return redirect_to_login(request.get_full_path())
    return render(request, "mentors/way_in.html", {"kinds": list(RoleKind)})


def _profile_form(request: SignedInRequest) -> HttpResponse:
    """Without JavaScript its two buttons save, and save and go on."""
    draft = ExpertDraft.objects.filter(user=request.user).first()
    if request.method == "POST":
        return _save_and_turn(request)
    content = _content(request, draft)
    form = ProfileForm(initial=content, zone=content.get("time_zone", ""))
    if draft and draft.content and "check" in request.GET:
        form = ProfileForm(data={**content, "version": draft.version}, zone=content.get("time_zone", ""))
    return _form_page(request, form, draft)


@login_required
@require_POST
def autosave(request: SignedInRequest) -> JsonResponse:
    """Called by the script; see the house contract for its answers."""
    try:
        draft = _keep(request, based_on=version_of(request))
    except StaleWrite as stale:
        return clash(stale)
    return JsonResponse(saved_answer(draft, typed(request.POST), draft.saved_at))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest) -> HttpResponse:
    """Exactly what will be shown, to whom, and the consent to it."""
    draft = ExpertDraft.objects.filter(user=request.user).exclude(content={}).first()
    if draft is None:
        return redirect("mentors:join")
    form = ProfileForm(data=draft.content, zone=draft.content.get("time_zone", ""))
    if not form.is_valid():
        return redirect(f"{request.path.removesuffix('preview/')}?check")
    profile = form.profile()
    answers = request.POST if request.method == "POST" else None
    consent = ConsentForm(answers, visibility=profile.visibility, agreed=agreed_by(request.user))
    if request.method == "POST" and consent.is_valid() and _send(request, profile, draft):
        return redirect("mentors:mine")
    shown = expert_as_typed(request.user, profile)
    context = described(request, shown.expert, shown.roles) | {
        "profile": profile,
        "form": consent,
        "draft": draft,
        **_awaits_approval(request, profile),
    }
    return render(request, "mentors/preview.html", context)


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """Where each role stands, and the switches."""
    expert = Expert.objects.filter(user=request.user).select_related("country").first()
    if expert is None:
        return redirect("mentors:join")
    own = ExpertRole.objects.visible_to(request.user).filter(expert=expert).with_people()
    lines = [
        {"role": role, "moves": _own_moves(role), "form": AvailabilityForm(initial={"availability": role.availability})}
        for role in own
    ]
    context = {
        "expert": expert,
        "lines": lines,
        "offered": any(role.state != RoleState.WITHDRAWN for role in own),
        "draft": ExpertDraft.objects.filter(user=request.user).exclude(content={}).first(),
    }
    return render(request, "mentors/mine.html", context)


@login_required
@require_POST
def move_role(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Pause, resume or withdraw one of the own roles."""
    role = get_object_or_404(ExpertRole.objects.visible_to(request.user), uid=uid, expert__user=request.user)
    to = request.POST.get("to", "")
    try:
        roles.move_roles(roles=[role], to=to, by=request.user)
    except (IllegalMove, PermissionDenied):
        messages.error(request, _("This is not possible any more. The page shows how it stands now."))
    else:
        messages.success(request, f"{role.get_role_display()}: {MOVED[to]}")
    return redirect("mentors:mine")


@login_required
@require_POST
def set_availability(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    role = get_object_or_404(ExpertRole.objects.visible_to(request.user), uid=uid, expert__user=request.user)
    form = AvailabilityForm(request.POST)
    if form.is_valid():
        try:
            roles.set_availability(role=role, availability=form.cleaned_data["availability"], by=request.user)
            messages.success(request, _("Saved."))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("mentors:mine")


@login_required
@require_POST
def leave(request: SignedInRequest) -> HttpResponse:
    """Take the profile out of the database."""
    profiles.leave(by=request.user)
    messages.success(request, _("Your profile is no longer in the database. You can come back at any time."))
    return redirect("mentors:mine")


def _send(request: SignedInRequest, profile: Profile, draft: ExpertDraft) -> bool:
    """The version in the form is the one that was looked at; another one is shown first."""
    draft.version = version_of(request)
    sent = profiles.roles_to_send(user=request.user, profile=profile)
    try:
        profiles.submit_profile(by=request.user, profile=profile, draft=draft)
    except StaleWrite as stale:
        draft.version = stale.version
        messages.warning(request, _("The profile was changed in the meantime. This is how it would be shown now."))
        return False
    if sent:
        messages.success(
            request, _("Sent. The focal point answers within seven days, and you get a mail. Nothing else to do now.")
        )
    else:
        messages.success(request, _("Saved. What changed counts from now on."))
    return True


def _awaits_approval(request: SignedInRequest, profile: Profile) -> dict[str, list[Any]]:
    """The roles that this profile sends to the focal point, and those that are there already."""
    sent = profiles.roles_to_send(user=request.user, profile=profile)
    there = ExpertRole.objects.waiting().filter(expert__user=request.user, role__in=profile.offers)
    waiting = [role.role for role in there if role.role not in sent]
    return {"sent": [RoleKind(kind).label for kind in sent], "waiting": [RoleKind(kind).label for kind in waiting]}


def _save_and_turn(request: SignedInRequest) -> HttpResponse:
    """`instead_of` names the other text that the person has seen and wants replaced."""
    try:
        seen = "instead_of" if "instead_of" in request.POST else "version"
        draft = _keep(request, based_on=version_of(request, seen))
    except StaleWrite as stale:
        return _both_texts(request, stale)
    if "go" in request.POST:
        return redirect("mentors:preview")
    messages.success(request, _("Saved. You can close this page and go on later."))
    return _form_page(request, ProfileForm(initial=draft.content, zone=draft.content["time_zone"]), draft)


def _both_texts(request: SignedInRequest, stale: StaleWrite) -> HttpResponse:
    """The form as it came, and what the other tab has saved; the person says which stays."""
    merged, before = {**typed(request.POST), **stale.merged}, seen_of(request)
    form = ProfileForm(initial=merged, zone=merged["time_zone"])
    undecided = {name: before[name] for name in stale.theirs if name in before}
    context = {
        "form": form,
        "version": version_of(request),
        "seen": Seen({**stale.seen, **undecided}) if before else "",
        "conflict": stale.version,
        "differences": differences(form, merged, {**merged, **stale.theirs}),
        **_answered(request),
    }
    return render(request, "mentors/join.html", context, status=409)


def _keep(request: SignedInRequest, *, based_on: int) -> ExpertDraft:
    return save_draft(
        user=request.user,
        content=typed(request.POST),
        based_on=based_on,
        save_id=save_id_of(request),
        seen=seen_of(request),
        begin=lambda: _content(request, None),
    )


def _content(request: SignedInRequest, draft: ExpertDraft | None) -> dict:
    if draft and draft.content:
        return draft.content
    expert = Expert.objects.filter(user=request.user).select_related("country").first()
    return content_of(expert) if expert else content_for(request.user)


def _form_page(request: SignedInRequest, form: ProfileForm, draft: ExpertDraft | None) -> HttpResponse:
    context = {"form": form, "draft": draft, "version": draft.version if draft else 0, "seen": shown_in(form)}
    context |= _answered(request)
    return render(request, "mentors/join.html", context)


def _answered(request: SignedInRequest) -> dict[str, Any]:
    """What the focal point said of the own roles and was not acted on yet, and whether some are sent or approved."""
    found = list(ExpertRole.objects.visible_to(request.user).filter(expert__user=request.user))
    said = {state: [role for role in found if role.state == state] for state in ("changes_requested", "declined")}
    return {**said, "standing": any(role.state in STANDING for role in found)}


def _own_moves(role: ExpertRole) -> list[str]:
    """Moves that a button on this page makes; sending again goes through the form."""
    buttons = {"paused", "approved", "withdrawn"}
    return [
        move.target
        for move in ROLE.moves
        if move.source == role.state and move.who == EXPERT and move.target in buttons
    ]
