"""Where an entry stands for its editors: its steps, what is missing, what the reviewer said. Who may: `rules.py`."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from incubators.enums import WITH_EDITORS, RevisionStatus
from incubators.forms.listing import SECTION_TITLES, ListingForm, field_names
from incubators.listing_values import SECTIONS, changes_nothing, title_here
from incubators.models import Organisation, Revision
from network_platform.controls import target


@dataclass(frozen=True)
class Step:
    label: str | Promise
    url: str
    state: str


@dataclass(frozen=True)
class FieldComment:
    """What the reviewer wrote; `label` is the field, empty for the whole. `is_answered`: it was changed since."""

    label: str
    text: str
    url: str
    is_answered: bool = False


class Editing:
    """`revision` is the latest one, or None for an organisation that was only imported."""

    def __init__(self, organisation: Organisation, revision: Revision | None, current: str = "") -> None:
        self.organisation, self.revision, self.current = organisation, revision, current

    @property
    def is_with_editors(self) -> bool:
        """Whether they can write now."""
        return self.revision is not None and self.revision.status in WITH_EDITORS

    @property
    def is_waiting(self) -> bool:
        return self.revision is not None and self.revision.status == RevisionStatus.SUBMITTED

    @property
    def is_declined(self) -> bool:
        return self.revision is not None and self.revision.status == RevisionStatus.DECLINED

    @property
    def title(self) -> str:
        return (title_here(self.revision.values) if self.revision and self.is_with_editors else "") or str(
            self.organisation
        )

    @property
    def new_name(self) -> str:
        """What a change that waits would call it, if that is another name."""
        proposed = title_here(cast(Revision, self.revision).values) if self.is_waiting else ""
        return proposed if proposed != self.title else ""

    @cached_property
    def form(self) -> ListingForm:
        return ListingForm(self.revision.values if self.revision else {}, organisation=self.organisation)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections, done or not, and the preview."""
        slug = self.organisation.slug
        found = [
            Step(SECTION_TITLES[name], reverse("incubators:section", args=[slug, name]), self._state(name))
            for name in SECTIONS
        ]
        last = "now" if self.current == "preview" else ""
        return [*found, Step(_("Preview and send"), reverse("incubators:preview", args=[slug]), last)]

    @property
    def comments(self) -> list[FieldComment]:
        if self.revision is None:
            return []
        said, answered = self.revision.comments.items(), self.revision.answered
        return [FieldComment(self._label(field), text, self._url_of(field), field in answered) for field, text in said]

    @property
    def missing(self) -> list[FieldComment]:
        """What keeps the entry from being sent."""
        errors = self.form.errors.items()
        return [
            FieldComment(self._label(name), str(text), self._url_of(name)) for name, texts in errors for text in texts
        ]

    @cached_property
    def is_unchanged(self) -> bool:
        """Complete, and nothing that the page does not say already."""
        return self.form.is_valid() and changes_nothing(self.organisation, self.form.entry())

    def _state(self, section: str) -> str:
        if section == self.current:
            return "now"
        names = self._fields(section)
        return "" if any(name in self.form.errors for name in names) else "done"

    def _fields(self, section: str) -> list[str]:
        return field_names(section, self.organisation, self.revision.values if self.revision else {})

    def _label(self, field: str) -> str:
        return str(self.form.fields[field].label) if field in self.form.fields else ""

    def _url_of(self, field: str) -> str:
        for section in SECTIONS:
            if field in self._fields(section) and field in self.form.fields and self.is_with_editors:
                page = reverse("incubators:section", args=[self.organisation.slug, section])
                return f"{page}#{target(self.form[field])}"
        return ""
