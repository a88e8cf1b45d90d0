"""Clean HTML as runs of text with marks, for what is not a browser: `{"text": …, "bold": True, "href": …}`."""

from html.parser import HTMLParser
from typing import Any

Run = dict[str, Any]
MARKS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "sup": "raised"}


class Runs(HTMLParser):
    """Collects runs; a link to a note of the same page becomes `{"note": number}`. List items are kept apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[list[Run]] = [[]]
        self.marks: list[str] = []
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in MARKS:
            self.marks.append(MARKS[tag])
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""
        elif tag == "li":
            self.items.append([])
        elif tag == "br":
            self.items[-1].append({"text": "\n"})

    def handle_endtag(self, tag: str) -> None:
        if tag in MARKS and MARKS[tag] in self.marks:
            self.marks.remove(MARKS[tag])
        elif tag == "a":
            self.href = ""

    def handle_data(self, data: str) -> None:
        if self.href.startswith("#n") and self.href[2:].isdigit():
            self.items[-1].append({"note": int(self.href[2:])})
        elif data:
            marks = dict.fromkeys(self.marks, True)
            link = {"href": self.href} if self.href.startswith(("http://", "https://", "mailto:")) else {}
            self.items[-1].append({"text": data, **marks, **link})


def parsed(html: str) -> Runs:
    parser = Runs()
    parser.feed(html)
    parser.close()
    return parser


def runs_of(html: str) -> list[Run]:
    return [run for item in parsed(html).items for run in item]


def lists_of(html: str) -> list[list[Run]]:
    """Items of a list, nested ones in the same row of items."""
    return [item for item in parsed(html).items if any(run.get("text", "").strip() or "note" in run for run in item)]
