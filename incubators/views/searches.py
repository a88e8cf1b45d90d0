"""Searches that a reader keeps: saving, renaming, deleting, and stopping their mail without signing in."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from incubators.directory import described, shortest
from incubators.forms.searches import ChangeSearchForm, SearchForm
from incubators.models import SavedSearch
from incubators.services.searches import (
    MOST_SEARCHES,
    TooManySearchesError,
    delete_search,
    reader_behind,
    save_search,
    stop_mails,
    update_search,
)
from incubators.views.methods import reads, reads_and_writes
from network_platform.people.requests import SignedInRequest


@reads
@login_required
def searches(request: HttpRequest) -> HttpResponse:
    """The person's own."""
    own = [(search, described(search.query)) for search in SavedSearch.objects.visible_to(request.user)]
    return render(request, "incubators/searches/list.html", {"searches": own})


@reads_and_writes
@login_required
def save(request: SignedInRequest) -> HttpResponse:
    """Gives a name to what the address asks for; the list leads here with its own."""
    asked = described(shortest(request.GET))
    longest = SavedSearch._meta.get_field("name").max_length
    form = SearchForm(request.POST or None, initial={"name": asked[:longest]})
    if form.is_valid() and _saved(request, form):
        messages.success(request, _("The search is saved. Once a month a mail tells what is new in it."))
        return redirect("incubators:searches")
    context = {"form": form, "asked": asked, "query": request.GET.urlencode()}
    return render(request, "incubators/searches/save.html", context, status=422 if form.is_bound else 200)


def _saved(request: SignedInRequest, form: SearchForm) -> bool:
    if len(shortest(request.GET)) > (SavedSearch._meta.get_field("query").max_length or 0):
        form.add_error(None, _("This search has too many filters to be saved. Take some away."))
        return False
    try:
        save_search(by=request.user, name=form.cleaned_data["name"], query=request.GET)
    except TooManySearchesError:
        form.add_error(None, _("You have %(most)s saved searches. Delete one first.") % {"most": MOST_SEARCHES})
        return False
    return True


@reads_and_writes
@login_required
def change(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Another name, with or without mail."""
    search = get_object_or_404(SavedSearch.objects.visible_to(request.user), uid=uid)
    form = ChangeSearchForm(request.POST or None, initial={"name": search.name, "is_mailed": search.is_mailed})
    if form.is_valid():
        update_search(search=search, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("incubators:searches")
    context = {"form": form, "search": search, "asked": described(search.query)}
    return render(request, "incubators/searches/change.html", context, status=422 if form.is_bound else 200)


@reads_and_writes
@login_required
def delete(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks, then forgets it."""
    search = get_object_or_404(SavedSearch.objects.visible_to(request.user), uid=uid)
    if request.method == "POST":
        delete_search(search=search, by=request.user)
        messages.success(request, _("The saved search is deleted."))
        return redirect("incubators:searches")
    return render(request, "incubators/searches/delete.html", {"search": search})


@csrf_exempt  # mail programs send this form themselves (RFC 8058); the signed address says whose mails it stops
@never_cache
@reads_and_writes
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail's link leads, without signing in. Opening it asks; only the button, or a mail program, acts."""
    reader = reader_behind(token)
    stopped = bool(reader) and request.method == "POST"
    if reader and stopped:
        stop_mails(user=reader)
    context = {"known": reader is not None, "stopped": stopped}
    return render(request, "incubators/searches/stop.html", context, status=200 if reader else 404)
