"""What the ground gathers about messages; see network_platform/desk.py. Erasing a person is people's service."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network_platform.background.journal_words import WORDS
from network_platform.background.models import Message
from network_platform.desk import Area, Waiting
from network_platform.journal.words import Words
from network_platform.people.models import User


def waiting_for(user: User) -> list[Waiting]:
    failed = Message.objects.visible_to(user).failed().count() if user.is_secretariat else 0
    if not failed:
        return []
    title = ngettext("A message could not be sent", "Messages could not be sent", failed)
    return [Waiting(title=title, url=f"{reverse('messages')}?state=failed", count=failed)]


def areas_of(user: User) -> list[Area]:
    if not user.is_secretariat:
        return []
    return [Area(_("Messages"), reverse("messages"), _("Mails that wait, were sent or failed"))]


def journal_words() -> Words:
    return WORDS


def personal_data(user: User) -> dict[str, Any]:
    """Which mails the person got; what they said is in the person's own mailbox."""
    sent = Message.objects.filter(recipient=user).order_by("created_at")
    return {"messages": list(sent.values("template", "address", "language", "state", "created_at", "sent_at"))}
