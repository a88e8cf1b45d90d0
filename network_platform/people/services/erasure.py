"""Erasure: the person goes, the figures stay."""

from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from network_platform.background.services import forget_messages
from network_platform.desk import providers
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.sessions import end_sessions


@transaction.atomic
def erase_person(*, user: User, by: User) -> User:
    """Ask every app to drop the person, highest floor first, then empty the row itself.

    The row stays, without name or address, so that scores, hours and journal records keep their author.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.erased_at is not None:
        return user
    for erase in reversed(providers("erase")):
        erase(user)
    forget_messages(person=user)
    forget_editor(user)
    end_sessions(user=user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.groups.clear()
    empty_row(user)
    record(verb="person.erased", thing=user, by=by, label=user.reference)
    return user


def forget_editor(user: User) -> None:
    """What Wagtail holds: the profile with its portrait, and the name that its log wrote down."""
    for profile in UserProfile.objects.filter(user=user):
        if profile.avatar:
            transaction.on_commit(partial(profile.avatar.storage.delete, profile.avatar.name), robust=True)
        profile.delete()
    ModelLogEntry.objects.for_instance(user).update(label=user.reference)


def empty_row(user: User) -> None:
    user.email = f"erased-{user.uid}@invalid.example"
    user.name = user.name_latin = ""
    user.language, user.time_zone = "en", "UTC"
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at = timezone.now()
    user.set_unusable_password()
    user.save()
