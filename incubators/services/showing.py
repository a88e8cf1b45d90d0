"""Founders show their start-up's profile to everybody, or take it back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from incubators.consents import STARTUP_PROFILE
from incubators.models import Startup, StartupMember
from incubators.models.startups import StartupQuerySet
from incubators.rules import can_edit_startup
from incubators.services.reindexing import reindex_startup
from network_platform.journal.services import record
from network_platform.people.consents import agreed_to, give, has_consented
from network_platform.people.models import User


class ConsentNeededError(Exception):
    """The person has not agreed to today's text about what is shown."""


@transaction.atomic
def show_startup(*, startup: Startup, by: User, agrees: bool = False) -> Startup:
    """Show the profile; with `agrees` the person agrees to today's text by this. One that is shown stays so."""
    startup = _locked(startup, by)
    if not has_consented(by, STARTUP_PROFILE):
        if not agrees:
            raise ConsentNeededError
        give(user=by, purpose=STARTUP_PROFILE)
    if startup.shown_at is None:
        startup.shown_at = timezone.now()
        _keep(startup, "startup.shown", by)
    return startup


@transaction.atomic
def hide_startup(*, startup: Startup, by: User) -> Startup:
    """Any founder may take it back."""
    startup = _locked(startup, by)
    if startup.shown_at is not None:
        startup.shown_at = None
        _keep(startup, "startup.hidden", by)
    return startup


@transaction.atomic
def hide_startups_of(user: User) -> None:
    """The person has withdrawn the consent: all their start-ups at once. A co-founder who agrees may show one again."""
    for startup in Startup.objects.public().editable_by(user).order_by("pk"):
        hide_startup(startup=startup, by=user)


@transaction.atomic
def hide_without_consent(startups: StartupQuerySet | None = None) -> int:
    """Those of which no founder agrees to today's text: it has a new version, or its founders have gone."""
    agreeing = StartupMember.objects.filter(agreed_to(STARTUP_PROFILE, "user"), startup=OuterRef("pk"))
    found = Startup.objects.public() if startups is None else startups.public()
    hidden = list(found.filter(~Exists(agreeing)).select_for_update(of=("self",)).order_by("pk"))
    for startup in hidden:
        startup.shown_at = None
        _keep(startup, "startup.hidden", None)
    return len(hidden)


def _locked(startup: Startup, by: User) -> Startup:
    row = Startup.objects.select_for_update(of=("self",)).select_related("country").get(pk=startup.pk)
    if not can_edit_startup(by, row):
        raise PermissionDenied
    return row


def _keep(startup: Startup, verb: str, by: User | None) -> None:
    startup.save(update_fields=["shown_at"])
    reindex_startup(startup)
    record(verb=verb, thing=startup, by=by)
