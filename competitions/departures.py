"""Winners that depart from the order of the ranking, in words for those who approve and announce the decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Decision, RankRow
from competitions.services.deciding import Choice, off_the_ranking

NAMED = 8  # entries passed over that are named


@dataclass(frozen=True)
class Departure:
    """Who wins, who is passed over though level or higher, and the reason given; `number` is the winner's."""

    number: str
    winner: str
    passed: str
    reason: str


def departures(decisions: Iterable[Decision], rows: Mapping[int, RankRow]) -> list[Departure]:
    """`rows`: entry pk -> the row that was decided on, its entry and start-up at hand; no query."""
    choices = [Choice(rows[d.entry_id].entry, d.outcome, d.award, d.reason) for d in decisions if d.entry_id in rows]
    return [
        Departure(
            number=choice.entry.number,
            winner=" – ".join(filter(None, (_in_words(rows[choice.entry.pk]), str(choice.award or "")))),
            passed=_named([rows[entry.pk] for entry in passed]),
            reason=choice.reason,
        )
        for choice, passed in off_the_ranking(choices, dict(rows))
    ]


def _in_words(row: RankRow) -> str:
    name = f"{row.entry.number} {row.entry.startup.name}"
    if row.score is None:
        standing = _("no rank")
    else:
        standing = _("rank %(rank)s, mean %(mean)s") % {"rank": row.rank, "mean": floatformat(row.score, 2)}
    return f"{name} – {standing}"


def _named(rows: list[RankRow]) -> str:
    named, rest = ", ".join(map(_in_words, rows[:NAMED])), len(rows) - NAMED
    if rest <= 0:
        return named
    return ngettext("%(named)s and %(n)d more", "%(named)s and %(n)d more", rest) % {"named": named, "n": rest}
