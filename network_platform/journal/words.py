"""What the journal calls its codes. Each app names its own in `journal_words.py`; what two of them write, and what the
ground writes itself, is here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise


def as_written(label: str, _codes: Mapping[str, str]) -> str:
    return label


@dataclass(frozen=True)
class Words:
    """One app's words, as inside a sentence. Until a code is named here it shows as it is."""

    things: Mapping[str, Word] = field(default_factory=dict)  # by model, "incubators.organisation"
    deeds: Mapping[str, Word] = field(default_factory=dict)  # what is done, after "organisation:" and the like
    verbs: tuple[str, ...] = ()  # those that are no move of a lifecycle
    subjects: Mapping[str, Word] = field(default_factory=dict)  # with which verbs begin, if not with the model's name
    fields: Mapping[str, Word] = field(default_factory=dict)
    fields_of: Mapping[tuple[str, str], Word] = field(default_factory=dict)  # of one deed, called as another's are
    code_fields: tuple[str, ...] = ()  # whose value is a code of an app, in its `code_words` or `codes_in`
    values: Mapping[str, Word] = field(default_factory=dict)  # that belong to no table of states
    states_of: Mapping[str, Mapping[str, Word]] = field(default_factory=dict)  # by model, of one without such a table
    reasons: Mapping[str, Word] = field(default_factory=dict)  # that no person wrote
    label: Callable[[str, Mapping[str, str]], str] = as_written  # what a thing is called, the codes in it in words


THINGS: dict[str, Word] = {
    "people.user": _("person"),
    "tokens.token": _("token"),
    "changes.endpoint": _("webhook"),
}
GROUND = Words(
    things=THINGS,
    deeds={
        "accepted": pgettext_lazy("done", "accepted"),
        "approved": pgettext_lazy("done", "approved"),
        "changes_requested": pgettext_lazy("done", "changes requested"),
        "closed": pgettext_lazy("done", "closed"),
        "deactivated": pgettext_lazy("done", "access closed"),
        "declined": pgettext_lazy("done", "declined"),
        "deleted": pgettext_lazy("done", "deleted"),
        "ended": pgettext_lazy("done", "ended"),
        "erased": pgettext_lazy("done", "erased"),
        "exported": pgettext_lazy("done", "own data downloaded"),
        "given": pgettext_lazy("done", "given"),
        "groups": pgettext_lazy("done", "groups changed"),
        "hidden": pgettext_lazy("done", "hidden"),
        "invitation_withdrawn": pgettext_lazy("done", "invitation withdrawn"),
        "made": pgettext_lazy("done", "made"),
        "password_dropped": pgettext_lazy("done", "password of an unproven address dropped"),
        "published": pgettext_lazy("done", "published"),
        "reactivated": pgettext_lazy("done", "access opened again"),
        "reopened": pgettext_lazy("done", "reopened"),
        "restored": pgettext_lazy("done", "restored"),
        "resumed": pgettext_lazy("done", "resumed"),
        "revoked": pgettext_lazy("done", "revoked"),
        "settings": pgettext_lazy("done", "settings changed"),
        "started": pgettext_lazy("done", "started"),
        "submitted": pgettext_lazy("done", "submitted"),
        "withdrawn": pgettext_lazy("done", "withdrawn"),
    },
    verbs=(
        "consent.given",
        "consent.withdrawn",
        "person.deactivated",
        "person.erased",
        "person.exported",
        "person.groups",
        "person.password_dropped",
        "person.reactivated",
        "person.settings",
        "token.made",
        "token.revoked",
        "webhook.deleted",
        "webhook.made",
    ),
    subjects={
        "consent": _("consent"),
        "person": THINGS["people.user"],
        "webhook": THINGS["changes.endpoint"],
    },
    fields={
        "": pgettext_lazy("field", "the whole entry"),
        "active": pgettext_lazy("field", "access"),
        "closes_at": pgettext_lazy("field", "end"),
        "events": pgettext_lazy("field", "events"),
        "expires": pgettext_lazy("field", "works until"),
        "fields": pgettext_lazy("field", "fields"),
        "groups": pgettext_lazy("field", "groups"),
        "name": pgettext_lazy("field", "name"),
        "purpose": pgettext_lazy("field", "purpose"),
        "role": pgettext_lazy("field", "role"),
        "scopes": pgettext_lazy("field", "what it may do"),
        "state": pgettext_lazy("field", "state"),
        "status": pgettext_lazy("field", "state"),
        "version": pgettext_lazy("field", "version"),
        "language": pgettext_lazy("field", "language"),
        "languages": pgettext_lazy("field", "languages"),
        "name_latin": pgettext_lazy("field", "name in Latin letters"),
        "time_zone": pgettext_lazy("field", "time zone"),
    },
    code_fields=("role",),
    values={
        "editors": pgettext_lazy("value", "editors of all pages"),
        "secretariat": pgettext_lazy("value", "secretariat"),
    },
)
