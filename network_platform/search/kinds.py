"""What documents are called on the search page: a kind as a tab and as one result, and countries. A new kind is named
here, at its place among the results.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise
KINDS: dict[str, tuple[Words, Words]] = {
    "organisation": (_("Organisations"), pgettext_lazy("kind of result", "Organisation")),
    "programme": (_("Programmes"), pgettext_lazy("kind of result", "Programme")),
    "call": (_("Calls for start-ups"), pgettext_lazy("kind of result", "Call for start-ups")),
    "competition": (_("Competitions"), pgettext_lazy("kind of result", "Competition")),
    "expert": (_("Experts"), pgettext_lazy("kind of result", "Expert")),
    "startup": (_("Start-ups"), pgettext_lazy("kind of result", "Start-up")),
    "handbook": (_("Handbooks"), pgettext_lazy("kind of result", "Handbook")),
    "chapter": (_("Chapters of handbooks"), pgettext_lazy("kind of result", "Chapter of a handbook")),
    "document": (_("Documents"), pgettext_lazy("kind of result", "Document")),
    "section": (_("Sections of documents"), pgettext_lazy("kind of result", "Section of a document")),
    "news": (_("News"), pgettext_lazy("kind of result", "News item")),
    "event": (_("Events"), pgettext_lazy("kind of result", "Event")),
    "story": (_("Success stories"), pgettext_lazy("kind of result", "Success story")),
    "country": (_("Countries"), pgettext_lazy("kind of result", "Country")),
    "page": (_("Pages"), pgettext_lazy("kind of result", "Page")),
    "entry": (_("Entries"), pgettext_lazy("kind of result", "Entry")),
}
PLACES = {kind: place for place, kind in enumerate(KINDS)}
COUNTRIES: dict[str, Words] = {
    "AF": _("Afghanistan"),
    "AZ": _("Azerbaijan"),
    "KZ": _("Kazakhstan"),
    "KG": _("Kyrgyzstan"),
    "TJ": _("Tajikistan"),
    "TM": _("Turkmenistan"),
    "UZ": _("Uzbekistan"),
}


def kind_label(kind: str) -> Words:
    """Many of the kind."""
    return KINDS.get(kind, (kind, kind))[0]


def kind_place(kind: str) -> int:
    """Where a kind stands among results that match alike: whom one can turn to first, parts of texts after."""
    return PLACES.get(kind, len(PLACES))


def kind_of_one(kind: str) -> Words:
    return KINDS.get(kind, (kind, kind))[1]


def country_name(iso2: str) -> Words:
    return COUNTRIES.get(iso2, iso2)
