"""Winners that depart from the order of the ranking, in words for those who approve and announce the decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Award, Decision, RankRow
from competitions.services.deciding import Choice, off_the_ranking

NAMED = 8  # entries passed over that are named


@dataclass(frozen=True)
class Departure:
    """Who wins, who is passed over though level or higher, and the reason given; `number` is the winner's.

    `winner` and `passed` are markup in which numbers stay whole and names stand apart.
    """

    number: str
    winner: SafeString
    passed: SafeString
    reason: str


def departures(decisions: Iterable[Decision], rows: Mapping[int, RankRow]) -> list[Departure]:
    """`rows`: entry pk -> the row that was decided on, its entry and start-up at hand; no query."""
    choices = [Choice(rows[d.entry_id].entry, d.outcome, d.award, d.reason) for d in decisions if d.entry_id in rows]
    return [
        Departure(
            number=choice.entry.number,
            winner=_with_award(_in_words(rows[choice.entry.pk]), choice.award),
            passed=_named([rows[entry.pk] for entry in passed]),
            reason=choice.reason,
        )
        for choice, passed in off_the_ranking(choices, dict(rows))
    ]


def _with_award(standing: SafeString, award: Award | None) -> SafeString:
    return dashed(standing, format_html("<bdi>{}</bdi>", award)) if award else standing


def _in_words(row: RankRow) -> SafeString:
    if row.score is None:
        standing = _("no rank")
    else:
        standing = _("rank %(rank)s, mean %(mean)s") % {"rank": row.rank, "mean": floatformat(row.score, 2)}
    named = format_html('<span class="nowrap">{}</span> <bdi>{}</bdi>', row.entry.number, row.entry.startup.name)
    return dashed(named, standing)


def dashed(thing: str, told: str) -> SafeString:
    """A thing and what is told of it, with the dash of the reader's language, which begins no line."""
    return format_html(_("{thing} – {told}"), thing=thing, told=told)


def _named(rows: list[RankRow]) -> SafeString:
    named, rest = format_html_join(", ", "{}", ((_in_words(row),) for row in rows[:NAMED])), len(rows) - NAMED
    if rest <= 0:
        return named
    more = ngettext("%(named)s and %(n)d more", "%(named)s and %(n)d more", rest) % {"named": "{}", "n": rest}
    return format_html(more, named)
