"""Yearly figures: what is counted, how it is defined, and what organisations reported."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import ANSWERABLE_FIGURES, FiguresStatus, FigureUnit, MoneyKind
from incubators.models.imports import ImportRun
from incubators.models.organisations import Membership, Organisation, OrganisationQuerySet
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.languages import in_language
from network_platform.people.models import User

FIRST_YEAR_OF_FIGURES, LAST_YEAR_OF_FIGURES = 1990, 2200
DUE = (6, 1)  # month and day of the next year


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def asked_in(self, year: int) -> "IndicatorQuerySet":
        """Not retired in that year, and defined for it; with `definitions`, the newest first."""
        not_retired = models.Q(retired_from=None) | models.Q(retired_from__gt=year)
        defined = models.Exists(Definition.objects.filter(indicator=models.OuterRef("pk"), since__lte=year))
        return self.filter(not_retired, defined).prefetch_related("definitions")


class Indicator(models.Model):
    """Something that is counted every year. `retired_from` is the first year in which it is asked no more."""

    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    unit = models.CharField(max_length=10, choices=FigureUnit, default=FigureUnit.COUNT)
    order = models.PositiveSmallIntegerField(default=0)
    retired_from = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(unit__in=FigureUnit.values), name="indicator_unit_known"),
        ]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def uid(self) -> str:
        """What the journal knows it by."""
        return self.code

    @property
    def is_money(self) -> bool:
        return self.unit == FigureUnit.MONEY

    def definition_in(self, year: int) -> "Definition":
        """The one that holds in a year in which the indicator is asked."""
        return max((each for each in self.definitions.all() if each.since <= year), key=lambda each: each.since)


class Definition(models.Model):
    """What exactly is counted, from a year on. Never changed once figures refer to it: a new version is added."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="definitions")
    version = models.PositiveSmallIntegerField()
    since = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("definition of an indicator")
        verbose_name_plural = _("definitions of indicators")
        ordering = ["indicator", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="definition_version_once"),
            models.UniqueConstraint(fields=["indicator", "since"], name="definition_one_a_year"),
        ]

    def __str__(self) -> str:
        return in_language(self.texts)


class YearlyFiguresQuerySet(models.QuerySet["YearlyFigures"]):
    def accepted(self) -> "YearlyFiguresQuerySet":
        return self.filter(status=FiguresStatus.ACCEPTED)

    def waiting(self) -> "YearlyFiguresQuerySet":
        """Sent and not answered, the longest waiting first."""
        return self.filter(status=FiguresStatus.SUBMITTED).order_by("submitted_at", "pk")

    def public(self) -> "YearlyFiguresQuerySet":
        """What everybody may read: accepted, and published by an organisation that everybody may read."""
        return self.accepted().filter(is_published=True, organisation__in=Organisation.objects.public())

    def visible_to(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Twin of `rules.can_view_figures`: a draft is known to the organisation's editors alone."""
        if not user.is_authenticated or not user.is_active:
            return self.public()
        own = models.Q(organisation__in=Membership.objects.filter(user=user).values("organisation"))
        served = models.Q(pk__in=self.served_by(user).values("pk"))
        return self.filter(own | served | models.Q(pk__in=self.public().values("pk")))

    def served_by(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Sent once, of countries that the user serves."""
        return self.exclude(status=FiguresStatus.DRAFT).filter(
            organisation__in=Organisation.objects.reviewable_by(user)
        )

    def reviewable_by(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Twin of `rules.can_review_figures`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Membership.objects.filter(user=user).values("organisation")
        answerable = self.filter(status__in=ANSWERABLE_FIGURES)
        return answerable.filter(organisation__in=Organisation.objects.reviewable_by(user)).exclude(
            organisation__in=own
        )

    def withdrawable_by(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Twin of `rules.can_withdraw_figures`."""
        return self.filter(status=FiguresStatus.SUBMITTED, organisation__in=Organisation.objects.editable_by(user))

    def taken_back_from(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Sent once to who serves the country and withdrawn: that this happened is all that they are told of it."""
        return self.filter(
            status=FiguresStatus.DRAFT,
            submitted_at__isnull=False,
            organisation__in=Organisation.objects.reviewable_by(user),
        )

    def publishable_by(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Twin of `rules.can_publish_figures`."""
        return self.filter(status=FiguresStatus.ACCEPTED, organisation__in=Organisation.objects.editable_by(user))

    def kept_by_nobody(self) -> "YearlyFiguresQuerySet":
        """Only imported so far, not accepted, and not begun by its editors. What an import may change."""
        return self.filter(
            status__in=(FiguresStatus.SUBMITTED, FiguresStatus.QUERIED), import_run__isnull=False, typed={}
        )

    def with_values(self) -> "YearlyFiguresQuerySet":
        """With their numbers, the year last reported last."""
        return self.order_by("year").prefetch_related("values__definition__indicator")

    def editable_by(self, user: User | AnonymousUser) -> "YearlyFiguresQuerySet":
        """Twin of `rules.can_edit_figures`."""
        return self.filter(
            status__in=(FiguresStatus.DRAFT, FiguresStatus.QUERIED),
            organisation__in=Organisation.objects.editable_by(user),
        )


class YearlyFigures(Versioned):
    """One organisation's figures of one year. `question` is what the focal point asks about them.

    `typed` is the form as its editors filled it, complete or not, until it is sent; `values` are what was sent last.
    `is_published` is the organisation's own choice. `known_to` are people who edited the organisation and left.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="yearly_figures")
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=FiguresStatus, default=FiguresStatus.DRAFT)
    is_published = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    question = models.TextField(blank=True)
    typed = models.JSONField(default=dict, editable=False)
    import_run = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="figures")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    known_to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    is_late: bool  # set by the list of what waits

    objects = YearlyFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly figures")
        verbose_name_plural = _("yearly figures")
        ordering = ["-year", "organisation"]
        indexes = [models.Index(fields=["year", "status"], name="figures_by_year")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="figures_once_a_year"),
            models.CheckConstraint(condition=models.Q(status__in=FiguresStatus.values), name="figures_status_known"),
            models.CheckConstraint(
                condition=models.Q(year__range=(FIRST_YEAR_OF_FIGURES, LAST_YEAR_OF_FIGURES)),
                name="figures_year_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.year}"

    @property
    def scope(self) -> str:
        """The audience token of those who serve its country."""
        return self.organisation.scope

    @property
    def is_open(self) -> bool:
        """Whether its editors can write now."""
        return self.status in (FiguresStatus.DRAFT, FiguresStatus.QUERIED)

    @property
    def is_public(self) -> bool:
        return self.is_published and self.status == FiguresStatus.ACCEPTED and self.organisation.is_public


class FigureQuerySet(models.QuerySet["Figure"]):
    def accepted(self) -> "FigureQuerySet":
        return self.filter(figures__status=FiguresStatus.ACCEPTED)

    def totals(self) -> models.QuerySet["Figure", dict[str, Any]]:
        """Sums by year and indicator, of money by kind and currency, and how many organisations reported each."""
        by = ("figures__year", "definition__indicator", "money_kind", "currency")
        sums = self.values(*by).annotate(total=models.Sum("value"), reporters=models.Count("figures", distinct=True))
        return sums.order_by(*by)


def owing_figures(year: int) -> OrganisationQuerySet:
    """Listed organisations that somebody edits, that were there in that year and came into the directory before its
    figures were due, whose figures nobody has sent, or are with their editors because of a question.
    """
    sent = YearlyFigures.objects.filter(year=year, status__in=(FiguresStatus.SUBMITTED, FiguresStatus.ACCEPTED))
    edited = Membership.objects.filter(organisation=models.OuterRef("pk"))
    found = Organisation.objects.in_directory().filter(models.Exists(edited)).exclude(founded_year__gt=year)
    found = found.exclude(listed_at__date__gt=figures_due(year))
    return found.exclude(pk__in=sent.values("organisation"))


def figures_due(year: int) -> date:
    """The last day on which figures of the year are in time."""
    return date(year + 1, *DUE)


class Figure(models.Model):
    """One number. Money has its kind and currency (ISO 4217) and may come in several; all else has neither."""

    figures = models.ForeignKey(YearlyFigures, on_delete=models.CASCADE, related_name="values")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=16, decimal_places=2)
    money_kind = models.CharField(max_length=10, choices=MoneyKind, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["definition", "money_kind", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["figures", "definition", "money_kind", "currency"], name="figure_once_in_a_year"
            ),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="figure_not_negative"),
            models.CheckConstraint(
                condition=models.Q(money_kind="", currency="")
                | models.Q(money_kind__in=MoneyKind.values, currency__regex=r"^[A-Z]{3}$"),
                name="figure_money_with_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.currency}".strip()
