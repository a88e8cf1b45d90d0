"""What everybody may open; how much is there depends on who reads."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mentors import facets
from mentors.cards import cards_of
from mentors.enums import Availability
from mentors.finding import Found
from mentors.models import Expert, ExpertRole
from mentors.reports import expert_table
from mentors.rules import can_ask_role
from mentors.services.search_text import TOPIC
from mentors.texts import all_texts
from network_platform.errors import answer
from network_platform.facets import cleared
from network_platform.page_cache import cached_page
from network_platform.spreadsheets import csv_lines

# What an address of the list that is worth keeping may name.
COMMON = ("role", "country")


@require_safe
@cached_page(TOPIC, query=COMMON)
def experts(request: HttpRequest) -> HttpResponse:
    """The list, with facets and search."""
    found = Found(request.user, facets.wanted_from(request))
    shown = facets.shown(request, found.counts())
    page = found.page(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    words = found.wanted.words
    context = {
        "words": words,
        "facets": shown,
        "clear": cleared(request, shown),
        "page": page,
        "cards": cards_of(page.experts),
        "total": found.total,
        "previous": facets.turned(request, before=page.before),
        "next": facets.turned(request, after=page.after),
        "export_query": facets.without_paging(request),
        "keep": [("q", words)] if words else [],
    }
    return render(request, "mentors/list.html", context)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as a table, with the same filters and the same eyes."""
    table = expert_table(Found(request.user, facets.wanted_from(request)).everybody())
    response = StreamingHttpResponse(csv_lines(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="experts.csv"'
    return response


@require_safe
@cached_page(TOPIC)
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One expert, in the roles that this reader may see."""
    visible = ExpertRole.objects.visible_to(request.user)
    rows = Expert.objects.visible_to(request.user).select_related("country").prefetch_related("languages")
    expert = rows.filter(slug=slug).first()
    if expert is None:
        return not_here(request, slug)
    roles = list(visible.filter(expert=expert).with_people().prefetch_related("skills", "sectors"))
    context = described(request, expert, roles)
    if context["own"]:
        context["unseen"] = not ExpertRole.objects.findable().filter(expert=expert).exists()
    return render(request, "mentors/detail.html", context)


def not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """404; of who has only paused it says so and no more, so that a link that was given stays of use. Who is hidden
    and who was never here have the same page.
    """
    paused = ExpertRole.objects.paused_before(request.user).filter(expert__slug=slug).exists()
    return answer(request, HTTPStatus.NOT_FOUND, "mentors/paused.html" if paused else "mentors/nobody.html")


def described(request: HttpRequest, expert: Expert, roles: list[ExpertRole]) -> dict[str, Any]:
    """What an expert's page shows; the preview shows the same."""
    headlines, bios = all_texts(expert.headline), all_texts(expert.bio)
    skills = [list(role.skills.all()) for role in roles]
    return {
        "expert": expert,
        "roles": roles,
        "headline": headlines[0] if headlines else None,
        "other_headlines": headlines[1:],
        "bio": bios[0] if bios else None,
        "other_bios": bios[1:],
        "shared_skills": skills[0] if skills and all(each == skills[0] for each in skills) else [],
        "takes": any(role.availability != Availability.CLOSED for role in roles),
        "similar": similar(roles),
        "askable": any(can_ask_role(request.user, role) for role in roles),
        "own": expert.user_id == request.user.pk,
        "crumbs": [(_("Mentors"), "../"), (str(expert.country), f"../?country={expert.country.iso2}")],
    }


def similar(roles: list[ExpertRole]) -> str:
    """The query of the list that shows who helps with the same in the same role and takes requests."""
    wanted = [("role", role.role) for role in roles]
    skills = dict.fromkeys(skill.code for role in roles for skill in role.skills.all())
    return urlencode([*wanted, *(("skill", code) for code in skills), ("availability", Availability.OPEN)])
