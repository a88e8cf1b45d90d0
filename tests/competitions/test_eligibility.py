"""Each kind of rule, met and not met; what the profile does not say is not held against anybody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from competitions.services.eligibility import Case, blocking, findings
from tests.competitions.factories import (
    CompetitionFactory,
    EntryFactory,
    LandFactory,
    RuleFactory,
    StartupOfTeamFactory,
)

pytestmark = pytest.mark.django_db


def is_met(rule, startup, **case) -> bool:
    return findings(Case(startup, rule.competition, **case))[0].met


@pytest.mark.parametrize(
    ("kind", "parameters", "values", "met"),
    [
        ("country", {"countries": ["KZ"]}, {}, True),
        ("country", {"countries": ["KG"]}, {}, False),
        ("founded_after", {"date": "2024-01-01"}, {"founded": date(2024, 1, 1)}, True),
        ("founded_after", {"date": "2024-01-01"}, {"founded": date(2023, 12, 31)}, False),
        ("founded_after", {"date": "2024-01-01"}, {"founded": None}, True),
        ("company_age", {"years": 5}, {"founded": None}, True),
        ("stage", {"stages": ["prototype_mvp"]}, {"stage": "prototype_mvp"}, True),
        ("stage", {"stages": ["growth"]}, {"stage": "prototype_mvp"}, False),
        ("team_size", {"minimum": 2, "maximum": 8}, {"team_size": 2}, True),
        ("team_size", {"minimum": 2, "maximum": 8}, {"team_size": 9}, False),
        ("team_size", {"minimum": 2}, {"team_size": 40}, True),
        ("team_size", {"minimum": 2}, {"team_size": None}, True),
    ],
)
def test_a_rule_compares_the_profile(kind, parameters, values, met) -> None:
    rule = RuleFactory(kind=kind, parameters=parameters)

    assert is_met(rule, StartupOfTeamFactory(**values)) is met


@pytest.mark.parametrize(("day", "met"), [(9, False), (10, True), (11, True)])
def test_the_age_of_a_company_is_counted_on_the_day_of_the_deadline(day, met) -> None:
    competition = CompetitionFactory(open=True)
    closes = competition.closes_at.replace(month=6, day=10, hour=6)
    competition.closes_at = closes
    rule = RuleFactory(competition=competition, kind="company_age", parameters={"years": 5})
    startup = StartupOfTeamFactory(founded=date(closes.year - 5, 6, day))

    assert is_met(rule, startup) is met


@pytest.mark.parametrize(("zone", "met"), [("Asia/Bishkek", False), ("UTC", True), ("Nowhere/Town", True)])
def test_the_day_of_the_deadline_is_the_organisers(zone, met) -> None:
    """02:00 on 11 June in Bishkek is still 10 June in UTC."""
    closes = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
    competition = CompetitionFactory(open=True, opens_at=closes - timedelta(days=9), closes_at=closes, time_zone=zone)
    rule = RuleFactory(competition=competition, kind="company_age", parameters={"years": 5})

    assert is_met(rule, StartupOfTeamFactory(founded=date(2021, 6, 10))) is met


def test_without_a_list_the_competitions_countries_hold() -> None:
    rule = RuleFactory(parameters={})
    rule.competition.countries.add(LandFactory(iso2="UZ"))

    assert not is_met(rule, StartupOfTeamFactory())
    assert is_met(rule, StartupOfTeamFactory(country=LandFactory(iso2="UZ")))


def test_one_entry_only_counts_all_but_withdrawn_and_this_one() -> None:
    rule = RuleFactory(kind="one_entry", parameters={"limit": 1})
    startup = StartupOfTeamFactory()
    entry = EntryFactory(competition=rule.competition, startup=startup)

    assert not is_met(rule, startup)
    assert is_met(rule, startup, entry=entry)
    entry.state = "withdrawn"
    entry.save()
    assert is_met(rule, startup)


def test_a_statement_is_met_when_it_is_confirmed() -> None:
    rule = RuleFactory(kind="statement", parameters={})

    assert not is_met(rule, StartupOfTeamFactory())
    assert is_met(rule, StartupOfTeamFactory(), confirmed=[rule.pk])


def test_a_stage_that_is_not_given_is_asked_for_in_so_many_words() -> None:
    rule = RuleFactory(kind="stage", parameters={"stages": ["growth"]}, effect="warn")

    found = findings(Case(StartupOfTeamFactory(stage=""), rule.competition))

    assert (found[0].warns, found[0].is_about_known_stage) == (True, False)
    assert found[0].words == "The profile of the start-up does not give its stage."


def test_a_warning_does_not_stop() -> None:
    rule = RuleFactory(kind="stage", parameters={"stages": ["growth"]}, effect="warn")

    found = findings(Case(StartupOfTeamFactory(), rule.competition))

    told = "Only Kazakhstan. This follows from the stage of the start-up: “Prototype / MVP”."
    assert (found[0].warns, found[0].words) == (True, told)
    assert blocking(found) == []
