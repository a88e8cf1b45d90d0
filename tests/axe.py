"""What axe finds on a page. Only violations travel back from the browser: what passed is most of axe's answer."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


def violations(page: Any) -> list[str]:
    """One line for each rule that the page breaks, with the place that breaks it first."""
    page.evaluate(AXE_SCRIPT)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in page.evaluate(RUN)]
