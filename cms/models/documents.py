"""Documents: official texts in sections, such as the report of a session."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms.models.base import IndexPage
from cms.models.volumes import Leaf, Volume
from cms.rules import readable


class DocumentIndexPage(IndexPage):
    section = "handbooks"
    template = "cms/document_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.DocumentPage"]

    class Meta:
        verbose_name = _("list of documents")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        documents = readable(DocumentPage.objects.child_of(self).with_languages(), self.closed)
        return super().get_context(request, *args, **kwargs) | {"documents": documents.order_by("-dated", "title")}


class DocumentQuerySet(PageQuerySet):
    def with_languages(self) -> "DocumentQuerySet":
        """With what lists read of a title's language."""
        return self.select_related("locale", "alias_of__locale")


class DocumentPage(Volume):
    """An official text. Its sections hold the words as they were adopted."""

    dated = models.DateField(_("date of the document"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)

    objects = PageManager.from_queryset(DocumentQuerySet)()

    section = "handbooks"
    template = "cms/document.html"
    parent_page_types = ["cms.DocumentIndexPage"]
    subpage_types = ["cms.SectionPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("subtitle"),
        FieldPanel("summary"),
        FieldPanel("publisher"),
        FieldPanel("symbol"),
        FieldPanel("dated"),
        FieldPanel("place"),
        FieldPanel("text_language"),
    ]

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @classmethod
    def leaf_model(cls) -> type[Leaf]:
        return SectionPage


class SectionPage(Leaf):
    section = "handbooks"
    template = "cms/section.html"
    parent_page_types = ["cms.DocumentPage"]
    margin = "pilcrow"

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
