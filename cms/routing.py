"""Finding the page at an address: one query for the whole way to it, where Wagtail takes two a step."""

from django.db.models import Q
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from cms.models import HomePage

MOST_STEPS = 6
TREE = ("path", "depth", "numchild", "title", "slug", "url_path", "live", "translation_key")
NEEDED = (*TREE, "content_type", "alias_of", "locale")


def find_page(path: str) -> Page | None:
    """The published page at `path` (without the language prefix), all pages above it being published.

    A page that does not exist in the reader's language is found in another: better read than missed.
    """
    steps = [step for step in path.split("/") if step]
    if len(steps) > MOST_STEPS:
        return None
    named = Page.objects.filter(slug__in=steps)
    wanted = Q(translation_key__in=named.values("translation_key")) | Q(depth=2)
    known = list(Page.objects.filter(wanted).select_related("locale").only(*NEEDED))
    by_address = {page.url_path: page for page in known}
    found = next((page for root in root_paths() if (page := walk(by_address, root, steps))), None)
    if found is not None:
        found.twins = [page for page in known if page.translation_key == found.translation_key and page is not found]
    return found


def root_paths() -> list[str]:
    """Paths of the first pages: that in the reader's language, then the others. Kept in the cache by Wagtail."""
    roots = Site.get_site_root_paths()
    return [root.root_path for root in sorted(roots, key=lambda root: root.language_code != get_language())]


def walk(by_address: dict[str, Page], root: str, steps: list[str]) -> Page | None:
    address, page = root, by_address.get(root)
    for step in steps:
        if page is None or not page.live:
            return None
        above, address = page, f"{address}{step}/"
        page = by_address.get(address)
        if page is not None:
            page._cached_parent_obj = above
    return page if page is not None and page.live else None


def route(path: str) -> RouteResult | None:
    """What Wagtail's own `serve` asks for, found in two queries; the page keeps its locale and its parent."""
    page = find_page(path)
    if page is None:
        return None
    specific = page.specific
    specific.locale, specific._cached_parent_obj = page.locale, getattr(page, "_cached_parent_obj", None)
    specific.twins = page.twins
    return RouteResult(specific)


def route_home() -> RouteResult | None:
    """The first page in the reader's language, in one query; None before there is one."""
    homes = {home.language: home for home in HomePage.objects.live().filter(depth=2).select_related("locale")}
    home = homes.get(get_language()) or next(iter(homes.values()), None)
    return RouteResult(home) if home else None
