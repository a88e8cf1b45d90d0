"""What the ground gathers from this app; see network_platform/desk.py."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TextIO

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.enums import MemberRole, RevisionStatus
from incubators.models import (
    Claim,
    Country,
    FocalPoint,
    ImportRun,
    Membership,
    Organisation,
    Revision,
    SavedSearch,
    Startup,
)
from incubators.rules import can_appoint_focal_points, countries_of, is_reviewer
from incubators.services import erasure, registry
from incubators.services.entries import title_here
from network_platform.desk import Area, Waiting
from network_platform.page_cache import touch
from network_platform.people.models import User
from network_platform.search.services import Document

INDEXED_WITHIN = timedelta(hours=1)


def waiting_for(user: User) -> list[Waiting]:
    """Listings and claims to review; own entries that went back or were never sent."""
    return [*_to_review(user), *_to_finish(user)]


def sent_by(user: User) -> list[Waiting]:
    """Listings and changes of the own organisations, and own claims, that nobody has answered yet."""
    revisions = Revision.objects.waiting().filter(organisation__memberships__user=user).select_related("organisation")
    claims = Claim.objects.open().filter(user=user).select_related("organisation").order_by("pk")
    return [
        *(
            _sent(title_here(each.values), "incubators:edit", each.organisation, each.submitted_at)
            for each in revisions
        ),
        *(
            _sent(
                _("Claim: %(name)s") % {"name": claim.organisation},
                "incubators:claim",
                claim.organisation,
                claim.created_at,
            )
            for claim in claims
        ),
    ]


def lost_with(user: User) -> list[Waiting]:
    """Listed organisations that nobody else edits."""
    words = _(
        "you are its only editor. The entry stays, without an editor, and the country’s focal point is told. "
        "If a colleague claims it first, it goes on."
    )
    own = Organisation.objects.edited_by_nobody_but(user).order_by("sort_key", "pk")
    return [Waiting(str(each), reverse("incubators:editors", args=[each.slug]), detail=words) for each in own]


def areas_of(user: User) -> list[Area]:
    found = []
    if can_appoint_focal_points(user):
        found.append(Area(_("Appoint focal points"), reverse("incubators:focal-points"), _("Who serves which country")))
    if is_reviewer(user):
        found.append(Area(_("Review listings and import organisations"), reverse("incubators:queue"), _("Registry")))
    if Membership.objects.filter(user=user).exists():
        found.append(Area(_("Keep your organisation’s entry true"), reverse("incubators:mine"), _("Registry")))
    if Startup.objects.editable_by(user).exists():
        found.append(Area(_("My start-ups"), reverse("incubators:startups"), _("One profile, many applications.")))
    if SavedSearch.objects.visible_to(user).exists():
        found.append(Area(_("Saved searches"), reverse("incubators:searches"), _("Registry")))
    return found


def scopes_of(user: User) -> set[str]:
    """The countries that the person serves; the secretariat serves all."""
    served = Country.objects.values_list("iso2", flat=True) if user.is_secretariat else countries_of(user)
    return {f"country:{iso2}" for iso2 in served}


def roles_of(user: User) -> list[str]:
    terms = FocalPoint.objects.current().filter(user=user).select_related("country")
    offices = [
        (_("Deputy focal point, %(country)s") if term.is_deputy else _("Focal point, %(country)s"))
        % {"country": term.country}
        for term in terms
    ]
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    startups = Startup.objects.editable_by(user)
    return [
        *offices,
        *(f"{each.get_role_display()}, {each.organisation}" for each in memberships),
        *(_("Founder, %(name)s") % {"name": startup} for startup in startups),
    ]


def code_words() -> dict[str, str]:
    """Countries, and what editors are of an organisation."""
    countries = {country.iso2: str(country) for country in Country.objects.all()}
    return countries | {role.value: role.label.lower() for role in MemberRole}


def needs_second_factor(user: User) -> bool:
    """Focal points and deputies decide for a country."""
    return bool(countries_of(user))


def personal_data(user: User) -> dict[str, Any]:
    return {"registry": erasure.personal_data(user)}


def erase(user: User) -> None:
    erasure.erase(user)


def access_changed(user: User) -> None:
    """Pages name the focal points who can sign in."""
    touch("registry")


def sitemap() -> Iterable[str]:
    yield "/countries/"
    yield "/incubators/"
    for iso2 in Country.objects.values_list("iso2", flat=True):
        yield f"/countries/{iso2.lower()}/"
    for slug in Organisation.objects.public().order_by("pk").values_list("slug", flat=True).iterator():
        yield f"/incubators/{slug}/"


def search_documents() -> Iterable[Document]:
    return registry.every_document()


def problems() -> list[str]:
    """Countries without reference data, and countries whose queue nobody could see."""
    found = [] if Country.objects.count() == 7 else ["Reference data is incomplete: run `manage.py load_reference`."]
    if Revision.objects.waiting().exists() and not _anybody_reviews():
        found.append("Listings wait, but nobody is in the secretariat's group: add a person to it.")
    if late := ImportRun.objects.left_behind(timezone.now() - INDEXED_WITHIN).count():
        found.append(f"{late} imports are listed and not found by the search: are the worker and beat running?")
    return found


def load_demonstration(stdout: TextIO) -> None:
    from incubators import demonstration

    demonstration.load(stdout)


def _anybody_reviews() -> bool:
    return User.objects.filter(groups__name="secretariat", is_active=True).exists()


def _to_review(user: User) -> list[Waiting]:
    if not is_reviewer(user):
        return []
    found = []
    revisions = Revision.objects.waiting().reviewable_by(user)
    if number := revisions.count():
        title = ngettext("%(n)s listing to review", "%(n)s listings to review", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := Claim.objects.reviewable_by(user).count():
        title = ngettext("%(n)s claim to answer", "%(n)s claims to answer", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    return found


def _sent(title: str, page: str, organisation: Organisation, at: datetime) -> Waiting:
    words = _("Sent on %(date)s") % {"date": date_format(timezone.localtime(at), "DATE_FORMAT")}
    return Waiting(title, reverse(page, args=[organisation.slug]), detail=words)


def _to_finish(user: User) -> list[Waiting]:
    words = {
        RevisionStatus.CHANGES_REQUESTED: _("The reviewer asks for changes: %(name)s"),
        RevisionStatus.DRAFT: _("Finish and send: %(name)s"),
    }
    own = Revision.objects.editable_by(user).select_related("organisation").order_by("status", "pk")
    return [
        Waiting(
            words[RevisionStatus(revision.status)] % {"name": title_here(revision.values)},
            reverse("incubators:edit", args=[revision.organisation.slug]),
        )
        for revision in own
    ]
