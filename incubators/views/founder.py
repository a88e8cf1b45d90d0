"""Founders and their start-ups' profiles."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.forms.startups import NewStartupForm, StartupForm, kept_form
from incubators.models import Country, Startup
from incubators.services.startups import create_startup, in_form, remove_startup, update_startup
from incubators.views.methods import reads, reads_and_writes
from incubators.views.saving import Shown, save_or_show
from network_platform.drafts import StaleWrite
from network_platform.people.requests import SignedInRequest
from network_platform.saving import clash, not_taken, save_id_of, saved_answer, seen_of, shown_in, version_of
from network_platform.typed import without_nul


@reads
@login_required
def startups(request: HttpRequest) -> HttpResponse:
    """The person's own."""
    own = Startup.objects.editable_by(request.user).select_related("country")
    removable = set(Startup.objects.removable_by(request.user).values_list("pk", flat=True))
    return render(request, "incubators/founder/list.html", {"startups": own, "removable": removable})


@reads_and_writes
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    form = NewStartupForm(request.POST or None)
    if not form.is_valid():
        return render(request, "incubators/founder/new.html", {"form": form}, status=422 if form.is_bound else 200)
    alike, imported = _alike(request, **form.cleaned_data), _without_founder(**form.cleaned_data)
    if (alike or imported) and "another" not in request.POST:
        context = {"form": form, "alike": alike, "imported": imported, "country": form.cleaned_data["country"]}
        context["hosts"] = imported.hosts().public() if imported else []
        return render(request, "incubators/founder/alike.html", context)
    startup = create_startup(by=request.user, language=request.user.language, **form.cleaned_data)
    return redirect("incubators:startup-edit", startup.uid)


@reads_and_writes
@login_required
def edit(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """The whole profile; complete or not, it is saved."""
    startup = _own(request, uid)
    shown = Shown(kept_form(startup), 200)
    if request.method == "POST":
        shown = save_or_show(
            startup,
            save=lambda: _save(request, startup, StartupForm(request.POST, instance=startup)),
            saved_form=kept_form,
            merged_form=lambda merged: StartupForm(merged, instance=startup),
        )
        if not shown.form.errors:
            messages.success(request, _("Saved."))
            return redirect(_way_back(request))
    form = shown.form
    context = {"form": form, "startup": startup, "theirs": shown.theirs, "seen": shown.seen or shown_in(form)}
    context["not_saved"] = not_taken(form)["words"] if form.is_bound else ""
    context["next"] = request.POST.get("next") or request.GET.get("next", "")
    if shown.status == 422:
        context["way_back"] = _way_back(request)
    return render(request, "incubators/founder/edit.html", context, status=shown.status)


@login_required
@require_POST
def autosave(request: SignedInRequest, uid: uuid.UUID) -> JsonResponse:
    """Keeps what was typed; the answer names what the profile could not take."""
    startup = _own(request, uid)
    form = StartupForm(request.POST, instance=startup)
    try:
        saved = _save(request, startup, form)
    except StaleWrite as stale:
        return clash(stale)
    for name in form.errors.keys() & saved.theirs.keys():
        del form.errors[name]
    return JsonResponse(saved_answer(saved, in_form(_typed(request, form)), saved.updated_at) | not_taken(form))


@reads_and_writes
@login_required
def remove(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks, then takes away a profile with which nobody has applied."""
    startup = get_object_or_404(Startup.objects.removable_by(request.user), uid=uid)
    if request.method == "POST":
        remove_startup(startup=startup, by=request.user)
        messages.success(request, _("The profile of %(name)s is gone.") % {"name": startup.name})
        return redirect("incubators:startups")
    return render(request, "incubators/founder/remove.html", {"startup": startup})


def _alike(request: HttpRequest, *, name: str, country: Country) -> list[Startup]:
    """The person's start-ups of that country with the same name, however it is written."""
    own = Startup.objects.editable_by(request.user).filter(country=country).select_related("country")
    return [each for each in own if each.name.casefold().split() == name.casefold().split()]


def _without_founder(*, name: str, country: Country) -> Startup | None:
    """One that came by import, under this name, and has no founder. Nothing of it is shown but that it is there."""
    return Startup.objects.without_founder().resembling(name, country=country).first()


def _own(request: HttpRequest, uid: uuid.UUID) -> Startup:
    own = Startup.objects.editable_by(request.user).select_related("country")
    return get_object_or_404(own, uid=uid)


def _typed(request: HttpRequest, form: StartupForm) -> dict[str, Any]:
    """What is valid, and under `typed` what is not (yet), as it was typed."""
    form.is_valid()
    typed = without_nul({name: request.POST.get(name, "") for name in form.errors if name in form.fields})
    return {name: value for name, value in form.cleaned_data.items() if name not in typed} | {"typed": typed}


def _save(request: SignedInRequest, startup: Startup, form: StartupForm) -> Startup:
    return update_startup(
        startup=startup,
        by=request.user,
        version=version_of(request),
        save_id=save_id_of(request),
        seen=seen_of(request),
        **_typed(request, form),
    )


def _way_back(request: HttpRequest) -> str:
    """Where the person came from, on this site only; else the list of their start-ups."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and safe else reverse("incubators:startups")
