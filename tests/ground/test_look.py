"""The base page, components and error pages: strict, light, for everybody."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from network_platform import facets
from network_platform.gallery import Sample
from network_platform.hyphens import unbroken
from network_platform.quoting import inside_sentence
from tests.axe import violations

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "network_platform" / "static"
INLINE = re.compile(r"""<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)


def render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_inline_style_or_script(path: Path) -> None:
    found = [match.group(0) for match in INLINE.finditer(path.read_text())]
    assert found == [], f"{path} would be refused by the content policy"


def policy_of(response: Any) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts if part.strip())}


@pytest.mark.django_db
def test_policy_is_strict_and_only_editors_have_a_looser_one(client: Client) -> None:
    page = policy_of(client.get("/en/components/"))
    assert page["default-src"] == ["'none'"]
    assert {name: page[name] for name in ("script-src", "style-src", "img-src", "form-action")} == {
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
    }
    assert page["frame-ancestors"] == page["base-uri"] == page["object-src"] == ["'none'"]
    assert "unsafe" not in str(page)
    assert "'unsafe-inline'" in policy_of(client.get("/wagtail/login/"))["script-src"]


@pytest.mark.django_db
def test_api_viewer_needs_nothing_inline(client: Client) -> None:
    response = client.get("/api/docs/")
    assert policy_of(response)["script-src"] == ["'self'"]
    assert INLINE.search(response.content.decode()) is None
    assert '<html lang="en">' in response.content.decode()
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "headings"), [("en", 0), ("ru", 1)])
def test_api_viewer_says_in_the_reader_s_language_what_it_is_and_leads_back(
    client: Client, language: str, headings: int
) -> None:
    html = client.get("/api/docs/", headers={"Accept-Language": language}).content.decode()

    sections = re.findall(r'<section lang="(\w+)">.*?<a href="(/\w+/)">', html)
    assert sections == [(language, f"/{language}/")]
    assert html.count("<h2>") == headings


@pytest.mark.django_db
def test_api_says_that_reading_needs_no_key_and_what_is_ones_own_does(client: Client) -> None:
    schema = client.get("/api/schema/?format=json").json()

    acts = {path: act for path, acts in schema["paths"].items() for act in acts.values()}
    own = {path for path in acts if path.startswith("/api/v1/own/")}
    assert own
    assert acts.keys() - own
    assert {path for path, act in acts.items() if act.get("security") == [{"token": []}]} == own
    assert [act["security"] for path, act in acts.items() if path not in own and "security" in act] == []


@pytest.mark.django_db
def test_first_visit_is_light(client: Client) -> None:
    page = client.get("/en/components/errors/404/")
    own = re.findall(r'(?:href|src)="/static/([^"]+)"', page.content.decode())
    files = [STATIC / name for name in own]
    weight = sum(len(gzip.compress(body, 9)) for body in (page.content, *(file.read_bytes() for file in files)))
    assert len(files) + 1 <= 4
    assert weight <= 20_000


@pytest.mark.django_db
def test_visitors_page_can_be_shared(client: Client) -> None:
    page = client.get("/en/components/errors/404/").content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert 'href="/en/accounts/login/"' in page
    assert not client.cookies


@pytest.mark.django_db
def test_signed_in_people_see_desk_name_and_sign_out(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("a@example.org", name="Айгуль Образцова"))
    page = client.get("/en/components/errors/404/").content.decode()
    assert "Айгуль Образцова" in page
    assert 'method="post" action="/en/accounts/logout/"' in page
    assert 'href="/en/accounts/login/"' not in page


@pytest.mark.django_db
def test_other_language_leads_to_the_same_page_with_its_query(client: Client) -> None:
    page = client.get("/en/components/?only=light&kind=tp").content.decode()
    assert 'href="/ru/components/?only=light&amp;kind=tp"' in page
    assert re.search(r'<link rel="alternate" hreflang="ru" href="http[^"]+/ru/components/">', page)
    lost = client.get("/ru/nowhere/at/all/").content.decode()
    assert 'href="/en/nowhere/at/all/"' in lost


@pytest.mark.django_db
def test_other_language_returns_to_the_page_in_that_language(client: Client) -> None:
    page = client.get("/ru/accounts/login/?next=/ru/incubators/new/%3Fa%3D1").content.decode()
    foreign = client.get("/ru/accounts/login/?next=https://elsewhere.example/ru/").content.decode()

    assert 'href="/en/accounts/login/?next=/en/incubators/new/%3Fa%3D1"' in page
    assert 'href="/en/accounts/login/?next=https://elsewhere.example/ru/"' in foreign


def test_a_label_inside_a_sentence_begins_small() -> None:
    words = ("Прототип, MVP", "ИКТ и облако", "First revenue", "")

    assert [inside_sentence(each) for each in words] == ["прототип, MVP", "ИКТ и облако", "first revenue", ""]


def test_navigation_marks_where_one_is(rf: RequestFactory) -> None:
    page = render(
        '{% extends "base.html" %}{% block section %}mentors{% endblock %}', request=rf.get("/en/x/"), bare=True
    )
    assert '<a href="/en/mentors/" aria-current="page">' in page
    assert page.count('aria-current="page"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status"), [("403", 403), ("404", 404), ("405", 405), ("429", 429), ("csrf", 403), ("500", 500)]
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_error_pages_say_what_to_do(client: Client, name: str, status: int, language: str) -> None:
    response = client.get(f"/{language}/components/errors/{name}/")
    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}"' in page
    assert re.search(r'<a class="btn[^>]+href="/|<form class="search"', page)


def test_broken_database_still_gives_the_page(rf: RequestFactory) -> None:
    from network_platform.errors import server_error

    request = rf.get("/en/x/")
    request.id = "0123456789abcdef"
    page = server_error(request).content.decode()
    assert "01234567" in page
    assert "Something broke on our side" in page


@pytest.mark.django_db
def test_programmes_get_json(client: Client) -> None:
    response = client.get("/api/v1/nothing-here/")
    assert (response.status_code, response.json()["detail"]) == (404, "Not Found")
    assert client.get("/nowhere/").url == "/en/nowhere/", "people are led to their language first"


def test_demonstration_is_said(rf: RequestFactory, settings: Any) -> None:
    shell = '{% extends "base.html" %}'
    settings.DEMONSTRATION = False
    assert "invented" not in render(shell, request=rf.get("/en/"), bare=True)
    settings.DEMONSTRATION = True
    assert "the people are invented; the organisations are real" in render(shell, request=rf.get("/en/"), bare=True)


# ---- forms ----
def test_field_order_and_description() -> None:
    form = Sample({"problem": "x" * 300})
    html = str(form["problem"].as_field_group())
    order = [
        html.index(mark)
        for mark in (
            '<label class="form-label" for="id_problem"',
            'id="id_problem_helptext"',
            'id="id_problem_error"',
            "<textarea",
            'id="id_problem_count"',
        )
    ]
    assert order == sorted(order)
    assert 'aria-describedby="id_problem_helptext id_problem_error id_problem_count"' in html
    assert 'aria-invalid="true"' in html
    assert "maxlength" not in html, "what is too long is kept and named, never cut"


def test_groups_selects_dates_and_files() -> None:
    form = Sample(initial={"founded": __import__("datetime").date(2017, 5, 2)})
    stage = str(form["stage"].as_field_group())
    assert "<fieldset" in stage
    assert '<legend id="id_stage">' in stage
    assert stage.count('type="radio"') == stage.count('<label for="id_stage_') == 2
    assert 'class="form-select"' in str(form["country"].as_field_group())
    assert 'type="date"' in str(form["founded"].as_field_group())
    assert 'value="2017-05-02"' in str(form["founded"].as_field_group())
    assert 'type="file"' in str(form["deck"].as_field_group())
    assert "(optional)" in str(form["deck"].as_field_group())


def test_the_summary_has_one_line_an_answer_without_the_label_said_twice() -> None:
    class Words(forms.Form):
        password = forms.CharField(required=False)

        def clean_password(self) -> None:
            raise forms.ValidationError(["Password is too short.", "Add a word."])

    html = render('{% include "components/error_summary.html" %}', form=Words({"password": "x"}))

    assert '<li><a href="#id_password">Password is too short. Add a word.</a></li></ul>' in html
    assert "One answer needs another look" in html


def test_error_summary_leads_to_each_control() -> None:
    form = Sample({"name": "", "country": "KG", "agree": "on", "problem": "a"})
    html = render('{% include "components/error_summary.html" %}', form=form)
    assert 'href="#id_name"' in html
    assert 'href="#id_stage_0"' in html
    assert "2 answers need another look" in html
    assert render('{% include "components/error_summary.html" %}', form=Sample()).strip() == ""


@pytest.mark.parametrize(
    ("label", "lead"),
    [
        ("Name", "Name:"),
        ("Who can do what?", "Who can do what?"),
        ("I agree that it is shown.", "I agree that it is shown."),
    ],
)
def test_the_summary_has_no_colon_after_the_end_of_a_sentence(label: str, lead: str) -> None:
    wrong = [{"id": "id_x", "label": label, "message": "Say it."}]

    html = render('{% include "components/mistakes.html" %}', wrong=wrong)

    assert f">{lead} Say it.</a>" in html


def test_typed_text_is_escaped_everywhere() -> None:
    form = Sample({"name": "<b>x</b>" * 30, "problem": "<script>"})
    html = render('{% include "components/error_summary.html" %}{% include "components/form_fields.html" %}', form=form)
    assert "<script>" not in html
    assert "<b>x" not in html


# ---- lists ----
def test_facet_links_add_and_remove(rf: RequestFactory) -> None:
    request = rf.get("/en/incubators/?q=park&country=KG&cursor=abc")
    found = facets.facet(request, "country", "Country", [("KG", "Kyrgyzstan", 4), ("TJ", "Tajikistan", 3)])
    assert [option.label for option in found.chosen] == ["Kyrgyzstan"]
    assert found.options[0].toggle_url == "/en/incubators/?q=park"
    assert found.options[1].toggle_url == "/en/incubators/?q=park&country=KG&country=TJ"
    assert facets.cleared(request, [found]) == "/en/incubators/?q=park"


def test_a_long_facet_folds_and_an_empty_one_is_not_shown(rf: RequestFactory) -> None:
    towns = [(f"t{number}", f"Town {number}", 1) for number in range(12)]
    found = facets.facet(rf.get("/en/x/"), "city", "City", towns, first=10, more="All cities")
    none = facets.facet(rf.get("/en/x/"), "sector", "Sector", [])
    html = render('{% include "components/facets.html" %}', facets=[found, none])
    assert html.index('value="t9"') < html.index("<summary>All cities</summary>") < html.index('value="t10"')
    assert html.count('class="fold"') == 1
    assert len(set(re.findall(r'id="([^"]+)"', html))) == 12
    assert "Sector" not in html


def test_the_head_of_a_folded_facet_says_how_many_of_it_are_chosen(rf: RequestFactory) -> None:
    request = rf.get("/en/x/?city=t1&city=t2&kind=k1")
    towns, kinds = ([(f"{sign}{n}", f"{sign}{n}", 1) for n in range(4)] for sign in "tk")
    found = [facets.facet(request, *about) for about in (("city", "City", towns), ("kind", "Kind", kinds))]
    found.append(facets.facet(request, "none", "None", towns))

    html = render('{% include "components/facets.html" %}', facets=found)

    heads = re.findall(r'<summary>(\w+) <span class="num" data-says="{n} active">([^<]*)</span></summary>', html)
    assert heads == [("City", "2 active"), ("Kind", "1 active"), ("None", "")]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "University incubator or start-up centre",
            'University incubator or <span class="nowrap">start-up</span> centre',
        ),
        ("Idea (decree PP-59)", 'Idea (decree <span class="nowrap">PP-59</span>)'),
        ("научно-исследовательский центр", "научно-исследовательский центр"),
        ("<b>A-1</b> & co", '&lt;b&gt;<span class="nowrap">A-1</span>&lt;/b&gt; &amp; co'),
        ("2019-2020 - a year", '<span class="nowrap">2019-2020</span> - a year'),
        ("no hyphen & no span", "no hyphen &amp; no span"),
    ],
)
def test_short_words_with_a_hyphen_are_held_together(words: str, shown: str) -> None:
    assert unbroken(words) == shown


# ---- with a browser ----
AXE_RUNS = [
    (width, only, scheme) for width in (320, 768, 1280) for only in ("light", "dark", "rtl") for scheme in ("light",)
] + [(1280, "light", "dark")]


@pytest.mark.django_db(transaction=True)
def test_nothing_for_axe_and_no_sideways_scroll(live_server: Any, chromium: Any) -> None:
    troubles = []
    for width, only, scheme in AXE_RUNS:
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.on("console", lambda message, note=troubles.append: message.type == "error" and note(message.text))
        page.goto(f"{live_server.url}/en/components/?only={only}")
        troubles += [(width, only, scheme, violation) for violation in violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        troubles += [(width, only, "scrolls sideways", wide)] if wide > 0 else []
        context.close()
    assert troubles == []


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_head_of_a_folded_facet_follows_what_is_chosen(live_server: Any, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{live_server.url}/en/components/?only=light&kind=hub")
    page.locator(".facets > summary").first.click()
    head = page.locator(".fold > summary").first
    said = [head.inner_text()]

    for box in ("Technopark", "Hub", "Technopark"):
        page.get_by_label(box).first.click()
        said.append(head.inner_text())
    page.close()

    assert [words.split() for words in said] == [
        ["Kind", "1", "active"], ["Kind", "2", "active"], ["Kind", "1", "active"], ["Kind"],
    ]  # fmt: skip


@pytest.mark.parametrize(("wide", "is_hinted"), [(330, False), (346, True), (900, True)])
def test_a_wide_table_says_at_its_edge_that_it_goes_on(chromium: Any, wide: int, is_hinted: bool) -> None:
    html = f'<link rel=stylesheet href=/site.css><div class="scroll"><svg width={wide} height=40></svg></div>'
    page = chromium.new_page(viewport={"width": 336, "height": 100})
    page.route("**/site.css", lambda route: route.fulfill(path=STATIC / "site.css", content_type="text/css"))
    page.route("http://wide.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://wide.test/")
    frame = page.locator(".scroll").bounding_box()

    shot = page.screenshot(clip={"x": frame["x"] + frame["width"] - 1, "y": frame["y"] + 5, "width": 1, "height": 1})
    paper = page.screenshot(clip={"x": frame["x"] + 100, "y": frame["y"] + 5, "width": 1, "height": 1})
    page.close()

    assert (shot != paper) is is_hinted


def test_preview_may_be_framed_by_the_editors_desk(rf: RequestFactory) -> None:
    from django.http import HttpResponse

    from network_platform.policy import EDITORS_DESK, PolicyByPath

    strict = HttpResponse(headers={"Content-Security-Policy": "frame-ancestors 'none'"})
    answer = PolicyByPath(lambda request: strict)(rf.get("/wagtail/pages/1/edit/preview/"))
    assert "Content-Security-Policy" not in answer, "CSPMiddleware writes the desk's own"
    assert answer._csp_config is EDITORS_DESK


@pytest.mark.parametrize("chosen", ["", ' data-theme="dark"'])
def test_paper_is_black_on_white_whatever_the_device_prefers(chromium: Any, chosen: str) -> None:
    html = f'<html{chosen}><link rel="stylesheet" href="/site.css"><h1>Words</h1><p class="soft">More</p></html>'
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.route("**/site.css", lambda route: route.fulfill(path=STATIC / "site.css", content_type="text/css"))
    page.route("http://paper.test/", lambda route: route.fulfill(body=html, content_type="text/html"))

    page.goto("http://paper.test/")
    page.emulate_media(media="print", color_scheme="dark")

    ink = "name => getComputedStyle(document.querySelector(name)).color"
    assert [page.evaluate(ink, name) for name in ("h1", "p")] == ["rgb(0, 0, 0)"] * 2
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/en/mentors/mine/leave/", "/en/mentors/mine/"),
        ("/en/nowhere/at/all/", "/en/"),
        ("/ru/mentors/join/autosave/", "/ru/mentors/join/"),
    ],
)
def test_the_way_up_leads_to_a_page_of_ours(path: str, above: str) -> None:
    from network_platform.errors import page_above

    with translation.override(path[1:3]):
        assert page_above(path) == above
