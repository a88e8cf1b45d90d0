"""What forms that are saved as one types send along, and what they are told; see docs/components.md."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils.translation import ngettext

from network_platform.drafts import Seen, StaleWrite, Values, Versioned
from network_platform.typed import whole_number
from network_platform.zones import in_words

MOST_UNHEARD = 10


def version_of(request: HttpRequest, name: str = "version") -> int:
    """The version that the form was based on; -1, which is never right, if it does not say."""
    return whole_number(request.POST.get(name, ""), otherwise=-1)


def say_taken(request: HttpRequest, words: str, key: str) -> None:
    """Tell on the next page that a form was taken; what the device kept of it under `key` (`data-keeps`) goes then."""
    messages.success(request, words, extra_tags=key)


def save_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The id of this save, the same when it is tried again."""
    try:
        return uuid.UUID(request.headers.get("X-Save-Id", ""))
    except ValueError:
        return None


def seen_of(request: HttpRequest) -> Seen:
    """What the page showed before anything was typed, or sent without getting an answer; empty if it does not say."""
    seen = Seen.read(request.POST.get("seen", ""))
    for text in request.POST.getlist("unheard")[:MOST_UNHEARD]:
        seen = seen.or_sent(dict(QueryDict(text).lists()))
    return seen


def shown_in(form: forms.BaseForm) -> Seen:
    """What the fields of a form show, for its hidden field `seen`."""
    return Seen.of({field.name: _sent_back(field) for field in form.visible_fields()})


def _sent_back(field: forms.BoundField) -> Any:
    """What a browser sends when nobody touches the field: a list without a choice of none sends its first."""
    value, widget = field.value(), field.field.widget
    if value not in (None, "") or not isinstance(widget, forms.Select) or widget.allow_multiple_selected:
        return value
    return next((code for code, _label in cast(Any, field.field).choices), "")


def clash(stale: StaleWrite) -> JsonResponse:
    answer = {"version": stale.version, "theirs": stale.theirs}
    return JsonResponse(answer | ({"seen": str(stale.seen)} if stale.seen else {}), status=409)


def saved_answer(
    saved: Versioned, mine: Values, at: datetime, zone: str = "", said: Callable[[datetime, str], str] = in_words
) -> dict[str, Any]:
    """What the page is told. `when` is the hour as the page says it, by `said`, when it is opened again; `theirs` are
    the fields that others had changed, and `seen` is what the next save is based on.
    """
    seen = Seen.of({**mine, **saved.theirs})
    answer = {"version": saved.version, "saved_at": at.isoformat(), "when": said(at, zone)}
    return answer | {"seen": str(seen), "theirs": dict(saved.theirs)}


def not_taken(form: forms.BaseForm) -> dict[str, Any]:
    """Which fields were typed but not taken, and why: `wrong` (field to mistake) with `words` for the save line."""
    wrong = _mistakes(form)
    many = ngettext(
        "Not saved: one answer needs another look", "Not saved: %(n)d answers need another look", len(wrong)
    )
    return {"wrong": wrong, "words": many % {"n": len(wrong)} if wrong else ""}


def kept_with_mistakes(form: forms.BaseForm) -> dict[str, Any]:
    """As `not_taken`, of a form that keeps what it could not hand in."""
    wrong = _mistakes(form)
    many = ngettext("One answer needs another look", "%(n)s answers need another look", len(wrong))
    return {"wrong": wrong, "words": many % {"n": len(wrong)} if wrong else ""}


def _mistakes(form: forms.BaseForm) -> dict[str, str]:
    """By field; the version is nothing that anybody types."""
    return {name: str(each[0]) for name, each in form.errors.items() if name in form.fields and name != "version"}
