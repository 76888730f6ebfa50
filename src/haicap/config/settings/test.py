"""Tests: cheap passwords, a secret that guards nothing; the database is put in by the fixtures."""

import os
import tempfile

# Before the base reads it: a home of its own, so that no test touches an installation's keys, files or database.
os.environ.pop("DATABASE_URL", None)
os.environ.pop("DATABASE_URL_FILE", None)
os.environ["HAICAP_HOME"] = os.environ.setdefault("HAICAP_TEST_HOME", tempfile.mkdtemp(prefix="haicap-test-"))

from haicap.config.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]
HAICAP_BASE_URL = "http://testserver"
HAICAP_DEMO = True
HAICAP_SECURITY_CONTACT = "mailto:bao-mat@example.gov.vn"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None  # tests read static files where they lie
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = False

HAICAP_LIMITS = "off"  # hundreds of sign-ins from one address; the tests of limits set their own
UNITS_KEPT_SECONDS = 0  # tests change units and ask at once
