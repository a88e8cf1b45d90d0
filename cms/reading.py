"""From a stream of blocks to what a page shows: numbered paragraphs with lasting links, notes, figures, contents.

Everything is resolved for the whole body at once, so that the number of queries does not grow with its blocks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.blocks import StreamValue
from wagtail.images import get_image_model

from cms.blocks import rows_of
from cms.passages import only_by_sound
from cms.prose import MARKER, anchor_of, expand, split, trusted
from cms.words import mark, matches

SMALL, LARGE, PRINT = (
    "width-400|format-webp|webpquality-70",
    "width-900|format-webp|webpquality-70",
    "width-1200|format-jpeg|jpegquality-80",
)
SERIES = {"text": "text", "figure": "figure", "chart": "figure", "table": "table"}
Block = dict[str, Any]


@dataclass
class Piece:
    """One thing on the page. `kind` names what it is in templates/cms/pieces.html."""

    kind: str
    anchor: str
    html: SafeString = SafeString("")
    number: str = ""
    value: dict[str, Any] = field(default_factory=dict)
    prefix: str = ""

    @property
    def id(self) -> str:
        """The element's id; that of a twin shown beside its original differs from it."""
        return self.prefix + self.anchor


@dataclass
class Note:
    number: int
    html: SafeString
    back: str


@dataclass
class Text:
    """A body ready to show. `headings` are the pieces that the contents column lists."""

    pieces: list[Piece]
    notes: list[Note]

    @property
    def headings(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind == "heading"]


def read(body: StreamValue, *, marked: str = "", margin: str = "number", prefix: str = "") -> Text:
    """The whole body. `margin` is what stands beside a paragraph: its number, a pilcrow, or nothing."""
    blocks = [block for block in body.raw_data if not prefix or block["type"] != "footnote"]
    html = iter(expand([source for block in blocks for source in rich_sources(block)]))
    pictures = pictures_of(blocks)
    pieces: list[Piece] = []
    notes: list[Note] = []
    for block in blocks:
        if block["type"] == "footnote":
            add_note(pieces, notes, next(html))
        else:
            pieces += pieces_of(block, html, pictures)
    finish(pieces, margin=margin, prefix=prefix)
    if marked:
        mark_words(pieces, marked, by_sound=only_by_sound([body], marked))
    return Text(pieces, notes)


def beside(text: Text, other: StreamValue, margin: str) -> list[tuple[list[Piece], list[Piece]]]:
    """Each piece with its twin in the other language, found by its id; what has no twin stands alone."""
    twins = {piece.anchor: [piece] for piece in read(other, margin=margin, prefix="twin-").pieces}
    pairs = [([piece], twins.pop(piece.anchor, [])) for piece in text.pieces]
    return pairs + [([], alone) for alone in twins.values()]


def rich_sources(block: Block) -> Iterator[str]:
    """The rich texts of a block as stored, in the order in which `read` takes them."""
    if block["type"] in {"text", "footnote"}:
        yield block["value"] or ""
    elif block["type"] == "callout":
        yield block["value"].get("text") or ""


def pieces_of(block: Block, html: Iterator[SafeString], pictures: dict[int, Any]) -> list[Piece]:
    kind, value, anchor = block["type"], block["value"], anchor_of(block["id"])
    match kind:
        case "text":
            return paragraphs_of(block["id"], next(html))
        case "heading" | "subheading":
            return [Piece(kind, anchor, SafeString(escape(value)))]
        case "callout":
            return [Piece(kind, anchor, next(html), value=value)]
        case "table":
            return [Piece(kind, anchor, value=table_of(value))]
        case "chart":
            return [Piece(kind, anchor, value=chart_of(value))]
        case "figure":
            return [Piece(kind, anchor, value=figure_of(value, pictures))]
        case "checklist":
            return [Piece(kind, anchor, value={"title": value["title"], "rows": list_items(value["items"])})]
    return []


def paragraphs_of(block_id: str, html: str) -> list[Piece]:
    return [
        Piece("text" if tag == "p" else "list", anchor_of(block_id, place), inner, value={"tag": tag})
        for place, (tag, inner) in enumerate(split(html))
    ]


def list_items(items: Iterable[Any]) -> list[str]:
    """A ListBlock's stored items, with or without their ids."""
    return [item["value"] if isinstance(item, dict) else item for item in items]


def table_of(value: Block) -> dict[str, Any]:
    """Head and rows; each cell with whether its column holds figures."""
    head, *rows = rows_of(value["rows"]) or [[]]
    right = [bool(rows) and all(is_figure(row, column) for row in rows) for column in range(len(head))]
    return {
        "caption": value["caption"],
        "head": list(zip(head, right, strict=True)),
        "rows": [list(zip(row, right, strict=False)) for row in rows],
    }


def is_figure(row: list[str], column: int) -> bool:
    return column < len(row) and bool(re.fullmatch(r"[-+–]?[\d\s.,%]*\d[\d\s.,%]*", row[column]))


def chart_of(value: Block) -> dict[str, Any]:
    """Bars as the component for charts wants them."""
    rows = [(name, number.replace(",", ".")) for name, number in rows_of(value["numbers"])]
    return {"caption": value["caption"], "unit": value.get("unit") or "", "bars": rows}


def pictures_of(blocks: list[Block]) -> dict[int, Any]:
    """Every picture of the body with its two sizes, in two queries however many there are."""
    ids = {block["value"]["image"]["image"] for block in blocks if block["type"] == "figure"}
    if not ids:
        return {}
    return get_image_model().objects.prefetch_renditions(SMALL, LARGE).in_bulk(ids)


def figure_of(value: Block, pictures: dict[int, Any]) -> dict[str, Any]:
    picture = pictures.get(value["image"]["image"])
    if picture is None:
        return {"caption": value["caption"]}
    return {
        "caption": value["caption"],
        "small": picture.get_rendition(SMALL),
        "large": picture.get_rendition(LARGE),
        "picture": picture,
        "alt": "" if value["image"].get("decorative") else value["image"].get("alt_text") or "",
    }


def add_note(pieces: list[Piece], notes: list[Note], html: str) -> None:
    """Hang a footnote on the piece above it: where that says [*], else at its end."""
    if not pieces:
        return
    note = Note(len(notes) + 1, trusted(" ".join(inner for _tag, inner in split(html))), pieces[-1].anchor)
    above, sign = pieces[-1].html, note_sign(note)
    pieces[-1].html = trusted(above.replace(MARKER, sign, 1) if MARKER in above else above + sign)
    notes.append(note)


def note_sign(note: Note) -> SafeString:
    label = gettext("Note %(number)s") % {"number": note.number}
    return format_html('<sup><a href="#n{0}" id="r{0}" aria-label="{1}">{0}</a></sup>', note.number, label)


def finish(pieces: list[Piece], *, margin: str, prefix: str) -> None:
    """Number paragraphs, figures and tables."""
    counts = dict.fromkeys(SERIES.values(), 0)
    for piece in pieces:
        piece.prefix = prefix
        if name := SERIES.get(piece.kind):
            counts[name] += 1
            piece.number = str(counts[name])
        if piece.kind == "text" and margin != "number":
            piece.number = "¶" if margin else ""
        if MARKER in piece.html:
            piece.html = trusted(piece.html.replace(MARKER, ""))


def mark_words(pieces: list[Piece], wanted: str, *, by_sound: bool) -> None:
    for piece in pieces:
        if matches(strip_tags(piece.html), wanted, by_sound=by_sound):
            piece.html = mark(piece.html, wanted, by_sound=by_sound)
