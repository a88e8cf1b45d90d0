"""Who holds the office of national focal point, and since when."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from incubators.models.reference import Country
from network_platform.people.models import User
from network_platform.zones import today


class FocalPointQuerySet(models.QuerySet["FocalPoint"]):
    def current(self) -> "FocalPointQuerySet":
        """In office today, deputies included."""
        return self.filter(models.Q(ends=None) | models.Q(ends__gt=today()), starts__lte=today())

    def serving(self) -> "FocalPointQuerySet":
        """In office, and able to sign in."""
        return self.current().filter(user__is_active=True)

    def endable_by(self, user: User | AnonymousUser) -> "FocalPointQuerySet":
        """Twin of `rules.can_end_term`."""
        if not user.is_authenticated or not user.is_secretariat:
            return self.none()
        return self.current().exclude(user=user)

    def of(self, country: Country) -> "FocalPointQuerySet":
        return self.filter(country=country)


class FocalPoint(models.Model):
    """A term of office; `ends` is the first day out of it. Nothing may depend on one existing: two countries have
    nobody.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="focal_terms")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="focal_points")
    starts = models.DateField(default=today)
    ends = models.DateField(null=True, blank=True)
    is_deputy = models.BooleanField(default=False)

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["is_deputy", "starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "country", "starts"], name="focal_point_term_once"),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="focal_point_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.country}"

    @property
    def is_current(self) -> bool:
        return self.starts <= today() and (self.ends is None or self.ends > today())
