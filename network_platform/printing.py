"""PDFs: set by Typst from plain data, with the fonts that it brings, and kept until what they say changes."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "printed"
END_OF_PDF = b"%%EOF"


def typeset(
    template: Path,
    data: dict[str, Any],
    pictures: Mapping[str, Any] | None = None,
    *,
    standard: str | None = None,
) -> bytes:
    """A PDF of `data`, which the template reads as data.json; `pictures` are renditions by the names it uses.

    The other templates of its folder stand beside it and may be imported. `standard` is one that the PDF must keep to,
    such as "ua-1"; raises `typst.TypstError` if it does not.
    """
    with tempfile.TemporaryDirectory() as folder:
        for each in template.parent.glob("*.typ"):
            shutil.copy(each, folder)
        Path(folder, "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, rendition in (pictures or {}).items():
            with rendition.file.open() as file:
                Path(folder, name).write_bytes(file.read())
        source = str(Path(folder, template.name))
        standards: list[Any] = [standard] if standard else []
        pdf: bytes = typst.compile(source, root=folder, ignore_system_fonts=True, pdf_standards=standards)
    return pdf


def kept_or_made(name: str, make: Callable[[], bytes]) -> bytes:
    """Readers may come at once: whoever finds no whole file makes one, and nobody waits for another's."""
    pdf = kept(name)
    if pdf is None:
        pdf = make()
        keep(name, pdf)
    return pdf


def kept(name: str) -> bytes | None:
    """The stored file; None where there is none, or only the part that was written so far."""
    try:
        with default_storage.open(name) as file:
            pdf: bytes = file.read()
    except FileNotFoundError:
        return None
    return pdf if pdf.rstrip().endswith(END_OF_PDF) else None


def keep(name: str, pdf: bytes) -> None:
    """Store it; all others in its folder go."""
    folder = name.rpartition("/")[0]
    try:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(pdf))
        for other in default_storage.listdir(folder)[1]:
            if f"{folder}/{other}" != name:
                default_storage.delete(f"{folder}/{other}")
    except FileNotFoundError:
        return  # another reader, of other words, took it away; the next one makes it again
