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
    """An address left empty is made of the title: Wagtail's script comes too late for a title that was just pasted.

    One that a neighbour has gets a number until the page is published: the script makes it of the title as well, knows
    of no neighbours and sends it again with every save, so that a second page of the same title could not be kept.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, object]:
        title, address = self.cleaned_data.get("title"), self.cleaned_data.get("slug")
        if address == "" and title:
            self.cleaned_data["slug"] = self._free(address_from(title))
        elif address and not self.instance.first_published_at:
            self.cleaned_data["slug"] = self._free(address)
        cleaned: dict[str, object] = super().clean()
        return cleaned

    def _free(self, address: str) -> str:
        number, found = 1, address
        while not Page._slug_is_available(found, self.parent_page, self.instance):
            number += 1
            found = f"{address}-{number}"
        return found
