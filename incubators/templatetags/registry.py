"""Tags of the registry's pages: `{% load registry %}`."""

import json
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from incubators.enums import DeclineReason
from incubators.forms.listing import label_of
from incubators.profiles import Text, spoken
from network_platform.journal.models import Record
from network_platform.journal.wording import verb_label
from network_platform.zones import last_day, moment_in

register = template.Library()
_HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data(data: dict[str, Any]) -> SafeString:
    """JSON-LD. A data block is never executed, so the content policy lets it be; it cannot close its own tag."""
    text = json.dumps(data, ensure_ascii=False).translate(_HARMLESS)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


OUTCOMES = {
    "new": pgettext_lazy("row", "new"),
    "changed": pgettext_lazy("row", "changed"),
    "unchanged": pgettext_lazy("row", "unchanged"),
    "duplicate": pgettext_lazy("row", "may be a duplicate"),
    "error": pgettext_lazy("row", "mistake"),
}


@register.filter
def in_words(texts: dict[str, str]) -> Text:
    """A text per language as this reader has it, with the language it is in."""
    return spoken(texts)


@register.filter
def said(record: Record) -> str:
    """What a journal record says, in words."""
    return str(verb_label(record.verb))


@register.filter
def why_declined(code: str) -> str:
    """The reason from the list, in words; own words have none."""
    return str(DeclineReason(code).label) if code and code != DeclineReason.OTHER else ""


@register.filter
def outcome(code: str) -> str:
    """The outcome of an import's row, in words."""
    return str(OUTCOMES.get(code, code))


@register.filter
def field_label(name: str) -> str:
    """The label of a listing's field."""
    return label_of(name) or _("The whole entry")


@register.filter
def day(text: str) -> str:
    """A day that a mail's context holds as text, in words; of a moment it is the last day, and says whose."""
    if moment := moment_in(text):
        return last_day(moment, reader="")
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text[:1].isdigit() else text
