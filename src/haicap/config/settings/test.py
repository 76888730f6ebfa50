"""Tests: cheap passwords, a secret that guards nothing; the database is put in by the fixtures."""

from haicap.config.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]
HAICAP_BASE_URL = "http://testserver"
HAICAP_DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = False
