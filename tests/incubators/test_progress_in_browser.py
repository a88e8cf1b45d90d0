"""The page of an import that is being taken back, in Chromium: it turns to the report by itself, with script and without."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from incubators.services.imports.undo import start_undo
from incubators.tasks import undo_import
from tests.incubators.factories import secretary
from tests.incubators.imports import imported

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
SOON = 20_000  # milliseconds


@pytest.mark.parametrize("script", [True, False])
def test_page_turns_to_the_report_by_itself(chromium: Any, live_server: Any, script: bool) -> None:
    office, client = secretary(language="en"), Client()
    run = imported("organisations", "name_en,type,country_iso2,city\nSteppe Hub,hub,KZ,Almaty\n", office)
    start_undo(run=run, by=office)
    client.force_login(office)
    context = chromium.new_context(java_script_enabled=script)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    loads: list[str] = []
    page.on("request", lambda asked: loads.append(asked.url) if asked.is_navigation_request() else None)

    page.goto(f"{live_server.url}/en/incubators/import/{run.uid}/")
    expect(page.locator("h1")).to_have_text("Being taken back")
    expect(page.locator("#so-far")).to_have_text("0 of 1 entry is looked at.")
    undo_import(run.pk)

    expect(page.locator("h1")).to_have_text("Imported and taken back", timeout=SOON)
    expect(page.locator("main")).to_contain_text("Taken back: 1 removed, 0 set back, 0 left")
    assert (len(loads) == 1) is script
    if script:
        expect(page.locator("h1")).to_be_focused()
        expect(page).to_have_title(re.compile("Import a file"))
    context.close()
