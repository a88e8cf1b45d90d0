"""What supports a claim: whose mail domain counts, a link that is used once, a letter that few read and that goes."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incubators.enums import ClaimStatus
from incubators.mailboxes import has_own_domain, vouches
from incubators.models import Claim, Mailbox
from incubators.services.claims import move_claim
from incubators.services.erasure import erase, personal_data
from incubators.services.evidence import LETTERS_KEPT, LINK_LASTS, MOST_A_DAY, MOST_TO_ADDRESS, forget_evidence
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, PersonFactory, focal_point, secretary

ADDRESS = "info@steppe.example"


def pdf(pages: int = 1) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("address", "host", "counts"),
    [
        ("info@steppe.kz", "steppe.kz", True),
        ("info@steppe.kz", "www.steppe.kz", True),
        ("Info@STEPPE.kz.", "steppe.kz", True),
        ("info@university.edu.kz", "hub.university.edu.kz", True),
        ("info@инкубатор.рф", "инкубатор.рф".encode("idna").decode(), True),
        ("info@hub.steppe.kz", "steppe.kz", False),
        ("info@steppe.kz", "notsteppe.kz", False),
        ("info@other.kz", "steppe.kz", False),
        ("info@com.kz", "steppe.com.kz", False),
        ("info@gov.kz", "hub.gov.kz", False),
        ("info@edu.kg", "hub.edu.kg", False),
        ("info@co.uk", "steppe.co.uk", False),
        ("info@kz", "steppe.kz", False),
        ("steppe@gmail.com", "steppe.kz", False),
        ("steppe@gmail.com", "gmail.com", False),
        ("steppe@mail.ru", "steppe.mail.ru", False),
        ("steppe@yandex.kz", "yandex.kz", False),
        ("steppe@outlook.com", "outlook.com", False),
        ("steppe@bk.ru", "bk.ru", False),
        ("steppe@wordpress.com", "steppe.wordpress.com", False),
        ("steppe@steppe.wordpress.com", "steppe.wordpress.com", False),
        ("steppe@facebook.com", "facebook.com", False),
        ("info@10.0.0.1", "10.0.0.1", False),
        ("info@localhost", "localhost", False),
        ("info@steppe.kz", "", False),
        ("info", "steppe.kz", False),
        ("info@" + "a" * 70 + ".kz", "a" * 70 + ".kz", False),
    ],
)
def test_only_the_domain_of_the_site_or_a_registered_parent_counts(address: str, host: str, counts: bool) -> None:
    assert vouches(address, host) is counts


@pytest.mark.parametrize(
    ("host", "has"), [("steppe.kz", True), ("sites.google.com", False), ("t.me", False), ("", False)]
)
def test_site_at_a_domain_of_its_own(host: str, has: bool) -> None:
    assert has_own_domain(host) is has


@pytest.fixture
def claim(db: None, settings: Any, tmp_path: Path) -> Claim:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    organisation = OrganisationFactory(
        name="Steppe Hub", website="https://steppe.example/", website_host="steppe.example"
    )
    return Claim.objects.create(organisation=organisation, user=PersonFactory(name="Aziz Sample"), evidence="I run it")


@pytest.fixture
def claimant(claim: Claim, signed_in: Any) -> Client:
    return signed_in(claim.user)


def page(claim: Claim, step: str = "") -> str:
    return f"/en/incubators/{claim.organisation.slug}/claim/{step}"


def asked(claimant: Client, claim: Claim, address: str = ADDRESS) -> Any:
    return claimant.post(page(claim, "mailbox/"), {"address": address}, follow=True)


def link() -> str:
    return Message.objects.filter(template="incubators/mailbox_link").latest("pk").context["link"]


def test_link_proves_the_mailbox_to_the_focal_point_who_still_decides(
    claim: Claim, claimant: Client, signed_in: Any
) -> None:
    focal = signed_in(focal_point("KZ"))
    sent = asked(claimant, claim, "Info@Steppe.example").content.decode()

    shown = claimant.get(link()).content.decode()
    waiting = Mailbox.objects.get().proven_at
    claimant.post(link())

    queue, review = focal.get("/en/incubators/queue/"), focal.get(f"/en/incubators/queue/claims/{claim.uid}/")
    claim.refresh_from_db()
    assert "A link is on its way." in sent
    assert (ADDRESS in shown, waiting, claim.status) == (True, None, ClaimStatus.OPEN)
    assert "reads mail at its domain" in queue.content.decode()
    assert all(words in review.content.decode() for words in (ADDRESS, "reads mail there"))
    record = Record.objects.get(verb="claim.mailbox_proven")
    assert (record.scope, record.after, ADDRESS in str(vars(record))) == (
        "country:KZ",
        {"claimant": str(claim.user.uid)},
        False,
    )


def claimed(claim: Claim, signed_in: Any, *, email: str, confirmed: bool = True) -> tuple[Claim, Client]:
    """A second claim, sent by page."""
    person = PersonFactory(email=email)
    person.emailaddress_set.create(email=email, verified=confirmed, primary=True)
    client = signed_in(person)
    client.post(page(claim), {"evidence": "I run the office"})
    return Claim.objects.latest("pk"), client


def test_confirmed_address_of_the_account_counts_at_once(claim: Claim, signed_in: Any) -> None:
    own, client = claimed(claim, signed_in, email="aida@steppe.example")

    mine, seen = client.get(page(claim)).content.decode(), f"/en/incubators/queue/claims/{own.uid}/"
    review = signed_in(focal_point("KZ")).get(seen).content.decode()
    mailbox = own.mailboxes.get()
    assert (mailbox.address, mailbox.proven_at is not None, own.status) == ("aida@steppe.example", True, "open")
    assert ["reads mail there" in html for html in (mine, review)] == [True, True]
    assert "claim/mailbox/" not in mine
    assert not Message.objects.filter(template="incubators/mailbox_link").exists()
    assert Record.objects.get(verb="claim.mailbox_proven").actor == own.user


@pytest.mark.parametrize("person", [{"email": "aida@steppe.example", "confirmed": False}, {"email": "aida@gmail.com"}])
def test_other_addresses_of_accounts_prove_nothing(claim: Claim, signed_in: Any, person: dict[str, Any]) -> None:
    own, client = claimed(claim, signed_in, **person)

    assert not own.mailboxes.exists()
    assert "claim/mailbox/" in client.get(page(claim)).content.decode()


def test_own_address_is_no_mail_that_left(claim: Claim, signed_in: Any) -> None:
    own, client = claimed(claim, signed_in, email=ADDRESS)

    assert [asked(client, own).status_code for _ in range(MOST_TO_ADDRESS + 1)] == [200] * MOST_TO_ADDRESS + [422]


def test_refused_claim_is_answered_on_its_page_and_can_be_sent_again(claim: Claim, claimant: Client) -> None:
    move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal_point("KZ"), reason="Say which post you hold")

    mail = compose(Message.objects.get()).body
    html = claimant.get(page(claim)).content.decode()
    claimant.post(page(claim), {"evidence": "I run it, as director"})

    assert (page(claim) in mail, "Say which post you hold" in mail) == (True, True)
    assert all(
        words in html for words in ("Your claim was refused on", "Say which post you hold", ">\nI run it</textarea>")
    )
    assert [each.status for each in Claim.objects.order_by("pk")] == ["refused", "open"]
    assert "Say which post you hold" not in claimant.get(page(claim)).content.decode()


def test_mail_names_the_claimant_and_goes_to_the_address_alone(claim: Claim, claimant: Client) -> None:
    asked(claimant, claim)

    message = Message.objects.get()
    text = compose(message).body
    assert (message.address, message.recipient, list(message.about.all())) == (ADDRESS, None, [claim.user])
    assert "Aziz Sample asks to edit the entry of “Steppe Hub”" in text
    assert link().split("/")[-2] not in str(Mailbox.objects.values().get())


def test_link_works_once_for_the_claimant_until_it_expires(claim: Claim, claimant: Client, signed_in: Any) -> None:
    asked(claimant, claim)
    other = signed_in(PersonFactory())
    Claim.objects.create(organisation=claim.organisation, user=PersonFactory(), evidence="Me too")

    codes = [other.post(link()).status_code, Client().get(link()).status_code]
    with time_machine.travel(timezone.now() + LINK_LASTS):
        late = claimant.get(link()).status_code
    once = [claimant.post(link()).status_code for _ in range(2)]

    assert (codes, late, once) == ([410, 302], 410, [302, 410])


def test_link_of_an_answered_claim_proves_nothing(claim: Claim, claimant: Client) -> None:
    asked(claimant, claim)
    move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal_point("KZ"), reason="Unknown")

    assert (claimant.post(link()).status_code, Mailbox.objects.get().proven_at) == (410, None)


@pytest.mark.parametrize("address", ["steppe@gmail.com", "info@elsewhere.example", "nonsense"])
def test_other_address_gets_no_mail_and_what_was_typed_stays(claim: Claim, claimant: Client, address: str) -> None:
    answer = asked(claimant, claim, address)

    assert (answer.status_code, f'value="{address}"' in answer.content.decode()) == (422, True)
    assert not Message.objects.exists()


def test_answer_is_the_same_whether_the_address_has_an_account(claim: Claim, claimant: Client) -> None:
    PersonFactory(email=ADDRESS)

    known, unknown = asked(claimant, claim), asked(claimant, claim, "other@steppe.example")

    assert [each.redirect_chain for each in (known, unknown)] == [[(page(claim), 302)]] * 2
    assert list(Message.objects.values_list("recipient", flat=True)) == [None, None]


def test_mails_are_limited_by_claimant_and_by_address(claim: Claim, claimant: Client, signed_in: Any) -> None:
    codes = [asked(claimant, claim).status_code for _ in range(MOST_TO_ADDRESS + 1)]
    second = Claim.objects.create(organisation=claim.organisation, user=PersonFactory(), evidence="Me too")
    by_other = asked(signed_in(second.user), second).status_code
    more = [asked(claimant, claim, f"n{n}@steppe.example").status_code for n in range(MOST_A_DAY - MOST_TO_ADDRESS + 1)]

    assert codes == [200] * MOST_TO_ADDRESS + [422]
    assert (by_other, more) == (422, [200, 200, 422])


def test_entry_without_an_own_domain_offers_the_letter_alone(claim: Claim, claimant: Client) -> None:
    claim.organisation.website_host = "facebook.com"
    claim.organisation.save()

    html = claimant.get(page(claim)).content.decode()

    assert ("claim/mailbox/" in html, "claim/letter/" in html) == (False, True)


def attach(client: Client, claim: Claim, data: bytes, name: str = "letter.pdf") -> Any:
    return client.post(page(claim, "letter/"), {"letter": SimpleUploadedFile(name, data)}, follow=True)


def read(person: User, claim: Claim, signed_in: Any) -> Any:
    return signed_in(person).get(f"/en/incubators/claims/{claim.uid}/letter/")


def test_letter_is_read_by_the_claimant_and_those_who_decide(claim: Claim, claimant: Client, signed_in: Any) -> None:
    focal, deputy, strangers = focal_point("KZ"), focal_point("KZ", deputy=True), [PersonFactory(), focal_point("KG")]
    attach(claimant, claim, pdf())

    waiting = [read(person, claim, signed_in).status_code for person in (claim.user, focal, deputy, *strangers)]
    answer = read(focal, claim, signed_in)
    move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal, reason="Unknown")
    people = (claim.user, focal, secretary(), deputy, *strangers)
    after = [read(person, claim, signed_in).status_code for person in people]

    assert waiting == [200, 200, 200, 404, 404]
    assert after == [200, 200, 200, 404, 404, 404]
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert "letter.pdf" not in Record.objects.get(verb="claim.letter_added").label


def test_hostile_file_is_refused_and_the_letter_before_stays(claim: Claim, claimant: Client) -> None:
    attach(claimant, claim, pdf())

    answer = attach(claimant, claim, b"<html><script>alert(1)</script></html>")

    claim.refresh_from_db()
    assert (answer.status_code, "Only PDF is taken here." in answer.content.decode()) == (422, True)
    assert (claim.letter_name, default_storage.exists(claim.letter.name)) == ("letter.pdf", True)


def test_new_letter_replaces_the_one_before(
    claim: Claim, claimant: Client, django_capture_on_commit_callbacks: Any
) -> None:
    attach(claimant, claim, pdf())
    claim.refresh_from_db()
    old = claim.letter.name

    with django_capture_on_commit_callbacks(execute=True):
        attach(claimant, claim, pdf(2), "second.pdf")

    claim.refresh_from_db()
    assert (claim.letter_name, default_storage.exists(old)) == ("second.pdf", False)
    assert default_storage.exists(claim.letter.name)


def test_letter_and_mailboxes_go_some_time_after_the_answer(
    claim: Claim, claimant: Client, django_capture_on_commit_callbacks: Any
) -> None:
    attach(claimant, claim, pdf())
    asked(claimant, claim)
    waiting = forget_evidence()
    claim = move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal_point("KZ"), reason="Unknown")
    early = forget_evidence()

    with (
        time_machine.travel(claim.decided_at + LETTERS_KEPT + LINK_LASTS),
        django_capture_on_commit_callbacks(execute=True),
    ):
        gone = forget_evidence()

    left = Claim.objects.get()
    assert (waiting, early, gone) == (0, 0, 1)
    assert (left.letter.name, left.letter_name, Mailbox.objects.count()) == ("", "", 0)
    assert not Message.objects.filter(address=ADDRESS).exists()
    assert not default_storage.exists(claim.letter.name)


def test_erased_claimant_takes_the_letter_along(
    claim: Claim, claimant: Client, django_capture_on_commit_callbacks: Any
) -> None:
    attach(claimant, claim, pdf())
    asked(claimant, claim)
    claim.refresh_from_db()
    told = personal_data(claim.user)["claims"][0]

    with django_capture_on_commit_callbacks(execute=True):
        erase(claim.user)

    assert (told["mailboxes"], told["letter"]) == ([ADDRESS], "letter.pdf")
    assert (default_storage.exists(claim.letter.name), Mailbox.objects.count()) == (False, 0)
    assert not Message.objects.filter(address=ADDRESS).exists()
