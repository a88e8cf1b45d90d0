import pytest

from cms.prose import anchor_of, clean, plain, split
from cms.runs import lists_of, runs_of


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        '<p onclick="alert(1)">x</p>',
        '<a href="data:text/html,x">x</a>',
        "<iframe src=//evil.example></iframe>",
        "<style>*{}</style>",
    ],
)
def test_clean_takes_out_everything_that_acts(bad: str) -> None:
    cleaned = clean(bad).lower()

    assert not any(word in cleaned for word in ("script", "alert", "onclick", "data:", "iframe", "<img", "<style"))


def test_clean_keeps_what_editors_may_write() -> None:
    html = '<p><b>a</b> <i>b</i> <a href="https://unece.org/">c</a></p><ul><li>d</li></ul>'

    assert clean(html) == html.replace('unece.org/"', 'unece.org/" rel="nofollow noopener"')


def test_split_keeps_nested_lists_together() -> None:
    parts = split("<p>one</p><ul><li>two<ul><li>three</li></ul></li></ul><p>four</p><p> </p>")

    assert parts == [("p", "one"), ("ul", "<li>two<ul><li>three</li></ul></li>"), ("p", "four")]


def test_plain_parts_words_of_neighbouring_paragraphs() -> None:
    assert plain("<p>one</p><p>two &amp; three[*]</p>") == "one two & three"


def test_anchor_depends_on_the_block_and_the_place_only() -> None:
    assert anchor_of("3fa9c2d1-aaaa-bbbb-cccc-000000000000") == "p-3fa9c2d1"
    assert anchor_of("3fa9c2d1-aaaa-bbbb-cccc-000000000000", 1) == "p-3fa9c2d1-2"


def test_runs_carry_marks_links_and_notes() -> None:
    runs = runs_of('a <b>b <i>c</i></b> <a href="https://x.example/">d</a><sup><a href="#n2">2</a></sup>')

    assert runs == [
        {"text": "a "},
        {"text": "b ", "bold": True},
        {"text": "c", "bold": True, "italic": True},
        {"text": " "},
        {"text": "d", "href": "https://x.example/"},
        {"note": 2},
    ]


def test_runs_drop_links_that_a_paper_cannot_follow() -> None:
    assert runs_of('<a href="javascript:x">a</a>') == [{"text": "a"}]
    assert lists_of("<li>a</li><li> </li><li>b</li>") == [[{"text": "a"}], [{"text": "b"}]]
