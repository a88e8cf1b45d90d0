"""Rows of this app; see tests/matrix/engine.py."""

from tests.matrix.engine import ALL, Prefix, Row

ROWS: dict[str, Row] = {
    "cms:home": Row(path=lambda world, side: "/en/", allow={"GET": ALL}),
    "cms:page": Row(path=lambda world, side: world.side(side).published_news.address, allow={"GET": ALL}),
    "cms:pdf": Row(path=lambda world, side: world.side(side).guide.pdf_address, allow={"GET": ALL}),
    "wagtail_serve": Row(path=lambda world, side: world.side(side).unpublished_news.address, allow={}, absent=True),
}

# Files of editors, each with the rights of its collection; and Wagtail's door to pages with a password, which are off.
PREFIXES = [Prefix("documents/", roles=ALL), Prefix("_util/", roles=ALL)]
