"""A person's own data in the registry, and what remains when the person goes."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from incubators.enums import OrganisationStatus
from incubators.lifecycle import FOUNDER_INVITATION, INVITATION
from incubators.models import (
    Claim,
    FocalPoint,
    FounderInvitation,
    ImportRun,
    Invitation,
    Membership,
    OpenCall,
    Organisation,
    Placement,
    Programme,
    Remark,
    SavedSearch,
    Startup,
    StartupMember,
    YearlyFigures,
)
from incubators.services.by_mail import forget_invitations_of
from incubators.services.evidence import forget_letter, forget_mailboxes
from incubators.services.letters import tell_left_alone
from incubators.services.listing import forget
from incubators.services.members import pass_ownership
from incubators.services.showing import hide_without_consent
from network_platform.page_cache import touch
from network_platform.people.models import User
from network_platform.zones import today


def personal_data(user: User) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "offices": _offices(user),
        "organisations": _organisations(user),
        "startups": _startups(user),
        "programmes": _made(Programme.objects.filter(created_by=user)),
        "calls": _made(OpenCall.objects.filter(created_by=user)),
        "claims": _claims(user),
        "invitations": _invitations(user),
        "invitations_of_founders": _invitations_of_founders(user),
        "figures_sent": _figures_of(YearlyFigures.objects.filter(submitted_by=user)),
        "figures_known": _figures_of(YearlyFigures.objects.filter(known_to=user)),
        "remarks": _remarks(user),
        "saved_searches": _saved_searches(user),
        "imports": list(ImportRun.objects.filter(by=user).values_list("file_name", flat=True)),
    }


def _offices(user: User) -> list[dict[str, Any]]:
    return [
        {
            "country": term.country.iso2,
            "from": str(term.starts),
            "to": str(term.ends or ""),
            "deputy": term.is_deputy,
        }
        for term in FocalPoint.objects.filter(user=user).select_related("country")
    ]


def _organisations(user: User) -> list[dict[str, Any]]:
    return [
        {
            "name": str(each.organisation),
            "uid": str(each.organisation.uid),
            "role": each.role,
            "since": str(each.since),
        }
        for each in Membership.objects.filter(user=user).select_related("organisation")
    ]


def _startups(user: User) -> list[dict[str, Any]]:
    startups = Startup.objects.filter(members__user=user).select_related("country")
    return [
        {
            "name": startup.name,
            "uid": str(startup.uid),
            "country": startup.country.iso2,
            "summary": startup.summary,
            "shown_since": str(startup.shown_at or ""),
            "placements": [_placement(each) for each in startup.placements.all()],
        }
        for startup in startups.prefetch_related("placements__cohort__programme__organisation")
    ]


def _made(things: QuerySet[Programme] | QuerySet[OpenCall]) -> list[dict[str, Any]]:
    return [{"title": str(each), "uid": str(each.uid), "created": str(each.created_at)} for each in things]


def _claims(user: User) -> list[dict[str, Any]]:
    claims = Claim.objects.filter(user=user).select_related("organisation")
    return [
        {
            "organisation": str(claim.organisation),
            "evidence": claim.evidence,
            "status": claim.status,
            "mailboxes": [mailbox.address for mailbox in claim.mailboxes.all()],
            "letter": claim.letter_name,
        }
        for claim in claims.prefetch_related("mailboxes")
    ]


def _invitations(user: User) -> list[dict[str, Any]]:
    return [
        {
            "organisation": str(each.organisation),
            "sent": each.invited_by_id == user.pk,
            "email": each.email,
            "hands_over": each.hands_over,
            "status": each.status,
            "at": each.invited_at.isoformat(),
            "to": each.expires_at.isoformat(),
        }
        for each in Invitation.objects.filter(_sent_or_proven(user)).select_related("organisation").order_by("pk")
    ]


def _invitations_of_founders(user: User) -> list[dict[str, Any]]:
    return [
        {
            "startup": each.startup.name,
            "sent": each.invited_by_id == user.pk,
            "email": each.email,
            "status": each.status,
            "at": each.invited_at.isoformat(),
            "to": each.expires_at.isoformat(),
        }
        for each in FounderInvitation.objects.filter(_sent_or_proven(user)).select_related("startup").order_by("pk")
    ]


def _figures_of(figures: QuerySet[YearlyFigures]) -> list[dict[str, Any]]:
    found = figures.select_related("organisation").order_by("pk")
    return [{"organisation": str(each.organisation), "year": each.year} for each in found]


def _remarks(user: User) -> list[dict[str, Any]]:
    return [
        {"organisation": str(remark.organisation), "text": remark.text, "status": remark.status}
        for remark in Remark.objects.filter(by=user).select_related("organisation")
    ]


def _saved_searches(user: User) -> list[dict[str, Any]]:
    return [
        {"name": search.name, "query": search.query, "created_at": search.created_at.isoformat()}
        for search in SavedSearch.objects.filter(user=user)
    ]


def _sent_or_proven(user: User) -> Q:
    """Invitations that the person sent, and those that wait at an address that is proven to be theirs."""
    proven = user.confirmed_email.lower()
    return Q(invited_by=user) | (Q(email=proven) if proven else Q(pk=None))


def _placement(placement: Placement) -> dict[str, str]:
    """For the founders. What an editor has proposed is not told to the editor: that would tell who has an account."""
    programme = placement.cohort.programme
    return {
        "organisation": str(programme.organisation),
        "programme": str(programme),
        "cohort": str(placement.cohort),
        "status": placement.status,
        "entered": str(placement.entered),
        "left": str(placement.left or ""),
        "outcome": placement.outcome,
    }


@transaction.atomic
def erase(user: User) -> None:
    """Drop offices, memberships, invitations, claims, saved searches and drafts that nobody else edits; what was
    listed stays listed, with another owner if others edit it. Who serves the country is told of what nobody edits now.
    """
    left_alone = list(Organisation.objects.edited_by_nobody_but(user).select_related("country").order_by("pk"))
    FocalPoint.objects.current().filter(user=user).update(ends=today())
    drafts = Organisation.objects.filter(memberships__user=user, status=OrganisationStatus.DRAFT)
    for organisation in drafts:
        if not organisation.memberships.exclude(user=user).exists():
            forget(organisation)
    _leave_organisations(user)
    forget_invitations_of(user, Invitation, INVITATION)
    forget_invitations_of(user, FounderInvitation, FOUNDER_INVITATION)
    claims = Claim.objects.filter(user=user)
    forget_mailboxes(claims)
    for claim in claims.exclude(letter=""):
        forget_letter(claim)
    claims.delete()
    YearlyFigures.known_to.through.objects.filter(user=user).delete()
    Remark.objects.filter(by=user).update(address="")
    _leave_startups(user)
    SavedSearch.objects.filter(user=user).delete()
    ImportRun.objects.filter(by=user).update(text="")
    for organisation in left_alone:
        tell_left_alone(organisation, by=user)
    touch("registry")


def _leave_organisations(user: User) -> None:
    held = Organisation.objects.locked().filter(memberships__user=user).order_by("pk")
    organisations = {each.pk: each for each in held}
    for membership in Membership.objects.filter(organisation__in=organisations, user=user).select_related("user"):
        membership.organisation = organisations[membership.organisation_id]
        pass_ownership(membership, by=user)
        membership.delete()


def _leave_startups(user: User) -> None:
    """A start-up without a founder who agrees is not shown; what waits for the answer of nobody is forgotten."""
    left = list(Startup.objects.editable_by(user).values_list("pk", flat=True))
    StartupMember.objects.filter(user=user).delete()
    startups = Startup.objects.filter(pk__in=left)
    hide_without_consent(startups)
    Placement.objects.waiting().filter(startup__in=startups.filter(members=None)).delete()
