"""The desk of focal points and the secretariat: the figures of a country."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.country_figures import CountryFigures, FiguresReview
from incubators.models import Country, YearlyFigures
from incubators.reviewing import Queue
from incubators.rules import countries_of
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads, reads_and_writes
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken, version_of


@reads
@reviewers_only
def country_figures(request: SignedInRequest) -> HttpResponse:
    """Sums over years, who is late, what is accepted; `?country=KZ` chooses among the countries that one serves."""
    country, countries = chosen_country(request)
    context = {"page": CountryFigures(country), "country": country, "countries": countries}
    return render(request, "incubators/focal/country_figures.html", context)


@reads_and_writes
@reviewers_only
def review(request: SignedInRequest, uid: str) -> HttpResponse:
    """One organisation's year beside the years before, and the answer."""
    sent = YearlyFigures.objects.served_by(request.user).select_related("organisation__country", "submitted_by")
    if YearlyFigures.objects.taken_back_from(request.user).filter(uid=uid).exists():
        messages.warning(request, _("Its editors have taken it back. You get a mail if they send it again."))
        return redirect("incubators:queue")
    figures = get_object_or_404(sent, uid=uid)
    review = FiguresReview(figures, by=request.user, data=request.POST or None)
    key = f"figures-review:{figures.uid}:{request.user.uid}"
    if request.method == "POST" and review.form.is_valid():
        try:
            say_taken(request, review.answer(version_of(request)), key)
            return redirect("incubators:queue")
        except IllegalMove:
            messages.warning(request, _("Somebody else has answered already."))
            return redirect("incubators:queue")
        except StaleWrite:
            words = _("The editors sent other figures since you opened this page. Read them, then answer.")
            review.form.add_error(None, words)
    context = {"review": review, "queue": Queue(request.user), "key": key}
    return render(request, "incubators/focal/figures.html", context, status=422 if review.form.errors else 200)


def chosen_country(request: SignedInRequest) -> tuple[Country, list[Country]]:
    """The country that `?country=KZ` asks for, else the first, and all that the person serves. 404 for any other."""
    served = (
        Country.objects.all()
        if request.user.is_secretariat
        else Country.objects.filter(iso2__in=countries_of(request.user))
    )
    countries = sorted(served, key=str)
    asked = request.GET.get("country", countries[0].iso2)
    country = next((each for each in countries if each.iso2 == asked), None)
    if country is None:
        raise Http404
    return country, countries
