"""What the ground gathers from this app; see network_platform/desk.py."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, TextIO

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.consents import STARTUP_PROFILE
from incubators.enums import PUBLIC_STATUSES, DeclineReason, MemberRole, OrganisationStatus
from incubators.journal_words import SCOPES, WORDS
from incubators.models import (
    Country,
    FocalPoint,
    ImportRun,
    Membership,
    OpenCall,
    OpenDataDump,
    Organisation,
    Programme,
    Revision,
    SavedSearch,
    Startup,
)
from incubators.rules import (
    can_appoint_focal_points,
    can_define_indicators,
    countries_of,
    edits_organisations,
    is_reviewer,
)
from incubators.services import erasure, reindexing
from incubators.services.news import EVENTS
from incubators.services.showing import hide_startups_of
from incubators.waiting_lists import (
    sent_by_anybody,
    sent_by_editor,
    to_answer,
    to_confirm,
    to_finish,
    to_report,
    to_review,
)
from network_platform.desk import Area, Waiting
from network_platform.identifiers import uid_in
from network_platform.journal.models import Record
from network_platform.journal.words import Words
from network_platform.page_cache import touch
from network_platform.people.models import SECRETARIAT, User
from network_platform.search.services import Document

COUNTRIES = 7  # of the network
INDEXED_WITHIN = timedelta(hours=1)
DUMPED_WITHIN = timedelta(days=2)


def waiting_for(user: User) -> list[Waiting]:
    """Listings, claims and figures to review; own entries and figures that went back or were never sent; own
    entries to confirm; placements of own start-ups.
    """
    own = [*to_finish(user), *to_confirm(user), *to_report(user)] if edits_organisations(user) else []
    return [*to_review(user), *own, *to_answer(user)]


def sent_by(user: User) -> list[Waiting]:
    """Listings, changes and figures of the own organisations, own claims and invitations that nobody has answered."""
    return [*(sent_by_editor(user) if edits_organisations(user) else []), *sent_by_anybody(user)]


def begun_by(user: User) -> set[str]:
    return {"incubators"} if edits_organisations(user) else set()


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
    if can_define_indicators(user):
        found.append(Area(_("Define what is counted"), reverse("incubators:indicators"), _("Yearly figures")))
    if is_reviewer(user):
        found.append(Area(_("Review listings and import files"), reverse("incubators:queue"), _("Registry")))
        found.append(
            Area(
                _("See the country’s dashboard"),
                reverse("incubators:country-desk"),
                _("What waits and what is missing"),
            )
        )
        found.append(Area(_("See the country’s figures"), reverse("incubators:country-figures"), _("Yearly figures")))
    if edits_organisations(user):
        own = list(Organisation.objects.filter(memberships__user=user).values_list("slug", "status")[:2])
        found.append(Area(_("Keep your organisation’s entry true"), reverse("incubators:mine"), _("Registry")))
        found.append(Area(_("Offer programmes and calls"), _programmes_page(own), _("What founders find")))
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
    """Countries, what editors are of an organisation, and why a listing is declined."""
    countries = {country.iso2: str(country) for country in Country.objects.all()}
    reasons = {reason.value: _small(str(reason.label)) for reason in DeclineReason if reason != DeclineReason.OTHER}
    return countries | {role.value: role.label.lower() for role in MemberRole} | reasons


def journal_words() -> Words:
    return WORDS


def reasons_to_sign_in() -> dict[str, str]:
    return {
        "incubators:search-save": _("Sign in to save this search: once a month a mail tells you what is new in it."),
        "incubators:claim": _("Sign in to claim this entry: you then keep it up to date yourself."),
        "incubators:mailbox": _("Sign in to confirm the address, as whoever claims the entry: the link is theirs."),
    }


def _small(label: str) -> str:
    """As it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def needs_second_factor(user: User) -> bool:
    """Focal points and deputies decide for a country."""
    return bool(countries_of(user))


def names_in(records: Iterable[Record]) -> Iterable[dict[str, str]]:
    """Names of the organisations that these records of the journal are about; one query."""
    things = {record.thing_uid for record in records if record.thing_type == Organisation._meta.label_lower}
    uids = set(filter(None, map(uid_in, things)))
    return Organisation.objects.filter(uid__in=uids).values_list("titles", flat=True) if uids else []


def codes_in(records: Iterable[Record]) -> dict[str, str]:
    """Names of organisations that these records have in a field, as far as everybody knows them; one query if any."""
    named = {state.get("organisation") for record in records for state in (record.before, record.after)}
    uids = set(filter(None, (uid_in(text) for text in named if isinstance(text, str))))
    known = Organisation.objects.filter(uid__in=uids, status__in=PUBLIC_STATUSES) if uids else []
    return {str(organisation.uid): str(organisation) for organisation in known}


def personal_data(user: User) -> dict[str, Any]:
    return {"registry": erasure.personal_data(user)}


def erase(user: User) -> None:
    erasure.erase(user)


def consent_answered(user: User, purpose: str, given: bool) -> None:
    """A consent that is withdrawn hides the person's start-ups at once; one that is given shows none by itself."""
    if purpose == STARTUP_PROFILE and not given:
        hide_startups_of(user)


def consent_notes(user: User, given: Collection[str]) -> dict[str, Area]:
    """Which start-ups are not shown although the person agrees, and where they choose that."""
    if STARTUP_PROFILE not in given:
        return {}
    hidden = list(Startup.objects.editable_by(user).filter(shown_at=None).values_list("name", flat=True))
    if not hidden:
        return {}
    words = _("Not shown now: %(names)s.") % {"names": ", ".join(hidden)}
    return {STARTUP_PROFILE: Area(_("Choose who reads them"), reverse("incubators:startups"), words)}


def access_changed(user: User) -> None:
    """Pages name the focal points who can sign in."""
    touch("registry")


def sitemap() -> Iterable[str]:
    yield "/countries/"
    yield "/incubators/"
    yield "/countries/side-by-side/"
    for iso2 in Country.objects.values_list("iso2", flat=True):
        yield f"/countries/{iso2.lower()}/"
        yield f"/countries/{iso2.lower()}/dashboard/"
    for slug in Organisation.objects.public().not_merged().order_by("pk").values_list("slug", flat=True).iterator():
        yield f"/incubators/{slug}/"
    yield "/calls/"
    yield from _paths("programmes", Programme.objects.public())
    yield from _paths("calls", OpenCall.objects.public().not_over_at(timezone.now()))
    yield from _paths("startups", Startup.objects.public())


def _paths(place: str, things: QuerySet) -> Iterable[str]:
    for uid in things.order_by("pk").values_list("uid", flat=True).iterator():
        yield f"/{place}/{uid}/"


def search_documents() -> Iterable[Document]:
    return reindexing.every_document()


def problems() -> list[str]:
    """Countries without reference data, and countries whose queue nobody could see."""
    found = []
    if Country.objects.count() != COUNTRIES:
        found.append("Reference data is incomplete: run `manage.py load_reference`.")
    if Revision.objects.waiting().exists() and not _anybody_reviews():
        found.append("Listings wait, but nobody is in the secretariat's group: add a person to it.")
    if late := ImportRun.objects.left_behind(timezone.now() - INDEXED_WITHIN).count():
        found.append(f"{late} imports are listed and not found by the search: are the worker and beat running?")
    if stuck := ImportRun.objects.stuck(timezone.now() - INDEXED_WITHIN).count():
        found.append(f"{stuck} imports were begun and are not gone on with: are the worker and beat running?")
    if OpenCall.objects.over_at(timezone.now() - INDEXED_WITHIN).exists():
        found.append("Calls are over and were not closed: is beat running?")
    if _is_open_data_late(timezone.now() - DUMPED_WITHIN):
        found.append("The open data is older than two days: is beat running? `manage.py open_data` writes it.")
    return found


def _is_open_data_late(since: datetime) -> bool:
    """Of a registry that is that old itself."""
    if OpenDataDump.objects.filter(checked_at__gte=since).exists():
        return False
    return OpenDataDump.objects.exists() or Organisation.objects.filter(listed_at__lt=since).exists()


def load_demonstration(stdout: TextIO) -> None:
    from incubators import demonstration

    demonstration.load(stdout)


def _programmes_page(own: list[tuple[str, str]]) -> str:
    """That of the person's only organisation, or the list of their organisations, each with its slug and state."""
    if len(own) > 1 or own[0][1] == OrganisationStatus.CLOSED:
        return reverse("incubators:mine")
    return reverse("incubators:programmes", args=[own[0][0]])


def _anybody_reviews() -> bool:
    return User.objects.filter(groups__name=SECRETARIAT, is_active=True).exists()


def token_scopes() -> dict[str, str]:
    return {name: str(label) for name, label in SCOPES.items()}


def webhook_events() -> dict[str, str]:
    return {name: str(label) for name, label in EVENTS.items()}
