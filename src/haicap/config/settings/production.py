"""Production: what is not given is refused, cookies travel over TLS only."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from haicap.config.settings.base import *  # noqa: F403

try:
    SECRET_KEY = os.environ["HAICAP_SECRET_KEY"]
    HAICAP_BASE_URL = os.environ["HAICAP_BASE_URL"].rstrip("/")
except KeyError as missing:
    raise ImproperlyConfigured(
        f"{missing.args[0]} must be set in production: HAICAP_SECRET_KEY is a long random text kept secret, "
        "HAICAP_BASE_URL the address that citizens open, for example https://dichvucong.example.gov.vn"
    ) from None

ALLOWED_HOSTS = [urlsplit(HAICAP_BASE_URL).hostname or "", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [HAICAP_BASE_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
