"""Claiming an organisation that the registry has already."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import ClaimStatus, MemberRole
from incubators.lifecycle import CLAIM
from incubators.models import Claim, Membership, Organisation
from incubators.rules import can_claim_organisation, can_review_claim
from incubators.services.evidence import note_own_mailbox
from incubators.services.letters import Place, members_of, reviewers_of, write_to
from network_platform.journal.services import record
from network_platform.people.models import User

MOST_OPEN = 5
A_WEEK = timedelta(days=7)


class TooManyClaimsError(Exception):
    """The person has MOST_OPEN claims that wait for an answer or were made in the last seven days."""


@transaction.atomic
def claim_organisation(*, organisation: Organisation, by: User, evidence: str) -> Claim:
    """Ask to become its editor; asking twice keeps the first claim."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not can_claim_organisation(by, organisation):
        raise PermissionDenied
    counted = Q(status=ClaimStatus.OPEN) | Q(created_at__gt=timezone.now() - A_WEEK)
    others = Claim.objects.filter(counted, user=by).exclude(organisation=organisation, status=ClaimStatus.OPEN)
    if others.count() >= MOST_OPEN:
        raise TooManyClaimsError
    claim, created = Claim.objects.get_or_create(
        organisation=organisation, user=by, status=ClaimStatus.OPEN, defaults={"evidence": evidence}
    )
    if created:
        _journal(claim, "claim.made", by)
        note_own_mailbox(claim)
        for person in reviewers_of(organisation.country, without=[by, *members_of(organisation)]):
            _send(claim, person, "incubators/claim_made", ("incubators:claim-review", claim.uid))
    return claim


@transaction.atomic
def move_claim(*, claim: Claim, to: ClaimStatus, by: User, reason: str = "") -> Claim:
    """Grant or refuse. Granting makes the claimant an editor, and the owner if there is none."""
    organisation = Organisation.objects.locked().get(pk=claim.organisation_id)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("user").get(pk=claim.pk)
    claim.organisation = organisation
    move = CLAIM.check(claim.status, to)
    if not can_review_claim(by, claim):
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    claim.status, claim.reason = to, reason.strip()
    claim.decided_at, claim.decided_by = timezone.now(), by
    claim.save()
    others = members_of(organisation)
    if to == ClaimStatus.GRANTED:
        Membership.objects.get_or_create(
            user=claim.user, organisation=organisation, defaults={"role": role_for(organisation)}
        )
    _journal(claim, move.verb, by, reason=claim.reason)
    place = "incubators:claim" if claim.is_refused else "incubators:detail"
    _send(claim, claim.user, f"incubators/claim_{to}", (place, organisation.slug))
    if to == ClaimStatus.GRANTED:
        for person in others:
            page = ("incubators:editors", organisation.slug)
            _send(claim, person, "incubators/editor_joined", page, about=[claim.user])
    return claim


def role_for(organisation: Organisation) -> MemberRole:
    has_owner = organisation.memberships.filter(role=MemberRole.OWNER).exists()
    return MemberRole.EDITOR if has_owner else MemberRole.OWNER


def _journal(claim: Claim, verb: str, by: User, reason: str = "") -> None:
    record(
        verb=verb,
        thing=claim.organisation,
        by=by,
        scope=claim.organisation.scope,
        after={"claimant": str(claim.user.uid)},
        reason=reason,
    )


def _send(claim: Claim, person: User, template: str, page: Place, about: Iterable[User] = ()) -> None:
    """`about` is the claimant where the mail names them."""
    write_to(
        person,
        template,
        page=page,
        step=str(claim.uid),
        context={
            "titles": claim.organisation.titles,
            "reason": claim.reason,
            **({"name": claim.user.get_full_name()} if about else {}),
        },
        about=about,
    )
