"""News: of the network, and of one country below its page."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms import reading
from cms.fields import BodyField
from cms.models.base import IndexPage, SitePage, address_of
from cms.rules import readable

A_PAGE = 20


class NewsQuerySet(PageQuerySet):
    def newest(self) -> "NewsQuerySet":
        """With what lists read of a title's language."""
        return self.defer("body").select_related("locale", "alias_of__locale").order_by("-date", "-pk")

    def in_locale(self, locale_id: int) -> "NewsQuerySet":
        return self.filter(locale_id=locale_id)


NewsManager = PageManager.from_queryset(NewsQuerySet)


class NewsIndexPage(IndexPage):
    """News from everywhere: its own children and those of the countries' pages."""

    section = "news"
    template = "cms/news_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("list of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = readable(NewsPage.objects.in_locale(self.locale_id), self.closed).newest()
        page = Paginator(news, A_PAGE).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"news": page, "page_obj": page}


class NewsPage(SitePage):
    date = models.DateField(_("date"), default=timezone.localdate)
    lead = models.TextField(_("lead"), max_length=400, blank=True)
    body = BodyField(verbose_name=_("text"))

    objects = NewsManager()

    section = "news"
    template = "cms/news.html"
    parent_page_types = ["cms.NewsIndexPage", "cms.CountryPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("date"), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        above = self.get_parent().localized
        return super().get_context(request, *args, **kwargs) | {
            "text": reading.read(self.body, margin=""),
            "above": above,
            "above_url": address_of(above.url_path),
            "above_language": above.locale.language_code,
            "news_url": f"/{get_language()}/{NewsIndexPage.section}/",
        }
