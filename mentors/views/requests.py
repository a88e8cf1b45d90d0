"""Requests as the two people concerned see them. Nobody else does."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentors.forms import AcceptForm, DeclineForm, LetterForm
from mentors.models import Engagement, Letter, Request
from mentors.rules import can_answer_request, can_withdraw_request, can_write_in_engagement
from mentors.services import engagements
from mentors.services import requests as services
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from network_platform.people.requests import SignedInRequest


@login_required
@require_safe
def both_sides(request: SignedInRequest) -> HttpResponse:
    """What was asked of me, and what I asked."""
    rows = Request.objects.visible_to(request.user).with_people().with_news_for(request.user)
    context = {
        "received": list(rows.put_to(request.user)[:100]),
        "made": list(rows.made_by(request.user)[:100]),
    }
    return render(request, "mentors/requests.html", context)


@login_required
@require_safe
def detail(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked = _found(request, uid)
    opened_at = timezone.now()
    page = _page(request, asked)
    services.mark_read(asked=asked, by=request.user, until=opened_at)
    return page


@login_required
@require_POST
def accept(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked, form = _found(request, uid), AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, accept_form=form)
    data = form.cleaned_data
    return _done(
        request,
        asked,
        form,
        _("Accepted. You can write to each other here."),
        lambda: services.accept_request(
            asked=asked, by=request.user, availability=data["availability"], message=data["message"]
        ),
    )


@login_required
@require_POST
def decline(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked, form = _found(request, uid), DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, decline_form=form)
    data = form.cleaned_data
    return _done(
        request,
        asked,
        form,
        _("Declined. The person who asked gets a mail."),
        lambda: services.decline_request(
            asked=asked, by=request.user, availability=data["availability"], reply=data["reply"]
        ),
    )


@login_required
@require_POST
def withdraw(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked = _found(request, uid)
    words = _("Withdrawn. The expert gets a mail.")
    return _done(request, asked, None, words, lambda: services.withdraw_request(asked=asked, by=request.user))


@login_required
@require_POST
def write(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked, form = _found(request, uid), LetterForm(request.POST)
    engagement = get_object_or_404(Engagement.objects.visible_to(request.user), request=asked)
    if not form.is_valid():
        return _page(request, asked, letter_form=form)
    text = form.cleaned_data["text"]
    return _done(
        request,
        asked,
        form,
        _("Your message is sent."),
        lambda: engagements.send_letter(engagement=engagement, by=request.user, text=text),
    )


@login_required
@require_POST
def end(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    asked = _found(request, uid)
    engagement = get_object_or_404(Engagement.objects.visible_to(request.user), request=asked)
    words = _("Ended. What you wrote stays readable for you both.")
    return _done(
        request,
        asked,
        None,
        words,
        lambda: engagements.move_engagement(engagement=engagement, to="ended", by=request.user),
    )


def _found(request: HttpRequest, uid: uuid.UUID) -> Request:
    return get_object_or_404(Request.objects.visible_to(request.user).with_people(), uid=uid)


def _done(
    request: HttpRequest, asked: Request, form: Form | None, words: str, act: Callable[[], object]
) -> HttpResponse:
    """Act, or say what came in between."""
    try:
        act()
    except IllegalMove:
        messages.error(request, _("This was answered, withdrawn or expired in the meantime."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, words)
    return redirect("mentors:request", asked.uid)


def _page(request: SignedInRequest, asked: Request, **forms: Form) -> HttpResponse:
    engagement = Engagement.objects.visible_to(request.user).filter(request=asked).first()
    letters = list(engagement.letters.select_related("author")) if engagement else []
    availability = {"availability": asked.role.availability}
    context = {
        "asked": asked,
        "engagement": engagement,
        "letters": letters,
        **_keys_of_the_device(letters, request.user),
        "is_expert": asked.expert.user_id == request.user.pk,
        "answerable": can_answer_request(request.user, asked),
        "withdrawable": can_withdraw_request(request.user, asked),
        "writable": bool(engagement and can_write_in_engagement(request.user, engagement)),
        "places_left": services.places_left(asked.role),
        "accept_form": AcceptForm(initial=availability),
        "decline_form": DeclineForm(initial=availability),
        "letter_form": LetterForm(),
    }
    return render(request, "mentors/request.html", {**context, **forms})


def _keys_of_the_device(letters: list[Letter], user: User) -> dict[str, int]:
    """The number of the message that is being written, and of the last one that was sent: that one may be forgotten."""
    sent = sum(letter.author_id == user.pk for letter in letters)
    return {"writing": sent + 1, "written": sent}
