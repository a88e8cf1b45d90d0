"""What the ground gathers from this app; see network_platform/desk.py."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TextIO

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, Revision

from cms.demonstration import load_site
from cms.models import HomePage
from cms.rules import can_edit_everything, can_open_admin
from cms.services.searching import documents
from network_platform.desk import Area
from network_platform.people.models import User
from network_platform.search.services import Document


def areas_of(user: User) -> list[Area]:
    if not can_open_admin(user) or user.is_secretariat:
        return []
    return [Area(_("Write news and pages"), reverse("wagtailadmin_home"), _("Site"))]


def roles_of(user: User) -> list[str]:
    """The parts of the site that this person edits; the ground names those who edit all of it."""
    if can_edit_everything(user):
        return []
    pages = Page.objects.filter(group_permissions__group__user=user, locale__language_code=get_language())
    return [_("Editor, %(page)s") % {"page": page.title} for page in pages.order_by("path").distinct()]


def search_documents() -> Iterable[Document]:
    return documents()


def personal_data(user: User) -> dict[str, Any]:
    """What this person wrote and did in the site's pages."""
    written = Page.objects.filter(owner=user).order_by("pk")
    done = PageLogEntry.objects.filter(user=user).order_by("timestamp")
    pages = [{"title": page.title, "published": stamp(page.first_published_at)} for page in written]
    actions = [{"action": entry.action, "page": entry.label, "at": stamp(entry.timestamp)} for entry in done[:1000]]
    revisions = Revision.objects.filter(user=user).count()
    return {"site": {"pages": pages, "revisions": revisions, "actions": actions}}


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def erase(user: User) -> None:
    """Pages and their history stay; the person behind them is erased by the ground. Nothing else is held here."""
    user.groups.remove(*user.groups.filter(page_permissions__isnull=False))


def problems() -> list[str]:
    """A new installation has no pages until `prepare_site` makes them."""
    return [] if HomePage.objects.exists() else [_("There are no pages yet: run manage.py prepare_site.")]


def load_demonstration(stdout: TextIO) -> None:
    load_site()
    stdout.write("Pages: the report, a sample handbook, countries, news, information.\n")
