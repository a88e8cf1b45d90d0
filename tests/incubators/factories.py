"""Organisations, start-ups and the people around them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import product
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from incubators.enums import MemberRole, NameKind, OrganisationKind, OrganisationStatus, Origin, RevisionStatus
from incubators.models import Country, FocalPoint, Membership, Organisation, Revision
from incubators.services.names import Name, set_names
from incubators.services.reindexing import reindex_organisation, touch_registry
from network_platform.people.models import User
from network_platform.zones import today

LONG_AGO = timezone.now() - timedelta(days=730)  # listed then, an organisation owes last year's figures


def country(iso2: str = "KZ") -> Country:
    return Country.objects.get(iso2=iso2)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@registry.example")
    name = factory.Sequence(lambda n: f"Person {n}")


def focal_point(iso2: str = "KZ", *, deputy: bool = False, **fields: Any) -> User:
    user = PersonFactory(**fields)
    FocalPoint.objects.create(user=user, country=country(iso2), is_deputy=deputy, starts=date(2020, 1, 1))
    return user


def secretary(**fields: Any) -> User:
    user = PersonFactory(**fields)
    user.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    return user


class OrganisationFactory(factory.django.DjangoModelFactory):
    """Listed and unverified unless told otherwise, with one English name, and shown to readers."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        name = factory.Sequence(lambda n: f"Sample Hub {n}")
        iso2 = "KZ"

    slug = factory.Sequence(lambda n: f"sample-hub-{n}")
    country = factory.LazyAttribute(lambda made: country(made.iso2))
    kind = OrganisationKind.HUB
    status = OrganisationStatus.LISTED
    origin = Origin.IMPORT
    titles = factory.LazyAttribute(lambda made: {"en": made.name})

    @factory.post_generation
    def shown(self, create: bool, names: Any, **kwargs: Any) -> None:
        """`shown=[Name(...)]` gives it these names."""
        set_names(self, names or [Name(self.titles["en"], NameKind.DISPLAY, "en")])
        if self.status in (OrganisationStatus.LISTED, OrganisationStatus.STALE, OrganisationStatus.CLOSED):
            self.listed_at = self.listed_at or self.created_at
        self.save()
        reindex_organisation(self)


def many(number: int) -> None:
    """Listed organisations of every country and kind, in one statement."""
    kinds = list(OrganisationKind.values)
    rows = [
        Organisation(
            country=country(iso2),
            slug=f"many-{iso2.lower()}-{n}",
            kind=kinds[n % len(kinds)],
            status=OrganisationStatus.LISTED,
            titles={"en": f"Centre for innovation number {n} of {iso2}"},
            descriptions={"en": "A place where teams get rooms, mentors and first customers. " * 2},
            sort_key=f"centre {n:05} {iso2}",
        )
        for n, iso2 in product(range(number // 7 + 1), ("AF", "AZ", "KG", "KZ", "TJ", "TM", "UZ"))
    ]
    Organisation.objects.bulk_create(rows[:number])
    touch_registry()


def verified(**fields: Any) -> Organisation:
    return OrganisationFactory(verified_until=today() + timedelta(days=30), **fields)


def editor_of(organisation: Organisation, role: str = MemberRole.OWNER, **fields: Any) -> User:
    user = PersonFactory(**fields)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def entry(**changes: Any) -> dict[str, Any]:
    """A complete, checked entry."""
    return {
        "display": "en",
        "name_en": "Steppe Sample Incubator",
        "name_ru": "Степной пример-инкубатор",
        "name_kk": "",
        "short_name": "SSI",
        "other_names": "Steppe Lab\nSteppe House",
        "kind": "incubator",
        "city": "Almaty",
        "founded_year": 2019,
        "website": "https://www.steppe.example/en",
        "languages": ["ru", "kk"],
        "description_en": "Six months for twelve teams.",
        "description_ru": "Полгода для двенадцати команд.",
        "sectors": ["ict", "circular"],
        "sdgs": [9, 12],
        **changes,
    }


def draft(iso2: str = "KZ", *, editor: User | None = None, **changes: Any) -> Revision:
    """A new organisation whose entry is complete and not sent."""
    organisation = OrganisationFactory(
        iso2=iso2, name=changes.get("name_en", "Steppe Sample Incubator"), status=OrganisationStatus.DRAFT
    )
    user = editor or PersonFactory()
    Membership.objects.create(user=user, organisation=organisation, role=MemberRole.OWNER)
    return Revision.objects.create(
        organisation=organisation, created_by=user, status=RevisionStatus.DRAFT, values=entry(**changes)
    )


def editor(revision: Revision) -> User:
    return revision.organisation.memberships.get().user


def meanwhile(act: Callable[[], Any]) -> AbstractContextManager[None]:
    """What somebody else does just after a service was called and before it locks anything."""
    done = []

    def interfere(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not done:
            done.append(True)
            act()
        return execute(sql, *args)

    return connection.execute_wrapper(interfere)
