"""A whole handbook or document as one PDF, made when it is first asked for and kept until its words change."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.models import Page

from cms import reading
from cms.models.volumes import Leaf, Volume
from cms.prose import plain, split
from cms.runs import lists_of, runs_of
from network_platform.printing import FOLDER, kept_or_made, typeset

TEMPLATE = Path(__file__).parents[1] / "printing" / "volume.typ"


def pdf_of(volume: Volume) -> bytes:
    """The stored PDF if it is of these words, else a new one; older ones of the same text go."""

    def make() -> bytes:
        with translation.override(volume.language):
            return typeset(TEMPLATE, *contents(volume))

    return kept_or_made(f"{FOLDER}/{volume.translation_key}-{volume.language}/{digest(volume)}.pdf", make)


def digest(volume: Volume) -> str:
    """Changes with the words, their frame and the template, and reads no body: a publication is known by its revision.

    An alias has none of its own; it follows that of its source.
    """
    pages = Page.objects.filter(pk__in=[volume.pk, *(leaf.pk for leaf in volume.leaves)]).order_by("path")
    published = pages.values_list(
        "pk", "url_path", "live_revision", "last_published_at", "alias_of__live_revision", "alias_of__last_published_at"
    )
    with translation.override(volume.language):
        frame = [settings.BASE_URL, sample_notice(), *labels().values()]
    text = json.dumps([*published, frame, TEMPLATE.read_text(encoding="utf-8")], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def labels() -> dict[str, str]:
    """The words that are not the author's."""
    return {
        "contents": gettext("Contents"),
        "table": gettext("Table %(n)s. %(caption)s"),
        "figure": gettext("Figure %(n)s. %(caption)s"),
    }


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
        "labels": labels(),
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
        "caption": numbered("table", piece),
        "head": [{"text": cell, "right": right} for cell, right in piece.value["head"]],
        "rows": [[cell for cell, _right in row] for row in piece.value["rows"]],
    }


def printed_chart(piece: reading.Piece) -> dict[str, Any]:
    longest = max((float(number) for _name, number in piece.value["bars"]), default=0) or 1
    bars = [{"label": name, "value": number, "share": float(number) / longest} for name, number in piece.value["bars"]]
    caption = numbered("figure", piece)
    return {"kind": "chart", "caption": caption, "unit": piece.value["unit"], "bars": bars}


def printed_figure(piece: reading.Piece, pictures: dict[str, Any]) -> dict[str, Any] | None:
    if "picture" not in piece.value:
        return None
    rendition = piece.value["picture"].get_rendition(reading.PRINT)
    name = f"picture-{len(pictures) + 1}{Path(rendition.file.name).suffix}"
    pictures[name] = rendition
    caption = numbered("figure", piece)
    return {"kind": "figure", "file": name, "alt": piece.value["alt"], "caption": caption}


def numbered(kind: str, piece: reading.Piece) -> str:
    return labels()[kind] % {"n": piece.number, "caption": piece.value["caption"]}
