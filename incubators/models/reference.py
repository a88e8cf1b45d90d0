"""Reference data: rows that `load_reference` keeps in step with `fixtures/reference.yaml`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network_platform.languages import in_language


class Country(models.Model):
    """One of the seven countries of the programme. `languages` lists the official ones, the national one first."""

    iso2 = models.CharField(max_length=2, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    own_name = models.CharField(max_length=60, blank=True)
    time_zone = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    languages = models.JSONField(default=list)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["slug"]

    def __str__(self) -> str:
        return in_language(self.names)


class LanguageQuerySet(models.QuerySet["Language"]):
    """All languages are read at once."""

    def by_code(self) -> dict[str, "Language"]:
        return {language.code: language for language in self}


class Language(models.Model):
    """A language that people of the region write or work in. `code` is what `lang=""` takes."""

    code = models.CharField(max_length=8, unique=True)
    names = models.JSONField(default=dict)
    own_name = models.CharField(max_length=60, blank=True)
    script = models.CharField(max_length=4)
    is_rtl = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = LanguageQuerySet.as_manager()

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return in_language(self.names)


class SectorQuerySet(models.QuerySet["Sector"]):
    """All sectors are read at once."""

    def by_word(self) -> dict[str, "Sector"]:
        """By the code, and by the words in every language, in small letters."""
        sectors: list[Sector] = list(self)
        words = {word.casefold(): sector for sector in sectors for word in sector.labels.values()}
        return words | {sector.code: sector for sector in sectors}


class Sector(models.Model):
    """A branch of the economy, as organisations, start-ups and competitions name it."""

    code = models.SlugField(max_length=40, unique=True)
    labels = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return in_language(self.labels)


class Sdg(models.Model):
    """One of the seventeen Sustainable Development Goals."""

    number = models.PositiveSmallIntegerField(unique=True)
    titles = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Sustainable Development Goal")
        verbose_name_plural = _("Sustainable Development Goals")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {in_language(self.titles)}"


class City(models.Model):
    """A town of one country. The slug is made from any spelling, so that Алматы and Almaty are one city."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="cities")
    slug = models.SlugField(max_length=80)
    names = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["country", "slug"], name="city_once_in_country")]

    def __str__(self) -> str:
        return in_language(self.names)
