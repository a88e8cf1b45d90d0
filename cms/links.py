"""Links between pages inside rich text: all of a text's in one query, in the reader's language, none to a draft."""

from html import escape
from typing import Any

from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from cms.models.base import address_of


class LinkToPage(PageLinkHandler):
    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        wanted = {attrs["id"] for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        paths = dict(Page.objects.live().filter(pk__in=wanted, depth__gt=1).values_list("pk", "url_path"))
        found = {str(pk): address_of(path) for pk, path in paths.items()}
        return [cls.opening(found.get(str(attrs.get("id")))) for attrs in attrs_list]

    @staticmethod
    def opening(address: str | None) -> str:
        return f'<a href="{escape(address)}">' if address else "<a>"
