"""Handbooks: bibliographic entries, some of them with chapters to read here."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cms.enums import Motif
from cms.models.base import IndexPage
from cms.models.documents import DocumentPage
from cms.models.volumes import Leaf, Volume, with_leaves
from cms.rules import readable


class HandbookIndexPage(IndexPage):
    section = "handbooks"
    template = "cms/handbook_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.HandbookPage"]

    class Meta:
        verbose_name = _("list of handbooks")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = readable(HandbookPage.objects.child_of(self), self.closed).order_by("-year", "title")
        found = found.select_related("locale", "alias_of__locale")
        handbooks = with_leaves(list(found))
        documents = DocumentPage.objects.filter(locale_id=self.locale_id).with_languages()
        return super().get_context(request, *args, **kwargs) | {
            "to_read": [handbook for handbook in handbooks if handbook.leaves],
            "listed": [handbook for handbook in handbooks if not handbook.leaves],
            "documents": readable(documents, self.closed).order_by("-dated"),
        }


class HandbookPage(Volume):
    """A handbook. Without chapters it is an entry of the list: title, symbol, ISBN, year, where to find it."""

    edition = models.CharField(_("edition"), max_length=80, blank=True)
    published_on = models.DateField(_("date of the edition"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    isbn = models.CharField("ISBN", max_length=20, blank=True)
    languages = models.CharField(_("languages"), max_length=40, blank=True, help_text="en, ru")
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    source_url = models.URLField(_("where it is published"), max_length=300, blank=True)
    motif = models.CharField(_("cover"), max_length=10, choices=Motif, default=Motif.STARS)
    is_sample = models.BooleanField(_("sample text"), default=False, help_text=_("Every page of it then says so."))

    section = "handbooks"
    template = "cms/handbook.html"
    parent_page_types = ["cms.HandbookIndexPage"]
    subpage_types = ["cms.ChapterPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("subtitle"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("publisher"), FieldPanel("year"), FieldPanel("edition"), FieldPanel("published_on")],
            heading=_("Edition"),
        ),
        MultiFieldPanel(
            [FieldPanel("symbol"), FieldPanel("isbn"), FieldPanel("pages"), FieldPanel("source_url")],
            heading=_("Bibliography"),
        ),
        MultiFieldPanel([FieldPanel("languages"), FieldPanel("text_language")], heading=_("Languages")),
        FieldPanel("motif"),
        FieldPanel("is_sample"),
    ]

    class Meta:
        verbose_name = _("handbook")
        verbose_name_plural = _("handbooks")

    @classmethod
    def leaf_model(cls) -> type[Leaf]:
        return ChapterPage

    @property
    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]

    @property
    def published_in(self) -> list[str]:
        """Its languages; where they are not known, the one of what is shown of it here."""
        return self.language_codes or [self.text_language_code]


class ChapterPage(Leaf):
    section = "handbooks"
    template = "cms/chapter.html"
    parent_page_types = ["cms.HandbookPage"]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
