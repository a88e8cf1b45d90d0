"""A founder applies: eligibility first, answers kept as typed, a PDF, a receipt whose digest can be recomputed."""

import hashlib
import io
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from pypdf import PdfWriter

from tests.journeys.conftest import EVERYWHERE, WITHOUT_SCRIPT, Variant, Walker
from tests.journeys.stack import Platform

CALL = "/competitions/circular-economy/"
SHORT = {"decimal": "12", "numeric": "12", "number": "12", "url": "https://sample.example"}
ANSWER = "We press cotton waste into panels. Nine mills were asked, seven would pay."


def small_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=200)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("variant", EVERYWHERE + WITHOUT_SCRIPT, ids=str)
def test_a_founder_applies(variant: Variant, walk: Callable[[Variant], Walker], platform: Platform) -> None:
    email = platform.run("tests.journeys.data:person", f"founder-{variant}", variant.language)
    founder = walk(variant)
    founder.sign_in(email)

    page = founder.go(CALL)
    founder.press(f"a[href$='{CALL}apply/']")
    check_and_begin(founder, f"Sample Panels {variant}")
    pages = 0
    while "/review/" not in page.url:
        assert pages < 8
        with founder.saving() if pages == 0 else nullcontext():
            fill_page(page)
        if founder.variant.script and pages == 0:
            page.reload()
            assert page.input_value("textarea >> nth=0") == ANSWER
        founder.press("button[name=act][value=next]")
        pages += 1
    founder.press("main form button.btn")

    assert "/receipt/" in page.url
    digest = page.locator("dl code").first.text_content()
    content = founder.context.request.get(platform.address + page.locator("a[download]").get_attribute("href"))
    assert hashlib.sha256(content.body()).hexdigest() == digest
    mail = platform.mails_to(email)[0]
    assert digest in mail.get_content()


def check_and_begin(founder: Walker, startup: str) -> None:
    page = founder.page
    if page.locator("[name$=name]").count():
        page.fill("main [name$=name]", startup)
        page.select_option("main [name$=country]", index=2)
        page.locator("main [name$=stage]").nth(1).check(force=True)
        page.fill("main [name$=team_size]", "4")
    if page.locator("main [name=track]").count():
        page.locator("main [name=track]").first.check(force=True)
    for box in page.locator("main input[name^=statement]").all():
        box.check(force=True)
    founder.press("main form button.btn")


def fill_page(page: Any) -> None:
    """Whatever the page asks: text, numbers, choices, an address, a file."""
    form = page.locator("form[data-autosave]")
    for control in form.locator("textarea").all():
        control.fill(ANSWER)
    for control in form.locator("input.form-control:not([type=file])").all():
        kind = control.get_attribute("inputmode") or control.get_attribute("type") or ""
        control.fill(SHORT.get(kind, "Panels"))
    for name in {radio.get_attribute("name") for radio in form.locator("input[type=radio]").all()}:
        form.locator(f"input[type=radio][name={name}]").first.check(force=True)
    files = form.locator("input[type=file]")
    if files.count():
        files.first.set_input_files({"name": "slides.pdf", "mimeType": "application/pdf", "buffer": small_pdf()})
