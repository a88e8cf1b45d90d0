"""A person's own data, from every app, as files that a person and a program can read."""

import io
import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from network_platform.desk import code_words, providers
from network_platform.journal.services import record
from network_platform.people.export_words import key_label, value_words
from network_platform.people.models import User


def collect(user: User) -> dict[str, Any]:
    """What each app holds about the person, by app."""
    found: dict[str, Any] = {}
    for provider in providers("personal_data"):
        found[provider.__module__.rsplit(".", 2)[-2]] = provider(user)
    return json.loads(json.dumps(found, cls=DjangoJSONEncoder))


def shaped(value: Any, key: str = "", codes: dict[str, str] | None = None) -> dict[str, Any]:
    """For the template, in words: `pairs` of an object, `parts` of a list, else `text`. `key` is where it stands,
    `codes` are the apps' codes in words.
    """
    codes = codes if codes is not None else code_words()
    if isinstance(value, dict) and value:
        return {"pairs": [(key_label(name, key), shaped(part, name, codes)) for name, part in value.items()]}
    if isinstance(value, list) and value:
        return {"parts": [shaped(part, key, codes) for part in value]}
    if isinstance(value, bool):
        return {"text": _("yes") if value else _("no")}
    return {"text": "—" if value in (None, "", [], {}) else value_words(key, str(value), codes)}


@transaction.atomic
def export_own_data(*, user: User) -> bytes:
    """A ZIP with data.json and data.html in the person's language; that it was fetched is journaled."""
    found = collect(user)
    with translation.override(user.language):
        page = render_to_string("people/export.html", {"found": shaped(found), "person": user})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(found, ensure_ascii=False, indent=2))
        archive.writestr("data.html", page)
    record(verb="person.exported", thing=user, by=user, scope=f"person:{user.uid}", label=user.reference)
    return target.getvalue()
