"""Reading: the first page, a chapter of 40 blocks, the report: CPU milliseconds and queries, made anew and kept.

    PLATFORM_VAR=/tmp/bench python benchmarks/reading.py

It migrates and makes its pages once (a handbook `benchmark` with internal links in its long chapter).
"""

from _measuring import kept, often, once  # isort: skip
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from wagtail.models import Site

from cms.models import ChapterPage, HandbookIndexPage, HandbookPage, SectionPage
from cms.services.content import FIXTURES, read_file
from cms.services.printing import TEMPLATE, contents
from cms.services.report import import_report
from cms.services.site import prepare_site
from cms.services.tree import block_id, put_page, put_translation
from incubators.services.reference import load_reference
from network_platform.printing import typeset

WORDS = "An incubator asks what was tried, what was seen and what will be tried next, and writes down the answers. " * 4
CHAPTER = "/en/handbooks/benchmark/long/"


def blocks(linked: list[int]) -> list[dict[str, object]]:
    """Forty blocks: text with links to pages, headings, tables, charts, callouts, footnotes."""
    links = iter(linked * 10)
    kinds = ["heading", "text", "text", "footnote", "text", "table", "text", "callout", "text", "chart"]
    values = {
        "heading": "What to ask first",
        "footnote": "<p>Said in the report.</p>",
        "table": {"caption": "Figures", "rows": "Way|Day 1|Year 1\nSale|40|40\nDeposit|48|48"},
        "chart": {"caption": "A month", "unit": "kg", "numbers": "In|1000\nOut|720"},
        "callout": {"kind": "try", "title": "Try it", "text": "<p>Weigh it.</p>"},
    }
    return [
        {
            "type": kind,
            "id": block_id("benchmark", str(place)),
            "value": values.get(kind) or f'<p>{WORDS}<a linktype="page" id="{next(links)}">See there</a>.</p>',
        }
        for place, kind in enumerate(kinds * 4)
    ]


def plant() -> None:
    call_command("migrate", verbosity=0)
    load_reference()
    home = prepare_site()
    import_report(text=(FIXTURES / "report.txt").read_text(encoding="utf-8"), outline=read_file("report.yaml"))
    index = HandbookIndexPage.objects.child_of(home).get()
    book = put_page(HandbookPage, parent=index, slug="benchmark", title="Benchmark", year=2026)
    put_translation(book, "ru", title="Замер")
    linked = list(SectionPage.objects.values_list("pk", flat=True)[:12])
    for slug in ("first", "long", "last"):
        page = put_page(ChapterPage, parent=book, slug=slug, title=slug.title(), body=blocks(linked))
        put_translation(page, "ru", title=slug.title())


def cold(client: Client, path: str) -> None:
    """The cache is empty but for what any request would have put there."""
    cache.clear()
    Site.get_site_root_paths()
    kept(client, path)()


def main() -> None:
    plant()
    print(connection.vendor)
    client = Client()
    for name, path in {
        "first page": "/en/",
        "chapter of 40 blocks with 20 links": CHAPTER,
        "the same in both languages side by side": f"{CHAPTER}?beside=ru",
        "search inside the report": "/en/documents/speca-working-group-2023/?q=incubators",
        "decisions of the report": "/en/documents/speca-working-group-2023/decisions/",
        "list of news": "/en/news/",
    }.items():
        often(f"{name}, made anew", lambda path=path: cold(client, path))
        often(f"{name}, kept", kept(client, path))
    book = HandbookPage.objects.get(slug="benchmark", locale__language_code="en")
    once("PDF of three such chapters", lambda: typeset(TEMPLATE, *contents(book)))


if __name__ == "__main__":
    main()
