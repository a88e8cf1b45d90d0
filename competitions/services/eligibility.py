"""May this start-up enter? Answered before the long form, and again at the submission.

Parameters of a rule by kind: country {"countries": ["KZ"]} (empty: the competition's countries);
founded_after {"date": "2024-01-01"}; company_age {"years": 5}; stage {"stages": [code]}; sector {"sectors": [code]};
team_size {"minimum": 2, "maximum": 8}; one_entry {"limit": 1}; statement {} (confirmed by the applicant).
A fact that the profile does not give (no firm yet, team size unknown) is never held against the start-up; a stage
must be known. The start-up may be one that is only being described, and not stored.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.enums import EntryState, RuleEffect, RuleKind
from competitions.models import Competition, EligibilityRule, Entry
from incubators.enums import StartupStage
from incubators.models import Startup
from network_platform.languages import in_language
from network_platform.zones import known

# Where in the profile stands what a rule asks about: the field's name, and the id of its control there.
PLACES = {
    RuleKind.COUNTRY: ("country", "id_country"),
    RuleKind.FOUNDED_AFTER: ("founded", "id_founded"),
    RuleKind.COMPANY_AGE: ("founded", "id_founded"),
    RuleKind.STAGE: ("stage", "id_stage_0"),
    RuleKind.SECTOR: ("sectors", "id_sectors_0"),
    RuleKind.TEAM_SIZE: ("team_size", "id_team_size"),
}


@dataclass(frozen=True)
class Case:
    """Who asks: the start-up, the numbers of the statements confirmed, and the entry itself once there is one."""

    startup: Startup
    competition: Competition
    confirmed: Collection[int] = ()
    entry: Entry | None = None

    @property
    def stage(self) -> str:
        """As the profile says; where it says nothing, as it was when the entry was begun."""
        return self.startup.stage or (self.entry.stage if self.entry else "")


@dataclass(frozen=True)
class Finding:
    """One rule's answer."""

    rule: EligibilityRule
    met: bool
    stage: str = ""  # of the start-up, for a rule about it; empty where the profile does not give it

    @property
    def blocks(self) -> bool:
        return not self.met and self.rule.effect == RuleEffect.BLOCK

    @property
    def warns(self) -> bool:
        return not self.met and self.rule.effect == RuleEffect.WARN

    @property
    def is_about_profile(self) -> bool:
        return self.rule.kind in PLACES

    @property
    def place(self) -> str:
        """What an address of the profile ends with, so that it opens at what the rule asks about."""
        return f"#{PLACES[RuleKind(self.rule.kind)][1]}" if self.is_about_profile else ""

    @property
    def is_about_known_stage(self) -> bool:
        return self.rule.kind == RuleKind.STAGE and bool(self.stage)

    @property
    def words(self) -> str:
        """The condition if it is met, else what to know about it, and from which stage that follows."""
        if self.rule.kind == RuleKind.STAGE and not self.stage:
            return _("The profile of the start-up does not give its stage.")
        text = in_language(self.rule.statements)
        if self.met:
            return text
        text = in_language(self.rule.messages) or text
        return f"{text} {self._stage_in_words()}" if self.is_about_known_stage else text

    def _stage_in_words(self) -> str:
        words = _("This follows from the stage of the start-up: “%(stage)s”.")
        return words % {"stage": StartupStage(self.stage).label}


def findings(case: Case, besides: Collection[str] = ()) -> list[Finding]:
    """Every rule's answer, without those of the kinds in `besides`."""
    rules = case.competition.eligibility_rules.all()
    return [_finding(rule, case) for rule in rules if rule.kind not in besides]


def _finding(rule: EligibilityRule, case: Case) -> Finding:
    return Finding(rule, CHECKS[RuleKind(rule.kind)](rule, case), case.stage if rule.kind == RuleKind.STAGE else "")


def blocking(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.blocks]


def _country(rule: EligibilityRule, case: Case) -> bool:
    allowed = rule.parameters.get("countries") or list(case.competition.countries.values_list("iso2", flat=True))
    return not allowed or case.startup.country.iso2 in allowed


def _founded_after(rule: EligibilityRule, case: Case) -> bool:
    return case.startup.founded is None or case.startup.founded >= date.fromisoformat(rule.parameters["date"])


def _company_age(rule: EligibilityRule, case: Case) -> bool:
    """In full years on the day of the deadline, as the organiser's calendar has it."""
    if case.startup.founded is None:
        return True
    founded, zone = case.startup.founded, case.competition.time_zone
    closes = (case.competition.closes_at or timezone.now()).astimezone(ZoneInfo(zone if known(zone) else "UTC"))
    day = closes.date()
    age = day.year - founded.year - ((day.month, day.day) < (founded.month, founded.day))
    return age < rule.parameters["years"] or (age == rule.parameters["years"] and _is_birthday(founded, day))


def _is_birthday(founded: date, day: date) -> bool:
    return (founded.month, founded.day) == (day.month, day.day)


def _stage(rule: EligibilityRule, case: Case) -> bool:
    return case.stage in rule.parameters["stages"]


def _sector(rule: EligibilityRule, case: Case) -> bool:
    if case.startup.pk is None:
        return True
    own = set(case.startup.sectors.values_list("code", flat=True))
    return not own or bool(own & set(rule.parameters["sectors"]))


def _team_size(rule: EligibilityRule, case: Case) -> bool:
    size = case.startup.team_size
    if size is None:
        return True
    return rule.parameters.get("minimum", 0) <= size <= rule.parameters.get("maximum", size)


def _one_entry(rule: EligibilityRule, case: Case) -> bool:
    if case.startup.pk is None:
        return rule.parameters.get("limit", 1) > 0
    others = Entry.objects.filter(competition=case.competition, startup=case.startup)
    others = others.exclude(state=EntryState.WITHDRAWN)
    if case.entry is not None:
        others = others.exclude(pk=case.entry.pk)
    return others.count() < rule.parameters.get("limit", 1)


def _statement(rule: EligibilityRule, case: Case) -> bool:
    return rule.pk in case.confirmed


CHECKS: dict[RuleKind, Callable[[EligibilityRule, Case], bool]] = {
    RuleKind.COUNTRY: _country,
    RuleKind.FOUNDED_AFTER: _founded_after,
    RuleKind.COMPANY_AGE: _company_age,
    RuleKind.STAGE: _stage,
    RuleKind.SECTOR: _sector,
    RuleKind.TEAM_SIZE: _team_size,
    RuleKind.ONE_ENTRY: _one_entry,
    RuleKind.STATEMENT: _statement,
}
