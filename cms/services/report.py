"""Turning the text of a report into a document of sections whose paragraph links stay when it is read in again."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from typing import Any
from uuid import uuid4

from django.db import transaction

from cms.models import DocumentIndexPage, DocumentPage, HomePage, SectionPage
from cms.services.tree import block_id, put_alias, put_page, put_translation
from network_platform.people.models import User

Block = dict[str, Any]
NOTE = re.compile(r"^([¹²³⁴⁵⁶⁷⁸⁹])\s+(.*)", re.DOTALL)
RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹]")
LABEL = re.compile(r"^(Objectives|Rationale|Proposed activities):$")
LONGEST_HEADING = 170
COMPLETE = tuple(".!?:;)”")


@dataclass
class Section:
    slug: str
    title: str
    blocks: list[Block] = field(default_factory=list)


def parse(text: str, outline: dict[str, Any]) -> list[Section]:
    """Sections with blocks that have no ids yet. `outline` says which lines open a section."""
    openings = {entry["starts"]: entry for entry in outline["sections"]}
    retitled, sections, last = outline.get("headings", {}), [], ""
    for piece in pieces(text):
        if piece in openings:
            sections.append(Section(openings[piece]["slug"], openings[piece]["title"]))
            last = ""
        elif sections and piece not in outline.get("skip", ()):
            last = add(sections[-1].blocks, retitled.get(piece, piece), last)
    return sections


def pieces(text: str) -> list[str]:
    """What stands between blank lines; list items and table rows of one piece stay together."""
    text = re.sub(r"(\w)\*\*(\w[^*]*:)\*\*", r"\1\n\n\2", text)
    text = re.sub(r"^\*\*(.+?)\*\*$", r"\1", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"\n *(?=\d+\. )", "\n\n", re.sub(r"^-$", "", text, flags=re.MULTILINE))
    return [piece.strip() for piece in re.split(r"\n\s*\n", text) if piece.strip(" -\n")]


def add(blocks: list[Block], piece: str, last: str) -> str:
    """Put one piece at the end of the blocks; returns the text that a torn paragraph would go on from."""
    if note := NOTE.match(piece):
        add_note(blocks, note[1], note[2])
        return last
    if last and not last.endswith(COMPLETE) and not LABEL.match(piece):
        blocks[last_text(blocks)]["value"] = blocks[last_text(blocks)]["value"][:-4] + " " + inline(piece) + "</p>"
        return piece
    if "\t" in piece:
        add_table(blocks, piece)
    elif piece.startswith("- ") and not piece.startswith("- ("):
        items = "".join(f"<li>{inline(line[2:])}</li>" for line in piece.splitlines())
        blocks.append({"type": "text", "value": f"<ul>{items}</ul>"})
    elif is_heading(piece):
        add_heading(blocks, piece)
    else:
        lines = piece.splitlines() if piece.startswith("- (") else [piece]
        blocks += [{"type": "text", "value": f"<p>{inline(line.removeprefix('- '))}</p>"} for line in lines]
        return lines[-1]
    return ""


def is_heading(piece: str) -> bool:
    return bool(LABEL.match(piece)) or (len(piece) <= LONGEST_HEADING and not piece.endswith(COMPLETE))


def add_heading(blocks: list[Block], piece: str) -> None:
    kind = "subheading" if LABEL.match(piece) else "heading"
    blocks.append({"type": kind, "value": " ".join(piece.removesuffix(":").split())})


def add_note(blocks: list[Block], sign: str, text: str) -> None:
    """A footnote goes below the paragraph that carries its sign, whose place is marked."""
    for index, block in enumerate(blocks):
        if block["type"] == "text" and sign in block["value"]:
            block["value"] = block["value"].replace(sign, "[*]", 1)
            blocks.insert(index + 1, {"type": "footnote", "value": f"<p>{inline(text)}</p>"})
            return


def add_table(blocks: list[Block], piece: str) -> None:
    """Rows with cells become a table under the heading above; a row of one cell becomes a paragraph before it."""
    lines = [line.rstrip() for line in piece.splitlines()]
    said = [line for line in lines if "\t" not in line]
    blocks += [{"type": "text", "value": f"<p>{inline(line)}</p>"} for line in said]
    rows = "\n".join(line for line in lines if "\t" in line)
    caption = next((block["value"] for block in reversed(blocks) if block["type"] == "heading"), "")
    blocks.append({"type": "table", "value": {"caption": caption, "rows": rows}})


def last_text(blocks: list[Block]) -> int:
    return max(index for index, block in enumerate(blocks) if block["type"] == "text")


def inline(text: str) -> str:
    """Text as rich text: escaped, `**strong**` kept."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(" ".join(text.split()), quote=False))


def with_ids(section: Section, standing: list[Block]) -> list[Block]:
    """The section's blocks with the ids they had when it was read in before; a mended paragraph keeps its id."""
    before, now = [key(block) for block in standing], [key(block) for block in section.blocks]
    ids: dict[int, str] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            ids.update({j1 + step: standing[i1 + step]["id"] for step in range(i2 - i1)})
    taken = set(ids.values())
    for index, block in enumerate(section.blocks):
        if index not in ids:
            ids[index] = free_id(section.slug, key(block), taken)
    return [{**block, "id": ids[index]} for index, block in enumerate(section.blocks)]


def free_id(slug: str, name: str, taken: set[str]) -> str:
    """The id that this text gets on every machine, unless another block has it."""
    wanted = block_id("report", slug, name)
    found = str(uuid4()) if wanted in taken else wanted
    taken.add(found)
    return found


def key(block: Block) -> str:
    return f"{block['type']}:{block['value']}"


@transaction.atomic
def import_report(*, text: str, outline: dict[str, Any], by: User | None = None) -> DocumentPage:
    """The document with all its sections, English, and in the Russian tree its alias, or what stands around the text
    in Russian if the outline has that as `translation`.
    """
    home = HomePage.objects.get(locale__language_code="en")
    index = DocumentIndexPage.objects.child_of(home).get()
    document = put_page(DocumentPage, parent=index, slug=outline["slug"], by=by, **outline["document"])
    if "translation" in outline:
        put_translation(document, "ru", by=by, **outline["document"] | outline["translation"])
    else:
        put_alias(document, "ru")
    for section in parse(text, outline):
        standing = SectionPage.objects.child_of(document).filter(slug=section.slug).first()
        blocks = with_ids(section, list(standing.body.raw_data) if standing else [])
        page = put_page(SectionPage, parent=document, slug=section.slug, by=by, title=section.title, body=blocks)
        put_alias(page, "ru")
    return document
