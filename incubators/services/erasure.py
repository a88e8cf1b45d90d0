"""A person's own data in the registry, and what remains when the person goes."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from incubators.enums import OrganisationStatus
from incubators.models import (
    Claim,
    FocalPoint,
    ImportRun,
    Membership,
    Organisation,
    SavedSearch,
    Startup,
    StartupMember,
)
from incubators.services.letters import tell_left_alone
from incubators.services.listing import forget
from network_platform.page_cache import touch
from network_platform.people.models import User


def personal_data(user: User) -> dict[str, Any]:
    """JSON-ready."""
    terms = FocalPoint.objects.filter(user=user).select_related("country")
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    startups = Startup.objects.filter(members__user=user).select_related("country")
    claims = Claim.objects.filter(user=user).select_related("organisation")
    return {
        "offices": [
            {
                "country": term.country.iso2,
                "from": str(term.starts),
                "to": str(term.ends or ""),
                "deputy": term.is_deputy,
            }
            for term in terms
        ],
        "organisations": [
            {
                "name": str(each.organisation),
                "uid": str(each.organisation.uid),
                "role": each.role,
                "since": str(each.since),
            }
            for each in memberships
        ],
        "startups": [
            {"name": startup.name, "uid": str(startup.uid), "country": startup.country.iso2, "summary": startup.summary}
            for startup in startups
        ],
        "claims": [
            {"organisation": str(claim.organisation), "evidence": claim.evidence, "status": claim.status}
            for claim in claims
        ],
        "saved_searches": [
            {"name": search.name, "query": search.query, "created_at": search.created_at.isoformat()}
            for search in SavedSearch.objects.filter(user=user)
        ],
        "imports": list(ImportRun.objects.filter(by=user).values_list("file_name", flat=True)),
    }


@transaction.atomic
def erase(user: User) -> None:
    """Drop offices, memberships, claims, saved searches and drafts that nobody else edits; what was listed stays
    listed. Who serves the country is told of what nobody edits now.
    """
    today = timezone.now().date()
    left_alone = list(Organisation.objects.edited_by_nobody_but(user).select_related("country").order_by("pk"))
    FocalPoint.objects.current().filter(user=user).update(ends=today)
    drafts = Organisation.objects.filter(memberships__user=user, status=OrganisationStatus.DRAFT)
    for organisation in drafts:
        if not organisation.memberships.exclude(user=user).exists():
            forget(organisation)
    Membership.objects.filter(user=user).delete()
    Claim.objects.filter(user=user).delete()
    SavedSearch.objects.filter(user=user).delete()
    StartupMember.objects.filter(user=user).delete()
    ImportRun.objects.filter(by=user).update(text="")
    for organisation in left_alone:
        tell_left_alone(organisation, by=user)
    touch("registry")
