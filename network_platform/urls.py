"""Where everything is: outside the language prefix what machines read, inside it what people read."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from network_platform import crawlers, errors, gallery, health, inbox, pictures
from network_platform.people.views import passkey
from network_platform.wagtail_account import OwnAccount

api_patterns = [
    path("api/v1/", include("network_platform.changes.api_urls")),
    path("api/v1/", include("incubators.api_urls")),
    path("api/v1/", include("mentors.api_urls")),
    path("api/v1/", include("competitions.api_urls")),
]

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("robots.txt", crawlers.robots_txt, name="robots"),
    path("favicon.ico", crawlers.favicon, name="favicon"),
    path("sitemap.xml", crawlers.sitemap_xml, name="sitemap"),
    path(".well-known/security.txt", crawlers.security_txt, name="security-txt"),
    path("pictures/<path:name>", pictures.picture, name="picture"),
    path("api/schema/", SpectacularAPIView.as_view(patterns=api_patterns), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    *api_patterns,
    path("api/<path:rest>", errors.unknown_address, name="api-unknown"),
    path("wagtail/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("wagtail/password_reset/", RedirectView.as_view(pattern_name="account_login")),
    path("wagtail/account/", require_admin_access(OwnAccount.as_view()), name="wagtailadmin_account"),
    path("wagtail/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

urlpatterns += i18n_patterns(
    path("accounts/2fa/webauthn/login/", passkey.SignIn.as_view(), name="mfa_login_webauthn"),
    path("accounts/", include("allauth.urls")),
    *([path("inbox/", inbox.inbox, name="inbox")] if settings.MODE == "development" else []),
    path("components/", gallery.gallery, name="components"),
    path("components/errors/<slug:name>/", errors.demonstrate, name="components-error"),
    path("", include("network_platform.people.urls")),
    path("", include("network_platform.tokens.urls")),
    path("", include("network_platform.changes.urls")),
    path("", include("network_platform.journal.urls")),
    path("", include("network_platform.background.urls")),
    path("", include("network_platform.search.urls")),
    path("", include("incubators.urls")),
    path("", include("mentors.urls")),
    path("", include("competitions.urls")),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
