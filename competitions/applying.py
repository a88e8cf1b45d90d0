"""The check before the long form, put together: start-up, statements, what the rules say."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.enums import EntryState, RuleKind
from competitions.forms.apply import ANSWERED_BY, ApplyForm, NewStartupForm
from competitions.models import Competition, Entry
from competitions.services.eligibility import PLACES, Case, Finding, blocking, findings
from competitions.services.entries import NotEligible, draft_of, start_entry, start_entry_described, startup_described
from incubators.models import Startup
from network_platform.controls import mistakes
from network_platform.people.requests import SignedInRequest


class Application:
    """One person at the door of one competition: chooses a start-up, or describes a new one (`?new=1`)."""

    def __init__(self, request: SignedInRequest, competition: Competition) -> None:
        self.request, self.competition = request, competition
        own = Startup.objects.editable_by(request.user).select_related("country").order_by("name")
        self.startups = list(own)
        rows = Entry.objects.of_startups(request.user).filter(competition=competition)
        self.entries = list(rows.select_related("startup").order_by("-pk"))
        self.drafts = [entry for entry in self.entries if entry.state == EntryState.DRAFT]
        self.warnings: list[Finding] = []
        self.in_the_way: list[Entry] = []
        self.to_mend: list[tuple[str, str]] = []
        data = request.POST if request.method == "POST" else None
        self.is_new = not self.startups or "new" in request.GET or "name" in (data or {})
        self.form = ApplyForm(
            data,
            competition=competition,
            startups=[] if self.is_new else self.startups,
            has_withdrawn=any(entry.state == EntryState.WITHDRAWN for entry in self.entries),
            initial={"language": request.LANGUAGE_CODE},
        )
        self.startup_form = NewStartupForm(data, competition=competition) if self.is_new else None

    def only_draft(self) -> Entry | None:
        """The draft to go on with, if every start-up of the person has one; a new start-up is another matter."""
        begun = {draft.startup_id for draft in self.drafts}
        is_all = all(startup.pk in begun for startup in self.startups)
        return self.drafts[0] if self.drafts and is_all and "new" not in self.request.GET else None

    def start(self) -> Entry | None:
        """The draft, if everything was answered and no rule stops it; else the forms know why.

        Raises DeadlinePassed when applications closed meanwhile.
        """
        is_startup_right = self.startup_form is None or self.startup_form.is_valid()
        is_right = self.form.is_valid() and is_startup_right
        try:
            stopped = self._stopped()
            if is_right and not stopped:
                return self._begin()
        except NotEligible as refused:
            stopped = refused.findings
        for finding in stopped:
            self._refuse(finding)
        if self.form.has_error("startup", RuleKind.TEAM_SIZE):
            self._lead_to(RuleKind.TEAM_SIZE)
        return None

    def _stopped(self) -> list[Finding]:
        """The rules that stop what was just typed, as far as it can be used; all of them are told at once.

        Those that are only preferred, and not met, are in `warnings`.
        """
        startup, besides = self._startup(), self._not_answered()
        draft = draft_of(startup, self.competition)
        found = findings(Case(startup, self.competition, self.form.confirmed, draft), besides)
        self.warnings = [finding for finding in found if finding.warns]
        return blocking(found)

    def _not_answered(self) -> set[str]:
        """The kinds of rules about which nothing useful was typed."""
        if self.startup_form is None:
            is_chosen = "startup" in self.form.cleaned_data
            return set() if is_chosen else set(RuleKind.values) - {RuleKind.STATEMENT}
        wrong = self.startup_form.errors
        return {kind for kind, name in ANSWERED_BY.items() if name in wrong}

    def _startup(self) -> Startup:
        """The chosen one, or the one described; nothing is stored."""
        if self.startup_form is None:
            chosen = self.form.cleaned_data.get("startup")
            return next((each for each in self.startups if str(each.uid) == chosen), Startup())
        described = self.startup_form.cleaned_data
        if {"name", "country"} <= described.keys():
            return startup_described(by=self.request.user, **described)
        return Startup(**described)

    def _begin(self) -> Entry:
        chosen = self.form.cleaned_data
        track = self.competition.tracks.filter(code=chosen.get("track")).first() if chosen.get("track") else None
        common = {"competition": self.competition, "by": self.request.user, "language": chosen["language"]}
        common |= {"track": track, "confirmed": self.form.confirmed}
        if self.startup_form is None:
            return start_entry(startup=self._startup(), is_again=chosen.get("again", False), **common)
        return start_entry_described(described=self.startup_form.cleaned_data, **common)

    def _refuse(self, finding: Finding) -> None:
        """At the answer that the rule is about; an entry that is there already is shown."""
        if finding.rule.kind == RuleKind.ONE_ENTRY:
            startup = self._startup()
            own = [entry for entry in self.entries if entry.startup_id == startup.pk]
            self.in_the_way = [entry for entry in own if entry.state != EntryState.WITHDRAWN]
        if finding.is_about_profile and self.startup_form is None:
            self._lead_to(RuleKind(finding.rule.kind))
        form = self.startup_form if self.startup_form is not None and finding.rule.kind in ANSWERED_BY else self.form
        form.refuse(finding.rule, finding.words)

    def _lead_to(self, kind: RuleKind) -> None:
        """Name what a rule is about, and the way to its place in the profile of the start-up that was chosen."""
        uid = self.form["startup"].value()
        chosen = next((each for each in self.startups if str(each.uid) == uid), None)
        name, place = PLACES[kind]
        field = cast("models.Field[Any, Any]", Startup._meta.get_field(name))
        line = chosen and (str(field.verbose_name), f"{self._profile(chosen)}#{place}")
        if line and line not in self.to_mend:
            self.to_mend.append(line)

    def _profile(self, startup: Startup) -> str:
        """The address of its profile, from which saving leads back to this page."""
        return f"{startup.get_absolute_url()}?{urlencode({'next': self.request.path})}"

    def context(self) -> dict[str, Any]:
        return {
            "competition": self.competition,
            "form": self.form,
            "startup_form": self.startup_form,
            "wrong": [*mistakes(self.startup_form), *mistakes(self.form)],
            "startups": self.startups,
            "entries": self.entries,
            "in_the_way": self.in_the_way,
            "warnings": self.warnings,
            "to_mend": self.to_mend,
            "profile": self._profile(self.startups[0]) if len(self.startups) == 1 else reverse("incubators:startups"),
            "is_new": self.is_new,
            "crumbs": [(_("Competitions"), "../../"), (str(self.competition), "../")],
        }
