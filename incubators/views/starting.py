"""Listing an organisation that is not there yet: the way in, its name and country, what may be the same."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incubators.duplicates import likely_duplicates
from incubators.forms.listing import StartForm
from incubators.models import Organisation
from incubators.services.listing import MOST_DRAFTS, TooManyDraftsError, start_listing
from incubators.views.methods import reads_and_writes
from network_platform.people.requests import SignedInRequest, is_signed_in


@reads_and_writes
def new(request: HttpRequest) -> HttpResponse:
    """The way to a listing; for visitors what it takes, and the way to signing in."""
    if is_signed_in(request):
        return _start(request)
    if request.method == "POST":
        return redirect_to_login(request.get_full_path())
    return render(request, "incubators/editor/way_in.html")


def _start(request: SignedInRequest) -> HttpResponse:
    """Name and country; then what may be the same; then a draft."""
    initial = {"language": get_language(), "country": request.GET.get("country", "").upper()}
    initial |= {name: request.GET[name] for name in ("name", "language") if name in request.GET}
    form = StartForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "incubators/editor/new.html", {"form": form}, status=422 if form.is_bound else 200)
    name, country = form.cleaned_data["name"], form.cleaned_data["country"]
    likely = likely_duplicates(name, country=country, by=request.user)
    if likely and "none-of-these" not in request.POST:
        own = Organisation.objects.editable_by(request.user).filter(pk__in=[each.organisation.pk for each in likely])
        context = {"form": form, "likely": likely, "name": name, "own": set(own.values_list("pk", flat=True))}
        return render(request, "incubators/editor/likely.html", context)
    try:
        revision = start_listing(by=request.user, **form.cleaned_data)
    except TooManyDraftsError:
        form.add_error(None, _("You have %(most)s drafts. Finish or discard one first.") % {"most": MOST_DRAFTS})
        return render(request, "incubators/editor/new.html", {"form": form}, status=422)
    return redirect("incubators:section", revision.organisation.slug, "names")
