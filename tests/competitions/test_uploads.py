"""Hostile and honest files."""

import io
import zlib

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competitions import rules
from competitions.enums import EntryState
from competitions.models import Attachment, Entry
from competitions.services.attachments import add_attachment, remove_attachment
from competitions.services.entries import submit_entry
from network_platform.uploads import UploadRefused, check_pdf, clean_name
from tests.competitions.factories import PersonFactory

EVIL = b"<html><script>alert(1)</script></html>"


def pdf(pages: int = 1, password: str = "", content: bytes = b"") -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(72, 72)
        if content:
            stream = pypdf.generic.StreamObject()
            stream[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
            stream._data = content
            page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def upload(data: bytes, name: str = "slides.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def test_an_honest_pdf_passes_with_its_facts() -> None:
    checked = check_pdf(upload(pdf(3)))

    assert (checked.name, checked.pages, checked.size) == ("slides.pdf", 3, len(pdf(3)))
    assert checked.stored_as != checked.name
    assert len(checked.sha256) == 64


HOSTILE = {
    "empty": upload(b""),
    "html called pdf": upload(EVIL),
    "pdf called html": upload(pdf(), "page.html"),
    "double extension": upload(pdf(), "slides.pdf.exe"),
    "polyglot": upload(b"GIF89a" + pdf()),
    "header only": upload(b"%PDF-1.7\n"),
    "cut": upload(pdf(2)[:200]),
    "rubbish after the header": upload(b"%PDF-1.7\n" + bytes(range(256)) * 40),
    "password": upload(pdf(1, password="secret")),
    "no pages": upload(pdf(0)),
    "too many pages": upload(pdf(31)),
    "bomb": upload(pdf(1, content=zlib.compress(b"0" * 120_000_000, 9))),
    "bomb in pieces": upload(pdf(8, content=zlib.compress(b"0" * 14_000_000, 9))),
    "executable": upload(b"MZ" + b"\0" * 5000),
    "zip": upload(b"PK\x03\x04" + b"\0" * 5000),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_with_a_sentence(name) -> None:
    with pytest.raises(UploadRefused) as refused:
        check_pdf(HOSTILE[name])

    assert str(refused.value).endswith(".")


def test_a_file_over_the_size_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UploadRefused, match="at most"):
        check_pdf(upload(b"%PDF-1.7\n" + b"0" * 2000), max_size=1000)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\план.pdf", "план.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(given, kept) -> None:
    assert clean_name(given) == kept


def test_a_file_is_kept_once_under_a_random_name(call) -> None:
    question = call.form.questions.get(code="slides")

    first = add_attachment(entry=call.entry, question=question, upload=upload(pdf()), by=call.founder)
    again = add_attachment(entry=call.entry, question=question, upload=upload(pdf(), "other.pdf"), by=call.founder)

    assert first == again
    assert "slides" not in first.file.name
    assert (first.pages, Attachment.objects.count()) == (1, 1)


def test_no_more_files_than_the_question_takes(call) -> None:
    question = call.form.questions.get(code="slides")
    for pages in (1, 2):
        add_attachment(entry=call.entry, question=question, upload=upload(pdf(pages)), by=call.founder)

    with pytest.raises(UploadRefused):
        add_attachment(entry=call.entry, question=question, upload=upload(pdf(3)), by=call.founder)

    assert Attachment.objects.count() == 2


def test_strangers_attach_and_remove_nothing(call) -> None:
    question = call.form.questions.get(code="slides")
    kept = add_attachment(entry=call.entry, question=question, upload=upload(pdf()), by=call.founder)
    stranger = PersonFactory()

    with pytest.raises(PermissionDenied):
        add_attachment(entry=call.entry, question=question, upload=upload(pdf(2)), by=stranger)
    with pytest.raises(PermissionDenied):
        remove_attachment(attachment=kept, by=stranger)

    assert list(Attachment.objects.current()) == [kept]


def test_a_file_is_served_as_a_download_and_never_sniffed(call, signed_in) -> None:
    question = call.form.questions.get(code="slides")
    kept = add_attachment(entry=call.entry, question=question, upload=upload(pdf(), "план.pdf"), by=call.founder)
    address = reverse("competitions:attachment", args=[kept.uid])

    answer = signed_in(call.founder).get(address)

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == pdf()
    assert signed_in(PersonFactory()).get(address).status_code == 404


def test_a_removed_file_stays_in_the_submission(complete, django_capture_on_commit_callbacks) -> None:
    question = complete.form.questions.get(code="slides")
    kept = add_attachment(entry=complete.entry, question=question, upload=upload(pdf()), by=complete.founder)
    revision = submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    kept.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=kept, by=complete.founder)

    assert kept.sha256 in revision.content
    assert kept.file.storage.exists(kept.file.name)
    assert list(revision.attachments.all()) == [kept]


def test_a_file_that_nothing_holds_is_gone_for_everybody(call, signed_in, django_capture_on_commit_callbacks) -> None:
    question = call.form.questions.get(code="slides")
    gone = add_attachment(entry=call.entry, question=question, upload=upload(pdf()), by=call.founder)
    address = reverse("competitions:attachment", args=[gone.uid])
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=gone, by=call.founder)

    answer = signed_in(call.founder).get(address)

    gone = Attachment.objects.get()
    assert (answer.status_code, rules.can_read_attachment(call.founder, gone)) == (404, False)
    assert not gone.file.storage.exists(gone.file.name)


def test_the_team_reads_a_removed_file_that_a_submission_holds(complete, signed_in) -> None:
    question = complete.form.questions.get(code="slides")
    kept = add_attachment(entry=complete.entry, question=question, upload=upload(pdf()), by=complete.founder)
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    remove_attachment(attachment=Attachment.objects.get(), by=complete.founder)

    answer = signed_in(complete.founder).get(reverse("competitions:attachment", args=[kept.uid]))

    assert b"".join(answer.streaming_content) == pdf()
    assert rules.can_read_attachment(complete.founder, Attachment.objects.get())


def test_a_file_removed_in_two_tabs_is_removed_once(call, django_capture_on_commit_callbacks) -> None:
    question = call.form.questions.get(code="slides")
    add_attachment(entry=call.entry, question=question, upload=upload(pdf()), by=call.founder)
    tabs = [Attachment.objects.get(), Attachment.objects.get()]

    removed = []
    with django_capture_on_commit_callbacks(execute=True):
        for tab in tabs:
            remove_attachment(attachment=tab, by=call.founder)
            removed.append(Attachment.objects.get().removed_at)

    assert removed[0] == removed[1] is not None


def test_a_page_left_open_changes_no_files_of_a_withdrawn_entry(call) -> None:
    question = call.form.questions.get(code="slides")
    kept = add_attachment(entry=call.entry, question=question, upload=upload(pdf()), by=call.founder)
    stale = Entry.objects.select_related("competition").get()
    Entry.objects.update(state=EntryState.WITHDRAWN)

    with pytest.raises(PermissionDenied):
        add_attachment(entry=stale, question=question, upload=upload(pdf(2)), by=call.founder)
    with pytest.raises(PermissionDenied):
        remove_attachment(attachment=kept, by=call.founder)

    assert list(Attachment.objects.current()) == [kept]
