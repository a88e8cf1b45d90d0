"""Who may do what with people. The queryset twin is `User.objects.visible_to`."""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser

from network_platform.people.models import User

Person = User | AnonymousUser


def is_active(user: Person) -> TypeGuard[User]:
    return user.is_authenticated and user.is_active


def can_manage_people(user: Person) -> bool:
    """The secretariat sees who is who and gives roles."""
    return user.is_authenticated and user.is_secretariat


def can_change_groups(user: Person, person: User) -> bool:
    """Nobody changes their own groups, and an erased person has none."""
    return can_manage_people(user) and user.pk != person.pk and person.erased_at is None


def can_deactivate_person(user: Person, person: User) -> bool:
    """Who may change their groups."""
    return can_change_groups(user, person)
