"""The first page. Its words are edited here; what it lists comes from the apps below."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms import front
from cms.models.base import SitePage


class HomePage(SitePage):
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    lead = models.TextField(_("lead"), max_length=400, blank=True)

    section = "home"
    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.HandbookIndexPage",
        "cms.NewsIndexPage",
        "cms.CountryIndexPage",
        "cms.DocumentIndexPage",
        "cms.InfoPage",
    ]
    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("lead")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | front.context(self)
