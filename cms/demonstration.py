"""The demonstration's pages: the report, a sample handbook, entries of real ones, news, countries, information."""

from typing import Any

from django.contrib.auth.models import Group

from cms.models import (
    ChapterPage,
    CountryPage,
    HandbookIndexPage,
    HandbookPage,
    HomePage,
    InfoPage,
    NewsIndexPage,
    NewsPage,
)
from cms.services.content import FIXTURES, read_file, stream, texts
from cms.services.report import import_report
from cms.services.site import country_group_name, prepare_site
from cms.services.tree import put_alias, put_page, put_translation
from network_platform.people.demonstration import person
from network_platform.people.models import User


def load_site() -> None:
    home = prepare_site()
    by = person("secretariat@demo.example")
    import_report(text=(FIXTURES / "report.txt").read_text(encoding="utf-8"), outline=read_file("report.yaml"), by=by)
    load_sample_handbook(home, by)
    load_listed_handbooks(home, by)
    load_countries(by)
    load_news(home, by)
    for entry in read_file("info.yaml"):
        put_both(InfoPage, home, entry, by, name=f"info/{entry['slug']}")
    make_country_editor()


def put_both(model: type[Any], parent: Any, entry: dict[str, Any], by: User, *, name: str, **values: Any) -> Any:
    """A page and its Russian translation from one entry; `name` is what the ids of its blocks hang on."""

    def fields(language: str) -> dict[str, Any]:
        words = texts(entry, "title", "lead", "subtitle", "summary", "edition", "publisher", language=language)
        body = {"body": stream(entry["body"], name=name, language=language)} if "body" in entry else {}
        return values | words | body

    page = put_page(model, parent=parent, slug=entry["slug"], by=by, **fields("en"))
    put_translation(page, "ru", by=by, **fields("ru"))
    return page


def load_sample_handbook(home: HomePage, by: User) -> None:
    entry = read_file("handbook/handbook.yaml")
    index = HandbookIndexPage.objects.child_of(home).get()
    plain = {name: entry[name] for name in ("published_on", "year", "languages")}
    handbook = put_both(HandbookPage, index, entry, by, name="handbook", is_sample=True, **plain)
    for slug in entry["chapters"]:
        chapter = {"slug": slug, **read_file(f"handbook/{slug}.yaml")}
        put_both(ChapterPage, handbook, chapter, by, name=f"handbook/{slug}")


def load_listed_handbooks(home: HomePage, by: User) -> None:
    """Titles and facts of real publications; their texts are not ours to show. English, in both trees."""
    index = HandbookIndexPage.objects.child_of(home).get()
    readable_here = {"speca-wg-itsd-4-report"}
    for item in read_file("handbooks.yaml")["items"]:
        if item["id"] in readable_here:
            continue
        page = put_page(
            HandbookPage,
            parent=index,
            slug=item["id"],
            by=by,
            title=item["title"],
            subtitle=item.get("subtitle") or "",
            publisher=item.get("publisher") or "",
            year=item.get("year"),
            symbol=item.get("symbol") or "",
            isbn=item.get("isbn") or item.get("eisbn") or "",
            pages=item.get("pages"),
            languages=", ".join(item.get("languages_published") or []),
            source_url=next((url for url in item.get("sources", ()) if "unece.org/" in url and "..." not in url), ""),
            text_language="en",
        )
        put_alias(page, "ru")


def load_countries(by: User) -> None:
    for iso2, entry in read_file("countries.yaml").items():
        for page in CountryPage.objects.filter(iso2=iso2).select_related("locale"):
            words = texts(entry, "lead", language=page.language)
            body = stream(entry["body"], name=f"countries/{iso2}", language=page.language)
            put_page(CountryPage, parent=page.get_parent(), slug=page.slug, by=by, body=body, **words)


def load_news(home: HomePage, by: User) -> None:
    index = NewsIndexPage.objects.child_of(home).get()
    countries = {page.iso2: page for page in CountryPage.objects.filter(locale__language_code="en")}
    for entry in read_file("news.yaml"):
        parent = countries[entry["country"]] if "country" in entry else index
        put_both(NewsPage, parent, entry, by, name=f"news/{entry['slug']}", date=entry["date"])


def make_country_editor() -> None:
    """The demonstration's editor writes for Kazakhstan: its page and its news, in both languages, and nothing else."""
    person("editor@demo.example").groups.set([Group.objects.get(name=country_group_name("KZ"))])
