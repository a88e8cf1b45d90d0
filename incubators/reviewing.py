"""What a reviewer sees: the queue, and one revision beside what stands."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.differences import FieldDifference, field_differences, in_words
from incubators.duplicates import Likeness, likely_duplicates
from incubators.forms.listing import ListingForm, field_labels
from incubators.forms.review import APPROVE, CHANGES, ReviewForm
from incubators.listing_values import changed_fields, full_address, host_of, title_here, values_of
from incubators.models import Claim, Country, Mailbox, Remark, Revision, Transfer, YearlyFigures
from incubators.names import slug_of
from incubators.rules import can_review_revision, countries_of
from incubators.services.review import approve_revision, decline_revision, request_changes
from network_platform.journal.models import Record
from network_platform.people.models import User
from network_platform.quoting import inside_quotes, inside_sentence

PROMISED = timedelta(days=7)
MOST_REMARKS = 50


class Queue:
    """Everything that waits for this reviewer, the oldest first."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def revisions(self) -> list[Revision]:
        waiting = Revision.objects.waiting().reviewable_by(self.user)
        found = list(waiting.select_related("organisation__country", "submitted_by"))
        for revision in found:
            revision.title = title_here(revision.values)
            revision.is_late = cast(datetime, revision.submitted_at) < timezone.now() - PROMISED
            revision.changed = self._changed(revision) if revision.is_again else ""
        return found

    @cached_property
    def claims(self) -> list[Claim]:
        """`reads_mail_there`: a mailbox at the organisation's domain is proven."""
        proven = Mailbox.objects.filter(claim=OuterRef("pk")).exclude(proven_at=None)
        waiting = Claim.objects.reviewable_by(self.user).annotate(reads_mail_there=Exists(proven))
        return list(waiting.select_related("organisation__country", "user"))

    @cached_property
    def figures(self) -> list[YearlyFigures]:
        waiting = YearlyFigures.objects.waiting().reviewable_by(self.user)
        found = list(waiting.select_related("organisation__country"))
        for figures in found:
            figures.is_late = cast(datetime, figures.submitted_at) < timezone.now() - PROMISED
        return found

    @cached_property
    def transfers(self) -> list[Transfer]:
        """Organisations that another country wants to hand over."""
        found = Transfer.objects.answerable_by(self.user)
        return list(found.select_related("organisation", "source", "target"))

    @cached_property
    def remarks(self) -> list[Remark]:
        return list(Remark.objects.answerable_by(self.user).select_related("organisation__country")[:MOST_REMARKS])

    def _changed(self, revision: Revision) -> str:
        """What the editors changed since the last answer: the names of the fields."""
        changed = changed_fields(revision.reviewed, revision.values)
        return "; ".join(inside_sentence(self._labels.get(name, name)) for name in changed)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return field_labels()

    @property
    def countries(self) -> str:
        """The countries that the reviewer serves by office."""
        found = Country.objects.filter(iso2__in=countries_of(self.user))
        return ", ".join(str(country) for country in found)

    @property
    def is_empty(self) -> bool:
        return not (self.revisions or self.claims or self.figures or self.transfers or self.remarks)


class Review:
    """One revision with the form that answers it."""

    def __init__(self, revision: Revision, *, by: User, data: Any = None) -> None:
        self.revision, self.by, self.organisation = revision, by, revision.organisation
        labels = {name: str(field.label) for name, field in self.proposed.fields.items()}
        self.form = ReviewForm(data, labels=labels, organisation=self.organisation)
        self.may_answer = can_review_revision(by, revision)

    @property
    def title(self) -> str:
        return title_here(self.revision.as_sent)

    @property
    def is_new(self) -> bool:
        return self.organisation.listed_at is None

    @cached_property
    def differences(self) -> list[FieldDifference]:
        """Against what is listed; of a new entry every field is one."""
        return self._changed({} if self.is_new else values_of(self.organisation))

    @cached_property
    def since_last_time(self) -> list[FieldDifference]:
        """What the editors changed after the reviewer's last answer."""
        seen = self.revision.reviewed
        return self._changed(seen) if seen else []

    def _changed(self, before: dict[str, Any]) -> list[FieldDifference]:
        """A city that is only spelled in another script is the same."""
        proposed = self.proposed["city"].data or ""
        is_same = slug_of(str(before.get("city", ""))) == slug_of(str(proposed))
        return field_differences(before | ({"city": proposed} if is_same else {}), self.proposed)

    @property
    def comments(self) -> list[tuple[str, str, bool]]:
        """(field, text, whether the field was changed since) of what was asked for in the last answer; no field is the
        whole entry.
        """
        fields, answered = self.proposed.fields, self.revision.answered
        said = self.revision.comments.items()
        return [(str(fields[name].label) if name in fields else "", text, name in answered) for name, text in said]

    @cached_property
    def likely(self) -> list[Likeness]:
        """Other organisations that may be the same, while this one is new."""
        if not self.is_new:
            return []
        found = likely_duplicates(self.title, country=self.organisation.country, by=self.by)
        return [each for each in found if each.organisation.pk != self.organisation.pk]

    @cached_property
    def history(self) -> list[Record]:
        records = Record.objects.visible_to(self.by).about(self.organisation).select_related("actor")
        return list(records[:20])

    @property
    def website(self) -> str:
        """The proposed site as a link leads to it; empty if what was typed leads nowhere."""
        address = full_address(self.revision.as_sent.get("website") or "")
        return address if address.startswith(("https://", "http://")) and host_of(address) else ""

    @property
    def rows(self) -> list[tuple[FieldDifference, Any]]:
        """Each difference with the field that takes the comment on it."""
        return [(row, self.form[f"comment_{row.name}"]) for row in self.differences]

    @property
    def other_rows(self) -> list[tuple[str, str, Any]]:
        """(label, words, field that takes the comment) of what stays as it is, or is empty."""
        shown = {row.name for row in self.differences}
        fields = [(name, field) for name, field in self.proposed.fields.items() if name not in shown]
        return [
            (str(field.label), in_words(field, self.proposed[name].data), self.form[f"comment_{name}"])
            for name, field in fields
        ]

    @property
    def comments_others(self) -> bool:
        """Whether one of these has a comment already."""
        return any(comment.value() for _label, _words, comment in self.other_rows)

    def answer(self, version: int) -> str:
        """Do what the form says about this version; returns what to tell the reviewer. Raises StaleWrite."""
        said = self.form.cleaned_data
        if said["answer"] == APPROVE:
            approve_revision(revision=self.revision, by=self.by, version=version)
            return _("“%(title)s” is listed. Its editors get a mail.") % {"title": inside_quotes(self.title)}
        if said["answer"] == CHANGES:
            request_changes(revision=self.revision, by=self.by, version=version, comments=self.form.comments)
            return _("“%(title)s” went back to its editors with your comments.") % {"title": inside_quotes(self.title)}
        why = {name: said[name] for name in ("why", "reason", "same_as")}
        decline_revision(revision=self.revision, by=self.by, version=version, **why)
        if not self.is_new:
            words = _("The changes of “%(title)s” are declined; its page stays as it was. Its editors get your reason.")
            return words % {"title": inside_quotes(self.title)}
        return _("“%(title)s” is declined. Its editors get your reason.") % {"title": inside_quotes(self.title)}

    @cached_property
    def proposed(self) -> ListingForm:
        return ListingForm(self.revision.as_sent, organisation=self.organisation)
