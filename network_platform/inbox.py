"""The local inbox: in development, the mails that would have gone out, on a page."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

MOST_SHOWN = 50
CODE = re.compile(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{2,4})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    name: str
    sender: str
    to: str
    subject: str
    at: datetime | None
    text: str
    codes: tuple[str, ...]


def read_mail(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=modern)
    text = _text_of(message)
    return Mail(
        name=path.stem,
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        text=text,
        codes=tuple(CODE.findall(text)),
    )


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()).strip() if body else ""


def newest(folder: str, words: str = "") -> list[Mail]:
    """The last mails, newest first, whose address or subject has `words` in it."""
    if not folder or not Path(folder).is_dir():
        return []
    mails = (read_mail(path) for path in sorted(Path(folder).glob("*.eml"), reverse=True)[: MOST_SHOWN * 4])
    wanted = [mail for mail in mails if words.lower() in f"{mail.to} {mail.subject}".lower()]
    return wanted[:MOST_SHOWN]


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("to", "").strip()
    context = {"mails": newest(settings.INBOX_DIR, words), "words": words, "running": bool(settings.INBOX_DIR)}
    return render(request, "operations/inbox.html", context)
