"""Who may read a page of the site (`can_read_page`, and `readable` for many), and who may edit which."""

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from network_platform.people.models import User

Pages = TypeVar("Pages", bound=PageQuerySet)

CLOSED = Q(live=False, numchild__gt=0) | Q(view_restrictions__isnull=False)


def closed_paths() -> list[str]:
    """Tree paths below which nothing is public: drafts with children, and pages kept for some."""
    closed = CLOSED | Q(alias_of__view_restrictions__isnull=False)
    return list(Page.objects.filter(closed).order_by().values_list("path", flat=True).distinct())


def readable(pages: Pages, closed: list[str] | None = None) -> Pages:
    """Those that everybody may read: published, with every page above them published, and not kept for some."""
    pages = pages.live()
    for path in closed_paths() if closed is None else closed:
        pages = pages.exclude(path__startswith=path)
    return pages


def can_read_page(page: Page, closed: list[str] | None = None) -> bool:
    """A visitor without an account: what is published, with every page above it, and not kept for some."""
    paths = closed_paths() if closed is None else closed
    return page.live and not any(page.path.startswith(path) for path in paths)


def can_open_admin(user: User | AnonymousUser) -> bool:
    """Whoever edits anything: Wagtail's own permission for its admin."""
    return user.is_authenticated and user.has_perm("wagtailadmin.access_admin")


def can_edit_everything(user: User) -> bool:
    """Editors of the whole site, in distinction to those of one country: their permission is on the root."""
    if user.is_superuser:
        return True
    held = PagePermissionPolicy().get_cached_permissions_for_user(user)
    return any(permission.page.depth == 1 for permission in held)


def can_edit_page(user: User, page: Page) -> bool:
    """Whoever Wagtail's permissions let."""
    return page.permissions_for_user(user).can_edit()


def known_to(user: User, pages: Pages) -> Pages:
    """Pages whose titles this editor may see: published ones, and those the editor works on."""
    if can_edit_everything(user):
        return pages
    own = PagePermissionPolicy().instances_user_has_any_permission_for(user, {"add", "change", "publish"})
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))
