"""Skills as the network names them."""

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from network_platform.languages import in_language

LABELS_KEY = "mentors.expertise.labels"


class ExpertiseManager(models.Manager["Expertise"]):
    def labels(self) -> dict[str, dict[str, str]]:
        """Code to texts, in their order; from the cache, which every process fills anew after five minutes."""
        found = cache.get(LABELS_KEY)
        if found is None:
            found = dict(self.values_list("code", "labels"))
            cache.set(LABELS_KEY, found, 300)
        return found


class Expertise(models.Model):
    """One area of expertise. Reference data of the secretariat."""

    code = models.SlugField(max_length=40, unique=True)
    labels = models.JSONField(default=dict, help_text='Texts per language: {"en": "...", "ru": "..."}.')
    order = models.PositiveSmallIntegerField(default=0)

    objects = ExpertiseManager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("area of expertise")
        verbose_name_plural = _("areas of expertise")

    def __str__(self) -> str:
        return in_language(self.labels) or self.code
