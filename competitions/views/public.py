"""What everybody may open: the list of competitions and the call of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions import calls, rules
from competitions.finding import Wanted, facets_of, find_competitions, grouped
from competitions.models import Competition
from competitions.results import result_of
from network_platform.facets import cleared
from network_platform.page_cache import cached_page

MINUTE = 60  # a kept page may show a deadline as open for so long; what is sent then is refused by the server's clock


@require_safe
@cached_page("competitions", query=("phase", "country", "year"), lives_for=MINUTE)
def competitions(request: HttpRequest) -> HttpResponse:
    """Open for application, in judging, announced, and real ones run elsewhere."""
    wanted = Wanted.of(request)
    found = find_competitions(request.user, wanted.words)
    shown = [each for each in found if wanted.matches(each)]
    facets = facets_of(request, found, wanted)
    context = {
        "groups": grouped(shown),
        "total": len(shown),
        "facets": facets,
        "clear": cleared(request, facets),
        "words": wanted.words,
        "keep": [("q", wanted.words)] if wanted.words else [],
    }
    return render(request, "competitions/public/list.html", context)


@require_safe
@cached_page("competitions", lives_for=MINUTE)
def competition(request: HttpRequest, slug: str) -> HttpResponse:
    """The call in one screen: what, who, when, how it is judged; the winners once they are announced."""
    visible = Competition.objects.visible_to(request.user).prefetch_related(
        "countries", "tracks__parent", "eligibility_rules", "awards", "sources"
    )
    found = get_object_or_404(visible, slug=slug)
    rounds, now = calls.rounds_of(found), timezone.now()
    context = {
        "competition": found,
        "phase": found.phase_at(now),
        "rounds": rounds,
        "judgings": calls.judgings(rounds),
        "judges_have_read": calls.judges_have_read(rounds),
        "stages": calls.stages(found, rounds, now),
        "button": calls.apply_button(found, calls.own_entries(request.user, found), now),
        "result": result_of(found),
        "may_observe": rules.can_observe_competition(request.user, found),
        "crumbs": [(_("Competitions"), "../")],
    }
    return render(request, "competitions/public/detail.html", context)
