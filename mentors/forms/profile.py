"""The profile form: one page, saved as it is typed."""

from operator import itemgetter
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from incubators.enums import StartupStage
from incubators.models import Country, Sector
from mentors.addresses import has_address
from mentors.enums import OWN_AVAILABILITY, Availability, Level, RoleKind, SpokenLanguage, Visibility
from mentors.models import Expertise
from mentors.models.roles import LARGEST_CAPACITY
from mentors.services.profiles import Offer, Profile
from network_platform.fields import choice_field, our_field
from network_platform.languages import in_language
from network_platform.people.names import clean_latin_name, clean_name
from network_platform.people.zones import clean_zone, zone_choices

LONGEST_HEADLINE = 120
LONGEST_BIO = 1500
MOST_SKILLS = 8
TEXTS = ("en", "ru", "own")
PUBLIC_TEXTS = [f"{name}_{text}" for text in TEXTS for name in ("headline", "bio")]


class ProfileForm(forms.Form):
    """Everything but consent, which is asked beside the preview of exactly what will be shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        help_text=gettext_lazy("In your own script, as people call you."),
    )
    name_latin = forms.CharField(label=gettext_lazy("Your name in Latin letters"), max_length=150)
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy(
            "Its focal point reads your profile before it is shown, and hears of every later change of its texts."
        ),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Others see how much of the working day you share."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("How you help"), choices=RoleKind.choices, widget=forms.CheckboxSelectMultiple
    )
    headline_en = forms.CharField(
        label=gettext_lazy("In one line, in English"), required=False, max_length=LONGEST_HEADLINE
    )
    bio_en = forms.CharField(
        label=gettext_lazy("About you, in English"), required=False, max_length=LONGEST_BIO, widget=forms.Textarea
    )
    headline_ru = forms.CharField(
        label=gettext_lazy("In one line, in Russian"), required=False, max_length=LONGEST_HEADLINE
    )
    bio_ru = forms.CharField(
        label=gettext_lazy("About you, in Russian"), required=False, max_length=LONGEST_BIO, widget=forms.Textarea
    )
    own_language = forms.ChoiceField(
        label=gettext_lazy("Another language"),
        required=False,
    )
    headline_own = forms.CharField(
        label=gettext_lazy("In one line, in this language"), required=False, max_length=LONGEST_HEADLINE
    )
    bio_own = forms.CharField(
        label=gettext_lazy("About you, in this language"), required=False, max_length=LONGEST_BIO, widget=forms.Textarea
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What you can help with"), widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Sectors you know"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Stages you like to work with"),
        required=False,
        choices=StartupStage.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may find you"), choices=Visibility.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "country").choices = [
            ("", _("Choose")),
            *sorted(((c.iso2, str(c)) for c in self._countries.values()), key=itemgetter(1)),
        ]
        choice_field(self, "own_language").choices = [
            ("", "—"),
            *((code, capfirst(label)) for code, label in SpokenLanguage.choices if code not in TEXTS),
        ]
        choice_field(self, "time_zone").choices = [("", _("that of the country")), *zone_choices(zone)]
        choice_field(self, "skills").choices = _labelled(Expertise.objects.labels())
        self.fields["skills"].help_text = _("At most %(n)d, the strongest.") % {"n": MOST_SKILLS}
        choice_field(self, "sectors").choices = _labelled(self._sector_labels)
        for code, label in SpokenLanguage.choices:
            self.fields[f"language_{code}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", "—"), *Level.choices]
            )
            our_field(self.fields[f"language_{code}"]).full_label = _("Languages you work in")
        for name in ("time_zone", *(f"headline_{text}" for text in TEXTS)):
            our_field(self.fields[name]).needed_at_times = True
        self.fields[f"headline_{text_order()[0]}"].help_text = _("At least one language is needed.")
        for role in RoleKind:
            self._add_offer(role)
        self.order_fields(self._as_on_the_page())

    def _as_on_the_page(self) -> list[str]:
        """The order in which mistakes are listed."""
        offers = [f"{name}_{role}" for role in RoleKind for name in ("capacity", "availability")]
        spoken = [f"language_{code}" for code in SpokenLanguage.values]
        texts = [f"{name}_{text}" for text in text_order() for name in ("headline", "bio")]
        begin = ["name", "name_latin", "country", "time_zone", "roles", *offers, "skills", "sectors", "stages"]
        return [*begin, *spoken, *texts[:-2], "own_language", *texts[-2:], "visibility"]

    def _add_offer(self, role: RoleKind) -> None:
        self.fields[f"capacity_{role}"] = forms.IntegerField(
            label=gettext_lazy("New requests a month"),
            required=False,
            min_value=1,
            max_value=LARGEST_CAPACITY,
            initial=2,
        )
        self.fields[f"availability_{role}"] = forms.ChoiceField(
            label=pgettext_lazy("availability", "Now"),
            required=False,
            choices=OWN_AVAILABILITY,
            initial=Availability.OPEN,
        )
        for name in (f"capacity_{role}", f"availability_{role}"):
            our_field(self.fields[name]).full_label = f"{role.label}: {self.fields[name].label}"

    @cached_property
    def _countries(self) -> dict[str, Country]:
        return {country.iso2: country for country in Country.objects.all()}

    @cached_property
    def _sector_labels(self) -> dict[str, dict[str, str]]:
        return dict(Sector.objects.values_list("code", "labels"))

    def offers(self) -> list[tuple[RoleKind, BoundField, BoundField, bool]]:
        """For the template: role, its two fields, whether it is ticked."""
        ticked = self["roles"].value() or []
        return [
            (role, self[f"capacity_{role}"], self[f"availability_{role}"], role.value in ticked) for role in RoleKind
        ]

    def texts(self) -> list[tuple[str, BoundField, BoundField]]:
        """For the template: language and its two fields, the reader's language first."""
        return [(text, self[f"headline_{text}"], self[f"bio_{text}"]) for text in text_order() if text != "own"]

    def spoken_near(self) -> list[BoundField]:
        """English, Russian, those of the chosen country, and every one that has a level or a mistake."""
        country = self._countries.get(self["country"].value() or "")
        near = {"en", "ru", *(country.languages if country else ())}
        return [field for code, field in self._spoken() if code in near or field.value() or field.errors]

    def spoken_far(self) -> list[BoundField]:
        near = {field.name for field in self.spoken_near()}
        return [field for _code, field in self._spoken() if field.name not in near]

    def _spoken(self) -> list[tuple[str, BoundField]]:
        return [(code, self[f"language_{code}"]) for code in SpokenLanguage.values]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_name_latin(self) -> str:
        return clean_latin_name(self.cleaned_data["name_latin"])

    def clean_time_zone(self) -> str:
        return clean_zone(self.cleaned_data["time_zone"])

    def clean_skills(self) -> list[str]:
        chosen = self.cleaned_data["skills"]
        if len(chosen) > MOST_SKILLS:
            raise forms.ValidationError(
                _("Choose at most %(n)d: take out %(more)d.") % {"n": MOST_SKILLS, "more": len(chosen) - MOST_SKILLS}
            )
        return chosen

    def clean(self) -> None:
        self._leave_out_roles_not_offered()
        for role in self.cleaned_data.get("roles", ()):
            if not self.cleaned_data.get(f"capacity_{role}") and f"capacity_{role}" not in self.errors:
                self.add_error(f"capacity_{role}", _("Say how many new requests a month you can take."))
        if not any(self.cleaned_data.get(f"language_{code}") for code in SpokenLanguage.values):
            self.add_error(f"language_{SpokenLanguage.ENGLISH}", _("Choose at least one language in which you work."))
        self._check_texts()

    def _leave_out_roles_not_offered(self) -> None:
        """What stands beside a role that is not ticked asks nothing of anybody."""
        for role in set(RoleKind.values) - set(self.cleaned_data.get("roles", ())):
            for name in (f"capacity_{role}", f"availability_{role}"):
                self.errors.pop(name, None)

    def _check_texts(self) -> None:
        data = self.cleaned_data
        for name in PUBLIC_TEXTS:
            if has_address(data.get(name) or ""):
                self.add_error(
                    name,
                    _(
                        "Please leave out e-mail addresses, telephone numbers and names in messengers: we promised "
                        "never to show them. People write to you through the platform."
                    ),
                )
        if (data.get("headline_own") or data.get("bio_own")) and not data.get("own_language"):
            self.add_error("own_language", _("Say which language this is."))
        if not any(data.get(f"headline_{text}") or f"headline_{text}" in self.errors for text in TEXTS):
            self.add_error(f"headline_{text_order()[0]}", _("Write one line about yourself in at least one language."))

    def profile(self) -> Profile:
        """What the service takes; call it on a valid form only."""
        data = self.cleaned_data
        return Profile(
            name=data["name"],
            name_latin=data["name_latin"],
            country=self._countries[data["country"]],
            time_zone=data["time_zone"] or self._countries[data["country"]].time_zone,
            headline=self._texts("headline"),
            bio=self._texts("bio"),
            languages={code: data[f"language_{code}"] for code in SpokenLanguage.values if data[f"language_{code}"]},
            offers={
                role: Offer(data[f"capacity_{role}"], data[f"availability_{role}"] or Availability.OPEN)
                for role in data["roles"]
            },
            visibility=data["visibility"],
            skills=list(Expertise.objects.filter(code__in=data["skills"])),
            sectors=list(Sector.objects.filter(code__in=data["sectors"])),
            stages=data["stages"],
        )

    def _texts(self, name: str) -> dict[str, str]:
        codes = {"en": "en", "ru": "ru", "own": self.cleaned_data["own_language"]}
        texts = {code: self.cleaned_data[f"{name}_{text}"].strip() for text, code in codes.items() if code}
        return {code: text for code, text in texts.items() if text}


def text_order() -> list[str]:
    """The reader's language first, another one of the person's own last."""
    return sorted(TEXTS, key=lambda text: (text == "own", text != get_language(), TEXTS.index(text)))


def _labelled(labels: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(code, in_language(texts)) for code, texts in labels.items()]
