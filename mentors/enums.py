"""Words of the experts' database."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoleKind(models.TextChoices):
    MENTOR = "mentor", _("Mentor")
    TRACKER = "tracker", _("Tracker")
    TRAINER = "trainer", _("Trainer")

    @property
    def definition(self) -> str:
        return str(DEFINITIONS[self])


DEFINITIONS = {
    RoleKind.MENTOR: _(
        "An experienced founder or specialist who advises from their own experience and opens contacts."
    ),
    RoleKind.TRACKER: _(
        "Meets one team every week, helps it to set the next hypotheses, and records what came of the last ones."
    ),
    RoleKind.TRAINER: _("Teaches a group the basics and methods of starting up, in courses and seminars."),
}


class RoleState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("expert role", "draft")
    SUBMITTED = "submitted", pgettext_lazy("expert role", "waiting for approval")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("expert role", "changes requested")
    APPROVED = "approved", pgettext_lazy("expert role", "approved")
    PAUSED = "paused", pgettext_lazy("expert role", "paused")
    DECLINED = "declined", pgettext_lazy("expert role", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("expert role", "withdrawn")


# What the person has not sent, or has taken back, is read by nobody else.
OWN_AFFAIR = frozenset({RoleState.DRAFT, RoleState.WITHDRAWN})


class Availability(models.TextChoices):
    OPEN = "open", _("Takes requests")
    LIMITED = "limited", _("Few places left")
    CLOSED = "closed", _("Takes no requests now")


OWN_AVAILABILITY = [
    (Availability.OPEN, pgettext_lazy("own availability", "I take requests")),
    (Availability.LIMITED, pgettext_lazy("own availability", "I have few places left")),
    (Availability.CLOSED, pgettext_lazy("own availability", "No requests now, please")),
]


class Visibility(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("who may find an expert", "Everybody")
    NETWORK = "network", pgettext_lazy("who may find an expert", "People who are signed in")
    HIDDEN = "hidden", pgettext_lazy("who may find an expert", "Nobody for now")


class Level(models.TextChoices):
    BASIC = "basic", pgettext_lazy("language level", "basic")
    WORKING = "working", pgettext_lazy("language level", "working")
    FLUENT = "fluent", pgettext_lazy("language level", "fluent")
    NATIVE = "native", pgettext_lazy("language level", "native")


class SpokenLanguage(models.TextChoices):
    ENGLISH = "en", pgettext_lazy("spoken language", "English")
    RUSSIAN = "ru", pgettext_lazy("spoken language", "Russian")
    KAZAKH = "kk", pgettext_lazy("spoken language", "Kazakh")
    KYRGYZ = "ky", pgettext_lazy("spoken language", "Kyrgyz")
    TAJIK = "tg", pgettext_lazy("spoken language", "Tajik")
    TURKMEN = "tk", pgettext_lazy("spoken language", "Turkmen")
    UZBEK = "uz", pgettext_lazy("spoken language", "Uzbek")
    AZERBAIJANI = "az", pgettext_lazy("spoken language", "Azerbaijani")
    DARI = "prs", pgettext_lazy("spoken language", "Dari")
    PASHTO = "ps", pgettext_lazy("spoken language", "Pashto")
    KARAKALPAK = "kaa", pgettext_lazy("spoken language", "Karakalpak")


class RequestState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("request", "draft")
    OFFERED = "offered", pgettext_lazy("request", "waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
    DECLINED = "declined", pgettext_lazy("request", "declined")
    EXPIRED = "expired", pgettext_lazy("request", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")


class EngagementState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("engagement", "active")
    ENDED = "ended", pgettext_lazy("engagement", "ended")
