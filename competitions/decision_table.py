"""The rows of the table to decide upon, as markup made here: thousands are on one page, and a template takes five times
as long for each. What people wrote goes through `escape`.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse
from django.utils.formats import get_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from competitions.enums import Outcome
from competitions.forms.decision import LONGEST_REASON, DecisionForm
from competitions.models import Competition, Decision
from competitions.models.result import RankLine
from incubators.models import Country
from network_platform.icons import icon
from network_platform.languages import in_language

HUNDREDTH = Decimal("0.01")


class DecisionTable:
    """`can_propose`: with the controls of the form, else with what is decided. `asked`: readings for each entry."""

    def __init__(self, form: DecisionForm, *, competition: Competition, can_propose: bool, asked: int) -> None:
        self.form, self.can_propose, self.asked = form, can_propose, asked
        self.has_mistakes = bool(form.errors)
        self.address = reverse("competitions:manage-entries", args=[competition.slug])
        self.countries = {pk: escape(in_language(names)) for pk, names in Country.objects.values_list("pk", "names")}
        self.point = get_format("DECIMAL_SEPARATOR")
        self.outcomes, self.awards = _options(form.outcome_choices), _options(form.award_choices)
        self.reads_word, self.of_word = (
            escape(pgettext("score sheets, where there is little room", "sheets")),
            escape(_("of %(n)s") % {"n": asked}),
        )
        self.outcome_word, self.award_word = escape(_("Outcome")), escape(_("Award"))
        self.reason_word, self.told_word = escape(_("Reason")), escape(_("Reason, told to the team"))
        self.tied_word = escape(_("tied"))

    @property
    def rows(self) -> SafeString:
        last = self._controls if self.can_propose else self._decided
        return mark_safe("\n".join(self._start(line) + last(line) + "</tr>" for line in self.form.lines))  # noqa: S308

    def _start(self, line: RankLine) -> str:
        uid, mean = str(line.uid), "–" if line.score is None else f"<strong>{self._mean(line.score)}</strong>"
        tied = f'<span class="sub wide-only">{self.tied_word}</span>' if line.is_tied else ""
        tied_too = f'<span class="sub phone-only">{self.tied_word}</span>' if line.is_tied else ""
        reads = f"<strong>{line.reads}</strong> {self.of_word}" if line.reads < self.asked else str(line.reads)
        return (
            f'<tr{self._mark(line, uid)}><td class="r">{line.rank or "–"}{tied}</td>'
            f'<th scope="row"><a class="quiet" href="{self.address}{uid}/">{escape(line.startup)}</a>'
            f'<span class="sub"><span class="code nowrap">{line.number}</span> '
            f"{self.countries[line.country_id]}{tied_too}"
            f'</span></th><td class="r nowrap reads" data-label="{self.reads_word}">{reads}</td>'
            f'<td class="r mean">{mean}</td>'
        )

    def _mark(self, line: RankLine, uid: str) -> str:
        if self.form.said("reason", uid) or (self.has_mistakes and self.form.is_wrong(uid)):
            return ' class="told"'
        return "" if line.reads else ' class="unread"'

    def _mean(self, score: Decimal) -> str:
        return str(score.quantize(HUNDREDTH, ROUND_HALF_UP)).replace(".", self.point)

    def _controls(self, line: RankLine) -> str:
        uid, number = str(line.uid), line.number
        outcomes = self.outcomes.get(self.form.said("outcome", uid)) or self.outcomes[Outcome.NOT_SELECTED]
        awards = self.awards.get(self.form.said("award", uid)) or self.awards[""]
        outcome_mark, outcome_errors = self._mistakes("outcome", uid)
        award_mark, award_errors = self._mistakes("award", uid)
        return (
            f'<td class="outcome"><select class="form-select" name="outcome-{uid}" id="id_outcome-{uid}"'
            f' aria-label="{self.outcome_word}, {number}"{outcome_mark}>{outcomes}</select></td>'
            f'<td class="why" data-label="{self.award_word}">{outcome_errors}'
            f'<select class="form-select" name="award-{uid}" id="id_award-{uid}"'
            f' aria-label="{self.award_word}, {number}"{award_mark}>{awards}</select>{award_errors}'
            f"{self._reason(line, uid)}</td>"
        )

    def _reason(self, line: RankLine, uid: str) -> str:
        reason, (mark, errors) = self.form.said("reason", uid), self._mistakes("reason", uid)
        return (
            f'<details class="more"{" open" if reason or errors else ""}>'
            f"<summary>{self.reason_word if line.reads else self.told_word}</summary>{errors}"
            f'<textarea class="form-control" rows="2" name="reason-{uid}" id="id_reason-{uid}"'
            f' aria-label="{self.reason_word}, {line.number}" maxlength="{LONGEST_REASON}"{mark}>'
            f"{escape(reason)}</textarea></details>"
        )

    def _mistakes(self, part: str, uid: str) -> tuple[str, SafeString | str]:
        """What marks the control, and what is said beside it; nothing where nothing is wrong."""
        found = self.form.mistakes(part, uid) if self.has_mistakes else []
        if not found:
            return "", ""
        name = f"id_{part}-{uid}_error"
        return f' aria-invalid="true" aria-describedby="{name}"', _errors(name, found)

    def _decided(self, line: RankLine) -> str:
        decision = self.form.decisions.get(line.entry_id)
        outcome = escape(decision.get_outcome_display()) if decision else "–"
        return f'<td class="outcome">{outcome}</td><td class="decided">{_reasoned(decision)}</td>'


def _reasoned(decision: Decision | None) -> SafeString | str:
    """The award and the reason, each on a line."""
    if decision is None:
        return ""
    award = [escape(decision.award)] if decision.award else []
    reason = [format_html('<span class="small">{}</span>', decision.reason)] if decision.reason else []
    return "<br>".join(award + reason)


def _errors(name: str, mistakes: list[str]) -> SafeString:
    lines = ((icon("warn"), text) for text in mistakes)
    said = format_html_join("", '<p class="err">{}<span>{}</span></p>', lines)
    return format_html('<div id="{}">{}</div>', name, said)


def _options(choices: list[tuple[str, str]]) -> dict[str, SafeString]:
    """For each value the options of a select in which it is chosen."""
    plain = {value: format_html('<option value="{}">{}</option>', value, label) for value, label in choices}
    marked = {value: format_html('<option value="{}" selected>{}</option>', value, label) for value, label in choices}
    return {
        one: format_html_join("", "{}", ((option,) for option in (plain | {one: marked[one]}).values()))
        for one in plain
    }
