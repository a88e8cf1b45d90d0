"""The report as a document: its structure, its links, and reading it in twice."""

from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cms.models import DocumentPage, HomePage, SectionPage
from cms.services.content import FIXTURES, read_file
from cms.services.report import import_report, parse, with_ids

OUTLINE = {
    "slug": "report",
    "document": {"title": "A report", "text_language": "en"},
    "sections": [
        {"starts": "Opening", "slug": "opening", "title": "Opening"},
        {"starts": "Decisions", "slug": "decisions", "title": "Decisions"},
    ],
}
LONG = "After many words of welcome and of thanks to all who had come from near and far to take part, " * 2
SOURCE = f"""
REPORT OF SOMETHING

Opening

{LONG.strip()} the chair of the “Agency for the

Development of Things” opened it.

Activities included:

- First thing
- Second **bold** thing

Decisions

1. The group noted a resolution¹ on things.
2. The group thanked everybody.

¹ A/RES/1: about things & more.

SUMMARY

Area	Lead	Time
Things	UNECE	2023
"""


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    source = (FIXTURES / "report.txt").read_text(encoding="utf-8")
    return {section.slug: section for section in parse(source, read_file("report.yaml"))}


def test_parse_joins_torn_paragraphs_and_keeps_lists_together() -> None:
    opening, decisions = parse(SOURCE, OUTLINE)

    assert [(block["type"], block["value"]) for block in opening.blocks] == [
        ("text", f"<p>{LONG.strip()} the chair of the “Agency for the Development of Things” opened it.</p>"),
        ("text", "<p>Activities included:</p>"),
        ("text", "<ul><li>First thing</li><li>Second <b>bold</b> thing</li></ul>"),
    ]
    assert [block["type"] for block in decisions.blocks] == ["text", "footnote", "text", "heading", "table"]
    assert decisions.blocks[0]["value"] == "<p>1. The group noted a resolution[*] on things.</p>"
    assert decisions.blocks[1]["value"] == "<p>A/RES/1: about things &amp; more.</p>"
    assert decisions.blocks[4]["value"] == {"caption": "SUMMARY", "rows": "Area\tLead\tTime\nThings\tUNECE\t2023"}


def test_real_report_has_its_sections_and_twenty_eight_decisions(real: dict[str, Any]) -> None:
    decisions = [block["value"] for block in real["decisions"].blocks if block["type"] == "text"]

    assert list(real) == [entry["slug"] for entry in read_file("report.yaml")["sections"]]
    assert [value.split(".")[0] for value in decisions] == [f"<p>{number}" for number in range(1, 29)]


def test_real_report_loses_no_word_and_leaves_the_participants_out(real: dict[str, Any]) -> None:
    text = " ".join(str(block["value"]) for section in real.values() for block in section.blocks)

    assert "made based on data, not on reports" in text
    assert "“New Innovation Policy in the SPECA Subregion” (2023)" in text
    assert "should be modified to respond to the new challenges" in text
    assert "single database of trainers, trackers, and mentors" in text
    assert "Annex IV" not in list(real)
    assert "**" not in text


def test_reading_in_again_keeps_every_id(real: dict[str, Any]) -> None:
    first = with_ids(deepcopy(real["decisions"]), [])

    assert with_ids(deepcopy(real["decisions"]), first) == first
    assert with_ids(deepcopy(real["decisions"]), []) == first


def test_mended_paragraph_keeps_its_id_and_a_new_one_moves_none(real: dict[str, Any]) -> None:
    first = with_ids(deepcopy(real["decisions"]), [])
    changed = deepcopy(real["decisions"])
    changed.blocks[3]["value"] = "<p>4. Mended.</p>"
    changed.blocks.insert(6, {"type": "text", "value": "<p>A new one.</p>"})

    again = with_ids(changed, first)

    assert again[3]["id"] == first[3]["id"]
    assert [block["id"] for index, block in enumerate(again) if index != 6] == [block["id"] for block in first]
    assert len({block["id"] for block in again}) == len(again)


def test_import_twice_changes_nothing_and_makes_no_revision(site: HomePage) -> None:
    document = import_report(text=SOURCE, outline=OUTLINE)
    before = {page.slug: (page.pk, page.latest_revision_id, str(page.body.raw_data)) for page in document.leaves}

    document = import_report(text=SOURCE, outline=OUTLINE)

    after = {page.slug: (page.pk, page.latest_revision_id, str(page.body.raw_data)) for page in document.leaves}
    assert after == before
    assert SectionPage.objects.filter(locale__language_code="ru", alias_of__isnull=False).count() == 2


def test_russian_reader_gets_the_english_words_and_is_told(site: HomePage, client: Client) -> None:
    import_report(text=SOURCE, outline=OUTLINE)

    html = client.get("/ru/documents/report/decisions/").content.decode()

    assert '<html lang="ru"' in html
    assert '<article class="col-12 col-lg-9" lang="en">' in html
    assert "Этот текст есть только на английском" in html
    assert 'href="/ru/documents/report/opening/"' in html


def test_paragraph_of_a_section_has_a_link_of_its_own(site: HomePage, client: Client) -> None:
    document = import_report(text=SOURCE, outline=OUTLINE)
    anchor = "p-" + document.leaves[1].body.raw_data[0]["id"][:8]

    html = client.get("/en/documents/report/decisions/").content.decode()

    assert f'<p class="para" id="{anchor}"><a class="pin" href="#{anchor}"' in html
    assert ">¶</a>" in html
    assert '<a href="#n1" id="r1"' in html


def test_words_of_the_file_are_never_markup(site: HomePage, client: Client) -> None:
    import_report(text=SOURCE.replace("everybody", "<script>alert(1)</script>"), outline=OUTLINE)

    html = client.get("/en/documents/report/decisions/").content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_command_reads_another_file_and_says_what_it_made(site: HomePage, tmp_path: Any) -> None:
    import yaml

    (tmp_path / "a.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(OUTLINE), encoding="utf-8")
    out = StringIO()

    call_command("import_report", str(tmp_path / "a.txt"), outline=tmp_path / "a.yaml", stdout=out)

    assert "A report: 2 sections" in out.getvalue()
    assert DocumentPage.objects.get(slug="report", locale__language_code="en").leaves[0].title == "Opening"


def test_section_words_are_counted_for_the_time_of_reading(site: HomePage) -> None:
    document = import_report(text=SOURCE, outline=OUTLINE)

    assert [leaf.minutes for leaf in document.leaves] == [1, 1]


def test_what_stands_around_the_text_is_in_the_readers_language(site: HomePage) -> None:
    import_report(text=SOURCE, outline=OUTLINE)
    outline = OUTLINE | {"translation": {"title": "Доклад", "place": "Ташкент"}}

    import_report(text=SOURCE, outline=outline)
    html = Client().get("/ru/documents/report/").content.decode()

    assert '<div lang="ru"><h1 class="h2">Доклад</h1>' in html
    assert "Ташкент" in html
    assert '<ol class="rows mt-5" lang="en">' in html
    assert "есть только на английском" in html
    assert Client().get("/ru/documents/report/opening/").status_code == 200
    assert "A report" in Client().get("/en/documents/report/").content.decode()
