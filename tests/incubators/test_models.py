"""What the database itself refuses, and what a plain migrate brings."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from incubators.enums import FigureUnit, MemberRole, NameKind, RevisionStatus
from incubators.models import (
    City,
    Cohort,
    Country,
    Definition,
    DuplicatePair,
    Figure,
    FocalPoint,
    Indicator,
    Language,
    Membership,
    Merger,
    OpenCall,
    Organisation,
    OrganisationName,
    Placement,
    Programme,
    Revision,
    Sdg,
    Sector,
    Startup,
    Transfer,
    YearlyFigures,
)
from incubators.services.reference import city_of
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, PersonFactory, country

pytestmark = pytest.mark.django_db


def refuses(write: object) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_database_holds_the_invariants() -> None:
    made, user = OrganisationFactory(source_key="a"), PersonFactory()
    Membership.objects.create(user=user, organisation=made)
    Revision.objects.create(organisation=made)
    rows = Organisation.objects.filter(pk=made.pk)
    term = {"user": user, "country": country(), "starts": today()}

    assert refuses(lambda: rows.update(status="unheard"))
    assert refuses(lambda: rows.update(founded_year=20))
    assert refuses(lambda: rows.update(successor=made))
    assert refuses(lambda: OrganisationFactory(source_key="a"))
    assert refuses(lambda: OrganisationName.objects.create(organisation=made, text="x", kind=NameKind.DISPLAY))
    assert refuses(lambda: Membership.objects.create(user=user, organisation=made, role=MemberRole.OWNER))
    assert refuses(lambda: Revision.objects.create(organisation=made))
    assert refuses(lambda: Startup.objects.create(name="x", country=country(), stage="unheard"))
    assert refuses(lambda: FocalPoint.objects.create(**term, ends=today() - timedelta(days=1)))


def test_database_holds_the_invariants_of_programmes_and_figures() -> None:
    made, other = OrganisationFactory(), OrganisationFactory()
    programme = Programme.objects.create(organisation=made, source_key="a")
    day, now = date(2026, 2, 1), timezone.now()
    cohort = Cohort.objects.create(programme=programme, name="2026", starts=day)
    startup = Startup.objects.create(name="x", country=country(), source_key="a")
    placement = Placement.objects.create(startup=startup, cohort=cohort, entered=day)
    placements = Placement.objects.filter(pk=placement.pk)
    figures = YearlyFigures.objects.create(organisation=made, year=2025)
    indicator = Indicator.objects.create(code="sample", unit=FigureUnit.MONEY)
    definition = Definition.objects.create(indicator=indicator, version=1, since=2020)
    Figure.objects.create(figures=figures, definition=definition, value=1)
    figure = {"figures": figures, "definition": definition, "value": 1}
    money = {"money_kind": "grant", "currency": "KZT"}
    Figure.objects.create(**figure, **money)

    assert refuses(lambda: Programme.objects.create(organisation=made, source_key="a"))
    assert refuses(lambda: Programme.objects.create(organisation=made, status="unheard"))
    assert refuses(lambda: Cohort.objects.create(programme=programme, name="2026", starts=day))
    assert refuses(
        lambda: Cohort.objects.create(programme=programme, name="x", starts=day, ends=day - timedelta(days=1))
    )
    assert refuses(lambda: OpenCall.objects.create(programme=programme, opens_at=now, closes_at=now, zone="UTC"))
    assert refuses(lambda: Startup.objects.create(name="y", country=country(), source_key="a"))
    assert refuses(lambda: Placement.objects.create(startup=startup, cohort=cohort, entered=day))
    assert refuses(lambda: placements.update(left=day - timedelta(days=1), outcome="left"))
    assert refuses(lambda: placements.update(left=day))
    assert refuses(lambda: placements.update(outcome="left"))
    assert refuses(lambda: YearlyFigures.objects.create(organisation=made, year=2025))
    assert refuses(lambda: YearlyFigures.objects.create(organisation=made, year=25))
    assert refuses(lambda: Definition.objects.create(indicator=indicator, version=1, since=2021))
    assert refuses(lambda: Definition.objects.create(indicator=indicator, version=2, since=2020))
    assert refuses(lambda: Figure.objects.create(**figure))
    assert refuses(lambda: Figure.objects.create(**figure, **money))
    assert refuses(lambda: Figure.objects.create(**figure, money_kind="grant"))
    assert refuses(lambda: Figure.objects.create(**figure, money_kind="grant", currency="kzt"))
    assert refuses(lambda: Figure.objects.create(**{**figure, "value": -1}, money_kind="loan", currency="KZT"))
    assert refuses(lambda: DuplicatePair.objects.create(first=other, second=made, score=90))
    assert refuses(lambda: DuplicatePair.objects.create(first=made, second=other, score=101))
    assert refuses(lambda: Merger.objects.create(kept=made, gone=made))
    assert refuses(lambda: Transfer.objects.create(organisation=made, source=country(), target=country()))


def test_second_revision_may_follow_a_decided_one() -> None:
    made = OrganisationFactory()
    Revision.objects.create(organisation=made, status=RevisionStatus.APPROVED)
    Revision.objects.create(organisation=made, status=RevisionStatus.DECLINED)

    Revision.objects.create(organisation=made)

    assert made.revisions.open().count() == 1


def test_migrating_brings_the_reference_data() -> None:
    counts = [model.objects.count() for model in (Country, Sector, Sdg, Language)]

    assert counts == [7, 26, 17, 11]
    assert all({"en", "ru"} <= set(sector.labels) for sector in Sector.objects.all())
    assert Country.objects.get(iso2="KG").names["ru"] == "Кыргызстан"


def test_reference_data_is_mended_and_what_was_added_stays() -> None:
    Sector.objects.filter(code="ict").update(labels={"en": "Wrong"})
    own = City.objects.create(country=country(), slug="own", names={"en": "Own"})

    call_command("load_reference", verbosity=0)

    assert Sector.objects.get(code="ict").labels["ru"] == "ИКТ, программное обеспечение и облачные услуги"
    assert City.objects.filter(pk=own.pk).exists()


def test_a_definition_that_was_once_written_is_not_rewritten() -> None:
    shipped = Definition.objects.get(indicator__code="jobs", version=1)
    Indicator.objects.filter(code="jobs").update(names={"en": "Wrong"})
    Definition.objects.filter(pk=shipped.pk).update(texts={"en": "As it was counted"})
    own = Indicator.objects.create(code="own", names={"en": "Own"}, order=99)
    before = Indicator.objects.count()

    call_command("load_reference", verbosity=0)

    shipped.refresh_from_db()
    assert shipped.texts == {"en": "As it was counted"}
    assert Indicator.objects.get(code="jobs").names["ru"] == "Рабочие места в поддержанных стартапах"
    assert (Indicator.objects.count(), Indicator.objects.filter(pk=own.pk).exists()) == (before, True)


@pytest.mark.parametrize("text", ["Алматы", "almaty", " ALMATY "])
def test_city_is_one_in_any_spelling(text: str) -> None:
    assert city_of(country(), text) == City.objects.get(slug="almaty")
    assert city_of(country(), "  ") is None
