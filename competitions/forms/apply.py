"""Starting an application: which start-up, which track and language, and what the applicant confirms."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.enums import RuleKind
from competitions.models import Competition, EligibilityRule
from incubators.enums import StartupStage
from incubators.forms.countries import CountryField
from incubators.forms.startups import demand_past
from incubators.models import Country, Language, Startup
from network_platform.fields import model_field
from network_platform.languages import in_language

# Which answer about the start-up a rule asks for.
ANSWERED_BY = {
    RuleKind.COUNTRY: "country",
    RuleKind.FOUNDED_AFTER: "founded",
    RuleKind.COMPANY_AGE: "founded",
    RuleKind.STAGE: "stage",
    RuleKind.TEAM_SIZE: "team_size",
    RuleKind.ONE_ENTRY: "name",
}


def has_rule(competition: Competition, kind: RuleKind) -> bool:
    return any(rule.kind == kind for rule in competition.eligibility_rules.all())


def language_names(codes: list[str]) -> dict[str, str]:
    """Languages of applications by their codes, in the reader's language."""
    return {row.code: in_language(row.names) or row.own_name for row in Language.objects.filter(code__in=codes)}


class NewStartupForm(forms.Form):
    """The few facts of a profile that an application needs; the rest can wait."""

    use_required_attribute = False

    name = forms.CharField(label=gettext_lazy("Name of the start-up"), max_length=150)
    country = CountryField(
        Country.objects.none(), label=gettext_lazy("Country"), empty_label=gettext_lazy("Choose a country")
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=StartupStage.choices, widget=forms.RadioSelect)
    founded = forms.DateField(
        label=gettext_lazy("Registered as a firm on"),
        help_text=gettext_lazy("Leave empty if there is no firm yet."),
        required=False,
        widget=forms.DateInput,
        validators=[demand_past],
    )
    team_size = forms.IntegerField(label=gettext_lazy("People in the team"), required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_field(self, "country").queryset = Country.objects.all()
        self.fields["team_size"].required = has_rule(competition, RuleKind.TEAM_SIZE)

    def refuse(self, rule: EligibilityRule, words: str) -> None:
        self.add_error(ANSWERED_BY[RuleKind(rule.kind)], words)


class ApplyForm(forms.Form):
    """`startups`: the reader's own; empty while a new one is being described. `has_withdrawn`: one of them withdrew."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, competition: Competition, startups: list[Startup], has_withdrawn: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.competition, self.startups = competition, startups
        if startups:
            self._add_startups(startups)
        if startups and has_withdrawn:
            self.fields["again"] = forms.BooleanField(
                label=_("Start from the answers of the withdrawn entry"),
                help_text=_("Files are not taken over: attach them again."),
                required=False,
            )
        self._add_track()
        self._add_language()
        self.statements = [rule for rule in competition.eligibility_rules.all() if rule.kind == RuleKind.STATEMENT]
        for rule in self.statements:
            self.fields[f"statement-{rule.pk}"] = forms.BooleanField(label=in_language(rule.statements), required=False)

    def clean_startup(self) -> str:
        """The size of the team must be known where there is a condition on it."""
        uid: str = self.cleaned_data["startup"]
        chosen = next(each for each in self.startups if str(each.uid) == uid)
        if chosen.team_size is None and has_rule(self.competition, RuleKind.TEAM_SIZE):
            raise forms.ValidationError(
                _("The profile of %(name)s does not say how many people are in the team: add it there first.")
                % {"name": chosen.name},
                code=RuleKind.TEAM_SIZE,
            )
        return uid

    def _add_startups(self, startups: list[Startup]) -> None:
        choices = [(str(each.uid), f"{each.name}, {each.country}") for each in startups]
        self.fields["startup"] = forms.ChoiceField(
            label=_("Which start-up applies?"), choices=choices, widget=forms.RadioSelect, initial=choices[0][0]
        )

    def _add_track(self) -> None:
        tracks = list(self.competition.tracks.filter(children__isnull=True))
        if tracks:
            self.fields["track"] = forms.ChoiceField(
                label=_("Track"), choices=[(track.code, str(track)) for track in tracks], widget=forms.RadioSelect
            )

    def _add_language(self) -> None:
        codes = self.competition.languages or ["en", "ru"]
        names = language_names(codes)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language in which you will write"),
            choices=[(code, capfirst(names.get(code, code))) for code in codes],
            widget=forms.RadioSelect,
        )

    @property
    def confirmed(self) -> frozenset[int]:
        """Primary keys of the statements that were ticked."""
        return frozenset(rule.pk for rule in self.statements if self.cleaned_data.get(f"statement-{rule.pk}"))

    def refuse(self, rule: EligibilityRule, words: str) -> None:
        """Show a rule that stops the application: at its statement, else at the start-up that was chosen."""
        name = f"statement-{rule.pk}" if rule.kind == RuleKind.STATEMENT else "startup"
        self.add_error(name if name in self.fields else None, words)


class TeamInviteForm(forms.Form):
    use_required_attribute = False
    email = forms.EmailField(label=gettext_lazy("Their e-mail"), max_length=254)
