"""What supports a claim beside its words: a mailbox at the organisation's domain, a letter. The reviewer decides."""

import secrets
from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from incubators.enums import ClaimStatus
from incubators.mailboxes import vouches
from incubators.models import Claim, Mailbox
from incubators.models.claims import ClaimQuerySet
from incubators.rules import can_support_claim
from incubators.services.letters import path_in
from network_platform.background.services import forget_addressees, send_message
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.tokens.services import digest_of
from network_platform.uploads import check_pdf

LINK_LASTS = timedelta(hours=24)
MOST_A_DAY = 5  # mails of one claimant
MOST_TO_ADDRESS = 3  # mails to one address in a day, whoever asks
LETTERS_KEPT = timedelta(days=30)  # after the answer


class NotTheirDomainError(ValueError):
    """The address is not at the domain of the organisation's website, or anybody can have one there."""


class TooManyMailsError(Exception):
    """MOST_A_DAY mails of the claimant, or MOST_TO_ADDRESS to the address, left in the last day."""


def note_own_mailbox(claim: Claim) -> None:
    """The confirmed address of the claimant's account counts at once, without a link, where it is at the domain."""
    address, now = claim.user.confirmed_email, timezone.now()
    if not vouches(address, claim.organisation.website_host):
        return
    unused = digest_of(secrets.token_urlsafe(32))
    claim.mailboxes.create(address=address, token_hash=unused, sent_at=now, expires_at=now, proven_at=now)
    _journal(claim, "claim.mailbox_proven", claim.user)


@transaction.atomic
def ask_mailbox(*, claim: Claim, address: str, by: User) -> Mailbox:
    """Send a link to the address; who opens it, signed in as the claimant, reads mail there."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    claim = _supported(claim, by)
    address = address.lower()
    if not vouches(address, claim.organisation.website_host):
        raise NotTheirDomainError
    today = Mailbox.objects.filter(sent_at__gt=timezone.now() - timedelta(days=1), expires_at__gt=F("sent_at"))
    if today.filter(claim__user=by).count() >= MOST_A_DAY or today.filter(address=address).count() >= MOST_TO_ADDRESS:
        raise TooManyMailsError
    secret = secrets.token_urlsafe(32)
    mailbox = claim.mailboxes.create(
        address=address, token_hash=digest_of(secret), expires_at=timezone.now() + LINK_LASTS
    )
    send_message(
        template="incubators/mailbox_link",
        to=address,
        language=by.language,
        dedupe_key=_mail_with(mailbox.token_hash),
        context={
            "titles": claim.organisation.titles,
            "name": by.get_full_name(),
            "link": path_in(by, "incubators:mailbox", secret),
        },
        about=[by],
        last_moment=mailbox.expires_at,
    )
    return mailbox


def mailbox_behind(token: str, *, by: User) -> Mailbox | None:
    """None unless the link was sent for a claim of this person that waits, was not used yet, and has not expired."""
    found = Mailbox.objects.filter(token_hash=digest_of(token), proven_at=None, expires_at__gt=timezone.now())
    return found.filter(claim__in=Claim.objects.supportable_by(by)).select_related("claim__organisation").first()


@transaction.atomic
def prove_mailbox(*, token: str, by: User) -> Mailbox | None:
    """The link is used up. None as `mailbox_behind`."""
    mailbox = mailbox_behind(token, by=by)
    if mailbox is None:
        return None
    claim = _supported(mailbox.claim, by)
    if not Mailbox.objects.filter(pk=mailbox.pk, proven_at=None).update(proven_at=timezone.now()):
        return None
    _journal(claim, "claim.mailbox_proven", by)
    return mailbox


@transaction.atomic
def keep_letter(*, claim: Claim, upload: UploadedFile, by: User) -> Claim:
    """Check and keep a PDF in place of the one before. Raises UploadRefused."""
    claim = _supported(claim, by)
    checked = check_pdf(upload)
    _drop_file(claim)
    claim.letter = File(upload.file, name=checked.stored_as)
    claim.letter_name, claim.letter_size = checked.name, checked.size
    claim.save(update_fields=["letter", "letter_name", "letter_size"])
    _journal(claim, "claim.letter_added", by)
    return claim


def forget_evidence() -> int:
    """Delete letters of claims that were answered LETTERS_KEPT ago, and the mailboxes with them. Returns how many."""
    old = Claim.objects.exclude(status=ClaimStatus.OPEN).filter(decided_at__lt=timezone.now() - LETTERS_KEPT)
    forget_mailboxes(old)
    claims = list(old.exclude(letter=""))
    for claim in claims:
        forget_letter(claim)
    return len(claims)


@transaction.atomic
def forget_mailboxes(claims: ClaimQuerySet) -> None:
    """Their addresses go from the outbox too."""
    rows = Mailbox.objects.filter(claim__in=claims)
    forget_addressees(keys=[_mail_with(token_hash) for token_hash in rows.values_list("token_hash", flat=True)])
    rows.delete()


@transaction.atomic
def forget_letter(claim: Claim) -> None:
    """The bytes go with the transaction."""
    _drop_file(claim)
    Claim.objects.filter(pk=claim.pk).update(letter="", letter_name="", letter_size=None)


def _mail_with(token_hash: str) -> str:
    """The key of the mail with the link."""
    return f"incubators/mailbox_link:{token_hash}"


def _drop_file(claim: Claim) -> None:
    if claim.letter:
        transaction.on_commit(partial(claim.letter.storage.delete, str(claim.letter.name)))


def _supported(claim: Claim, by: User) -> Claim:
    """The claim held, if it is the person's and waits."""
    held = Claim.objects.select_for_update(of=("self",)).select_related("organisation__country", "user")
    claim = held.get(pk=claim.pk)
    if not can_support_claim(by, claim):
        raise PermissionDenied
    return claim


def _journal(claim: Claim, verb: str, by: User) -> None:
    organisation = claim.organisation
    record(verb=verb, thing=organisation, by=by, scope=organisation.scope, after={"claimant": str(claim.user.uid)})
