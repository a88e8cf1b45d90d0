"""The journal's codes of this app in words; `network_platform/journal/words.py` says what stands where."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.journal.words import Word, Words


def label_in_words(label: str, codes: Mapping[str, str]) -> str:
    """`tracker, KG` is an expert's role."""
    return ", ".join(codes.get(part, part) for part in label.split(", "))


THINGS: dict[str, Word] = {
    "mentors.expert": _("expert"),
    "mentors.expertrole": _("expert's role"),
    "mentors.request": _("request to an expert"),
    "mentors.engagement": _("engagement"),
}
WORDS = Words(
    things=THINGS,
    deeds={
        "availability": pgettext_lazy("done", "availability changed"),
        "expired": pgettext_lazy("done", "expired without an answer"),
        "offered": pgettext_lazy("done", "offered"),
        "paused": pgettext_lazy("done", "paused"),
        "saved": pgettext_lazy("done", "saved"),
    },
    verbs=(
        "expert.saved",
        "expert_role.availability",
        "expert_role.hidden",
    ),
    subjects={
        "expertrole": THINGS["mentors.expertrole"],
    },
    fields={
        "availability": pgettext_lazy("field", "availability"),
        "visibility": pgettext_lazy("field", "visibility"),
    },
    code_fields=("availability", "visibility"),
    values={
        "contact-requests": pgettext_lazy("value", "requests to the expert"),
        "network-profile": pgettext_lazy("value", "profile within the network"),
        "public-profile": pgettext_lazy("value", "public profile"),
    },
    label=label_in_words,
)
