"""What the journal's page can be narrowed to."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from network_platform.fields import choice_field
from network_platform.journal.models import RecordQuerySet
from network_platform.journal.named import PERSON
from network_platform.journal.wording import verbs, vocabulary
from network_platform.people.models import User
from network_platform.people.names import holds
from network_platform.typed import without_nul

MOST_NAMED = 200  # people of one name


class JournalFilter(forms.Form):
    """All fields may stay empty. Days are the reader's."""

    all_optional = True
    thing = forms.ChoiceField(label=pgettext_lazy("journal", "About"), required=False)
    verb = forms.ChoiceField(label=pgettext_lazy("journal", "What was done"), required=False)
    person = forms.CharField(label=pgettext_lazy("journal", "By whom or about whom"), required=False, max_length=100)
    since = forms.DateField(
        label=pgettext_lazy("journal", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("journal", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "thing").choices = [
            ("", pgettext_lazy("journal", "everything")),
            *sorted(vocabulary().things.items(), key=lambda each: str(each[1])),
        ]
        choice_field(self, "verb").choices = [
            ("", pgettext_lazy("journal", "anything")),
            *sorted(verbs().items(), key=lambda each: str(each[1])),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one. Choose a later day."))
        return said

    def narrow(self, records: RecordQuerySet) -> RecordQuerySet:
        """The records that fit; a form with a mistake narrows by the fields without one."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "thing" in asked:
            records = records.filter(thing_type=asked["thing"])
        if "verb" in asked:
            records = records.filter(verb=asked["verb"])
        if "person" in asked:
            records = records.filter(_named(asked["person"]))
        if "since" in asked:
            records = records.filter(at__gte=_midnight(asked["since"]))
        if "until" in asked:
            records = records.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return records


def _named(words: str) -> Q:
    """By somebody of this name, about them, or with them in it."""
    words = without_nul(words)
    found = User.objects.filter(holds("name", words) | holds("name_latin", words), erased_at=None).order_by("pk")
    pairs = list(found.values_list("pk", "uid")[:MOST_NAMED])
    uids = [str(uid) for _pk, uid in pairs]
    about = Q(thing_type=PERSON, thing_uid__in=uids) | Q(after__claimant__in=uids)
    about |= Q(before__editor__in=uids) | Q(after__editor__in=uids)
    return Q(actor__in=[pk for pk, _uid in pairs]) | about


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
