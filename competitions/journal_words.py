"""The journal's codes of this app in words; `network_platform/journal/words.py` says what stands where."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.journal.words import Word, Words

_JUDGE = re.compile(r"\bjudge [0-9a-f-]{30}([0-9a-f]{6})\b")


def label_in_words(label: str, _codes: Mapping[str, str]) -> str:
    """`12, judge 01a2…` tells of the uid what tells judges apart."""
    return _JUDGE.sub(lambda found: f"{THINGS['competitions.judge']} …{found[1]}", label)


THINGS: dict[str, Word] = {
    "competitions.competition": _("competition"),
    "competitions.round": _("round"),
    "competitions.entry": _("entry"),
    "competitions.judge": _("judge"),
    "competitions.assignment": _("assignment"),
    "competitions.scoresheet": _("score sheet"),
}
WORDS = Words(
    things=THINGS,
    deeds={
        "activated": pgettext_lazy("done", "activated"),
        "advanced": pgettext_lazy("done", "taken to the next round"),
        "announced": pgettext_lazy("done", "announced"),
        "begun": pgettext_lazy("done", "begun"),
        "cancelled": pgettext_lazy("done", "cancelled"),
        "decision_approved": pgettext_lazy("done", "decision approved"),
        "decision_proposed": pgettext_lazy("done", "decision proposed"),
        "decision_returned": pgettext_lazy("done", "decision returned"),
        "done": pgettext_lazy("done", "completed"),
        "end_moved": pgettext_lazy("done", "end moved"),
        "found_eligible": pgettext_lazy("done", "found eligible"),
        "found_ineligible": pgettext_lazy("done", "found not eligible"),
        "invited": pgettext_lazy("done", "invited"),
        "judges_reminded": pgettext_lazy("done", "judges reminded"),
        "made_final": pgettext_lazy("done", "made final"),
        "member_invited": pgettext_lazy("done", "team member invited"),
        "member_joined": pgettext_lazy("done", "team member joined"),
        "member_removed": pgettext_lazy("done", "a team member left or was removed"),
        "more_information_asked": pgettext_lazy("done", "more information asked for"),
        "not_selected": pgettext_lazy("done", "not selected"),
        "opened": pgettext_lazy("done", "opened"),
        "put_on_reserve": pgettext_lazy("done", "put on the reserve list"),
        "put_to_judges": pgettext_lazy("done", "put to the judges"),
        "quarantined": pgettext_lazy("done", "set aside because of a conflict"),
        "ranked": pgettext_lazy("done", "ranked"),
        "recused": pgettext_lazy("done", "recused"),
        "released": pgettext_lazy("done", "released"),
        "results_sealed": pgettext_lazy("done", "results file sealed"),
        "reverted": pgettext_lazy("done", "changes thrown away"),
        "scored": pgettext_lazy("done", "scored"),
        "stale": pgettext_lazy("done", "out of date: the entry changed"),
        "submitted_again": pgettext_lazy("done", "submitted again"),
        "voided": pgettext_lazy("done", "voided"),
        "won": pgettext_lazy("done", "won"),
    },
    verbs=(
        "assignment.made",
        "entry.deleted",
        "entry.member_invited",
        "entry.member_joined",
        "entry.member_removed",
        "entry.reverted",
        "entry.started",
        "judge.invitation_withdrawn",
        "judge.invited",
        "round.end_moved",
        "round.judges_reminded",
        "round.results_sealed",
    ),
    subjects={
        "sheet": THINGS["competitions.scoresheet"],
    },
    fields={
        "digest": pgettext_lazy("field", "fingerprint of what was sent"),
        "judges": pgettext_lazy("field", "judges"),
        "sheets": pgettext_lazy("field", "score sheets"),
        "submission": pgettext_lazy("field", "which time it is sent"),
        "decision": pgettext_lazy("field", "decision"),
        "decision_digest": pgettext_lazy("field", "fingerprint of the decision"),
        "results_digest": pgettext_lazy("field", "fingerprint of the results file"),
        "entry": pgettext_lazy("field", "entry"),
        "ranking": pgettext_lazy("field", "fingerprint of the ranking"),
        "withdrawn_since": pgettext_lazy("field", "withdrawn since"),
    },
    reasons={
        "conflict of interest": _("conflict of interest"),
        "recused": pgettext_lazy("done", "recused"),
        "the judge is not available": pgettext_lazy("reason", "the judge is not available"),
    },
    label=label_in_words,
)
