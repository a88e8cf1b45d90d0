"""Pages of plain information: privacy, accessibility, contact, how results are computed."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms import reading
from cms.fields import BodyField
from cms.models.base import SitePage


class InfoPage(SitePage):
    lead = models.TextField(_("lead"), max_length=400, blank=True)
    body = BodyField(verbose_name=_("text"), blank=True)

    template = "cms/info.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"text": reading.read(self.body, margin="")}
