"""Personal tokens for programmes that write through the API, and the writes that they may repeat."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network_platform.identifiers import new_uid
from network_platform.people.models import User


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self) -> "TokenQuerySet":
        """Neither revoked nor past their end, of people who can sign in."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def visible_to(self, user: User | AnonymousUser) -> "TokenQuerySet":
        """Each person's own, also what ended."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def revocable_by(self, user: User | AnonymousUser) -> "TokenQuerySet":
        """Own ones that still open something."""
        return self.visible_to(user).filter(revoked_at=None, expires_at__gt=timezone.now())


class Token(models.Model):
    """A secret that acts for a person within `scopes` until `expires_at`. The secret itself is kept nowhere.

    `digest` is its SHA-256 in hex; `hint` its last four signs, by which its owner knows it again.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_making"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class KeyedWrite(models.Model):
    """A write that came with an Idempotency-Key and was done: the same key again gets the same answer."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="writes")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("keyed write")
        verbose_name_plural = _("keyed writes")
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="keyed_write_by_age")]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="keyed_write_once")]

    def __str__(self) -> str:
        return self.key
