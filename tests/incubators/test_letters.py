"""Every mail in both languages, with hostile text as text."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from incubators.enums import ClaimStatus, RemarkStatus, TransferStatus
from incubators.enums import OrganisationStatus as S
from incubators.models import FocalPoint, Membership, Organisation
from incubators.services.claims import claim_organisation, move_claim
from incubators.services.letters import reviewers_of
from incubators.services.listing import open_revision
from incubators.services.members import end_membership
from incubators.services.merging import merge_organisations, undo_merger
from incubators.services.offices import appoint_focal_point, end_term
from incubators.services.organisation_states import age_organisations, move_organisation
from incubators.services.remarks import answer_remark, make_remark
from incubators.services.review import approve_revision, decline_revision, request_changes
from incubators.services.transfers import answer_transfer, ask_for_transfer
from network_platform.background.delivery import deliver
from network_platform.background.models import Message
from network_platform.zones import today
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    draft,
    editor,
    editor_of,
    focal_point,
    secretary,
)
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
    revision = send(draft(), name_en=HOSTILE, name_ru=HOSTILE)
    if how == "approved":
        approve_revision(revision=revision, by=focal)
    elif how == "changes":
        request_changes(revision=revision, by=focal, comments={"city": HOSTILE, "": "In general"})
    else:
        decline_revision(revision=revision, by=focal, reason=HOSTILE)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_sender_gets_a_receipt_in_their_language(language: str) -> None:
    focal, person = focal_point("KZ"), PersonFactory(language=language)
    revision = send(draft(editor=person))

    receipt = Message.objects.get(template="incubators/revision_receipt")

    assert Message.objects.filter(address=focal.email).count() == 1
    assert (receipt.recipient, receipt.language) == (person, language)
    assert receipt.context["path"] == f"/{language}/incubators/{revision.organisation.slug}/edit/"


@pytest.mark.parametrize(
    ("focal", "listed", "words"),
    [
        (True, False, ["Nothing is published before the answer", "country’s focal point reads it"]),
        (False, False, ["Nothing is published before the answer", "network’s secretariat reads it"]),
        (True, True, ["Until the answer its page stays as it is", "country’s focal point reads it"]),
    ],
)
def test_receipt_says_what_was_sent_and_who_reads_it(focal: bool, listed: bool, words: list[str]) -> None:
    if focal:
        focal_point("KZ")
    organisation = OrganisationFactory(name="Steppe")
    change = open_revision(organisation=organisation, by=editor_of(organisation)) if listed else draft()

    receipt = posted("en", lambda: send(change, name_en=HOSTILE))[-1]

    change.organisation.refresh_from_db()
    assert [each for each in words if each not in receipt.body] == []
    assert ("<b>Hub</b> & {{ secret }}" in receipt.body, "\n" in receipt.subject) == (True, False)
    assert f"http://127.0.0.1:8000/en/incubators/{change.organisation.slug}/edit/" in receipt.body


@pytest.mark.parametrize(
    ("answered", "changes", "words"),
    [
        ("changes", {"city": "Osh", "sectors": ["ict"]}, "Changed since the last answer:\n- City\n- Sectors\n"),
        ("changes", {}, "Nothing is changed since the last answer."),
        ("declined", {"name_ru": "Другое имя"}, "Changed since the last answer:\n- Name in Russian\n"),
    ],
)
def test_mail_about_what_was_sent_again_says_so_and_what_is_changed(
    answered: str, changes: dict[str, Any], words: str
) -> None:
    focal, first = focal_point("KZ"), send(draft())
    if answered == "changes":
        again = request_changes(revision=first, by=focal, comments={"city": "Which?"})
    else:
        declined = decline_revision(revision=first, by=focal, reason="No")
        again = open_revision(organisation=declined.organisation, by=editor(declined), again=True)

    mails = posted("en", lambda: send(again, **changes))

    asked, repeated = (each for each in mails if each.to == [focal.email])
    assert (asked.subject, repeated.subject) == (
        "Waiting for your answer: Steppe Sample Incubator",
        "Sent again: Steppe Sample Incubator",
    )
    assert ("asks again to be listed" in repeated.body, words in repeated.body) == (True, True)


def test_next_sending_has_its_own_receipt() -> None:
    focal = focal_point("KZ")
    revision = request_changes(revision=send(draft()), by=focal, comments={"city": "Which?"})

    send(revision, city="Astana")

    assert Message.objects.filter(template="incubators/revision_receipt").count() == 2


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
    asked, _receipt, answered = posted(language, lambda: review(how))

    assert words in answered.body
    assert "<b>Hub</b> & {{ secret }}" in asked.subject + answered.subject
    assert "\n" not in answered.subject
    assert answered.to == [Membership.objects.get().user.email]
    assert "http://127.0.0.1:8000/en/incubators/" in answered.body


def test_marks_of_a_name_become_the_inner_ones_of_the_mail() -> None:
    focal_point("KZ")

    asked = posted("ru", lambda: send(draft(), name_en="", name_ru="Инкубатор «Сулайман-Тоо»", display="ru"))[0]

    assert "«Инкубатор „Сулайман-Тоо“»" in asked.body
    assert "Инкубатор «Сулайман-Тоо»" in asked.subject


def test_mail_calls_an_organisation_as_its_page_does() -> None:
    focal_point("KZ")

    english = posted("en", lambda: send(draft(), display="kk", name_kk="Дала Инкубаторы"))[0]

    assert "“Steppe Sample Incubator” asks to be listed" in english.body


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


def test_focal_points_own_entry_goes_to_somebody_who_may_answer_it() -> None:
    focal, secretariat = focal_point("KZ"), secretary()

    send(draft(editor=focal))
    alone = addresses("incubators/revision_submitted")
    deputy = focal_point("KZ", deputy=True)
    send(draft(editor=focal, name_en="Another"))

    assert alone == {secretariat.email}
    assert addresses("incubators/revision_submitted") == {secretariat.email, deputy.email}
    assert addresses("incubators/revision_receipt") == {focal.email}


def test_claim_of_the_focal_point_or_on_their_entry_goes_to_others() -> None:
    focal, secretariat = focal_point("KZ"), secretary()
    own = OrganisationFactory()
    own.memberships.create(user=focal)

    claim_organisation(organisation=OrganisationFactory(), by=focal, evidence="I founded it")
    first = addresses("incubators/claim_made")
    Message.objects.all().delete()
    claim_organisation(organisation=own, by=PersonFactory(), evidence="I work there")

    assert (first, addresses("incubators/claim_made")) == ({secretariat.email}, {secretariat.email})


def test_those_who_cannot_sign_in_and_those_barred_are_no_reviewers() -> None:
    closed, focal, secretariat = focal_point("KZ", is_active=False), focal_point("KZ"), secretary()

    assert closed not in reviewers_of(country())
    assert reviewers_of(country()) == [focal]
    assert reviewers_of(country(), without=[focal]) == [secretariat]
    assert reviewers_of(country(), without=[focal, secretariat]) == []


@pytest.mark.parametrize(
    ("move", "language", "words"),
    [
        ("suspended", "en", "was suspended"),
        ("closed", "en", "marked as closed"),
        ("reinstated", "en", "is public again"),
        ("stale", "en", "still true"),
        ("ended", "en", "You can no longer edit"),
        ("appointed", "en", "You are now the focal point for Kazakhstan."),
        ("term ended", "en", "You are no longer the focal point for Kazakhstan."),
    ],
)
def test_mails_about_standing_and_offices_are_whole(move: str, language: str, words: str) -> None:
    mails = posted(language, lambda: act_out(move))

    assert len(mails) == 1
    assert words in mails[0].body
    assert "\n" not in mails[0].subject
    assert (HOSTILE.split("\r")[0] in mails[0].body) is (move not in ("stale", "appointed"))


def act_out(move: str) -> None:
    by, organisation = secretary(), OrganisationFactory(name="Hub")
    person = editor_of(organisation)
    if move == "stale":
        Organisation.objects.update(verified_until=today() - timedelta(days=1))
        age_organisations()
    elif move == "ended":
        end_membership(membership=organisation.memberships.get(), by=by, reason=HOSTILE)
    elif move == "appointed":
        appoint_focal_point(person=person, country=country(), is_deputy=False, by=by, reason=HOSTILE)
    elif move == "term ended":
        term = FocalPoint.objects.create(user=person, country=country())
        end_term(term=term, by=by, reason=HOSTILE)
    else:
        before, to = {"reinstated": ("suspended", S.LISTED), "suspended": ("listed", S.SUSPENDED)}.get(
            move, ("listed", S.CLOSED)
        )
        Organisation.objects.update(status=before)
        move_organisation(organisation=organisation, to=to, by=by, reason=HOSTILE)


def addresses(template: str) -> set[str]:
    return set(Message.objects.filter(template=template).values_list("address", flat=True))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_mails_of_upkeep_are_told_in_both_languages_with_text_as_text(language: str) -> None:
    def act() -> None:
        one, other = OrganisationFactory(name=HOSTILE), OrganisationFactory(name="Falcon Hub")
        for organisation in (one, other):
            editor_of(organisation)
        undo_merger(merger=merge_organisations(kept=one, gone=other, by=secretary(), reason="Same"), by=secretary())
        giver, taker = focal_point("KZ"), focal_point("KG")
        for to in (TransferStatus.REFUSED, TransferStatus.ACCEPTED):
            asked = ask_for_transfer(organisation=one, target=country("KG"), by=giver, reason=HOSTILE)
            answer_transfer(transfer=asked, to=to, by=taker, answer=HOSTILE)
        for to in (RemarkStatus.MENDED, RemarkStatus.SET_ASIDE):
            remark = make_remark(organisation=other, text="x", address="a@b.example", language="ru", by=None)
            answer_remark(remark=remark, to=to, by=giver)

    mails = posted(language, act)

    kinds = {"merged", "merger_undone", "transfer_asked", "transfer_refused", "transfer_accepted"}
    kinds |= {"remark_made", "remark_mended", "remark_set_aside"}
    assert set(Message.objects.values_list("template", flat=True)) == {f"incubators/{kind}" for kind in kinds}
    assert all("\n" not in each.subject and "&lt;" not in each.body for each in mails)
    assert any("<b>Hub</b> & {{ secret }}" in each.body for each in mails)
