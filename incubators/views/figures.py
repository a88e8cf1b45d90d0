"""An organisation's editors and their yearly figures."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.benchmark import comparisons
from incubators.forms.figures import as_typed
from incubators.models import Organisation, YearlyFigures
from incubators.own_figures import Reporting, row_of, years_of
from incubators.rules import can_publish_figures, can_withdraw_figures
from incubators.services.figure_values import values_of
from incubators.services.figures import publish_figures, save_figures, submit_figures, withdraw_figures
from incubators.services.letters import is_read_by_secretariat
from incubators.views.methods import reads, reads_and_writes
from incubators.views.saving import Shown, save_or_show
from incubators.yearly import lines_of
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import (
    clash,
    kept_with_mistakes,
    save_id_of,
    saved_answer,
    seen_of,
    shown_in,
    version_of,
)

LEAVES = {"more", "later"}  # buttons that need no right answers


@reads
@login_required
def years(request: HttpRequest, slug: str) -> HttpResponse:
    """Each year, and where it stands."""
    organisation = _organisation(request, slug)
    context = {"organisation": organisation, "years": years_of(organisation)}
    return render(request, "incubators/figures/years.html", context)


@reads
@login_required
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What was sent for a year; while it can be written, its form."""
    figures = _year(request, slug, year)
    if figures.is_open:
        return redirect("incubators:figures-edit", slug, year)
    lines = lines_of({year: figures.values.select_related("definition__indicator")})
    context: dict[str, Any] = {"organisation": figures.organisation, "figures": figures}
    context["rows"] = [(line, line.cells([year])[0]) for line in lines]
    context["can_publish"] = can_publish_figures(request.user, figures)
    context["can_withdraw"] = can_withdraw_figures(request.user, figures)
    context["takes_remarks"] = figures.organisation.takes_remarks
    return render(request, "incubators/figures/year.html", context)


@reads_and_writes
@login_required
def edit(request: SignedInRequest, slug: str, year: int) -> HttpResponse:
    """The form of one year: saved whether it is complete or not, then the preview if nothing in it is wrong."""
    reporting = _reporting(request, slug, year)
    if not reporting.figures.is_open:
        return _closed(request, slug, year)
    shown = Shown(reporting.form(bound=False), 200)
    if request.method == "POST":
        shown = save_or_show(
            reporting.figures,
            save=lambda: _save(request, reporting),
            saved_form=lambda saved: Reporting(saved).form(),
            merged_form=reporting.form,
        )
        if not shown.is_clash and (LEAVES & request.POST.keys() or not shown.form.errors):
            return _after(request, slug, year)
    context = {"reporting": reporting, "figures": reporting.figures, "organisation": reporting.organisation}
    context |= {"form": shown.form, "theirs": shown.theirs, "seen": shown.seen or shown_in(shown.form)}
    return render(request, "incubators/figures/edit.html", context, status=shown.status)


@login_required
@require_POST
def autosave(request: SignedInRequest, slug: str, year: int) -> JsonResponse:
    """What the page sends while somebody types; see docs/components.md."""
    reporting = _reporting(request, slug, year)
    if not reporting.figures.is_open:
        raise Http404
    try:
        saved = _save(request, reporting)
    except StaleWrite as stale:
        return clash(stale)
    answer = saved_answer(saved, as_typed(request.POST, reporting.asked), saved.updated_at)
    return JsonResponse(answer | kept_with_mistakes(Reporting(saved).form()))


@reads_and_writes
@login_required
def preview(request: SignedInRequest, slug: str, year: int) -> HttpResponse:
    """What would be sent, beside the year before, and what does not seem to fit together; POST sends it."""
    reporting = _reporting(request, slug, year)
    if not reporting.figures.is_open:
        return _closed(request, slug, year)
    if request.method == "POST" and reporting.can_be_sent and _sent(request, reporting):
        return redirect("incubators:figures-year", slug, year)
    context = {"reporting": reporting, "figures": reporting.figures, "organisation": reporting.organisation}
    context |= {"form": reporting.kept, "values": values_of(reporting.figures)}
    return render(request, "incubators/figures/preview.html", context, status=422 if request.method == "POST" else 200)


@reads_and_writes
@login_required
def withdraw(request: SignedInRequest, slug: str, year: int) -> HttpResponse:
    """Asks, then takes back what nobody has answered yet."""
    figures = _year(request, slug, year)
    if not can_withdraw_figures(request.user, figures):
        return _nothing_waits(request, slug, year)
    if request.method != "POST":
        context: dict[str, Any] = {"figures": figures, "organisation": figures.organisation}
        context["by_secretariat"] = is_read_by_secretariat(figures.organisation)
        return render(request, "incubators/figures/withdraw.html", context)
    try:
        withdraw_figures(figures=figures, by=request.user)
    except IllegalMove:
        return _nothing_waits(request, slug, year)
    messages.success(request, _("Taken back. You can change the figures and send them again."))
    return redirect("incubators:figures-edit", slug, year)


@login_required
@require_POST
def publish(request: SignedInRequest, slug: str, year: int) -> HttpResponse:
    """Show a year on the organisation's page, or take it off."""
    accepted = YearlyFigures.objects.publishable_by(request.user).filter(organisation__slug=slug)
    figures = get_object_or_404(accepted, year=year)
    shown = publish_figures(figures=figures, by=request.user, shown=request.POST.get("shown") == "yes").is_published
    messages.success(request, _("They are on your page now.") if shown else _("They are no longer on your page."))
    return redirect("incubators:figures-year", slug, year)


@reads
@login_required
def benchmark(request: SignedInRequest, slug: str, year: int) -> HttpResponse:
    """Own figures beside the quartiles of comparable organisations."""
    figures = _year(request, slug, year)
    context: dict[str, Any] = {"organisation": figures.organisation, "figures": figures}
    context["comparisons"] = comparisons(figures, by=request.user)
    return render(request, "incubators/figures/benchmark.html", context)


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    own = Organisation.objects.editable_by(request.user).select_related("country")
    return get_object_or_404(own, slug=slug)


def _year(request: HttpRequest, slug: str, year: int) -> YearlyFigures:
    figures = row_of(_organisation(request, slug), year)
    if figures is None:
        raise Http404
    return figures


def _reporting(request: HttpRequest, slug: str, year: int) -> Reporting:
    return Reporting(_year(request, slug, year))


def _closed(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """To what was sent; whoever was writing is told that a colleague has sent it."""
    if request.method == "POST":
        messages.warning(request, _("These figures were sent in the meantime. See how they stand now."))
    return redirect("incubators:figures-year", slug, year)


def _nothing_waits(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    messages.warning(request, _("There is nothing to take back: it was answered or taken back in the meantime."))
    return redirect("incubators:figures-year", slug, year)


def _save(request: SignedInRequest, reporting: Reporting) -> YearlyFigures:
    return save_figures(
        organisation=reporting.organisation,
        year=reporting.year,
        by=request.user,
        version=version_of(request),
        save_id=save_id_of(request),
        values=as_typed(request.POST, reporting.asked),
        seen=seen_of(request),
    )


def _after(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """More lines on the same page, back to the years, or on to the preview."""
    if "more" in request.POST:
        return redirect("incubators:figures-edit", slug, year)
    if "later" in request.POST:
        messages.success(request, _("Saved. You can go on whenever you like, on any device."))
        return redirect("incubators:figures", slug)
    return redirect("incubators:figures-preview", slug, year)


def _sent(request: SignedInRequest, reporting: Reporting) -> bool:
    said = reporting.kept.cleaned_data
    try:
        submit_figures(
            figures=reporting.figures,
            by=request.user,
            version=version_of(request),
            values=reporting.kept.report(),
            note=said["note"],
            is_published=said["is_published"] == "yes",
        )
    except StaleWrite:
        messages.warning(request, _("Somebody saved these figures in between. Look again, then send them."))
        return False
    messages.success(request, _("Sent. You will get a mail as soon as there is an answer."))
    return True
