"""The journal's codes of messages in words; `network_platform/journal/words.py` says what stands where."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.background.models import MessageState
from network_platform.background.titles import title_of
from network_platform.journal.words import Words


def label_in_words(label: str, _codes: Mapping[str, str]) -> str:
    """A record calls a message by its template; one that is gone by now has no other name."""
    return title_of(label) or label


WORDS = Words(
    things={"background.message": _("message")},
    deeds={"retried": pgettext_lazy("done", "put into the queue again")},
    verbs=("message.retried",),
    states_of={"background.message": dict(MessageState.choices)},
    label=label_in_words,
)
