"""Production: what is not given is refused, cookies travel over TLS only."""

import os
from urllib.parse import urlsplit

from haicap.config.settings.base import *  # noqa: F403
from haicap.kernel import environment

SECRET_KEY = environment.secret("HAICAP_SECRET_KEY")
HAICAP_BASE_URL = os.environ.get("HAICAP_BASE_URL", "").rstrip("/")
for _name, _value in (("HAICAP_SECRET_KEY", SECRET_KEY), ("HAICAP_BASE_URL", HAICAP_BASE_URL)):
    if not _value:
        raise environment.SettingRefused(
            f"{_name} must be set in production: HAICAP_SECRET_KEY is a long random text kept secret (or "
            "HAICAP_SECRET_KEY_FILE names the file with it), HAICAP_BASE_URL the address that citizens open, for example "
            "https://dichvucong.example.gov.vn"
        )

ALLOWED_HOSTS = [urlsplit(HAICAP_BASE_URL).hostname or "", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [HAICAP_BASE_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
# TLS ends at a proxy, so there is one: without its word for who asks, everybody would count as the proxy.
HAICAP_TRUSTED_PROXIES = environment.whole("HAICAP_TRUSTED_PROXIES", 1, most=10)
