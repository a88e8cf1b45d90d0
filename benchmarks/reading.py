"""Reading: the first page, a chapter of 40 blocks, the report: CPU milliseconds, queries, weight, cold and kept.

    PLATFORM_VAR=/tmp/bench python benchmarks/reading.py

It migrates and makes its pages once (a handbook `benchmark` with internal links in its long chapter).
"""

import gzip
import os
import statistics
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")
os.environ["PLATFORM_MODE"] = "test"
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Site  # noqa: E402

from cms.models import ChapterPage, HandbookIndexPage, HandbookPage, SectionPage  # noqa: E402
from cms.services.content import FIXTURES, read_file  # noqa: E402
from cms.services.printing import compile_pdf, contents  # noqa: E402
from cms.services.report import import_report  # noqa: E402
from cms.services.site import prepare_site  # noqa: E402
from cms.services.tree import block_id, put_page, put_translation  # noqa: E402
from incubators.services.reference import load_reference  # noqa: E402

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


def measure(path: str, *, kept: bool, repeats: int = 30) -> tuple[float, int, int]:
    """Median CPU milliseconds, queries and compressed bytes of one answer."""
    client = Client()
    client.get(path)
    times = []
    for _ in range(repeats):
        forget_pages(kept)
        started = time.process_time()
        response = client.get(path)
        times.append(time.process_time() - started)
    forget_pages(kept)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return statistics.median(times) * 1000, len(captured), len(gzip.compress(response.content, 6))


def forget_pages(kept: bool) -> None:
    """Empty the cache, but for what any request would have put there."""
    if not kept:
        cache.clear()
        Site.get_site_root_paths()


def main() -> None:
    plant()
    print(connection.vendor)
    print(f"{'page':44}{'CPU ms':>8}{'queries':>9}{'KB':>7}")
    for name, path in {
        "first page": "/en/",
        "chapter of 40 blocks with 20 links": CHAPTER,
        "the same in both languages side by side": f"{CHAPTER}?beside=ru",
        "search inside the report": "/en/documents/speca-working-group-2023/?q=incubators",
        "decisions of the report": "/en/documents/speca-working-group-2023/decisions/",
        "list of news": "/en/news/",
    }.items():
        for kept in (False, True):
            cpu, queries, size = measure(path, kept=kept)
            print(f"{name + (', kept' if kept else ''):44}{cpu:8.1f}{queries:9}{size / 1024:7.1f}")
    started = time.process_time()
    size = len(compile_pdf(*contents(HandbookPage.objects.get(slug="benchmark", locale__language_code="en"))))
    print(f"{'PDF of three such chapters':44}{(time.process_time() - started) * 1000:8.1f}{'':9}{size / 1024:7.1f}")


if __name__ == "__main__":
    main()
