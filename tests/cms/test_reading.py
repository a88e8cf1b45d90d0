import io
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture
from wagtail.images.models import Image

from cms.fields import BodyField
from cms.models import ChapterPage, HomePage
from cms.passages import passages, search
from cms.reading import LARGE, SMALL, beside, read
from tests.cms.factories import block, chapter, handbook, news, text


def body(*blocks: dict[str, Any]) -> Any:
    return ChapterPage(body=list(blocks)).body


def picture(name: str = "a") -> Image:
    data = io.BytesIO()
    Picture.new("RGB", (1200, 800), (10, 101, 102)).save(data, "PNG")
    data.seek(0)
    image = Image.objects.create(title=name, file=ImageFile(data, f"{name}.png"), width=1200, height=800)
    image.get_rendition(SMALL)
    image.get_rendition(LARGE)
    return image


def figure(image: Image) -> dict[str, Any]:
    return block("figure", {"image": {"image": image.pk, "alt_text": "A yard", "decorative": False}, "caption": "Yard"})


def test_block_tree_stays_out_of_migrations() -> None:
    _name, path, args, kwargs = BodyField(blank=True).deconstruct()

    assert (path, args, kwargs) == ("cms.fields.BodyField", [], {"blank": True})


@pytest.mark.django_db
def test_read_numbers_paragraphs_figures_and_tables_apart() -> None:
    table = block("table", {"caption": "T", "rows": "a|b\n1|2"})
    chart = block("chart", {"caption": "C", "unit": "kg", "numbers": "x|3"})

    found = read(body(text("one"), table, text("two"), chart)).pieces

    assert [(piece.kind, piece.number) for piece in found] == [
        ("text", "1"),
        ("table", "1"),
        ("text", "2"),
        ("chart", "1"),
    ]


@pytest.mark.django_db
def test_footnote_stands_where_the_paragraph_says_or_at_its_end() -> None:
    found = read(body(text("a[*] b"), block("footnote", "<p>first</p>"), text("c"), block("footnote", "<p>second</p>")))

    assert found.pieces[0].html.startswith('a<sup><a href="#n1"')
    assert found.pieces[1].html.startswith('c<sup><a href="#n2"')
    assert [note.html for note in found.notes] == ["first", "second"]


@pytest.mark.django_db
def test_table_knows_which_columns_hold_figures() -> None:
    (piece,) = read(body(block("table", {"caption": "T", "rows": "Name|Sum\tX\nb|1 000\n"}))).pieces
    (plain,) = read(body(block("table", {"caption": "T", "rows": "Name|Sum\nb|1 000\nc|12,5"}))).pieces

    assert piece.value["head"][0] == ("Name|Sum", False)
    assert plain.value["head"] == [("Name", False), ("Sum", True)]


@pytest.mark.django_db
def test_table_with_uneven_rows_is_shown_not_broken() -> None:
    (piece,) = read(body(block("table", {"caption": "T", "rows": "a|b\nc"}))).pieces

    assert piece.value["rows"] == [[("c", False)]]


@pytest.mark.django_db
def test_script_in_stored_text_does_not_reach_the_page() -> None:
    (piece,) = read(body(block("text", '<p>ok<script>alert(1)</script><a href="javascript:x">y</a></p>'))).pieces
    (heading,) = read(body(block("heading", "<script>"))).pieces

    assert piece.html == 'ok<a rel="nofollow noopener">y</a>'
    assert heading.html == "&lt;script&gt;"


def test_links_of_a_whole_body_take_one_query(site: HomePage) -> None:
    targets = [news(title=f"Target {number}") for number in range(3)]
    counts = []

    for linked in (targets[:1], targets):
        stream = body(*(text(f'<a linktype="page" id="{page.pk}">x</a>') for page in linked))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pieces = read(stream).pieces
        counts.append(len(queries))

    assert counts == [1, 1]
    assert [piece.html for piece in pieces] == [
        f'<a href="{page.address}" rel="nofollow noopener">x</a>' for page in targets
    ]


def test_link_to_a_draft_leads_nowhere(site: HomePage) -> None:
    draft = news(title="Draft", live=False)

    (piece,) = read(body(text(f'<a linktype="page" id="{draft.pk}">x</a>'))).pieces

    assert piece.html == '<a rel="nofollow noopener">x</a>'


@pytest.mark.django_db
def test_pictures_take_as_many_queries_for_three_as_for_one() -> None:
    images = [picture(str(number)) for number in range(3)]
    counts = []

    for chosen in (images[:1], images):
        stream = body(*(figure(image) for image in chosen))
        with CaptureQueriesContext(connection) as queries:
            pieces = read(stream).pieces
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert pieces[0].value["alt"] == "A yard"
    assert pieces[0].value["large"].width == 900


@pytest.mark.django_db
def test_beside_pairs_paragraphs_by_their_ids() -> None:
    one = "11111111-0000-0000-0000-000000000000"
    two = "22222222-0000-0000-0000-000000000000"
    english = read(body(text("first", one), text("only here")))

    pairs = beside(english, body(text("первый", one), text("только тут", two)), "number")

    assert [tuple([piece.html for piece in side] for side in pair) for pair in pairs] == [
        (["first"], ["первый"]),
        (["only here"], []),
        ([], ["только тут"]),
    ]
    assert pairs[0][1][0].id == "twin-p-11111111"


@pytest.mark.django_db
def test_passages_and_search_know_every_kind_of_block() -> None:
    stream = body(
        text("Plain words"),
        block("heading", "A heading"),
        block("callout", {"kind": "try", "title": "Tip", "text": "<p>Inside a callout</p>"}),
        block("checklist", {"title": "Lists", "items": [{"type": "item", "value": "Milk", "id": "x"}]}),
        block("table", {"caption": "Sums", "rows": "a|b\nBerries|2"}),
    )

    assert [passage for _anchor, passage in passages(stream)] == [
        "Plain words",
        "A heading",
        "Tip Inside a callout",
        "Lists Milk",
        "Sums",
        "a · b",
        "Berries · 2",
    ]
    assert [found for _anchor, found in search(stream, "berry")] == ["<mark>Berries</mark> · 2"]


def test_words_are_counted_when_a_chapter_is_saved(site: HomePage) -> None:
    page = chapter(handbook(chapters=0), slug="c", body=[text("one two three")])

    assert (page.words, page.minutes) == (3, 1)
