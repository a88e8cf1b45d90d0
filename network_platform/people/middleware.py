"""Language, way back and second factor of the person who asks, and what may be kept of the answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _

from network_platform.desk import gather
from network_platform.people.models import User

Handler = Callable[[HttpRequest], HttpResponse]

CHECKED = "second_factor_checked"
CHECKED_FOR = 300  # seconds after which a person's duties are looked at again
OPEN_WITHOUT = (
    "accounts/2fa/",
    "accounts/reauthenticate/",
    "accounts/logout/",
    "accounts/email/",
    "accounts/password/",
)


class PreferredLanguage:
    """Addresses without a language lead to the person's own; following a language link keeps the new one.

    The prefix of an address always decides the language of its page. A link from a page to the same page in another
    language says what somebody prefers: it is kept with the person, and for visitors in a cookie. Only such a link
    does: a foreign site or a mail that leads to a page in another language changes nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = get_language_from_path(request.path_info)
        if language is None and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        if request.path_info == "/":
            return to_own_home(request)
        chosen = language if language and follows_language_link(request, language) else ""
        if chosen and request.user.is_authenticated and request.user.language != chosen:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
            request.user.language = chosen
        response = self.get_response(request)
        if chosen and not request.user.is_authenticated:
            keep_in_cookie(response, chosen)
        return response


def keep_in_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def to_own_home(request: HttpRequest) -> HttpResponse:
    """By preference of the signed-in person, else by cookie, else by what the browser accepts."""
    response = redirect(f"/{request.LANGUAGE_CODE}/")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def follows_language_link(request: HttpRequest, language: str) -> bool:
    """A navigation that came from the same page of this site in another language."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    source = urlsplit(request.headers.get("Referer", ""))
    if source.netloc != request.get_host():
        return False
    before = get_language_from_path(source.path)
    if before is None or before == language:
        return False
    return source.path.removeprefix(f"/{before}/") == request.path_info.removeprefix(f"/{language}/")


class BackToTheForm:
    """Who has to sign in when they send a form comes back to the page that it stood on, with what it keeps for them.

    The address that a form is sent to may have nothing to read.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = page_of_the_form(request)
        return redirect_to_login(page) if page and leads_to_sign_in(response) else response


def page_of_the_form(request: HttpRequest) -> str:
    """The page of this site that a form was sent from; empty if nothing was sent, or nobody says from where."""
    source = request.headers.get("Referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(
        source, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    page = urlsplit(source)
    return page._replace(scheme="", netloc="", fragment="").geturl() if page.path != reverse("account_login") else ""


def leads_to_sign_in(response: HttpResponse) -> bool:
    target = urlsplit(response.headers.get("Location", ""))
    return response.status_code == 302 and target.path == reverse("account_login") and "next=" in target.query


class NoTraces:
    """What a signed-in person was answered is kept by nobody, their own browser included; public files stay so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_personal(request) and not is_decided(response):
            patch_cache_control(response, private=True, no_store=True)
        return response


def is_personal(request: HttpRequest) -> bool:
    """Whether somebody signed in was looked at; what never asked who reads cannot be about them."""
    return hasattr(request, "_cached_user") and request.user.is_authenticated


def is_decided(response: HttpResponse) -> bool:
    """A view that says `public` means it, and `no-store` is what would be said."""
    return any(word in response.headers.get("Cache-Control", "") for word in ("public", "no-store"))


class SecondFactorFirst:
    """Who has powers over others sets up a second factor before anything else (REQUIRE_SECOND_FACTOR)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REQUIRE_SECOND_FACTOR or is_open(request) or not lacks_second_factor(request):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": _("Set up two-step sign-in first.")}, status=403)
        messages.warning(
            request,
            _("Your role gives access to the data of others. Set up two-step sign-in to continue."),
        )
        return redirect(reverse("mfa_index"))


def is_open(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or request.path_info.startswith((settings.STATIC_URL, "/health/")):
        return True
    language = get_language_from_path(request.path_info)
    return language is not None and request.path_info.removeprefix(f"/{language}/").startswith(OPEN_WITHOUT)


def lacks_second_factor(request: HttpRequest) -> bool:
    """A good answer is remembered in the session for a few minutes; a bad one never is."""
    seen = request.session.get(CHECKED)
    if isinstance(seen, int) and now().timestamp() - seen < CHECKED_FOR:
        return False
    if not is_mfa_enabled(request.user) and any(gather("needs_second_factor", request.user)):
        return True
    request.session[CHECKED] = int(now().timestamp())
    return False
