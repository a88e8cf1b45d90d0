"""The office of national focal point: given and ended by the secretariat."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incubators.models import Country, FocalPoint
from incubators.rules import can_appoint_focal_point, can_end_term
from incubators.services.letters import path_in, write_to
from network_platform.journal.services import record
from network_platform.page_cache import touch
from network_platform.people.models import User
from network_platform.people.services.settings import suppose_zone
from network_platform.zones import today


class AlreadyInOfficeError(Exception):
    """The person serves this country already; end that term first to change what it is."""


@transaction.atomic
def appoint_focal_point(*, person: User, country: Country, is_deputy: bool, by: User, reason: str) -> FocalPoint:
    """A term from today on; the person is told by mail. A term that began and ended today is taken up again."""
    person = _locked(person)
    if not can_appoint_focal_point(by, person):
        raise PermissionDenied
    _needs(reason)
    if FocalPoint.objects.current().of(country).filter(user=person).exists():
        raise AlreadyInOfficeError
    term, _created = FocalPoint.objects.update_or_create(
        user=person, country=country, starts=today(), defaults={"ends": None, "is_deputy": is_deputy}
    )
    suppose_zone(user=person, time_zone=country.time_zone)
    _tell(term, "person.appointed", "incubators/term_begun", by=by, reason=reason, after=_office(term))
    return term


@transaction.atomic
def end_term(*, term: FocalPoint, by: User, reason: str) -> FocalPoint:
    """Out of office from today on; the person is told by mail."""
    _locked(term.user)
    term = FocalPoint.objects.select_for_update(of=("self",)).select_related("user", "country").get(pk=term.pk)
    if not can_end_term(by, term):
        raise PermissionDenied
    _needs(reason)
    term.ends = today()
    term.save(update_fields=["ends"])
    _tell(term, "person.term_ended", "incubators/term_ended", by=by, reason=reason, before=_office(term))
    return term


def _set_up(person: User) -> str:
    """The way to two-step sign-in, for who has none yet."""
    return "" if is_mfa_enabled(person) else path_in(person, "mfa_index")


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _needs(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("A reason is needed."))


def _office(term: FocalPoint) -> dict[str, Any]:
    return {"country": term.country.iso2, "deputy": term.is_deputy}


def _tell(term: FocalPoint, verb: str, template: str, *, by: User, reason: str, **states: dict[str, Any]) -> None:
    """Pages name the focal point; the journal calls persons by their reference, which erasure leaves."""
    touch("registry")
    scope = f"country:{term.country.iso2}"
    label = term.user.reference
    entry = record(verb=verb, thing=term.user, by=by, scope=scope, label=label, reason=reason.strip(), **states)
    context = {"country": term.country.names, "is_deputy": term.is_deputy, "reason": reason.strip()}
    if term.user.is_active:
        told = context | {"security_path": _set_up(term.user)}
        write_to(term.user, template, page=("incubators:queue",), step=str(entry.number), context=told)
