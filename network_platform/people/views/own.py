"""A person's own pages: the desk, settings, consents, own data, erasure."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network_platform.people import consents
from network_platform.people.desk_page import areas_for, beginnings, begun_by, lost_with, sent_by, waiting_for
from network_platform.people.forms import ConsentForm, ErasureForm, SettingsForm
from network_platform.people.reauthentication import asks_again
from network_platform.people.requests import SignedInRequest
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.export import export_own_data
from network_platform.people.services.settings import update_settings


@require_safe
@login_required
def desk(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for this person, from every app, and where they work."""
    waiting, begun, areas = waiting_for(request.user), begun_by(request.user), areas_for(request.user)
    has_work = len(areas) > 1  # besides the settings
    context = {
        "waiting": waiting,
        "things": sum(row.things for row in waiting),
        "dated": any(item.due for item in waiting),
        "sent": sent_by(request.user),
        "areas": areas,
        "areas_first": has_work and not waiting,
        "beginnings": beginnings(begun),
        "has_begun": has_work or bool(begun),
        "now": timezone.now(),
    }
    return render(request, "people/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: SignedInRequest) -> HttpResponse:
    """Names, language and time zone; consents; ways to the rest of the account."""
    form = SettingsForm(request.POST or None, user=request.user)
    if form.is_valid():
        user = update_settings(user=request.user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your settings are saved."))
            return redirect(reverse("settings"))
    context = {
        "form": form,
        "consents": consents.asked_of(request.user),
        "answered": request.GET.get("answered", ""),
    }
    return render(request, "people/settings.html", context)


@require_POST
@login_required
def answer_consent(request: SignedInRequest) -> HttpResponse:
    form = ConsentForm(request.POST)
    if form.is_valid():
        answer = consents.give if form.cleaned_data["given"] else consents.withdraw
        purpose = form.cleaned_data["purpose"]
        answer(user=request.user, purpose=purpose)
        return redirect(f"{reverse('settings')}?answered={purpose}#consent-{purpose}")
    return redirect(f"{reverse('settings')}#consents")


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def own_data(request: SignedInRequest) -> HttpResponse:
    """Says what is in the file; POST sends it."""
    if request.method != "POST":
        return render(request, "people/data.html")
    response = HttpResponse(export_own_data(user=request.user), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.now():%Y-%m-%d}.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def erase(request: SignedInRequest) -> HttpResponse:
    form = ErasureForm(request.POST or None, user=request.user)
    if not form.is_valid():
        context = {"form": form, "lost": lost_with(request.user)}
        return render(request, "people/erase.html", context)
    erase_person(user=request.user, by=request.user)
    logout(request)
    return redirect("erased")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "people/erased.html")
