"""An organisation's editors and their programmes, cohorts and calls."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.differences import field_differences
from incubators.enums import CallStatus, ProgrammeStatus
from incubators.forms.programmes import CallForm, CohortForm, ProgrammeForm, WithdrawalForm
from incubators.models import Cohort, OpenCall, Organisation, Programme
from incubators.profiles import spoken
from incubators.rules import can_delete_programme
from incubators.services.programmes import (
    create_call,
    create_programme,
    delete_programme,
    move_call,
    save_cohort,
    update_call,
    update_programme,
)
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken, version_of


@reads
@login_required
def programmes(request: HttpRequest, slug: str) -> HttpResponse:
    """All programmes of an organisation that one edits, drafts included."""
    organisation = _organisation(request, slug)
    calls = Prefetch("calls", OpenCall.objects.order_by("-closes_at", "-pk"))
    rows = organisation.programmes.prefetch_related(calls, "cohorts").order_by("status", "pk")
    return render(request, "incubators/programmes/list.html", {"organisation": organisation, "programmes": rows})


@reads_and_writes
@login_required
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    organisation = _organisation(request, slug)
    form = ProgrammeForm(request.POST or None, country=organisation.country)
    key = _key(request, "programme", within=organisation)
    if not form.is_valid():
        return _form(request, "programme", form, organisation=organisation, key=key)
    programme = create_programme(organisation=organisation, by=request.user, **form.values())
    say_taken(request, _("Saved as a draft. Publish it when it is ready."), key)
    return redirect("incubators:programme-edit", programme.uid)


@reads_and_writes
@login_required
def edit(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """The programme's texts, its cohorts and calls. `to` also publishes it, ends it, or takes it up again."""
    programme = _programme(request, uid)
    organisation = programme.organisation
    form = ProgrammeForm(request.POST or None, country=organisation.country, programme=programme)
    key = _key(request, "programme", programme)
    if _saved(request, form, update_programme, ProgrammeStatus, key, programme=programme):
        return redirect("incubators:programme-edit", uid)
    context: dict[str, Any] = {"organisation": organisation, "programme": programme, "key": key}
    context |= {"calls": programme.calls.order_by("-closes_at", "-pk"), "cohorts": programme.cohorts.all()}
    context["can_delete"] = can_delete_programme(request.user, programme)
    return _form(request, "programme", form, **context)


@reads_and_writes
@login_required
def delete(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks, then deletes a draft."""
    drafts = Programme.objects.deletable_by(request.user).select_related("organisation__country")
    programme = get_object_or_404(drafts, uid=uid)
    if request.method == "POST":
        delete_programme(programme=programme, by=request.user)
        messages.success(request, _("The draft is gone."))
        return redirect("incubators:programmes", programme.organisation.slug)
    context = {"organisation": programme.organisation, "programme": programme, "inside": True}
    return render(request, "incubators/programmes/delete.html", context)


@reads_and_writes
@login_required
def cohort_new(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    programme = _programme(request, uid)
    return _cohort(request, programme, None)


@reads_and_writes
@login_required
def cohort_edit(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    own = Programme.objects.editable_by(request.user)
    cohort = get_object_or_404(Cohort.objects.filter(programme__in=own).select_related(*UP), uid=uid)
    return _cohort(request, cohort.programme, cohort)


@reads_and_writes
@login_required
def call_new(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    programme = _programme(request, uid)
    form = CallForm(request.POST or None, programme=programme)
    key = _key(request, "call", within=programme)
    if not form.is_valid():
        context = {"organisation": programme.organisation, "programme": programme, "inside": True, "key": key}
        return _form(request, "call", form, **context)
    call = create_call(programme=programme, by=request.user, **form.values())
    say_taken(request, _("Saved as a draft. Publish it when it is ready."), key)
    return redirect("incubators:call-edit", call.uid)


@reads_and_writes
@login_required
def call_edit(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """The call's texts and moments. `to` also publishes it, or opens it again. What is withdrawn is only read."""
    call = _call(request, uid)
    if call.status == CallStatus.WITHDRAWN:
        return _withdrawn(request, call)
    form = CallForm(request.POST or None, programme=call.programme, call=call)
    key = _key(request, "call", call)
    if _saved(request, form, update_call, CallStatus, key, call=call):
        return redirect("incubators:call-edit", uid)
    context = {"organisation": call.programme.organisation, "programme": call.programme, "call": call, "inside": True}
    context["key"] = key
    return _form(request, "call", form, **context)


@reads_and_writes
@login_required
def call_move(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Publish a call or open it again; close it before its time, or withdraw it with a reason, which is asked first."""
    call = _call(request, uid)
    to = (request.POST or request.GET).get("to", "")
    form = WithdrawalForm(request.POST or None) if to == CallStatus.WITHDRAWN else None
    if request.method != "POST" or (form and not form.is_valid()):
        if to not in (CallStatus.CLOSED, CallStatus.WITHDRAWN) or call.status != CallStatus.PUBLISHED:
            return redirect("incubators:call-edit", uid)
        context = {"organisation": call.programme.organisation, "programme": call.programme, "inside": True}
        context |= {"call": call, "to": to, "form": form}
        status = 422 if form and form.errors else 200
        return render(request, "incubators/programmes/call_end.html", context, status=status)
    reason = form.cleaned_data["reason"] if form else ""
    try:
        move_call(call=call, to=CallStatus(to), by=request.user, reason=reason)
        messages.success(request, MOVED[CallStatus(to)])
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except (IllegalMove, ValueError):
        messages.warning(request, _("That is not possible any more. See how it stands now."))
    return redirect("incubators:call-edit", uid)


MOVED = {
    CallStatus.PUBLISHED: gettext_lazy("The call is published."),
    CallStatus.CLOSED: gettext_lazy("The call is closed. It can be opened again with a later end."),
    CallStatus.WITHDRAWN: gettext_lazy("The call is withdrawn and is shown no more."),
}
UP = ("programme__organisation__country", "programme__organisation__city")


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    own = Organisation.objects.editable_by(request.user).select_related("country")
    return get_object_or_404(own, slug=slug)


def _programme(request: HttpRequest, uid: uuid.UUID) -> Programme:
    own = Programme.objects.editable_by(request.user).select_related("organisation__country")
    return get_object_or_404(own, uid=uid)


def _call(request: HttpRequest, uid: uuid.UUID) -> OpenCall:
    return get_object_or_404(OpenCall.objects.editable_by(request.user).select_related(*UP), uid=uid)


def _withdrawn(request: HttpRequest, call: OpenCall) -> HttpResponse:
    if request.method == "POST":
        messages.warning(request, _("That is not possible any more. See how it stands now."))
        return redirect("incubators:call-edit", call.uid)
    context = {"organisation": call.programme.organisation, "programme": call.programme, "call": call, "inside": True}
    context["description"] = spoken(call.descriptions)
    return render(request, "incubators/programmes/call_withdrawn.html", context)


def _cohort(request: SignedInRequest, programme: Programme, cohort: Cohort | None) -> HttpResponse:
    form = CohortForm(request.POST or None, programme=programme, instance=cohort)
    key = _key(request, "cohort", cohort, within=programme)
    if not form.is_valid():
        context: dict[str, Any] = {"organisation": programme.organisation, "programme": programme}
        context |= {"cohort": cohort, "inside": True, "key": key}
        if cohort:
            context["placements"] = cohort.placements.confirmed().select_related("startup")
        return _form(request, "cohort", form, **context)
    save_cohort(programme=programme, by=request.user, cohort=cohort, **form.values())
    say_taken(request, _("Saved."), key)
    return redirect("incubators:programme-edit", programme.uid)


def _key(
    request: SignedInRequest,
    name: str,
    thing: Programme | Cohort | OpenCall | None = None,
    within: Organisation | Programme | None = None,
) -> str:
    """Under which the device keeps what is typed about a thing, or about a new one `within` another."""
    about = f"{name}:{thing.uid}" if thing else f"{name}-new:{within and within.uid}"
    return f"{about}:{request.user.uid}"


def _saved(
    request: HttpRequest,
    form: Any,
    save: Callable[..., Any],
    states: type[ProgrammeStatus | CallStatus],
    key: str,
    **thing: Any,
) -> bool:
    """Whether what was typed was saved, and the thing moved if a button asks for it. Else the form says why not."""
    if not form.is_valid():
        return False
    to = request.POST.get("to", "")
    try:
        state = states(to) if to else None
        save(**thing, by=request.user, version=version_of(request), to=state, **form.values())
    except StaleWrite:
        form.add_error(None, _("Somebody else saved this in between. Compare the two texts, then save again."))
        form.theirs = field_differences(form.initial, form)
    except ValidationError as refused:
        form.add_error(None, refused)
    except (IllegalMove, ValueError):
        form.add_error(None, _("That is not possible any more. See how it stands now."))
    else:
        say_taken(request, _("Saved and published.") if to == states.PUBLISHED else _("Saved."), key)
        return True
    return False


def _form(request: HttpRequest, name: str, form: Any, **context: Any) -> HttpResponse:
    """The form's page; with mistakes 422."""
    page, theirs = f"incubators/programmes/{name}.html", getattr(form, "theirs", [])
    context |= {"form": form, "theirs": theirs}
    return render(request, page, context, status=422 if form.is_bound else 200)
