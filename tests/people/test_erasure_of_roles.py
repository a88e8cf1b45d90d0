"""Whoever somebody was on the platform, erasure leaves neither name nor address of theirs."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction

from network_platform.journal.services import broken_records
from network_platform.people.services.erasure import erase_person
from tests.matrix.engine import ROLES, World, whole_world
from tests.people.test_own_data import everything_in_the_database

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """Everybody and everything of the matrix, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), whole_world() as made:
        yield made


@pytest.mark.parametrize("role", [role for role in ROLES if role != "visitor"])
def test_no_role_leaves_a_name_or_an_address(role: str, world: World) -> None:
    person = world.user(role)
    theirs = [re.compile(rf"(?<![\w-]){re.escape(text)}(?!\w)") for text in (person.name, person.email)]
    planted = everything_in_the_database()

    with transaction.atomic():
        erase_person(user=person, by=person)
        left = everything_in_the_database()
        broken = list(broken_records())
        transaction.set_rollback(True)

    assert all(text.search(planted) for text in theirs)
    assert [line for line in left.splitlines() if any(text.search(line) for text in theirs)] == []
    assert broken == []
