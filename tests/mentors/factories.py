"""Experts, requests and the people around them."""

from datetime import timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone

from incubators.models import Country, FocalPoint
from mentors.consents import CONTACT, NETWORK_PROFILE, PUBLIC_PROFILE
from mentors.enums import Availability, RequestState, RoleState, Visibility
from mentors.models import Engagement, Expert, Expertise, ExpertLanguage, ExpertRole, Request
from network_platform.people.consents import PURPOSES
from network_platform.people.models import Consent, User


def country(iso2: str = "KZ") -> Country:
    return Country.objects.get(iso2=iso2)


def expertise(*codes: str) -> list[Expertise]:
    return list(Expertise.objects.filter(code__in=codes))


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@tests.example")
    name = factory.Sequence(lambda n: f"Person {'abcdefghijklmnopqrstuvwxyz'[n % 26]}")
    time_zone = "Asia/Bishkek"


def focal_point(iso2: str = "KZ", **fields: Any) -> User:
    user = PersonFactory(**fields)
    FocalPoint.objects.create(user=user, country=country(iso2))
    return user


def secretary() -> User:
    user = PersonFactory()
    user.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    return user


class ExpertFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Expert
        skip_postgeneration_save = True

    user = factory.SubFactory(PersonFactory)
    slug = factory.Sequence(lambda n: f"sample-expert-{n}")
    name = factory.Sequence(lambda n: f"Үлгі Мысалов {n}")
    name_latin = factory.Sequence(lambda n: f"Ulgi Mysalov {n}")
    country = factory.LazyFunction(country)
    time_zone = "Asia/Almaty"
    headline = factory.LazyFunction(lambda: {"en": "Helps", "ru": "Помогает"})
    bio = factory.LazyFunction(lambda: {"en": "Long years"})

    @factory.post_generation
    def agreed(self, create: bool, purposes: Any, **kwargs: Any) -> None:
        """To everything, unless said otherwise."""
        for key in (PUBLIC_PROFILE, NETWORK_PROFILE, CONTACT) if purposes is None else purposes:
            Consent.objects.create(user=self.user, purpose=key, version=PURPOSES[key].version)

    @factory.post_generation
    def spoken(self, create: bool, codes: Any, **kwargs: Any) -> None:
        for code in codes or ("kk", "ru"):
            ExpertLanguage.objects.create(expert=self, language=code, level="fluent")


class ExpertRoleFactory(factory.django.DjangoModelFactory):
    """Approved, open and public unless said otherwise."""

    class Meta:
        model = ExpertRole
        skip_postgeneration_save = True

    expert = factory.SubFactory(ExpertFactory)
    role = "mentor"
    capacity = 2
    availability = Availability.OPEN
    visibility = Visibility.PUBLIC
    state = RoleState.APPROVED

    @factory.post_generation
    def skills(self, create: bool, codes: Any, **kwargs: Any) -> None:
        self.skills.set(expertise(*(codes or ("pitching", "legal"))))


class RequestFactory(factory.django.DjangoModelFactory):
    """Offered yesterday."""

    class Meta:
        model = Request

    asker = factory.SubFactory(PersonFactory)
    role = factory.SubFactory(ExpertRoleFactory)
    expert = factory.SelfAttribute("role.expert")
    need = "We need somebody to read our pitch before Friday."
    language = "ru"
    state = RequestState.OFFERED
    offered_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=6))


class EngagementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Engagement

    request = factory.SubFactory(RequestFactory, state=RequestState.ACCEPTED)
    role = factory.SelfAttribute("request.role")
