"""Rich text as it is stored, made clean HTML or plain words, and parted into its paragraphs."""

import re
from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

TAGS = {"p", "b", "strong", "i", "em", "sup", "a", "ul", "ol", "li", "br"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
TOP_LEVEL = re.compile(r"<(/?)(p|ul|ol)\b[^>]*>")
END_OF_WORDS = re.compile(r"</(?:p|li)>|<br ?/?>")
SEPARATOR = "<hr>"
MARKER = "[*]"


def anchor_of(block_id: str, place: int = 0) -> str:
    """`p-3fa9c2d1` for a block's first paragraph, `p-3fa9c2d1-2` for its second."""
    short = f"p-{block_id.replace('-', '')[:8]}"
    return f"{short}-{place + 1}" if place else short


def expand(sources: list[str]) -> list[SafeString]:
    """Stored rich texts as clean HTML: all links resolved in one go, all markup but a few tags removed."""
    joined = expand_db_html(SEPARATOR.join(source.replace(SEPARATOR, "") for source in sources))
    return [clean(part) for part in joined.split(SEPARATOR)]


def clean(html: str) -> SafeString:
    return trusted(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener"))


def trusted(html: str) -> SafeString:
    """HTML that went through `clean` and to which only our own tags were added."""
    return mark_safe(html)  # noqa: S308


def split(html: str) -> list[tuple[str, SafeString]]:
    """Top-level paragraphs and lists as (tag, inner HTML); a list keeps what is nested in it."""
    parts, depth, start = [], 0, 0
    for tag in TOP_LEVEL.finditer(html):
        if not tag[1]:
            start = tag.end() if depth == 0 else start
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            parts.append((tag[2], trusted(html[start : tag.start()])))
    found = [(tag, inner) for tag, inner in parts if inner.strip()]
    return found or ([("p", trusted(html))] if html.strip() else [])


def plain(html: str) -> str:
    """Text without markup, spaces made single."""
    return " ".join(unescape(nh3.clean(END_OF_WORDS.sub(" ", html), tags=set())).replace(MARKER, "").split())
