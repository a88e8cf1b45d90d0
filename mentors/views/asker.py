"""Asking an expert."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mentors.forms import AskForm
from mentors.models import Expert, ExpertRole, Request
from mentors.services.requests import ask_expert, limit_reached, places_left
from mentors.views.public import not_here, similar
from network_platform.people.requests import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """A need in own words; neither side sees an address."""
    expert = Expert.objects.visible_to(request.user).select_related("country").filter(slug=slug).first()
    if expert is None:
        return not_here(request, slug)
    if expert.user_id == request.user.pk:
        raise PermissionDenied
    roles = list(ExpertRole.objects.askable_by(request.user).filter(expert=expert).with_people())
    waiting = Request.objects.made_by(request.user).offered().filter(expert=expert).first()
    if waiting or not roles:
        return _not_now(request, expert, waiting)
    if request.method != "POST" and (words := limit_reached(request.user)):
        return render(request, "mentors/limit_reached.html", {"expert": expert, "words": words})
    form = AskForm(request.POST or None, user=request.user, roles=roles)
    if request.method == "POST" and form.is_valid():
        asked = _ask(request, form)
        if asked is not None:
            messages.success(request, _("Your request is on its way. You will get a mail with the answer."))
            return redirect("mentors:request", asked.uid)
    full = all(places_left(role) <= 0 for role in roles)
    return render(request, "mentors/ask.html", {"expert": expert, "form": form, "full": full})


def _not_now(request: HttpRequest, expert: Expert, waiting: Request | None) -> HttpResponse:
    """Nobody did anything wrong: the page leads to the request that waits, or to those who help with the same."""
    if waiting:
        return render(request, "mentors/asked_already.html", {"expert": expert, "asked": waiting})
    visible = ExpertRole.objects.visible_to(request.user).filter(expert=expert).prefetch_related("skills")
    return render(request, "mentors/takes_none.html", {"expert": expert, "similar": similar(list(visible))})


def _ask(request: SignedInRequest, form: AskForm) -> Request | None:
    data = form.cleaned_data
    try:
        return ask_expert(
            role=data["role"],
            by=request.user,
            need=data["need"],
            language=data["language"],
            startup=data.get("startup"),
            skills=data["skills"],
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
