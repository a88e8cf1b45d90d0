"""Files of an entry: checked when they arrive, kept under a random name, never removed from a submission."""

from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.models import Attachment, Entry, Question, Revision
from competitions.models.entry import AttachmentQuerySet
from competitions.rules import can_edit_entry
from network_platform.people.models import User
from network_platform.uploads import UploadRefused, check_pdf


def add_attachment(
    *, entry: Entry, question: Question, upload: UploadedFile, by: User, now: datetime | None = None
) -> Attachment:
    """Check and keep a PDF; the same file again is the one that is there. Raises UploadRefused."""
    if not can_edit_entry(by, entry, now):
        raise PermissionDenied
    checked = check_pdf(upload)
    with transaction.atomic():
        _demand_editable(entry, by, now)
        current = entry.attachments.current().filter(question=question.code)
        same = current.filter(sha256=checked.sha256).first()
        if same is not None:
            return same
        if current.count() >= question.max_files:
            raise UploadRefused(_("No more files are taken here. Remove one first."))
        attachment = Attachment.objects.create(
            entry=entry,
            question=question.code,
            file=File(upload.file, name=checked.stored_as),
            name=checked.name,
            size=checked.size,
            sha256=checked.sha256,
            pages=checked.pages,
            uploaded_by=by,
        )
        Entry.objects.filter(pk=entry.pk).update(saved_at=timezone.now())
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, now: datetime | None = None) -> None:
    """Take the file out of the draft. Its bytes go too, unless a submission holds them. Again changes nothing."""
    _demand_editable(attachment.entry, by, now)
    if _take_out(Attachment.objects.current().filter(pk=attachment.pk)):
        Entry.objects.filter(pk=attachment.entry_id).update(saved_at=timezone.now())


def put_back(*, entry: Entry, sent: Revision) -> None:
    """The files of the draft are those of the submission again. The caller holds the entry's row."""
    held = set(sent.attachments.values_list("pk", flat=True))
    _take_out(entry.attachments.current().exclude(pk__in=held))
    entry.attachments.filter(pk__in=held).update(removed_at=None)


def _take_out(current: AttachmentQuerySet) -> int:
    """How many were taken out. The bytes of those that no submission holds go with the transaction."""
    for attachment in current.filter(revisions=None):
        transaction.on_commit(partial(attachment.file.delete, save=False))
    return current.update(removed_at=timezone.now())


def _demand_editable(entry: Entry, by: User, now: datetime | None) -> None:
    """The entry as it is, held for this transaction: a submission reads its files before or after, not meanwhile."""
    row = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("competition").get(pk=entry.pk)
    if not can_edit_entry(by, row, now):
        raise PermissionDenied
