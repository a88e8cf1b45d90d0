"""Filters and tags that every template has without loading them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.forms import BaseForm, BoundField
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

from network_platform import charts, controls, facets, icons, maps, navigation, quoting, tiles, zones
from network_platform.hyphens import unbroken, whole
from network_platform.languages import in_language, in_other_language, in_that_language

register = template.Library()
register.filter(in_other_language)
register.filter(in_that_language)
register.filter(unbroken)
register.filter(whole)
register.filter(quoting.inside_sentence)


@register.simple_tag(takes_context=True)
def why_sign_in(context: Context) -> str:
    """Of the page to which signing in leads back."""
    request = context["request"]
    back = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
    return navigation.why_sign_in(back) if back else ""


@register.filter
def here(texts: dict[str, str] | None) -> str:
    """The text of a per-language object in the reader's language: `{{ country.names|here }}`."""
    return in_language(texts)


@register.filter
def inside_quotes(name: str) -> str:
    """A name that stands inside quotation marks: “{{ titles|here|inside_quotes }}”."""
    return quoting.inside_quotes(str(name))


@register.filter
def split(words: str) -> list[str]:
    """`{% for name in "one two"|split %}`."""
    return words.split()


@register.filter
def waited(moment: datetime) -> str:
    """How long ago, in words: `2 hours`, `just now` in the first minute."""
    fresh = timezone.now() - moment < timedelta(minutes=1)
    return gettext("just now") if fresh else timesince(moment)


@register.filter
def waiting(moment: datetime) -> str:
    """The same where nothing else says that something waits: `waiting 2 hours`."""
    words = waited(moment)
    return words if words == gettext("just now") else gettext("waiting %(time)s") % {"time": words}


# ---- drawings ----
@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "seal" %}`; names in network_platform/icons.py."""
    return icons.icon(name)


@register.simple_tag
def brand_mark() -> SafeString:
    return icons.mark()


@register.simple_tag
def girih(identity: str = "g") -> SafeString:
    """The motif, for heads of main, organisation and door pages; `identity` is unique on the page."""
    return icons.motif(identity)


# ---- frame ----
@register.simple_tag
def places(which: str) -> tuple[navigation.Place, ...]:
    """`{% places "main" as menu %}`, `{% places "footer" as links %}`."""
    return navigation.MAIN if which == "main" else navigation.FOOTER


@register.simple_tag(takes_context=True)
def editions(context: Context) -> list[navigation.Edition]:
    """This page in every language; a view may give `alternates` (code to path)."""
    request = context.get("request")
    return navigation.editions(request, context.get("alternates")) if request else []


class Capture(Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> str:
        context[self.name] = self.nodelist.render(context).strip()
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> Capture:
    """`{% capture name %}…{% endcapture %}` keeps what is between (blocks too) in a variable."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nodelist, name)


# ---- hours ----
@register.filter
def local_time(moment: datetime | None, zone: str = "") -> str | SafeString:
    """`14 December 2026, 18:00, Bishkek (UTC+6)`: the reader's zone, else `zone`."""
    if moment is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), zones.in_words(moment, zone))


@register.filter
def hour(moment: datetime, zone: str = "") -> SafeString:
    """`18:00`, whatever the day."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), zones.hour(moment, zone))


@register.filter
def soon(moment: datetime | None, zone: str = "") -> str | SafeString:
    """`18:00` today, else `14 December 2026`."""
    if moment is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), zones.in_short(moment, zone))


@register.filter
def last_day(moment: datetime, zone: str = "") -> SafeString:
    """`14 December 2026`, of a moment at which something ends; with `(UTC+6)` where the reader has no zone."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), zones.last_day(moment, zone))


@register.filter
def time_left(moment: datetime | None) -> str:
    return zones.time_left(moment) if moment else ""


# ---- forms ----
@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input, select or textarea of a field with its class, description and limits."""
    return controls.control(field)


@register.simple_tag
def choices(field: BoundField) -> Iterable[controls.Choice]:
    """The radio buttons or checkboxes of a field, one by one."""
    return controls.choices(field)


@register.filter
def kind(field: BoundField) -> str:
    """group, check, file, hidden or line: how a field is laid out."""
    return controls.kind(field)


@register.filter
def limit(field: BoundField) -> int | None:
    return controls.limit(field)


@register.filter
def mistakes(form: BaseForm) -> list[dict[str, Any]]:
    """Every mistake of a form or formset, with the id of the control to mend."""
    return controls.mistakes(form)


@register.filter
def lead(label: str) -> str:
    return controls.lead(label)


@register.filter
def by_answer(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return controls.by_answer(found)


@register.filter
def described_by(field: BoundField) -> str:
    return controls.described_by(field)


# ---- lists ----
@register.filter
def chosen_options(found: Iterable[facets.Facet]) -> list[facets.Option]:
    return [option for facet in found or () for option in facet.chosen]


@register.filter
def chosen_count(found: Iterable[facets.Facet]) -> int:
    return len(chosen_options(found))


@register.simple_tag
def facet_boxes(facet: facets.Facet, options: Iterable[facets.Option], prefix: str = "") -> SafeString:
    """The checkboxes of some options of a facet: `{% facet_boxes facet facet.leading its %}`."""
    return facets.boxes(facet, options, prefix)


@register.simple_tag
def tile_links(found: Iterable[dict[str, Any]]) -> SafeString:
    """The numbers of `components/tiles.html`."""
    return tiles.links(found)


@register.simple_tag
def demonstration() -> bool:
    """Whether invented people are shown."""
    return bool(getattr(settings, "DEMONSTRATION", False))


@register.simple_tag
def second_factor_required() -> bool:
    """Whether who decides for others must set up two-step sign-in here: `{% second_factor_required as required %}`."""
    return bool(settings.REQUIRE_SECOND_FACTOR)


@register.inclusion_tag("components/deadline.html")
def deadline(moment: datetime, zone: str = "UTC", label: str = "", note: str = "") -> dict[str, Any]:
    """The card of a deadline: date, the reader's hour, the organiser's hour, what is left."""
    return zones.deadline(moment, zone) | {"label": label or gettext("Until"), "note": note}


@register.inclusion_tag("components/map.html")
def region_map(countries: Iterable[Any]) -> dict[str, Any]:
    """The map of the region; `countries` have iso2, name, count, url."""
    return {"places": maps.placed(countries)}


@register.inclusion_tag("components/outline.html")
def country_outline(iso2: str) -> dict[str, Any]:
    """One country's outline, as a quiet drawing."""
    return {"outline": maps.outline(iso2)}


@register.inclusion_tag("components/bars.html")
def bar_chart(rows: Iterable[tuple[Any, Any]], unit: str = "", most: float | None = None) -> dict[str, Any]:
    """Bars of (label, value), each with its number; `most` is the value of a full bar."""
    return {"bars": charts.bars(rows, most), "unit": unit}


@register.inclusion_tag("components/line.html")
def line_chart(points: Iterable[tuple[Any, ...]], title: str, heads: str = "", head: bool = True) -> dict[str, Any]:
    """A small line of (label, value), with its table; `heads` are the column heads, parted by a bar.

    What a point has beside these two stands in further columns of the table. Without a `head` the title is only spoken.
    """
    return charts.line(points) | {"title": title, "heads": (heads or "|").split("|"), "head": head}
