"""Every mail in both languages, with hostile text as text."""

from typing import Any

import pytest
from django.core import mail

from incubators.enums import ClaimStatus
from incubators.models import Membership
from incubators.services.claims import claim_organisation, move_claim
from incubators.services.review import approve_revision, decline_revision, request_changes
from network_platform.background.delivery import deliver
from network_platform.background.models import Message
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
HOSTILE = "<b>Hub</b> & {{ secret }}\r\nBcc: all@example.org"


def posted(language: str, act: Any) -> list[Any]:
    """The mails of what `act` does, after their templates were rendered."""
    act()
    mail.outbox.clear()
    for message in Message.objects.order_by("pk"):
        Message.objects.filter(pk=message.pk).update(language=language)
        deliver(message.pk)
    assert not Message.objects.exclude(state="sent").exists()
    return mail.outbox


def review(how: str) -> None:
    focal = focal_point("KZ")
    revision = send(draft(), name_en=HOSTILE)
    if how == "approved":
        approve_revision(revision=revision, by=focal)
    elif how == "changes":
        request_changes(revision=revision, by=focal, comments={"city": HOSTILE, "": "In general"})
    else:
        decline_revision(revision=revision, by=focal, reason=HOSTILE)


@pytest.mark.parametrize(
    ("how", "language", "words"),
    [
        ("approved", "en", "is now in the registry"),
        ("approved", "ru", "теперь в реестре"),
        ("changes", "en", "- City: <b>Hub</b>"),
        ("changes", "ru", "- Город: <b>Hub</b>"),
        ("declined", "en", "was not listed"),
        ("declined", "ru", "не внесена в реестр"),
    ],
)
def test_answer_is_written_in_the_readers_language(how: str, language: str, words: str) -> None:
    asked, answered = posted(language, lambda: review(how))

    assert words in answered.body
    assert "<b>Hub</b> & {{ secret }}" in asked.subject + answered.subject
    assert "\n" not in answered.subject
    assert answered.to == [Membership.objects.get().user.email]
    assert ("http://127.0.0.1:8000/en/incubators/" in answered.body) is (how != "declined")


def test_claims_are_written_about() -> None:
    organisation, focal, person = OrganisationFactory(name="Hub"), focal_point("KZ"), PersonFactory()

    def act() -> None:
        claim = claim_organisation(organisation=organisation, by=person, evidence="x")
        move_claim(claim=claim, to=ClaimStatus.GRANTED, by=focal)

    made, granted = posted("ru", act)

    assert (made.to, granted.to) == ([focal.email], [person.email])
    assert "Теперь вы редактор записи «Hub»" in granted.body


def test_refused_claim_says_why() -> None:
    organisation, focal, person = OrganisationFactory(name="Hub"), focal_point("KZ"), PersonFactory()

    def act() -> None:
        claim = claim_organisation(organisation=organisation, by=person, evidence="x")
        move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal, reason="No such person")

    _made, refused = posted("en", act)

    assert "No such person" in refused.body
