"""The form of a page in Wagtail's editor."""

from anyascii import anyascii
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

LONGEST_ADDRESS = 200


def address_from(title: str) -> str:
    """The last part of a page's address, in Latin letters whatever script the title is in."""
    return slugify(anyascii(title))[:LONGEST_ADDRESS] or "page"


class SitePageForm(WagtailAdminPageForm):
    """An address left empty is made of the title: Wagtail's script comes too late for a title that was just pasted."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, object]:
        if not self.cleaned_data.get("slug", "?") and self.cleaned_data.get("title"):
            self.cleaned_data["slug"] = self._free(address_from(self.cleaned_data["title"]))
        cleaned: dict[str, object] = super().clean()
        return cleaned

    def _free(self, address: str) -> str:
        number, found = 1, address
        while not Page._slug_is_available(found, self.parent_page, self.instance):
            number += 1
            found = f"{address}-{number}"
        return found
