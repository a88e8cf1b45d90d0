"""What handbooks and documents share: a volume has leaves (chapters, sections) that are read one after the other."""

from collections.abc import Iterable
from math import ceil
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms import reading
from cms.enums import TextLanguage
from cms.fields import BodyField
from cms.models.base import SitePage, address_of
from cms.passages import Hit, count_words, only_by_sound, search
from cms.rules import readable

WORDS_A_MINUTE = 180
LONGEST_QUESTION = 200


class Volume(SitePage):
    """A text of several leaves with a contents column, search inside, and one PDF."""

    subtitle = models.CharField(_("subtitle"), max_length=250, blank=True)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    symbol = models.CharField(_("document symbol"), max_length=60, blank=True, help_text="ECE/CECI/29")
    text_language = models.CharField(_("language of the text"), max_length=8, choices=TextLanguage, blank=True)

    class Meta:
        abstract = True

    @property
    def text_language_code(self) -> str:
        return self.text_language or super().text_language_code

    @cached_property
    def leaves(self) -> list["Leaf"]:
        """Published leaves in reading order, without their bodies; numbered from 1."""
        found = readable(self.leaf_model().objects.child_of(self), self.closed)
        return self.numbered(found.order_by("path").defer("body"))

    def numbered(self, leaves: Iterable["Leaf"]) -> list["Leaf"]:
        found = list(leaves)
        for number, leaf in enumerate(found, 1):
            leaf.number, leaf.volume, leaf.closed = number, self, self.closed
        return found

    @property
    def pdf_address(self) -> str:
        return f"{self.address.rstrip('/')}.pdf"

    @property
    def minutes(self) -> int:
        return sum(leaf.minutes for leaf in self.leaves)

    @classmethod
    def leaf_model(cls) -> type["Leaf"]:
        raise NotImplementedError

    def passages(self, words: str) -> list[Hit]:
        """Paragraphs of the whole volume that hold every word, in reading order, with the words marked."""
        bodies = dict(self.leaf_model().objects.child_of(self).live().values_list("pk", "body"))
        leaves = [leaf for leaf in self.leaves if leaf.pk in bodies]
        by_sound = only_by_sound((bodies[leaf.pk] for leaf in leaves), words)
        return [
            Hit(leaf=leaf, anchor=anchor, text=text)
            for leaf in leaves
            for anchor, text in search(bodies[leaf.pk], words, by_sound=by_sound)
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        words = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
        hits = self.passages(words) if words else []
        return super().get_context(request, *args, **kwargs) | {"volume": self, "words": words, "hits": hits}


def with_leaves(volumes: list[Volume]) -> list[Volume]:
    """The same volumes, the leaves of all of them fetched in one query."""
    if volumes:
        above = Q(pk__in=[])
        for volume in volumes:
            above |= Q(path__startswith=volume.path, depth=volume.depth + 1)
        found = volumes[0].leaf_model().objects.filter(above).order_by("path").defer("body")
        leaves = list(readable(found, volumes[0].closed))
        for volume in volumes:
            volume.closed = volumes[0].closed
            volume.leaves = volume.numbered(leaf for leaf in leaves if leaf.path.startswith(volume.path))
    return volumes


class Leaf(SitePage):
    """One chapter or section. `words` is counted when the page is saved, so that lists need no bodies."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)
    body = BodyField(verbose_name=_("text"), blank=True)
    words = models.PositiveIntegerField(default=0, editable=False)

    number = 0
    margin = "number"
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        self.words = count_words(self.body)

    @property
    def label(self) -> str:
        """The title as lists show it."""
        return f"{self.number} {self.title}" if self.number and self.margin == "number" else self.title

    @property
    def minutes(self) -> int:
        return max(1, ceil(self.words / WORDS_A_MINUTE))

    @cached_property
    def volume(self) -> Volume:
        volume = self.get_parent().specific
        volume.locale, volume.closed = self.locale, self.closed
        return volume

    @property
    def text_language_code(self) -> str:
        return self.volume.text_language_code

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        words = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
        text = reading.read(self.body, marked=words, margin=self.margin)
        twin = self.twin()
        pairs = reading.beside(text, twin.specific.body, self.margin) if twin and "beside" in request.GET else []
        return super().get_context(request, *args, **kwargs) | {
            "volume": self.volume,
            "text": text,
            "words": words,
            "pairs": pairs,
            **self.neighbours(),
            **link_to(twin),
        }

    def neighbours(self) -> dict[str, "Leaf | None"]:
        """The leaves before and after this one; sets this one's number on the way."""
        leaves = self.volume.leaves
        self.number = next((leaf.number for leaf in leaves if leaf.pk == self.pk), 0)
        around = {leaf.number: leaf for leaf in leaves} if self.number else {}
        return {"previous": around.get(self.number - 1), "next": around.get(self.number + 1)}

    def twin(self) -> Page | None:
        """The same leaf in another language, without its words: its paragraphs have the same ids there."""
        if self.alias_of_id or self.is_untranslated:
            return None
        same = Page.objects.filter(translation_key=self.translation_key, alias_of__isnull=True).exclude(pk=self.pk)
        needed = ("path", "url_path", "content_type", "locale__language_code")
        return readable(same, self.closed).select_related("locale").only(*needed).first()


def link_to(twin: Page | None) -> dict[str, str]:
    """Where the twin is and what the link to it says, in the twin's own language."""
    if twin is None:
        return {}
    code = twin.locale.language_code
    with translation.override(code):
        title = pgettext("link to this page in the language of these words", "Read in English")
        return {"twin": address_of(twin.url_path), "twin_code": code, "twin_short": code.upper(), "twin_title": title}
