"""What the kinds of documents are called on the search page. An app's new kind is named here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "organisation": _("Organisations"),
    "competition": _("Competitions"),
    "expert": _("Experts"),
    "startup": _("Start-ups"),
    "handbook": _("Handbooks"),
    "chapter": _("Chapters of handbooks"),
    "document": _("Documents"),
    "section": _("Sections of documents"),
    "news": _("News"),
    "event": _("Events"),
    "story": _("Success stories"),
    "country": _("Countries"),
    "page": _("Pages"),
    "entry": _("Entries"),
}


def kind_label(kind: str) -> str | Promise:
    return KINDS.get(kind, kind)
