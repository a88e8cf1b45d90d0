"""Who is written to about a listing, and what the mail is told. Rendered in the reader's language when it is sent."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from incubators.models import Country, FocalPoint, Revision
from incubators.services.entries import title_of
from network_platform.background.services import send_message
from network_platform.people.models import SECRETARIAT, User


def reviewers_of(country: Country) -> list[User]:
    """The country's focal point and deputies; the secretariat where there is none."""
    terms = FocalPoint.objects.current().of(country).filter(user__is_active=True).select_related("user")
    people = {term.user_id: term.user for term in terms}
    return list(people.values()) or list(User.objects.filter(groups__name=SECRETARIAT, is_active=True))


def tell_reviewers(revision: Revision, *, is_new: bool) -> None:
    for person in reviewers_of(revision.organisation.country):
        path = path_in(person, "incubators:review", revision.uid)
        _send(revision, person, "incubators/revision_submitted", path, is_new=is_new)


def tell_editors(revision: Revision, template: str, *, is_new: bool) -> None:
    organisation = revision.organisation
    for membership in organisation.memberships.filter(user__is_active=True).select_related("user"):
        name = "incubators:detail" if template.endswith("approved") else "incubators:edit"
        path = path_in(membership.user, name, organisation.slug)
        _send(revision, membership.user, template, path, is_new=is_new)


def path_in(person: User, name: str, *args: Any) -> str:
    """The page's path with the prefix of the person's language."""
    with translation.override(person.language):
        return reverse(name, args=args)


def _send(revision: Revision, person: User, template: str, path: str, *, is_new: bool) -> None:
    """One mail a person and step: the time of submission tells one round from the next."""
    sent = revision.submitted_at
    send_message(
        template=template,
        to=person,
        dedupe_key=f"{template}:{revision.uid}:{sent:%Y%m%dT%H%M%S%f}:{person.uid}",
        context={
            "title": title_of(revision.values),
            "country": revision.organisation.country.names,
            "path": path,
            "is_new": is_new,
            "comments": revision.comments,
            "reason": revision.reason,
        },
    )
