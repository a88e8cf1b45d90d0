"""What is asked for unasked: robots.txt, sitemap.xml, security.txt, and the mark beside a PDF."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, cache_page
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from network_platform.desk import gather

HOUR = 3600
PRIVATE = (
    "accounts/",
    "desk/",
    "inbox/",
    "incubators/claims/",
    "incubators/invitations/",
    "incubators/mine/",
    "journal/",
    "judging/",
    "mentors/requests/",
    "messages/",
    "people/",
    "search/",
    "settings/",
    "startups/invitations/",
    "startups/new/",
)


class AppPages(Sitemap):
    """Public paths of every app, in every language, each naming its other languages."""

    i18n = alternates = x_default = True
    limit = 50_000

    def items(self) -> list[str]:
        return [path.lstrip("/") for paths in gather("sitemap") for path in paths]

    def location(self, item: str) -> str:
        return f"/{get_language()}/{item}"


class ContentPages(Sitemap):
    """Wagtail's live public pages; a page that is translated names its translations."""

    limit = 50_000

    def items(self) -> list[Page]:
        return list(live_pages().order_by("path"))

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """As Django's, with alternates from the pages' translation keys, in one query."""
        pages = self.paginator.page(page).object_list
        addresses = {one.pk: one.get_full_url() for one in pages}
        translations: dict[object, dict[str, str]] = {}
        for one in pages:
            translations.setdefault(one.translation_key, {})[one.locale.language_code] = addresses[one.pk]
        self.latest_lastmod = max((one.last_published_at for one in pages if one.last_published_at), default=None)
        return [_entry(one, addresses[one.pk], translations[one.translation_key]) for one in pages if addresses[one.pk]]


def _entry(page: Page, address: str, translations: dict[str, str]) -> dict[str, object]:
    alternates = [{"lang_code": code, "location": there} for code, there in translations.items()]
    return {"item": page, "location": address, "lastmod": page.last_published_at, "alternates": alternates}


def live_pages() -> QuerySet[Page]:
    """Pages that everybody may read, below the site's roots in each language."""
    pages = Page.objects.live().public().filter(depth__gt=1).select_related("locale").defer_streamfields()
    roots = [root for site in Site.objects.select_related("root_page") for root in _translated(site.root_page)]
    wanted = pages.none()
    for root in roots:
        wanted = wanted | pages.descendant_of(root, inclusive=True)
    return wanted


def _translated(root: Page) -> list[Page]:
    return list(root.get_translations(inclusive=True))


SECTIONS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {"network": AppPages, "pages": ContentPages}


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Kept for an hour under one address: each query would be kept as a page of its own."""
    return redirect("sitemap") if request.META.get("QUERY_STRING") else whole_sitemap(request)


@cache_page(HOUR)
def whole_sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap(request, SECTIONS)


@cache_control(public=True, max_age=HOUR)
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Public pages may be read by anybody; the desks, drafts and the editors' admin are nobody's business."""
    private = [f"/{code}/{path}" for code, _ in settings.LANGUAGES for path in PRIVATE]
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in ("/wagtail/", "/api/", "/documents/", *private)]]
    lines += ["Disallow: /*/drafts/", "", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=HOUR)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; the end date is always half a year ahead of the month's first day."""
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {_half_a_year_on(timezone.now()).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {', '.join(code for code, _ in settings.LANGUAGES)}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=HOUR)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Beside what names no mark of its own, such as a PDF, browsers ask for one at this address."""
    return redirect(static("mark.svg"))


def _half_a_year_on(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=183)
