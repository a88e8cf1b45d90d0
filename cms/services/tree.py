"""Putting pages into the tree by program: each call may be repeated and changes only what differs."""

from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from wagtail.models import Locale, Page

from network_platform.people.models import User

AnyPage = TypeVar("AnyPage", bound=Page)
Stream = list[dict[str, Any]]
NAMESPACE = UUID("6f1c3f0e-6a0b-5d53-9a0e-2f6a3a1c9d10")


def block_id(*names: str) -> str:
    """A block id that is the same on every machine and in every run."""
    return str(uuid5(NAMESPACE, "/".join(names)))


def locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


@transaction.atomic
def put_page(model: type[AnyPage], *, parent: Page, slug: str, by: User | None = None, **values: Any) -> AnyPage:
    """The published child of `parent` at `slug`, with these values; made if it is missing."""
    page = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = model(slug=slug, locale=parent.locale, owner=by, **values)
        parent.add_child(instance=page)
        parent.refresh_from_db(fields=["numchild"])
        return publish(page, by=by)
    return change_page(page, by=by, **values)


def change_page(page: AnyPage, *, by: User | None = None, **values: Any) -> AnyPage:
    """Set what differs, and publish if anything does."""
    changed = [name for name, value in values.items() if stored(page, name) != plain(page, name, value)]
    if not changed and page.live:
        return page
    for name in changed:
        setattr(page, name, values[name])
    return publish(page, by=by)


@transaction.atomic
def put_translation(source: AnyPage, code: str, *, by: User | None = None, **values: Any) -> AnyPage:
    """The published translation of `source`, linked to it by its translation key and at the same slug."""
    target = locale(code)
    page = source.get_translation_or_none(target)
    if page is None:
        page = source.copy_for_translation(target, copy_parents=True)
        page.slug = source.slug if not source.get_parent().is_root() else code
    page.alias_of = None
    return change_page(page, by=by, **values)


@transaction.atomic
def put_alias(source: AnyPage, code: str) -> AnyPage:
    """The page in another language's tree with the words as they are; it follows every publication of `source`."""
    target = locale(code)
    return source.get_translation_or_none(target) or source.copy_for_translation(target, copy_parents=True, alias=True)


def publish(page: AnyPage, *, by: User | None = None) -> AnyPage:
    page.save_revision(user=by, log_action=True).publish(user=by)
    page.refresh_from_db()
    return page


def stored(page: Page, name: str) -> Any:
    return plain(page, name, getattr(page, name))


def plain(page: Page, name: str, value: Any) -> Any:
    """A value as it is stored, so that a stream compares with the list it is made of."""
    field = page._meta.get_field(name)
    return field.get_prep_value(field.to_python(value)) if hasattr(field, "stream_block") else value
