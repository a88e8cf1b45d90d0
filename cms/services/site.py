"""The skeleton of the site: a tree for each language, the pages the menu leads to, and who may edit what."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from cms.models import (
    CountryIndexPage,
    CountryPage,
    DocumentIndexPage,
    HandbookIndexPage,
    HomePage,
    NewsIndexPage,
)
from cms.services.tree import locale, put_page, put_translation
from incubators.models import Country
from network_platform.people.models import EDITORS, SECRETARIAT

EDIT = ("add_page", "change_page", "publish_page")
EVERYTHING = (*EDIT, "lock_page", "unlock_page", "bulk_delete_page")
FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")

INDEXES = (
    (HandbookIndexPage, "handbooks", "Handbooks", "Пособия"),
    (NewsIndexPage, "news", "News", "Новости"),
    (CountryIndexPage, "countries", "Countries", "Страны"),
    (DocumentIndexPage, "documents", "Documents", "Документы"),
)


@transaction.atomic
def prepare_site() -> HomePage:
    """Everything that must exist before an editor can write. Safe to repeat; changes no text that is there."""
    home = prepare_home()
    for model, slug, english, russian in INDEXES:
        if not model.objects.child_of(home).exists():
            page = put_page(model, parent=home, slug=slug, title=english)
            put_translation(page, "ru", title=russian)
    prepare_countries(home)
    prepare_groups()
    return home


def prepare_home() -> HomePage:
    """The English and the Russian first page; Wagtail's own welcome page goes."""
    home = HomePage.objects.filter(locale__language_code="en").first()
    if home is None:
        root = prepare_roots()
        home = put_page(HomePage, parent=root, slug="en", title="Home")
        put_translation(home, "ru", title="Главная")
        point_site_at(home)
        for welcome in Page.objects.filter(depth=2, content_type__model="page"):
            welcome.delete()
        home.refresh_from_db()
    return home


def prepare_roots() -> Page:
    """The roots of pages and files, which Wagtail's migrations make and an emptied database lacks."""
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale("en"))
    root.locale = locale("en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    return root


def point_site_at(home: HomePage) -> None:
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    values = {"hostname": address.hostname, "port": port, "site_name": settings.WAGTAIL_SITE_NAME, "root_page": home}
    Site.objects.update_or_create(is_default_site=True, defaults=values)


def prepare_countries(home: HomePage) -> None:
    index = CountryIndexPage.objects.child_of(home).get()
    for country in Country.objects.all():
        code = country.iso2.lower()
        if not CountryPage.objects.child_of(index).filter(slug=code).exists():
            page = put_page(CountryPage, parent=index, slug=code, title=country.names["en"], iso2=country.iso2)
            put_translation(page, "ru", title=country.names.get("ru") or country.names["en"])


def prepare_groups() -> None:
    """Secretariat and editors work on everything; each country's editors on that country's pages and files."""
    root, files = Page.get_first_root_node(), Collection.get_first_root_node()
    for name, verbs in ((SECRETARIAT, EVERYTHING), (EDITORS, EDIT)):
        group = editing_group(name)
        grant_pages(group, root, verbs)
        grant_files(group, files)
    for page in CountryPage.objects.filter(locale__language_code="en").order_by("slug"):
        prepare_country_group(page)


def prepare_country_group(page: CountryPage) -> Group:
    """One page in each language, and one collection: the fewer page permissions a group has, the quicker the admin."""
    group = editing_group(country_group_name(page.iso2))
    for each in page.get_translations(inclusive=True):
        grant_pages(group, each, EDIT)
    grant_files(group, country_collection(page.iso2))
    return group


def country_group_name(iso2: str) -> str:
    return f"{EDITORS} {iso2}"


def country_collection(iso2: str) -> Collection:
    """Named by the country's code: titles are the editors' to change, and must give no right to files."""
    found = Collection.objects.filter(name=iso2, depth=2).first()
    return found or Collection.get_first_root_node().add_child(name=iso2)


def editing_group(name: str) -> Group:
    group = Group.objects.get_or_create(name=name)[0]
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(content_type__app_label="wagtail_localize", codename="submit_translation"),
    )
    return group


def grant_pages(group: Group, page: Page, codenames: tuple[str, ...]) -> None:
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def grant_files(group: Group, collection: Collection) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILES
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
