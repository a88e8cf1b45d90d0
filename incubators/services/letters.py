"""Who is written to about a listing, and what the mail is told. Rendered in the reader's language when it is sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils import translation

from incubators.listing_values import changed_fields, titles_of
from incubators.models import Country, FocalPoint, Organisation, Revision
from incubators.models.offices import FocalPointQuerySet
from network_platform.background.services import send_message
from network_platform.people.models import SECRETARIAT, User

Place = tuple[Any, ...]  # a page by the name of its address, and what that holds


def write_to(person: User, template: str, *, page: Place, step: str, context: dict[str, Any], **more: Any) -> None:
    """One mail a person and step, with the way to `page` in the person's language; `more` is that of a `Letter`."""
    send_message(
        template=template,
        to=person,
        dedupe_key=mail_key(template, step, person),
        context={**context, "path": path_in(person, *page)},
        **more,
    )


def mail_key(template: str, step: str, person: User) -> str:
    return f"{template}:{step}:{person.uid}"


def reviewers_of(country: Country, *, without: Iterable[User] = ()) -> list[User]:
    """The country's focal point and deputies but those who may not answer here; the secretariat if nobody is left."""
    barred = {person.pk for person in without}
    terms = _terms(country, barred).select_related("user")
    people = {term.user_id: term.user for term in terms}
    secretariat = User.objects.filter(groups__name=SECRETARIAT, is_active=True).exclude(pk__in=barred)
    return list(people.values()) or list(secretariat)


def is_read_by_secretariat(organisation: Organisation, *, claimant: User | None = None) -> bool:
    """Whether no focal point or deputy may answer what its editors send, or what this person claims."""
    barred = {person.pk for person in [*members_of(organisation), *([claimant] if claimant else [])]}
    return not _terms(organisation.country, barred).exists()


def _terms(country: Country, barred: set[int]) -> FocalPointQuerySet:
    return FocalPoint.objects.serving().of(country).exclude(user__in=barred)


def members_of(organisation: Organisation) -> list[User]:
    """Its editors who can sign in."""
    return list(User.objects.filter(memberships__organisation=organisation, is_active=True).order_by("pk"))


def tell_reviewers(revision: Revision, *, is_new: bool) -> None:
    """Of what was sent again, what is changed since the last answer."""
    organisation = revision.organisation
    changed = changed_fields(revision.reviewed, revision.values) if revision.is_again else []
    for person in reviewers_of(organisation.country, without=members_of(organisation)):
        page = ("incubators:review", revision.uid)
        _send(revision, person, "incubators/revision_submitted", page, is_new=is_new, changed=changed)


def tell_sender(revision: Revision, *, is_new: bool) -> None:
    """A receipt: what was sent, who reads it, and that nothing is published until then."""
    sender = cast(User, revision.submitted_by)
    page = ("incubators:edit", revision.organisation.slug)
    by_secretariat = is_read_by_secretariat(revision.organisation)
    _send(revision, sender, "incubators/revision_receipt", page, is_new=is_new, by_secretariat=by_secretariat)


def tell_editors(revision: Revision, template: str, *, is_new: bool, mails_at: datetime | None = None) -> None:
    """The answer, at once or not before `mails_at`."""
    organisation, same = revision.organisation, revision.same_as
    place = "incubators:detail" if template.endswith("approved") else "incubators:edit"
    for person in members_of(organisation):
        told: dict[str, Any] = {"why": revision.why} if revision.why else {}
        if same:
            told |= {"same_as": {"titles": same.titles, "path": path_in(person, "incubators:detail", same.slug)}}
        _send(revision, person, template, (place, organisation.slug), is_new=is_new, not_before=mails_at, **told)


def mails_of(revision: Revision, template: str) -> str:
    """How the keys of its mails of this kind begin, since it was submitted."""
    return f"{template}:{_step_of(revision)}:"


def tell_members(organisation: Organisation, template: str, *, place: str, reason: str = "") -> None:
    """One mail a person and moment: `updated_at` tells one suspension from the next."""
    step = f"{organisation.uid}:{organisation.updated_at.isoformat()}"
    told = {"titles": organisation.titles, "reason": reason}
    for person in members_of(organisation):
        write_to(person, template, page=(place, organisation.slug), step=step, context=told)


def tell_left_alone(organisation: Organisation, *, by: User) -> None:
    """Its last editor has gone: to whoever serves the country, without a name."""
    page, told = ("incubators:detail", organisation.slug), {"titles": organisation.titles}
    for person in reviewers_of(organisation.country, without=[by]):
        write_to(person, "incubators/left_alone", page=page, step=f"{organisation.uid}:{by.uid}", context=told)


def tell_ended(organisation: Organisation, person: User, *, step: str, reason: str) -> None:
    """That they do not edit the entry any more, and why; `step` tells one time from the next."""
    page, told = ("incubators:detail", organisation.slug), {"titles": organisation.titles, "reason": reason}
    write_to(person, "incubators/editor_ended", page=page, step=step, context=told)


def tell_new_owner(organisation: Organisation, person: User, *, step: str, inherits: bool) -> None:
    """What they may do from now on. Who owned it before is not named: they may be erasing their account.

    `step` tells one time from the next.
    """
    page, told = ("incubators:editors", organisation.slug), {"titles": organisation.titles, "inherits": inherits}
    write_to(person, "incubators/owner_now", page=page, step=f"{organisation.uid}:{step}", context=told)


def path_in(person: User, name: str, *args: Any) -> str:
    """The page's path with the prefix of the person's language."""
    return path_in_language(person.language, name, *args)


def path_in_language(language: str, name: str, *args: Any) -> str:
    with translation.override(language):
        return reverse(name, args=args)


def _send(
    revision: Revision,
    person: User,
    template: str,
    page: Place,
    *,
    is_new: bool,
    not_before: datetime | None = None,
    **more: Any,
) -> None:
    write_to(
        person,
        template,
        page=page,
        step=_step_of(revision),
        not_before=not_before,
        context={
            "titles": titles_of(revision.values),
            "country": revision.organisation.country.names,
            "is_new": is_new,
            "is_again": revision.is_again,
            "comments": revision.comments,
            "reason": revision.reason,
            **more,
        },
    )


def _step_of(revision: Revision) -> str:
    """The time of submission tells one round from the next."""
    return f"{revision.uid}:{revision.submitted_at:%Y%m%dT%H%M%S%f}"
