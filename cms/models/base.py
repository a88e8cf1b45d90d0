"""What all pages of the site share."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction

from cms.rules import closed_paths


def address_of(url_path: str) -> str:
    """`/en/news/a/` in the tree of any language is `/ru/news/a/` for a Russian reader."""
    return f"/{get_language()}/{url_path.split('/', 2)[2]}"


class SitePage(Page):
    """A page of the public site. Its address is the same in every language but for the prefix."""

    section = ""

    class Meta:
        abstract = True

    @cached_property
    def language(self) -> str:
        """The language of the page's tree."""
        return self.locale.language_code

    @property
    def address(self) -> str:
        """Path of the page in the reader's language; every page answers in each, in other words if need be."""
        return address_of(self.url_path)

    @property
    def text_language_code(self) -> str:
        """The language its words are in; an alias of an English page in the Russian tree says "en"."""
        return self.alias_of.locale.language_code if self.alias_of_id else self.language

    @property
    def is_untranslated(self) -> bool:
        """Whether the words are in another language than the interface around them."""
        return self.text_language_code != get_language()

    def paths(self) -> list[str]:
        """Tree paths of the page and of every page above it."""
        return [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]

    @cached_property
    def closed(self) -> list[str]:
        """Tree paths below which nothing is public, asked for once a request; routing hands them on."""
        return closed_paths()

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Restrictions of this page, of those above it, and of the pages of which any of them is an alias."""
        if not any(self.path.startswith(path) for path in self.closed):
            return PageViewRestriction.objects.none()
        above = models.Q(page__path__in=self.paths())
        return PageViewRestriction.objects.filter(above | models.Q(page__aliases__path__in=self.paths())).distinct()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"section": self.section}


class IndexPage(SitePage):
    """A page that lists its children."""

    introduction = models.TextField(blank=True, max_length=600)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    max_count_per_parent = 1

    class Meta:
        abstract = True
