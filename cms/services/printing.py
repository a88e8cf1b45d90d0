"""A whole handbook or document as one PDF, made when it is first asked for and kept until its words change."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from cms import reading
from cms.models.volumes import Leaf, Volume
from cms.prose import plain, split
from cms.runs import lists_of, runs_of

TEMPLATE = Path(__file__).parents[1] / "printing" / "volume.typ"
FOLDER = "printed"


def pdf_of(volume: Volume) -> bytes:
    """The stored PDF if it is of these words, else a new one; older ones of the same text go."""
    with translation.override(volume.language):
        data, pictures = contents(volume)
    folder = f"{FOLDER}/{volume.translation_key}-{volume.language}"
    name = f"{folder}/{digest(data)}.pdf"
    if not default_storage.exists(name):
        made = ContentFile(compile_pdf(data, pictures))
        forget(folder)
        default_storage.save(name, made)
    with default_storage.open(name) as file:
        return file.read()


def forget(folder: str) -> None:
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def digest(data: dict[str, Any]) -> str:
    """Of the words and of the template, so that a change of either makes a new file."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False) + TEMPLATE.read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def compile_pdf(data: dict[str, Any], pictures: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(TEMPLATE, folder)
        Path(folder, "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, rendition in pictures.items():
            with rendition.file.open() as file:
                Path(folder, name).write_bytes(file.read())
        return typst.compile(str(Path(folder, TEMPLATE.name)), root=folder, ignore_system_fonts=True)


def contents(volume: Volume) -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything the template sets, as JSON, and the pictures by file name."""
    pictures: dict[str, Any] = {}
    bodies = dict(volume.leaf_model().objects.child_of(volume).live().values_list("pk", "body"))
    data = {
        "title": volume.title,
        "subtitle": volume.subtitle,
        "publisher": volume.publisher,
        "language": volume.text_language_code,
        "address": settings.BASE_URL.rstrip("/") + volume.address,
        "sample": sample_notice() if getattr(volume, "is_sample", False) else "",
        "facts": facts(volume),
        "labels": {"contents": gettext("Contents")},
        "chapters": [chapter(leaf, bodies[leaf.pk], pictures) for leaf in volume.leaves if leaf.pk in bodies],
    }
    return data, pictures


def sample_notice() -> str:
    return gettext("Sample text, written to show the platform. It is not a publication of the United Nations.")


def facts(volume: Volume) -> list[str]:
    day = getattr(volume, "published_on", None) or getattr(volume, "dated", None)
    found = [volume.publisher, getattr(volume, "edition", ""), volume.symbol, day and date_format(day)]
    return [str(fact) for fact in found if fact]


def chapter(leaf: Leaf, body: Any, pictures: dict[str, Any]) -> dict[str, Any]:
    text = reading.read(body, margin=leaf.margin)
    return {
        "label": leaf.label,
        "lead": leaf.lead,
        "pieces": [made for piece in text.pieces if (made := printed(piece, pictures))],
        "notes": [runs_of(note.html) for note in text.notes],
    }


def printed(piece: reading.Piece, pictures: dict[str, Any]) -> dict[str, Any] | None:
    """One piece as the template takes it; a figure without its picture is left out."""
    value = piece.value
    match piece.kind:
        case "text":
            return {"kind": "text", "runs": runs_of(piece.html)}
        case "list":
            return {"kind": "numbers" if value["tag"] == "ol" else "bullets", "items": lists_of(piece.html)}
        case "heading" | "subheading":
            return {"kind": piece.kind, "text": plain(piece.html)}
        case "callout":
            parts = [runs_of(inner) for _tag, inner in split(piece.html)]
            return {"kind": "callout", "title": value.get("title") or "", "parts": parts}
        case "checklist":
            return {"kind": "checklist", "title": value["title"], "items": value["rows"]}
        case "table":
            return printed_table(piece)
        case "chart":
            return printed_chart(piece)
    return printed_figure(piece, pictures)


def printed_table(piece: reading.Piece) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": numbered(gettext("Table %(n)s. %(caption)s"), piece),
        "head": [{"text": cell, "right": right} for cell, right in piece.value["head"]],
        "rows": [[cell for cell, _right in row] for row in piece.value["rows"]],
    }


def printed_chart(piece: reading.Piece) -> dict[str, Any]:
    longest = max((float(number) for _name, number in piece.value["bars"]), default=0) or 1
    bars = [{"label": name, "value": number, "share": float(number) / longest} for name, number in piece.value["bars"]]
    caption = numbered(gettext("Figure %(n)s. %(caption)s"), piece)
    return {"kind": "chart", "caption": caption, "unit": piece.value["unit"], "bars": bars}


def printed_figure(piece: reading.Piece, pictures: dict[str, Any]) -> dict[str, Any] | None:
    if "picture" not in piece.value:
        return None
    rendition = piece.value["picture"].get_rendition(reading.PRINT)
    name = f"picture-{len(pictures) + 1}{Path(rendition.file.name).suffix}"
    pictures[name] = rendition
    caption = numbered(gettext("Figure %(n)s. %(caption)s"), piece)
    return {"kind": "figure", "file": name, "alt": piece.value["alt"], "caption": caption}


def numbered(pattern: str, piece: reading.Piece) -> str:
    return pattern % {"n": piece.number, "caption": piece.value["caption"]}
