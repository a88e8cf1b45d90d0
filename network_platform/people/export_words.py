"""What the parts of a person's own data are called. What is not named here shows its key."""

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import registry as log_actions

from network_platform.background.models import MessageState
from network_platform.background.titles import title_of
from network_platform.journal.wording import reason_label, thing_label, value_label, verb_label, vocabulary
from network_platform.zones import in_words, moment_in

Word = str | Promise

KEYS: dict[str, Word] = {
    "account": pgettext_lazy("own data", "account"),
    "action": pgettext_lazy("own data", "action"),
    "actions": pgettext_lazy("own data", "what you did"),
    "address": pgettext_lazy("own data", "address"),
    "addresses": pgettext_lazy("own data", "addresses"),
    "affiliation": pgettext_lazy("own data", "affiliation"),
    "answers": pgettext_lazy("own data", "answers"),
    "at": pgettext_lazy("own data", "when"),
    "background": pgettext_lazy("own data", "messages to you"),
    "bio": pgettext_lazy("own data", "about yourself"),
    "calls": pgettext_lazy("own data", "calls for start-ups"),
    "capacity": pgettext_lazy("own data", "how many at a time"),
    "changes": pgettext_lazy("own data", "news for programs"),
    "claims": pgettext_lazy("own data", "claims"),
    "closed": pgettext_lazy("own data", "closed"),
    "cms": pgettext_lazy("own data", "pages of the site"),
    "competition": pgettext_lazy("own data", "competition"),
    "competitions": pgettext_lazy("own data", "competitions"),
    "conflicts": pgettext_lazy("own data", "conflicts of interest"),
    "consents": pgettext_lazy("own data", "consents"),
    "created": pgettext_lazy("own data", "made"),
    "created_at": pgettext_lazy("own data", "made"),
    "date_joined": pgettext_lazy("own data", "account since"),
    "done": pgettext_lazy("own data", "done"),
    "draft": pgettext_lazy("own data", "draft"),
    "email": pgettext_lazy("own data", "e-mail"),
    "entered": pgettext_lazy("own data", "entered"),
    "entries": pgettext_lazy("own data", "entries"),
    "evidence": pgettext_lazy("own data", "evidence"),
    "feedback": pgettext_lazy("own data", "feedback"),
    "files": pgettext_lazy("own data", "files"),
    "from": pgettext_lazy("own data", "from"),
    "given": pgettext_lazy("own data", "given"),
    "hands_over": pgettext_lazy("own data", "to take it over"),
    "headline": pgettext_lazy("own data", "in one line"),
    "year": pgettext_lazy("own data", "year"),
    "figures_sent": pgettext_lazy("own data", "yearly figures sent"),
    "figures_known": pgettext_lazy("own data", "yearly figures of organisations that you left"),
    "imports": pgettext_lazy("own data", "imported files"),
    "incubators": pgettext_lazy("own data", "registry"),
    "invitations": pgettext_lazy("own data", "invitations"),
    "invitations_of_founders": pgettext_lazy("own data", "invitations of founders"),
    "joined_at": pgettext_lazy("own data", "joined"),
    "journal": pgettext_lazy("own data", "journal"),
    "judge": pgettext_lazy("own data", "as a judge"),
    "label": pgettext_lazy("own data", "about what"),
    "last_login": pgettext_lazy("own data", "last sign-in"),
    "last_used_at": pgettext_lazy("own data", "last used"),
    "letter": pgettext_lazy("own data", "letter"),
    "mailboxes": pgettext_lazy("own data", "mailboxes"),
    "mentors": pgettext_lazy("own data", "database of experts"),
    "messages": pgettext_lazy("own data", "messages"),
    "messages_written": pgettext_lazy("own data", "messages that you wrote"),
    "need": pgettext_lazy("own data", "what was asked for"),
    "number": pgettext_lazy("own data", "number"),
    "offices": pgettext_lazy("own data", "offices"),
    "organisation": pgettext_lazy("own data", "organisation"),
    "organisations": pgettext_lazy("own data", "organisations"),
    "page": pgettext_lazy("own data", "page"),
    "pages": pgettext_lazy("own data", "pages"),
    "people": pgettext_lazy("own data", "account and settings"),
    "placements": pgettext_lazy("own data", "stays in programmes"),
    "primary": pgettext_lazy("own data", "main address"),
    "private_note": pgettext_lazy("own data", "private note"),
    "profile": pgettext_lazy("own data", "profile"),
    "programme": pgettext_lazy("own data", "programme"),
    "programmes": pgettext_lazy("own data", "programmes"),
    "published": pgettext_lazy("own data", "published"),
    "query": pgettext_lazy("own data", "filters"),
    "reason": pgettext_lazy("own data", "reason"),
    "registry": pgettext_lazy("own data", "registry"),
    "remarks": pgettext_lazy("own data", "what you said is wrong in entries"),
    "reply": pgettext_lazy("own data", "reply"),
    "requests_made": pgettext_lazy("own data", "requests that you made"),
    "requests_received": pgettext_lazy("own data", "requests to you"),
    "revisions": pgettext_lazy("own data", "versions"),
    "roles": pgettext_lazy("own data", "roles"),
    "saved_searches": pgettext_lazy("own data", "saved searches"),
    "scores": pgettext_lazy("own data", "scores"),
    "second_factors": pgettext_lazy("own data", "two-step sign-in"),
    "sent": pgettext_lazy("own data", "sent"),
    "sent_at": pgettext_lazy("own data", "sent"),
    "shown_since": pgettext_lazy("own data", "shown since"),
    "since": pgettext_lazy("own data", "since"),
    "site": pgettext_lazy("own data", "site"),
    "skills": pgettext_lazy("own data", "skills"),
    "stages": pgettext_lazy("own data", "stages"),
    "startup": pgettext_lazy("own data", "start-up"),
    "startups": pgettext_lazy("own data", "start-ups"),
    "submissions": pgettext_lazy("own data", "sent for approval"),
    "summary": pgettext_lazy("own data", "summary"),
    "template": pgettext_lazy("own data", "kind of message"),
    "text": pgettext_lazy("own data", "text"),
    "thing_type": pgettext_lazy("own data", "about"),
    "title": pgettext_lazy("own data", "title"),
    "to": pgettext_lazy("own data", "until"),
    "tokens": pgettext_lazy("own data", "tokens for programs"),
    "type": pgettext_lazy("own data", "kind"),
    "uid": pgettext_lazy("own data", "identifier"),
    "verb": pgettext_lazy("own data", "what was done"),
    "verified": pgettext_lazy("own data", "confirmed"),
    "webhooks": pgettext_lazy("own data", "webhooks"),
}


# What a key says in one place otherwise than elsewhere, by what it stands in.
KEYS_IN: dict[tuple[str, str], Word] = {
    ("account", "name"): pgettext_lazy("own data", "name of the person"),
    ("profile", "name"): pgettext_lazy("own data", "name of the person"),
}
BY_LANGUAGE = ("bio", "headline", "languages")  # what stands in these may be by language
FACTORS: dict[str, Word] = {
    "totp": pgettext_lazy("own data", "codes of an app"),
    "recovery_codes": pgettext_lazy("own data", "recovery codes"),
    "webauthn": pgettext_lazy("own data", "passkey"),
}
MESSAGE_STATES: dict[str, Word] = {state.value: state.label for state in MessageState}


def key_label(key: str, within: str = "") -> str:
    if within in BY_LANGUAGE and key in LANG_INFO:
        return _language(key)
    return str(KEYS_IN.get((within, key)) or KEYS.get(key) or vocabulary().fields.get(key) or key.replace("_", " "))


def value_words(key: str, value: str, codes: dict[str, str]) -> str:
    """Verbs, things, states, kinds and moments in words; anything else as it is. `codes` are those of the apps."""
    if moment := moment_in(value):
        return in_words(moment)
    if key in vocabulary().code_fields:
        return codes.get(value, value)
    if key in ("state", "status", "purpose", "groups"):
        return str(MESSAGE_STATES.get(value) or value_label(value))
    readers = {
        "verb": verb_label,
        "thing_type": thing_label,
        "reason": reason_label,
        "template": lambda template: title_of(template) or template,
        "type": lambda factor: FACTORS.get(factor, factor),
        "language": _language,
        "action": _deed,
    }
    return str(readers[key](value)) if key in readers else value


def _deed(action: str) -> str:
    """What Wagtail's log calls it."""
    return str(log_actions.get_action_label(action)) if log_actions.action_exists(action) else action


def _language(code: str) -> str:
    return str(LANG_INFO.get(code, {}).get("name_local", code))
