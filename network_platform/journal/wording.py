"""The journal's codes in words. An app's new verb, thing or field is named here; until then it shows as it is."""

import re
from functools import cache

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.lifecycle import tables

Word = str | Promise
_JUDGE = re.compile(r"\bjudge [0-9a-f-]{30}([0-9a-f]{6})\b")

THINGS: dict[str, Word] = {
    "people.user": _("person"),
    "background.message": _("message"),
    "tokens.token": _("token"),
    "changes.endpoint": _("webhook"),
    "incubators.organisation": _("organisation"),
    "incubators.revision": _("changes to a listing"),
    "incubators.claim": _("claim"),
    "incubators.importrun": _("import"),
    "incubators.startup": _("start-up"),
    "incubators.yearlyfigures": _("yearly figures"),
    "incubators.indicator": _("indicator"),
    "incubators.programme": _("programme"),
    "incubators.cohort": _("cohort"),
    "incubators.opencall": _("call for start-ups"),
    "incubators.placement": _("placement"),
    "incubators.duplicatepair": _("likely duplicate"),
    "incubators.transfer": _("transfer to another country"),
    "incubators.remark": _("remark of a reader"),
    "mentors.expert": _("expert"),
    "mentors.expertrole": _("expert's role"),
    "mentors.request": _("request to an expert"),
    "mentors.engagement": _("engagement"),
    "competitions.competition": _("competition"),
    "competitions.round": _("round"),
    "competitions.entry": _("entry"),
    "competitions.judge": _("judge"),
    "competitions.assignment": _("assignment"),
    "competitions.scoresheet": _("score sheet"),
}
# What is done, after "organisation:" and the like.
DEEDS: dict[str, Word] = {
    "accepted": pgettext_lazy("done", "accepted"),
    "activated": pgettext_lazy("done", "activated"),
    "added": pgettext_lazy("done", "added"),
    "advanced": pgettext_lazy("done", "taken to the next round"),
    "announced": pgettext_lazy("done", "announced"),
    "appointed": pgettext_lazy("done", "appointed for a country"),
    "asked": pgettext_lazy("done", "asked for"),
    "approved": pgettext_lazy("done", "approved"),
    "approval_undone": pgettext_lazy("done", "approval undone"),
    "availability": pgettext_lazy("done", "availability changed"),
    "begun": pgettext_lazy("done", "begun"),
    "cancelled": pgettext_lazy("done", "cancelled"),
    "changed": pgettext_lazy("done", "changed"),
    "changes_requested": pgettext_lazy("done", "changes requested"),
    "closed": pgettext_lazy("done", "closed"),
    "confirmed": pgettext_lazy("done", "confirmed"),
    "created": pgettext_lazy("done", "created"),
    "deactivated": pgettext_lazy("done", "access closed"),
    "decision_approved": pgettext_lazy("done", "decision approved"),
    "decision_proposed": pgettext_lazy("done", "decision proposed"),
    "decision_returned": pgettext_lazy("done", "decision returned"),
    "declined": pgettext_lazy("done", "declined"),
    "discarded": pgettext_lazy("done", "discarded"),
    "done": pgettext_lazy("done", "completed"),
    "editor_ended": pgettext_lazy("done", "an editor left or was taken out"),
    "editor_invited": pgettext_lazy("done", "an editor invited"),
    "editor_joined": pgettext_lazy("done", "an invited editor joined"),
    "ended": pgettext_lazy("done", "ended"),
    "end_moved": pgettext_lazy("done", "end moved"),
    "erased": pgettext_lazy("done", "erased"),
    "expired": pgettext_lazy("done", "expired without an answer"),
    "exported": pgettext_lazy("done", "own data downloaded"),
    "founder_invited": pgettext_lazy("done", "a founder invited"),
    "founder_joined": pgettext_lazy("done", "an invited founder owns it now"),
    "found_eligible": pgettext_lazy("done", "found eligible"),
    "found_ineligible": pgettext_lazy("done", "found not eligible"),
    "given": pgettext_lazy("done", "given"),
    "granted": pgettext_lazy("done", "granted"),
    "groups": pgettext_lazy("done", "groups changed"),
    "handed_over": pgettext_lazy("done", "handed over"),
    "hidden": pgettext_lazy("done", "hidden"),
    "imported": pgettext_lazy("done", "imported"),
    "import_undone": pgettext_lazy("done", "import taken back"),
    "invitation_withdrawn": pgettext_lazy("done", "invitation withdrawn"),
    "invited": pgettext_lazy("done", "invited"),
    "judges_reminded": pgettext_lazy("done", "judges reminded"),
    "letter_added": pgettext_lazy("done", "a letter attached"),
    "listed": pgettext_lazy("done", "listed"),
    "made": pgettext_lazy("done", "made"),
    "mailbox_proven": pgettext_lazy("done", "a mailbox at the domain confirmed"),
    "made_final": pgettext_lazy("done", "made final"),
    "different": pgettext_lazy("done", "told apart"),
    "mended": pgettext_lazy("done", "mended"),
    "merged": pgettext_lazy("done", "merged"),
    "merger_undone": pgettext_lazy("done", "merger undone"),
    "member_invited": pgettext_lazy("done", "team member invited"),
    "member_joined": pgettext_lazy("done", "team member joined"),
    "member_removed": pgettext_lazy("done", "a team member left or was removed"),
    "more_information_asked": pgettext_lazy("done", "more information asked for"),
    "not_selected": pgettext_lazy("done", "not selected"),
    "offered": pgettext_lazy("done", "offered"),
    "opened": pgettext_lazy("done", "opened"),
    "ownership_passed": pgettext_lazy("done", "another editor is the owner now"),
    "password_dropped": pgettext_lazy("done", "password of an unproven address dropped"),
    "paused": pgettext_lazy("done", "paused"),
    "proposed": pgettext_lazy("done", "proposed"),
    "published": pgettext_lazy("done", "published"),
    "proposal_sent": pgettext_lazy("done", "proposal sent"),
    "put_on_reserve": pgettext_lazy("done", "put on the reserve list"),
    "put_to_judges": pgettext_lazy("done", "put to the judges"),
    "quarantined": pgettext_lazy("done", "set aside because of a conflict"),
    "queried": pgettext_lazy("done", "asked about"),
    "ranked": pgettext_lazy("done", "ranked"),
    "reactivated": pgettext_lazy("done", "access opened again"),
    "recused": pgettext_lazy("done", "recused"),
    "refreshed": pgettext_lazy("done", "confirmed again"),
    "refused": pgettext_lazy("done", "refused"),
    "reinstated": pgettext_lazy("done", "reinstated"),
    "released": pgettext_lazy("done", "released"),
    "renamed": pgettext_lazy("done", "renamed"),
    "reopened": pgettext_lazy("done", "reopened"),
    "restored": pgettext_lazy("done", "restored"),
    "reverted": pgettext_lazy("done", "changes thrown away"),
    "retired": pgettext_lazy("done", "asked no more"),
    "resumed": pgettext_lazy("done", "resumed"),
    "defined": pgettext_lazy("done", "defined anew"),
    "deleted": pgettext_lazy("done", "deleted"),
    "removed": pgettext_lazy("done", "removed"),
    "revoked": pgettext_lazy("done", "revoked"),
    "retried": pgettext_lazy("done", "put into the queue again"),
    "saved": pgettext_lazy("done", "saved"),
    "set_aside": pgettext_lazy("done", "set aside"),
    "scored": pgettext_lazy("done", "scored"),
    "settings": pgettext_lazy("done", "settings changed"),
    "shown": pgettext_lazy("done", "shown to everybody"),
    "stale": pgettext_lazy("done", "out of date: the entry changed"),
    "started": pgettext_lazy("done", "started"),
    "submitted": pgettext_lazy("done", "submitted"),
    "submitted_again": pgettext_lazy("done", "submitted again"),
    "suspended": pgettext_lazy("done", "suspended"),
    "term_ended": pgettext_lazy("done", "term of office ended"),
    "voided": pgettext_lazy("done", "voided"),
    "went_stale": pgettext_lazy("done", "out of date: not confirmed in time"),
    "withdrawn": pgettext_lazy("done", "withdrawn"),
    "won": pgettext_lazy("done", "won"),
}
# Verbs that are no move of a lifecycle.
OTHER_VERBS = """
    assignment.made call.changed call.created claim.letter_added
    claim.mailbox_proven claim.made cohort.added cohort.changed cohort.proposal_sent
    consent.given consent.withdrawn entry.deleted entry.member_invited entry.member_joined
    entry.member_removed entry.reverted entry.started expert.saved expert_role.availability expert_role.hidden
    figures.hidden figures.published indicator.added indicator.defined indicator.resumed
    indicator.retired
    judge.invited judge.invitation_withdrawn
    message.retried organisation.confirmed organisation.editor_ended organisation.editor_invited
    organisation.handed_over organisation.merged organisation.merger_undone organisation.ownership_passed
    organisation.started organisations.import_undone organisations.imported person.appointed transfer.asked
    figures.import_undone figures.imported programmes.import_undone programmes.imported
    startups.import_undone startups.imported
    person.deactivated person.erased person.exported person.groups person.password_dropped person.reactivated
    person.settings person.term_ended placement.ended programme.changed programme.created programme.deleted
    revision.discarded round.end_moved round.judges_reminded
    startup.created startup.founder_invited startup.hidden startup.removed startup.renamed startup.shown
    token.made token.revoked webhook.deleted webhook.made
""".split()  # noqa: SIM905
SUBJECTS: dict[str, Word] = {
    "consent": _("consent"),
    "figures": THINGS["incubators.yearlyfigures"],
    "pair": THINGS["incubators.duplicatepair"],
    "organisations": _("organisations"),
    "programmes": _("programmes"),
    "startups": _("start-ups"),
    "person": THINGS["people.user"],
    "expertrole": THINGS["mentors.expertrole"],
    "call": THINGS["incubators.opencall"],
    "sheet": THINGS["competitions.scoresheet"],
    "webhook": THINGS["changes.endpoint"],
}
# Whose value is a code of an app.
CODE_FIELDS = ("availability", "country", "organisation", "role", "visibility", "why")
FIELDS: dict[str, Word] = {
    "": pgettext_lazy("field", "the whole entry"),
    "active": pgettext_lazy("field", "access"),
    "availability": pgettext_lazy("field", "availability"),
    "claimant": pgettext_lazy("field", "claimed by"),
    "closes_at": pgettext_lazy("field", "end"),
    "country": pgettext_lazy("field", "country"),
    "deputy": pgettext_lazy("field", "deputy"),
    "digest": pgettext_lazy("field", "fingerprint of what was sent"),
    "editor": pgettext_lazy("field", "editor"),
    "events": pgettext_lazy("field", "events"),
    "expires": pgettext_lazy("field", "works until"),
    "fields": pgettext_lazy("field", "fields"),
    "groups": pgettext_lazy("field", "groups"),
    "judges": pgettext_lazy("field", "judges"),
    "name": pgettext_lazy("field", "name"),
    "organisation": pgettext_lazy("field", "organisation"),
    "outcome": pgettext_lazy("field", "outcome"),
    "purpose": pgettext_lazy("field", "purpose"),
    "retired_from": pgettext_lazy("field", "asked no more from"),
    "role": pgettext_lazy("field", "role"),
    "scopes": pgettext_lazy("field", "what it may do"),
    "sheets": pgettext_lazy("field", "score sheets"),
    "since": pgettext_lazy("field", "holds from"),
    "state": pgettext_lazy("field", "state"),
    "status": pgettext_lazy("field", "state"),
    "submission": pgettext_lazy("field", "which time it is sent"),
    "version": pgettext_lazy("field", "version"),
    "visibility": pgettext_lazy("field", "visibility"),
    "why": pgettext_lazy("field", "why"),
    # what a decision was taken on
    "decision": pgettext_lazy("field", "decision"),
    "decision_digest": pgettext_lazy("field", "fingerprint of the decision"),
    "entry": pgettext_lazy("field", "entry"),
    "results_digest": pgettext_lazy("field", "fingerprint of the results file"),
    "ranking": pgettext_lazy("field", "fingerprint of the ranking"),
    "withdrawn_since": pgettext_lazy("field", "withdrawn since"),
    # rows of an import
    "new": pgettext_lazy("field", "new rows"),
    "changed": pgettext_lazy("field", "changed rows"),
    "unchanged": pgettext_lazy("field", "unchanged rows"),
    "duplicate": pgettext_lazy("field", "possible duplicates"),
    "error": pgettext_lazy("field", "rows with mistakes"),
    # and of one that is taken back
    "removed": pgettext_lazy("field", "removed"),
    "restored": pgettext_lazy("field", "set back"),
    # fields of settings and of a listing
    "city": pgettext_lazy("field", "city"),
    "description_en": pgettext_lazy("field", "description in English"),
    "description_ru": pgettext_lazy("field", "description in Russian"),
    "display": pgettext_lazy("field", "name shown first"),
    "founded_year": pgettext_lazy("field", "year of foundation"),
    "kind": pgettext_lazy("field", "kind"),
    "language": pgettext_lazy("field", "language"),
    "languages": pgettext_lazy("field", "languages"),
    "name_en": pgettext_lazy("field", "name in English"),
    "name_latin": pgettext_lazy("field", "name in Latin letters"),
    "name_ru": pgettext_lazy("field", "name in Russian"),
    "other_names": pgettext_lazy("field", "other names"),
    "sdgs": pgettext_lazy("field", "Sustainable Development Goals"),
    "sectors": pgettext_lazy("field", "sectors"),
    "short_name": pgettext_lazy("field", "short name"),
    "time_zone": pgettext_lazy("field", "time zone"),
    "titles": pgettext_lazy("field", "titles"),
    "descriptions": pgettext_lazy("field", "descriptions"),
    "weeks": pgettext_lazy("field", "length in weeks"),
    "cohort": pgettext_lazy("field", "cohort"),
    "opens_at": pgettext_lazy("field", "beginning"),
    "zone": pgettext_lazy("field", "time zone"),
    "apply_url": pgettext_lazy("field", "where to apply"),
    "starts": pgettext_lazy("field", "first day"),
    "ends": pgettext_lazy("field", "last day"),
    "places": pgettext_lazy("field", "places"),
    "left": pgettext_lazy("field", "left on"),
    "website": pgettext_lazy("field", "website"),
    # what is confirmed of a listing, and how
    "description": pgettext_lazy("field", "description"),
    "facts": pgettext_lazy("field", "facts"),
    "how": pgettext_lazy("field", "how"),
    "names": pgettext_lazy("field", "names"),
    "verified_until": pgettext_lazy("field", "confirmed until"),
}
# Fields of one deed that are called as another's are.
FIELDS_OF: dict[tuple[str, str], Word] = {
    ("import_undone", "left"): pgettext_lazy("field", "left as they were"),
}
# Codes that stand as values and belong to no table of states.
VALUES: dict[str, Word] = {
    "contact-requests": pgettext_lazy("value", "requests to the expert"),
    "network-profile": pgettext_lazy("value", "profile within the network"),
    "public-profile": pgettext_lazy("value", "public profile"),
    "startup-profile": pgettext_lazy("value", "profiles of start-ups"),
    "by_link": pgettext_lazy("value", "by the link in a reminder, without signing in"),
    "on_page": pgettext_lazy("value", "signed in, on the page"),
    "editors": pgettext_lazy("value", "editors of all pages"),
    "secretariat": pgettext_lazy("value", "secretariat"),
}


# Reasons that no person wrote.
REASONS: dict[str, Word] = {
    "conflict of interest": _("conflict of interest"),
    "recused": pgettext_lazy("done", "recused"),
    "the judge is not available": pgettext_lazy("reason", "the judge is not available"),
}


def reason_label(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def thing_label(thing_type: str) -> Word:
    """The word for a model, from here or from the model itself."""
    if thing_type in THINGS:
        return THINGS[thing_type]
    try:
        return apps.get_model(thing_type)._meta.verbose_name
    except (LookupError, ValueError):
        return thing_type


def label_words(thing_type: str, label: str, codes: dict[str, str]) -> str:
    """What a record calls its thing, the codes in it in words: labels are kept as they were written."""
    if thing_type.startswith("mentors."):
        return ", ".join(codes.get(part, part) for part in label.split(", "))
    return _JUDGE.sub(lambda found: f"{THINGS['competitions.judge']} …{found[1]}", label)


def verb_label(verb: str) -> Word:
    """`organisation.listed` as "organisation: listed"."""
    subject, _dot, deed = verb.partition(".")
    return format_lazy("{}: {}", _subject(subject), DEEDS.get(deed, _plain(deed)))


def field_label(name: str, verb: str = "") -> Word:
    return FIELDS_OF.get((verb.partition(".")[2], name)) or FIELDS.get(name, _plain(name))


def value_label(value: str, thing_type: str = "") -> str:
    """A state's value in words, as inside a sentence; anything else as it is. `thing_type`: whose state it would be."""
    if (label := _states_of(thing_type).get(value)) is None:
        if value in VALUES:
            return str(VALUES[value])
        if (label := _states().get(value)) is None:
            return value
    words = str(label)
    return words[:1].lower() + words[1:]


def verbs() -> dict[str, Word]:
    """Every verb that the apps use, with its words."""
    moves = {move.verb for table in tables().values() for move in table.moves}
    return {verb: verb_label(verb) for verb in moves.union(OTHER_VERBS)}


@cache
def _states_of(thing_type: str) -> dict[str, Word]:
    """The states of one model: "proposed" is one thing of a round and another of a placement."""
    for thing, table in tables().items():
        if f"{table.app}.{thing.replace(' ', '')}" == thing_type:
            return dict(table.states.choices)
    return {}


@cache
def _states() -> dict[str, Word]:
    """Lowest floor last, so that its words win where two apps call different states alike."""
    return {value: label for table in reversed(tables().values()) for value, label in table.states.choices}


def _subject(name: str) -> Word:
    name = name.replace("_", "")
    by_model = {thing.partition(".")[2]: word for thing, word in THINGS.items()}
    return SUBJECTS.get(name) or by_model.get(name) or name


def _plain(code: str) -> str:
    return code.replace("_", " ")
