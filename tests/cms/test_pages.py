"""What pages show, and what they cost."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cms.models import HomePage
from cms.services.tree import change_page, put_alias, put_translation
from incubators.models import RegistryState
from incubators.region import region_rows
from tests.cms.factories import block, chapter, country_page, handbook, news, text

FIRST = "aaaaaaaa-0000-0000-0000-000000000001"


def forty_blocks(linked: int = 0) -> list[dict[str, Any]]:
    targets = [news(title=f"Target {number}") for number in range(linked)]
    links = [text(f'See <a linktype="page" id="{page.pk}">this</a>.') for page in targets]
    tables = [block("table", {"caption": "T", "rows": "a|b\n1|2"}) for _ in range(5)]
    rest = [text(f"Paragraph {number} of a long chapter.") for number in range(40 - linked - 5)]
    return [*links, *tables, *rest]


@pytest.mark.parametrize(("blocks", "linked"), [(3, 0), (40, 0), (40, 12)])
def test_chapter_takes_ten_queries_whatever_it_holds(
    site: HomePage, client: Client, django_assert_max_num_queries: Any, blocks: int, linked: int
) -> None:
    body = forty_blocks(linked)[:blocks]
    page = chapter(handbook(chapters=2), slug="long", body=body)
    put_translation(page, "ru", title="Длинная глава", body=body)
    client.get("/en/news/")

    with django_assert_max_num_queries(10):
        response = client.get(page.address)

    assert response.content.count(b'class="para"') == sum(one["type"] == "text" for one in body)


def test_chapter_kept_for_visitors_takes_no_query(
    site: HomePage, client: Client, django_assert_num_queries: Any
) -> None:
    page = chapter(handbook(chapters=2), slug="long", body=forty_blocks(3))
    first = client.get(page.address)

    with django_assert_num_queries(0):
        second = client.get(page.address)
    with django_assert_num_queries(0):
        third = client.get(page.address, headers={"if-none-match": first["ETag"]})

    assert second.content == first.content
    assert (third.status_code, third.content) == (304, b"")


def test_publishing_renews_the_kept_page(
    site: HomePage, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = news(title="Before")
    client.get(page.address)

    with django_capture_on_commit_callbacks(execute=True):
        change_page(page, title="After")

    assert b"After" in client.get(page.address).content


@pytest.mark.parametrize("many", [1, 3])
def test_lists_take_as_many_queries_for_three_as_for_one(
    site: HomePage, client: Client, django_assert_max_num_queries: Any, many: int
) -> None:
    for number in range(many):
        news(title=f"Item {number}")
        news(country_page("KZ"), title=f"Country item {number}")
        handbook(slug=f"guide-{number}", chapters=2)
    client.get("/en/news/")

    with django_assert_max_num_queries(7):
        listed = client.get("/en/news/?page=1")
    with django_assert_max_num_queries(8):
        books = client.get("/en/handbooks/")

    assert listed.content.count(b"ountry item") == many
    assert books.content.count(b'class="book') == many


def test_chapter_has_contents_neighbours_and_its_twin(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=0)
    put_translation(guide, "ru", title="Пособие")
    pages = [
        chapter(guide, slug=slug, title=title, body=[block("heading", "Part"), text("Words", FIRST)])
        for slug, title in (("one", "First"), ("two", "Second"), ("three", "Third"))
    ]
    put_translation(pages[1], "ru", title="Вторая", body=[text("Слова", FIRST)])

    html = client.get("/en/handbooks/guide/two/").content.decode()
    both = client.get("/en/handbooks/guide/two/?beside=ru").content.decode()

    assert 'rel="prev" href="/en/handbooks/guide/one/"' in html
    assert 'rel="next" href="/en/handbooks/guide/three/"' in html
    assert '<a href="/en/handbooks/guide/two/" aria-current="page">2 Second</a>' in html
    assert '<a class="pin" href="#p-aaaaaaaa"' in html
    assert 'href="/ru/handbooks/guide/two/#p-aaaaaaaa" hreflang="ru"' in html
    assert "Chapter 2 of 3" in html
    assert 'id="p-aaaaaaaa"' in both
    assert 'id="twin-p-aaaaaaaa"' in both
    assert "Слова" in both


def test_link_to_the_other_language_is_named_as_it_is_seen(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=0)
    put_translation(guide, "ru", title="Пособие")
    page = chapter(guide, slug="one", body=[text("Words", FIRST)])
    put_translation(page, "ru", title="Глава", body=[text("Слова", FIRST)])

    html = client.get("/en/handbooks/guide/one/").content.decode()
    (link,) = re.findall(r'<a class="twin".*?</a>', html)

    assert 'lang="ru"' in link
    assert re.search(r'aria-label="RU: [^"]+">RU</a>', link)


def test_notes_stand_below_both_languages_too(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=0)
    put_translation(guide, "ru", title="Пособие")
    body = [text("Words[*]", FIRST), block("footnote", "<p>The note.</p>")]
    put_translation(chapter(guide, slug="one", body=body), "ru", title="Глава", body=[text("Слова", FIRST)])

    html = client.get("/en/handbooks/guide/one/?beside=ru").content.decode()

    assert 'href="#n1"' in html
    assert '<li id="n1">The note.' in html


def test_captions_and_notes_speak_the_language_of_their_text(site: HomePage, client: Client) -> None:
    table = {"caption": "Sums", "rows": "a|b\n1|2"}
    guide = handbook(chapters=0, text_language="en")
    put_alias(guide, "ru")
    only = chapter(guide, slug="only", body=[block("table", table), block("footnote", "<p>Note</p>")])
    put_alias(only, "ru")
    both = chapter(guide, slug="both", body=[block("table", table)])
    russian = [{**block("table", {"caption": "Суммы", "rows": "а|б\n1|2"}), "id": FIRST}]
    put_translation(both, "ru", title="Обе", body=russian)

    alone = client.get("/ru/handbooks/guide/only/").content.decode()
    beside = client.get("/en/handbooks/guide/both/?beside=ru").content.decode()

    assert "Table 1. Sums" in alone
    assert '<h2 class="h4">Notes</h2>' in alone
    assert "Таблица 1. Суммы" in beside
    assert "Table 1. Sums" in beside


@pytest.mark.parametrize(
    ("language", "said", "listed"),
    [("en", "exists only in Russian", "English, Russian"), ("ru", "есть только на английском", "английский, русский")],
)
def test_languages_are_written_as_the_readers_writes_them(
    site: HomePage, client: Client, language: str, said: str, listed: str
) -> None:
    english, russian = (country_page("KZ", code) for code in ("en", "ru"))
    item = news(english if language == "ru" else russian, title="In one language")
    guide = handbook(languages="en, ru")
    put_translation(guide, "ru", title="Пособие", languages="en, ru")
    put_translation(guide.leaves[0], "ru", title="Глава")

    shown = client.get(f"/{language}/" + item.address.split("/", 2)[2]).content.decode()
    books = client.get(f"/{language}/handbooks/").content.decode()
    facts = client.get(f"/{language}/handbooks/guide/").content.decode()

    assert said in shown
    assert listed in books
    assert listed[:1].upper() + listed[1:] in facts


def test_chapter_can_be_cited_without_script(site: HomePage, client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://network.example"
    handbook(chapters=1, publisher="UNECE", edition="Second edition", symbol="ECE/CECI/29", isbn="978-92-1-005833-9")

    html = client.get("/en/handbooks/guide/chapter-1/").content.decode()

    assert (
        "“Chapter number 1”, in: UNECE (2026) Guide. Second edition. ECE/CECI/29. ISBN 978-92-1-005833-9. "
        "https://network.example/en/handbooks/guide/chapter-1/" in html
    )


def test_sample_handbook_says_so_on_every_page(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=1, is_sample=True)

    for path in (guide.address, guide.leaves[0].address):
        assert b"not a publication of the United Nations" in client.get(path).content


def test_search_inside_finds_paragraphs_of_all_chapters(site: HomePage, client: Client) -> None:
    guide = handbook(chapters=0)
    chapter(guide, slug="one", title="First", body=[text("Mentors listen.", FIRST), text("Nothing here.")])
    chapter(guide, slug="two", title="Second", body=[text("A mentor asks.")])
    hidden = chapter(guide, slug="three", title="Third", body=[text("A mentor, CANARY.")])
    hidden.unpublish()

    html = client.get("/en/handbooks/guide/?q=mentor").content.decode()
    opened = client.get("/en/handbooks/guide/one/?q=mentor").content.decode()

    assert "2 paragraphs have “mentor”" in html
    assert 'href="/en/handbooks/guide/one/?q=mentor#p-aaaaaaaa"' in html
    assert "<mark>Mentors</mark> listen." in html
    assert "<mark>Mentors</mark> listen." in opened
    assert "CANARY" not in html


def test_search_inside_shows_what_was_asked_as_text(site: HomePage, client: Client) -> None:
    handbook(chapters=1)

    html = client.get("/en/handbooks/guide/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("iso2", "above"), [("", "/en/news/"), ("KG", "/en/countries/kg/")])
def test_news_item_leads_to_the_page_above_it_and_to_all_news(
    site: HomePage, client: Client, iso2: str, above: str
) -> None:
    page = news(country_page(iso2) if iso2 else None, title="An item")

    html = client.get(page.address).content.decode()
    article = html[html.index("<article") : html.index("</article>")]

    assert re.findall(r'href="([^"]*)"', article) == [above, "/en/news/"]
    assert client.get(above).status_code == 200


def test_news_in_one_language_says_so_and_links_in_the_readers(site: HomePage, client: Client) -> None:
    page = news(title="English only")

    html = client.get(page.address.replace("/en/", "/ru/")).content.decode()
    article = html[html.index("<article") : html.index("</article>")]

    assert '<a href="/ru/news/" lang="ru">Новости</a>' in article
    assert "есть только на английском" in article


def test_news_of_a_country_in_one_language_name_it_in_the_readers(site: HomePage, client: Client) -> None:
    page = news(country_page("KZ", "ru"), title="Только по-русски")

    html = client.get(page.address.replace("/ru/", "/en/")).content.decode()

    assert '<a href="/en/countries/kz/" lang="en">Kazakhstan</a>' in html
    assert "Казахстан</a>" not in html


def test_listed_handbook_is_a_bibliographic_entry(site: HomePage, client: Client) -> None:
    book = handbook(slug="listed", chapters=0, title="Elsewhere", symbol="ECE/1", isbn="978-1", text_language="en")
    put_alias(book, "ru")

    html = client.get("/ru/handbooks/").content.decode()
    page = client.get("/ru/handbooks/listed/").content.decode()

    assert 'lang="en">Elsewhere</a>' in html
    assert 'ECE/1 · ISBN <span class="nowrap">978-1</span> · на английском</p>' in html
    assert "978-1" in page
    assert "<dd>Английский</dd>" in page
    assert "PDF" not in page


@pytest.mark.parametrize(
    ("reader", "languages", "title_in", "told"),
    [
        ("ru", "en", "en", "на английском"),
        ("ru", "", "en", "на английском"),
        ("ru", "en, ru", "en", "на английском · английский, русский"),
        ("ru", "en", "ru", "английский"),
        ("ru", "en, ru", "ru", "английский, русский"),
        ("en", "en", "en", "English"),
        ("en", "ru", "en", "Russian"),
    ],
)
@pytest.mark.parametrize("chapters", [0, 1])
def test_handbooks_say_which_language_their_title_is_in(
    site: HomePage, client: Client, reader: str, languages: str, title_in: str, told: str, chapters: int
) -> None:
    book = handbook(slug="listed", chapters=chapters, title="Elsewhere", languages=languages, summary="About")
    if title_in == "ru":
        put_translation(book, "ru", title="В другом месте", languages=languages, text_language="en")
    elif reader == "ru":
        put_alias(book, "ru")
        for each in book.leaves:
            put_alias(each, "ru")
    title = "В другом месте" if title_in == "ru" else "Elsewhere"

    html = " ".join(client.get(f"/{reader}/handbooks/").content.decode().split())

    assert re.search(rf' lang="{title_in}">{title}</a>', html)
    assert re.search(rf"(?:· |num m-0\">){told}</p>", html)
    if chapters and title_in == "en":
        assert 'lang="en">About</p>' in html


def test_handbook_in_one_language_says_so(site: HomePage, client: Client) -> None:
    book = handbook(chapters=1, summary="About it")
    put_alias(book, "ru")
    put_alias(book.leaves[0], "ru")

    html = client.get("/ru/handbooks/guide/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]

    assert "Этот текст есть только на английском." in main
    assert 'lang="en">About it</p>' in main
    assert '<ol class="rows mt-5" lang="en">' in main
    assert "только" not in client.get("/en/handbooks/guide/").content.decode()


def test_news_in_a_list_say_which_language_they_are_in(site: HomePage, client: Client) -> None:
    put_alias(news(title="English only", lead="What happened"), "ru")
    put_translation(news(title="Both"), "ru", title="На двух")

    html = client.get("/ru/news/").content.decode()
    rows = html[html.index('<ul class="rows">') :].split("<li")[1:3]
    told = {("English only" in row, 'lang="en"' in row, "Язык текста: английский" in row) for row in rows}

    assert told == {(True, True, True), (False, False, False)}


def test_home_takes_ten_queries_and_leads_everywhere(
    site: HomePage, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        news(title=f"Item {number}")
        handbook(slug=f"guide-{number}")
    client.get("/en/news/")
    RegistryState.objects.get_or_create(pk=1, defaults={"token": uuid4()})
    region_rows()

    with django_assert_max_num_queries(10):
        html = client.get("/en/").content.decode()

    for door in ("/en/incubators/new/", "/en/competitions/", "/en/judging/", "/en/mentors/join/", "/en/handbooks/"):
        assert f'href="{door}"' in html
    assert html.count("/en/countries/") >= 14
    assert "Item 2" in html


def test_public_pages_are_light(site: HomePage, client: Client) -> None:
    import gzip

    page = chapter(handbook(chapters=6), slug="long", body=forty_blocks(3))

    weights = {path: len(gzip.compress(client.get(path).content, 6)) for path in ("/en/", "/ru/", page.address)}

    assert {path: weight for path, weight in weights.items() if weight > 10_000} == {}


def test_search_inside_finds_what_sounds_alike_only_where_the_word_itself_is_nowhere(
    site: HomePage, client: Client
) -> None:
    guide = handbook(chapters=0)
    chapter(guide, slug="one", body=[text("Mentors help", "aaaaaaaa-1")])
    chapter(guide, slug="two", body=[text("They monitor it", "bbbbbbbb-1"), text("Kuchkorov spoke", "cccccccc-1")])

    mentor, name = (client.get(f"/en/handbooks/guide/?q={words}").content.decode() for words in ("mentor", "Qochqorov"))

    assert "1 paragraph has" in mentor
    assert "<mark>Mentors</mark> help" in mentor
    assert "monitor" not in mentor
    assert "<mark>Kuchkorov</mark> spoke" in name


def test_chapter_on_paper_says_of_what_it_is_and_keeps_its_controls_on_the_screen(
    site: HomePage, client: Client
) -> None:
    guide = handbook(chapters=0, title="The guide", edition="Second edition", publisher="UNECE")
    leaf = chapter(guide, slug="one", title="People", body=[text("Words[*]"), block("footnote", "<p>Note</p>")])
    put_translation(guide, "ru", title="Пособие")
    put_translation(leaf, "ru", title="Люди", body=[text("Слова")])

    page = client.get("/en/handbooks/guide/one/").content.decode()

    paper = page.split('<p class="on-paper small"')[1].split("</p>")[0]
    for wanted in ("The guide", "Second edition", "2026", "UNECE", "/en/handbooks/guide/one/"):
        assert wanted in paper
    twin, pair = [rest.split("</span>")[0] for rest in page.split('<span class="on-screen">')[1:3]]
    assert 'hreflang="ru"' in twin
    assert "Both side by side" in pair
    assert re.search(r'<a class="on-screen" href="#r1"', page)
