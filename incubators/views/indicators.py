"""The secretariat's pages about what is counted every year."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.forms.indicators import DefinitionForm, IndicatorForm, RetireForm, code_of
from incubators.models import Definition, Indicator
from incubators.models.figures import FIRST_YEAR_OF_FIGURES
from incubators.rules import can_define_indicators
from incubators.services.indicators import (
    add_indicator,
    define_indicator,
    first_free,
    first_unreported,
    retire_indicator,
)
from incubators.views.methods import reads, reads_and_writes
from incubators.yearly import last_year
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken


def definers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_define_indicators(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@reads
@definers_only
def indicators(request: HttpRequest) -> HttpResponse:
    """All of them with every version of their definitions."""
    found = Indicator.objects.prefetch_related("definitions")
    context = {"indicators": found, "first_year": FIRST_YEAR_OF_FIGURES}
    return render(request, "incubators/indicators/list.html", context)


@reads_and_writes
@definers_only
def add(request: SignedInRequest) -> HttpResponse:
    form = IndicatorForm(request.POST or None, initial={"since": last_year(), "unit": "count"})
    key = f"indicator-new:{request.user.uid}"
    if not form.is_valid():
        return _form(request, form, key=key)
    said = form.cleaned_data
    code = code_of(said["name_en"])
    add_indicator(
        by=request.user, code=code, names=form.names, unit=said["unit"], texts=form.texts, since=said["since"]
    )
    say_taken(request, _("Added. Organisations are asked from that year on."), key)
    return redirect("incubators:indicators")


@reads_and_writes
@definers_only
def define(request: SignedInRequest, code: str) -> HttpResponse:
    """A new version of the definition; the old one stays with the figures that were reported by it."""
    indicator = get_object_or_404(Indicator, code=code)
    free = first_free(indicator)
    latest = cast(Definition, indicator.definitions.first())
    initial = {"since": max(free, last_year()), **{f"text_{each}": text for each, text in latest.texts.items()}}
    form = DefinitionForm(request.POST or None, first_free=free, initial=initial)
    key = f"definition:{indicator.code}:{request.user.uid}"
    if not form.is_valid():
        return _form(request, form, indicator=indicator, key=key)
    define_indicator(indicator=indicator, by=request.user, texts=form.texts, since=form.cleaned_data["since"])
    say_taken(request, _("Defined anew from that year on."), key)
    return redirect("incubators:indicators")


@reads_and_writes
@definers_only
def retire(request: SignedInRequest, code: str) -> HttpResponse:
    """From which year on it is asked no more; or that it is asked again."""
    indicator = get_object_or_404(Indicator, code=code)
    initial = {"retired_from": indicator.retired_from}
    form = RetireForm(request.POST or None, first_free=first_unreported(indicator), initial=initial)
    if not form.is_valid():
        return _form(request, form, indicator=indicator, retires=True)
    retire_indicator(indicator=indicator, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("incubators:indicators")


def _form(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    page = "incubators/indicators/form.html"
    return render(request, page, {"form": form, **context}, status=422 if form.is_bound else 200)
