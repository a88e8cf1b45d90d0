"""The check before the long form, put together: start-up, statements, what the rules say."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from competitions.forms.apply import ApplyForm, NewStartupForm
from competitions.models import Competition, Entry
from competitions.services.entries import NotEligible, start_entry, startup_named
from incubators.models import Startup


class Application:
    """One person at the door of one competition: chooses a start-up, or describes a new one (`?new=1`)."""

    def __init__(self, request: HttpRequest, competition: Competition) -> None:
        self.request, self.competition = request, competition
        own = Startup.objects.editable_by(request.user).select_related("country").order_by("name")
        self.startups = list(own)
        data = request.POST if request.method == "POST" else None
        self.is_new = not self.startups or "new" in request.GET or "name" in (data or {})
        self.form = ApplyForm(
            data,
            competition=competition,
            startups=[] if self.is_new else self.startups,
            initial={"language": request.LANGUAGE_CODE},
        )
        self.startup_form = NewStartupForm(data) if self.is_new else None

    def start(self) -> Entry | None:
        """The draft, if everything was answered and no rule stops it; else the forms know why.

        Raises DeadlinePassed when applications closed meanwhile.
        """
        is_startup_right = self.startup_form is None or self.startup_form.is_valid()
        if not (self.form.is_valid() and is_startup_right):
            return None
        chosen = self.form.cleaned_data
        track = self.competition.tracks.filter(code=chosen.get("track")).first() if chosen.get("track") else None
        try:
            return start_entry(
                competition=self.competition,
                startup=self._startup(),
                by=self.request.user,
                language=chosen["language"],
                track=track,
                confirmed=self.form.confirmed,
            )
        except NotEligible as stopped:
            for finding in stopped.findings:
                self.form.refuse(finding.rule, finding.words)
            return None

    def _startup(self) -> Startup:
        """The chosen one; a new one is kept even if a rule then stops the application, and is not made twice."""
        if self.startup_form is None:
            return next(each for each in self.startups if str(each.uid) == self.form.cleaned_data["startup"])
        return startup_named(by=self.request.user, **self.startup_form.cleaned_data)

    def context(self) -> dict[str, Any]:
        return {
            "competition": self.competition,
            "form": self.form,
            "startup_form": self.startup_form,
            "startups": self.startups,
            "is_new": self.is_new,
            "crumbs": [(_("Competitions"), "../../"), (str(self.competition), "../")],
        }
