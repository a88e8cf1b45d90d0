"""A handbook as one PDF: all its words, kept, and made anew when they change."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import HomePage
from cms.services.printing import contents, kept_or_made, pdf_of
from cms.services.tree import change_page, put_alias, put_translation
from cms.tasks import print_volume
from tests.cms.factories import block, chapter, handbook, text

EVERYTHING = [
    block("heading", "A heading"),
    text("Plain <b>bold</b> words[*]"),
    block("footnote", "<p>The note</p>"),
    block("text", "<ul><li>Milk</li><li>Bread</li></ul>"),
    block("text", "<ol><li>First</li></ol>"),
    block("table", {"caption": "Sums", "rows": "What|How many\nBerries|12"}),
    block("chart", {"caption": "Bars", "unit": "kg", "numbers": "Wool|3\nSilk|1"}),
    block("callout", {"kind": "try", "title": "Tip", "text": "<p>Weigh it</p>"}),
    block("checklist", {"title": "Before", "items": [{"type": "item", "value": "Keys", "id": "i"}]}),
]


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_pdf_holds_every_word_of_every_chapter(site: HomePage) -> None:
    guide = handbook(chapters=1, title="The guide", publisher="UNECE", is_sample=True)
    chapter(guide, slug="all", title="Everything", body=EVERYTHING)

    words = words_of(pdf_of(type(guide).objects.get(pk=guide.pk)))

    for wanted in (
        "The guide", "UNECE", "Sample text", "Words of chapter-1", "2 Everything", "A heading", "Plain bold words",
        "The note", "Milk", "First", "Table 1. Sums", "Berries", "Figure 1. Bars", "Wool", "3 kg", "Tip Weigh it", "Keys",
    ):  # fmt: skip
        assert wanted in words


def test_pdf_speaks_the_language_of_its_text(site: HomePage) -> None:
    guide = handbook(chapters=1)
    put_translation(guide, "ru", title="Руководство", is_sample=True)
    russian = put_translation(guide.leaves[0], "ru", title="Глава", body=[text("Слова главы, ң ө ү қ ғ")])

    words = words_of(pdf_of(russian.volume))

    assert "1 Глава" in words
    assert "ң ө ү қ ғ" in words
    assert "Содержание" in words
    assert "Пробный текст" in words


def test_words_are_set_as_text_and_never_read_as_markup(site: HomePage) -> None:
    nasty = '#read("/etc/passwd") $x$ *bold* @ref <label> #sys.inputs \\ `raw`'
    guide = handbook(chapters=0, title=nasty)
    chapter(guide, slug="a", title=nasty, body=[text(nasty.replace("<", "&lt;")), block("heading", nasty)])

    words = words_of(pdf_of(guide))

    assert words.count('#read("/etc/passwd") $x$ *bold* @ref <label> #sys.inputs') >= 3
    assert "root:" not in words


def test_pdf_is_kept_until_a_word_changes(site: HomePage) -> None:
    guide = handbook(chapters=1)
    folder = f"printed/{guide.translation_key}-en"
    pdf_of(guide)
    (kept,) = default_storage.listdir(folder)[1]

    pdf_of(type(guide).objects.get(pk=guide.pk))
    assert default_storage.listdir(folder)[1] == [kept]

    change_page(guide.leaves[0], body=[text("Other words")])
    pdf = pdf_of(type(guide).objects.get(pk=guide.pk))

    assert "Other words" in words_of(pdf)
    assert len(default_storage.listdir(folder)[1]) == 1
    assert default_storage.listdir(folder)[1] != [kept]


def bodies_read(queries: Any) -> list[str]:
    return [query["sql"] for query in queries if '"body"' in query["sql"]]


def test_kept_pdf_is_handed_out_without_reading_a_chapter(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=3)
    with CaptureQueriesContext(connection) as making:
        first = client.get(guide.pdf_address)

    with CaptureQueriesContext(connection) as handing:
        second = client.get(guide.pdf_address)

    assert second.content == first.content
    assert bodies_read(making) != []
    assert bodies_read(handing) == []


@pytest.mark.parametrize("change", ["words", "title", "chapter gone", "name of the site"])
def test_browser_that_has_the_pdf_is_told_until_it_changes(
    site: HomePage, client: Client, settings: Any, change: str
) -> None:
    guide = handbook(chapters=2)
    tag = {"if-none-match": client.get(guide.pdf_address)["ETag"]}
    same = client.get(guide.pdf_address, headers=tag)

    if change == "words":
        change_page(guide.leaves[0], body=[text("Other words")])
    elif change == "title":
        change_page(guide, title="Another title")
    elif change == "chapter gone":
        guide.leaves[1].unpublish()
    else:
        settings.BASE_URL = "https://elsewhere.example"
    other = client.get(guide.pdf_address, headers=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other["ETag"] != tag["if-none-match"]


def test_pdf_of_an_alias_follows_its_source(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=1, text_language="en")
    put_alias(guide, "ru")
    put_alias(guide.leaves[0], "ru")
    tag = client.get("/ru/handbooks/guide.pdf")["ETag"]

    change_page(guide.leaves[0], body=[text("Other words")])
    after = client.get("/ru/handbooks/guide.pdf", headers={"if-none-match": tag})

    assert "Other words" in words_of(after.content)


def test_half_a_file_is_made_again(site: HomePage) -> None:
    guide = handbook(chapters=1)
    folder = f"printed/{guide.translation_key}-en"
    whole = pdf_of(guide)
    (name,) = default_storage.listdir(folder)[1]
    Path(default_storage.path(f"{folder}/{name}")).write_bytes(whole[: len(whole) // 2])

    again = pdf_of(guide)

    assert again.endswith(whole[-200:])
    assert Path(default_storage.path(f"{folder}/{name}")).read_bytes() == again


def test_readers_who_come_at_once_all_get_their_pdf() -> None:
    """Of the same words, and of words that were changed between them."""
    pdfs = {f"printed/guide-en/{words}.pdf": b"%PDF-" + words.encode() * 300_000 + b"%%EOF\n" for words in "abc"}

    with ThreadPoolExecutor(6) as pool:
        asked = list(pdfs) * 60
        answers = list(pool.map(lambda name: kept_or_made(name, lambda: pdfs[name]), asked))

    assert all(answer == pdfs[name] for name, answer in zip(asked, answers, strict=True))
    assert kept_or_made("printed/guide-en/a.pdf", lambda: pdfs["printed/guide-en/a.pdf"])
    assert default_storage.listdir("printed/guide-en")[1] == ["a.pdf"]


def test_drafts_are_not_printed(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=2)
    guide.leaves[1].unpublish()
    listed = handbook(slug="listed", chapters=0)

    answer = client.get("/en/handbooks/guide.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert "chapter-2" not in words_of(answer.content)
    assert client.get(listed.pdf_address).status_code == 404
    assert client.get("/en/handbooks/nothing.pdf").status_code == 404


def test_task_may_run_twice_and_forgives_what_is_gone(site: HomePage) -> None:
    guide = handbook(chapters=1)

    print_volume(guide.pk)
    print_volume(guide.pk)
    print_volume(10**6)

    assert len(default_storage.listdir(f"printed/{guide.translation_key}-en")[1]) == 1


def test_contents_are_plain_data(site: HomePage) -> None:
    guide = handbook(chapters=1)

    data, pictures = contents(guide)

    assert pictures == {}
    assert [chapter["label"] for chapter in data["chapters"]] == ["1 Chapter number 1"]
