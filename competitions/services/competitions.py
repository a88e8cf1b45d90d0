"""Bringing a competition before the public, and keeping what can be found of it current."""

from collections.abc import Iterator
from itertools import chain, product
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from competitions.enums import CompetitionState, RoundKind
from competitions.lifecycle import COMPETITION
from competitions.models import Competition, FormVersion, Round, RubricVersion
from competitions.models.competition import PUBLIC_STATES
from competitions.services.definitions import criteria_of
from competitions.services.digests import form_digest, rubric_digest
from competitions.services.entries import ReasonMissing
from competitions.services.totals import COMPUTED, shares
from incubators.enums import StartupStage
from incubators.services.reindexing import words_of_country
from network_platform.journal.services import record
from network_platform.languages import in_language
from network_platform.page_cache import touch
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.services import Document, drop, put_many


class NotReady(Exception):
    """`problems`: what is missing before the competition may be published, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def publish_competition(*, competition: Competition, by: User | None) -> Competition:
    """Lock form and rubrics, so that the rules are public and fixed before entries open. Raises NotReady."""
    problems = missing_before_publication(competition)
    if problems:
        raise NotReady(problems)
    for form in competition.forms.filter(is_current=True, locked_at__isnull=True):
        lock_form(form)
    for rubric in RubricVersion.objects.filter(round__competition=competition, is_current=True, locked_at__isnull=True):
        lock_rubric(rubric)
    return move_competition(competition=competition, to=CompetitionState.PUBLISHED, by=by)


def missing_before_publication(competition: Competition) -> list[str]:
    scored = list(competition.rounds.filter(kind__in=[RoundKind.SCORING, RoundKind.PITCH]))
    checks = [
        (competition.opens_at and competition.closes_at, _("Say when entries open and close.")),
        (competition.forms.filter(is_current=True, questions__isnull=False).exists(), _("Add an application form.")),
        (scored, _("Add a round with a rubric.")),
        (all(round_.aggregation for round_ in scored), _("Say how scores become a result.")),
        (
            all(round_.aggregation in ("", *COMPUTED) for round_ in scored),
            _("Choose the mean of the judges’ totals: other ways of adding up are not computed."),
        ),
        (all(round_.tie_rules for round_ in scored), _("Say what happens at a tie.")),
    ]
    unusable = [problem for round_ in scored for problem in _unusable_rubric(competition, round_)]
    return [problem for is_there, problem in checks if not is_there] + unusable


def _unusable_rubric(competition: Competition, round_: Round) -> list[str]:
    """What would keep a judge from filling in a sheet for some entry."""
    rubric = round_.rubrics.filter(is_current=True).first()
    criteria = criteria_of(rubric) if rubric else ()
    if rubric is None or not criteria:
        return [_("Add a rubric to the round “%(round)s”.") % {"round": round_}]
    without = [criterion for criterion in criteria if not criterion.allowed_values() or not criterion.scale_max]
    if without:
        return [_("Say which values a judge may give for “%(criterion)s”.") % {"criterion": without[0]}]
    tracks = ["", *competition.tracks.values_list("code", flat=True)]
    for stage, track in product(("", *StartupStage.values), tracks):
        try:
            shares([c for c in criteria if c.applies_to(stage=stage, track=track)], weights_of=rubric.weights_of)
        except ValueError:
            where = ", ".join(filter(None, (str(StartupStage(stage).label) if stage else "", track))) or "–"
            return [
                _("No criterion with a weight applies to entries of this stage and track: %(where)s.")
                % {"where": where}
            ]
    return []


def lock_form(form: FormVersion) -> None:
    form.digest, form.locked_at = form_digest(form), timezone.now()
    form.save(update_fields=["digest", "locked_at"])


def lock_rubric(rubric: RubricVersion) -> None:
    rubric.digest, rubric.locked_at = rubric_digest(rubric), timezone.now()
    rubric.save(update_fields=["digest", "locked_at"])


@transaction.atomic
def move_competition(*, competition: Competition, to: str, by: User | None, reason: str = "") -> Competition:
    """The one door of a competition's state. Who may is the caller's rule."""
    row = Competition.objects.select_for_update().get(pk=competition.pk)
    move = COMPETITION.check(row.state, to)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing(move.verb)
    stamps: dict[str, Any] = {
        CompetitionState.PUBLISHED: {"published_at": timezone.now()},
        CompetitionState.ANNOUNCED: {"announced_at": timezone.now()},
    }.get(CompetitionState(to), {})
    Competition.objects.filter(pk=row.pk).update(state=to, **stamps)
    for name, value in {"state": to, **stamps}.items():
        setattr(competition, name, value)
    index_competition(competition)
    record(
        verb=move.verb,
        thing=competition,
        by=by,
        scope=competition.scope_token,
        before={"state": row.state},
        after={"state": to},
        reason=reason,
    )
    return competition


def index_competition(competition: Competition) -> None:
    """Put the competition's search documents, forget what must not be found, and every kept page that shows it."""
    drop("competition", str(competition.uid))
    put_many(documents_of(competition))
    touch("competitions")


def documents_of(competition: Competition) -> Iterator[Document]:
    """One document a language; a draft only for those who prepare it. Entries are never among them."""
    audience = PUBLIC if competition.state in PUBLIC_STATES else competition.scope_token
    countries = " ".join(chain.from_iterable(map(words_of_country, competition.countries.all())))
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield Document(
                kind="competition",
                key=str(competition.uid),
                title=str(competition),
                url=f"/competitions/{competition.slug}/",
                summary=in_language(competition.summaries),
                body=f"{in_language(competition.organisers)} {countries}",
                language=language,
                audience=audience,
            )
