"""What the ground gathers from this app; see network_platform/desk.py."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, TextIO
from uuid import UUID

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.country_desk import Waited
from incubators.rules import is_reviewer
from mentors import consents
from mentors.cards import roles_in_words
from mentors.enums import Availability, RoleKind, RoleState, Visibility
from mentors.journal_words import WORDS
from mentors.models import Expert, ExpertDraft, Expertise, ExpertRole, Letter, Request
from mentors.services import erasure, search_text
from mentors.services.profiles import follow_person
from mentors.services.roles import close_roles, find_anew, hide_roles
from network_platform.desk import Area, Waiting
from network_platform.journal.words import Words
from network_platform.people.models import User
from network_platform.quoting import inside_sentence
from network_platform.search.services import Document

ANSWERS_STAY = timedelta(days=14)


def waiting_for(user: User) -> list[Waiting]:
    """Requests to answer, profiles to approve, answers and messages to read, an own profile to mend."""
    return [*_to_answer(user), *_to_approve(user), *_answers(user), *_letters(user), *_own_profile(user)]


def sent_by(user: User) -> list[Waiting]:
    """Requests that the expert has not answered yet."""
    found = Request.objects.made_by(user).offered().with_people().order_by("pk")
    return [_sent(each) for each in found]


def areas_of(user: User) -> list[Area]:
    found = []
    own = list(ExpertRole.objects.filter(expert__user=user))
    if own:
        states = " · ".join(f"{role.get_role_display()}: {role.get_state_display()}" for role in own)
        found.append(Area(_("Change your profile and availability"), reverse("mentors:mine"), states))
    if Request.objects.visible_to(user).exists():
        found.append(Area(_("Read requests and answers"), reverse("mentors:requests"), _("Mentors")))
    if is_reviewer(user):
        found.append(Area(_("Approve experts"), reverse("mentors:queue"), _("Mentors")))
    return found


def roles_of(user: User) -> list[str]:
    """Approved roles, with the country."""
    roles = ExpertRole.objects.filter(expert__user=user, state=RoleState.APPROVED).with_people()
    return [f"{role.get_role_display()}, {role.expert.country}" for role in roles]


def code_words() -> dict[str, str]:
    kinds = (RoleKind, Availability, Visibility)
    return {"expert": _("expert")} | {one.value: one.label.lower() for kind in kinds for one in kind}


def journal_words() -> Words:
    return WORDS


def reasons_to_sign_in() -> dict[str, str]:
    return {"mentors:ask": _("Sign in to ask this expert: the answer comes to you by mail.")}


def consent_answered(user: User, purpose: str, given: bool) -> None:
    """A consent that is withdrawn ends at once what was done on its ground; one that is given brings it back."""
    shown_as = {consents.PUBLIC_PROFILE: Visibility.PUBLIC, consents.NETWORK_PROFILE: Visibility.NETWORK}.get(purpose)
    if shown_as and given:
        find_anew(user=user)
    elif shown_as:
        hide_roles(user=user, shown_as=shown_as)
    elif purpose == consents.CONTACT and not given:
        close_roles(user=user)


def consent_notes(user: User, given: Collection[str]) -> dict[str, Area]:
    """What stays hidden or closed although the person agrees, and where they choose that."""
    roles = ExpertRole.objects.filter(expert__user=user).exclude(state__in=[RoleState.DECLINED, RoleState.WITHDRAWN])
    notes = {}
    hidden = [role for role in roles if role.visibility == Visibility.HIDDEN]
    if hidden:
        place = Area(
            _("Choose who may find you"),
            f"{reverse('mentors:join')}#id_visibility_0",
            _("Nobody finds your profile now: %(roles)s.") % {"roles": roles_in_words(hidden)},
        )
        notes = {key: place for key in (consents.PUBLIC_PROFILE, consents.NETWORK_PROFILE) if key in given}
        notes = notes or {consents.PUBLIC_PROFILE: place}
    closed = [role for role in roles if role.availability == Availability.CLOSED]
    if closed and consents.CONTACT in given:
        words = _("You take no requests now: %(roles)s.") % {"roles": roles_in_words(closed)}
        notes[consents.CONTACT] = Area(_("Change that in your profile"), reverse("mentors:mine"), words)
    return notes


def person_changed(user: User, changed: Collection[str]) -> None:
    follow_person(user=user, changed=changed)


def begun_by(user: User) -> set[str]:
    gone = {"mentors": Expert.objects.filter(user=user), "asking": Request.objects.made_by(user)}
    return {way for way, rows in gone.items() if rows.exists()}


def access_changed(user: User) -> None:
    find_anew(user=user)


def personal_data(user: User) -> dict[str, Any]:
    return {"mentors": erasure.personal_data(user)}


def erase(user: User) -> None:
    erasure.erase(user)


def sitemap() -> Iterable[str]:
    yield "mentors/"
    public = Expert.objects.in_roles(ExpertRole.objects.public())
    yield from (f"mentors/{slug}/" for slug in public.order_by("pk").values_list("slug", flat=True))


def search_documents() -> Iterable[Document]:
    for expert in Expert.objects.select_related("country", "user").order_by("pk").iterator(chunk_size=500):
        yield from search_text.documents_of(expert)


def problems() -> list[str]:
    found = []
    if not Expertise.objects.exists():
        found.append("There are no areas of expertise: run `manage.py migrate`.")
    late = Request.objects.offered().filter(expires_at__lte=timezone.now() - timedelta(hours=1)).count()
    if late:
        found.append(f"{late} requests to experts should have expired: is beat running?")
    if search_text.keys_shown() - {str(uid) for uid in _uids_findable()}:
        found.append("The search shows experts who are shown no more: run `manage.py reindex`.")
    return found


def load_demonstration(stdout: TextIO) -> None:
    from mentors.demonstration import load

    load(stdout)


def _sent(asked: Request) -> Waiting:
    on = date_format(timezone.localtime(asked.offered_at), "DATE_FORMAT")
    title = _("Request: %(name)s") % {"name": inside_sentence(asked)}
    detail = _("Sent on %(date)s") % {"date": on}
    return Waiting(title, reverse("mentors:request", args=[asked.uid]), detail=detail)


def _to_answer(user: User) -> list[Waiting]:
    open_ones = Request.objects.answerable_by(user)
    count = open_ones.count()
    if not count:
        return []
    due = open_ones.aggregate(due=Min("expires_at"))["due"]
    title = ngettext("Answer %(n)d request", "Answer %(n)d requests", count) % {"n": count}
    return [Waiting(title, reverse("mentors:requests"), count, due)]


def _to_approve(user: User) -> list[Waiting]:
    """All whom the person may answer, as their queue shows them."""
    waiting = ExpertRole.objects.reviewable_by(user).waiting()
    count = waiting.order_by().values("expert").distinct().count()
    if not count:
        return []
    title = ngettext("Approve %(n)d expert", "Approve %(n)d experts", count) % {"n": count}
    return [Waiting(title, reverse("mentors:queue"), count)]


def waited_in(user: User, iso2: str) -> list[Waited]:
    """Experts of a country who wait for this person's answer, and since when the first of them does."""
    waiting = ExpertRole.objects.reviewable_by(user).waiting().filter(expert__country__iso2=iso2)
    age = waiting.order_by().aggregate(number=Count("expert", distinct=True), oldest=Min("state_at"))
    return [Waited(_("Experts"), age["number"], age["oldest"], reverse("mentors:queue"))] if age["number"] else []


def _answers(user: User) -> list[Waiting]:
    since = timezone.now() - ANSWERS_STAY
    count = Request.objects.unread_by(user).filter(answered_at__gte=since).count()
    if not count:
        return []
    title = ngettext("Read %(n)d answer from an expert", "Read %(n)d answers from experts", count) % {"n": count}
    return [Waiting(title, reverse("mentors:requests"), count)]


def _letters(user: User) -> list[Waiting]:
    """New messages; what came with an answer that waits to be read is read with it."""
    unread = Letter.objects.unread_by(user).exclude(engagement__request__in=Request.objects.unread_by(user))
    count = unread.count()
    if not count:
        return []
    title = ngettext("Read %(n)d new message", "Read %(n)d new messages", count) % {"n": count}
    return [Waiting(title, reverse("mentors:requests"), count)]


def _own_profile(user: User) -> list[Waiting]:
    if ExpertRole.objects.filter(expert__user=user, state=RoleState.CHANGES_REQUESTED).exists():
        return [Waiting(_("Change your expert profile as the focal point asks"), reverse("mentors:mine"))]
    if _is_hidden_by_a_new_text(user):
        return [Waiting(_("Agree to the new text, so that your profile is shown again"), reverse("settings"))]
    if ExpertDraft.objects.filter(user=user).exclude(content={}).exists():
        return [Waiting(_("Finish your expert profile"), reverse("mentors:join"))]
    return []


def _uids_findable() -> Iterable[UUID]:
    return ExpertRole.objects.findable().values_list("expert__uid", flat=True)


def _is_hidden_by_a_new_text(user: User) -> bool:
    """A role that is approved and to be shown, but the consent to that is to another text than today's."""
    approved = ExpertRole.objects.filter(expert__user=user, expert__user__is_active=True, state=RoleState.APPROVED)
    return approved.exclude(visibility=Visibility.HIDDEN).exclude(pk__in=ExpertRole.objects.findable()).exists()
