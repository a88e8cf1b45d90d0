"""An entry ages by groups of fields: who says that they are still true, on the page or by the link of a reminder."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import FieldGroup, OrganisationStatus
from incubators.lifecycle import ORGANISATION
from incubators.models import Confirmation, Organisation
from incubators.rules import can_confirm_organisation
from incubators.services.letters import mail_key, members_of, path_in, reviewers_of, write_to
from incubators.services.save_and_tell import save_and_tell
from network_platform.background.models import Message
from network_platform.people.models import User
from network_platform.zones import today

ALL_GROUPS = tuple(FieldGroup)
CONFIRMED_FOR = timedelta(days=365)
REMINDED = (180, 90)  # days before the day until which an entry is confirmed
LINK_OUTLIVES = timedelta(days=30)
LINK = "incubators.still-true"
ON_PAGE, BY_LINK = "on_page", "by_link"


@transaction.atomic
def confirm_organisation(
    *, organisation: Organisation, by: User, groups: Collection[str] = ALL_GROUPS, how: str = ON_PAGE
) -> Organisation:
    """These groups of fields are still true. What was out of date is current again once its oldest group is."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not groups or not can_confirm_organisation(by, organisation):
        raise PermissionDenied
    before = {"status": organisation.status, "verified_until": str(organisation.verified_until or "")}
    note_confirmed(organisation, by=by, groups=groups)
    verb = "organisation.confirmed"
    if organisation.status == OrganisationStatus.STALE and cast(date, organisation.verified_until) >= today():
        verb = ORGANISATION.check(organisation.status, OrganisationStatus.LISTED).verb
        organisation.status = OrganisationStatus.LISTED
    after: dict[str, Any] = {"status": organisation.status, "verified_until": str(organisation.verified_until)}
    after |= {"fields": [group.value for group in FieldGroup if group in groups], "how": how}
    save_and_tell(organisation, verb, by, before=before, after=after, reason="")
    return organisation


def note_confirmed(organisation: Organisation, *, by: User | None, groups: Collection[str] = ALL_GROUPS) -> None:
    """These groups are true from today on, as `by` says; the entry for a year from its oldest group on. Inserts
    confirmations; the organisation stays unsaved.
    """
    Confirmation.objects.bulk_create(Confirmation(organisation=organisation, group=group, by=by) for group in groups)
    told = {group: moment.date() for group, moment in Confirmation.latest_of(organisation).items()}
    known = organisation.verified_until - CONFIRMED_FOR if organisation.verified_until else today()
    organisation.verified_until = min(told.get(group, known) for group in FieldGroup) + CONFIRMED_FOR


@dataclass(frozen=True)
class Link:
    """What the link of a reminder is about: `person` got it while the entry was confirmed until `due`."""

    organisation: Organisation
    due: date
    person: User

    @property
    def is_answered(self) -> bool:
        """Confirmed since, by this link or otherwise."""
        until = self.organisation.verified_until
        return until is not None and until > self.due

    @property
    def can_answer(self) -> bool:
        return self.organisation.verified_until == self.due and can_confirm_organisation(self.person, self.organisation)


def link_for(organisation: Organisation, person: User) -> str:
    """Signed: the entry, the day until which it is confirmed, and whom it is sent to."""
    told = [str(organisation.uid), str(organisation.verified_until), str(person.uid)]
    return signing.dumps(told, salt=LINK)


def link_behind(token: str) -> Link | None:
    """None if nobody signed it, it is too old, or one of the two is gone."""
    try:
        uid, due_text, person_uid = signing.loads(token, salt=LINK)
    except signing.BadSignature:
        return None
    due = date.fromisoformat(due_text)
    organisation = Organisation.objects.select_related("country", "city").filter(uid=uid).first()
    person = User.objects.filter(uid=person_uid, is_active=True).first()
    if organisation is None or person is None or today() > due + LINK_OUTLIVES:
        return None
    return Link(organisation, due, person)


@transaction.atomic
def answer_link(*, link: Link) -> Organisation:
    """The one press: everything is still true. Raises PermissionDenied if the entry or the person moved on."""
    current = Organisation.objects.locked().get(pk=link.organisation.pk)
    if not Link(current, link.due, link.person).can_answer:
        raise PermissionDenied
    return confirm_organisation(organisation=current, by=link.person, how=BY_LINK)


def remind_of_age() -> int:
    """Ask those who keep an entry whether it is still true, 180 and 90 days before its day; where nobody does, those
    who serve its country. Returns how many mails were written.
    """
    written = 0
    for organisation in Organisation.objects.due_within(max(REMINDED)).select_related("country"):
        left = (cast(date, organisation.verified_until) - today()).days
        stage = min(days for days in REMINDED if left <= days)
        people = members_of(organisation) or reviewers_of(organisation.country)
        written += sum(_remind(organisation, person, stage) for person in people)
    return written


@transaction.atomic
def _remind(organisation: Organisation, person: User, stage: int) -> bool:
    """One mail a person, day and stage, whatever runs twice."""
    template, step = "incubators/still_true", f"{organisation.uid}:{organisation.verified_until}:{stage}"
    if Message.objects.filter(dedupe_key=mail_key(template, step, person)).exists():
        return False
    write_to(
        person,
        template,
        page=("incubators:detail", organisation.slug),
        step=step,
        context={
            "titles": organisation.titles,
            "until": str(organisation.verified_until),
            "link": path_in(person, "incubators:still-true", link_for(organisation, person)),
        },
    )
    return True
