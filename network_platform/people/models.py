"""People: who may sign in, in which language and zone they read, and what they agreed to."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network_platform.identifiers import new_uid
from network_platform.people.names import holds, in_known_letters

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

SECRETARIAT = "secretariat"
EDITORS = "editors"


def reference_of(uid: str) -> str:
    """The end of a person's uid."""
    return f"…{uid[-6:]}"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """The secretariat sees everybody, others themselves."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(pk=user.pk)

    def matching(self, words: str) -> "UserQuerySet":
        """Every word is found in one of the names or in the address."""
        found = self
        for word in words.split():
            found = found.filter(holds("name", word) | holds("name_latin", word) | holds("email", word))
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. An erased person stays as a row without name or address, so that figures keep their sums."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True, help_text=_("In your own script."))
    name_latin = models.CharField(_("name in Latin letters"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    # Set by allauth's model, and kept by the apps for one request.
    emailaddress_set: "RelatedManager[Any]"
    _audiences: frozenset[str]
    _focal_countries: frozenset[str]
    _edits_organisations: bool

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.name_latin or str(_("a person"))

    @property
    def name_here(self) -> str:
        """The name in letters that the reader knows."""
        return in_known_letters(self.name, self.name_latin) or self.get_full_name()

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def confirmed_email(self) -> str:
        """The address, if the person has proven that it is theirs; else ''. Evidence for who may see it."""
        proven = self.emailaddress_set.filter(email__iexact=self.email, verified=True)
        return self.email if proven.exists() else ""

    @property
    def reference(self) -> str:
        """How records that are never erased call this person: the end of the uid, no name."""
        return reference_of(str(self.uid))

    @cached_property
    def group_names(self) -> frozenset[str]:
        """Names of the person's groups; one query a request."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_secretariat(self) -> bool:
        return self.is_active and SECRETARIAT in self.group_names


class Session(AbstractBaseSession):
    """A visit; `person` is who signed in during it, so that all of somebody's visits can be ended at once."""

    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from network_platform.people.sessions import SessionStore

        return SessionStore


class Consent(models.Model):
    """A ledger line: the person agreed to (or withdrew) a purpose in a version. Lines are added, never changed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    given = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "purpose", "-at"], name="consent_latest")]
