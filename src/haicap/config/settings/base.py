"""Wiring that every way of running shares; no logic."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from haicap.kernel import environment
from haicap.kernel.db import connect, home
from haicap.kernel.files.scanner import tcp_place, unix_path
from haicap.kernel.limits import rules as limits

PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = False
ROOT_URLCONF = "haicap.config.urls"
WSGI_APPLICATION = "haicap.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "haicap.kernel.scope",
    "haicap.kernel.limits",
    "haicap.kernel.calendar",
    "haicap.kernel.audit",
    "haicap.kernel.outbox",
    "haicap.kernel.jobs",
    "haicap.kernel.entries",
    "haicap.kernel.files",
    "haicap.kernel.readings",
    "haicap.kernel.web",
    "haicap.domain.units",
    "haicap.domain.people",
    "haicap.domain.procedures",
    "haicap.domain.dossiers",
    "haicap.domain.voice",
]

# Pages pass through all, calls of the API by those of kernel.web.doors (but `programs`, which is theirs alone).
MIDDLEWARE = [
    "haicap.interfaces.operations.metrics.counted",
    "haicap.kernel.web.doors.Security",
    "haicap.kernel.web.doors.programs",
    "haicap.kernel.web.doors.ContentPolicy",
    "haicap.kernel.web.doors.StaticFiles",
    "haicap.kernel.web.doors.Compressed",
    "haicap.kernel.web.doors.Common",
    "haicap.kernel.web.middleware.language",
    "haicap.domain.people.web.identity.identity",
    "haicap.kernel.limits.web.Limits",
    "haicap.kernel.web.doors.Csrf",
    "haicap.kernel.web.doors.Frames",
    "haicap.kernel.web.middleware.Errors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((PACKAGE / "interfaces").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "haicap.kernel.web.context.page",
                "haicap.domain.dossiers.web.context.divided_work",
            ],
            "builtins": ["haicap.kernel.web.templatetags.haicap"],
        },
    }
]

DATABASES = connect.databases()

STATIC_URL = "/static/"
STATIC_ROOT = home.home() / "static"  # filled by `serve` and `demo`; every name carries its content's hash
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # stored files have a room of their own
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "woff2", "map")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_HANDLERS = [
    "haicap.kernel.files.web.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CSRF_COOKIE_NAME = "haicap_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "haicap.interfaces.portal.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"haicap": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

# Nothing but what is named; scripts by the nonce of the page alone, so that a tag that somebody slipped in runs nothing, not
# even a file of this house. No inline code, no evaluation, no script that loads others.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# What HaiCap reads itself
HAICAP_FILES_MAX_BYTES = 20 * 2**20
HAICAP_CONVERSION_MAX_BYTES = 150 * 2**20  # a file of a million addresses with some columns beside them
# The secret of before: what was signed, derived or sealed with it still opens, until it is taken out again.
SECRET_KEY_FALLBACKS = [_old] if (_old := environment.secret("HAICAP_OLD_SECRET_KEY")) else []
HAICAP_CLAMD = os.environ.get(
    "HAICAP_CLAMD", ""
)  # unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310; no scanner without
HAICAP_CLAMD_SECONDS = environment.whole("HAICAP_CLAMD_SECONDS", 5, most=60)  # a person waits at most so long for it
HAICAP_DEMO = False
# Whose holders must have a second factor; decided by who runs the server, so that no stolen account can turn it off.
HAICAP_SECOND_FACTOR_ROLES = tuple(os.environ.get("HAICAP_SECOND_FACTOR_ROLES", "administrator operations").split())
# How long looks at personal data are remembered, and closed dossiers before they are listed for destruction
HAICAP_READINGS_KEPT_DAYS = environment.whole("HAICAP_READINGS_KEPT_DAYS", 730, least=90, most=3650)
HAICAP_DOSSIERS_KEPT_YEARS = environment.whole("HAICAP_DOSSIERS_KEPT_YEARS", 70, least=2, most=70)

HAICAP_LIMITS = os.environ.get("HAICAP_LIMITS", "")  # what differs from the table in kernel/limits/rules.py
try:
    limits.configured(HAICAP_LIMITS)
    if HAICAP_CLAMD and unix_path(HAICAP_CLAMD) is None:
        tcp_place(HAICAP_CLAMD)
except ValueError as fault:
    raise environment.SettingRefused(str(fault)) from None
HAICAP_TRUSTED_PROXIES = environment.whole("HAICAP_TRUSTED_PROXIES", 0, most=10)
HAICAP_SECURITY_CONTACT = os.environ.get("HAICAP_SECURITY_CONTACT", "")  # mailto:, https:; no security.txt without

# Answers about units stay in a process this long: so much later, at most, a resolution is seen by all of them.
UNITS_KEPT_SECONDS = 5
