"""Reading: the home page leads to a handbook, chapter by chapter, in the other language; the report is searched."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker

HANDBOOK, REPORT = "/handbooks/first-steps/", "/documents/speca-working-group-2023/"


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT, ids=str)
def test_a_visitor_reads_a_handbook(variant: Variant, walk: Callable[[Variant], Walker]) -> None:
    reader = walk(variant)
    page = reader.go("/")
    reader.press(f"main a[href$='{HANDBOOK}'] >> nth=0")
    reader.press(f"main a[href*='{HANDBOOK}']:not([href$='.pdf']) >> nth=0")
    first = page.text_content("h1")
    reader.press("a[rel=next]")
    assert page.text_content("h1") != first
    page.click("a[rel=prev]")
    assert page.text_content("h1") == first
    other = "ru" if variant.language == "en" else "en"
    reader.press(f"main a[hreflang={other}] >> nth=0")
    assert f"/{other}/handbooks/" in page.url
    assert page.text_content("h1") != first


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT, ids=str)
def test_a_visitor_searches_the_report(variant: Variant, walk: Callable[[Variant], Walker]) -> None:
    reader = walk(variant)
    page = reader.go(f"{REPORT}?q=trainers")
    assert page.locator("mark").count() > 0
    page.click("main a[href*='#']:has(mark), main li a[href*='#'] >> nth=0")
    reader.check()
    anchor = page.url.split("#")[1]
    assert page.locator(f"[id='{anchor}']").count() == 1


def test_the_handbook_is_a_pdf_too(walk: Callable[[Variant], Walker]) -> None:
    reader = walk(Variant(360, "ru"))

    answer = reader.context.request.get(reader.address(f"{HANDBOOK[:-1]}.pdf"))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
