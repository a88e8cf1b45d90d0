"""Focal points come and go by the hand of the secretariat, who answers again who it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from incubators import desk, rules
from incubators.models import FocalPoint
from incubators.services.offices import AlreadyInOfficeError, appoint_focal_point, end_term
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.people.models import User
from network_platform.zones import today
from tests.incubators.factories import PersonFactory, country, focal_point, secretary

pytestmark = pytest.mark.django_db
LIST = "/en/countries/focal-points/"
APPOINT = f"{LIST}appoint/"
PASSWORD = "Quartz-Meadow-47"  # noqa: S105


@pytest.fixture
def fresh() -> Callable[[User], Client]:
    """A client that has just signed in and just proved again who it is."""

    def sign_in(user: User) -> Client:
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
        client = Client()
        client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
        client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    return sign_in


def known(**fields: Any) -> User:
    return PersonFactory(last_login=timezone.now(), **fields)


def appoint(person: User, by: User, iso2: str = "KZ", **changes: Any) -> FocalPoint:
    values = {"country": country(iso2), "is_deputy": False, "reason": "Letter of 3 November", **changes}
    return appoint_focal_point(person=person, by=by, **values)


def in_office(person: User) -> frozenset[str]:
    return rules.countries_of(User.objects.get(pk=person.pk))


def test_appointed_person_serves_from_today_is_told_and_recorded() -> None:
    person, by = known(), secretary()

    term = appoint(person, by, is_deputy=True)

    assert (in_office(person), term.starts, term.is_deputy) == (frozenset({"KZ"}), today(), True)
    record, mail = Record.objects.get(), Message.objects.get()
    assert (record.verb, record.actor, record.scope) == ("person.appointed", by, "country:KZ")
    assert (record.label, record.after) == (person.reference, {"country": "KZ", "deputy": True})
    assert (mail.template, mail.address, mail.context["is_deputy"]) == ("incubators/term_begun", person.email, True)


@pytest.mark.parametrize("required", [True, False])
def test_two_step_sign_in_is_a_must_only_where_it_is_required(
    required: bool, fresh: Callable[[User], Client], settings: Any
) -> None:
    by, person = secretary(), known()
    secretariat = fresh(by)
    TOTP.activate(by, "A" * 32)
    settings.REQUIRE_SECOND_FACTOR = required

    page = secretariat.get(APPOINT).content.decode()
    appoint(person, by)

    told = compose(Message.objects.get()).body
    assert ("must set up two-step sign-in" in page, "advises two-step sign-in" in page) == (required, not required)
    assert ("Please start by setting up" in told, "We advise you to set up" in told) == (required, not required)


@pytest.mark.parametrize("protected", [True, False])
def test_mail_about_the_office_leads_to_two_step_sign_in_where_there_is_none(protected: bool) -> None:
    person, by = known(language="ru"), secretary()
    if protected:
        TOTP.activate(person, "A" * 32)

    appoint(person, by)

    assert ("/ru/accounts/2fa/" in compose(Message.objects.get()).body) is not protected


def test_term_ends_at_once_and_can_begin_again_on_the_same_day() -> None:
    person, by = known(), secretary()
    term = appoint(person, by)

    end_term(term=term, by=by, reason="New minister")
    between = in_office(person)
    appoint(person, by, is_deputy=True)

    assert (between, in_office(person)) == (frozenset(), frozenset({"KZ"}))
    assert FocalPoint.objects.get().is_deputy is True
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == [
        "person.appointed",
        "person.term_ended",
        "person.appointed",
    ]


def test_old_term_ends_and_stays_in_the_records() -> None:
    person, by = focal_point("KG"), secretary()

    end_term(term=FocalPoint.objects.get(), by=by, reason="Moved")

    term = FocalPoint.objects.get()
    assert (term.ends, in_office(person)) == (today(), frozenset())
    assert term.starts < today() - timedelta(days=300)
    assert Message.objects.get().template == "incubators/term_ended"


def test_nobody_serves_a_country_twice() -> None:
    person, by = focal_point("KZ"), secretary()

    with pytest.raises(AlreadyInOfficeError):
        appoint(person, by, is_deputy=True)
    appoint(person, by, "KG")

    assert in_office(person) == {"KZ", "KG"}


@pytest.mark.parametrize("who", ["focal", "member", "self", "closed"])
def test_only_the_secretariat_appoints_and_nobody_themselves(who: str) -> None:
    by = {"focal": focal_point("KZ"), "member": PersonFactory()}.get(who) or secretary()
    person = by if who == "self" else known(is_active=who != "closed")

    with pytest.raises(PermissionDenied):
        appoint(person, by, "TJ")

    assert not FocalPoint.objects.filter(country=country("TJ")).exists()


@pytest.mark.parametrize("who", ["focal", "self"])
def test_term_is_ended_by_another_of_the_secretariat_only(who: str) -> None:
    holder = secretary()
    term = FocalPoint.objects.create(user=holder, country=country("TJ"))

    with pytest.raises(PermissionDenied):
        end_term(term=term, by=holder if who == "self" else focal_point("TJ"), reason="x")

    term.refresh_from_db()
    assert term.ends is None


def test_appointing_and_ending_need_a_reason() -> None:
    person, by = focal_point("KZ"), secretary()

    with pytest.raises(ValidationError):
        appoint(person, by, "KG", reason=" ")
    with pytest.raises(ValidationError):
        end_term(term=FocalPoint.objects.get(), by=by, reason="")

    assert in_office(person) == {"KZ"}


def test_pages_appoint_and_end_after_asking_again(fresh: Any, signed_in: Any) -> None:
    person, by = known(name="Nurly Sample"), secretary()
    data = {"person": person.email.upper(), "country": "TM", "is_deputy": "focal", "reason": "Letter"}

    stale = signed_in(by).post(APPOINT, data)
    client = fresh(by)
    client.post(APPOINT, data)
    shown = client.get(LIST).content.decode()
    path = f"/en/countries/tm/focal-points/{person.uid}/end/"
    without = client.post(path, {"reason": ""})
    asked = client.get(path).content.decode()
    serving = in_office(person)
    client.post(path, {"reason": "Retired"})

    assert "/accounts/reauthenticate/" in stale["Location"]
    assert ("Nurly Sample" in shown, path in shown) == (True, True)
    assert (without.status_code, "Nurly Sample" in asked) == (422, True)
    assert (serving, in_office(person)) == (frozenset({"TM"}), frozenset())


def test_page_about_a_person_leads_to_the_form(fresh: Any) -> None:
    person, client = known(email="a+b@registry.example"), fresh(secretary())

    page = client.get(f"/en/people/{person.uid}/").content.decode()
    form = client.get(f"{APPOINT}?person=a%2Bb@registry.example").content.decode()

    assert f'href="{APPOINT}?person=a%2Bb%40registry.example"' in page
    assert 'value="a+b@registry.example"' in form


@pytest.mark.parametrize("case", ["unknown", "never signed in", "oneself", "in office"])
def test_page_says_why_somebody_cannot_be_appointed(fresh: Any, case: str) -> None:
    by, holder = secretary(), focal_point("KZ", last_login=timezone.now())
    email = {
        "unknown": "nobody@registry.example",
        "never signed in": PersonFactory(last_login=None).email,
        "oneself": by.email,
        "in office": holder.email,
    }[case]
    data = {"person": email, "country": "KZ", "is_deputy": "focal", "reason": "Letter"}

    answer = fresh(by).post(APPOINT, data)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["person"]
    assert FocalPoint.objects.count() == 1


def test_pages_are_for_the_secretariat(signed_in: Any, fresh: Any) -> None:
    focal = focal_point("KZ")

    assert signed_in(focal).get(LIST).status_code == 403
    assert fresh(focal).get(APPOINT).status_code == 403
    assert fresh(focal).get(f"/en/countries/kz/focal-points/{focal.uid}/end/").status_code == 404
    assert [area.url for area in desk.areas_of(secretary())][0] == LIST
    assert LIST not in [area.url for area in desk.areas_of(focal)]


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_little(signed_in: Any, number: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(number):
        focal_point("KZ")
        focal_point("KG", deputy=True)
    client = signed_in(secretary())

    with django_assert_max_num_queries(8):
        page = client.get(LIST)

    assert sum(len(each.terms) for each in page.context["countries"]) == 2 * number


def test_a_focal_point_without_a_zone_reads_hours_in_that_of_the_country() -> None:
    person, own = known(time_zone="UTC"), known(time_zone="Asia/Tokyo")

    appoint(person, secretary())
    appoint(own, secretary(), is_deputy=True)

    zones = User.objects.filter(pk__in=[person.pk, own.pk]).order_by("pk").values_list("time_zone", flat=True)
    assert list(zones) == ["Asia/Almaty", "Asia/Tokyo"]
