"""Checking what people upload, before it is kept: type by content and extension, size, pages, decompression."""

import hashlib
import logging
import re
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import puremagic
import pypdf
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MEGABYTE = 1024 * 1024
MAX_INFLATED = 100 * MEGABYTE
CHUNK = 65536
LONGEST_NAME = 150

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class UploadRefused(ValueError):
    """The file is not taken; the message says why and what to do, in the reader's language."""


@dataclass(frozen=True)
class CheckedFile:
    """What is known of a file that passed. `name` is for people; `stored_as` is random."""

    name: str
    stored_as: str
    size: int
    sha256: str
    pages: int


def check_pdf(upload: UploadedFile, *, max_size: int = 10 * MEGABYTE, max_pages: int = 30) -> CheckedFile:
    """Raise UploadRefused unless the file is a whole, open PDF within the limits. Leaves the file at its start."""
    _demand_size(upload, max_size)
    _demand_pdf_type(upload)
    pages = _count_pages(upload, max_pages)
    upload.seek(0)
    return CheckedFile(
        name=clean_name(upload.name or "file.pdf"),
        stored_as=f"{uuid.uuid4().hex}.pdf",
        size=upload.size or 0,
        sha256=_sha256(upload),
        pages=pages,
    )


def clean_name(name: str) -> str:
    """The file's own name without folders and control characters, cut in the middle if it is long."""
    plain = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", PurePath(name.replace("\\", "/")).name)
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if stem else plain[:LONGEST_NAME]


def as_download(file: Any, *, name: str, content_type: str) -> FileResponse:
    """Send a kept file as an attachment: never shown inline, never sniffed, never kept by a shared cache."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _demand_size(upload: UploadedFile, max_size: int) -> None:
    if not upload.size:
        raise UploadRefused(_("The file is empty. Choose it again."))
    if upload.size > max_size:
        limits = {"size": filesizeformat(upload.size), "limit": filesizeformat(max_size)}
        raise UploadRefused(
            _("The file has %(size)s; at most %(limit)s are taken. Make its pictures smaller and save it again.")
            % limits
        )


def _demand_pdf_type(upload: UploadedFile) -> None:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    try:
        found = puremagic.from_string(head, filename="x")
    except (puremagic.PureError, ValueError):
        found = ""
    is_named_so = (upload.name or "").lower().endswith(".pdf")
    if not (is_named_so and head.startswith(b"%PDF-") and found == ".pdf"):
        raise UploadRefused(_("Only PDF is taken here. Save the document as PDF and choose it again."))


def _count_pages(upload: UploadedFile, max_pages: int) -> int:
    try:
        reader = pypdf.PdfReader(upload, strict=False)
        if reader.is_encrypted:
            raise UploadRefused(_("The PDF is protected by a password. Save it without one and choose it again."))
        count = len(reader.pages)
        if 0 < count <= max_pages:
            _demand_modest_contents(reader)
    except UploadRefused:
        raise
    except Exception as error:  # a hostile file may break a parser in any way; it is refused, never an error of ours
        raise UploadRefused(_("The PDF cannot be read. Open it, save it as PDF again and choose it again.")) from error
    if count == 0:
        raise UploadRefused(_("The PDF has no pages."))
    if count > max_pages:
        raise UploadRefused(
            ngettext(
                "The PDF has %(count)d pages; at most %(limit)d page is taken.",
                "The PDF has %(count)d pages; at most %(limit)d pages are taken.",
                max_pages,
            )
            % {"count": count, "limit": max_pages}
        )
    return count


def _demand_modest_contents(reader: pypdf.PdfReader) -> None:
    """Refuse a document whose pages unpack to far more than any reader needs."""
    total = 0
    for data in _packed_contents(reader):
        total += _inflated_size(data, MAX_INFLATED - total)
        if total >= MAX_INFLATED:
            raise UploadRefused(_("The PDF unpacks to more than a document needs. Save it as PDF again."))


def _packed_contents(reader: pypdf.PdfReader) -> Iterator[bytes]:
    for page in reader.pages:
        contents = page.get("/Contents")
        contents = contents.get_object() if contents is not None else []
        for stream in contents if isinstance(contents, list) else [contents]:
            plain = stream.get_object()
            filters = plain.get("/Filter", [])
            if isinstance(filters, list) and len(filters) > 2:
                raise UploadRefused(_("The PDF unpacks to more than a document needs. Save it as PDF again."))
            yield getattr(plain, "_data", b"")


def _inflated_size(data: bytes, limit: int) -> int:
    """How many bytes `data` unpacks to, counted up to `limit`; what is not deflated counts as it is."""
    machine, size = zlib.decompressobj(), 0
    try:
        size += len(machine.decompress(data, CHUNK))
        while machine.unconsumed_tail and size < limit:
            size += len(machine.decompress(machine.unconsumed_tail, CHUNK))
    except zlib.error:
        return max(size, len(data))
    return size


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
