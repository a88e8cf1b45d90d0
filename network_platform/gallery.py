"""The page that shows every component in its states; only outside production."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from network_platform import facets

COUNTRIES = [
    ("AF", "Afghanistan", 16, 0),
    ("AZ", "Azerbaijan", 28, 11),
    ("KZ", "Kazakhstan", 28, 14),
    ("KG", "Kyrgyzstan", 19, 12),
    ("TJ", "Tajikistan", 17, 9),
    ("TM", "Turkmenistan", 8, 2),
    ("UZ", "Uzbekistan", 26, 13),
]


class Sample(forms.Form):
    """One field of every layout."""

    name = forms.CharField(label="Name of the solution", max_length=150)
    website = forms.URLField(
        label="Website", required=False, assume_scheme="https", help_text="With https:// in front."
    )
    problem = forms.CharField(
        label="The problem, and who has it",
        max_length=210,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Judges read this against the criterion Problem and users, 25 %.",
    )
    country = forms.ChoiceField(label="Country", choices=[(iso, name) for iso, name, *_rest in COUNTRIES])
    founded = forms.DateField(label="Founded", required=False)
    stage = forms.ChoiceField(
        label="Stage",
        widget=forms.RadioSelect,
        choices=[("idea", "An idea and talks with users"), ("pilot", "A pilot with a paying user")],
    )
    sectors = forms.MultipleChoiceField(
        label="Sectors",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(n), f"Sector {n}") for n in range(1, 9)],
    )
    deck = forms.FileField(label="Slides", required=False, help_text="PDF, up to 10 MB and 15 pages.")
    agree = forms.BooleanField(label="We have the right to send this", help_text="Somebody may ask.")


class Feedback(forms.Form):
    feedback = forms.CharField(
        label="Feedback: the team reads this", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(
        label="Private note: only you and the chair", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def sample_forms(scheme: str) -> dict[str, forms.Form]:
    wrong = Sample({"name": "Panels", "problem": "A mill throws away cotton. " * 9}, auto_id=f"{scheme}-bad-%s")
    return {
        "form": Sample(initial={"name": "Panels from cotton waste"}, auto_id=f"{scheme}-%s"),
        "wrong": wrong,
        "feedback": Feedback(auto_id=f"{scheme}-%s"),
    }


def tile(number: int, state: str, word: str) -> dict[str, Any]:
    return {
        "number": number,
        "url": "#",
        "state": state,
        "label": f"Entry {number}, {word}",
        "current": number == 4,
    }


def samples(request: HttpRequest) -> dict[str, Any]:
    """What the components are shown with."""
    now = timezone.now()
    return {
        "countries": [
            {"iso2": iso, "name": name, "count": count, "verified": seen, "url": f"#{iso}"}
            for iso, name, count, seen in COUNTRIES
        ],
        "facets": [
            facets.facet(request, "country", "Country", [("kg", "Kyrgyzstan", 4), ("tj", "Tajikistan", 3)]),
            facets.facet(request, "kind", "Kind", [("tp", "Technopark", 5), ("hub", "Hub", 1), ("it", "IT school", 1)]),
        ],
        "deadline": now + timedelta(days=21, hours=3),
        "crumbs": [("Registry", "#"), ("Afghanistan", "#")],
        "doors": [
            {"who": who, "act": act, "more": "Ten minutes on a phone. Your focal point approves.", "url": "#"}
            for who, act in (
                ("I run an incubator", "List it, or confirm it"),
                ("I have a start-up", "Apply to an open call"),
                ("I am a judge", "Go to my entries"),
                ("I mentor or train", "Join the shared database"),
                ("I came to read", "Open the handbooks"),
            )
        ],
        "steps": [
            {"label": "Team", "url": "#", "state": "done"},
            {"label": "Solution", "state": "now"},
            {"label": "Evidence"},
            {"label": "Send"},
        ],
        "events": [
            {"label": "Sent", "state": "done", "at": now - timedelta(days=3)},
            {"label": "With the focal point", "state": "now", "text": "An answer within seven days."},
            {"label": "On the public page", "state": ""},
        ],
        "tiles": [
            tile(1, "done", "scored"),
            tile(2, "part", "begun"),
            tile(3, "off", "conflict declared"),
            tile(4, "", "to do"),
            tile(5, "", "to do"),
        ],
        "levels": [
            (0, "Nobody is named who has the problem."),
            (1, ""),
            (2, "Users are described; nobody talked with them."),
            (3, ""),
            (4, "Talks with users have changed the idea."),
            (5, "Users pay, or have signed that they will."),
        ],
        "figures": [(142, "organisations listed"), (61, "of them verified this year")],
        "facts": [("Kind", "Incubator"), ("City", "Kabul"), ("Website", "")],
        "amounts": [("Panels sold", 720), ("Back to the mill", 190), ("Lost", 90)],
        "weeks": [("Week 1", 80), ("Week 2", 310), ("Week 3", 270), ("Week 4", 640)],
    }


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, in light, dark and right-to-left."""
    if settings.PRODUCTION:
        raise Http404
    schemes = [
        {"key": key, "theme": theme, "dir": direction, "lang": language, **sample_forms(key)}
        for key, theme, direction, language in (
            ("light", "light", "ltr", "en"),
            ("dark", "dark", "ltr", "en"),
            ("rtl", "light", "rtl", "en"),
        )
        if key in request.GET.getlist("only", ["light", "dark", "rtl"])
    ]
    return render(request, "gallery.html", samples(request) | {"schemes": schemes})
