"""A form that is saved as one types, sent by a plain POST: saved, or shown again beside what somebody else saved."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from incubators.differences import FieldDifference, field_differences
from network_platform.drafts import Seen, StaleWrite, Values, Versioned


@dataclass(frozen=True)
class Shown:
    """What the page shows if it is shown again; `theirs` and `seen` are of a clash, which answers 409."""

    form: forms.BaseForm
    status: int = 422
    theirs: list[FieldDifference] = field(default_factory=list)
    seen: Seen | None = None

    @property
    def is_clash(self) -> bool:
        return self.status == 409


def save_or_show(
    thing: Versioned,
    *,
    save: Callable[[], Versioned],
    saved_form: Callable[[Any], forms.BaseForm],
    merged_form: Callable[[Values], forms.BaseForm],
) -> Shown:
    """Save; `thing`, which the page shows, goes on from there: its next save is based on this one."""
    try:
        saved = save()
    except StaleWrite as stale:
        form = merged_form(stale.merged)
        form.add_error(None, _("Somebody else saved this in between. Compare the two texts, then save again."))
        thing.version = stale.version
        return Shown(form, 409, field_differences({**stale.merged, **stale.theirs}, form), stale.seen)
    thing.continue_from(saved)
    return Shown(saved_form(saved))
