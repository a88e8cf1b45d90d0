"""A country's words and news. The country's public page is the registry's; this text appears on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms import reading
from cms.fields import BodyField
from cms.models.base import IndexPage, SitePage
from cms.models.news import NewsPage
from cms.rules import readable

ISO2 = [("AF", "AF"), ("AZ", "AZ"), ("KG", "KG"), ("KZ", "KZ"), ("TJ", "TJ"), ("TM", "TM"), ("UZ", "UZ")]


class CountryIndexPage(IndexPage):
    """Holds the countries' pages. Its address, `/countries/`, is answered by the registry."""

    template = "cms/info.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CountryPage"]

    class Meta:
        verbose_name = _("countries")


class CountryPage(SitePage):
    """Introduction to one country. The slug is the country's code, so that the address is the registry's."""

    iso2 = models.CharField(_("country"), max_length=2, choices=ISO2)
    lead = models.TextField(_("lead"), max_length=600, blank=True)
    body = BodyField(verbose_name=_("text"), blank=True)

    template = "cms/country.html"
    is_creatable = False
    parent_page_types = ["cms.CountryIndexPage"]
    subpage_types = ["cms.NewsPage"]
    content_panels = [*Page.content_panels, FieldPanel("iso2", read_only=True), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("country page")
        verbose_name_plural = _("country pages")

    def clean(self) -> None:
        super().clean()
        if self.slug != self.iso2.lower():
            raise ValidationError({"slug": gettext("The address must be the country's code: %s") % self.iso2.lower()})

    def latest_news(self, most: int = 3) -> list[NewsPage]:
        return list(readable(NewsPage.objects.child_of(self), self.closed).newest()[:most])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        text = reading.read(self.body, margin="")
        return super().get_context(request, *args, **kwargs) | {"text": text, "news": self.latest_news()}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only reached if the registry does not answer at this address, or in a preview."""
        if getattr(request, "is_preview", False):
            return super().serve(request, *args, **kwargs)
        return HttpResponseRedirect(self.url)
