"""What a record changed, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network_platform.journal.models import Record
from network_platform.journal.named import Named
from network_platform.journal.wording import field_label, value_label
from network_platform.languages import in_language

LONGEST = 300
NOBODY = Named()


@dataclass(frozen=True)
class Difference:
    """One field; `before` or `after` is empty when the record does not tell it."""

    name: str | Promise
    before: str
    after: str


def differences(record: Record, named: Named = NOBODY) -> list[Difference]:
    """Every field that the record tells; those that stayed the same, or were and are empty, left out."""
    names = [*record.before, *(name for name in record.after if name not in record.before)]
    told = [(name, record.before.get(name), record.after.get(name)) for name in names]
    found = [
        Difference(
            field_label(name, record.verb), *(_said(record.thing_type, name, value, named) for value in (before, after))
        )
        for name, before, after in told
        if before != after
    ]
    return [each for each in found if each.before or each.after]


def _said(thing_type: str, name: str, value: Any, named: Named) -> str:
    """The value in words; `fields` is a list of names of fields."""
    if isinstance(value, str) and value:
        return named.value(name, value, thing_type)[:LONGEST]
    if name == "fields" and isinstance(value, list):
        return ", ".join(str(field_label(str(each))) for each in value)[:LONGEST]
    if name == "decision" and isinstance(value, list):
        return _decided(value, named)
    return in_words(value)


def _decided(choices: list[dict[str, Any]], named: Named) -> str:
    """What was decided about the entries, by outcome, in the order of the decision."""
    found: dict[str, list[str]] = {}
    for each in choices:
        told = [named.codes.get(f"award:{each.get('award')}", "")]
        told += [_("place %(n)s") % {"n": each["place"]}] if each.get("place") else []
        beside = ", ".join(filter(None, told))
        found.setdefault(value_label(each["outcome"]), []).append(each["entry"] + (f" ({beside})" if beside else ""))
    return "; ".join(f"{outcome}: {', '.join(entries)}" for outcome, entries in found.items())


def in_words(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    match value:
        case True | False:
            return _("yes") if value else _("no")
        case dict() if get_language() in value or "en" in value:
            return in_words(in_language(value))
        case dict():
            return "; ".join(f"{field_label(str(name))}: {in_words(each)}" for name, each in value.items())[:LONGEST]
        case list():
            return ", ".join(in_words(each) for each in value)[:LONGEST]
    return value_label(str(value))[:LONGEST]
