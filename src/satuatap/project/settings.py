"""Django's settings. What differs from machine to machine comes from the environment (see environment.py)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from satuatap.project import environment
from satuatap.project.city_sign_on import city_sign_on
from satuatap.project.logs import LOGGING_SETTINGS

SOURCE = Path(__file__).resolve().parent.parent
CHECKOUT = SOURCE.parent.parent
HOME = environment.home()

DEBUG = False
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.allowed_hosts()
CSRF_TRUSTED_ORIGINS = environment.trusted_origins()
PUBLIC_URL = environment.public_url()
WEBHOOK_NETWORKS = environment.webhook_networks()  # inner networks that webhooks may reach; none unless named

FEATURES = ["journal", "people", "estate", "malls", "catalogue", "visits", "plans", "commons"]  # lowest first
# A room is installed once it stands; tests/architecture holds this list equal to the folders.
SCREENS = [
    "components", "portal", "kiosk", "board", "desk", "helpdesk", "floor", "office", "estate", "studio", "open",
    "signin", "api", "live",
]  # fmt: skip

INSTALLED_APPS = [
    *(f"satuatap.features.{name}" for name in FEATURES),
    *(f"satuatap.web.{name}" for name in SCREENS if (SOURCE / "web" / name / "__init__.py").exists()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "satuatap.web.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "satuatap.web.language.LanguageMiddleware",  # Indonesian unless the cookie or the account says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "satuatap.web.live.nudge.nudge_after_writes",  # after a form, the open screens hear of it at once
    "satuatap.web.refusals.RefusalMiddleware",  # a refusal becomes a page, a fragment or JSON
    "allauth.account.middleware.AccountMiddleware",
    "satuatap.web.guards.GuardMiddleware",  # a view without a guard is refused
    "django_htmx.middleware.HtmxMiddleware",
]

PROCRASTINATE_IMPORT_PATHS = ["satuatap.project.tasks", "satuatap.project.webhooks", "satuatap.project.studies"]

ROOT_URLCONF = "satuatap.project.urls"
WSGI_APPLICATION = "satuatap.project.wsgi.application"

_CONTEXT = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "satuatap.project.context.installation",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    }
]

DATABASES = {"default": environment.django_database(environment.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------ who signs in
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["satuatap.plumbing.passwords.SmallArgon2"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username"]}},
    {"NAME": "satuatap.features.people.passwords.OwnWordsValidator"},
]
ACCOUNT_ADAPTER = "satuatap.web.signin.adapter.Adapter"
ACCOUNT_FORMS = {"login": "satuatap.web.signin.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours: plumbing/limits.py
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_PRESERVE_USERNAME_CASING = False
LOGIN_URL = "/masuk"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Second factors and passkeys: our own pages (web/signin), allauth's tables and checks.
MFA_ADAPTER = "satuatap.plumbing.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 12

CITY_SIGN_ON = city_sign_on()  # the city's single sign-on (OpenID Connect); None: off

HTTPS = PUBLIC_URL.startswith("https://")
_HOST = "__Host-" if HTTPS else ""  # a cookie of this host alone, whatever a neighbour under the same name sets
PC_COOKIE_NAME = f"{_HOST}satuatap_pc"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_HOST}satuatap_session"
SESSION_COOKIE_AGE = 8 * 3600  # one working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{_HOST}satuatap_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "satuatap.web.refusals.csrf_failure"
TRUSTED_PROXIES = environment.trusted_proxies()

# ------------------------------------------------------------------ languages and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "satuatap_bahasa"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [SOURCE / room / "locale" for room in ("web", "project", "plumbing")]  # beside each app's own
USE_I18N = True
TIME_ZONE = "UTC"  # every mall has a zone of its own; nothing is shown in this one
USE_TZ = True

# ------------------------------------------------------------------ files of the pages
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# What npm brings, cut to what is used (plumbing/assets); built at installation, never committed.
_ASSETS = CHECKOUT / "build" / "assets"
_ASSETS.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [folder for folder in [_ASSETS, SOURCE / "web" / "static"] if folder.is_dir()]
_TESTING = "PYTEST_VERSION" in os.environ
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _TESTING
WHITENOISE_MAX_AGE = 60

# ------------------------------------------------------------------ what a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_HANDLERS = [
    "satuatap.web.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What the office uses to read and change the city's sheets: `web` stands below `project` and imports none of it.
CITY_SHEETS = "satuatap.project.city.office"
# And what it shows of the installation itself: the doctor's findings, the register of processing.
INSTALLATION = "satuatap.project.operate.office"
# And what begins the process that answers what is asked of studies; no test starts one.
STUDIES = "" if _TESTING else "satuatap.project.studies"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = LOGGING_SETTINGS

SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS only when PUBLIC_URL is https
    "security.W008",  # the city's proxy redirects to https
]
