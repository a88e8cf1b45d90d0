"""Settings, from the environment alone. Each variable is declared in `environment.py`'s table."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

import dj_database_url
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from network_platform import policy, serving, unsafe  # noqa: F401 - serving declares the variables of the processes
from network_platform.environment import (
    BASE_DIR,
    UnsafeSettings,
    as_bool,
    as_list,
    declare,
    declare_int,
    group,
    key_kept_in,
    refuse_unsafe,
)
from network_platform.languages import RIGHT_TO_LEFT, switched_on

group("General")
MODE = declare("PLATFORM_MODE", "development", "development, test or production.")
if MODE not in {"development", "test", "production"}:
    raise UnsafeSettings("PLATFORM_MODE must be development, test or production.")
PRODUCTION = MODE == "production"
DEBUG = as_bool(
    declare(
        "DEBUG",
        "",
        "1 shows tracebacks to whoever asks. Empty: on in development, but off under `make run`.",
        unsafe=unsafe.switched_on("shows tracebacks and settings to visitors"),
    )
    or str(MODE == "development")
)
VAR_DIR = Path(
    declare(
        "PLATFORM_VAR",
        str(BASE_DIR / "var"),
        "Folder for the database file, uploads, logs and sockets of the embedded defaults.",
    )
)
DEMONSTRATION = as_bool(
    declare(
        "PLATFORM_DEMONSTRATION",
        "",
        "1: `make run` loads the demonstration data with its open logins, and every page says that its people are "
        "invented. Empty: on in development.",
        unsafe=unsafe.switched_on("opens accounts with a published password"),
    )
    or str(MODE == "development")
)
LOG_FORMAT = declare("LOG_FORMAT", "", "json or text. Empty: json in production.") or ("json" if PRODUCTION else "text")
LOG_LEVEL = declare("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")
LOGGING_CONFIG = "network_platform.logs.configure_from"
LOGGING = {"style": LOG_FORMAT, "level": LOG_LEVEL}
SECURITY_CONTACT = declare(
    "SECURITY_CONTACT",
    "mailto:security@example.org",
    "Where weaknesses are reported: a mailto: or https: address, published in /.well-known/security.txt.",
    unsafe=unsafe.an_example,
)

group("Safety")
DEVELOPMENT_KEY = "development-only-not-a-secret"
SECRET_KEY = declare(
    "SECRET_KEY",
    DEVELOPMENT_KEY,
    "Signs sessions and links. At least 50 random characters. Unset in development: the one that `make run` keeps in "
    "PLATFORM_VAR.",
    unsafe=unsafe.short_secret,
    secret=True,
)
if MODE == "development" and SECRET_KEY == DEVELOPMENT_KEY:
    SECRET_KEY = key_kept_in(VAR_DIR) or SECRET_KEY
SECRET_KEY_FALLBACKS = as_list(
    declare("SECRET_KEY_FALLBACKS", "", "Former keys whose signatures still count, comma separated.", secret=True)
)
BASE_URL = declare(
    "BASE_URL", "http://127.0.0.1:8000", "The site's public address, used in mails.", unsafe=unsafe.not_https
).rstrip("/")
ALLOWED_HOSTS = as_list(
    declare(
        "ALLOWED_HOSTS",
        "127.0.0.1,localhost,[::1],testserver",
        "Host names, comma separated.",
        unsafe=unsafe.open_hosts,
    )
)
CSRF_TRUSTED_ORIGINS = as_list(
    declare("CSRF_TRUSTED_ORIGINS", "", "Origins trusted for forms behind a proxy, comma separated.")
)
TRUSTED_PROXIES = declare_int(
    "TRUSTED_PROXIES",
    0,
    "How many proxies of ours stand in front. 0: X-Forwarded-For and X-Forwarded-Proto are not believed.",
)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
HSTS_SECONDS = declare_int("HSTS_SECONDS", 31536000, "How long browsers insist on https, in production.")
SECURE_HSTS_SECONDS = HSTS_SECONDS if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = as_bool(declare("HSTS_SUBDOMAINS", "1", "HSTS for names below the site's own too."))
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "cms",
    "competitions",
    "mentors",
    "incubators",
    "network_platform.people",
    "network_platform.journal",
    "network_platform.background",
    "network_platform.search",
    "network_platform.tokens",
    "network_platform.changes",
    "network_platform",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

# Modules that the ground asks for what only an app can know; see network_platform/desk.py.
DESKS = [
    "network_platform.people.desk",
    "network_platform.journal.desk",
    "network_platform.background.desk",
    "network_platform.search.desk",
    "network_platform.tokens.desk",
    "network_platform.changes.desk",
    "incubators.desk",
    "mentors.desk",
    "competitions.desk",
    "cms.desk",
]

MIDDLEWARE = [
    "network_platform.middleware.RequestIdentity",
    "network_platform.middleware.Health",
    "network_platform.middleware.ApiRate",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # Django pads what it compresses, against guessing by length
    "csp.middleware.CSPMiddleware",
    "network_platform.policy.PolicyByPath",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "network_platform.language_prefix.PrefixForPeople",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "network_platform.people.middleware.NoTraces",
    "network_platform.zones.ReaderZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "network_platform.people.middleware.PreferredLanguage",
    "network_platform.middleware.NothingToRead",
    "network_platform.people.middleware.BackToTheForm",
    "allauth.account.middleware.AccountMiddleware",
    "network_platform.people.middleware.SecondFactorFirst",
    "cms.middleware.OwnPagesOnly",
    "cms.middleware.Redirects",
]

ROOT_URLCONF = "network_platform.urls"
WSGI_APPLICATION = "network_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "network_platform.templatetags.platform",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

group("Data")
DATABASES = {
    "default": dj_database_url.parse(
        declare(
            "DATABASE_URL",
            "",
            "postgres://user:password@host/name, or sqlite:///path. Empty: a SQLite file in PLATFORM_VAR.",
            secret=True,
        )
        or f"sqlite:///{VAR_DIR / 'platform.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = declare(
    "CACHE_URL",
    "",
    "Redis address of the cache; empty: memory of each process.",
    unsafe=unsafe.unshared_cache,
    secret=True,
)
# A page must not wait for a lost cache: half a second, then it is made without one.
CACHE_OPTIONS = {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5}
CACHES = {
    "default": (
        {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": CACHE_URL, "OPTIONS": CACHE_OPTIONS}
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "network_platform.people.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600

group("Signing in")
REQUIRE_SECOND_FACTOR = as_bool(
    declare(
        "REQUIRE_SECOND_FACTOR",
        "",
        "Whether the secretariat, focal points, managers, observers and editors of all pages must set up a second "
        "factor. Empty: in production.",
        unsafe=lambda v: "leaves powerful accounts with a password alone" if v and not as_bool(v) else "",
    )
    or str(PRODUCTION)
)
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_ADAPTER = "network_platform.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "network_platform.people.account_forms.SignIn",
    "signup": "network_platform.people.account_forms.SignUp",
    "reauthenticate": "network_platform.people.account_forms.Reauthenticate",
    "request_login_code": "network_platform.people.account_forms.RequestCode",
    "confirm_login_code": "network_platform.people.account_forms.ConfirmSignInCode",
    "confirm_email_verification_code": "network_platform.people.account_forms.ConfirmAddressCode",
    "confirm_password_reset_code": "network_platform.people.account_forms.ConfirmResetCode",
    "reset_password": "network_platform.people.account_forms.RequestReset",
    "reset_password_from_key": "network_platform.people.account_forms.NewPassword",
    "change_password": "network_platform.people.account_forms.ChangePassword",
    "set_password": "network_platform.people.account_forms.SetPassword",
    "add_email": "network_platform.people.account_forms.ChangeAddress",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Keys are lower-cased by allauth. A success gives back only its own use, so it does not reset the count of failures.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,10/h/key,30/d/key",
    "reset_password": "20/m/ip,5/m/key,10/h/key,30/d/key",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key,20/d/key",
    "remark": "5/m/ip,30/d/ip",
}
MFA_ADAPTER = "network_platform.people.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "network_platform.people.account_forms.SecondFactor",
    "reauthenticate": "network_platform.people.account_forms.SecondFactorAgain",
    "activate_totp": "network_platform.people.account_forms.ActivateApp",
    "add_webauthn": "network_platform.people.account_forms.AddPasskey",
    "authenticate_webauthn": "network_platform.people.account_forms.PasskeySecond",
    "reauthenticate_webauthn": "network_platform.people.account_forms.PasskeyAgain",
    "login_webauthn": "network_platform.people.account_forms.SignInWithPasskey",
    "edit_webauthn": "network_platform.people.account_forms.RenamePasskey",
}
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "SPECA network"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

group("Appearance")
LANGUAGE_CODE = "en"
LANGUAGES = switched_on(
    as_list(
        declare(
            "PLATFORM_LANGUAGES",
            "en,ru",
            "Interface languages, comma separated: en, ru, az, kk, ky, tg, tk, uz, kaa, prs, ps.",
        )
    )
)
LANGUAGES_BIDI = RIGHT_TO_LEFT
FORMAT_MODULE_PATH = "network_platform.formats"
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j F Y", "H:i", "j F Y, H:i"  # of languages without formats of their own
LOCALE_PATHS = [BASE_DIR / "network_platform" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "network_platform" / "static"]
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *(
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "avif",
        "zip",
        "gz",
        "tgz",
        "bz2",
        "xz",
        "br",
        "woff",
        "woff2",
        "map",
        "txt",
    ),
]

group("Uploads")
S3_BUCKET = declare("S3_BUCKET", "", "Bucket for uploads on S3-compatible storage; empty: the folder PLATFORM_VAR.")
S3_OPTIONS = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": declare("S3_ENDPOINT", "", "Address of the S3-compatible service; empty: Amazon's.") or None,
    "region_name": declare("S3_REGION", "", "Region of the bucket.") or None,
    "access_key": declare("S3_ACCESS_KEY", "", "Key of the bucket's user.", secret=True) or None,
    "secret_key": declare("S3_SECRET_KEY", "", "Secret of the bucket's user.", secret=True) or None,
    "default_acl": "private",
    "file_overwrite": False,
}
STORAGES = {
    # Uploads have no address of their own: Wagtail's views and ours hand them out after asking the rules.
    "default": {"BACKEND": "network_platform.buckets.BucketUploads", "OPTIONS": {**S3_OPTIONS, "location": "uploads"}}
    if S3_BUCKET
    else {
        "BACKEND": "network_platform.storage.FolderUploads",
        "OPTIONS": {"location": VAR_DIR / "uploads", "file_permissions_mode": 0o600},
    },
    # Pictures that Wagtail re-encoded for pages: public, handed out below /pictures/.
    "renditions": {
        "BACKEND": "network_platform.buckets.BucketPictures",
        "OPTIONS": {**S3_OPTIONS, "location": "pictures"},
    }
    if S3_BUCKET
    else {"BACKEND": "network_platform.storage.FolderPictures", "OPTIONS": {"location": VAR_DIR / "pictures"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or MODE == "test"
        else "network_platform.storage.StaticFiles"
    },
}
MEDIA_ROOT = VAR_DIR / "uploads"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]

WAGTAIL_SITE_NAME = _("SPECA network")
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_USER_TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Signing in, passwords and addresses are the accounts' business alone; pages are private to people, not to passwords.
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Whoever writes a page publishes it; a translation stays a draft until somebody has written and published it.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

OPEN_DATA_LICENCE = declare(
    "OPEN_DATA_LICENCE", "CC-BY-4.0", "SPDX name of the licence under which the registry's open data is given."
)

group("Background work")
CELERY_BROKER_URL = declare(
    "CELERY_BROKER_URL",
    "memory://",
    "Broker of background work: redis://, amqp://; `make run` starts an embedded one.",
    unsafe=unsafe.forgetful_broker,
    secret=True,
)
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request must not wait for a lost broker: one quick try, then the row in the outbox is left to beat.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
WEBHOOKS_TO_PRIVATE = as_bool(
    declare(
        "WEBHOOKS_TO_PRIVATE",
        "",
        "For trying out: webhooks may go to this machine and to private networks, and without https.",
        unsafe=unsafe.switched_on("lets anybody with an account reach what stands behind the walls"),
    )
)
MAIL_SWEEP = timedelta(
    seconds=declare_int("MAIL_SWEEP_SECONDS", 20, "How often beat looks for mails that wait to be sent.")
)
MAIL_LEASE = timedelta(
    seconds=declare_int(
        "MAIL_LEASE_SECONDS",
        180,
        "How long a worker may take to send one mail before another takes it over; longer than the mail server needs.",
    )
)
CELERY_BEAT_SCHEDULE = {
    "sweep-messages": {"task": "network_platform.background.tasks.sweep_messages", "schedule": MAIL_SWEEP},
    "forget-contents": {"task": "network_platform.background.tasks.forget_contents", "schedule": timedelta(days=1)},
    "forget-stale-accounts": {
        "task": "network_platform.people.tasks.forget_stale_accounts",
        "schedule": timedelta(days=1),
    },
    "publish-scheduled": {"task": "cms.tasks.publish_scheduled", "schedule": timedelta(seconds=60)},
    "forget-keyed-writes": {"task": "network_platform.tokens.tasks.forget_writes", "schedule": timedelta(days=1)},
    "sweep-webhooks": {"task": "network_platform.changes.tasks.deliver_due", "schedule": timedelta(seconds=60)},
    "heartbeat": {"task": "network_platform.background.tasks.heartbeat", "schedule": timedelta(seconds=60)},
    "expire-requests": {"task": "mentors.tasks.expire_requests", "schedule": timedelta(minutes=5)},
    "remind-experts": {"task": "mentors.tasks.remind_experts", "schedule": timedelta(hours=1)},
    "sweep-results": {"task": "competitions.tasks.sweep_results", "schedule": timedelta(minutes=10)},
    "sweep-imports": {"task": "incubators.tasks.sweep_imports", "schedule": timedelta(minutes=1)},
    "close-calls": {"task": "incubators.tasks.close_calls", "schedule": timedelta(minutes=5)},
    "hide-startups": {"task": "incubators.tasks.hide_startups", "schedule": timedelta(days=1)},
    "age-organisations": {"task": "incubators.tasks.age", "schedule": timedelta(days=1)},
    "remind-of-figures": {"task": "incubators.tasks.remind_of_late_figures", "schedule": timedelta(days=1)},
    "find-duplicates": {"task": "incubators.tasks.find_duplicates", "schedule": timedelta(days=1)},
    "remind-of-age": {"task": "incubators.tasks.remind_of_age", "schedule": timedelta(days=1)},
    "dump-open-data": {"task": "incubators.tasks.dump_open_data", "schedule": crontab(hour=20, minute=15)},
    "tidy-desk": {"task": "incubators.tasks.tidy_desk", "schedule": timedelta(days=1)},
    "mail-searches": {"task": "incubators.tasks.mail_searches", "schedule": timedelta(days=1)},
}

TASKS = {"default": {"BACKEND": "network_platform.background.wagtail_tasks.CeleryBackend"}}

group("Mail")
DEFAULT_FROM_EMAIL = declare(
    "MAIL_FROM", "SPECA network <network@example.org>", "Sender of all mails.", unsafe=unsafe.an_example
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = declare(
    "MAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend",
    "How mails leave; `anymail.backends.<service>.EmailBackend` for a mail service's API.",
)
ANYMAIL = json.loads(declare("ANYMAIL", "{}", "django-anymail's settings as a JSON object.", secret=True))
EMAIL_HOST = declare("SMTP_HOST", "127.0.0.1", "Mail server.")
EMAIL_PORT = declare_int("SMTP_PORT", 1025, "Mail server's port.")
EMAIL_HOST_USER = declare("SMTP_USER", "", "Name to sign in to the mail server with.")
EMAIL_HOST_PASSWORD = declare("SMTP_PASSWORD", "", "Password for the mail server.", secret=True)
SMTP_SECURITY = declare(
    "SMTP_SECURITY",
    "none",
    "none, starttls or tls.",
    unsafe=unsafe.open_mail(EMAIL_HOST, EMAIL_BACKEND),
)
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_SECURITY == "starttls", SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 20
INBOX_DIR = declare(
    "INBOX_DIR", "", "Folder of the local inbox, shown at /en/inbox/ in development; set by `make run`."
)

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "network_platform.api_schema.Described",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "network_platform.api.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "network_platform.tokens.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["network_platform.tokens.authentication.WritesWithToken"],
    "DEFAULT_THROTTLE_CLASSES": [
        "network_platform.api.VisitorsRate",
        "network_platform.api.PeoplesRate",
        "network_platform.api.WritesRate",
    ],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min", "user": "1200/min", "writes": "120/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SPECA network API",
    "DESCRIPTION": (
        "What is public in the registry of incubators and accelerators, for programmes that read it. "
        "Reading needs no key. Lists come in parts: follow `next` until it is null. "
        "`?search=` takes words in any script. "
        "[Back to the platform](/)"
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ProgrammeKind": "incubators.enums.ProgrammeKind",
        "ProgrammeStatus": "incubators.enums.ProgrammeStatus",
    },
    "AUTHENTICATION_WHITELIST": ["network_platform.tokens.authentication.TokenAuthentication"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # it would look at Wagtail's own views; our schema has a test
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

group("Appearance")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **policy.STRICT,
        "img-src": [
            *policy.STRICT["img-src"],
            *as_list(declare("CSP_IMAGE_SOURCES", "", "Other origins that images come from, comma separated.")),
        ],
    }
}
CSRF_FAILURE_VIEW = "network_platform.errors.csrf_failure"

if PRODUCTION:  # keep last: every variable has been declared by now
    refuse_unsafe()
