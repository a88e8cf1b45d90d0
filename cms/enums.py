"""Words of the site's pages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CalloutKind(TextChoices):
    NOTE = "note", _("Note")
    TRY = "try", _("Try it")


class Motif(TextChoices):
    """The line drawing on a handbook's cover."""

    STARS = "stars", _("Stars and crosses")
    PLAIN = "plain", _("Plain")


class TextLanguage(TextChoices):
    """The language in which a text is written, whatever the language of the site around it."""

    EN = "en", "English"
    RU = "ru", "Русский"
